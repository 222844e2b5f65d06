//! The funnel: of the deals that came in during a time, how many reached each stage, and where the lost ones were lost.

use std::collections::HashMap;

use catalogue::{Outcome, Pipeline};
use jiff::ToSpan as _;
use kernel::{Error, RecordId, Result};
use trail::{Actor, App};

use super::{
    Period, Run, begun, ran,
    scan::{Deal, Span, begins, rows, stood},
    told,
};
use crate::views::Sums;

/// What is asked of a funnel.
#[derive(Clone, Debug)]
pub struct FunnelAsk {
    /// Of which pipeline; the first in use where none is named.
    pub pipeline: Option<String>,
    /// When the deals came in.
    pub period: Period,
}

/// A step of the funnel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The stage's key; of the last step, that of the first stage that is won.
    pub stage: String,
    /// Its label.
    pub label: String,
    /// Whether it is the last: won.
    pub won: bool,
    /// How many came this far or farther.
    pub reached: usize,
    /// How many of them stand in it now.
    pub here: usize,
    /// How many were lost after coming this far and no farther.
    pub lost: usize,
    /// What those come to that came this far.
    pub amount: Sums,
}

impl Step {
    /// How many of those that reached `before` reached this one, in tenths of a percent; `None` of nothing.
    pub fn of(&self, before: usize) -> Option<u32> {
        rate(self.reached, before)
    }
}

/// A part of a whole in tenths of a percent, rounded; `None` of nothing.
pub(super) fn rate(part: usize, whole: usize) -> Option<u32> {
    (whole > 0).then(|| u32::try_from((part * 2_000 + whole) / (whole * 2)).unwrap_or(u32::MAX))
}

/// A funnel.
#[derive(Clone, Debug)]
pub struct Funnel {
    /// The pipeline's key.
    pub pipeline: String,
    /// Its label.
    pub label: String,
    /// The open stages in their order, then winning.
    pub steps: Vec<Step>,
    /// How many deals it is made of.
    pub deals: usize,
    /// How many of them are lost.
    pub lost: usize,
}

/// Makes a funnel. Event `report.run`.
///
/// Errors: forbidden; invalid_input; too_large.
pub async fn funnel(app: &App, actor: &Actor, ask: &FunnelAsk) -> Result<Run<Funnel>> {
    let begun = begun(app, actor).await?;
    let kind = std::sync::Arc::clone(&begun.kind);
    let pipeline = match &ask.pipeline {
        Some(key) => kind.pipeline(key),
        None => kind.used_pipelines().next(),
    };
    let pipeline = pipeline.ok_or_else(|| Error::invalid("/pipeline", "unknown", "There is no pipeline with this key."))?;
    let (sight, zone) = (begun.sight, begun.zone.clone());
    let to = ask.period.to.saturating_add(1.day());
    let span = Span::Created(begins(ask.period.from, &zone), begins(to, &zone));
    let mut left = super::MOST;
    let mut deals = rows(app, actor, &kind, span, &mut left, move |row| sight.deal(row, &zone)).await?;
    deals.retain(|deal| deal.pipeline == pipeline.key);
    let changed: Vec<RecordId> = deals.iter().filter(|deal| deal.version > 1).map(|deal| deal.id).collect();
    let before = stood(app, actor, changed).await?;
    let report = fold(pipeline, &deals, &before);
    let event = ran("funnel", deals.len()).word("pipeline", &pipeline.key);
    let event = event.word("from", ask.period.from.to_string()).word("to", ask.period.to.to_string());
    let (report, _) = told(app, actor, event, report, Vec::new()).await?;
    Ok(begun.run.of(report))
}

/// What deals of one pipeline come to.
pub(super) fn fold(pipeline: &Pipeline, deals: &[Deal], before: &HashMap<RecordId, Vec<String>>) -> Funnel {
    let way: Vec<&catalogue::Stage> = pipeline.stages.iter().filter(|stage| stage.outcome == Outcome::Open).collect();
    let won = pipeline.stages.iter().find(|stage| stage.outcome == Outcome::Won);
    let steps = way.iter().copied().chain(won).map(|stage| Step {
        stage: stage.key.clone(),
        label: stage.label.clone(),
        won: stage.outcome == Outcome::Won,
        reached: 0,
        here: 0,
        lost: 0,
        amount: Sums::default(),
    });
    let mut steps: Vec<Step> = steps.collect();
    let place = |key: &str| way.iter().position(|stage| stage.key == key);
    let mut lost = 0;
    for deal in deals {
        let earlier = before.get(&deal.id).into_iter().flatten().filter_map(|key| place(key)).max();
        let now = place(&deal.stage);
        // What came in at its end came through the first stage at least.
        let far = if deal.outcome == Outcome::Won { way.len() } else { earlier.max(now).unwrap_or(0) };
        for (n, step) in steps.iter_mut().enumerate() {
            if n <= far {
                step.reached += 1;
                deal.amount.iter().for_each(|(currency, minor)| step.amount.add(currency, *minor));
            }
            let stands = if deal.outcome == Outcome::Won { n == way.len() } else { now == Some(n) };
            step.here += usize::from(stands);
            step.lost += usize::from(deal.outcome == Outcome::Lost && n == far);
        }
        lost += usize::from(deal.outcome == Outcome::Lost);
    }
    steps.retain(|step| step.reached > 0 || is_used(pipeline, &step.stage));
    Funnel { pipeline: pipeline.key.clone(), label: pipeline.label.clone(), steps, deals: deals.len(), lost }
}

fn is_used(pipeline: &Pipeline, key: &str) -> bool {
    pipeline.stage(key).is_some_and(|stage| !stage.retired)
}
