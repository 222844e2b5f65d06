//! Service targets: what is promised for cases, set by whoever may administer, every version kept with its evidence.
//!
//! How a clock runs is worked out by [`rules::service`]; cases carry what it says, see `records`.

pub mod sql;

use catalogue::{Kind, case};
use jiff::tz::TimeZone;
use kernel::{Code, Error, Instant, Problem, Result};
use rules::deadlines::holidays;
pub use rules::service::{
    Calendar, Case, Clock, Day, HOLIDAYS_MAX, Hours, MINUTES_MAX, Promise, Settled, Span, State, Step, Stretch, Target, Targets, clock,
};
use store::{Row, args};
use trail::{Event, Job, Permit, Release, Unit, permit::Manage};

/// The job that works the clocks of open cases out again.
pub const RECOUNT: &str = "case.recount";
/// The most versions of targets that are told of.
const TOLD: i64 = 50;
/// The most of a target that may count as due soon, in percent.
pub const WARN_MAX: u8 = 90;

/// Targets as they were set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Set {
    /// Their version; 0 for those that ship.
    pub version: i64,
    /// Since when they hold; `None` for those that ship.
    pub at: Option<Instant>,
    /// Who set them, as the trail says.
    pub actor: String,
    /// They.
    pub targets: Targets,
}

fn read(row: &Row) -> Result<Set> {
    let targets = serde_json::from_str(&row.get::<String>(3)?).map_err(Error::internal)?;
    Ok(Set { version: row.get(0)?, at: Some(row.get(1)?), actor: row.get(2)?, targets })
}

/// The targets that hold; those that ship, in the house's zone and with its country's holidays, where none were set.
pub(crate) fn now(unit: &mut Unit) -> Result<Set> {
    if let Some(set) = unit.maybe(sql::LATEST, &[], read)? {
        return Ok(set);
    }
    let house = unit.maybe(sql::SETTING_FIND, &args!["retention"], |row| row.get::<String>(0))?;
    let house: serde_json::Value = house.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
    let text = |key: &str| house.get(key).and_then(|value| value.as_str()).map(str::to_owned);
    let mut targets = Targets::default();
    targets.hours.zone = text("time_zone").filter(|zone| TimeZone::get(zone).is_ok()).unwrap_or(targets.hours.zone);
    targets.hours.country = text("country").and_then(|code| code.get(..2).map(str::to_owned)).filter(|code| holidays::knows(code));
    Ok(Set { version: 0, at: None, actor: String::new(), targets })
}

/// The targets that hold.
pub fn targets(unit: &mut Unit) -> Result<Release<Set>> {
    let set = now(unit)?;
    unit.plain(set)
}

/// The versions that were set, the latest first.
pub fn history(unit: &mut Unit, _permit: &Permit<Manage>) -> Result<Release<Vec<Set>>> {
    let all = unit.all(sql::SET_BEFORE, &args![TOLD], read)?;
    unit.plain(all)
}

/// Sets what is promised; open cases are counted anew, what was judged stays. `expected` is the version that was changed, where the caller
/// knows it. Answers the new version. Event `service.changed`.
///
/// Errors: version_conflict; invalid_input naming everything that cannot be.
pub fn set(unit: &mut Unit, permit: &Permit<Manage>, expected: Option<i64>, targets: &Targets) -> Result<i64> {
    let kind = unit.app().catalogue().need(case::KIND)?;
    check(&kind, targets)?;
    let before = now(unit)?;
    if expected.is_some_and(|expected| expected != before.version) {
        let words = format!(
            "Somebody changed the targets meanwhile: they are at version {} now. Load them again and repeat your change.",
            before.version
        );
        return Err(Error::new(Code::VersionConflict, words));
    }
    if before.version > 0 && before.targets == *targets {
        return Ok(before.version);
    }
    let version = before.version + 1;
    unit.witness(Event::new("service.changed").word("version", version.to_string()))?;
    let (body, now, actor) = (serde_json::to_string(targets).map_err(Error::internal)?, unit.now(), permit.actor.who.to_string());
    unit.run(sql::INSERT, &args![version, now, actor, body])?;
    unit.enqueue(Job::new(RECOUNT, format!("{RECOUNT}/{version}"), serde_json::json!({}))).map(|_| version)
}

/// Everything that cannot be, at once. Error: invalid_input.
fn check(kind: &Kind, targets: &Targets) -> Result<()> {
    let mut problems = Vec::new();
    let mut say = |pointer: String, code: &'static str, detail: &str| {
        problems.push(Problem { pointer, code, detail: detail.to_owned() });
    };
    let knows = |field: &str, key: &str| kind.field(field).is_some_and(|field| field.options.iter().any(|option| option.key == key));
    for (key, target) in &targets.targets {
        if !knows(case::PRIORITY, key) {
            say(format!("/targets/{key}"), "unknown_priority", "There is no priority with this key.");
        }
        for (name, minutes) in [("reply", target.reply), ("solve", target.solve)] {
            if minutes.is_some_and(|minutes| minutes == 0 || minutes > MINUTES_MAX) {
                say(format!("/targets/{key}/{name}"), "out_of_range", "A target has from one minute to ten years.");
            }
        }
    }
    if !targets.targets.contains_key(&targets.usual) {
        say("/usual".to_owned(), "unknown_priority", "Cases without a priority count as one that has targets.");
    }
    for (name, keys) in [("pauses", &targets.pauses), ("answers", &targets.answers), ("ends", &targets.ends)] {
        if keys.iter().any(|key| !knows(case::STATUS, key)) {
            say(format!("/{name}"), "unknown_status", "There is no status with this key.");
        }
    }
    if targets.ends.is_empty() {
        say("/ends".to_owned(), "required", "Name at least one status in which a case is solved.");
    }
    if targets.pauses.intersection(&targets.ends).next().is_some() {
        say("/pauses".to_owned(), "in_both", "A status pauses the clock or ends it, not both.");
    }
    if let Some(key) = &targets.resumes
        && (!knows(case::STATUS, key) || targets.pauses.contains(key) || targets.ends.contains(key))
    {
        say("/resumes".to_owned(), "unknown_status", "A case goes on in a status in which the clock runs.");
    }
    if targets.warn > WARN_MAX {
        say("/warn".to_owned(), "out_of_range", "At most 90 percent of a target count as due soon.");
    }
    let hours = &targets.hours;
    if TimeZone::get(&hours.zone).is_err() {
        say("/hours/zone".to_owned(), "unknown_zone", "Choose a time zone by its name, such as Europe/Berlin.");
    }
    if hours.week.is_empty() && targets.targets.values().any(|target| !target.around_the_clock) {
        say("/hours/week".to_owned(), "required", "Name the hours of at least one day, or count every target around the clock.");
    }
    if hours.country.as_deref().is_some_and(|code| !holidays::knows(code)) {
        say("/hours/country".to_owned(), "unknown_country", "The public holidays of this country are not known. Write them as days.");
    }
    if hours.holidays.len() > HOLIDAYS_MAX {
        say("/hours/holidays".to_owned(), "too_many", "At most 500 days.");
    }
    if problems.is_empty() {
        return Ok(());
    }
    Err(Error::new(Code::InvalidInput, "These targets cannot be set; nothing was changed.").with_problems(problems))
}

/// The countries whose public holidays are known.
pub fn countries() -> Vec<&'static str> {
    holidays::countries()
}
