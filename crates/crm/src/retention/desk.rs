//! The desk at which records are decided: the rules, the settings, today and the clock, read once a unit; then the facts of each record.

use std::collections::BTreeSet;

use catalogue::{Value, person};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Error, Instant, RecordId, Result};
use rules::{
    Period,
    retention::{Clock, Decision, Facts, Hold, Request, Right, Rulebook, Settings, decide_family},
};
use trail::Unit;

use super::{
    Policy,
    around::{Around, Asked},
    clock, rulebook, sql,
};
use crate::records::{self, StoredRecord};

/// A tag of this form names a record's retention class (`class:commercial-letter`).
pub const CLASS_TAG: &str = "class:";
/// The age of majority that `majority` runs from.
const MAJORITY: Period = Period::years(18);

/// What a decision is made from, once for many records.
pub struct Desk {
    /// The rules in use.
    pub rulebook: Rulebook,
    /// The installation's numbers.
    pub policy: Policy,
    /// Today, in the installation's zone.
    pub today: Date,
    /// Whether the clock may be believed.
    pub clock: Clock,
    now: Instant,
    zone: TimeZone,
    asks_majority: bool,
}

/// Everything known about one record, as the engine takes it.
#[derive(Clone, Debug)]
pub struct Case {
    /// The record's facts.
    pub facts: Facts,
    /// The facts of its family (a message and its attachments), without itself; of lines there is nothing more to say.
    pub kin: Vec<Facts>,
    /// The family's holds.
    pub holds: Vec<Hold>,
    /// The requests of the people concerned.
    pub requests: Vec<Request>,
    /// The known people it concerns.
    pub people: Vec<RecordId>,
}

/// How a person's erasure request counts for a record that concerns other known people too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shared {
    /// Not: it is redacted, or erased on somebody's choice; the sweep leaves it.
    Apart,
    /// As if it concerned that person alone.
    AsOne,
}

impl Desk {
    /// Reads the rules, the settings and the time of the ledger's head.
    pub fn open(unit: &mut Unit) -> Result<Self> {
        let (rulebook, policy) = (rulebook(unit)?, Policy::load(unit)?);
        let leaf = unit.maybe(sql::LAST_LEAF, &[], |row| row.get::<Instant>(0))?;
        let (now, zone) = (unit.now(), policy.zone());
        let agrees = !clock::has_leapt(unit)?;
        let asks_majority = rulebook.rules().iter().any(|rule| rule.trigger.as_deref() == Some("majority"));
        Ok(Self { today: now.day_in(&zone), clock: Clock::judge(now, leaf, agrees), rulebook, policy, now, zone, asks_majority })
    }

    /// The engine's settings.
    pub fn settings(&self) -> Settings {
        self.policy.settings()
    }

    /// Midnight at the start of a day, in the installation's zone.
    pub fn start_of(&self, day: Date) -> Instant {
        day.to_zoned(self.zone.clone()).map_or_else(|_| Instant::start_of(day), |z| Instant::from_micros(z.timestamp().as_microsecond()))
    }

    /// Decides one record.
    pub fn decide(&self, unit: &mut Unit, row: &StoredRecord) -> Result<Decision> {
        self.decide_each(unit, std::slice::from_ref(row))?.pop().ok_or_else(|| Error::internal("a record that was not decided"))
    }

    /// Decides records, in their order.
    pub fn decide_each(&self, unit: &mut Unit, rows: &[StoredRecord]) -> Result<Vec<Decision>> {
        Ok(self.cases(unit, rows, Shared::Apart)?.iter().map(|case| self.conclude(case)).collect())
    }

    /// Decides a case.
    pub fn conclude(&self, case: &Case) -> Decision {
        let Case { facts, kin, holds, requests, .. } = case;
        if kin.is_empty() {
            return self.rulebook.decide(facts, holds, requests, &self.settings(), self.today, self.clock);
        }
        let members: Vec<Facts> = std::iter::once(facts).chain(kin).cloned().collect();
        let decided = decide_family(&members, self.rulebook.rules(), holds, requests, &self.settings(), self.today, self.clock);
        // The engine answers the members in their order; an empty answer cannot be, and would be the single decision.
        let single = || self.rulebook.decide(facts, holds, requests, &self.settings(), self.today, self.clock);
        decided.into_iter().next().unwrap_or_else(single)
    }

    /// Gathers what is known about records, in their order: their columns and facts, their last activity, the holds and requests that concern
    /// them, their families.
    pub fn cases(&self, unit: &mut Unit, rows: &[StoredRecord], shared: Shared) -> Result<Vec<Case>> {
        let around = Around::read(unit, rows, self.now)?;
        rows.iter().map(|row| self.gather(unit, &around, row, shared)).collect()
    }

    fn gather(&self, unit: &mut Unit, around: &Around, row: &StoredRecord, shared: Shared) -> Result<Case> {
        let facts = self.facts(unit, around, row)?;
        let family = around.family(row);
        let mut kin = Vec::with_capacity(family.len());
        let mut holds = self.holds(around, row.id);
        let (mut people, mut linked) = (around.known(row), around.linked(row));
        for member in family {
            // A line is decided as what it stands on: neither has more to say about the other.
            if around.base(row).is_none() && around.base(member).is_none() {
                kin.push(self.facts(unit, around, member)?);
            }
            holds.extend(self.holds(around, member.id));
            people.extend(around.known(member));
            linked.extend(around.linked(member));
        }
        holds.sort_by(|a, b| a.id.cmp(&b.id));
        holds.dedup();
        let requests = self.requests(around, &people, &linked, shared);
        Ok(Case { facts, kin, holds, requests, people: people.into_iter().collect() })
    }

    fn facts(&self, unit: &mut Unit, around: &Around, row: &StoredRecord) -> Result<Facts> {
        if let Some(base) = around.base(row) {
            let fields = row.kind.fields.iter().map(|field| field.key.clone()).collect();
            return Ok(Facts { fields, ..self.facts(unit, around, base)? });
        }
        let own = &row.facts;
        let mut events = own.events.clone();
        // A claimed date is for the engine to believe or not; where there is none the column says when it came into being.
        if own.claimed.is_none() {
            events.entry("created".to_owned()).or_insert_with(|| row.created.day_in(&self.zone));
        }
        if !events.contains_key("last_activity") {
            let contact = match row.open.get(person::LAST_CONTACT) {
                Some(Value::Time(at)) if *at <= self.now => Some(*at),
                _ => None,
            };
            let last = [Some(row.created), around.activity(row.id), contact].into_iter().flatten().max().unwrap_or(row.created);
            events.insert("last_activity".to_owned(), last.day_in(&self.zone));
        }
        if self.asks_majority && row.kind.is_person && !events.contains_key("majority") {
            let born = records::open(unit, row.clone())?.and_then(|record| match record.get(person::BIRTHDAY) {
                Some(Value::Date(day)) => Some(*day),
                _ => None,
            });
            if let Some(born) = born {
                events.insert("majority".to_owned(), MAJORITY.after(born));
            }
        }
        let class = own.tags.iter().find_map(|tag| tag.strip_prefix(CLASS_TAG));
        Ok(Facts {
            kind: row.kind.key.clone(),
            class: class.map(str::to_owned),
            jurisdiction: self.policy.country.clone(),
            industry: own.industry.clone().or_else(|| self.policy.industry.clone()),
            tags: own.tags.clone(),
            person_law: Some(row.law.clone()).filter(|law| !law.is_empty()),
            events,
            captured: Some(row.captured.day_in(&self.zone)),
            claimed: own.claimed,
            origin_evidence: own.origin_evidence,
            fiscal_year_end: self.policy.fiscal_year_end(),
            fields: row.kind.fields.iter().map(|field| field.key.clone()).collect(),
        })
    }

    fn holds(&self, around: &Around, record: RecordId) -> Vec<Hold> {
        let day = |at: Instant| at.day_in(&self.zone);
        let standing = around.holds(record).iter();
        standing.map(|h| Hold { id: h.hold.to_string(), placed: day(h.placed), released: h.released.map(day) }).collect()
    }

    /// The requests of the known people, and of those who are gone the erasure that is still open: it restricts what had to stay.
    fn requests(&self, around: &Around, people: &BTreeSet<RecordId>, linked: &BTreeSet<RecordId>, shared: Shared) -> Vec<Request> {
        let (mut all, mut erasing, mut concerned) = (Vec::new(), 0, people.len());
        for person in people.union(linked) {
            let requests = around.requests(*person).iter().filter_map(|Asked { kind, received, verified, closed }| {
                let right = Right::parse(kind)?;
                Some(Request {
                    right,
                    received: received.day_in(&self.zone),
                    verified: *verified,
                    closed: closed.map(|at| at.day_in(&self.zone)),
                })
            });
            let mut requests: Vec<Request> = requests.collect();
            let open = |r: &Request| r.right == Right::Erasure && r.verified && r.closed.is_none_or(|day| self.today < day);
            if !people.contains(person) {
                requests.retain(open);
                concerned += usize::from(!requests.is_empty());
            }
            erasing += usize::from(requests.iter().any(open));
            all.extend(requests);
        }
        if shared == Shared::Apart && erasing < concerned {
            all.retain(|request| request.right != Right::Erasure);
        }
        all
    }
}
