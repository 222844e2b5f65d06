//! What is asked before a record is won or lost: why.

use axum::response::{Html, IntoResponse, Response};
use catalogue::{CloseReason, Kind, Outcome, Stage, Value, deal};
use crm::{permits::ReadRecords, records};
use http::StatusCode;
use kernel::{Error, RecordId, Result};
use serde_json::{Map, Value as Json};

use super::{cells::named, rail_of};
use crate::{
    kit::{form::Fields, layout::Choice, render::html, who::Who},
    router::Web,
    views::{
        board::Closing,
        parts::{Control, Field},
    },
};

/// The field for more words about it.
const WORDS: &str = "lost_reason";

/// An end that a record is moved to, of which there are reasons to choose from.
pub(super) struct End<'k> {
    pub(super) stage: &'k Stage,
    needed: bool,
    reasons: Vec<&'k CloseReason>,
}

impl<'k> End<'k> {
    /// The end that this choice of a field is; `None` where there is nothing to ask.
    pub(super) fn of(kind: &'k Kind, field: &str, choice: &str) -> Option<Self> {
        let (pipeline, stage) = kind.stage(choice).filter(|_| field == deal::STAGE)?;
        let reasons: Vec<&CloseReason> = kind.reasons_for(stage.outcome).collect();
        (stage.is_closed() && !reasons.is_empty()).then_some(Self { stage, needed: pipeline.reason_needed, reasons })
    }
}

/// A question on its way.
pub(super) struct Ask<'a> {
    pub(super) web: &'a Web,
    pub(super) who: &'a Who,
    pub(super) kind: &'a Kind,
    pub(super) id: RecordId,
    pub(super) end: &'a End<'a>,
    pub(super) hidden: Vec<(String, String)>,
    pub(super) back: String,
}

impl Ask<'_> {
    /// The page that asks, or asks again.
    pub(super) async fn page(&self, form: &Fields, error: Option<&Error>) -> Result<Response> {
        let (t, permit, id) = (self.who.text, self.who.actor.permit::<ReadRecords>()?, self.id);
        let named_as = self.web.app.read(&self.who.actor, move |unit| records::name(unit, &permit, &[id])).await?;
        let shown = named_as.first().ok_or_else(|| Error::not_found("record"))?;
        let now = match shown.cell(deal::CLOSE_REASON) {
            Some(records::Cell::Shown(Value::Text(key))) => key.clone(),
            _ => String::new(),
        };
        let name = named(t, &shown.title);
        let won = self.end.stage.outcome == Outcome::Won;
        let title = t.with(if won { "closing-won" } else { "closing-lost" }, "name", name);
        let chosen = if form.get("asked").is_empty() { now.as_str() } else { form.get("reason") };
        let choices = self.end.reasons.iter().map(|reason| Choice::new(&reason.key, &reason.label, reason.key == chosen)).collect();
        let mut reason = Field::new("reason", t.get("closing-reason"), Control::Choice(choices));
        reason.required = self.end.needed;
        if self.end.needed {
            reason.help = t.get("closing-needed");
            if let Control::Choice(choices) = &mut reason.control {
                // A choice that must be made is not made by itself.
                choices.insert(0, Choice::new("", t.get("closing-choose"), false));
            }
        }
        let mut fields = vec![reason];
        if self.kind.field(WORDS).is_some_and(|field| !field.retired) {
            fields.push(
                Field::new("words", t.get("closing-words"), Control::LongText).value(form.get("words")).help(t.get("closing-words-help")),
            );
        }
        for problem in error.iter().flat_map(|error| error.problems()) {
            let at = usize::from(problem.pointer.ends_with(WORDS) && fields.len() > 1);
            if let Some(field) = fields.get_mut(at) {
                field.problems.push(t.problem(problem));
            }
        }
        let mut hidden = self.hidden.clone();
        hidden.push(("asked".to_owned(), "yes".to_owned()));
        let view = Closing {
            t,
            shell: self.who.shell(self.web, &title, rail_of(&self.kind.key), &self.back).await?,
            title,
            note: t.get("closing-note"),
            action: format!("{}/move", super::base_of(&self.kind.key)),
            hidden,
            fields,
            back: self.back.clone(),
            label: self.end.stage.label.clone(),
        };
        let status = if error.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        Ok((status, Html(html(&view)?)).into_response())
    }
}

/// What was answered, as fields. Words that were not written leave those that are there.
pub(super) fn answer(form: &Fields) -> Map<String, Json> {
    let said = |name: &str| Some(form.get(name).trim()).filter(|text| !text.is_empty()).map(Json::from);
    let reason = (deal::CLOSE_REASON.to_owned(), said("reason").unwrap_or(Json::Null));
    [reason].into_iter().chain(said("words").map(|words| (WORDS.to_owned(), words))).collect()
}
