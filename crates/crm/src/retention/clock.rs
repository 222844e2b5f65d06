//! Whether the clock may be believed (retention.md, rule 16): a quiet installation enters the time, and a leap stands until two people
//! confirm it.

use std::{collections::BTreeSet, time::Duration};

use kernel::{Code, Error, Instant, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Actor, App, CLOCK_LEAPT, Event, Permit, Unit, permit::ManageRules, sql as setting};

use super::{rulebook, sql};

/// After this long without a leaf the time is entered.
const SILENT: Duration = Duration::from_secs(6 * 3600);
/// From here on it would be the leap itself that is entered, which people confirm and not the product.
const LEAP: Duration = Duration::from_secs(24 * 3600);
/// How many distinct people confirm the time.
const PEOPLE: usize = 2;

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

/// A leap of the clock that is not confirmed yet: nothing is destroyed meanwhile.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Leap {
    /// When the ledger had last moved.
    pub from: Instant,
    /// What the clock said when it moved again; now, where it has not.
    pub to: Instant,
    /// Who confirmed so far.
    pub confirmed: Vec<String>,
}

impl Leap {
    /// How many more people are needed.
    pub fn missing(&self) -> usize {
        PEOPLE.saturating_sub(self.confirmed.len())
    }
}

/// As the setting has it.
#[derive(Serialize, Deserialize)]
struct Stored {
    from: i64,
    to: i64,
    confirmed: BTreeSet<String>,
}

fn stored(unit: &mut Unit) -> Result<Option<Stored>> {
    let text = unit.maybe(setting::SETTING, &args![CLOCK_LEAPT], |row| row.get::<String>(0))?;
    text.map(|text| serde_json::from_str(&text).map_err(Error::internal)).transpose()
}

/// The leap that stands, whether the ledger has moved since or not.
pub fn leap(unit: &mut Unit) -> Result<Option<Leap>> {
    if let Some(Stored { from, to, confirmed }) = stored(unit)? {
        let (from, to) = (Instant::from_micros(from), Instant::from_micros(to));
        return Ok(Some(Leap { from, to, confirmed: confirmed.into_iter().collect() }));
    }
    let (now, last) = (unit.now(), unit.maybe(sql::LAST_LEAF, &[], |row| row.get::<Instant>(0))?);
    let stands = last.filter(|last| now.since(*last) > LEAP);
    Ok(stands.map(|from| Leap { from, to: now, confirmed: Vec::new() }))
}

/// Whether a leap was noted that nobody has confirmed.
pub(super) fn has_leapt(unit: &mut Unit) -> Result<bool> {
    Ok(stored(unit)?.is_some())
}

/// Confirms that the clock is right; the second person ends the suspension, and every record is decided again. Answers how many more people
/// are needed. Event `clock.confirmed`.
///
/// Errors: conflict when no leap stands; second_person_required for whoever confirmed before; invalid_input without a reason.
pub fn confirm_clock(unit: &mut Unit, permit: &Permit<ManageRules>, reason: &str) -> Result<usize> {
    let reason = reason.trim();
    if reason.is_empty() || reason.chars().count() > 500 {
        return Err(Error::invalid(
            "/reason",
            "required",
            "Say in a few words (at most 500 characters) how you know that the time is right.",
        ));
    }
    let Some(mut leap) = leap(unit)? else {
        return Err(Error::new(Code::Conflict, "The clock and the ledger agree; there is nothing to confirm."));
    };
    let person = permit.actor.person();
    if leap.confirmed.contains(&person) {
        return Err(Error::new(Code::SecondPersonRequired, "You confirmed the time already; another person must confirm it too."));
    }
    leap.confirmed.push(person);
    let missing = leap.missing();
    unit.witness(Event::new("clock.confirmed").word("reason", reason).count("missing", missing))?;
    if missing == 0 {
        unit.run(setting::SETTING_CLEAR, &args![CLOCK_LEAPT])?;
        rulebook::decide_all_again(unit)?;
    } else {
        let stored = Stored { from: leap.from.micros(), to: leap.to.micros(), confirmed: leap.confirmed.into_iter().collect() };
        let text = serde_json::to_string(&stored).map_err(Error::internal)?;
        unit.run(setting::SETTING_SET, &args![CLOCK_LEAPT, text])?;
    }
    Ok(missing)
}
