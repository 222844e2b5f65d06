//! How long and why: facts, rules, decisions, the sweep.
//!
//! The engine is in `rules`; here are its rules (adopted and our own), the facts it decides on, the line a page shows, and the sweep that
//! writes what was decided back onto the records. What is to go is destroyed by `disposal` and by nothing else.

mod around;
mod clock;
mod desk;
mod evidence;
mod explain;
mod keeping;
mod policy;
mod rulebook;
mod sql;
mod sweep;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use jiff::civil::Date;
use kernel::{Code, Error, RecordId, Result};
use rules::retention::Decision;
use trail::{Event, Permit, Release, Unit, permit::ManageRules, permit::ReadRecords};

pub use clock::{Leap, confirm_clock, keep_time, leap};
pub use desk::{CLASS_TAG, Case, Desk, Shared};
pub use evidence::{allowed, asks_review, case_to_cbor, permits, rules_to_cbor};
pub(crate) use explain::day;
pub use explain::{Explained, deciding, line};
pub use keeping::{Keeping, keep, own_rule};
pub use policy::{Policy, set_policy};
pub use rulebook::{AGAIN, StoredRule, add_rule, administration, adopt, decide_again, handlers, rulebook, rules, set_active};
/// A span of time, as settings hold it.
pub use rules::Period;
/// The rule packs that ship, to look at before they are adopted.
pub use rules::packs;
/// What a decision is made of, for those above who show its reasons.
pub use rules::retention::{Effect, Outcome, Reason, Source};
pub use sweep::{Counts, PORTION, Portion, Queue, Waiting, identifying, portion, preview, settle, waiting};

use crate::records::{self, StoredRecord};

/// Decides now what pages show of a record. For many in one unit open a [`Desk`].
pub fn decide(unit: &mut Unit, row: &StoredRecord) -> Result<Decision> {
    Desk::open(unit)?.decide(unit, row)
}

/// The retention line of a record and its reasons. Event `retention.explained`. Error: not_found when it is not in the permit's scope.
pub fn explain(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId) -> Result<Release<Explained>> {
    let row = records::find(unit, id)?.filter(|row| records::in_scope(permit, row)).ok_or_else(|| Error::not_found("record"))?;
    let decision = decide(unit, &row)?;
    let explained = Explained::new(&row, decision);
    unit.release(Event::new("retention.explained").records([(id, row.version)]), explained)
}

/// What is to become known about a record: days of triggers (`None` forgets one) and labels.
#[derive(Clone, Debug, Default)]
pub struct Known {
    /// Trigger events and their days.
    pub events: BTreeMap<String, Option<Date>>,
    /// Labels to add; `class:commercial-letter` names the retention class.
    pub add_tags: Vec<String>,
    /// Labels to take away.
    pub remove_tags: Vec<String>,
}

/// Makes known what retention runs from: that a relationship ended, that a message is a business letter. It is a version of the record, and
/// decided again.
/// Event `record.classified`. Errors: not_found; invalid_input for a word that is no key.
pub fn classify(unit: &mut Unit, _permit: &Permit<ManageRules>, id: RecordId, known: &Known) -> Result<()> {
    let word = |text: &str| !text.is_empty() && text.len() <= 64 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"_-:.".contains(&b));
    if !known.events.keys().chain(&known.add_tags).chain(&known.remove_tags).all(|text| word(text)) {
        return Err(Error::new(Code::InvalidInput, "Triggers and labels are made of letters, digits, dots, dashes and colons."));
    }
    let row = records::lock(unit, id)?.filter(|row| row.state.is_readable()).ok_or_else(|| Error::not_found("record"))?;
    let mut facts = row.facts.clone();
    for (event, day) in &known.events {
        match day {
            Some(day) => facts.events.insert(event.clone(), *day),
            None => facts.events.remove(event),
        };
    }
    facts.tags.retain(|tag| !known.remove_tags.contains(tag) && !known.add_tags.contains(tag));
    facts.tags.extend(known.add_tags.iter().cloned());
    let words = known.events.keys().chain(&known.add_tags).chain(&known.remove_tags).cloned().collect::<Vec<_>>().join(" ");
    unit.witness(Event::new("record.classified").word("known", words).records([(id, row.version)]))?;
    records::reclassify(unit, id, &facts).map(drop)
}
