//! What the deals with one company or person come to.

use catalogue::{Kind, Outcome, deal};
use kernel::{RecordId, Result};
use trail::{Permit, Release, Unit, permit::ReadRecords};

use super::scan::Sight;
use crate::{records, views::Sums};

/// The records pointing to one that are looked at.
const MOST: usize = 500;

/// The deals with somebody, as far as they may be listed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DealsWith {
    /// How many are open.
    pub open: usize,
    /// What they come to.
    pub open_amount: Sums,
    /// How many were won.
    pub won: usize,
    /// What was won.
    pub won_amount: Sums,
}

/// What the deals with a company or person come to; `None` where there is none, or too much points there to be looked through. Nothing is
/// opened: it leaves with whatever else its page shows.
pub fn deals_with(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: &Kind, with: RecordId) -> Result<Release<Option<DealsWith>>> {
    let deals = unit.app().catalogue().need(deal::KIND)?;
    let role =
        [deal::COMPANY, deal::PERSON].into_iter().find(|key| deals.field(key).and_then(|f| f.links_to.as_deref()) == Some(&kind.key));
    let (Some(role), Ok(sight)) = (role, Sight::of(permit, &deals)) else { return unit.plain(None) };
    let ids: Vec<RecordId> = records::links_to_each(unit, &[with], role)?.into_iter().map(|(_, from)| from).collect();
    if ids.len() > MOST || !sight.sees(&deals, role) {
        return unit.plain(None);
    }
    let (mut found, zone) = (DealsWith::default(), jiff::tz::TimeZone::UTC);
    for row in records::find_many(unit, &ids)?.iter().filter(|row| row.kind.key == deal::KIND && records::in_scope(permit, row)) {
        let Some(deal) = sight.deal(row, &zone) else { continue };
        let (n, sums) = match deal.outcome {
            Outcome::Open => (&mut found.open, &mut found.open_amount),
            Outcome::Won => (&mut found.won, &mut found.won_amount),
            Outcome::Lost => continue,
        };
        *n += 1;
        deal.amount.iter().for_each(|(currency, minor)| sums.add(currency, *minor));
    }
    let any = found.open + found.won > 0;
    unit.plain(any.then_some(found))
}
