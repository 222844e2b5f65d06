//! Reports as pages: forecast, funnel, results, activity, cohorts, sales.

pub(crate) mod activity;
pub(crate) mod cohorts;
pub(crate) mod forecast;
pub(crate) mod funnel;
pub(crate) mod results;
pub(crate) mod sales;
mod service;

use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::get,
};
use catalogue::{Kind, deal};
use crm::{
    identity::staff,
    permits::{Manage, ReadRecords},
    reports::{
        self, Activity, By, COMMITTED, Cases, CasesBy, CasesKey, Cohort, Does, Forecast, ForecastAsk, Funnel, FunnelAsk, Group, Kept, Key,
        Period, Results, ResultsAsk, Run,
    },
};
use http::Method;
use jiff::civil::Date;
use kernel::{Error, Result, UserId};

use super::money::{Money, compact};
use crate::{
    kit::{
        chart::{self, Bars, Columns, Datum, Ink},
        error::Refused,
        form::{Fields, read},
        layout::{Choice, Notice},
        names::Names,
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{href_of, named},
    router::{Access, Route, Web},
    views::{
        parts::{Cell, Control, Field, Said, Tab},
        reports::{Figure, Part, ReportPage, grid},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/reports", Access::Staff, || get(first)),
    Route::new(Method::GET, "/reports/forecast", Access::Staff, || get(forecast::forecast)),
    Route::new(Method::GET, "/reports/funnel", Access::Staff, || get(funnel::funnel)),
    Route::new(Method::GET, "/reports/results", Access::Staff, || get(results::results)),
    Route::new(Method::GET, "/reports/activity", Access::Staff, || get(activity::activity)),
    Route::new(Method::GET, "/reports/cohorts", Access::Staff, || get(cohorts::cohorts)),
    Route::new(Method::GET, "/reports/sales", Access::Staff, || get(sales::sales)),
    Route::new(Method::GET, "/reports/service", Access::Staff, || get(service::service)),
];

/// The months of a forecast when nobody says otherwise.
const MONTHS: u8 = 6;
/// What the field of pipelines says for all of them: no key of one, and not empty, for a browser sends no form whose required choice is empty.
const EVERY: &str = "*";

async fn first() -> Redirect {
    Redirect::to("/reports/forecast")
}

/// A report's page in the making.
pub(crate) struct Page<'a> {
    t: Text,
    web: &'a Web,
    who: &'a Who,
    kind: std::sync::Arc<Kind>,
    asked: Fields,
    today: Date,
    /// What was asked and cannot be.
    wrong: Vec<String>,
}

impl<'a> Page<'a> {
    pub(crate) async fn begin(web: &'a Web, who: &'a Who, query: Option<&str>) -> Result<Self> {
        let asked = read(query.unwrap_or_default().as_bytes())?;
        let kind = web.catalogue(who.text).need(deal::KIND)?;
        let today = reports::today(&web.app, &who.actor).await?;
        Ok(Self { t: who.text, web, who, kind, asked, today, wrong: Vec::new() })
    }

    /// Today, by the house's clock.
    pub(crate) fn today(&self) -> Date {
        self.today
    }

    /// Asks for something in place of the address.
    pub(crate) fn ask(&mut self, name: &str, value: &str) {
        self.asked = self.asked.clone().with(name, value);
    }

    /// What is asked, as an address has it.
    pub(crate) fn query(&self) -> String {
        let pairs = self.asked.iter().filter(|(_, value)| !value.is_empty());
        pairs.map(|(name, value)| format!("{name}={}", crate::records::pages::encode(value))).collect::<Vec<_>>().join("&")
    }

    /// What a pipeline is called.
    pub(crate) fn pipeline_label(&self, key: &str) -> Option<String> {
        self.kind.pipeline(key).map(|pipeline| pipeline.label.clone())
    }

    fn pipeline(&self) -> Option<String> {
        Some(self.asked.get("pipeline")).filter(|key| self.kind.pipeline(key).is_some()).map(str::to_owned)
    }

    /// The pipelines to choose from; nothing where there is one.
    fn pipeline_field(&self, chosen: &str, all: bool) -> Option<Field> {
        let choices: Vec<Choice> = self.kind.pipelines.iter().map(|p| Choice::new(&p.key, &p.label, p.key == chosen)).collect();
        if choices.len() < 2 {
            return None;
        }
        let every = all.then(|| Choice::new(EVERY, self.t.get("report-every-pipeline"), chosen.is_empty()));
        let choices = every.into_iter().chain(choices).collect();
        Some(Field::new("pipeline", self.t.get("report-pipeline"), Control::Choice(choices)).required())
    }

    /// The period that was asked for; the year that ends today where none was, or none that can be.
    fn period(&mut self) -> Period {
        let usual = Period::year_to(self.today);
        let day = |name: &str, usual: Date| match self.asked.get(name) {
            "" => Ok(usual),
            text => text.parse::<Date>().map_err(|_| Error::invalid(format!("/{name}"), "not_a_date", self.t.get("report-wrong-day"))),
        };
        let asked = day("from", usual.from).and_then(|from| Period::new(from, day("to", usual.to)?));
        match asked {
            Ok(period) => period,
            Err(error) => {
                self.wrong.extend(error.problems().iter().map(|problem| self.t.problem(problem)));
                usual
            }
        }
    }

    fn period_fields(&self, period: Period) -> Vec<Field> {
        vec![
            Field::new("from", self.t.get("report-from"), Control::Date).required().value(period.from.to_string()),
            Field::new("to", self.t.get("report-to"), Control::Date).required().value(period.to.to_string()),
        ]
    }

    async fn names(&self) -> Result<Names> {
        let permit = self.who.actor.permit::<ReadRecords>()?;
        let all = self.web.app.read(&self.who.actor, move |unit| staff::directory(unit, &permit)).await?;
        Ok(Names::of(all))
    }

    fn month(&self, month: Date) -> String {
        format!("{} {}", self.t.get(&format!("month-{}", month.month())), month.year())
    }

    /// A month as a chart has room for it: its year with the first and every January.
    fn month_short(&self, n: usize, month: Date) -> String {
        let name = self.t.get(&format!("month-{}", month.month()));
        if n == 0 || month.month() == 1 { format!("{name} {:02}", month.year().rem_euclid(100)) } else { name }
    }

    fn may_enter(&self) -> bool {
        self.who.actor.permit::<Manage>().is_ok()
    }

    /// The page of a report, to be filled.
    async fn view<T>(&self, report: &'static str, run: &Run<T>) -> Result<ReportPage> {
        let t = self.t;
        let title = t.get(&format!("report-{report}"));
        let href = format!("/reports/{report}");
        let mut shell = self.who.shell(self.web, &title, "reports", &href).await?;
        shell.notices.extend(self.wrong.iter().map(Notice::wrong));
        let tabs = ["forecast", "funnel", "results", "activity", "cohorts", "sales", "service"]
            .map(|one| Tab::new(t.get(&format!("report-{one}")), format!("/reports/{one}"), one == report));
        let tabs: Vec<Tab> = tabs.into_iter().chain([Tab::new(t.get("report-dashboards"), "/dashboards", false)]).collect();
        let mut notes = vec![Said::new().say(t.get("report-recorded"))];
        if run.amounts_withheld {
            notes.push(Said::new().say(t.get("report-amounts-withheld")));
        }
        Ok(ReportPage {
            t,
            shell,
            subtitle: t.get(&format!("report-{report}-about")),
            title,
            tabs,
            action: href,
            fields: Vec::new(),
            hidden: Vec::new(),
            currencies: Vec::new(),
            figures: Vec::new(),
            parts: Vec::new(),
            empty: None,
            notes,
        })
    }

    fn with_money(&self, view: &mut ReportPage, money: &Money) {
        view.currencies = money.tabs(&view.action, &self.asked);
        let chosen = self.asked.get("currency");
        if !view.currencies.is_empty() && !chosen.is_empty() {
            view.hidden.push(("currency", chosen.to_owned()));
        }
        view.notes.splice(0..0, money.notes(self.may_enter()));
    }
}

fn count(n: usize) -> Cell {
    Cell::Number(n.to_string())
}

/// Tenths of a percent: `62.5 %`.
fn rate(t: Text, tenths: Option<u32>) -> String {
    tenths.map_or_else(
        || "–".to_owned(),
        |n| t.with("percent", "n", t.decimal(&if n % 10 == 0 { (n / 10).to_string() } else { format!("{}.{}", n / 10, n % 10) })),
    )
}

fn owner_name(t: Text, names: &Names, owner: Option<UserId>) -> String {
    owner.map_or_else(|| t.get("report-nobody"), |owner| names.who(t, &owner.to_string()))
}
