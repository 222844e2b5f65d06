//! The page after signing in, and the list of keys.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
    routing::get,
};
use catalogue::{Value, task};
use crm::permits::{HandleRequests, Import, Manage, ReadRecords, Unit};
use crm::{
    records::{Cell, Detail},
    requests,
    views::{self, Condition, Filter, ListQuery, Op, Sort},
};
use http::Method;
use jiff::{ToSpan as _, tz::TimeZone};
use kernel::Result;

use crate::{
    kit::{error::Refused, render::html, text::Text, who::Who},
    records::pages::{capital, href_of, named, zone},
    router::{Access, Route, Web},
    views::{
        home::{Due, Home, Step, Task},
        keys::KeysPage,
        parts::{Chip, Tone},
    },
};

/// The routes of this file.
pub const ROUTES: &[Route] =
    &[Route::new(Method::GET, "/", Access::Staff, || get(home)), Route::new(Method::GET, "/keys", Access::Staff, || get(keys))];

/// The tasks that stand on the page.
const TASKS: usize = 8;

async fn keys(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let t = Text::english();
    let shell = who.shell(&web, &t.get("keys-title"), "", "/keys").await?;
    Ok(Html(html(&KeysPage { t, shell })?).into_response())
}

async fn home(State(web): State<Web>, who: Who) -> Result<Response, Refused> {
    let t = Text::english();
    let zone = web
        .app
        .read(&who.actor, |unit: &mut Unit| {
            let zone = zone(unit)?;
            unit.plain(zone)
        })
        .await?;
    let today = web.app.env().now().day_in(&zone);
    let tasks = my_tasks(&web, &who, &zone).await?;
    let view = Home {
        t,
        shell: who.shell(&web, &t.get("home-title"), "home", "/").await?,
        today: t.weekday(today),
        figures: Vec::new(),
        steps: steps(&web, &who).await?,
        tasks,
        due: due(&web, &who, &zone).await?,
        recent: Vec::new(),
    };
    Ok(Html(html(&view)?).into_response())
}

/// My open tasks, the next due first.
async fn my_tasks(web: &Web, who: &Who, zone: &TimeZone) -> Result<Vec<Task>> {
    let t = Text::english();
    let reads = who.actor.permit::<ReadRecords>().is_ok_and(|permit| permit.over(task::KIND).is_some());
    let Some(me) = who.actor.staff().filter(|_| reads) else { return Ok(Vec::new()) };
    let open = Filter::One(Condition::new(task::DONE, Op::Ne, true));
    let mine = Filter::One(Condition::new("owner", Op::Eq, me.to_string()));
    let query = ListQuery {
        filter: Some(Filter::All { all: vec![open, mine] }),
        sort: Sort { by: task::DUE.to_owned(), descending: false },
        columns: vec![task::DUE.to_owned(), task::PERSON.to_owned()],
        limit: TASKS,
        ..ListQuery::of(task::KIND)
    };
    let page = views::serve(&web.app, &who.actor, query, Detail::Masked).await?;
    let today = web.app.env().now().day_in(zone);
    let one = |row: &views::ListRow| {
        let due = match row.shown.cell(task::DUE) {
            Some(Cell::Shown(Value::Date(day))) => {
                let tone = if *day <= today { Tone::Time } else { Tone::Plain };
                let near = *day < today || *day <= today.saturating_add(14.days());
                Some(Chip::new(if near { t.deadline(*day, today) } else { t.day(*day) }, tone))
            }
            _ => None,
        };
        Task {
            title: named(t, &row.shown.title),
            href: href_of(task::KIND, row.shown.id),
            about: row.links.values().next().map(|to| to.title.clone()).unwrap_or_default(),
            due,
        }
    };
    Ok(page.rows.iter().map(one).collect())
}

/// What falls due of people's requests.
async fn due(web: &Web, who: &Who, zone: &TimeZone) -> Result<Vec<Due>> {
    let t = Text::english();
    let permit = who.actor.permit::<HandleRequests>().ok().filter(|permit| permit.over(catalogue::person::KIND).is_some());
    let Some(permit) = permit else { return Ok(Vec::new()) };
    let all = web.app.read(&who.actor, move |unit| requests::list(unit, &permit, 200)).await?;
    let today = web.app.env().now().day_in(zone);
    let mut open: Vec<_> = all.into_iter().filter(|request| request.closed.is_none()).collect();
    open.sort_by_key(|request| request.due);
    let one = |request: &requests::Request| {
        let day = request.due.day();
        let tone = if (day - today).get_days() <= 14 { Tone::Time } else { Tone::Plain };
        let title = t.with("home-request", "right", capital(&request.right));
        Due { title, href: format!("/requests/{}", request.id), when: Chip::new(t.deadline(day, today), tone) }
    };
    Ok(open.iter().take(8).map(one).collect())
}

/// The first steps, for whoever may take them; nothing once people are here and rules are adopted.
async fn steps(web: &Web, who: &Who) -> Result<Vec<Step>> {
    let t = Text::english();
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
