//! The page after signing in, and the list of keys.

use std::sync::Arc;

use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Response},
    routing::get,
};
use catalogue::{Catalogue, Value, case, deal, task};
use crm::permits::{Import, Manage, ReadRecords, WriteRecords};
use crm::{
    dashboards,
    records::{Cell, Detail, Shown},
    timeline::Entry,
    views::{self, ListQuery, ListRow},
};
use http::Method;
use jiff::{ToSpan as _, civil::Date};
use kernel::{Instant, Result};

use super::desk::{self, Desk, SOON};
use crate::{
    approvals,
    dashboards::tiles,
    kit::{error::Refused, form::read, render::html, text::Text, who::Who},
    notices::pages::opened,
    records::pages::{Shower, href_of, icon_of, log, named},
    router::{Access, Route, Web},
    views::{
        home::{Closing, Due, Figure, Home, Recent, Step, Task, Waiting},
        keys::KeysPage,
        parts::{Chip, Said, Tone},
    },
};

/// The routes of this file.
pub const ROUTES: &[Route] =
    &[Route::new(Method::GET, "/", Access::Staff, || get(home)), Route::new(Method::GET, "/keys", Access::Staff, || get(keys))];

/// From how many days before its deadline a request shows as pressing.
const PRESSING: i32 = 14;

/// The most notices on the desk.
const TOLD: usize = 6;

async fn keys(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let t = who.text;
    let shell = who.shell(&web, &t.get("keys-title"), "", "/keys").await?;
    Ok(Html(html(&KeysPage { t, shell })?).into_response())
}

async fn home(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let t = who.text;
    let now = web.app.env().now();
    let desk = desk::read(&web, &who).await?;
    let me = who.actor.staff().map(|id| id.to_string()).unwrap_or_default();
    let writes = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(task::KIND).is_some());
    let mut view = Home {
        t,
        shell: who.shell(&web, &t.get("home-title"), "home", "/").await?,
        today: t.weekday(desk.as_ref().map_or_else(|| now.day(), |desk| desk.today)),
        figures: Vec::new(),
        steps: steps(&web, &who).await?,
        told: Vec::new(),
        tasks: None,
        closing: None,
        cases: None,
        due: None,
        waiting: None,
        recent: Vec::new(),
        changed: Vec::new(),
        new_task: writes.then(|| "/records/task/new".to_owned()),
        all_tasks: format!("/records/task?sort=due&field=done&op=ne&value=true&field=owner&op=eq&value={me}"),
        all_cases: format!("/records/case?sort=service_due&field=owner&op=eq&value={me}"),
        all_deals: format!("/records/deal?sort=expected_close&field=owner&op=eq&value={me}"),
        recorded: String::new(),
        board: String::new(),
        href: String::new(),
        tiles: Vec::new(),
        composing: false,
        version: 0,
    };
    view.shell.notices.extend(log::acted(t, &asked, "/"));
    if let Some(one) = web.app.read(&who.actor, dashboards::on_desk).await? {
        view.href = format!("/dashboards/{}", one.id);
        view.tiles = tiles::of(&web, &who, &one).await?;
        view.board = one.name.expose().clone();
    }
    if view.shell.unread > 0 {
        view.told = opened(&web, &who, true, None, TOLD).await?.told(&web, &who);
    }
    if let Some(desk) = desk {
        Telling { t, now, desk: &desk, kinds: web.catalogue(t) }.fill(&mut view);
    }
    Ok(Html(html(&view)?).into_response())
}

/// A desk on its way to the page.
struct Telling<'a> {
    t: Text,
    now: Instant,
    desk: &'a Desk,
    kinds: Arc<Catalogue>,
}

impl Telling<'_> {
    fn fill(&self, view: &mut Home) {
        let desk = self.desk;
        view.tasks = desk.tasks.as_ref().map(|(page, _)| page.rows.iter().map(|row| self.task(row)).collect());
        view.closing = desk.deals.as_ref().map(|(page, _)| page.rows.iter().map(|row| self.closing(row)).collect());
        // Who has none is not told so: many answer no cases.
        let cases = desk.cases.as_ref().map(|(page, _)| page.rows.iter().map(|row| self.case(row)).collect::<Vec<_>>());
        view.cases = cases.filter(|cases| !cases.is_empty());
        view.due = desk.requests.as_ref().map(|_| self.requests());
        view.waiting = desk.approvals.as_ref().map(|_| self.approvals());
        view.recent = desk.opened.iter().map(|one| self.recent(&one.shown, one.at)).collect();
        view.changed = desk.changed.iter().map(|entry| self.changed(entry)).collect();
        view.figures = self.figures(view);
        let shown = desk.changed.len()
            + desk.opened.len()
            + desk.tasks.iter().chain(&desk.deals).chain(&desk.cases).map(|(page, _)| page.rows.len()).sum::<usize>();
        if shown > 0 {
            view.recorded = self.t.get("home-recorded");
        }
    }

    /// A day as a chip: how far it is where that matters, else the date alone.
    fn day(&self, day: Date) -> Chip {
        let today = self.desk.today;
        let late = day < today;
        let near = day <= today.saturating_add(PRESSING.days());
        let words = if near { self.t.deadline(day, today) } else { self.t.day(day) };
        Chip::new(
            words,
            if late {
                Tone::Held
            } else if day <= today.saturating_add(2.days()) {
                Tone::Time
            } else {
                Tone::Plain
            },
        )
    }

    /// Whom or what it is about, as far as that may be seen.
    fn about(row: &ListRow) -> String {
        row.links.values().map(|to| to.title.clone()).collect::<Vec<_>>().join(" · ")
    }

    fn task(&self, row: &ListRow) -> Task {
        let due = match row.shown.cell(task::DUE) {
            Some(Cell::Shown(Value::Date(day))) => Some(self.day(*day)),
            _ => None,
        };
        let title = named(self.t, &row.shown.title);
        Task { title, href: href_of(task::KIND, row.shown.id), about: Self::about(row), due }
    }

    fn closing(&self, row: &ListRow) -> Closing {
        let shower = Shower { t: self.t, now: self.now, zone: self.desk.zone.clone(), links: Default::default() };
        let kind = self.kinds.kind(deal::KIND);
        let words = |key: &str| match (kind.and_then(|kind| kind.field(key)), row.shown.cell(key)) {
            (Some(field), Some(Cell::Shown(value))) => shower.words(field, value),
            _ => String::new(),
        };
        let when = match row.shown.cell(deal::EXPECTED_CLOSE) {
            Some(Cell::Shown(Value::Date(day))) => self.day(*day),
            _ => Chip::new(String::new(), Tone::Plain),
        };
        Closing {
            title: named(self.t, &row.shown.title),
            href: href_of(deal::KIND, row.shown.id),
            about: Self::about(row),
            amount: words(deal::AMOUNT),
            stage: Chip::new(words(deal::STAGE), Tone::Plain),
            when,
        }
    }

    fn case(&self, row: &ListRow) -> Task {
        let due = match (row.shown.cell(case::SERVICE_DUE), row.shown.cell(case::SERVICE)) {
            (Some(Cell::Shown(Value::Time(at))), Some(Cell::Shown(Value::Text(state)))) => {
                let late = *at <= self.now;
                let tone = if late { Tone::Held } else { crate::service::words::tone_of(state) };
                Some(Chip::new(self.t.when(*at, self.now, &self.desk.zone), tone))
            }
            _ => None,
        };
        Task { title: named(self.t, &row.shown.title), href: href_of(case::KIND, row.shown.id), about: Self::about(row), due }
    }

    fn requests(&self) -> Vec<Due> {
        let Some((open, people)) = &self.desk.requests else { return Vec::new() };
        let one = |request: &crm::requests::Request| {
            let day = request.due.day();
            let left = (day - self.desk.today).get_days();
            let tone = if left < 0 {
                Tone::Held
            } else if left <= PRESSING {
                Tone::Time
            } else {
                Tone::Plain
            };
            Due {
                title: self.t.get(&format!("request-right-{}", request.right)),
                who: people.get(&request.person).cloned().unwrap_or_else(|| self.t.get("request-person-gone")),
                href: format!("/requests/{}", request.id),
                when: Chip::new(self.t.deadline(day, self.desk.today), tone),
            }
        };
        open.iter().map(one).collect()
    }

    fn approvals(&self) -> Vec<Waiting> {
        let Some((proposals, needed)) = &self.desk.approvals else { return Vec::new() };
        let one = |proposal: &crm::disposal::Proposal| {
            let when = self.t.when(proposal.at, self.now, &self.desk.zone);
            Waiting {
                title: approvals::pages::title(self.t, proposal),
                href: format!("/approvals/{}", proposal.id),
                note: self.t.with2("home-proposed", "name", self.desk.names.who(self.t, &proposal.by), "when", when),
                state: Chip::new(self.t.with2("approvals-state", "done", proposal.approvals.len(), "needed", needed), Tone::Time),
            }
        };
        proposals.iter().take(8).map(one).collect()
    }

    fn recent(&self, shown: &Shown, at: Instant) -> Recent {
        Recent {
            name: named(self.t, &shown.title),
            href: href_of(&shown.kind, shown.id),
            icon: icon_of(&shown.kind).to_owned(),
            note: String::new(),
            iso: at.to_string(),
            when: self.t.when(at, self.now, &self.desk.zone),
        }
    }

    fn changed(&self, entry: &Entry) -> Recent {
        let what = match (entry.what.ends_with(".created"), entry.changed.is_empty()) {
            (true, _) => self.t.get("home-created"),
            (false, true) => self.t.get("home-changed-some"),
            (false, false) => self.t.with("home-changed-fields", "fields", self.t.fields(&entry.kind, &entry.changed)),
        };
        let who = entry.actor.as_deref().map(|actor| self.desk.names.who(self.t, actor));
        Recent {
            name: named(self.t, &entry.title),
            href: href_of(&entry.kind, entry.record),
            icon: icon_of(&entry.kind).to_owned(),
            note: who.map_or(what.clone(), |who| self.t.with2("home-changed-by", "what", what, "who", who)),
            iso: entry.at.to_string(),
            when: self.t.when(entry.at, self.now, &self.desk.zone),
        }
    }

    fn figures(&self, view: &Home) -> Vec<Figure> {
        let t = self.t;
        let number = |n: usize| t.number(n as u64);
        let figure = |key: &str, value: String, note: String, presses: bool, href: &str| Figure {
            label: t.get(&format!("home-figure-{key}")),
            value,
            note: Said::new().say(note),
            presses,
            href: href.to_owned(),
        };
        let mut all = Vec::new();
        if let Some((_, due)) = &self.desk.tasks {
            let value = t.counted(*due);
            all.push(figure("tasks", value, t.get("home-figure-tasks-note"), *due != Some(0), &view.all_tasks));
        }
        if let Some((_, closing)) = &self.desk.deals {
            let value = t.counted(*closing);
            all.push(figure("deals", value, t.with("home-figure-deals-note", "days", SOON), false, &view.all_deals));
        }
        if let Some((_, due)) = self.desk.cases.as_ref().filter(|(page, _)| !page.rows.is_empty()) {
            let value = t.counted(*due);
            all.push(figure("cases", value, t.get("home-figure-cases-note"), *due != Some(0), &view.all_cases));
        }
        if let Some((open, _)) = &self.desk.requests {
            let next = open.first().map(|request| request.due.day());
            let note =
                next.map_or_else(|| t.get("home-figure-requests-none"), |day| t.with("home-figure-requests-next", "when", t.day(day)));
            let presses = next.is_some_and(|day| day <= self.desk.today.saturating_add(PRESSING.days()));
            all.push(figure("requests", number(open.len()), note, presses, "/requests"));
        }
        if let Some((proposals, _)) = &self.desk.approvals {
            let value = number(proposals.len());
            all.push(figure("approvals", value, t.get("home-figure-approvals-note"), !proposals.is_empty(), "/approvals"));
        }
        all
    }
}

/// The first steps, for whoever may take them; nothing once people are here and rules are adopted.
async fn steps(web: &Web, who: &Who) -> Result<Vec<Step>> {
    let t = who.text;
    let (imports, manages) = (who.actor.permit::<Import>().is_ok(), who.actor.permit::<Manage>().is_ok());
    if !(imports && manages) {
        return Ok(Vec::new());
    }
    let permit = who.actor.permit::<ReadRecords>()?;
    let (people, rules) = web
        .app
        .read(&who.actor, move |unit| {
            let query = ListQuery { limit: 1, ..ListQuery::of(catalogue::person::KIND) };
            let rules = crm::retention::rules(unit)?.iter().filter(|rule| rule.active).count();
            let aside = unit.plain(rules)?;
            Ok(views::list(unit, &permit, &query, Detail::Masked)?.map(|page| !page.rows.is_empty()).and(aside))
        })
        .await?;
    let step = |key: &str, href: &str, done: bool| Step {
        title: t.get(&format!("step-{key}")),
        note: t.get(&format!("step-{key}-note")),
        href: href.to_owned(),
        done,
    };
    let all =
        vec![step("rules", "/setup/place", rules > 0), step("people", "/import", people), step("colleagues", "/settings/users", false)];
    Ok(if people && rules > 0 { Vec::new() } else { all })
}
