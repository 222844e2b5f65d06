//! The first minute: one code, printed where the product was started, makes the first administrator. Then it is gone.

use catalogue::{Purpose, Purposes};
use kernel::{Code, Error, Personal, Result, UserId};
use store::args;
use trail::{Actor, App, Event, Unit};

use super::{
    Hashed, NewStaff, events, password, role, sql, staff,
    token::{same, sha256},
};

const CODE: &str = "setup_code";
const DEMONSTRATION: &str = "demonstration";

/// A code for whoever starts the product, when there is no staff yet; `None` afterwards. An earlier code no longer works.
/// Five groups of four letters and digits (100 bits); only its hash is kept, so it is shown now or never.
pub async fn begin(app: &App) -> Result<Option<Personal<String>>> {
    let code = password::groups(app.env());
    let hash = hex::encode(sha256(normal(&code).as_bytes()));
    let actor = Actor::system(&catalogue::PURPOSES[0]);
    let begun = app
        .write(&actor, move |unit| {
            // Taken before the count, so that a set-up in flight is either seen or undone by this.
            unit.run(sql::SETTING_SET, &args![CODE, &hash])?;
            if !needed(unit)? {
                return Err(done());
            }
            unit.witness(events::setup_begun())
        })
        .await;
    match begun {
        Ok(()) => Ok(Some(Personal::new(code))),
        Err(error) if error.code() == Code::Conflict => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether nobody was set up yet.
pub fn needed(unit: &mut Unit) -> Result<bool> {
    Ok(unit.one(sql::STAFF_COUNT, &[], |row| row.get::<i64>(0))? == 0)
}

/// Marks an installation as one that holds demonstration data. Event `demonstration.begun`.
pub fn mark_demonstration(unit: &mut Unit) -> Result<()> {
    unit.run(sql::SETTING_SET, &args![DEMONSTRATION, "1"])?;
    unit.witness(Event::new("demonstration.begun"))
}

/// Whether an installation holds demonstration data.
pub fn is_demonstration(unit: &mut Unit) -> Result<bool> {
    Ok(unit.maybe(sql::SETTING_FIND, &args![DEMONSTRATION], |row| row.get::<String>(0))?.is_some())
}

/// Whether a code is the one that was shown; compared in constant time.
pub(super) fn is_code(unit: &mut Unit, code: &Personal<String>) -> Result<bool> {
    Ok(stored(unit, code)?.is_some())
}

fn stored(unit: &mut Unit, code: &Personal<String>) -> Result<Option<String>> {
    let stored = unit.maybe(sql::SETTING_FIND, &args![CODE], |row| row.get::<String>(0))?;
    let given = hex::encode(sha256(normal(code.expose()).as_bytes()));
    Ok(stored.filter(|stored| same(stored.as_bytes(), given.as_bytes())))
}

/// Makes the first administrator and the shipped roles, and uses the code up. A second administrator is made by the first, not by a code.
///
/// # Errors
/// `conflict` when somebody was set up already, `forbidden` for another code, `invalid_input` for the name or address.
pub fn complete(
    unit: &mut Unit,
    code: &Personal<String>,
    name: Personal<String>,
    email: Personal<String>,
    password: &Hashed,
) -> Result<UserId> {
    if !needed(unit)? {
        return Err(done());
    }
    let hash = stored(unit, code)?.ok_or_else(wrong_code)?;
    // Of two who come at once with the same code, one finds it gone.
    if unit.run(sql::SETTING_TAKE, &args![CODE, hash])? == 0 {
        return Err(done());
    }
    role::install(unit)?;
    let admin = NewStaff { name, email, role: role::ADMIN.to_owned(), team: None, purposes: Purposes::all() };
    let id = staff::insert(unit, &admin, password)?;
    unit.witness(events::setup_completed(id))?;
    Ok(id)
}

pub(super) fn wrong_code() -> Error {
    Error::new(Code::Forbidden, "This is not the code. It stands in the terminal where Probity was started; a restart makes a new one.")
}

pub(super) fn done() -> Error {
    Error::new(Code::Conflict, "This house is set up already. Ask an administrator to add you.")
}

/// As typed by people: any case, spaces or hyphens, o for 0, i and l for 1 (Crockford).
fn normal(code: &str) -> String {
    let plain = code.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase());
    plain
        .map(|c| match c {
            'o' => '0',
            'i' | 'l' => '1',
            c => c,
        })
        .collect()
}

/// The purpose everything here is done for.
pub(super) fn administration() -> &'static Purpose {
    &catalogue::PURPOSES[0]
}
