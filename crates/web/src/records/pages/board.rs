//! A list as a board: by any open field of choices; a card is moved by a form, or dragged.

use axum::{extract::State, response::Response};
use catalogue::{Field, FieldType, Kind, Value};
use crm::{
    permits::WriteRecords,
    records::{self, Cell, RecordPatch},
    views::{self, Layout},
};
use kernel::{Error, RecordId, Result};

use super::{
    At, Shower, base_of,
    cells::named,
    filter::{Address, Asked, Tree},
    href_of, redirect,
    seen::{Seen, seen},
};
use crate::{
    kit::{error::Refused, form::Form, layout::Choice, text::Text, who::Who},
    router::Web,
    views::{
        board::{Board, Card, Column},
        parts::Tab,
    },
};

/// The fields that a kind's boards are made by.
fn fields(kind: &Kind) -> impl Iterator<Item = &Field> {
    kind.fields.iter().filter(|field| views::is_of_columns(field))
}

/// Table, and a board for each field of choices; nothing where there is none.
pub(super) fn layouts(t: Text, kind: &Kind, seen: &Seen, base: &str) -> Vec<Tab> {
    let to = |layout: Layout| Address { layout: Some(layout), after: Vec::new(), ..seen.address.clone() }.href(base);
    let several = fields(kind).count() > 1;
    let mut all = vec![Tab::new(t.get("layout-table"), to(Layout::Table), seen.layout == Layout::Table)];
    all.extend(fields(kind).take(4).map(|field| {
        let label = if several { t.with("layout-board-by", "field", &field.label) } else { t.get("layout-board") };
        let layout = Layout::Board(field.key.clone());
        Tab::new(label, to(layout.clone()), seen.layout == layout)
    }));
    if all.len() > 1 { all } else { Vec::new() }
}

/// The board of what is seen.
pub(super) fn board(shower: &Shower, who: &Who, kind: &Kind, seen: &Seen, by: &str, found: &views::Board, moved: &str) -> Board {
    let (t, base) = (shower.t, base_of(&kind.key));
    let field = kind.field(by);
    let label =
        |key: &str| field.and_then(|f| f.options.iter().find(|o| o.key == key)).map_or_else(|| t.get("board-without"), |o| o.label.clone());
    let money = found.money.as_deref().and_then(|key| kind.field(key));
    let shown: Vec<&Field> = seen.fields(kind).into_iter().filter(|f| f.key != by && matters(f)).take(3).collect();
    let card = |row: &views::ListRow| Card {
        moved: row.shown.id.to_string() == moved,
        id: format!("{}.{}", row.shown.id, row.shown.version),
        href: href_of(&kind.key, row.shown.id),
        name: named(t, &row.shown.title),
        cells: shown
            .iter()
            .filter(|f| matches!(row.shown.cell(&f.key), Some(Cell::Shown(_) | Cell::Masked(_))))
            .map(|f| shower.cell(kind, &f.key, row.shown.cell(&f.key)))
            .collect(),
    };
    let column = |column: &views::BoardColumn| {
        let key = column.choice.clone().unwrap_or_default();
        let all = column.more.then(|| {
            let asked = match &column.choice {
                Some(key) => Asked { field: by.to_owned(), op: "eq".to_owned(), value: key.clone() },
                None => Asked { field: by.to_owned(), op: "is_empty".to_owned(), value: String::new() },
            };
            Address { layout: Some(Layout::Table), tree: Some(Tree::all(vec![asked])), query: None, ..seen.address.clone() }.href(&base)
        });
        let sums = column.sums.iter().flatten().filter_map(|(currency, minor)| {
            let value = Value::Money { minor: *minor, currency: currency.clone() };
            money.map(|field| shower.words(field, &value))
        });
        Column {
            label: label(&key),
            // Where not all were counted: at least those that are shown.
            count: column.total.map_or_else(|| t.with("board-more", "n", t.number(column.rows.len() as u64)), |n| t.counted(Some(n))),
            sums: sums.collect(),
            cards: column.rows.iter().map(card).collect(),
            all_href: all,
            key,
        }
    };
    let may = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    let mut to: Vec<Choice> = field.iter().flat_map(|f| &f.options).map(|o| Choice::new(&o.key, &o.label, false)).collect();
    if field.is_some_and(|field| !field.required) {
        to.push(Choice::new("", t.get("board-without"), false));
    }
    Board {
        action: may.then(|| format!("{base}/move")),
        hidden: seen.address.pairs(),
        columns: found.columns.iter().map(column).collect(),
        to,
    }
}

/// What a card has room for.
fn matters(field: &Field) -> bool {
    matches!(field.kind, FieldType::Money | FieldType::Date | FieldType::Datetime | FieldType::Link | FieldType::Select | FieldType::Number)
}

/// Moves a card: the ordinary change of one field, of the version that was seen.
pub(super) async fn moved(State(web): State<Web>, who: Who, at: At, Form(form): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let seen = seen(&web, &who, &kind, &form).await?;
    let Layout::Board(by) = &seen.layout else {
        return Err(Error::invalid("/as", "no_board", "Cards are moved on a board.").into());
    };
    let unreadable = || Error::invalid("/move", "unreadable", "Load the board again, and move the card there.");
    let mut parts = form.get("move").splitn(3, '.');
    let id: RecordId = parts.next().and_then(|id| id.parse().ok()).ok_or_else(unreadable)?;
    let version: i64 = parts.next().and_then(|n| n.parse().ok()).ok_or_else(unreadable)?;
    let to = parts.next().unwrap_or_default();
    let field = kind.writable().find(|field| field.key == *by).ok_or_else(unreadable)?;
    let value = if to.is_empty() { serde_json::Value::Null } else { to.into() };
    let asked = serde_json::Map::from_iter([(field.key.clone(), value)]);
    let fields = records::parse_fields(&kind, &asked)?;
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let patch = RecordPatch { fields, owner: None };
    web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, Some(version), patch.clone())).await?;
    let address = seen.address.href(&base_of(&kind.key));
    let mark = if address.contains('?') { '&' } else { '?' };
    Ok(redirect(&format!("{address}{mark}moved={id}")))
}
