//! A quiet installation lets the ledger see the time go on, so that a day without work is not taken for a clock that leapt.

use std::time::Duration;

use kernel::{Instant, Result};
use trail::{Actor, App, Event};

use super::sql;

/// After this long without a leaf the time is entered.
const SILENT: Duration = Duration::from_secs(6 * 3600);
/// From here on it would be the leap itself that is entered: retention.md, rule 16, which people confirm and not the product.
const LEAP: Duration = Duration::from_secs(24 * 3600);

/// Enters the time into a ledger that was silent for six hours; says whether it did. After a day of silence it does not: then the clock may
/// have leapt. Event `clock.seen`.
pub async fn keep_time(app: &App, actor: &Actor) -> Result<bool> {
    let last = app.read(actor, |unit| {
        let at = unit.one(sql::LAST_LEAF, &[], |row| row.get::<Instant>(0))?;
        unit.plain(at)
    });
    let silent = app.env().now().since(last.await?);
    if silent < SILENT || silent >= LEAP {
        return Ok(false);
    }
    app.write(actor, |unit| unit.witness(Event::new("clock.seen"))).await?;
    Ok(true)
}
