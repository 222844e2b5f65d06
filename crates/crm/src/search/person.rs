//! The one person whom an address names: what a command, a page or a job means by `--person ada@example.org`.

use catalogue::person;
use kernel::{Code, Error, Personal, RecordId, Result};
use trail::{Actor, App, Event, permit::ReadRecords};

use crate::records::{self, index};

/// The record with this id, or the one person with this e-mail address. What was opened to find them is an event of its own.
///
/// Errors: not_found; conflict when several people have the address, each named by id.
pub async fn person(app: &App, actor: &Actor, who: Personal<String>) -> Result<RecordId> {
    if let Ok(id) = who.expose().trim().parse() {
        return Ok(id);
    }
    let permit = actor.permit::<ReadRecords>()?;
    let found = app
        .read(actor, move |unit| {
            let kind = unit.app().catalogue().need(person::KIND)?;
            let field = kind.field(person::EMAIL).ok_or_else(|| Error::not_found("field"))?;
            let forms = [index::exact_form(field, who.expose().trim(), None)];
            let found = records::with_any(unit, &kind, person::EMAIL, &forms)?;
            let in_scope = found.iter().filter(|(_, record)| records::in_scope(&permit, &record.row));
            let mut people: Vec<(RecordId, i64)> = in_scope.map(|(_, record)| (record.row.id, record.row.version)).collect();
            people.sort_unstable();
            people.dedup();
            let event = Event::new("record.searched").fields([person::EMAIL]).records(people.clone());
            unit.release(event, people)
        })
        .await?;
    match found.as_slice() {
        [] => Err(Error::not_found("person")),
        [(id, _)] => Ok(*id),
        several => {
            let words = format!("{} people have this address; name one by its id.", several.len());
            Err(several.iter().fold(Error::new(Code::Conflict, words), |error, (id, _)| error.at("/person", "several", id.to_string())))
        }
    }
}
