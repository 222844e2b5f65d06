//! What a record may be used for, as what people said about it moves it.

use catalogue::{Kind, Purpose, Purposes};
use kernel::{Error, KeyId, RecordId, Result};
use store::args;
use trail::Unit;

use super::{Facts, State, StoredRecord, row, sql};

/// What is wrong with a record that is kept by consent alone, of somebody who gave none.
pub const NO_CONSENT: &str = "no_consent";

/// Sets what a record may be used for, in a unit that has witnessed why; of a restricted one, what it may be used for again afterwards.
pub fn stand(unit: &mut Unit, row: &StoredRecord, usable: Purposes) -> Result<()> {
    if row.state == State::Restricted {
        let facts = Facts { unrestricted: Some(usable.bits()), ..row.facts.clone() };
        return unit.run(sql::FACTS_NOTE, &args![row.id, facts.text()?]).map(drop);
    }
    unit.run(sql::USABLE, &args![row.id, usable.bits()]).map(drop)
}

/// Closes for a purpose what is kept about somebody on the strength of their consent to it. A later consent opens what comes after it alone.
pub fn close_kept_by_consent(unit: &mut Unit, person: RecordId, purpose: &'static Purpose) -> Result<()> {
    let catalogue = unit.app().catalogue();
    for kind in catalogue.kinds().filter(|kind| kind.consent.as_deref() == Some(purpose.key)) {
        unit.run(sql::USABLE_ABOUT, &args![person, kind.key.as_str(), Purposes::all().without(purpose).bits()])?;
        for id in unit.all(sql::RESTRICTED_ABOUT, &args![person, kind.key.as_str()], |row| row.get::<RecordId>(0))? {
            let found = row::find(unit, id)?;
            if let Some(row) = found {
                stand(unit, &row, row.usable_in_use().without(purpose))?;
            }
        }
    }
    Ok(())
}

/// What a new record may be used for: where its kind is kept by consent, the purpose of that consent and nothing else but the duties of the
/// house. Error: invalid_input where the people it is about did not consent, or it is about nobody.
///
/// The people stand still until the unit ends: whoever withdraws meanwhile finds what was made here and closes it.
pub(super) fn by_consent(unit: &mut Unit, kind: &Kind, usable: Purposes, people: &[(RecordId, KeyId)]) -> Result<Purposes> {
    let Some(purpose) = kind.consent.as_deref().and_then(Purpose::find) else { return Ok(usable) };
    let mut all = true;
    for (id, _) in people {
        all &= row::lock(unit, *id)?.is_some_and(|person| person.usable.serve(purpose));
    }
    if all && !people.is_empty() {
        let duties = ["legal", "administration"].into_iter().filter_map(Purpose::find);
        return Ok(duties.fold(Purposes::only(purpose), Purposes::with));
    }
    let pointer = kind.fields.iter().find(|field| field.links_to.as_deref() == Some(catalogue::person::KIND));
    let pointer = format!("/{}", pointer.map_or("person", |field| &field.key));
    let words = if people.is_empty() {
        format!("{} are kept of people who consented to {}, and of nobody else. Name the person.", kind.plural, purpose.key)
    } else {
        format!("This person has not consented to {}, so nothing of this kind is kept about them.", purpose.key)
    };
    Err(Error::invalid(pointer, NO_CONSENT, words))
}
