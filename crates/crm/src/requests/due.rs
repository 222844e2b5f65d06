//! When a request is due: which regime's table binds a person, and the dates it gives.

use jiff::civil::Date;
use kernel::Result;
use rules::deadlines::{self, Calendar, Deadlines};
use trail::Unit;

use super::sql;

/// The regime whose deadlines bind for a person's legal order; GDPR, the strictest we know of, where nothing else is known.
pub fn regime(law: &str) -> &str {
    const STATES: &str = "VA CT TX MT DE NH TN NE MD IN KY RI CO MN OR NJ UT IA FL";
    match law.split_once('-').unwrap_or((law, "")) {
        ("GB" | "UK", _) => "UK",
        ("US", "CA") => "CCPA",
        ("US", state) if !state.is_empty() && STATES.split(' ').any(|s| s == state) => state,
        ("BR", _) => "LGPD",
        ("CA", "QC") => "QC Law25",
        ("CA", _) => "PIPEDA",
        _ => "GDPR",
    }
}

/// The dates of a right under a regime. A regime without a row for the right is answered by GDPR's.
pub(super) fn dates(unit: &mut Unit, regime: &str, right: &str, received: Date) -> Result<Deadlines> {
    let country = unit.maybe(sql::COUNTRY, &[], |row| row.get::<String>(0))?;
    let calendar = Calendar { country: country.as_deref(), holidays: &|_| false, uk_moves: false };
    let asked = if right == "know" && regime != "CCPA" { "access" } else { right };
    match deadlines::deadline(regime, asked, received, &calendar) {
        Ok(found) => Ok(found),
        // Neither the United States' nor GDPR's row for an opt-out exists everywhere; objection comes closest.
        Err(_) => deadlines::deadline("GDPR", if asked == "opt-out" { "object" } else { asked }, received, &calendar),
    }
}
