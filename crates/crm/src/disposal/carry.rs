//! Carrying out what was decided: an order and its destruction in one go, and what to do where the last look under the lock forbids it.

use kernel::{Code, OrderId, RecordId, Result};
use trail::{Actor, App};

use super::{Cause, destroy, order};

/// What went.
#[derive(Clone, Debug, Default)]
pub(crate) struct Gone {
    /// The orders, carried out.
    pub orders: Vec<OrderId>,
    /// How many records.
    pub records: usize,
}

/// Orders records away and destroys them: all or none. Errors: those of [`order()`] and [`destroy`].
pub(crate) async fn carry_out(app: &App, actor: &Actor, cause: &Cause, ids: Vec<RecordId>) -> Result<OrderId> {
    let cause = cause.clone();
    let id = app.write(actor, move |unit| order(unit, &cause, &ids)).await?;
    destroy(app, actor, id).await?;
    Ok(id)
}

/// Destroys whole records, at most [`super::MOST`]; where one may not go after all, the others.
pub(crate) async fn carry_out_each(app: &App, actor: &Actor, cause: &Cause, ids: &[RecordId]) -> Result<Gone> {
    let mut gone = Gone::default();
    match carry_out(app, actor, cause, ids.to_vec()).await {
        Err(error) if is_refusal(error.code()) && ids.len() > 1 => {
            for id in ids {
                gone.orders.extend(unless_refused(carry_out(app, actor, cause, vec![*id]).await)?);
            }
            gone.records = gone.orders.len();
        }
        done => {
            gone.orders.extend(unless_refused(done)?);
            gone.records = if gone.orders.is_empty() { 0 } else { ids.len() };
        }
    }
    Ok(gone)
}

fn is_refusal(code: Code) -> bool {
    matches!(code, Code::LegalHold | Code::RetentionFloor | Code::Restricted | Code::SecondPersonRequired | Code::Conflict | Code::NotFound)
}

/// What the last look under the lock forbids is left as it is, for another time.
pub(crate) fn unless_refused<T>(done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(done) => Ok(Some(done)),
        Err(error) if is_refusal(error.code()) => Ok(None),
        Err(error) => Err(error),
    }
}
