//! Retention as pages: the rules in use, the packs they came with, what a sweep would do, and the sweep.

use std::collections::BTreeMap;

use axum::{
    extract::{Query, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use crm::{
    disposal,
    permits::{Audit, Dispose, ManageRules},
    retention::{self, Counts, Leap, Policy, StoredRule, packs},
};
use http::Method;
use kernel::Result;
use serde::Deserialize;

use super::{queue, sweep};
use crate::{
    kit::{error::Refused, form::Form, layout::Notice, render::html, text::Text, who::Who},
    router::{Access, Route, Web},
    views::{
        home::Figure,
        parts::{Chip, Line, Said, Tone},
        retention::{Leapt, Pack, RetentionPage, Rule},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/retention", Access::Staff, || get(page)),
    Route::new(Method::POST, "/retention/plan", Access::Staff, || post(plan)),
    Route::new(Method::GET, "/retention/sweep", Access::Staff, || get(sweep::before)),
    Route::new(Method::POST, "/retention/sweep", Access::Staff, || post(sweep::carried_out)),
    Route::new(Method::POST, "/retention/clock", Access::Staff, || post(confirm_clock)),
    Route::new(Method::POST, "/retention/propose", Access::Staff, || post(queue::propose)),
];

/// Whoever disposes, rules or audits may see the rules.
fn may_look(who: &Who) -> Result<()> {
    if who.actor.permit::<ManageRules>().is_ok() || who.actor.permit::<Audit>().is_ok() {
        return Ok(());
    }
    who.actor.permit::<Dispose>().map(drop)
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    swept: Option<usize>,
}

async fn page(State(web): State<Web>, who: Who, Query(asked): Query<Asked>) -> Result<Response, Refused> {
    may_look(&who)?;
    let mut view = view(&web, &who, None).await?;
    if let Some(disposed) = asked.swept {
        view.shell.notices.push(Notice::done(view.t.count("retention-swept", disposed)));
    }
    Ok(Html(html(&view)?).into_response())
}

/// What a sweep would come to; changes nothing.
async fn plan(State(web): State<Web>, who: Who, _form: Form) -> Result<Response, Refused> {
    let counts = disposal::preview(&web.app, &who.actor).await?;
    let mut view = view(&web, &who, Some(&counts)).await?;
    view.shell.notices.push(Notice::note(view.t.get("retention-planned")));
    Ok(Html(html(&view)?).into_response())
}

/// One of two people says that the time is right.
async fn confirm_clock(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let permit = who.actor.permit::<ManageRules>()?;
    let reason = fields.get("reason").to_owned();
    web.app.settle().await?;
    web.app.write(&who.actor, move |unit| retention::confirm_clock(unit, &permit, &reason)).await?;
    Ok(Redirect::to("/retention").into_response())
}

fn leapt(t: Text, who: &Who, policy: &Policy, leap: &Leap) -> Leapt {
    let zone = who.zone(policy.zone());
    let when = t.with2("clock-leapt", "from", t.moment(leap.from, &zone), "to", t.moment(leap.to, &zone));
    let may = who.actor.permit::<ManageRules>().is_ok() && !leap.confirmed.contains(&who.actor.person());
    Leapt { words: format!("{when} {}", t.count("clock-missing", leap.missing())), may_confirm: may }
}

pub(super) async fn view(web: &Web, who: &Who, counts: Option<&Counts>) -> Result<RetentionPage> {
    let t = who.text;
    let (stored, policy, leap) = web
        .app
        .read(&who.actor, |unit| {
            let found = (retention::rules(unit)?, Policy::load(unit)?, retention::leap(unit)?);
            unit.plain(found)
        })
        .await?;
    let (mut statutory, mut recommended) = (Vec::new(), Vec::new());
    let mut adopted: BTreeMap<&str, usize> = BTreeMap::new();
    for one in &stored {
        *adopted.entry(one.pack.as_str()).or_default() += 1;
        let group = if shipped(one).is_some_and(|entry| entry.figure == packs::Figure::Statutory) || one.rule.strength.as_str() != "policy"
        {
            &mut statutory
        } else {
            &mut recommended
        };
        group.push(rule(t, one));
    }
    let number = |n: usize| u64::try_from(n).unwrap_or(u64::MAX);
    let may_dispose = who.actor.permit::<Dispose>().is_ok();
    let covered = counts.map_or((0, 0), |c| (number(c.decided.saturating_sub(c.unclassified)), number(c.decided)));
    Ok(RetentionPage {
        t,
        shell: who.shell(web, &t.get("retention-title"), "retention", "/retention").await?,
        leapt: leap.map(|leap| leapt(t, who, &policy, &leap)),
        figures: counts.map_or_else(Vec::new, |counts| figures(t, counts)),
        covered,
        uncovered: Vec::new(),
        statutory,
        recommended,
        packs: adopted.into_iter().map(|(id, rules)| pack(t, id, rules)).collect(),
        settings: settings(t, &policy),
        plan_action: may_dispose.then(|| "/retention/plan".to_owned()),
        sweep_href: may_dispose.then(|| "/retention/sweep".to_owned()),
        queue: if may_dispose { Some(queue::view(web, who).await?) } else { None },
    })
}

/// The rule as it ships, with the day it was checked; nothing for one of our own.
fn shipped(one: &StoredRule) -> Option<&'static packs::PackRule> {
    let pack = packs::all().iter().find(|pack| pack.id == one.pack)?;
    pack.rules.iter().find(|entry| entry.rule.id == one.rule.id && entry.rule.version == one.rule.version)
}

fn rule(t: Text, one: &StoredRule) -> Rule {
    let rule = &one.rule;
    let strength = match rule.strength.as_str() {
        "law" => "retention-strength-law",
        "claims" => "retention-strength-claims",
        "contract" => "retention-strength-contract",
        _ => "retention-strength-policy",
    };
    let (effect, tone) = match rule.kind.as_str() {
        "min" => ("retention-effect-min", Tone::Plain),
        "max" => ("retention-effect-max", Tone::Time),
        _ => ("retention-effect-prohibit", Tone::Held),
    };
    let mut scope = vec![t.get(strength)];
    scope.extend(rule.obligation_law.as_ref().map(ToString::to_string));
    if !one.active {
        scope.push(t.get("retention-ignored"));
    }
    Rule {
        name: rule.name.as_ref().unwrap_or(&rule.id).to_string(),
        version: rule.version.to_string(),
        scope: scope.join(" · "),
        period: rule.period.map_or_else(String::new, |period| span(t, &period.to_string(), rule.anchor.as_str())),
        effect: Chip::new(t.get(effect), tone),
        citation: rule.citation.to_string(),
        checked: shipped(one).map_or_else(|| t.get("retention-own"), |entry| t.day(entry.checked_on)),
        pack: one.pack.clone(),
    }
}

/// A period (`P8Y`) in words, with the day it is counted from.
pub(crate) fn span(t: Text, period: &str, anchor: &str) -> String {
    let count = period.trim_matches(|c: char| !c.is_ascii_digit());
    let unit = match period.chars().next_back() {
        Some('Y') => "retention-years",
        Some('M') => "retention-months",
        Some('W') => "retention-weeks",
        _ => "retention-days",
    };
    let words = t.count(unit, count);
    let from = match anchor {
        "calendar-year-end" => "retention-from-calendar-year-end",
        "fiscal-year-end" => "retention-from-fiscal-year-end",
        _ => return words,
    };
    format!("{words} {}", t.get(from))
}

fn pack(t: Text, id: &str, rules: usize) -> Pack {
    let known = packs::all().iter().find(|pack| pack.id == id);
    let counted = t.count("retention-rules", rules);
    Pack {
        name: known.map_or_else(|| t.get("retention-own"), |pack| pack.title.clone()),
        note: known.map_or_else(|| counted.clone(), |pack| format!("{} · {counted}", t.with("keep-version", "version", pack.version))),
        state: Chip::new(t.get("retention-adopted"), Tone::Good),
        adopt_action: None,
    }
}

fn figures(t: Text, counts: &Counts) -> Vec<Figure> {
    let all = [
        ("retention-count-decided", counts.decided),
        ("retention-count-due", counts.due),
        ("retention-count-overdue", counts.overdue),
        ("retention-count-review", counts.review),
        ("retention-count-erasure", counts.erasure),
        ("retention-count-held", counts.held),
        ("retention-count-unclassified", counts.unclassified),
        ("retention-count-restricted", counts.restricted),
        ("retention-count-escalated", counts.escalated),
        ("retention-count-suspended", counts.suspended),
        ("retention-count-disposed", counts.disposed),
    ];
    let shown = all.into_iter().map(|(key, n)| Figure {
        label: t.get(key),
        value: t.number(u64::try_from(n).unwrap_or(u64::MAX)),
        note: Said::new(),
        presses: false,
        href: "/retention".into(),
    });
    shown.collect()
}

fn settings(t: Text, policy: &Policy) -> Vec<Line> {
    let set = |value: Option<&String>| value.cloned().unwrap_or_else(|| t.get("retention-not-set"));
    vec![
        Line::text(t.get("retention-grace"), span(t, &policy.grace.to_string(), "day")),
        Line::text(t.get("retention-cool-off"), span(t, &policy.cool_off.to_string(), "day")),
        Line::text(t.get("retention-country"), set(policy.country.as_ref().map(|code| t.country(code)).as_ref())),
        Line::text(t.get("retention-industry"), set(policy.industry.as_ref().map(|key| t.get(&format!("industry-{key}"))).as_ref())),
        Line::text(t.get("retention-approvers"), policy.approvers.to_string()),
    ]
}
