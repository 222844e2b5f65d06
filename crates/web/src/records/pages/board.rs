//! A list as a board: by any open field of choices, or by the stages of one pipeline; a card is moved by a form, or dragged.

use axum::{extract::State, response::Response};
use catalogue::{Field, FieldType, Kind, Value, deal};
use crm::{
    permits::WriteRecords,
    records::{self, Cell, RecordPatch},
    views::{self, ColumnsBy, Layout, Sums},
};
use kernel::{Code, Error, Instant, RecordId, Result};

use super::{
    At, Shower, base_of, calendar,
    cells::named,
    closing,
    filter::Asked,
    href_of, redirect,
    seen::{Seen, seen},
};
use crate::{
    kit::{error::Refused, form::Form, layout::Choice, text::Text, who::Who},
    router::Web,
    views::{
        board::{Board, Card, Column},
        parts::{Chip, Tone},
    },
};

/// The most boards that stand beside the table.
pub(super) const BOARDS: usize = 6;

/// What a kind's boards are made by, each with what it is called: pipelines by their names, fields by theirs.
pub(super) fn boards(kind: &Kind) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for field in kind.fields.iter().filter(|field| views::is_of_columns(field)) {
        if kind.pipelines.is_empty() {
            all.push((field.key.clone(), field.label.clone()));
        } else if field.key == deal::STAGE {
            let several = kind.used_pipelines().count() > 1;
            all.extend(kind.used_pipelines().enumerate().map(|(n, pipeline)| {
                let by = if n == 0 { field.key.clone() } else { format!("{}.{}", field.key, pipeline.key) };
                (by, if several { pipeline.label.clone() } else { field.label.clone() })
            }));
        } else if field.key != deal::CLOSE_REASON {
            all.push((field.key.clone(), field.label.clone()));
        }
    }
    all.truncate(BOARDS);
    all
}

/// Sums in words, one for each currency.
pub(super) fn in_words(shower: &Shower, money: &Field, sums: &Sums) -> Vec<String> {
    let value = |(currency, minor): (&str, i64)| shower.words(money, &Value::Money { minor, currency: currency.to_owned() });
    sums.each().map(value).collect()
}

/// What says that a record stands in its stage longer than it should: `41 days here`.
pub(super) fn rots(t: Text, since: Option<&Cell>, after: Option<u16>, now: Instant) -> Option<Chip> {
    let (Some(Cell::Shown(Value::Time(since))), Some(after)) = (since, after) else { return None };
    let days = now.micros().saturating_sub(since.micros()) / DAY;
    (days > i64::from(after)).then(|| Chip::new(t.count("board-rots", days), Tone::Time))
}

/// A day in microseconds.
pub(super) const DAY: i64 = 24 * 60 * 60 * 1_000_000;

/// The board of what is seen.
pub(super) fn board(shower: &Shower, who: &Who, kind: &Kind, seen: &Seen, by: &str, found: &views::Board, moved: &str) -> Board {
    let (t, base) = (shower.t, base_of(&kind.key));
    let made_by = ColumnsBy::read(kind, by);
    let choices = made_by.map(|by| by.choices()).unwrap_or_default();
    let by = made_by.map_or(by, |by| by.field.key.as_str());
    let label = |key: &str| {
        choices.iter().find(|(known, ..)| *known == key).map_or_else(|| t.get("board-without"), |(_, label, _)| (*label).to_owned())
    };
    let money = found.money.as_deref().and_then(|key| kind.field(key));
    let shown: Vec<&Field> = seen.fields(kind).into_iter().filter(|f| f.key != by && matters(f)).take(3).collect();
    let card = |row: &views::ListRow, after: Option<u16>| Card {
        moved: row.shown.id.to_string() == moved,
        id: format!("{}.{}", row.shown.id, row.shown.version),
        href: href_of(&kind.key, row.shown.id),
        name: named(t, &row.shown.title),
        rots: rots(t, row.shown.cell(deal::STAGE_SINCE), after, shower.now),
        cells: shown
            .iter()
            .filter(|f| matches!(row.shown.cell(&f.key), Some(Cell::Shown(_) | Cell::Masked(_))))
            .map(|f| shower.cell(kind, &f.key, row.shown.cell(&f.key)))
            .collect(),
    };
    let words = |sums: Option<&Sums>| sums.zip(money).map(|(sums, money)| in_words(shower, money, sums)).unwrap_or_default();
    let column = |column: &views::BoardColumn| {
        let key = column.choice.clone().unwrap_or_default();
        let all = column.more.then(|| {
            let asked = match &column.choice {
                Some(key) => Asked { field: by.to_owned(), op: "eq".to_owned(), value: key.clone() },
                None => Asked { field: by.to_owned(), op: "is_empty".to_owned(), value: String::new() },
            };
            seen.narrowed(kind, vec![asked]).map(|address| address.href(&base))
        });
        let likely = words(column.likely.as_ref());
        Column {
            label: label(&key),
            outcome: column.outcome.map_or("", catalogue::Outcome::as_str),
            // Where not all were counted: at least those that are shown.
            count: column.total.map_or_else(|| t.with("board-more", "n", t.number(column.rows.len() as u64)), |n| t.counted(Some(n))),
            sums: words(column.sums.as_ref()),
            likely: (!likely.is_empty()).then(|| t.with("board-likely", "sum", likely.join(" · "))),
            cards: column.rows.iter().map(|row| card(row, column.rots_after)).collect(),
            all_href: all.flatten(),
            key,
        }
    };
    let may = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    let mut to: Vec<Choice> =
        choices.iter().filter(|(_, _, retired)| !retired).map(|(key, label, _)| Choice::new(*key, *label, false)).collect();
    if made_by.is_some_and(|by| !by.field.required && by.pipeline.is_none()) {
        to.push(Choice::new("", t.get("board-without"), false));
    }
    Board {
        action: may.then(|| format!("{base}/move")),
        hidden: seen.address.pairs(),
        summary: summary(shower, money, found),
        columns: found.columns.iter().map(column).collect(),
        to,
    }
}

/// What the open columns come to together; nothing where one of them was not summed.
fn summary(shower: &Shower, money: Option<&Field>, found: &views::Board) -> Option<String> {
    let (mut sums, mut likely) = (Sums::default(), Sums::default());
    for column in found.columns.iter().filter(|column| column.outcome == Some(catalogue::Outcome::Open)) {
        sums.add_all(column.sums.as_ref()?);
        likely.add_all(column.likely.as_ref()?);
    }
    let money = money.filter(|_| !sums.is_empty())?;
    let words = |sums: &Sums| in_words(shower, money, sums).join(" · ");
    Some(shower.t.with2("board-summary", "open", words(&sums), "likely", words(&likely)))
}

/// What a card has room for.
fn matters(field: &Field) -> bool {
    matches!(field.kind, FieldType::Money | FieldType::Date | FieldType::Datetime | FieldType::Link | FieldType::Select | FieldType::Number)
}

/// Moves a card: the ordinary change of one field, of the version that was seen. Before it is won or lost, one is asked why.
pub(super) async fn moved(State(web): State<Web>, who: Who, at: At, Form(form): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let seen = seen(&web, &who, &kind, &form).await?;
    let (Layout::Board(by) | Layout::Calendar(by)) = &seen.layout else {
        return Err(Error::invalid("/as", "no_board", "Cards are moved on a board or in a calendar.").into());
    };
    let unreadable = || Error::invalid("/move", "unreadable", "Load the page again, and move the card there.");
    let mut parts = form.get("move").splitn(3, '.');
    let id: RecordId = parts.next().and_then(|id| id.parse().ok()).ok_or_else(unreadable)?;
    let version: i64 = parts.next().and_then(|n| n.parse().ok()).ok_or_else(unreadable)?;
    let to = parts.next().unwrap_or_default();
    let key = match &seen.layout {
        Layout::Calendar(_) => Some(by.clone()),
        _ => ColumnsBy::read(&kind, by).map(|by| by.field.key.clone()),
    };
    let field = kind.writable().find(|field| Some(&field.key) == key.as_ref()).ok_or_else(unreadable)?;
    let value = match &seen.layout {
        Layout::Calendar(_) => calendar::day_of(&web, &who, field, to, form.get("to")).await?,
        _ if to.is_empty() => serde_json::Value::Null,
        _ => to.into(),
    };
    let mut asked = serde_json::Map::from_iter([(field.key.clone(), value)]);
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let href = href_of(&kind.key, id);
    let own_page = form.get("return") == href;
    let mut hidden: Vec<(String, String)> = seen.address.pairs().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    hidden.push(("move".to_owned(), form.get("move").to_owned()));
    hidden.extend(own_page.then(|| ("return".to_owned(), href.clone())));
    let address = seen.address.href(&base_of(&kind.key));
    let back = if own_page { href.clone() } else { address.clone() };
    let end = closing::End::of(&kind, &field.key, to);
    if let Some(end) = &end {
        let ask = closing::Ask { web: &web, who: &who, kind: &kind, id, end, hidden, back: back.clone() };
        if form.get("asked").is_empty() {
            return Ok(ask.page(&form, None).await?);
        }
        asked.extend(closing::answer(&form));
        let patch = RecordPatch { fields: records::parse_fields(&kind, &asked)?, owner: None };
        let done = web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(version), patch.clone())).await;
        if let Err(error) = done {
            return if error.code() == Code::InvalidInput { Ok(ask.page(&form, Some(&error)).await?) } else { Err(error.into()) };
        }
    } else {
        let patch = RecordPatch { fields: records::parse_fields(&kind, &asked)?, owner: None };
        web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(version), patch.clone())).await?;
    }
    let mark = if back.contains('?') { '&' } else { '?' };
    Ok(redirect(&if own_page { format!("{back}{mark}saved={}", version + 1) } else { format!("{back}{mark}moved={id}") }))
}
