//! The forecast: what was won and what is to be expected, by month and by owner; and what is past its date.

use std::collections::BTreeMap;

use catalogue::{Outcome, deal};
use jiff::{ToSpan as _, civil::Date};
use kernel::{Error, Instant, RecordId, Result, UserId};
use trail::{Actor, App};

use super::{
    Run, begun, check_pipeline, month_of, ran,
    scan::{Deal, Span, rows},
    told,
};
use crate::{records::Shown, views::Sums};

/// How likely, in percent, an open deal is at least that counts as committed.
pub const COMMITTED: i64 = 60;
/// The most months ahead.
pub const MONTHS_MAX: u8 = 24;
/// The overdue deals that are named.
const NAMED: usize = 50;

/// What is asked of a forecast.
#[derive(Clone, Debug)]
pub struct ForecastAsk {
    /// Of which pipeline; all of them where none is named.
    pub pipeline: Option<String>,
    /// Whose deals; everybody's where nobody is named.
    pub owner: Option<UserId>,
    /// How many months, the present one first: 1 to [`MONTHS_MAX`].
    pub months: u8,
}

/// Deals together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// How many are open.
    pub open: usize,
    /// How many were won.
    pub won: usize,
    /// What the open ones come to.
    pub amount: Sums,
    /// What of that is committed: as likely as [`COMMITTED`] or more.
    pub committed: Sums,
    /// What of the open is likely: each amount by how likely it is.
    pub weighted: Sums,
    /// What was won.
    pub won_amount: Sums,
}

impl Line {
    fn add(&mut self, deal: &Deal) {
        match deal.outcome {
            Outcome::Won => {
                self.won += 1;
                deal.amount.iter().for_each(|(currency, minor)| self.won_amount.add(currency, *minor));
            }
            Outcome::Open => {
                self.open += 1;
                if let Some((currency, minor)) = &deal.amount {
                    self.amount.add(currency, *minor);
                    self.weighted.add_likely(currency, *minor, deal.likely);
                    if deal.likely >= COMMITTED * 1_000_000 {
                        self.committed.add(currency, *minor);
                    }
                }
            }
            Outcome::Lost => {}
        }
    }
}

/// A deal that is open though its day is past.
#[derive(Clone, Debug)]
pub struct Overdue {
    /// Which.
    pub id: RecordId,
    /// The day it was to close.
    pub expected: Date,
}

/// A forecast.
#[derive(Clone, Debug, Default)]
pub struct Forecast {
    /// By month (its first day): the present one first. What is open stands in the month it is expected to close, what was won in the one it did.
    pub months: Vec<(Date, Line)>,
    /// By owner, of the same.
    pub owners: Vec<(Option<UserId>, Line)>,
    /// All of these months.
    pub total: Line,
    /// Open and expected after them.
    pub later: Line,
    /// Open without a date.
    pub undated: Line,
    /// Open though their date is past: in none of the months.
    pub overdue: Line,
    /// The longest overdue of them, the oldest first.
    pub past: Vec<Overdue>,
    /// These by name, as far as they may be seen.
    pub named: Vec<Shown>,
}

/// Makes a forecast. Event `report.run`.
///
/// Errors: forbidden; invalid_input; too_large.
pub async fn forecast(app: &App, actor: &Actor, ask: &ForecastAsk) -> Result<Run<Forecast>> {
    if ask.months == 0 || ask.months > MONTHS_MAX {
        return Err(Error::invalid("/months", "out_of_range", format!("A forecast has 1 to {MONTHS_MAX} months.")));
    }
    let begun = begun(app, actor).await?;
    check_pipeline(&begun.kind, ask.pipeline.as_deref())?;
    let (sight, zone, today) = (begun.sight, begun.zone.clone(), begun.run.today);
    let (mut left, mut deals) = (super::MOST, Vec::new());
    let of = move |row: &crate::records::StoredRecord| sight.deal(row, &zone);
    for stage in begun.kind.stages_with(Outcome::Open) {
        let span = Span::Choice(deal::STAGE, stage.key.clone());
        deals.extend(rows(app, actor, &begun.kind, span, &mut left, of.clone()).await?);
    }
    let first = month_of(today);
    let closed = Span::Number(deal::CLOSED, Instant::start_of(first).micros(), i64::MAX);
    deals.extend(rows(app, actor, &begun.kind, closed, &mut left, of).await?.into_iter().filter(|deal| deal.outcome == Outcome::Won));
    deals.retain(|deal| ask.pipeline.as_ref().is_none_or(|key| *key == deal.pipeline));
    deals.retain(|deal| ask.owner.is_none_or(|owner| deal.owner == Some(owner)));
    let report = fold(&deals, today, ask.months);
    let ids: Vec<RecordId> = report.past.iter().map(|past| past.id).collect();
    let event = ran("forecast", deals.len()).word("pipeline", ask.pipeline.as_deref().unwrap_or("all"));
    let (mut report, named) = told(app, actor, event, report, ids).await?;
    report.named = named;
    Ok(begun.run.of(report))
}

/// What deals come to.
pub(super) fn fold(deals: &[Deal], today: Date, months: u8) -> Forecast {
    let first = month_of(today);
    let mut found = Forecast {
        months: (0..i64::from(months)).map(|n| (first.saturating_add(n.months()), Line::default())).collect(),
        ..Forecast::default()
    };
    let end = first.saturating_add(i64::from(months).months());
    let mut owners: BTreeMap<Option<UserId>, Line> = BTreeMap::new();
    for deal in deals {
        let day = if deal.outcome == Outcome::Won { deal.closed } else { deal.expected };
        let open = deal.outcome == Outcome::Open;
        match day {
            None => found.undated.add(deal),
            Some(day) if open && day < today => {
                found.overdue.add(deal);
                found.past.push(Overdue { id: deal.id, expected: day });
            }
            Some(day) if day >= end => found.later.add(deal),
            Some(day) if day < first => {}
            Some(day) => {
                if let Some((_, line)) = found.months.iter_mut().find(|(month, _)| *month == month_of(day)) {
                    line.add(deal);
                }
                found.total.add(deal);
                owners.entry(deal.owner).or_default().add(deal);
            }
        }
    }
    found.owners = owners.into_iter().collect();
    found.past.sort_by_key(|past| (past.expected, past.id));
    found.past.truncate(NAMED);
    found
}
