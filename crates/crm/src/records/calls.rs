//! Whom a written record calls: a note tells those it mentions, a task tells its owner when it is due.

use std::{collections::BTreeSet, sync::Arc};

use catalogue::{Kind, PURPOSES, Value, note, task};
use kernel::{Code, Error, Instant, Problem, RecordId, Result, UserId};
use serde::{Deserialize, Serialize};
use trail::{Actor, App, Event, Handler, Job, JobRow, Unit};

use super::{Fields, StoredRecord, row};
use crate::{
    identity::staff,
    notices::{self, Why},
};

/// The job that tells a task's owner that it is due.
pub const REMIND: &str = "task.remind";
/// What is wrong with a mention of who does not work here.
pub const NOT_A_COLLEAGUE: &str = "not_a_colleague";

#[derive(Serialize, Deserialize)]
struct Args {
    record: RecordId,
    at: Instant,
}

/// Those whom a note mentions and did not mention before.
///
/// Error: invalid_input at `/mentions` for who does not work here.
pub(super) fn mentioned(unit: &mut Unit, kind: &Kind, sealed: &Fields, before: Option<&Fields>) -> Result<BTreeSet<UserId>> {
    if kind.key != note::KIND || !sealed.contains_key(note::MENTIONS) {
        return Ok(BTreeSet::new());
    }
    let words = |fields: &Fields| -> BTreeSet<String> {
        fields.get(note::MENTIONS).map(Value::each).unwrap_or_default().iter().map(Value::display).collect()
    };
    let known = before.map(words).unwrap_or_default();
    let mut found = BTreeSet::new();
    for word in words(sealed).difference(&known) {
        match word.parse::<UserId>() {
            Ok(id) if staff::is_active(unit, id)? == Some(true) => drop(found.insert(id)),
            _ => {
                let detail = "Mention colleagues who work here, by their ids.".to_owned();
                let problem = Problem { pointer: format!("/{}", note::MENTIONS), code: NOT_A_COLLEAGUE, detail };
                let words = "Some fields cannot be accepted; nothing was changed.";
                return Err(Error::new(Code::InvalidInput, words).with_problems(vec![problem]));
            }
        }
    }
    Ok(found)
}

/// Tells those whom a note mentions, and has a task remind its owner; in the unit that writes the record.
pub(super) fn call(
    unit: &mut Unit,
    kind: &Kind,
    id: RecordId,
    mentioned: &BTreeSet<UserId>,
    open: &Fields,
    before: Option<&Fields>,
) -> Result<()> {
    for staff in mentioned {
        notices::tell(unit, *staff, Why::Mention, id)?;
    }
    if kind.key != task::KIND || is_done(open) {
        return Ok(());
    }
    let Some(Value::Time(at)) = open.get(task::REMIND) else { return Ok(()) };
    if before.is_some_and(|before| before.get(task::REMIND) == open.get(task::REMIND) && !is_done(before)) {
        return Ok(());
    }
    let args = serde_json::to_value(Args { record: id, at: *at }).map_err(Error::internal)?;
    unit.enqueue(Job::new(REMIND, format!("{REMIND}/{id}/{}", at.micros()), args).at(*at)).map(drop)
}

/// Tells somebody else that a task is theirs now.
pub(super) fn assigned(unit: &mut Unit, kind: &Kind, id: RecordId, owner: Option<UserId>, before: Option<UserId>) -> Result<()> {
    match owner.filter(|owner| kind.key == task::KIND && before != Some(*owner)) {
        Some(owner) => notices::tell(unit, owner, Why::Assigned, id),
        None => Ok(()),
    }
}

fn is_done(open: &Fields) -> bool {
    open.get(task::DONE) == Some(&Value::Bool(true))
}

/// What runs [`REMIND`].
pub(super) fn handler() -> Handler {
    Arc::new(|app, job| Box::pin(remind(app, job)))
}

/// The job: whoever owns the task now is told, unless it is done, gone, or to be reminded of at another time. Event `notice.told`.
async fn remind(app: App, job: JobRow) -> Result<()> {
    let Args { record, at } = serde_json::from_value(job.args.clone()).map_err(Error::internal)?;
    let stands = move |row: &StoredRecord| {
        row.state == super::State::Live && !is_done(&row.open) && row.open.get(task::REMIND) == Some(&Value::Time(at))
    };
    app.write(&Actor::system(&PURPOSES[0]), move |unit| {
        // Locked only where there is somebody to tell: a unit that locks has to leave an event.
        let row = row::find(unit, record)?.filter(stands);
        let Some((row, owner)) = row.and_then(|row| row.owner.map(|owner| (row, owner))) else { return Ok(()) };
        // The job may run again after a crash.
        if notices::told_since(unit, owner, Why::Reminder, record, at)? {
            return Ok(());
        }
        unit.witness(Event::new("notice.told").word("why", Why::Reminder.as_str()).records([(record, row.version)]))?;
        if row::lock(unit, record)?.is_none_or(|now| now.version != row.version || !stands(&now)) {
            return Err(Error::new(Code::Unavailable, "The task was changed at this moment; it is looked at again."));
        }
        notices::tell(unit, owner, Why::Reminder, record)
    })
    .await
}
