//! What waits for a second person, with what would become of it: decided now, for pages and programs alike.

use kernel::{Error, OrderId, Result};
use store::args;
use trail::{Event, Permit, Release, Unit, permit::Dispose};

use super::{Planned, Proposal, fate, proposal::Stored, sql};
use crate::{records, retention::Desk};

/// How many records of a proposal a list decides.
const SAMPLE: usize = 3;

/// A proposal with what would become of it, decided now.
#[derive(Clone, Debug)]
pub struct Weighed {
    /// The proposal.
    pub proposal: Proposal,
    /// How many people must approve, beside whoever carries it out.
    pub needed: usize,
    /// Whether the actor may approve it.
    pub awaits_me: bool,
    /// What would become of its records; in lists of the first few. Nothing of what was ordered or taken back.
    pub planned: Vec<Planned>,
}

impl Weighed {
    /// Of those that were looked at: how many go, whole or by the fields named.
    pub fn goes(&self) -> usize {
        self.planned.iter().filter(|planned| planned.goes(&self.proposal.fields)).count()
    }
}

/// Which proposals are asked for.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Those before this one.
    pub before: Option<OrderId>,
    /// At most so many are looked at.
    pub most: usize,
    /// Only those that the actor may approve.
    pub mine: bool,
}

/// A page of proposals.
#[derive(Clone, Debug)]
pub struct Page {
    /// The newest first. Fewer than were asked for where some do not wait for the actor.
    pub items: Vec<Weighed>,
    /// Where the next page begins.
    pub next: Option<OrderId>,
}

/// The open proposals, a page at a time, each with a sample of what would become of it. Event `disposal.listed`.
pub fn weighed(unit: &mut Unit, permit: &Permit<Dispose>, asked: &Asked) -> Result<Release<Page>> {
    let (before, most) = (asked.before.unwrap_or_else(|| OrderId::from_bytes([0xff; 16])), asked.most);
    let limit = i64::try_from(most).unwrap_or(i64::MAX);
    let stored = unit.all(sql::PROPOSALS_BEFORE, &args![before, limit], Stored::read)?;
    let next = stored.last().filter(|_| stored.len() == most).map(|last| last.id);
    let (desk, me) = (Desk::open(unit)?, permit.actor.person());
    let (mut items, mut looked) = (Vec::new(), 0);
    for stored in stored {
        if !asked.mine || stored.awaits(&me) {
            let one = weigh_one(unit, &desk, stored, SAMPLE)?;
            looked += one.planned.len();
            items.push(one);
        }
    }
    let event = Event::new("disposal.listed").count("proposals", items.len()).count("records", looked);
    unit.release(event, Page { items, next })
}

/// One proposal, open or not, with what would become of each of its records. Event `disposal.weighed`. Error: not_found.
pub fn weigh(unit: &mut Unit, _permit: &Permit<Dispose>, id: OrderId) -> Result<Release<Weighed>> {
    let stored = unit.maybe(sql::PROPOSAL_FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("proposal"))?;
    let desk = Desk::open(unit)?;
    let one = weigh_one(unit, &desk, stored, usize::MAX)?;
    let event = Event::new("disposal.weighed").word("order", id.to_string()).count("records", one.planned.len());
    unit.release(event, one)
}

fn weigh_one(unit: &mut Unit, desk: &Desk, stored: Stored, most: usize) -> Result<Weighed> {
    let mut planned = Vec::new();
    let looked = if stored.state == "open" { most } else { 0 };
    for id in stored.records.iter().take(looked) {
        let row = records::find(unit, *id)?.ok_or_else(|| Error::not_found("record"))?;
        planned.push(if stored.fields.is_empty() {
            fate::plan_one(unit, desk, &stored.cause, &row)?
        } else {
            fate::plan_fields(unit, desk, &stored.cause, &row, &stored.fields)?
        });
    }
    let awaits_me = stored.awaits(&unit.actor().person());
    Ok(Weighed { proposal: stored.shown(), needed: desk.policy.approvers, awaits_me, planned })
}
