//! What people did on a web site, as a program tells it: kept of those who consented to marketing, and of nobody else.
//!
//! Whether somebody is known here and did not consent, or is not known at all, is one answer: a program that may send events is not one
//! that may ask who is a customer. A browser that sends Global Privacy Control says no for its person, from then on (11 CCR 7025(c)(1);
//! in the European Union an objection to direct marketing, GDPR Art 21(2) and (5)).

use catalogue::{Kind, Value, person, web_event};
use kernel::{Code, Error, Instant, RecordId, Result};
use serde_json::{Map, json};
use trail::{Actor, App, Event, Permit, Unit, permit::WriteRecords};

use crate::{
    consent,
    records::{self, Making, NewRecord},
};

/// The most events that are taken together.
pub const EVENTS_MAX: usize = 200;

/// Something that somebody did.
#[derive(Clone, Debug)]
pub struct Seen {
    /// What.
    pub name: String,
    /// When; now, where nothing is said.
    pub at: Option<Instant>,
    /// On which page.
    pub url: Option<String>,
    /// From where they came.
    pub referrer: Option<String>,
    /// Who.
    pub who: Whom,
    /// Whether their browser sent Global Privacy Control.
    pub gpc: bool,
}

/// Who did something on a web site.
#[derive(Clone, Debug)]
pub enum Whom {
    /// The person of a record.
    Person(RecordId),
    /// Whoever has this address.
    Email(String),
}

/// What became of an event: its record, or why it was not kept, a word of [`REASONS`].
pub type Fate = std::result::Result<RecordId, &'static str>;

/// Why an event is not kept: nobody who did it is known to have consented; their browser says no; several people here have the address.
pub const REASONS: [&str; 3] = ["no_consent", "gpc", "several"];

/// Takes events in; each is kept or refused by itself. Events `web_events.collected`, and `consent.objected` or `consent.withdrawn` for whoever
/// said no by their browser.
///
/// Errors: forbidden; invalid_input naming the event and its part; then none is taken.
pub async fn collect(app: &App, permit: &Permit<WriteRecords>, seen: Vec<Seen>) -> Result<Vec<Fate>> {
    let actor: &Actor = &permit.actor;
    if seen.is_empty() || seen.len() > EVENTS_MAX {
        return Err(Error::invalid("/events", "out_of_range", format!("Send 1 to {EVENTS_MAX} events.")));
    }
    let kind = app.catalogue().need(web_event::KIND)?;
    permit.need(&kind)?;
    // Whatever is wrong with one is said before anything happens.
    let fields = seen.iter().enumerate().map(|(at, one)| fields(&kind, one, app.env().now()).map_err(|error| below(&error, at)));
    let fields = fields.collect::<Result<Vec<_>>>()?;
    for one in seen.iter().filter(|one| one.gpc) {
        let who = one.who.clone();
        let people = app.read(actor, move |unit| {
            let people = resolved(unit, &who)?;
            unit.release(Event::new("person.recognised").records(people.iter().map(|id| (*id, 0))), people)
        });
        for person in people.await? {
            app.write(actor, move |unit| consent::signalled(unit, person)).await?;
        }
    }
    let count = seen.len();
    app.write(actor, move |unit| {
        unit.witness(Event::new("web_events.collected").count("events", count))?;
        let (mut making, mut fates) = (Making::default(), Vec::with_capacity(count));
        for (one, fields) in seen.iter().zip(&fields) {
            fates.push(if one.gpc { Err("gpc") } else { take(unit, &mut making, one, fields.clone())? });
        }
        making.write(unit)?;
        Ok(fates)
    })
    .await
}

fn take(unit: &mut Unit, making: &mut Making, one: &Seen, mut fields: records::Fields) -> Result<Fate> {
    let people = resolved(unit, &one.who)?;
    let person = match people.as_slice() {
        [] => return Ok(Err("no_consent")),
        [person] => *person,
        _ => return Ok(Err("several")),
    };
    fields.insert(web_event::PERSON.to_owned(), Value::Link(person));
    let (owner, team) = (unit.actor().staff(), unit.actor().team);
    match making.add(unit, NewRecord { owner, team, ..NewRecord::new(web_event::KIND, fields) }) {
        Ok(id) => Ok(Ok(id)),
        Err(error) if error.problems().iter().any(|problem| problem.code == records::NO_CONSENT || problem.code == "not_a_record") => {
            Ok(Err("no_consent"))
        }
        Err(error) => Err(error),
    }
}

/// The people whom an event may be of.
fn resolved(unit: &mut Unit, who: &Whom) -> Result<Vec<RecordId>> {
    match who {
        Whom::Person(id) => {
            let row = records::find(unit, *id)?.filter(|row| row.kind.is_person && row.state.is_readable());
            Ok(row.map(|row| row.facts.merged.unwrap_or(row.id)).into_iter().collect())
        }
        Whom::Email(address) => {
            let kind = unit.app().catalogue().need(person::KIND)?;
            let Some(address) = vault::email(address) else { return Ok(Vec::new()) };
            let found = records::with_any(unit, &kind, person::EMAIL, &[address])?;
            let mut people: Vec<RecordId> = found.iter().map(|(_, record)| record.row.id).collect();
            people.dedup();
            Ok(people)
        }
    }
}

fn fields(kind: &Kind, one: &Seen, now: Instant) -> Result<records::Fields> {
    let at = one.at.unwrap_or(now);
    if at > now.plus(std::time::Duration::from_secs(300)) {
        return Err(Error::invalid("/at", "in_the_future", "This has not happened yet: the time is in the future."));
    }
    let mut given = Map::from_iter([(web_event::NAME.to_owned(), json!(one.name)), (web_event::AT.to_owned(), json!(at.to_string()))]);
    for (key, text) in [(web_event::URL, &one.url), (web_event::REFERRER, &one.referrer)] {
        if let Some(text) = text {
            given.insert(key.to_owned(), json!(text));
        }
    }
    let fields: records::Fields =
        records::parse_fields(kind, &given)?.into_iter().filter_map(|(key, value)| value.map(|value| (key, value))).collect();
    if !fields.contains_key(web_event::NAME) {
        return Err(Error::invalid("/name", "required", "Say what happened."));
    }
    Ok(fields)
}

fn below(error: &Error, at: usize) -> Error {
    if error.code() != Code::InvalidInput {
        return Error::new(error.code(), error.detail());
    }
    let mut problems = error.problems().to_vec();
    problems.iter_mut().for_each(|problem| problem.pointer = format!("/events/{at}{}", problem.pointer));
    Error::new(error.code(), error.detail()).with_problems(problems)
}
