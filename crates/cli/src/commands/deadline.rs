//! `probity deadline`: the dates of a request.

use clap::Args;
use kernel::{Error, Result};
use rules::deadlines::{self, Calendar, holidays};
use serde_json::json;

use crate::{commands::Here, output::Outcome};

/// The dates by which a person's request must be answered, with citation
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity deadline --regime GDPR --right access --received 2026-11-21 --country DE\n\nThe rows are data with a date they were checked on, not legal advice."
)]
pub struct Deadline {
    /// The regime, such as GDPR, UK, CCPA, HIPAA, FOIA
    #[arg(long)]
    regime: String,
    /// The right, such as access, erase, rectify, port
    #[arg(long)]
    right: String,
    /// The day it was received, YYYY-MM-DD
    #[arg(long, value_name = "DATE")]
    received: String,
    /// The controller's country (ISO code): EU deadlines do not end on its public holidays
    #[arg(long)]
    country: Option<String>,
}

impl Deadline {
    pub fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let received = rules::parse_day(&self.received)
            .ok_or_else(|| Error::invalid("/received", "not_a_date", "Write the day as 2026-11-21; it must be one that exists."))?;
        let country = self.country.as_deref().map(|c| c.trim().to_ascii_uppercase());
        if let Some(code) = country.as_deref().filter(|c| c.len() != 2 || !c.bytes().all(|b| b.is_ascii_alphabetic())) {
            let words = format!("{} characters are no country; give its two-letter ISO code, such as DE.", code.chars().count());
            return Err(Error::invalid("/country", "not_a_country", words));
        }
        let is_free = |day| country.as_deref().is_some_and(|c| holidays::is_public_holiday(c, day));
        let calendar = Calendar { country: country.as_deref(), holidays: &is_free, uk_moves: false };
        let dates = deadlines::deadline(&self.regime, &self.right, received, &calendar)?;
        let text = |day: Option<jiff::civil::Date>| day.map(|d| d.to_string());
        if here.console.is_json() {
            let answer = json!({
                "due": dates.due.to_string(), "extended": text(dates.extended),
                "acknowledge": text(dates.acknowledge), "citation": dates.citation,
            });
            here.console.object(&answer)?;
            return Ok(Outcome::Done);
        }
        let mut line = |name: &str, value: &str| here.console.line(format!("{name:12} {value}"));
        line("regime", &format!("{}, {}", dates.regime, dates.right))?;
        match (dates.without_undue_delay, dates.hours) {
            (true, _) => line("due", &format!("{} (at once, without undue delay)", dates.due))?,
            (false, Some(hours)) => line("due", &format!("{} ({hours} hours from awareness)", dates.due))?,
            (false, None) => line("due", &dates.due.to_string())?,
        }
        let named = [("extended", text(dates.extended)), ("acknowledge", text(dates.acknowledge))];
        for (name, day) in named.into_iter().filter_map(|(name, day)| Some((name, day?))) {
            line(name, &day)?;
        }
        for (name, words) in [("pauses for", dates.pause), ("appeal", dates.appeal)] {
            if let Some(words) = words {
                line(name, words)?;
            }
        }
        line("citation", dates.citation)?;
        line("checked on", deadlines::CHECKED_ON)?;
        if let Some(code) = country.as_deref().filter(|c| !holidays::knows(c)) {
            here.console.note(format!("The public holidays of {code} are not in the table; only weekends were counted."))?;
        }
        Ok(Outcome::Done)
    }
}
