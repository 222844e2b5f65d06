//! Families: a mail and its attachments have the floor of their longest member.

use jiff::civil::Date;

use super::{
    decision::Decision,
    engine::{bound, conclude},
    standing::Standing,
    types::{Clock, Facts, Hold, Kind, Request, Rule, Settings},
    verdict::Bound,
    versions,
};

/// Decides the members of a family, in the order given: each is bound by its own rules and by every floor of the others.
///
/// Another member's floor counts for the whole record, whatever field it was scoped to there. Holds and requests are the
/// family's. The record types, dates and readings are those of [`super::decide`].
pub fn decide_family(
    members: &[Facts],
    rules: &[Rule],
    holds: &[Hold],
    requests: &[Request],
    settings: &Settings,
    now: Date,
    clock: Clock,
) -> Vec<Decision> {
    let mut sorted: Vec<&Rule> = rules.iter().collect();
    sorted.sort_by(|a, b| versions::order(a, b));
    let standings: Vec<Standing> = members.iter().map(|facts| Standing::new(facts, holds, requests, *settings, now, clock)).collect();
    let own: Vec<Vec<Bound>> = standings.iter().map(|standing| bound(standing, &sorted)).collect();
    standings
        .iter()
        .enumerate()
        .map(|(member, standing)| {
            let others = own.iter().enumerate().filter(|(other, _)| *other != member).flat_map(|(_, bound)| bound);
            let floors = others.filter(|b| b.rule.kind == Kind::Min).map(|b| Bound { inherited: true, ..*b });
            let all: Vec<Bound> = own.get(member).into_iter().flatten().copied().chain(floors).collect();
            conclude(standing, &all, holds, requests)
        })
        .collect()
}
