//! What would become of a record, and the words of the refusal when it may not be destroyed.

use kernel::{Code, Error, RecordId, Result};
use rules::retention::{Decision, Outcome, Reason, Source};
use store::args;
use trail::Unit;

use super::{Bar, Cause, Fate, Ground, Planned, sql};
use crate::{
    records::{self, StoredRecord},
    retention::{self, Case, Desk, Shared},
};

/// What would become of these records, decided now. Changes nothing; opens nothing unless a rule runs from a birthday: answer it by a
/// release whose event says so.
///
/// Under an erasure a record that concerns other known people too is judged as if it concerned the one person alone: `others` names them,
/// and the caller chooses between [`super::order_redaction`] and erasing it for all ([`Cause::for_all`]).
pub fn plan(unit: &mut Unit, cause: &Cause, ids: &[RecordId]) -> Result<Vec<Planned>> {
    let desk = Desk::open(unit)?;
    let mut planned = Vec::with_capacity(ids.len());
    for id in ids {
        let row = records::find(unit, *id)?.ok_or_else(|| Error::not_found("record"))?;
        planned.push(plan_one(unit, &desk, cause, &row)?);
    }
    Ok(planned)
}

pub(super) fn plan_one(unit: &mut Unit, desk: &Desk, cause: &Cause, row: &StoredRecord) -> Result<Planned> {
    let kind = row.kind.key.clone();
    if !row.state.is_readable() {
        return Ok(Planned { record: row.id, kind, fate: Fate::Gone, approvals: 0, others: Vec::new(), decision: None });
    }
    let (case, decision) = judge(unit, desk, cause, row)?;
    let fate = fate(cause, &decision);
    Ok(Planned {
        record: row.id,
        kind,
        approvals: approvals_needed(desk, cause, &decision, fate.fields()),
        fate,
        others: others(cause, asker(unit, cause)?, &case),
        decision: Some(decision),
    })
}

/// What would become of some fields of a record.
pub(super) fn plan_fields(unit: &mut Unit, desk: &Desk, cause: &Cause, row: &StoredRecord, fields: &[String]) -> Result<Planned> {
    let mut planned = plan_one(unit, desk, cause, row)?;
    let Some(decision) = &planned.decision else { return Ok(planned) };
    planned.approvals = approvals_needed(desk, cause, decision, fields);
    planned.fate =
        if retention::allowed(decision, is_undo(cause), fields) { Fate::EraseFields(fields.to_vec()) } else { kept(cause, decision) };
    Ok(planned)
}

/// What keeps fields that may not go.
fn kept(cause: &Cause, decision: &Decision) -> Fate {
    match fate(cause, decision) {
        Fate::EraseFields(_) | Fate::Erase => Fate::Keep(bar(decision)),
        other => other,
    }
}

/// The facts of a record and what is decided on them, for a cause.
pub(super) fn judge(unit: &mut Unit, desk: &Desk, cause: &Cause, row: &StoredRecord) -> Result<(Case, Decision)> {
    judge_each(unit, desk, cause, std::slice::from_ref(row))?.pop().ok_or_else(|| Error::internal("a record that was not judged"))
}

/// As [`judge`], of several records in their order.
pub(super) fn judge_each(unit: &mut Unit, desk: &Desk, cause: &Cause, rows: &[StoredRecord]) -> Result<Vec<(Case, Decision)>> {
    let shared = if matches!(cause.0, Ground::Erasure { .. }) { Shared::AsOne } else { Shared::Apart };
    let cases = desk.cases(unit, rows, shared)?;
    let judged = cases.into_iter().map(|case| {
        let decision = desk.conclude(&case);
        (case, decision)
    });
    Ok(judged.collect())
}

/// Who asked for the erasure that is the cause; `None` for any other.
pub(super) fn asker(unit: &mut Unit, cause: &Cause) -> Result<Option<RecordId>> {
    let Ground::Erasure { request, .. } = &cause.0 else { return Ok(None) };
    unit.maybe(sql::REQUEST_PERSON, &args![*request], |row| row.get::<RecordId>(0))
}

/// The known people a record concerns beside the one who asked for erasure.
pub(super) fn others(cause: &Cause, asker: Option<RecordId>, case: &Case) -> Vec<RecordId> {
    if !matches!(cause.0, Ground::Erasure { .. }) {
        return Vec::new();
    }
    case.people.iter().copied().filter(|id| Some(*id) != asker).collect()
}

/// How many people other than the one who orders must approve that it goes, or that these fields of it go.
pub fn approvals_needed(desk: &Desk, cause: &Cause, decision: &Decision, fields: &[String]) -> usize {
    if retention::asks_review(decision, fields) && !is_undo(cause) { desk.policy.approvers } else { 0 }
}

fn is_undo(cause: &Cause) -> bool {
    matches!(cause.0, Ground::Undo(_))
}

/// What a decision makes of a record under a cause.
pub fn fate(cause: &Cause, decision: &Decision) -> Fate {
    if retention::allowed(decision, is_undo(cause), &[]) {
        return Fate::Erase;
    }
    match decision.outcome {
        Outcome::Hold => Fate::Held,
        Outcome::Freeze => Fate::Waits("An open request of the person must be answered first."),
        Outcome::Suspend => Fate::Waits("The clock and the ledger disagree: nothing is destroyed until the time is confirmed."),
        Outcome::Unclassified => Fate::Waits("No retention rule applies to it, and what no rule classifies is never destroyed."),
        Outcome::Restrict => Fate::Restrict(bar(decision)),
        Outcome::Partial => partial(decision),
        _ => Fate::Keep(bar(decision)),
    }
}

fn partial(decision: &Decision) -> Fate {
    let gone = decision.fields.iter().filter(|(_, field)| field.outcome.is_destroyable());
    let gone: Vec<String> = gone.map(|(key, _)| key.clone()).collect();
    if !gone.is_empty() {
        Fate::EraseFields(gone)
    } else if decision.fields.values().any(|field| field.outcome == Outcome::Restrict) {
        Fate::Restrict(bar(decision))
    } else {
        Fate::Keep(bar(decision))
    }
}

/// The rule that stands in the way.
fn bar(decision: &Decision) -> Bar {
    let until = |reason: Option<&Reason>| decision.floor.or_else(|| reason.and_then(|r| r.date));
    let reason = retention::deciding(decision);
    match reason.map(|reason| &reason.source) {
        Some(Source::Rule { id, name, citation, .. }) => {
            Bar { rule: name.as_ref().unwrap_or(id).to_string(), citation: citation.to_string(), until: until(reason) }
        }
        Some(Source::CoolOff) => {
            Bar { rule: "The cool-off after its last legal hold".to_owned(), citation: String::new(), until: until(reason) }
        }
        _ => Bar { rule: "Our settings".to_owned(), citation: String::new(), until: until(reason) },
    }
}

/// The refusal that a fate means for one who orders the destruction of the whole record; `None` when nothing stands in its way.
pub(super) fn refusal(fate: &Fate) -> Option<Error> {
    let error = match fate {
        Fate::Erase => return None,
        Fate::Held => {
            Error::new(Code::LegalHold, "It is held for legal reasons; nothing was destroyed. It is decided again once released.")
        }
        Fate::Keep(bar) | Fate::Restrict(bar) => floor(bar),
        Fate::EraseFields(_) => Error::new(Code::RetentionFloor, "A part of it must be kept; destroy only the fields that may go."),
        Fate::Waits(words) => Error::new(Code::Restricted, format!("{words} Nothing was destroyed.")),
        Fate::Gone => Error::new(Code::Conflict, "Its destruction was ordered before."),
    };
    Some(error)
}

fn floor(bar: &Bar) -> Error {
    let until = bar.until.map_or_else(|| "until its period begins and ends".to_owned(), |day| format!("through {}", retention::day(day)));
    let citation = if bar.citation.is_empty() { String::new() } else { format!(" ({})", bar.citation) };
    Error::new(Code::RetentionFloor, format!("It must be kept {until}: {}{citation}. Nothing was destroyed.", bar.rule))
}

/// Whether these fields of the record may go. Errors as [`refusal`].
pub(super) fn ensure_fields(cause: &Cause, decision: &Decision, fields: &[String]) -> Result<()> {
    if retention::allowed(decision, is_undo(cause), fields) {
        return Ok(());
    }
    refusal(&kept(cause, decision)).map_or(Ok(()), Err)
}
