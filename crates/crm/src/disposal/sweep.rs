//! The sweep, from end to end: decided, restricted, lifted, and disposed of where no human is to look first.

use kernel::Result;
use trail::{Actor, App, permit::Dispose};

use super::{Cause, MOST, carry_out_each, destroy_fields, unless_refused};
use crate::retention::{self, Counts};

/// Sweeps what is to be decided, portion by portion, and disposes of what is due and goes by itself. Answers the numbers.
/// Each portion leaves an event `retention.swept`, each order its own.
///
/// Errors: forbidden; those of [`super::destroy`] (the next sweep or [`super::resume`] goes on).
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
            all.disposed += carry_out_each(app, actor, &cause, chunk).await?.records;
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
