//! The page where service targets are set.

use std::collections::BTreeSet;

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{Choice as Option_, case};
use crm::{
    identity::staff,
    permits::{Manage, ReadRecords},
    service::{self, Day, Hours, Set, Span, Target, Targets},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Problem, Result};
use serde::Deserialize;

use super::words::day;
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::{Choice, Notice},
        names::Names,
        render::html,
        who::Who,
    },
    router::{Access, Route, Web},
    settings::pages::shell,
    views::{
        parts::{Control, Field},
        settings::{ServiceRow, ServiceStatus, SettingsService},
    },
};

/// The routes of this page.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/service", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/service", Access::Staff, || post(save)),
];

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    done: String,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    let mut view = view(&web, &who, None, &[]).await?;
    if asked.done == "saved" {
        view.shell.notices.push(Notice::done(view.t.get("service-saved")));
    }
    Ok(Html(html(&view)?).into_response())
}

/// Minutes as `1:30`.
fn clock(minutes: Option<u32>) -> String {
    minutes.map(|minutes| format!("{}:{:02}", minutes / 60, minutes % 60)).unwrap_or_default()
}

/// Minutes from `1:30`; nothing from an empty text, and an error from anything else.
fn minutes(text: &str) -> Result<Option<u32>, ()> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    let (hours, minutes) = text.split_once(':').ok_or(())?;
    let digits = |text: &str, most: usize| !text.is_empty() && text.len() <= most && text.bytes().all(|b| b.is_ascii_digit());
    if !digits(hours, 5) || minutes.len() != 2 || !digits(minutes, 2) {
        return Err(());
    }
    let (hours, minutes): (u32, u32) = (hours.parse().map_err(drop)?, minutes.parse().map_err(drop)?);
    if minutes < 60 { Ok(Some(hours * 60 + minutes)) } else { Err(()) }
}

fn options(web: &Web, who: &Who, key: &str) -> Result<Vec<Option_>> {
    let kind = web.catalogue(who.text).need(case::KIND)?;
    Ok(kind.field(key).map(|field| field.options.clone()).unwrap_or_default())
}

/// The page: as targets are set, or as they were typed and refused.
async fn view(web: &Web, who: &Who, typed: Option<&Fields>, problems: &[Problem]) -> Result<SettingsService> {
    let (permit, reads) = (who.actor.permit::<Manage>()?, who.actor.permit::<ReadRecords>()?);
    let t = who.text;
    let read = move |unit: &mut crm::permits::Unit| {
        let now = service::targets(unit)?;
        let before = service::history(unit, &permit)?;
        Ok(now.and(before).and(staff::directory(unit, &reads)?))
    };
    let ((set, before), names) = web.app.read(&who.actor, read).await?;
    let (names, zone) = (Names::of(names), who.clock(web).await?);
    let (priorities, statuses) = (options(web, who, case::PRIORITY)?, options(web, who, case::STATUS)?);
    let targets = &set.targets;
    let value = |name: &str, set: String| typed.map_or(set, |typed| typed.get(name).to_owned());
    let ticked = |name: &str, key: &str, set: bool| typed.map_or(set, |typed| typed.all(name).any(|one| one == key));
    let wrong = |pointer: &str| -> Vec<String> {
        problems
            .iter()
            .filter(|problem| problem.pointer == pointer || problem.pointer.starts_with(&format!("{pointer}/")))
            .map(|problem| t.problem(problem))
            .collect()
    };
    let row = |option: &Option_| {
        let target = targets.targets.get(&option.key);
        ServiceRow {
            key: option.key.clone(),
            label: option.label.clone(),
            reply: value(&format!("reply_{}", option.key), clock(target.and_then(|target| target.reply))),
            solve: value(&format!("solve_{}", option.key), clock(target.and_then(|target| target.solve))),
            always: ticked("always", &option.key, target.is_some_and(|target| target.around_the_clock)),
            problems: wrong(&format!("/targets/{}", option.key)),
        }
    };
    let status = |option: &Option_| ServiceStatus {
        key: option.key.clone(),
        label: option.label.clone(),
        pauses: ticked("pauses", &option.key, targets.pauses.contains(&option.key)),
        answers: ticked("answers", &option.key, targets.answers.contains(&option.key)),
        ends: ticked("ends", &option.key, targets.ends.contains(&option.key)),
    };
    let chosen = |name: &str, all: &[Option_], set: Option<&str>| {
        let set = value(name, set.unwrap_or_default().to_owned());
        all.iter().map(|option| Choice::new(&option.key, &option.label, option.key == set)).collect::<Vec<_>>()
    };
    let with = |mut field: Field, pointer: &str| {
        field.problems.extend(wrong(pointer));
        field
    };
    let days = Day::ALL.map(|of| {
        let name = format!("day_{}", of.as_str());
        let set = targets.hours.week.get(&of).map(Span::to_string).unwrap_or_default();
        with(Field::new(name.clone(), day(t, of), Control::Text).value(value(&name, set)), &format!("/hours/week/{}", of.as_str()))
    });
    let country = value("country", targets.hours.country.clone().unwrap_or_default());
    let mut countries: Vec<Choice> =
        service::countries().into_iter().map(|code| Choice::new(code, t.country(code), code == country)).collect();
    countries.sort_by(|a, b| a.label.cmp(&b.label));
    let holidays = targets.hours.holidays.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n");
    let zone_field = Field::new("zone", t.get("service-zone"), Control::Text).required().value(value("zone", targets.hours.zone.clone()));
    let usual = Control::Choice(chosen("usual", &priorities, Some(&targets.usual)));
    let resumes = Control::Choice(chosen("resumes", &statuses, targets.resumes.as_deref()));
    let warn = Control::Number { step: "1".to_owned() };
    let told = |set: &Set| {
        let at = set.at.map(|at| t.moment(at, &zone)).unwrap_or_default();
        t.with_all("service-version", &[("version", set.version.to_string()), ("when", at), ("who", names.who(t, &set.actor))])
    };
    Ok(SettingsService {
        t,
        shell: shell(web, who, "/settings/service").await?,
        version: set.version,
        // The most urgent is the last of the choices, and comes first here.
        rows: priorities.iter().rev().map(row).collect(),
        statuses: statuses.iter().map(status).collect(),
        status_problems: ["/pauses", "/answers", "/ends"].into_iter().flat_map(&wrong).collect(),
        days: days.into(),
        week_problems: problems.iter().filter(|problem| problem.pointer == "/hours/week").map(|problem| t.problem(problem)).collect(),
        calendar: vec![
            with(zone_field.help(t.get("service-zone-help")), "/hours/zone"),
            with(Field::new("country", t.get("service-country"), Control::Choice(countries)), "/hours/country"),
            with(
                Field::new("holidays", t.get("service-holidays"), Control::LongText)
                    .value(value("holidays", holidays))
                    .help(t.get("service-holidays-help")),
                "/hours/holidays",
            ),
        ],
        more: vec![
            with(Field::new("usual", t.get("service-usual"), usual).required(), "/usual"),
            with(Field::new("resumes", t.get("service-resumes"), resumes).help(t.get("service-resumes-help")), "/resumes"),
            with(
                Field::new("warn", t.get("service-warn"), warn)
                    .required()
                    .value(value("warn", targets.warn.to_string()))
                    .help(t.get("service-warn-help")),
                "/warn",
            ),
        ],
        before: if set.version == 0 { vec![t.get("service-shipped")] } else { before.iter().map(told).collect() },
    })
}

/// What was typed, or everything that is wrong with how it is written.
fn targets(web: &Web, who: &Who, fields: &Fields) -> Result<Targets> {
    let mut problems = Vec::new();
    let mut say = |pointer: String, code: &'static str, detail: &str| {
        problems.push(Problem { pointer, code, detail: detail.to_owned() });
    };
    let set = |name: &str| -> BTreeSet<String> { fields.all(name).map(str::to_owned).collect() };
    let mut targets = Targets { targets: Default::default(), ..Targets::default() };
    let always = set("always");
    for option in options(web, who, case::PRIORITY)? {
        let mut read = |name: &str| {
            minutes(fields.get(&format!("{name}_{}", option.key))).unwrap_or_else(|()| {
                say(format!("/targets/{}/{name}", option.key), "not_a_span", "Write hours and minutes, such as 1:30.");
                None
            })
        };
        let (reply, solve) = (read("reply"), read("solve"));
        if reply.is_some() || solve.is_some() {
            let around_the_clock = always.contains(&option.key);
            targets.targets.insert(option.key.clone(), Target { reply, solve, around_the_clock });
        }
    }
    let mut hours = Hours { week: Default::default(), zone: fields.get("zone").trim().to_owned(), ..Hours::default() };
    for of in Day::ALL {
        let text = fields.get(&format!("day_{}", of.as_str())).trim().replace(['–', ' '], "-").replace("--", "-");
        match Span::parse(&text.replace("--", "-")) {
            Some(span) => drop(hours.week.insert(of, span)),
            None if text.is_empty() => {}
            None => say(format!("/hours/week/{}", of.as_str()), "not_hours", "Write from when to when, such as 09:00-17:00."),
        }
    }
    hours.country = Some(fields.get("country").to_owned()).filter(|code| !code.is_empty());
    for line in fields.get("holidays").split_whitespace() {
        match line.parse() {
            Ok(day) => drop(hours.holidays.insert(day)),
            Err(_) => {
                say("/hours/holidays".to_owned(), "not_a_date", "Write each day as 2026-12-24, on a line of its own.");
                break;
            }
        }
    }
    targets.warn = fields.get("warn").trim().parse().unwrap_or(u8::MAX);
    targets.usual = fields.get("usual").to_owned();
    targets.resumes = Some(fields.get("resumes").to_owned()).filter(|key| !key.is_empty());
    (targets.pauses, targets.answers, targets.ends, targets.hours) = (set("pauses"), set("answers"), set("ends"), hours);
    if problems.is_empty() {
        return Ok(targets);
    }
    Err(Error::new(Code::InvalidInput, "These targets cannot be set; nothing was changed.").with_problems(problems))
}

async fn save(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<Manage>()?;
    let expected = fields.get("version").parse::<i64>().ok();
    let done = match targets(&web, &who, &fields) {
        Ok(targets) => web.app.write(&who.actor, move |unit| service::set(unit, &permit, expected, &targets)).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(_) => Ok(Redirect::to("/settings/service?done=saved").into_response()),
        Err(error) if [Code::InvalidInput, Code::VersionConflict].contains(&error.code()) => {
            let mut view = view(&web, &who, Some(&fields), error.problems()).await?;
            let words = if error.code() == Code::VersionConflict { who.text.get("service-changed") } else { who.text.get("service-wrong") };
            view.shell.notices.push(Notice::wrong(words));
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn minutes_read_as_they_are_shown_and_nothing_else_does() {
        for known in [None, Some(1), Some(59), Some(90), Some(4_800)] {
            assert_eq!(minutes(&clock(known)), Ok(known));
        }
        for wrong in ["1", "1:5", "1:60", ":30", "1h", "-1:00", "999999:00", "1:30:00"] {
            assert_eq!(minutes(wrong), Err(()), "{wrong}");
        }
    }
}
