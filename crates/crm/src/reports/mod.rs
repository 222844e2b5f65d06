//! Reports: what open fields say together. Nothing is opened for them; what the reader may not see in a list is in no sum, and every run is an
//! event of its own.
//!
//! A report reads along indexes, some hundred records a unit, at most [`MOST`] of them; what it says is worked out of these by pure functions.
//! Which stages a deal went through is asked of its versions, so that it goes when they go.

mod activity;
mod cohort;
mod forecast;
mod funnel;
mod money;
mod party;
mod purchases;
mod results;
mod sales;
mod scan;
mod service;
pub mod sql;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use catalogue::{Kind, deal};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use kernel::{Error, RecordId, Result};
use serde_json::{Value as Json, json};
use trail::{Actor, App, Event, Release, permit::ReadRecords};

pub use activity::{Activity, Does, activity};
pub use cohort::{Cohort, CohortRow, MONTHS as COHORTS, cohort};
pub use forecast::{COMMITTED, Forecast, ForecastAsk, Line, MONTHS_MAX, Overdue, forecast};
pub use funnel::{Funnel, FunnelAsk, Step, funnel};
pub use money::{Converted, Rate, Rates, rates, remove_rate, set_currency, set_rate};
pub use party::{DealsWith, deals_with};
pub use purchases::{Bought, LATEST, Purchases, buys, purchases};
pub use results::{By, Group, Key, Results, ResultsAsk, results};
pub use sales::{PRODUCTS, Sale, Sales, SalesAsk, Sold, sales};
pub use scan::MOST;
pub use service::{Cases, CasesBy, CasesKey, Kept, Service, service};

use crate::{records, retention::Policy, views::Sums};
use scan::{Sight, too_many};

/// The most days of a period.
const DAYS_MAX: i64 = 3_700;

/// A time that a report is about: both days are in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Period {
    /// The year that ends on a day.
    pub fn year_to(day: Date) -> Self {
        Self { from: month_of(day.saturating_sub(11.months())), to: day }
    }

    /// A period of these days. Error: invalid_input.
    pub fn new(from: Date, to: Date) -> Result<Self> {
        if from > to {
            return Err(Error::invalid("/from", "out_of_range", "The first day is after the last."));
        }
        if i64::from((to - from).get_days()) > DAYS_MAX {
            return Err(Error::invalid("/from", "out_of_range", "A period has at most ten years."));
        }
        Ok(Self { from, to })
    }

    /// The months it touches, each by its first day.
    pub fn months(&self) -> Vec<Date> {
        let mut months = vec![month_of(self.from)];
        while let Some(next) = months.last().map(|last| last.saturating_add(1.month())).filter(|next| *next <= self.to) {
            months.push(next);
        }
        months
    }

    fn has(&self, day: Date) -> bool {
        (self.from..=self.to).contains(&day)
    }
}

/// The first day of a day's month.
pub fn month_of(day: Date) -> Date {
    day.first_of_month()
}

/// A report, and what it was made with.
#[derive(Clone, Debug)]
pub struct Run<T> {
    /// What it says.
    pub report: T,
    /// The house's currency and rates.
    pub rates: Rates,
    /// The day it was made, by the house's clock.
    pub today: Date,
    /// Whether the reader may not see amounts: then no sum is in it.
    pub amounts_withheld: bool,
}

impl<T> Run<T> {
    /// Sums as the API gives them: by currency, and in the house's where every rate is known.
    pub fn money(&self, sums: &Sums) -> Json {
        let each: Vec<Json> = sums.each().map(|(currency, minor)| json!({ "currency": currency, "minor": minor })).collect();
        let converted = self.rates.convert(sums, self.today).map(|all| json!({ "currency": all.currency, "minor": all.minor }));
        json!({ "by_currency": each, "converted": converted })
    }

    fn of<U>(self, report: U) -> Run<U> {
        Run { report, rates: self.rates, today: self.today, amounts_withheld: self.amounts_withheld }
    }
}

/// What every report begins with.
struct Begun {
    kind: Arc<Kind>,
    sight: Sight,
    zone: TimeZone,
    run: Run<()>,
}

async fn begun(app: &App, actor: &Actor) -> Result<Begun> {
    let kind = app.catalogue().need(deal::KIND)?;
    let sight = Sight::of(&actor.permit::<ReadRecords>()?, &kind)?;
    let zone = zone(app, actor).await?;
    let run = Run { amounts_withheld: !sight.sees(&kind, deal::AMOUNT), ..house(app, actor).await? };
    Ok(Begun { kind, sight, zone, run })
}

async fn zone(app: &App, actor: &Actor) -> Result<TimeZone> {
    app.read(actor, |unit| {
        let zone = Policy::load(unit)?.zone();
        unit.plain(zone)
    })
    .await
}

/// The house's rates and its day, for a report that is still to be made.
async fn house(app: &App, actor: &Actor) -> Result<Run<()>> {
    let now = app.env().now();
    app.read(actor, move |unit| {
        let (zone, rates) = (Policy::load(unit)?.zone(), Rates::load(unit)?);
        unit.plain(Run { report: (), rates, today: now.day_in(&zone), amounts_withheld: false })
    })
    .await
}

/// Today by the house's clock.
pub async fn today(app: &App, actor: &Actor) -> Result<Date> {
    let now = app.env().now();
    app.read(actor, move |unit| {
        let today = now.day_in(&Policy::load(unit)?.zone());
        unit.plain(today)
    })
    .await
}

/// Lets a report out under its event `report.run`, together with records that it names.
async fn told<T: Clone + Send + 'static>(
    app: &App,
    actor: &Actor,
    event: Event,
    report: T,
    named: Vec<RecordId>,
) -> Result<(T, Vec<records::Shown>)> {
    let permit = actor.permit::<ReadRecords>()?;
    app.read(actor, move |unit| {
        let released: Release<T> = unit.release(event.clone(), report.clone())?;
        Ok(match named.as_slice() {
            [] => released.map(|report| (report, Vec::new())),
            ids => released.and(records::name(unit, &permit, ids)?),
        })
    })
    .await
}

fn ran(report: &'static str, looked: usize) -> Event {
    Event::new("report.run").word("report", report).count("looked", looked)
}

/// A pipeline's key, where one is named. Error: not_found.
fn check_pipeline(kind: &Kind, pipeline: Option<&str>) -> Result<()> {
    match pipeline {
        Some(key) if kind.pipeline(key).is_none() => Err(Error::invalid("/pipeline", "unknown", "There is no pipeline with this key.")),
        _ => Ok(()),
    }
}
