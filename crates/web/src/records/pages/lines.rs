//! The lines of a deal or an order, on its page: a table with its sums, in which lines are added, changed, moved and removed.

use axum::{extract::State, response::Response};
use catalogue::{Kind, Value, line};
use crm::{
    permits::WriteRecords,
    records::{self, Cell, Lines, RecordPatch, Shown, State as Standing},
};
use kernel::{Code, Error, Problem, RecordId, Result};

use super::{
    At, Shower,
    cells::named,
    form::line as inputs,
    href_of,
    record::{self, Dossier},
    redirect,
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Notice,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        lines::{Follow, LineForm, LineRow, LinesBox},
        parts::Cell as Part,
    },
};

/// A line that was sent and refused.
#[derive(Clone, Default)]
pub(super) struct Sent {
    line: Option<RecordId>,
    fields: Fields,
    problems: Vec<Problem>,
}

/// The lines of a record's page; `None` for what has none, and for readers who may not list lines.
pub(super) async fn table(
    web: &Web,
    who: &Who,
    kind: &Kind,
    all: &Dossier,
    shower: &Shower,
    asked: &Fields,
    sent: Option<&Sent>,
) -> Result<Option<LinesBox>> {
    let Some(lines) = &all.lines else { return Ok(None) };
    let t = who.text;
    let Some(amount) = records::followed_by(kind) else { return Ok(None) };
    let writes = who.actor.permit::<WriteRecords>().ok();
    let over = |key: &str| writes.as_ref().is_some_and(|permit| permit.over(key).is_some());
    let may = over(line::KIND) && over(&kind.key) && all.shown.state == Standing::Live;
    let described = web.catalogue(t).need(line::KIND)?;
    let href = href_of(&kind.key, all.shown.id);
    let editing = sent.map_or_else(|| asked.get("line").parse().ok(), |sent| sent.line).filter(|_| may);
    let mut rows = Vec::with_capacity(lines.rows.len());
    for (n, shown) in lines.rows.iter().enumerate() {
        let form = if editing == Some(shown.id) { Some(form(web, who, Some(shown.id), lines, sent).await?) } else { None };
        rows.push(LineRow { last: n + 1 == lines.rows.len(), first: n == 0, form, ..row(&described, shown, shower, &href) });
    }
    let add = if may && editing.is_none() && lines.rows.len() < records::LINES_MAX {
        Some(form(web, who, None, lines, sent.filter(|sent| sent.line.is_none())).await?)
    } else {
        None
    };
    let money =
        |minor: i64| lines.currency.as_ref().map(|currency| t.decimal(&Value::Money { minor, currency: currency.clone() }.display()));
    let sums = money(lines.sum.net).into_iter().chain(money(lines.sum.tax)).chain(money(lines.sum.gross));
    let sums = [t.get("line-net"), t.get("line-tax"), t.get("line-gross")].into_iter().zip(sums).collect();
    let amount = kind.field(amount).map_or_else(String::new, |field| t.within(&field.label));
    Ok(Some(LinesBox {
        action: format!("{href}/lines"),
        back: format!("{href}#lines"),
        rows,
        sums,
        add,
        follow: (!lines.rows.is_empty() || lines.followed).then(|| Follow {
            said: t.with(if lines.followed { "line-followed" } else { "line-not-followed" }, "amount", &amount),
            act: may.then(|| if lines.followed { ("unfollow", t.get("line-unfollow")) } else { ("follow", t.get("line-follow")) }),
        }),
        may,
    }))
}

async fn form(web: &Web, who: &Who, id: Option<RecordId>, lines: &Lines, sent: Option<&Sent>) -> Result<LineForm> {
    let said = sent.map(|sent| (&sent.fields, sent.problems.as_slice()));
    let (fields, version, problem) = inputs::inputs(web, who, id, lines.currency.as_deref(), said).await?;
    Ok(LineForm { fields, version, problem })
}

fn row(kind: &Kind, shown: &Shown, shower: &Shower, href: &str) -> LineRow {
    let t = shower.t;
    let cell = |key: &str| shower.cell(kind, key, shown.cell(key));
    let text = match shown.cell(line::PRODUCT) {
        Some(Cell::Shown(Value::Link(product))) => {
            Part::Link { text: named(t, &shown.title), href: href_of(catalogue::product::KIND, *product) }
        }
        _ => Part::Text(named(t, &shown.title)),
    };
    let unit = match cell(line::UNIT) {
        Part::Text(unit) => unit,
        _ => String::new(),
    };
    let percent = |key: &str| match cell(key) {
        Part::Number(n) if n != "0" => Part::Number(t.with("percent", "n", n)),
        Part::Number(_) => Part::Empty,
        other => other,
    };
    LineRow {
        id: shown.id.to_string(),
        version: shown.version,
        name: named(t, &shown.title),
        text,
        quantity: cell(line::QUANTITY),
        unit,
        price: cell(line::PRICE),
        discount: percent(line::DISCOUNT),
        tax: percent(line::TAX),
        net: cell(line::NET),
        edit: format!("{href}?line={}#line-{}", shown.id, shown.id),
        form: None,
        first: false,
        last: false,
    }
}

/// What was done to a line, to be said on the page that follows: `removed={id}.{version}`.
pub(super) fn acted(t: Text, asked: &Fields, address: &str) -> Option<Notice> {
    let (id, version) = asked.get("removed").split_once('.')?;
    let (id, version) = (id.parse::<RecordId>().ok()?, version.parse::<i64>().ok()?);
    Some(Notice::done(t.get("line-removed")).undone_by(format!("{}/undo", href_of(line::KIND, id)), version, address))
}

/// Adds, changes, moves or removes a line, or lets the amount follow. What cannot be accepted comes back with what was typed.
pub(super) async fn act(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if records::followed_by(&kind).is_none() {
        return Err(Error::not_found("page").into());
    }
    let permit = who.actor.permit::<WriteRecords>()?;
    let href = href_of(&kind.key, id);
    let line: Option<RecordId> = fields.get("line").parse().ok();
    let needed = || line.ok_or_else(|| Error::not_found("line"));
    let mut said = String::new();
    match fields.get("act") {
        "up" | "down" => {
            let (line, up) = (needed()?, fields.get("act") == "up");
            web.app.write(&who.actor, move |unit| records::shift(unit, &permit, line, up)).await?;
        }
        "remove" => {
            let line = needed()?;
            let patch = RecordPatch { fields: [(line::REMOVED.to_owned(), Some(Value::Bool(true)))].into(), owner: None };
            let version = web.app.write(&who.actor, move |unit| records::update(unit, &permit, line, None, patch.clone())).await?;
            said = format!("?removed={line}.{version}");
        }
        word @ ("follow" | "unfollow") => {
            let by_lines = Some(Value::Bool(word == "follow"));
            let patch = RecordPatch { fields: [(catalogue::deal::BY_LINES.to_owned(), by_lines)].into(), owner: None };
            web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await?;
        }
        _ => {
            if let Err(error) = inputs::save(&web, &who, (kind.key.as_str(), id), line, &fields).await {
                if error.code() != Code::InvalidInput || error.problems().is_empty() {
                    return Err(error.into());
                }
                let sent = Sent { line, fields, problems: error.problems().to_vec() };
                return Ok(record::lined(&web, &who, &kind, id, sent).await?);
            }
        }
    }
    Ok(redirect(&format!("{href}{said}#lines")))
}
