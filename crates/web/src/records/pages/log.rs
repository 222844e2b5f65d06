//! Writing down what happened, from the page of the record it is about: a note, a task, a comment that calls colleagues.

mod mentions;

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use catalogue::{Kind, Value, note, task};
use crm::permits::{ReadRecords, Unit, WriteRecords};
use crm::{
    identity::staff::{self, Colleague},
    records::{self, Fields as Values, NewRecord, RecordPatch},
};
use http::StatusCode;
use jiff::{
    ToSpan as _,
    civil::{Date, DateTime, Time},
    tz::TimeZone,
};
use kernel::{Code, Error, Instant, Problem, RecordId, Result, UserId};

use super::{At, form::link_to, href_of, record, redirect, zone};
use crate::{
    identity::pages::ours,
    kit::{
        error::Refused,
        form::{Fields, Form},
        layout::Choice,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        parts::{Control, Field},
        record::Composer,
    },
};

/// What may be written: the word in the form.
const AS: [&str; 3] = ["note", "task", "comment"];
/// When a reminder comes, counted from when the task is due.
const REMINDERS: [&str; 5] = ["none", "due", "hour", "day", "week"];
/// A day without a time begins at nine, for those who are reminded of it.
const MORNING: Time = Time::constant(9, 0, 0, 0);
/// The longest title that is made from a text's first line.
const TITLE_MAX: usize = 200;
/// Colleagues who can be ticked.
const COLLEAGUES: usize = 200;

/// What was typed into the composer, and what is wrong with it.
#[derive(Clone, Debug, Default)]
pub(super) struct Typed {
    fields: Fields,
    problems: Vec<Problem>,
}

impl Typed {
    fn get(&self, name: &str) -> &str {
        self.fields.get(name).trim()
    }

    fn wrong<'a>(&'a self, place: &'a str) -> impl Iterator<Item = String> + 'a {
        self.problems.iter().filter(move |problem| problem.pointer == place).map(|problem| problem.detail.clone())
    }
}

/// Who and what the composer offers.
pub(super) struct House<'a> {
    pub(super) colleagues: &'a [(UserId, String)],
    pub(super) me: Option<UserId>,
}

/// The composer of a record's page, as far as this user may write; `None` where nothing can be written about the record's kind.
pub(super) fn composer(web: &Web, who: &Who, about: &Kind, href: &str, house: &House<'_>, typed: Option<&Typed>) -> Option<Composer> {
    let (t, catalogue, empty) = (who.text, web.catalogue(who.text), Typed::default());
    let writes = who.actor.permit::<WriteRecords>().ok()?;
    let fits = |key: &str| {
        let linked = catalogue.kind(key).is_some_and(|kind| link_to(kind, &about.key).is_some());
        linked && writes.over(key).is_some()
    };
    let (notes, tasks) = (fits(note::KIND), fits(task::KIND));
    let typed = typed.unwrap_or(&empty);
    let offered: Vec<&str> = AS.into_iter().filter(|word| if *word == "task" { tasks } else { notes }).collect();
    let chosen = offered.iter().copied().find(|word| *word == typed.get("as")).or_else(|| offered.first().copied())?;
    let field = |name: &str, control: Control| {
        let mut field = Field::new(format!("log.{name}"), t.get(&format!("log-{name}")), control).value(typed.get(&format!("log.{name}")));
        field.problems.extend(typed.wrong(name));
        field
    };
    let choices = |name: &str, words: &[&str], by_default: &str| {
        let now = Some(typed.get(&format!("log.{name}"))).filter(|now| !now.is_empty()).unwrap_or(by_default).to_owned();
        words.iter().map(|word| Choice::new(*word, t.get(&format!("log-{name}-{word}")), *word == now)).collect::<Vec<_>>()
    };
    let owner = typed.get("log.owner").parse().ok().or(house.me);
    let owners = house.colleagues.iter().map(|(id, name)| Choice::new(id.to_string(), name, Some(*id) == owner)).collect();
    let ticked: Vec<&str> = typed.fields.all("mention").collect();
    let others = house.colleagues.iter().filter(|(id, _)| Some(*id) != house.me).take(COLLEAGUES);
    Some(Composer {
        action: format!("{href}/log"),
        kinds: offered.iter().map(|word| Choice::new(*word, t.get(&format!("log-as-{word}")), *word == chosen)).collect(),
        text: typed.fields.get("text").to_owned(),
        problems: typed.wrong("text").collect(),
        note: vec![field("type", Control::Choice(choices("type", &["note", "call", "meeting"], "note"))).required()],
        task: vec![
            field("due", Control::Date),
            field("time", Control::Time),
            field("owner", Control::Choice(owners)).required(),
            field("remind", Control::Choice(choices("remind", &REMINDERS, "due"))).required(),
        ],
        colleagues: others.map(|(id, name)| Choice::new(id.to_string(), name, ticked.contains(&id.to_string().as_str()))).collect(),
        refused: !typed.problems.is_empty(),
    })
}

/// Those who work here, by name.
pub(super) fn working(colleagues: &[Colleague]) -> Vec<(UserId, String)> {
    let mut all: Vec<(UserId, String)> =
        colleagues.iter().filter(|one| one.active).map(|one| (one.id, one.name.expose().clone())).collect();
    all.sort_by_key(|(_, name)| name.to_lowercase());
    all
}

/// Writes a note, a task or a comment about a record. What cannot be accepted comes back with what was typed.
pub(super) async fn log(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let (about, id) = (at.kind(&web)?, at.id()?);
    let permit = who.actor.permit::<WriteRecords>()?;
    let word = AS.into_iter().find(|word| *word == fields.get("as")).ok_or_else(|| Error::not_found("page"))?;
    let kind = web.catalogue(who.text).need(if word == "task" { task::KIND } else { note::KIND })?;
    permit.need(&kind)?;
    let link = link_to(&kind, &about.key).ok_or_else(|| Error::not_found("page"))?.to_owned();
    let reading = who.actor.permit::<ReadRecords>()?;
    let (colleagues, zone) = {
        let read = move |unit: &mut Unit| {
            let known = records::find(unit, id)?.is_some_and(|row| records::in_scope(&reading, &row));
            let zone = zone(unit)?;
            let aside = unit.plain((known, zone))?;
            Ok(staff::directory(unit, &reading)?.and(aside))
        };
        let (colleagues, (known, zone)) = web.app.read(&who.actor, read).await?;
        if !known {
            return Err(Error::not_found("record").into());
        }
        (working(&colleagues), who.zone(zone))
    };
    let clock = Clock { now: web.app.env().now(), zone };
    let mut typed = Typed { fields, problems: Vec::new() };
    let made = match values(who.text, &kind, word, &mut typed, &colleagues, &clock) {
        None => Err(Error::new(Code::InvalidInput, "")),
        Some((mut values, owner)) => {
            values.insert(link, Value::Link(id));
            let new = NewRecord { owner, ..NewRecord::new(&kind.key, values) };
            web.app.write(&who.actor, move |unit| records::create(unit, &permit, new.clone())).await
        }
    };
    match made {
        Ok(_) => Ok(redirect(&format!("{}?logged={word}#time", href_of(&about.key, id)))),
        Err(error) if error.code() == Code::InvalidInput => {
            let known = |pointer: &str| match pointer.trim_start_matches('/') {
                place @ ("due" | "owner" | "type") => place.to_owned(),
                _ => "text".to_owned(),
            };
            typed.problems.extend(error.problems().iter().map(|p| Problem {
                pointer: known(&p.pointer),
                detail: who.text.problem(p),
                ..p.clone()
            }));
            let page = record::composed(&web, &who, &about, id, typed).await?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

/// The house's clock.
struct Clock {
    now: Instant,
    zone: TimeZone,
}

impl Clock {
    fn at(&self, local: DateTime) -> Option<Instant> {
        let zoned = local.to_zoned(self.zone.clone()).ok()?;
        Some(Instant::from_micros(zoned.timestamp().as_microsecond()))
    }
}

/// The fields and the owner that were meant; `None` when something is wrong, which then stands in `typed`.
fn values(
    t: Text,
    kind: &Kind,
    word: &str,
    typed: &mut Typed,
    colleagues: &[(UserId, String)],
    clock: &Clock,
) -> Option<(Values, Option<UserId>)> {
    let text = typed.fields.get("text").replace("\r\n", "\n").trim().to_owned();
    let (title, rest) = titled(&text);
    let mut json = serde_json::Map::new();
    json.insert(note::TITLE.to_owned(), title.into());
    if !rest.is_empty() {
        json.insert(note::TEXT.to_owned(), rest.into());
    }
    let mut problems = Vec::new();
    let mut say = |place: &str, detail: String| problems.push(Problem { pointer: place.to_owned(), code: "invalid", detail });
    if text.is_empty() {
        say("text", t.get("log-text-empty"));
    }
    let mut owner = None;
    if word == "task" {
        let due: Option<Date> = typed.get("log.due").parse().ok();
        let time: Option<Time> = typed.get("log.time").parse().ok();
        if due.is_none() && !typed.get("log.due").is_empty() {
            say("due", t.get("log-due-wrong"));
        }
        if time.is_none() && !typed.get("log.time").is_empty() {
            say("time", t.get("log-time-wrong"));
        } else if time.is_some() && due.is_none() {
            say("due", t.get("log-due-needed"));
        }
        if let Some(due) = due {
            json.insert(task::DUE.to_owned(), due.to_string().into());
            let due_at = time.and_then(|time| clock.at(due.to_datetime(time)));
            json.extend(due_at.map(|at| (task::DUE_AT.to_owned(), at.to_string().into())));
        }
        match (typed.get("log.remind"), due) {
            ("none" | "" | "due", None) => {}
            (_, None) => say("remind", t.get("log-remind-needs-due")),
            (word, Some(due)) => {
                // What would have come already does not come.
                let at = reminder(word, due, time).and_then(|at| clock.at(at)).filter(|at| *at > clock.now);
                json.extend(at.map(|at| (task::REMIND.to_owned(), at.to_string().into())));
            }
        }
        owner = match typed.get("log.owner") {
            "" => None,
            id => match id.parse().ok().filter(|id| colleagues.iter().any(|(one, _)| one == id)) {
                Some(id) => Some(id),
                None => {
                    say("owner", t.get("log-owner-wrong"));
                    None
                }
            },
        };
    } else {
        let sort = if word == "comment" { word } else { Some(typed.get("log.type")).filter(|sort| !sort.is_empty()).unwrap_or("note") };
        json.insert(note::TYPE.to_owned(), sort.into());
        let ticked = typed.fields.all("mention").filter_map(|id| id.parse().ok());
        let mut called: Vec<UserId> = mentions::mentioned(&text, colleagues);
        called.extend(ticked.filter(|id| colleagues.iter().any(|(one, _)| one == id)));
        called.sort_unstable();
        called.dedup();
        if !called.is_empty() {
            json.insert(note::MENTIONS.to_owned(), called.iter().map(UserId::to_string).collect::<Vec<_>>().into());
        }
    }
    match records::parse_fields(kind, &json) {
        Ok(values) if problems.is_empty() => {
            return Some((values.into_iter().filter_map(|(key, value)| Some((key, value?))).collect(), owner));
        }
        Ok(_) => {}
        // Beside an empty text there is nothing more to say of it.
        Err(_) if text.is_empty() => {}
        Err(error) => problems.extend(error.problems().iter().map(|p| {
            let place = p.pointer.trim_start_matches('/');
            Problem { pointer: if matches!(place, "due" | "type") { place } else { "text" }.to_owned(), ..p.clone() }
        })),
    }
    typed.problems = problems;
    None
}

/// What names it, and what it says beyond: the first line and the rest. A first line too long for a name stays in the text as well.
fn titled(text: &str) -> (String, String) {
    let (first, rest) = text.split_once('\n').unwrap_or((text, ""));
    let first = first.trim();
    if first.chars().count() <= TITLE_MAX {
        return (first.to_owned(), rest.trim().to_owned());
    }
    let short: String = first.chars().take(TITLE_MAX - 1).collect();
    (format!("{}…", short.trim_end()), text.to_owned())
}

/// When a task that is due then reminds of itself.
fn reminder(word: &str, due: Date, time: Option<Time>) -> Option<DateTime> {
    let at = due.to_datetime(time.unwrap_or(MORNING));
    match word {
        "due" => Some(at),
        "hour" => at.checked_sub(1.hour()).ok(),
        "day" => due.checked_sub(1.day()).ok().map(|day| day.to_datetime(MORNING)),
        "week" => due.checked_sub(7.days()).ok().map(|day| day.to_datetime(MORNING)),
        _ => None,
    }
}

/// Ticks a task, or opens it again (`done=false`).
pub(super) async fn done(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if kind.key != task::KIND {
        return Err(Error::not_found("page").into());
    }
    let permit = who.actor.permit::<WriteRecords>()?;
    let is_done = fields.get("done") != "false";
    let patch = RecordPatch { fields: [(task::DONE.to_owned(), Some(Value::Bool(is_done)))].into(), owner: None };
    let version = web.app.write(&who.actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await?;
    let word = if is_done { "ticked" } else { "opened" };
    Ok(redirect(&back_to(ours(fields.get("return")), &format!("{word}={id}&version={version}"))))
}

/// Takes a version back by a new one: the fields are what they were before it. Refused when another came after it.
pub(super) async fn undo(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let permit = who.actor.permit::<WriteRecords>()?;
    permit.need(&kind)?;
    let version: i64 = fields.get("version").parse().map_err(|_| Error::invalid("/version", "required", "Load the page again."))?;
    web.app.write(&who.actor, move |unit| records::restore(unit, &permit, id, version - 1, version)).await?;
    let to = match fields.get("return") {
        "" => href_of(&kind.key, id),
        to => ours(to).to_owned(),
    };
    Ok(redirect(&back_to(&to, "undone=1")))
}

/// An address of ours with one word more; what an earlier act left in it is dropped.
fn back_to(to: &str, word: &str) -> String {
    let (address, anchor) = to.split_once('#').map_or((to, ""), |(address, anchor)| (address, anchor));
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept = query.split('&').filter(|pair| {
        let name = pair.split('=').next().unwrap_or_default();
        !name.is_empty() && !["ticked", "opened", "version", "undone", "logged", "saved"].contains(&name)
    });
    let words: Vec<&str> = kept.chain([word]).collect();
    let anchor = if anchor.is_empty() { String::new() } else { format!("#{anchor}") };
    format!("{path}?{}{anchor}", words.join("&"))
}

/// A record's page after an act: what was done, and its Undo.
pub(crate) fn acted(t: Text, asked: &Fields, address: &str) -> Option<crate::kit::layout::Notice> {
    use crate::kit::layout::Notice;
    if !asked.get("undone").is_empty() {
        return Some(Notice::done(t.get("act-undone")));
    }
    let (word, id) = ["ticked", "opened"].into_iter().find_map(|word| Some((word, asked.get(word).parse::<RecordId>().ok()?)))?;
    let version: i64 = asked.get("version").parse().ok()?;
    let undo = format!("{}/undo", href_of(task::KIND, id));
    Some(Notice::done(t.get(&format!("task-{word}"))).undone_by(undo, version, address))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn the_first_line_names_it_and_a_long_one_is_kept_whole_in_the_text() {
        assert_eq!(titled("Call back\nabout the offer"), ("Call back".to_owned(), "about the offer".to_owned()));
        assert_eq!(titled("Call back"), ("Call back".to_owned(), String::new()));
        let long = "word ".repeat(60);
        let (title, text) = titled(long.trim());
        assert!(title.chars().count() <= TITLE_MAX && title.ends_with('…'));
        assert_eq!(text, long.trim());
    }

    #[test]
    fn a_reminder_is_counted_from_the_time_of_the_task_or_from_the_morning_of_its_day() {
        let (day, time) = (date(2026, 11, 24), Time::constant(14, 30, 0, 0));
        let at = |word, time| reminder(word, day, time).unwrap().to_string();
        assert_eq!(at("due", Some(time)), "2026-11-24T14:30:00");
        assert_eq!(at("due", None), "2026-11-24T09:00:00");
        assert_eq!(at("hour", Some(time)), "2026-11-24T13:30:00");
        assert_eq!(at("day", Some(time)), "2026-11-23T09:00:00");
        assert_eq!(at("week", None), "2026-11-17T09:00:00");
        assert_eq!(reminder("none", day, None), None);
    }

    #[test]
    fn one_comes_back_where_one_was_with_the_last_act_alone() {
        assert_eq!(back_to("/people/rec_1?show=tasks&ticked=rec_2&version=3#time", "undone=1"), "/people/rec_1?show=tasks&undone=1#time");
        assert_eq!(back_to("/", "ticked=rec_2"), "/?ticked=rec_2");
    }
}
