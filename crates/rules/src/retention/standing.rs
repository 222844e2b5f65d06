//! What holds for the whole record before any rule is weighed: its own dates, holds, requests and the clock.

use jiff::civil::Date;

use super::{
    decision::{Effect, Reason, Source},
    types::{Anchor, Clock, Facts, Hold, Request, Right, Rule, Settings},
};
use crate::{MonthDay, Period, calendar::days_apart, plus_days};

/// A live capture may claim a date at most this many days from its capture.
const CLAIM_TOLERANCE_DAYS: i64 = 7;
/// An unverified request freezes no longer than this.
const UNVERIFIED_FREEZE_DAYS: i64 = 30;
/// A verified erasure is due this long after its receipt, in every regime.
const ERASURE: Period = Period::months(1);

pub(super) struct Standing<'a> {
    pub facts: &'a Facts,
    pub now: Date,
    pub settings: Settings,
    pub suspended: bool,
    pub anchored: bool,
    pub held: bool,
    /// The last day of the cool-off.
    pub cool_off: Option<Date>,
    /// The ceiling of the earliest verified, open erasure.
    pub erasure: Option<Date>,
    pub freezing: bool,
    /// An open request restricts use.
    pub restricting: bool,
    created: Option<Date>,
    captured: Option<Date>,
}

impl<'a> Standing<'a> {
    pub fn new(facts: &'a Facts, holds: &[Hold], requests: &[Request], settings: Settings, now: Date, clock: Clock) -> Self {
        let captured = facts.events.get("captured").copied().or(facts.captured);
        let (created, anchored) = created(facts, captured);
        let freezing =
            |r: &&Request| r.right.freezes() && is_open(r, now) && (r.verified || now <= plus_days(r.received, UNVERIFIED_FREEZE_DAYS));
        let last_release = holds.iter().filter_map(|h| h.released).filter(|released| *released <= now).max();
        Self {
            facts,
            now,
            settings,
            suspended: is_suspended(clock, now),
            anchored,
            held: holds.iter().any(|h| is_active(h, now)),
            cool_off: last_release.map(|released| settings.cool_off.after(released)),
            erasure: requests.iter().filter(|r| is_erasure(r, now)).map(|r| ERASURE.after(r.received)).min(),
            freezing: requests.iter().any(|r| freezing(&r)),
            restricting: requests.iter().filter(freezing).any(|r| r.right.restricts()),
            created,
            captured,
        }
    }

    /// The day a rule's trigger happened, moved to its anchor; `None` while it has not happened.
    pub fn start(&self, rule: &Rule) -> Option<Date> {
        let happened = match rule.trigger.as_deref()? {
            "created" => self.created,
            "captured" => self.captured,
            other => self.facts.events.get(other).copied(),
        };
        let day = happened.filter(|day| *day <= self.now)?;
        Some(match rule.anchor {
            Anchor::Day => day,
            Anchor::CalendarYearEnd => MonthDay::YEAR_END.on_or_after(day),
            Anchor::FiscalYearEnd => self.facts.fiscal_year_end.unwrap_or(MonthDay::YEAR_END).on_or_after(day),
        })
    }

    /// The day whose rule version binds: of the capture, else of the creation.
    pub fn base(&self) -> Option<Date> {
        let past = |day: &Date| *day <= self.now;
        self.captured.filter(past).or(self.created.filter(past))
    }

    /// The reasons that are not rules. The slices are those [`Self::new`] was given.
    pub fn reasons(&self, holds: &[Hold], requests: &[Request]) -> Vec<Reason> {
        let mut reasons = Vec::new();
        if self.suspended {
            reasons.push(Reason::other(Source::Clock, Effect::Suspends, None, None));
        }
        for hold in holds.iter().filter(|h| is_active(h, self.now)) {
            reasons.push(Reason::other(Source::Hold(hold.id.clone()), Effect::Holds, Some(hold.placed), None));
        }
        if let Some(through) = self.cool_off.filter(|_| !self.held) {
            reasons.push(Reason::other(Source::CoolOff, Effect::Floor, None, Some(through)));
        }
        for request in requests.iter().filter(|r| is_open(r, self.now)) {
            if is_erasure(request, self.now) {
                let date = ERASURE.after(request.received);
                reasons.push(Reason::other(Source::Request(Right::Erasure), Effect::Ceiling, Some(request.received), Some(date)));
            } else if request.right.freezes() && (request.verified || self.now <= plus_days(request.received, UNVERIFIED_FREEZE_DAYS)) {
                reasons.push(Reason::other(Source::Request(request.right), Effect::Freezes, Some(request.received), None));
            }
        }
        if self.anchored {
            reasons.push(Reason::other(Source::Capture, Effect::Anchors, None, self.captured));
        }
        // told in an order of their own, so that the order of the input does not matter
        if reasons.len() > 1 {
            reasons.sort_by_cached_key(|r| (r.effect, r.from, r.date, r.sentence()));
        }
        reasons
    }
}

/// The creation date that counts, and whether it is the capture's because the claim is not believed.
fn created(facts: &Facts, captured: Option<Date>) -> (Option<Date>, bool) {
    match (facts.events.get("created"), facts.claimed, captured) {
        (Some(explicit), ..) => (Some(*explicit), false),
        (None, Some(claimed), Some(captured)) if !facts.origin_evidence && days_apart(claimed, captured) > CLAIM_TOLERANCE_DAYS => {
            (Some(captured), true)
        }
        (None, claimed, captured) => (claimed.or(captured), false),
    }
}

fn is_suspended(clock: Clock, now: Date) -> bool {
    match clock {
        Clock::Trusted => false,
        // of days only: a day ahead may still be less than 24 hours, two days are more
        Clock::LastLeaf(leaf) => now < leaf || now > plus_days(leaf, 1),
        Clock::Behind | Clock::Ahead | Clock::Disagrees => true,
    }
}

fn is_active(hold: &Hold, now: Date) -> bool {
    hold.placed <= now && hold.released.is_none_or(|released| now < released)
}

fn is_open(request: &Request, now: Date) -> bool {
    request.received <= now && request.closed.is_none_or(|closed| now < closed)
}

fn is_erasure(request: &Request, now: Date) -> bool {
    request.right == Right::Erasure && request.verified && is_open(request, now)
}
