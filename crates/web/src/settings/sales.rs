//! Pipelines and reasons as pages: they are part of the kind of deals, and are changed as a kind is.

use axum::{
    extract::{Path, Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{CloseReason, Kind, Outcome, Pipeline, Stage, deal};
use crm::{permits::Manage, records::kinds};
use http::{Method, StatusCode};
use kernel::{Error, Problem, Result};
use serde::Deserialize;

use super::{
    kinds::{is_mistake, key_of, say_whole},
    pages::{again, shell},
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    router::{Access, Route, Web},
    views::{
        parts::{Chip, Control, Field, Tone},
        settings::{PipelineRow, ReasonRow, SettingsPipeline, SettingsSales, StageRow},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/sales", Access::Staff, || get(all)),
    Route::new(Method::POST, "/settings/sales", Access::Staff, || post(add)),
    Route::new(Method::POST, "/settings/sales/reasons", Access::Staff, || post(reasons)),
    Route::new(Method::GET, "/settings/sales/pipelines/{key}", Access::Staff, || get(one)),
    Route::new(Method::POST, "/settings/sales/pipelines/{key}", Access::Staff, || post(save)),
];

/// The empty rows for new stages and reasons.
const NEW: usize = 2;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
    moved: String,
}

fn deals(web: &Web) -> Result<Kind> {
    web.app.catalogue().need(deal::KIND).map(|kind| Kind::clone(&kind))
}

/// A key made from a name that no other has.
fn fresh(name: &str, before: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let own = key_of(name);
    let own = if own.is_empty() { before.to_owned() } else { own };
    if !is_taken(&own) {
        return own;
    }
    let long = format!("{before}_{own}");
    let cut = |n: usize| long.chars().take(n).collect::<String>();
    let numbered = (1_u32..).map(|n| if n == 1 { cut(40) } else { format!("{}_{n}", cut(36)) });
    numbered.into_iter().find(|key| !is_taken(key)).unwrap_or(long)
}

async fn all(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = all_view(&web, &who).await?;
    if asked.done == "reasons" {
        view.shell.notices.push(Notice::done(view.t.get("reasons-saved")));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn all_view(web: &Web, who: &Who) -> Result<SettingsSales> {
    who.actor.permit::<Manage>()?;
    let (t, kind) = (who.text, deals(web)?);
    let row = |pipeline: &Pipeline| PipelineRow {
        label: pipeline.label.clone(),
        href: format!("/settings/sales/pipelines/{}", pipeline.key),
        note: pipeline.used().map(|stage| stage.label.as_str()).collect::<Vec<_>>().join(" → "),
        state: state(t, pipeline.retired),
    };
    let reasons = [Outcome::Won, Outcome::Lost].map(|outcome| {
        let rows = kind.reasons.iter().filter(|reason| reason.outcome == outcome);
        let rows = rows.map(|reason| ReasonRow {
            key: reason.key.clone(),
            label: reason.label.clone(),
            retired: reason.retired,
            problem: String::new(),
        });
        (outcome.as_str(), t.get(&format!("reasons-{}", outcome.as_str())), with_new(rows.collect()))
    });
    Ok(SettingsSales {
        t,
        shell: shell(web, who, "/settings/sales").await?,
        pipelines: kind.pipelines.iter().map(row).collect(),
        fields: vec![Field::new("label", t.get("user-name"), Control::Text).required()],
        reasons: reasons.into(),
    })
}

fn state(t: Text, retired: bool) -> Chip {
    if retired { Chip::new(t.get("pipeline-retired"), Tone::Limited) } else { Chip::new(t.get("pipeline-used"), Tone::Plain) }
}

fn with_new<T: Default>(mut rows: Vec<T>) -> Vec<T> {
    rows.extend((0..NEW).map(|_| T::default()));
    rows
}

/// A new pipeline begins with stages that most have, to be changed on its own page.
async fn add(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let (t, mut kind) = (who.text, deals(&web)?);
    let label = fields.get("label").trim().to_owned();
    let key = fresh(&label, "pipeline", |key| kind.pipeline(key).is_some());
    let begun = [
        ("stage-begin", 10, Outcome::Open),
        ("stage-middle", 50, Outcome::Open),
        ("stage-won", 100, Outcome::Won),
        ("stage-lost", 0, Outcome::Lost),
    ];
    let mut stages: Vec<Stage> = Vec::new();
    for (word, probability, outcome) in begun {
        let label = t.get(word);
        let is_taken = |key: &str| kind.stage(key).is_some() || stages.iter().any(|stage| stage.key == key);
        let key = fresh(&format!("{key} {label}"), &key, is_taken);
        let rots_after = (outcome == Outcome::Open).then_some(30);
        stages.push(Stage { key, label, probability, outcome, rots_after, retired: false });
    }
    kind.pipelines.push(Pipeline { key: key.clone(), label, stages, reason_needed: false, retired: false });
    match kinds::define(&web.app, &who.actor, kind).await {
        Ok(_) => Ok(Redirect::to(&format!("/settings/sales/pipelines/{key}?done=made")).into_response()),
        Err(error) if is_mistake(&error) => {
            let mut view = all_view(&web, &who).await?;
            again(&mut view.fields, &fields, &error);
            say_whole(&mut view.fields, &error);
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The reasons of one end, as they stand in its form: names changed, new ones added, others retired.
async fn reasons(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let mut kind = deals(&web)?;
    let outcome = Outcome::parse(fields.get("outcome")).filter(|outcome| *outcome != Outcome::Open);
    let outcome = outcome.ok_or_else(|| Error::invalid("/outcome", "unknown", "Load the page again."))?;
    let rows: Vec<(String, String)> =
        fields.all("key").zip(fields.all("label")).map(|(key, label)| (key.to_owned(), label.trim().to_owned())).collect();
    for (key, label) in &rows {
        let retired = fields.all("retired").any(|one| one == key);
        match kind.reasons.iter_mut().find(|reason| reason.key == *key && reason.outcome == outcome) {
            Some(reason) => {
                reason.label.clone_from(label);
                reason.retired = retired;
            }
            None if key.is_empty() && !label.is_empty() => {
                let key =
                    fresh(&format!("{} {label}", outcome.as_str()), outcome.as_str(), |key| kind.reasons.iter().any(|r| r.key == key));
                kind.reasons.push(CloseReason { key, label: label.clone(), outcome, retired: false });
            }
            None => {}
        }
    }
    let place = |pointer: &str| pointer.strip_prefix("/reasons/").and_then(|rest| rest.split('/').next()?.parse::<usize>().ok());
    let named: Vec<String> = kind.reasons.iter().map(|reason| reason.label.clone()).collect();
    match kinds::define(&web.app, &who.actor, kind).await {
        Ok(_) => Ok(Redirect::to("/settings/sales?done=reasons").into_response()),
        Err(error) if is_mistake(&error) => {
            let mut view = all_view(&web, &who).await?;
            if let Some((.., shown)) = view.reasons.iter_mut().find(|(word, ..)| *word == outcome.as_str()) {
                *shown = rows
                    .into_iter()
                    .map(|(key, label)| {
                        let retired = fields.all("retired").any(|one| one == key);
                        let about = |p: &&Problem| place(&p.pointer).and_then(|n| named.get(n)).is_some_and(|name| *name == label);
                        let problem = error.problems().iter().find(about).map(|p| p.detail.clone()).unwrap_or_default();
                        ReasonRow { key, label, retired, problem }
                    })
                    .collect();
            }
            view.shell.notices.push(Notice::wrong(error.problems().first().map_or(error.detail(), |p| &p.detail)));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

fn outcome_words(t: Text, outcome: Outcome) -> String {
    t.get(&format!("outcome-{}", outcome.as_str()))
}

fn outcomes(t: Text, chosen: &str) -> Vec<Choice> {
    Outcome::ALL.map(|outcome| Choice::new(outcome.as_str(), outcome_words(t, outcome), outcome.as_str() == chosen)).into()
}

async fn one(State(web): State<Web>, who: Who, Path(key): Path<String>, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let (t, kind) = (who.text, deals(&web)?);
    let pipeline = kind.pipeline(&key).ok_or_else(|| Error::not_found("pipeline"))?;
    let rows = pipeline.stages.iter().map(|stage| StageRow {
        key: stage.key.clone(),
        label: stage.label.clone(),
        probability: stage.probability.to_string(),
        outcomes: Vec::new(),
        outcome: (outcome_words(t, stage.outcome), stage.outcome.as_str().to_owned()),
        rots_after: stage.rots_after.map(|days| days.to_string()).unwrap_or_default(),
        retired: stage.retired,
        problem: String::new(),
        moved: stage.key == asked.moved,
    });
    let typed = Typed { label: pipeline.label.clone(), needed: pipeline.reason_needed, retired: pipeline.retired, rows: rows.collect() };
    let mut view = pipeline_view(&web, &who, pipeline, typed).await?;
    match asked.done.as_str() {
        "made" => view.shell.notices.push(Notice::done(t.get("pipeline-made"))),
        "saved" => view.shell.notices.push(Notice::done(t.get("pipeline-saved"))),
        _ => {}
    }
    Ok(Html(html(&view)?).into_response())
}

/// What stands in the form of a pipeline.
struct Typed {
    label: String,
    needed: bool,
    retired: bool,
    rows: Vec<StageRow>,
}

impl Typed {
    fn read(t: Text, pipeline: &Pipeline, fields: &Fields) -> Self {
        let columns = fields.all("key").zip(fields.all("stage_label")).zip(fields.all("probability")).zip(fields.all("outcome"));
        let rows = columns.zip(fields.all("rots_after")).map(|((((key, label), probability), outcome), rots_after)| {
            let known = pipeline.stage(key);
            StageRow {
                key: known.map(|stage| stage.key.clone()).unwrap_or_default(),
                label: label.trim().to_owned(),
                probability: probability.trim().to_owned(),
                outcomes: if known.is_some() { Vec::new() } else { outcomes(t, outcome) },
                outcome: known.map_or_else(
                    || (String::new(), outcome.to_owned()),
                    |stage| (outcome_words(t, stage.outcome), stage.outcome.as_str().to_owned()),
                ),
                rots_after: rots_after.trim().to_owned(),
                retired: fields.all("stage_retired").any(|one| one == key),
                problem: String::new(),
                moved: false,
            }
        });
        let rows = rows.filter(|row| !row.key.is_empty() || !row.label.is_empty()).collect();
        let ticked = |name: &str| fields.get(name) == "true";
        Self { label: fields.get("label").trim().to_owned(), needed: ticked("reason_needed"), retired: ticked("retired"), rows }
    }

    /// The stages that the rows mean; what is wrong is said at its row.
    fn stages(&mut self, t: Text, kind: &Kind, pipeline: &Pipeline) -> Option<Vec<Stage>> {
        let mut stages: Vec<Stage> = Vec::new();
        for row in &mut self.rows {
            let percent = if row.probability.is_empty() { Some(0) } else { row.probability.parse::<u8>().ok().filter(|n| *n <= 100) };
            let days = if row.rots_after.is_empty() { Some(None) } else { row.rots_after.parse::<u16>().ok().map(Some) };
            let outcome = pipeline.stage(&row.key).map(|stage| stage.outcome).or_else(|| Outcome::parse(&row.outcome.1));
            let (Some(probability), Some(rots_after), Some(outcome)) = (percent, days, outcome) else {
                row.problem = t.get(if percent.is_none() { "stage-wrong-percent" } else { "stage-wrong-days" });
                continue;
            };
            let key = if row.key.is_empty() {
                let is_taken = |key: &str| kind.stage(key).is_some() || stages.iter().any(|stage| stage.key == key);
                fresh(&row.label, &pipeline.key, is_taken)
            } else {
                row.key.clone()
            };
            stages.push(Stage { key, label: row.label.clone(), probability, outcome, rots_after, retired: row.retired });
        }
        (stages.len() == self.rows.len()).then_some(stages)
    }

    /// Says at its row, or of the whole, what the catalogue refuses.
    fn say(&mut self, place: usize, error: &Error) -> String {
        let mut whole = Vec::new();
        for problem in error.problems() {
            let row = problem.pointer.strip_prefix(&format!("/pipelines/{place}/stages/"));
            match row.and_then(|rest| rest.split('/').next()?.parse::<usize>().ok()).and_then(|n| self.rows.get_mut(n)) {
                Some(row) => row.problem.clone_from(&problem.detail),
                None => whole.push(problem.detail.as_str()),
            }
        }
        if error.problems().is_empty() { error.detail().to_owned() } else { whole.join(" ") }
    }
}

async fn pipeline_view(web: &Web, who: &Who, pipeline: &Pipeline, typed: Typed) -> Result<SettingsPipeline> {
    let t = who.text;
    let href = format!("/settings/sales/pipelines/{}", pipeline.key);
    let tick = |name: &str, ticked: bool| {
        let label = t.get(&format!("pipeline-{}", name.replace('_', "-")));
        Field::new(name, label, Control::Tick).value(if ticked { "true" } else { "" })
    };
    let known = typed.rows.iter().filter(|row| !row.key.is_empty()).count();
    let mut stages = typed.rows;
    stages.extend((0..NEW).map(|_| StageRow { outcomes: outcomes(t, "open"), ..StageRow::default() }));
    Ok(SettingsPipeline {
        t,
        shell: shell(web, who, &href).await?,
        title: pipeline.label.clone(),
        board_href: format!("/records/{}?as=board.{}.{}", deal::KIND, deal::STAGE, pipeline.key),
        href,
        fields: vec![
            Field::new("label", t.get("user-name"), Control::Text).required().value(typed.label),
            tick("reason_needed", typed.needed).help(t.get("pipeline-reason-help")),
            tick("retired", typed.retired).help(t.get("pipeline-retired-help")),
        ],
        stages,
        known,
        problem: String::new(),
    })
}

async fn save(State(web): State<Web>, who: Who, Path(key): Path<String>, Form(fields): Form) -> Result<Response, Refused> {
    who.actor.permit::<Manage>()?;
    let (t, mut kind) = (who.text, deals(&web)?);
    let place = kind.pipelines.iter().position(|pipeline| pipeline.key == key).ok_or_else(|| Error::not_found("pipeline"))?;
    let before = kind.pipelines.get(place).cloned().ok_or_else(|| Error::not_found("pipeline"))?;
    let mut typed = Typed::read(t, &before, &fields);
    let moved = moved(&mut typed.rows, fields.get("move"));
    let said = match typed.stages(t, &kind, &before) {
        None => t.get("stages-wrong"),
        Some(stages) => {
            if let Some(pipeline) = kind.pipelines.get_mut(place) {
                *pipeline = Pipeline {
                    key: before.key.clone(),
                    label: typed.label.clone(),
                    stages,
                    reason_needed: typed.needed,
                    retired: typed.retired,
                };
            }
            match kinds::define(&web.app, &who.actor, kind).await {
                Ok(_) => {
                    let done = moved.map_or_else(|| "done=saved".to_owned(), |stage| format!("moved={stage}"));
                    return Ok(Redirect::to(&format!("/settings/sales/pipelines/{key}?{done}")).into_response());
                }
                Err(error) if is_mistake(&error) => typed.say(place, &error),
                Err(error) => return Err(error.into()),
            }
        }
    };
    let mut view = pipeline_view(&web, &who, &before, typed).await?;
    view.problem = if said.is_empty() { t.get("stages-wrong") } else { said };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
}

/// Moves a row up or down; answers its stage's key.
fn moved(rows: &mut [StageRow], asked: &str) -> Option<String> {
    let (row, way) = asked.split_once('.')?;
    let from: usize = row.parse().ok()?;
    let to = if way == "up" { from.checked_sub(1)? } else { from + 1 };
    (from < rows.len() && to < rows.len()).then(|| rows.swap(from, to))?;
    rows.get(to).map(|row| row.key.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_key_is_one_that_no_other_has_even_of_a_name_without_letters() {
        let taken = ["offer", "renewals", "renewals_offer"];
        let fresh = |name: &str| fresh(name, "renewals", |key| taken.contains(&key));
        assert_eq!(fresh("Call"), "call");
        assert_eq!(fresh("Offer"), "renewals_offer_2");
        assert_eq!(fresh("報價"), "renewals_renewals");
    }
}
