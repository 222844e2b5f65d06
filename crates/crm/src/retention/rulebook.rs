//! The rules in use: adopted from packs, written by ourselves as further versions, ignored.

use std::sync::Arc;

use kernel::{Code, Error, Instant, RecordId, Result};
use rules::{
    packs::{self, Figure, Pack, PackRule},
    retention::{Rule, Rulebook, Strength},
};
use store::args;
use trail::{App, Event, Job, Permit, Unit, permit::ManageRules};

use super::{Policy, sql};

/// The kind of the job that has every record decided again.
pub const AGAIN: &str = "retention.again";

/// A version of a rule as stored.
#[derive(Clone, Debug)]
pub struct StoredRule {
    /// The rule.
    pub rule: Rule,
    /// The pack it came with; `own` for ours.
    pub pack: String,
    /// Whether it is in use.
    pub active: bool,
    /// Since when it is here.
    pub adopted: Instant,
}

/// Adopts the packs that fit a business of an industry in a country. Rules that are here stay as they are. Answers how many versions came.
/// Event `retention.adopted`. Errors: invalid_input for what is no industry of ours.
pub fn adopt(unit: &mut Unit, _permit: &Permit<ManageRules>, country: &str, industry: &str) -> Result<usize> {
    let industry = industry.trim().to_ascii_lowercase();
    if !packs::INDUSTRIES.contains(&industry.as_str()) {
        let detail = format!("Choose one of: {}.", packs::INDUSTRIES.join(", "));
        return Err(Error::invalid("/industry", "unknown", detail));
    }
    let country = country.trim().to_ascii_uppercase();
    let chosen = packs::adopt(&country, &industry);
    let event = Event::new("retention.adopted").word("country", country.as_str()).word("industry", industry.as_str());
    unit.witness(event.word("packs", chosen.iter().map(|pack| pack.id.as_str()).collect::<Vec<_>>().join(" ")))?;
    let mut came = 0;
    for pack in chosen {
        for entry in &pack.rules {
            came += usize::from(insert(unit, &entry.rule, &pack.id)?);
        }
    }
    let policy = Policy { country: Some(country), industry: Some(industry), ..Policy::load(unit)? };
    policy.store(unit)?;
    decide_all_again(unit)?;
    Ok(came)
}

fn insert(unit: &mut Unit, rule: &Rule, pack: &str) -> Result<bool> {
    let body = serde_json::to_string(rule).map_err(Error::internal)?;
    let done = unit.run(sql::RULE_INSERT, &args![&*rule.id, i64::from(rule.version), pack, unit.now(), body])?;
    Ok(done > 0)
}

/// Adds a rule of our own, or the next version of one that is here. `transition` names the transition provision of a law that shortens.
/// Event `retention.changed`.
///
/// Errors: duplicate when this version is here; invalid_input when the rule breaks what [`packs::validate`] asks.
pub fn add_rule(unit: &mut Unit, _permit: &Permit<ManageRules>, rule: Rule, transition: Option<String>) -> Result<()> {
    let bodies = unit.all(sql::RULE_VERSIONS, &args![&*rule.id], |row| row.get::<String>(0))?;
    let mut known = bodies.iter().map(|body| serde_json::from_str(body).map_err(Error::internal)).collect::<Result<Vec<Rule>>>()?;
    if known.iter().any(|old| old.version >= rule.version) {
        return Err(Error::new(Code::Duplicate, "A rule is never edited in place: give the change the next version number."));
    }
    known.sort_by_key(|old| old.version);
    let today = unit.now().day();
    let entry = |rule: Rule, transition: Option<String>| PackRule {
        figure: if rule.strength == Strength::Policy { Figure::Recommended } else { Figure::Statutory },
        checked_on: today,
        transition,
        note: None,
        rule,
    };
    let mut entries: Vec<PackRule> = known.into_iter().map(|rule| entry(rule, Some("as adopted".to_owned()))).collect();
    entries.push(entry(rule.clone(), transition));
    packs::validate(&Pack {
        id: "own".to_owned(),
        version: 1,
        title: String::new(),
        note: String::new(),
        countries: Vec::new(),
        industries: Vec::new(),
        rules: entries,
    })?;
    unit.witness(Event::new("retention.changed").word("rule", &*rule.id).count("version", rule.version as usize))?;
    insert(unit, &rule, "own")?;
    decide_all_again(unit)
}

/// Uses or ignores a rule with all its versions. Event `retention.changed`. Error: not_found.
pub fn set_active(unit: &mut Unit, _permit: &Permit<ManageRules>, id: &str, active: bool) -> Result<()> {
    let state = if active { "active" } else { "ignored" };
    unit.witness(Event::new("retention.changed").word("rule", id).word("state", state))?;
    if unit.run(sql::RULE_STATE, &args![id, state])? == 0 {
        return Err(Error::not_found("rule"));
    }
    decide_all_again(unit)
}

/// Every version of every rule here.
pub fn rules(unit: &mut Unit) -> Result<Vec<StoredRule>> {
    let rows = unit.all(sql::RULES_ALL, &[], |row| {
        Ok((row.get::<String>(2)?, row.get::<String>(3)?, row.get::<Instant>(4)?, row.get::<String>(5)?))
    })?;
    let read = |(pack, state, adopted, body): (String, String, Instant, String)| {
        let rule = serde_json::from_str(&body).map_err(Error::internal)?;
        Ok(StoredRule { rule, pack, active: state == "active", adopted })
    };
    rows.into_iter().map(read).collect()
}

/// The rules in use, in order, to decide many records with.
pub fn rulebook(unit: &mut Unit) -> Result<Rulebook> {
    let bodies = unit.all(sql::RULES, &[], |row| row.get::<String>(0))?;
    let rules = bodies.iter().map(|body| serde_json::from_str(body).map_err(Error::internal)).collect::<Result<Vec<Rule>>>()?;
    Ok(Rulebook::new(rules))
}

/// Enqueues the job that has every record decided again, in portions.
pub(super) fn decide_all_again(unit: &mut Unit) -> Result<()> {
    unit.enqueue(Job::new(AGAIN, AGAIN, serde_json::json!({}))).map(drop)
}

/// The job: marks every record as to be decided, 500 at a time. A repeat marks them again and harms nothing.
pub async fn decide_again(app: &App, actor: &trail::Actor) -> Result<()> {
    let mut after = RecordId::from_bytes([0; 16]);
    loop {
        let last = app
            .write(actor, move |unit| {
                let ids = unit.all(sql::AGAIN, &args![after], |row| row.get::<RecordId>(0))?;
                let Some(last) = ids.last().copied() else { return Ok(None) };
                unit.witness(Event::new("retention.marked").count("records", ids.len()))?;
                unit.run(sql::AGAIN_SET, &args![after, last, unit.now()])?;
                Ok(Some(last))
            })
            .await?;
        match last {
            Some(last) => after = last,
            None => return Ok(()),
        }
    }
}

/// The handlers of retention's jobs.
pub fn handlers() -> trail::Handlers {
    let again: trail::Handler = Arc::new(|app, _job| {
        Box::pin(async move {
            let actor = trail::Actor::system(administration());
            decide_again(&app, &actor).await
        })
    });
    trail::Handlers::from([(AGAIN, again)])
}

/// The purpose under which the product itself keeps and disposes.
pub fn administration() -> &'static catalogue::Purpose {
    catalogue::Purpose::find("administration").unwrap_or(&catalogue::PURPOSES[0])
}
