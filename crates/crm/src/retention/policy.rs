//! The installation's own numbers: where it is, what it does, grace, cool-off, approvals.

use jiff::tz::TimeZone;
use kernel::{Code, Error, Result};
use rules::{MonthDay, Period, retention::Settings};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Event, Permit, Unit, permit::ManageRules, sql};

const NAME: &str = "retention";

/// What an administrator sets for the whole installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Policy {
    /// How long a disposal may take once it is due.
    pub grace: Period,
    /// How long records stay after their last hold was released.
    pub cool_off: Period,
    /// The country (or part of one) whose law the records are kept under.
    pub country: Option<String>,
    /// The line of business.
    pub industry: Option<String>,
    /// The last day of the fiscal year (MM-DD).
    pub fiscal_year_end: Option<String>,
    /// The zone in which a day ends (IANA name); UTC when not set.
    pub time_zone: Option<String>,
    /// How many distinct people, none of them the one who asks, approve a disposal that is to be reviewed.
    pub approvers: usize,
}

impl Default for Policy {
    fn default() -> Self {
        let Settings { grace, cool_off } = Settings::default();
        Self { grace, cool_off, country: None, industry: None, fiscal_year_end: None, time_zone: None, approvers: 1 }
    }
}

impl Policy {
    /// As set; the defaults where nothing was.
    pub fn load(unit: &mut Unit) -> Result<Self> {
        let text = unit.maybe(sql::SETTING, &args![NAME], |row| row.get::<String>(0))?;
        text.map_or_else(|| Ok(Self::default()), |text| serde_json::from_str(&text).map_err(Error::internal))
    }

    /// The engine's part of it.
    pub fn settings(&self) -> Settings {
        Settings { grace: self.grace, cool_off: self.cool_off }
    }

    /// The last day of the fiscal year.
    pub fn fiscal_year_end(&self) -> Option<MonthDay> {
        self.fiscal_year_end.as_deref().and_then(MonthDay::parse)
    }

    /// The zone in which a day ends.
    pub fn zone(&self) -> TimeZone {
        self.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok()).unwrap_or(TimeZone::UTC)
    }

    fn check(&self) -> Result<()> {
        if self.fiscal_year_end.is_some() && self.fiscal_year_end().is_none() {
            return Err(Error::invalid("/fiscal_year_end", "not_a_day", "Write the last day of the fiscal year as MM-DD."));
        }
        if self.time_zone.as_deref().is_some_and(|name| TimeZone::get(name).is_err()) {
            return Err(Error::invalid("/time_zone", "unknown", "Write a zone of the IANA database, such as Europe/Berlin."));
        }
        Ok(())
    }

    pub(super) fn store(&self, unit: &mut Unit) -> Result<()> {
        let text = serde_json::to_string(self).map_err(|e| Error::new(Code::Internal, "The settings cannot be written.").because(e))?;
        unit.run(sql::SETTING_SET, &args![NAME, text]).map(drop)
    }
}

/// Sets the installation's numbers; every record is decided again. Event `retention.changed`. Errors: invalid_input.
pub fn set_policy(unit: &mut Unit, _permit: &Permit<ManageRules>, policy: &Policy) -> Result<()> {
    policy.check()?;
    unit.witness(Event::new("retention.changed").word("what", "settings"))?;
    policy.store(unit)?;
    super::rulebook::decide_all_again(unit)
}
