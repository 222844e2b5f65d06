//! The sweep, from end to end: decided, restricted, lifted, and disposed of where no human is to look first.

use kernel::{Code, RecordId, Result};
use trail::{Actor, App, permit::Dispose};

use super::{Cause, MOST, destroy, destroy_fields, order};
use crate::retention::{self, Counts};

/// Sweeps what is to be decided, portion by portion, and disposes of what is due and goes by itself. Answers the numbers.
/// Each portion leaves an event `retention.swept`, each order its own.
///
/// Errors: forbidden; those of [`destroy`] (the next sweep or [`super::resume`] goes on).
pub async fn sweep(app: &App, actor: &Actor) -> Result<Counts> {
    let permit = actor.permit::<Dispose>()?;
    let cause = Cause::expiry(&permit);
    let (mut all, mut since) = (Counts::default(), None);
    loop {
        let permit = permit.clone();
        let portion = app.write(actor, move |unit| retention::portion(unit, &permit, since)).await?;
        since = since.or(portion.at);
        if portion.counts.decided == 0 {
            return Ok(all);
        }
        all.add(&portion.counts);
        for chunk in portion.goes.chunks(MOST) {
            all.disposed += dispose(app, actor, &cause, chunk).await?;
        }
        for (record, fields) in portion.fields {
            let gone = destroy_fields(app, actor, &cause, record, &fields).await;
            all.disposed += usize::from(unless_refused(gone)?.is_some());
        }
    }
}

/// What a sweep would come to; changes nothing.
pub async fn preview(app: &App, actor: &Actor) -> Result<Counts> {
    let permit = actor.permit::<Dispose>()?;
    let (mut all, mut after) = (Counts::default(), None);
    loop {
        let permit = permit.clone();
        let portion = app.read(actor, move |unit| retention::preview(unit, &permit, after)).await?;
        all.add(&portion.counts);
        after = portion.next;
        if after.is_none() {
            return Ok(all);
        }
    }
}

/// Disposes of records; where one may not go after all, of the others.
async fn dispose(app: &App, actor: &Actor, cause: &Cause, ids: &[RecordId]) -> Result<usize> {
    match carry_out(app, actor, cause, ids.to_vec()).await {
        Ok(()) => Ok(ids.len()),
        Err(error) if is_refusal(error.code()) && ids.len() > 1 => {
            let mut gone = 0;
            for id in ids {
                gone += usize::from(unless_refused(carry_out(app, actor, cause, vec![*id]).await)?.is_some());
            }
            Ok(gone)
        }
        other => Ok(unless_refused(other)?.map_or(0, |()| ids.len())),
    }
}

async fn carry_out(app: &App, actor: &Actor, cause: &Cause, ids: Vec<RecordId>) -> Result<()> {
    let cause = cause.clone();
    let id = app.write(actor, move |unit| order(unit, &cause, &ids)).await?;
    destroy(app, actor, id).await
}

fn is_refusal(code: Code) -> bool {
    matches!(code, Code::LegalHold | Code::RetentionFloor | Code::Restricted | Code::SecondPersonRequired | Code::Conflict | Code::NotFound)
}

/// What the last look under the lock forbids is left as it is, for the next sweep.
fn unless_refused<T>(done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if is_refusal(error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}
