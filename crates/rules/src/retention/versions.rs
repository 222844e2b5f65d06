//! Which versions of a rule bind a record.

use std::cmp::Ordering;

use jiff::civil::Date;

use super::types::{Kind, Rule};

/// Rules side by side with their versions, oldest first: by key and kind, then `effective_from` (absent: always), then version.
pub(super) fn order(a: &Rule, b: &Rule) -> Ordering {
    a.id.cmp(&b.id).then_with(|| a.kind.cmp(&b.kind)).then_with(|| age(a).cmp(&age(b)))
}

fn age(rule: &Rule) -> (Option<Date>, u32) {
    (rule.effective_from, rule.version)
}

/// Calls `bind` with each version that binds a record captured (else created) on `base`, of rules sorted by [`order`].
///
/// Entries of one rule with the same age (the same version written once per field, say) stand or fall together.
/// A record whose capture is unknown is bound by every version in force since the last retroactive one: a floor is never lost.
pub(super) fn binding<'a>(rules: &[&'a Rule], base: Option<Date>, now: Date, mut bind: impl FnMut(&'a Rule)) {
    for versions in rules.chunk_by(|a, b| a.id == b.id && a.kind == b.kind) {
        let in_force = &versions[..versions.partition_point(|r| in_force(r, now))];
        let Some(newest) = in_force.last() else { continue };
        let start = if newest.kind == Kind::Min {
            let at_base = base.and_then(|day| in_force.iter().rev().find(|r| self::in_force(r, day)));
            let afresh = in_force.iter().rev().find(|r| r.retroactive == Some(true));
            match (at_base, afresh) {
                (Some(a), Some(b)) => Some(age(a).max(age(b))),
                (a, b) => a.or(b).map(|r| age(r)),
            }
        } else {
            Some(age(newest))
        };
        in_force.iter().filter(|r| start.is_none_or(|s| age(r) >= s)).for_each(|r| bind(r));
    }
}

fn in_force(rule: &Rule, day: Date) -> bool {
    rule.effective_from.is_none_or(|from| from <= day)
}
