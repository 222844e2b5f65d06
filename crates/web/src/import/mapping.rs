//! Where each column goes, tried out and started.

use axum::{
    extract::{Path, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use catalogue::{Catalogue, FieldType, Kind, company, person};
use crm::{
    duplicates,
    import::{self, Column, Mapping, Mode, OWNER, Options, Report, SKIP, Source},
    permits::Import,
};
use http::StatusCode;
use kernel::{BatchId, Code, Error, Result};

use super::{api::TRIED, pages::read, report::failed_row, shelf::Waiting};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        render::html,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        import::{DryRun, ImportMapping, SourceColumn},
        parts::{Cell, Chip, Control, Field, Grid, Tone},
    },
};

/// What is sent when rows are matched by nothing.
const NEVER: &str = "none";
/// Refused rows that a preview shows.
const SHOWN: usize = 20;
/// The first rows of a file that are compared with what is there by more than the field they are matched by.
const LOOKED_AT: usize = 1_000;
/// So many of them in one unit.
const PORTION: usize = 100;
/// The orders of dates that one is asked to choose from where a file does not tell.
const ORDERS: [(&str, &str); 3] = [("dmy", "mapping-dmy"), ("mdy", "mapping-mdy"), ("ymd", "mapping-ymd")];
const MODES: [(Mode, &str, &str); 3] =
    [(Mode::Create, "create", "mapping-create"), (Mode::Update, "update", "mapping-update"), (Mode::Both, "both", "mapping-both")];

/// What was chosen for a file.
struct Chosen {
    mapping: Mapping,
    options: Options,
}

impl Chosen {
    /// What was chosen before, else what is suggested.
    fn suggested(file: &Waiting, kind: &Kind) -> Self {
        let match_by = import::match_fields(kind).first().map(|field| field.key.clone());
        let fresh = Options { match_by, ..Options::default() };
        match &file.remembered {
            Some(before) => Self { mapping: before.mapping.clone(), options: before.options.clone().unwrap_or(fresh) },
            None => Self { mapping: file.prepared.mapping.clone(), options: fresh },
        }
    }

    fn sent(file: &Waiting, fields: &Fields) -> Self {
        let mut mapping = Mapping { dates: file.prepared.mapping.dates.clone(), ..Mapping::default() };
        for (index, column) in file.prepared.columns.iter().enumerate() {
            mapping.columns.insert(column.name.clone(), fields.get(&format!("map.{index}")).to_owned());
            let order = fields.get(&format!("dates.{index}"));
            if !order.is_empty() {
                mapping.dates.insert(column.name.clone(), order.to_owned());
            }
        }
        if !fields.get(person::SOURCE).trim().is_empty() {
            mapping.constants.insert(person::SOURCE.to_owned(), fields.get(person::SOURCE).trim().to_owned());
        }
        let match_by = Some(fields.get("match_by")).filter(|by| !["", NEVER].contains(by)).map(str::to_owned);
        let mode = MODES.iter().find(|(_, word, _)| *word == fields.get("mode")).map_or(Mode::default(), |(mode, ..)| *mode);
        Self { mapping, options: Options { match_by, mode, ..Options::default() } }
    }
}

/// The columns with what is suggested.
pub(super) async fn page(web: &Web, who: &Who, id: BatchId, file: &Waiting) -> Result<Response> {
    let kind = web.catalogue(who.text).need(&file.kind)?;
    let view = view(web, who, id, file, &Chosen::suggested(file, &kind)).await?;
    Ok(Html(html(&view)?).into_response())
}

/// Tries the mapping out, or starts with it.
pub(super) async fn decide(State(web): State<Web>, who: Who, Path(id): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    let (id, permit) = (read(&id)?, who.actor.permit::<Import>()?);
    let file = web.shelf.get(id, &who.actor.who.to_string(), web.app.env().now());
    let file = file.ok_or_else(|| Error::new(Code::NotFound, "The file no longer waits here. Choose it again under Import."))?;
    permit.need(web.catalogue(who.text).need(&file.kind)?.as_ref())?;
    let chosen = Chosen::sent(&file, &fields);
    let done = if fields.get("do") == "start" {
        let (mapping, options) = (Some(chosen.mapping.clone()), chosen.options.clone());
        let started = import::start(&web.app, &who.actor, &file.kind, &file.sent, mapping, options).await;
        started.map(|(batch, _)| Err(batch))
    } else {
        let options = Options { dry_run: true, first: Some(TRIED), ..chosen.options.clone() };
        let mapping = Some(chosen.mapping.clone());
        let source = Source::of(&web.app, &file.sent);
        import::run(&web.app, &who.actor, &file.kind, &source, mapping, options, |_| ()).await.map(Ok)
    };
    match done {
        Ok(Err(batch)) => {
            web.shelf.forget(id);
            Ok(Redirect::to(&format!("/import/{batch}")).into_response())
        }
        Ok(Ok(report)) => {
            let kind = web.catalogue(who.text).need(&file.kind)?;
            let mut view = view(&web, &who, id, &file, &chosen).await?;
            let mut preview = dry(who.text, &kind, &report);
            let tried = report.rows as u64;
            if file.prepared.rows > tried {
                preview.tried = who.text.with("preview-tried", "n", who.text.number(tried));
            }
            preview.alike = alike(&web, &who, &file, &chosen).await?;
            view.preview = Some(preview);
            Ok(Html(html(&view)?).into_response())
        }
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = view(&web, &who, id, &file, &chosen).await?;
            error.detail().clone_into(&mut view.problem);
            for problem in error.problems() {
                match view.columns.iter_mut().find(|c| problem.pointer == format!("/columns/{}", c.name)) {
                    Some(column) => column.problem.clone_from(&problem.detail),
                    None => view.problem = format!("{} {}", view.problem, problem.detail),
                }
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// Which of the first rows look like people or companies that are there already and that the import does not match them with, in words.
async fn alike(web: &Web, who: &Who, file: &Waiting, chosen: &Chosen) -> Result<String> {
    if chosen.options.mode == Mode::Update {
        return Ok(String::new());
    }
    let rows =
        import::first_rows(&web.app, &who.actor, &file.kind, &Source::of(&web.app, &file.sent), chosen.mapping.clone(), LOOKED_AT).await?;
    let mut found = Vec::new();
    for some in rows.chunks(PORTION) {
        let (permit, kind, some) = (who.actor.permit::<Import>()?, file.kind.clone(), some.to_vec());
        let matched = chosen.options.match_by.clone();
        found.extend(web.app.read(&who.actor, move |unit| duplicates::check_rows(unit, &permit, &kind, matched.as_deref(), &some)).await?);
    }
    if found.is_empty() {
        return Ok(String::new());
    }
    let named: Vec<String> = found.iter().take(SHOWN).map(u64::to_string).collect();
    let more = if found.len() > SHOWN { "…" } else { "" };
    let words = who.text.count("preview-alike", found.len());
    Ok(format!("{words} {}", who.text.with("preview-alike-rows", "rows", format!("{}{more}", named.join(", ")))))
}

fn dry(t: Text, kind: &Kind, report: &Report) -> DryRun {
    let chip = |key: &str, n: usize, tone| Chip::new(t.with(key, "n", n), tone);
    let rows = report.failed.iter().take(SHOWN).map(|failure| {
        let row = failed_row(t, kind, failure.row.to_string(), &failure.reason);
        vec![Cell::Number(row.row), Cell::Text(row.column), Cell::Text(row.why)]
    });
    DryRun {
        alike: String::new(),
        tried: String::new(),
        counts: vec![
            chip("preview-created", report.created, Tone::Good),
            chip("preview-updated", report.updated, Tone::Plain),
            chip("preview-same", report.duplicate, Tone::Plain),
            chip("preview-refused", report.failures, if report.failures == 0 { Tone::Plain } else { Tone::Held }),
        ],
        rows: Grid {
            caption: t.get("import-failed"),
            columns: vec![t.get("import-row"), t.get("mapping-column"), t.get("import-why")],
            rows: rows.collect(),
        },
    }
}

async fn view(web: &Web, who: &Who, id: BatchId, file: &Waiting, chosen: &Chosen) -> Result<ImportMapping> {
    let (t, address) = (who.text, format!("/import/{id}"));
    let kind = web.catalogue(who.text).need(&file.kind)?;
    let targets = targets(t, &web.catalogue(t), &kind);
    let columns = file.prepared.columns.iter().enumerate().map(|(index, column)| {
        let word = chosen.mapping.columns.get(&column.name).map_or(SKIP, String::as_str);
        SourceColumn {
            index,
            name: column.name.clone(),
            first: column.values.clone(),
            targets: targets.iter().map(|(key, label)| Choice::new(key.clone(), label.clone(), key == word)).collect(),
            dates: dates(t, column, chosen),
            problem: String::new(),
            note: if column.dates_certain { String::new() } else { t.get("mapping-dates-uncertain") },
        }
    });
    let by = import::match_fields(&kind).into_iter();
    let by = by.map(|field| Choice::new(field.key.clone(), field.label.clone(), chosen.options.match_by.as_ref() == Some(&field.key)));
    let never = Choice::new(NEVER, t.get("mapping-never"), chosen.options.match_by.is_none());
    let source = kind.writable().find(|f| f.key == person::SOURCE && f.kind == FieldType::Text);
    let source = source.map(|field| {
        let value = chosen.mapping.constants.get(person::SOURCE).cloned().unwrap_or_default();
        Field::new(person::SOURCE, field.label.clone(), Control::Text).value(value)
    });
    let remembered = match &file.remembered {
        Some(before) => t.with("mapping-remembered", "day", t.when(before.when, web.app.env().now(), &who.clock(web).await?)),
        None => String::new(),
    };
    let rows = t.count("import-rows", file.prepared.rows);
    Ok(ImportMapping {
        t,
        shell: who.shell(web, &t.get("import-title"), "people", &address).await?,
        file: file.sent.name.expose().clone(),
        remembered,
        note: format!("{rows} · {} · {}", file.prepared.format, file.prepared.encoding),
        action: address,
        columns: columns.collect(),
        match_by: by.chain([never]).collect(),
        modes: MODES.iter().map(|(mode, word, key)| Choice::new(*word, t.get(key), chosen.options.mode == *mode)).collect(),
        basis: source.into_iter().collect(),
        problem: String::new(),
        preview: None,
    })
}

/// The orders in which a column's dates may be read, where its values fit several.
fn dates(t: Text, column: &Column, chosen: &Chosen) -> Vec<Choice> {
    if column.dates_certain {
        return Vec::new();
    }
    let order = chosen.mapping.dates.get(&column.name).map(String::as_str).or(column.dates);
    ORDERS.iter().map(|(word, key)| Choice::new(*word, t.get(key), order == Some(*word))).collect()
}

/// Where a column may go: the fields an import may write, the parts of addresses and names, what links lead to by what it is found by.
fn targets(t: Text, catalogue: &Catalogue, kind: &Kind) -> Vec<(String, String)> {
    let mut all = vec![(SKIP.to_owned(), t.get("mapping-skip"))];
    if kind.field(OWNER).is_none() {
        all.push((OWNER.to_owned(), t.get("mapping-owner")));
    }
    for field in kind.writable() {
        match field.kind {
            FieldType::Address => {
                for (part, word) in [
                    ("street", "mapping-street"),
                    ("city", "mapping-city"),
                    ("region", "mapping-region"),
                    ("postal_code", "mapping-postal-code"),
                    ("country", "mapping-country"),
                ] {
                    all.push((format!("{}.{part}", field.key), format!("{}: {}", field.label, t.get(word))));
                }
            }
            FieldType::Link => {
                if field.links_to.as_deref() == Some(company::KIND) {
                    all.push((field.key.clone(), field.label.clone()));
                }
                let Some(kind) = field.links_to.as_deref().and_then(|kind| catalogue.kind(kind)) else { continue };
                for by in import::match_fields(kind) {
                    all.push((format!("{}.{}", field.key, by.key), format!("{}: {}", field.label, by.label)));
                }
            }
            _ => all.push((field.key.clone(), field.label.clone())),
        }
    }
    if kind.is_person {
        all.push(("middle_name".to_owned(), t.get("mapping-middle-name")));
        all.push(("suffix".to_owned(), t.get("mapping-suffix")));
    }
    all
}
