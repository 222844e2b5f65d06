//! Who is meant by an address or an id.

use catalogue::person;
use crm::records::{self, index};
use kernel::{Code, Error, Personal, RecordId, Result};
use trail::{Actor, App, Event, permit::ReadRecords};

/// The one person whose address this is, or the record with this id. What was opened to find them is an event of its own.
///
/// Errors: not_found; conflict when several people have the address.
pub async fn find(app: &App, actor: &Actor, who: &str) -> Result<RecordId> {
    if let Ok(id) = who.parse() {
        return Ok(id);
    }
    let permit = actor.permit::<ReadRecords>()?;
    let address = Personal::new(who.to_owned());
    let found = app
        .read(actor, move |unit| {
            let kind = unit.app().catalogue().need(person::KIND)?;
            let field = kind.field(person::EMAIL).ok_or_else(|| Error::not_found("field"))?;
            let forms = [index::exact_form(field, address.expose(), None)];
            let found = records::with_any(unit, &kind, person::EMAIL, &forms)?;
            let mut people: Vec<(RecordId, i64)> = found
                .iter()
                .filter(|(_, record)| records::in_scope(&permit, &record.row))
                .map(|(_, record)| (record.row.id, record.row.version))
                .collect();
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
