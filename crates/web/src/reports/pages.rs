//! Reports as pages: forecast, funnel, results, activity, cohorts.

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
        self, Activity, By, COMMITTED, Cohort, Does, Forecast, ForecastAsk, Funnel, FunnelAsk, Group, Key, Period, Results, ResultsAsk, Run,
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
    Route::new(Method::GET, "/reports/forecast", Access::Staff, || get(forecast)),
    Route::new(Method::GET, "/reports/funnel", Access::Staff, || get(funnel)),
    Route::new(Method::GET, "/reports/results", Access::Staff, || get(results)),
    Route::new(Method::GET, "/reports/activity", Access::Staff, || get(activity)),
    Route::new(Method::GET, "/reports/cohorts", Access::Staff, || get(cohorts)),
];

/// The months of a forecast when nobody says otherwise.
const MONTHS: u8 = 6;

async fn first() -> Redirect {
    Redirect::to("/reports/forecast")
}

/// A report's page in the making.
struct Page<'a> {
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
    async fn begin(web: &'a Web, who: &'a Who, query: Option<&str>) -> Result<Self> {
        let asked = read(query.unwrap_or_default().as_bytes())?;
        let kind = web.catalogue(who.text).need(deal::KIND)?;
        let today = reports::today(&web.app, &who.actor).await?;
        Ok(Self { t: who.text, web, who, kind, asked, today, wrong: Vec::new() })
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
        let every = all.then(|| Choice::new("", self.t.get("report-every-pipeline"), chosen.is_empty()));
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
        let tabs = ["forecast", "funnel", "results", "activity", "cohorts"]
            .map(|one| Tab::new(t.get(&format!("report-{one}")), format!("/reports/{one}"), one == report));
        let mut notes = vec![Said::new().say(t.get("report-recorded"))];
        if run.amounts_withheld {
            notes.push(Said::new().say(t.get("report-amounts-withheld")));
        }
        Ok(ReportPage {
            t,
            shell,
            subtitle: t.get(&format!("report-{report}-about")),
            title,
            tabs: tabs.into(),
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

async fn forecast(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    let months = page.asked.get("months").parse().ok().filter(|n| [3, 6, 12].contains(n)).unwrap_or(MONTHS);
    let owner: Option<UserId> = page.asked.get("owner").parse().ok();
    let ask = ForecastAsk { pipeline: page.pipeline(), owner, months };
    let run = reports::forecast(&web.app, &who.actor, &ask).await?;
    let names = page.names().await?;
    let found = &run.report;
    let sums = [&found.total.amount, &found.total.won_amount, &found.later.amount, &found.undated.amount, &found.overdue.amount];
    let money = Money::of(t, &run, &sums, page.asked.get("currency"));
    let mut view = page.view("forecast", &run).await?;
    page.with_money(&mut view, &money);
    let mine = who.actor.staff();
    let whose = [("", t.get("report-everybody"))].into_iter().map(|(key, label)| Choice::new(key, label, owner.is_none()));
    let whose = whose.chain(mine.map(|me| Choice::new(me.to_string(), t.get("report-mine"), owner == Some(me))));
    let others = found.owners.iter().filter_map(|(one, _)| *one).filter(|one| Some(*one) != mine);
    let whose = whose.chain(others.map(|one| Choice::new(one.to_string(), owner_name(t, &names, Some(one)), owner == Some(one))));
    let spans = [3_u8, 6, 12].map(|n| Choice::new(n.to_string(), t.count("report-months", n), n == months));
    view.fields = page.pipeline_field(ask.pipeline.as_deref().unwrap_or_default(), true).into_iter().collect();
    view.fields.push(Field::new("owner", t.get("report-whose"), Control::Choice(whose.collect())).required());
    view.fields.push(Field::new("months", t.get("report-ahead"), Control::Choice(spans.into())).required());
    let nothing = found.total.open + found.total.won + found.later.open + found.undated.open + found.overdue.open == 0;
    if nothing {
        view.empty = Some(t.get("report-forecast-nothing"));
    } else {
        let words = |sums| money.words(sums);
        let figure = |key: &str, value: String, note: String| Figure { label: t.get(key), value, note };
        view.figures = vec![
            figure("report-won", words(&found.total.won_amount), t.count("report-deals", found.total.won)),
            figure("report-committed", words(&found.total.committed), t.with("report-committed-note", "percent", COMMITTED)),
            figure("report-weighted", words(&found.total.weighted), t.get("report-weighted-note")),
            figure("report-open", words(&found.total.amount), t.count("report-deals", found.total.open)),
        ];
        view.parts = forecast_parts(&page, found, &money, &names);
    }
    Ok(Html(html(&view)?).into_response())
}

fn forecast_parts(page: &Page, found: &Forecast, money: &Money, names: &Names) -> Vec<Part> {
    let t = page.t;
    let series = [("report-won", Ink::First), ("report-committed", Ink::Second), ("report-weighted", Ink::Third)];
    let datum = |sums: &crm::views::Sums| Datum::new(money.value(sums), money.words(sums));
    let groups = found.months.iter().enumerate().map(|(n, (month, line))| {
        (page.month_short(n, *month), vec![datum(&line.won_amount), datum(&line.committed), datum(&line.weighted)])
    });
    let columns = Columns {
        title: t.get("report-by-month"),
        description: t.get("report-forecast-chart"),
        series: series.map(|(key, ink)| (t.get(key), ink)).into(),
        groups: groups.collect(),
    };
    let heads = |first: &str| {
        [first, "report-deals-open", "report-open", "report-weighted", "report-committed", "report-won"].map(|key| t.get(key))
    };
    let row = |name: Cell, line: &reports::Line| {
        vec![
            name,
            count(line.open),
            money.cell(&line.amount),
            money.cell(&line.weighted),
            money.cell(&line.committed),
            money.cell(&line.won_amount),
        ]
    };
    let months = found.months.iter().map(|(month, line)| row(Cell::Text(page.month(*month)), line));
    let more = [("report-later", &found.later), ("report-undated", &found.undated), ("report-overdue", &found.overdue)];
    let months = months.chain(more.into_iter().filter(|(_, line)| line.open > 0).map(|(key, line)| row(Cell::Text(t.get(key)), line)));
    let mut owners = found.owners.clone();
    owners.sort_by_key(|(_, line)| std::cmp::Reverse(money.value(&line.won_amount).saturating_add(money.value(&line.weighted))));
    let bars = owners.iter().map(|(owner, line)| {
        let mut both = line.won_amount.clone();
        both.add_all(&line.weighted);
        (owner_name(t, names, *owner), datum(&both))
    });
    let bars =
        Bars { title: t.get("report-by-owner"), description: t.get("report-owner-chart"), ink: Ink::First, bars: bars.take(12).collect() };
    let by_owner = owners.iter().map(|(owner, line)| row(Cell::Text(owner_name(t, names, *owner)), line)).collect();
    let mut parts = vec![
        Part {
            id: "months",
            title: t.get("report-by-month"),
            note: String::new(),
            chart: Some(chart::columns("months-chart", &columns, |n| money.scale(n))),
            grid: Some(grid(t.get("report-by-month"), &heads("report-month"), months.collect())),
        },
        Part {
            id: "owners",
            title: t.get("report-by-owner"),
            note: t.get("report-owner-note"),
            chart: (owners.len() > 1).then(|| chart::bars("owners-chart", &bars)),
            grid: Some(grid(t.get("report-by-owner"), &heads("report-owner"), by_owner)),
        },
    ];
    if found.overdue.open > 0 {
        parts.insert(0, overdue(page, found, money, names));
    }
    parts
}

/// The deals that are open though their date is past, each by its name.
fn overdue(page: &Page, found: &Forecast, money: &Money, names: &Names) -> Part {
    let t = page.t;
    let row = |past: &reports::Overdue| {
        let shown = found.named.iter().find(|shown| shown.id == past.id)?;
        let late = (page.today - past.expected).get_days();
        let amount = match shown.cell(deal::AMOUNT) {
            Some(crm::records::Cell::Shown(value)) => Cell::Number(t.decimal(&value.display())),
            _ => Cell::Empty,
        };
        Some(vec![
            Cell::Link { text: named(t, &shown.title), href: href_of(deal::KIND, shown.id) },
            Cell::Text(owner_name(t, names, shown.owner)),
            Cell::Time {
                iso: past.expected.to_string(),
                shown: t.with2("report-late", "day", t.day(past.expected), "late", t.count("date-late", late)),
            },
            amount,
        ])
    };
    let rows: Vec<Vec<Cell>> = found.past.iter().filter_map(row).take(10).collect();
    let heads = ["report-deal", "report-owner", "report-expected", "report-amount"].map(|key| t.get(key));
    let shown = rows.len();
    let note =
        t.with2("report-overdue-note", "deals", t.count("report-deals", found.overdue.open), "sum", money.words(&found.overdue.amount));
    let note = if shown < found.overdue.open { format!("{note} {}", t.with("report-overdue-first", "n", shown)) } else { note };
    Part { id: "overdue", title: t.get("report-overdue"), note, chart: None, grid: Some(grid(t.get("report-overdue"), &heads, rows)) }
}

async fn funnel(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    let period = page.period();
    let ask = FunnelAsk { pipeline: page.pipeline(), period };
    let mut run = reports::funnel(&web.app, &who.actor, &ask).await?;
    // In the reader's language, where they are as built in.
    for step in &mut run.report.steps {
        step.label = page.kind.stage(&step.stage).map_or_else(|| step.label.clone(), |(_, stage)| stage.label.clone());
    }
    if let Some(pipeline) = page.kind.pipeline(&run.report.pipeline) {
        run.report.label.clone_from(&pipeline.label);
    }
    let found = &run.report;
    let sums: Vec<_> = found.steps.iter().map(|step| &step.amount).collect();
    let money = Money::of(t, &run, &sums, page.asked.get("currency"));
    let mut view = page.view("funnel", &run).await?;
    page.with_money(&mut view, &money);
    view.fields = page.pipeline_field(&found.pipeline, false).into_iter().chain(page.period_fields(period)).collect();
    if found.deals == 0 {
        view.empty = Some(t.get("report-funnel-nothing"));
    } else {
        let first = found.steps.first().map_or(0, |step| step.reached);
        let won = found.steps.last().filter(|step| step.won);
        view.figures = vec![
            Figure { label: t.get("report-came-in"), value: t.number(found.deals as u64), note: found.label.clone() },
            Figure {
                label: t.get("report-conversion"),
                value: rate(t, won.and_then(|step| step.of(first))),
                note: t.with("report-conversion-note", "won", t.number(won.map_or(0, |step| step.reached) as u64)),
            },
            Figure { label: t.get("report-lost"), value: t.number(found.lost as u64), note: rate_of_lost(t, found) },
        ];
        view.parts = vec![funnel_part(t, found, &money)];
    }
    Ok(Html(html(&view)?).into_response())
}

fn rate_of_lost(t: Text, found: &Funnel) -> String {
    let worst = found.steps.iter().filter(|step| step.lost > 0).max_by_key(|step| step.lost);
    worst.map_or_else(String::new, |step| t.with2("report-lost-most", "stage", &step.label, "n", t.number(step.lost as u64)))
}

fn funnel_part(t: Text, found: &Funnel, money: &Money) -> Part {
    let first = found.steps.first().map_or(0, |step| step.reached);
    let mut before = first;
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for (n, step) in found.steps.iter().enumerate() {
        let (from, whole) = (rate(t, step.of(before)), rate(t, step.of(first)));
        let words = if n == 0 {
            t.number(step.reached as u64)
        } else {
            t.with2("report-reached", "n", t.number(step.reached as u64), "rate", &from)
        };
        bars.push((step.label.clone(), Datum::new(i64::try_from(step.reached).unwrap_or(i64::MAX), words)));
        rows.push(vec![
            Cell::Text(step.label.clone()),
            count(step.reached),
            if n == 0 { Cell::Empty } else { Cell::Number(from) },
            Cell::Number(whole),
            count(step.here),
            count(step.lost),
            money.cell(&step.amount),
        ]);
        before = step.reached;
    }
    let heads = [
        "report-stage",
        "report-got-here",
        "report-from-before",
        "report-from-first",
        "report-here-now",
        "report-lost-here",
        "report-amount",
    ];
    let chart = Bars { title: t.get("report-funnel"), description: t.with("report-funnel-chart", "n", found.deals), ink: Ink::First, bars };
    Part {
        id: "steps",
        title: found.label.clone(),
        note: t.get("report-funnel-note"),
        chart: Some(chart::bars("steps-chart", &chart)),
        grid: Some(grid(t.get("report-funnel"), &heads.map(|key| t.get(key)), rows)),
    }
}

async fn results(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    let period = page.period();
    let by = By::parse(page.asked.get("by")).unwrap_or(By::Month);
    let ask = ResultsAsk { period, by, pipeline: page.pipeline() };
    let run = reports::results(&web.app, &who.actor, &ask).await?;
    let names = if by == By::Owner { page.names().await? } else { Names::default() };
    let found = &run.report;
    let money = Money::of(t, &run, &[&found.total.won_amount, &found.total.lost_amount], page.asked.get("currency"));
    let mut view = page.view("results", &run).await?;
    page.with_money(&mut view, &money);
    let ways = By::ALL.map(|one| Choice::new(one.as_str(), t.get(&format!("report-way-{}", one.as_str())), one == by));
    view.fields = page.pipeline_field(ask.pipeline.as_deref().unwrap_or_default(), true).into_iter().collect();
    view.fields.push(Field::new("by", t.get("report-by"), Control::Choice(ways.into())).required());
    view.fields.extend(page.period_fields(period));
    if found.total.won + found.total.lost == 0 {
        view.empty = Some(t.get("report-results-nothing"));
    } else {
        let total = &found.total;
        let days = |group: &Group| group.median_days().map_or_else(|| "–".to_owned(), |n| t.count("report-days", n));
        view.figures = vec![
            Figure { label: t.get("report-won"), value: money.words(&total.won_amount), note: t.count("report-deals", total.won) },
            Figure {
                label: t.get("report-win-rate"),
                value: rate(t, total.win_rate()),
                note: t.with2("report-win-rate-note", "won", total.won, "lost", total.lost),
            },
            Figure { label: t.get("report-cycle"), value: days(total), note: t.get("report-cycle-note") },
            Figure { label: t.get("report-lost"), value: money.words(&total.lost_amount), note: t.count("report-deals", total.lost) },
        ];
        view.parts = results_parts(&page, found, by, &money, &names);
    }
    Ok(Html(html(&view)?).into_response())
}

fn results_parts(page: &Page, found: &Results, by: By, money: &Money, names: &Names) -> Vec<Part> {
    let t = page.t;
    let name = |key: &Key| match key {
        Key::Month(month) => page.month(*month),
        Key::Owner(owner) => owner_name(t, names, *owner),
        Key::Reason(None) => t.get("report-no-reason"),
        Key::Reason(Some(key)) => page.kind.reasons.iter().find(|reason| reason.key == *key).map_or_else(
            || key.clone(),
            |reason| t.with2("report-reason", "outcome", t.get(&format!("outcome-{}", reason.outcome.as_str())), "reason", &reason.label),
        ),
        Key::Pipeline(key) => page.kind.pipeline(key).map_or_else(|| key.clone(), |pipeline| pipeline.label.clone()),
    };
    let rows = found.groups.iter().map(|(key, group)| {
        vec![
            Cell::Text(name(key)),
            count(group.won),
            count(group.lost),
            Cell::Number(rate(t, group.win_rate())),
            money.cell(&group.won_amount),
            money.cell(&group.lost_amount),
            group.median_days().map_or(Cell::Empty, |n| Cell::Number(n.to_string())),
        ]
    });
    let of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let datum = |n: usize| Datum::new(of(n), t.number(n as u64));
    let title = t.get(&format!("report-results-{}", by.as_str()));
    let description = t.get("report-results-chart");
    let chart = if by == By::Month {
        let groups = found.groups.iter().enumerate().filter_map(|(n, (key, group))| match key {
            Key::Month(month) => Some((page.month_short(n, *month), vec![datum(group.won), datum(group.lost)])),
            _ => None,
        });
        // Beyond these, names stand over each other.
        let groups: Vec<_> = groups.collect();
        let from = groups.len().saturating_sub(13);
        let series = vec![(t.get("report-deals-won"), Ink::First), (t.get("report-deals-lost"), Ink::Fourth)];
        let columns = Columns { title: title.clone(), description, series, groups: groups.into_iter().skip(from).collect() };
        chart::columns("groups-chart", &columns, compact)
    } else {
        let all = |group: &Group| {
            if by == By::Reason {
                datum(group.won + group.lost)
            } else {
                Datum::new(money.value(&group.won_amount), money.words(&group.won_amount))
            }
        };
        let bars = found.groups.iter().map(|(key, group)| (name(key), all(group))).take(15).collect();
        chart::bars("groups-chart", &Bars { title: title.clone(), description, ink: Ink::First, bars })
    };
    let heads =
        ["report-deals-won", "report-deals-lost", "report-win-rate", "report-won", "report-lost", "report-days-head"].map(|key| t.get(key));
    let heads: Vec<String> = [t.get(&format!("report-way-{}", by.as_str()))].into_iter().chain(heads).collect();
    vec![Part { id: "groups", note: String::new(), chart: Some(chart), grid: Some(grid(&title, &heads, rows.collect())), title }]
}

async fn activity(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    if page.asked.get("from").is_empty() {
        // What people do is looked at by the month.
        page.asked = page.asked.with("from", &reports::month_of(page.today).to_string());
    }
    let period = page.period();
    let run = reports::activity(&web.app, &who.actor, period).await?;
    let names = page.names().await?;
    let mut view = page.view("activity", &run).await?;
    view.notes.retain(|note| *note != Said::new().say(t.get("report-amounts-withheld")));
    view.fields = page.period_fields(period);
    let found: &Activity = &run.report;
    if !found.withheld.is_empty() {
        view.notes.push(Said::new().say(t.with("report-not-counted", "kinds", found.withheld.join(", "))));
    }
    if found.owners.is_empty() {
        view.empty = Some(t.get("report-activity-nothing"));
    } else {
        let sum = |does: Does| found.owners.iter().map(|(_, did)| did.get(&does).copied().unwrap_or_default()).sum::<usize>();
        view.figures = Does::ALL
            .map(|does| Figure {
                label: t.get(&format!("report-does-{}", does.as_str())),
                value: t.number(sum(does) as u64),
                note: String::new(),
            })
            .into();
        let rows = found.owners.iter().map(|(owner, did)| {
            let each = Does::ALL.map(|does| count(did.get(&does).copied().unwrap_or_default()));
            [Cell::Text(owner_name(t, &names, *owner))].into_iter().chain(each).chain([count(did.values().sum())]).collect()
        });
        let heads: Vec<String> = [t.get("report-owner")]
            .into_iter()
            .chain(Does::ALL.map(|does| t.get(&format!("report-does-{}", does.as_str()))))
            .chain([t.get("report-together")])
            .collect();
        let bars = found.owners.iter().map(|(owner, did)| {
            let all: usize = did.values().sum();
            (owner_name(t, &names, *owner), Datum::new(i64::try_from(all).unwrap_or(i64::MAX), t.number(all as u64)))
        });
        let bars = Bars {
            title: t.get("report-activity"),
            description: t.get("report-activity-chart"),
            ink: Ink::Second,
            bars: bars.take(15).collect(),
        };
        view.parts = vec![Part {
            id: "people",
            title: t.get("report-by-owner"),
            note: t.get("report-activity-note"),
            chart: Some(chart::bars("people-chart", &bars)),
            grid: Some(grid(t.get("report-activity"), &heads, rows.collect())),
        }];
    }
    Ok(Html(html(&view)?).into_response())
}

async fn cohorts(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    let run = reports::cohort(&web.app, &who.actor).await?;
    let mut view = page.view("cohorts", &run).await?;
    view.notes.retain(|note| *note != Said::new().say(t.get("report-amounts-withheld")));
    let found: &Cohort = &run.report;
    if !found.orders {
        view.notes.push(Said::new().say(t.get("report-no-orders")));
    }
    if found.of_nobody > 0 {
        view.notes.push(Said::new().say(t.count("report-of-nobody", found.of_nobody)));
    }
    if found.rows.iter().all(|row| row.customers == 0) {
        view.empty = Some(t.get("report-cohorts-nothing"));
    } else {
        let groups = found.rows.iter().enumerate().map(|(n, row)| {
            let n_of = |n: usize| Datum::new(i64::try_from(n).unwrap_or(i64::MAX), t.number(n as u64));
            (page.month_short(n, row.month), vec![n_of(row.customers)])
        });
        let columns = Columns {
            title: t.get("report-new-customers"),
            description: t.get("report-cohorts-chart"),
            series: vec![(t.get("report-new-customers"), Ink::First)],
            groups: groups.collect(),
        };
        let after = (0..usize::from(reports::COHORTS))
            .map(|n| if n == 0 { t.get("report-first-month") } else { t.with("report-month-after", "n", n) });
        let heads: Vec<String> = [t.get("report-month"), t.get("report-new-customers")].into_iter().chain(after.skip(1)).collect();
        let rows = found.rows.iter().map(|row| {
            let cell = |n: usize| match row.bought.get(n) {
                None => Cell::Empty,
                Some(_) if row.customers == 0 => Cell::Empty,
                Some(came) => Cell::Number(rate(t, u32::try_from(came * 1_000 / row.customers).ok())),
            };
            let came = (1..usize::from(reports::COHORTS)).map(cell);
            [Cell::Text(page.month(row.month)), count(row.customers)].into_iter().chain(came).collect()
        });
        view.parts = vec![Part {
            id: "cohorts",
            title: t.get("report-new-customers"),
            note: t.get("report-cohorts-note"),
            chart: Some(chart::columns("cohorts-chart", &columns, compact)),
            grid: Some(grid(t.get("report-cohorts"), &heads, rows.collect())),
        }];
    }
    Ok(Html(html(&view)?).into_response())
}
