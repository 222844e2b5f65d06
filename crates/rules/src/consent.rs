//! What somebody said about the use of their data, and what follows from all of it: one fold over their statements.
//!
//! Nothing here is stored as a state. What holds at a moment is what the statements up to it say, in the order of the time they were made,
//! whatever the order in which they were entered.

use catalogue::Purpose;
use kernel::Instant;

/// What was said, or what time did.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Act {
    /// They were asked, and have not answered: what a double opt-in waits for.
    Requested,
    /// They consented (GDPR Art 4(11), 7).
    Given,
    /// They were asked and said no.
    Refused,
    /// They took their consent back (Art 7(3)).
    Withdrawn,
    /// The time for which they consented is over.
    Expired,
    /// They objected (Art 21).
    Objected,
    /// They took an objection back.
    Lifted,
}

impl Act {
    /// Every act.
    pub const ALL: [Self; 7] = [Self::Requested, Self::Given, Self::Refused, Self::Withdrawn, Self::Expired, Self::Objected, Self::Lifted];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Requested => "requested",
            Self::Given => "given",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
            Self::Expired => "expired",
            Self::Objected => "objected",
            Self::Lifted => "lifted",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|act| act.as_str() == word)
    }

    /// Whether it says no.
    pub const fn bars(self) -> bool {
        matches!(self, Self::Refused | Self::Withdrawn | Self::Expired | Self::Objected)
    }
}

/// One statement.
#[derive(Clone, Copy, Debug)]
pub struct Statement {
    /// About which purpose.
    pub purpose: &'static Purpose,
    /// What.
    pub act: Act,
    /// When it was made.
    pub at: Instant,
    /// Until when a consent was given; without end where it says nothing.
    pub until: Option<Instant>,
    /// Whether the text they were shown, its time and its way are known (Art 7(1)). What is not proven opens nothing.
    pub proven: bool,
}

/// What holds for one purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Whether their data may be used for it.
    pub allowed: bool,
    /// The statement that decides, if there is one, and since when.
    pub by: Option<(Act, Instant)>,
}

/// What holds for a purpose at a moment.
///
/// A yes counts for the very purpose it was given for, a no for that purpose and every one below it (a withdrawal cascades, a grant does
/// not). Of two statements of one moment the no counts. Where nothing was said that decides, a purpose is allowed unless it needs consent.
pub fn standing(statements: &[Statement], purpose: &'static Purpose, now: Instant) -> Standing {
    let decides = |one: &&Statement| {
        let concerns = if one.act.bars() { purpose.is_under(one.purpose) } else { purpose.key == one.purpose.key };
        let says = match one.act {
            Act::Requested => false,
            Act::Given => one.proven,
            _ => true,
        };
        concerns && says && one.at <= now
    };
    let last = statements.iter().filter(decides).max_by_key(|one| {
        // Of two of one moment, what opens less.
        let end = one.until.map_or(i64::MAX, Instant::micros);
        (one.at, one.act.bars(), one.act, std::cmp::Reverse(end))
    });
    let Some(last) = last else { return Standing { allowed: !purpose.needs_consent, by: None } };
    if let (Act::Given, Some(until)) = (last.act, last.until)
        && until <= now
    {
        return Standing { allowed: false, by: Some((Act::Expired, until)) };
    }
    let allowed = match last.act {
        Act::Given => true,
        Act::Lifted => !purpose.needs_consent,
        _ => false,
    };
    Standing { allowed, by: Some((last.act, last.at)) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn purpose(key: &str) -> &'static Purpose {
        Purpose::find(key).unwrap()
    }

    fn at(n: i64) -> Instant {
        Instant::from_micros(n)
    }

    fn said(act: Act, n: i64) -> Statement {
        Statement { purpose: purpose("marketing"), act, at: at(n), until: None, proven: true }
    }

    fn allowed(statements: &[Statement], now: i64) -> bool {
        standing(statements, purpose("marketing"), at(now)).allowed
    }

    #[test]
    fn nothing_said_allows_what_needs_no_consent_and_nothing_else() {
        assert!(!allowed(&[], 10));
        assert_eq!(standing(&[], purpose("sales"), at(10)), Standing { allowed: true, by: None });
    }

    #[test]
    fn consent_opens_its_purpose_until_it_is_taken_back_and_again_when_it_is_given_anew() {
        let mut all = vec![said(Act::Given, 1)];
        assert!(allowed(&all, 1));
        assert!(!allowed(&all, 0), "not before it was given");
        all.push(said(Act::Withdrawn, 5));
        assert!(!allowed(&all, 5));
        all.push(said(Act::Given, 9));
        assert!(allowed(&all, 9));
        assert!(standing(&all, purpose("sales"), at(9)).by.is_none(), "of another purpose it says nothing");
    }

    #[test]
    fn a_question_and_what_is_not_proven_decide_nothing() {
        assert!(!allowed(&[said(Act::Requested, 1)], 2));
        assert!(!allowed(&[Statement { proven: false, ..said(Act::Given, 1) }], 2));
        assert!(allowed(&[said(Act::Given, 1), said(Act::Requested, 2)], 3), "whoever is asked again has not taken it back");
    }

    #[test]
    fn consent_ends_with_its_time() {
        let all = [Statement { until: Some(at(7)), ..said(Act::Given, 1) }];
        assert!(allowed(&all, 6));
        assert_eq!(standing(&all, purpose("marketing"), at(7)), Standing { allowed: false, by: Some((Act::Expired, at(7))) });
    }

    #[test]
    fn an_objection_that_is_lifted_leaves_what_was_before_anybody_spoke() {
        let of = |act, n| Statement { purpose: purpose("sales"), ..said(act, n) };
        let all = [of(Act::Objected, 1), of(Act::Lifted, 2)];
        assert!(!standing(&all, purpose("sales"), at(1)).allowed);
        assert!(standing(&all, purpose("sales"), at(2)).allowed);
        assert!(!allowed(&[said(Act::Objected, 1), said(Act::Lifted, 2)], 3), "marketing needs a consent again");
    }

    fn statements() -> impl Strategy<Value = Vec<Statement>> {
        let one = (0..Act::ALL.len(), 0..20_i64, proptest::option::of(0..30_i64), any::<bool>(), any::<bool>());
        let one = one.prop_map(|(act, n, until, proven, sales)| Statement {
            purpose: purpose(if sales { "sales" } else { "marketing" }),
            until: until.map(at),
            proven,
            ..said(Act::ALL[act], n)
        });
        proptest::collection::vec(one, 0..12)
    }

    proptest! {
        #[test]
        fn the_order_in_which_statements_were_entered_changes_nothing(all in statements(), now in 0..25_i64, turn in 0..12_usize) {
            let mut other = all.clone();
            other.reverse();
            let turn = turn.min(other.len());
            other.rotate_left(turn);
            for purpose in catalogue::PURPOSES {
                prop_assert_eq!(standing(&all, purpose, at(now)), standing(&other, purpose, at(now)));
            }
        }

        #[test]
        fn after_a_no_only_a_later_proven_yes_opens_what_needs_consent(all in statements(), now in 20..25_i64) {
            let mut all = all;
            all.push(said(Act::Withdrawn, now));
            prop_assert!(!allowed(&all, now));
            all.push(Statement { proven: false, ..said(Act::Given, now + 1) });
            all.push(said(Act::Lifted, now + 1));
            prop_assert!(!allowed(&all, now + 1));
            all.push(said(Act::Given, now + 2));
            prop_assert!(allowed(&all, now + 2));
        }

        #[test]
        fn nothing_is_open_that_needs_consent_without_a_proven_consent_before_it(all in statements(), now in 0..25_i64) {
            if allowed(&all, now) {
                prop_assert!(all.iter().any(|one| one.act == Act::Given && one.proven && one.at <= at(now) && one.purpose.needs_consent));
            }
        }
    }
}
