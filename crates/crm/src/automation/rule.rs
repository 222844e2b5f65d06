//! Rules: when something happens to a record of a kind, and a condition holds, do this and that.

use catalogue::{FieldType, Kind, Purpose};
use kernel::{Code, Error, Instant, KeyId, RecordId, Result, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value as Json};
use store::{Row, args};
use trail::{
    Event, Permit, Unit,
    permit::{Manage, ReadRecords, WriteRecords},
};
use vault::Context;

use super::{RuleId, WebhookId, follow::Fact, sql, webhook};
use crate::{
    identity::staff,
    mail::{AccountId, TemplateId},
    notices::{self, Why},
    records,
    views::{self, Filter},
};

/// The most rules.
const MOST: i64 = 200;
/// The most actions of one rule.
pub const ACTIONS_MAX: usize = 10;
/// The longest name or title of a task.
const NAME_MAX: usize = 200;
/// How far from its day a rule may look, and how late a task may be due, in days.
const DAYS: i64 = 3_650;
/// So many runs that failed one after another stop a rule.
const FAILURES: i64 = 10;

/// What sets a rule off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum On {
    /// A record came into being.
    Created,
    /// A record changed; one of these fields, where any is named.
    Changed,
    /// A choice field, such as a deal's stage, took this value.
    Stage,
    /// A date field's day is so many days ago, or ahead.
    Date,
    /// A record came under a hold.
    HoldPlaced,
    /// A hold that it was under was released.
    HoldReleased,
    /// Somebody made a request about their data.
    RequestOpened,
    /// That was answered.
    RequestClosed,
    /// Somebody consented to one of these purposes, or to any where none is named.
    ConsentGiven,
    /// Somebody withdrew, refused or objected, or the time of their consent is over.
    ConsentEnded,
}

impl On {
    /// Every trigger.
    pub const ALL: [Self; 10] = [
        Self::Created,
        Self::Changed,
        Self::Stage,
        Self::Date,
        Self::HoldPlaced,
        Self::HoldReleased,
        Self::RequestOpened,
        Self::RequestClosed,
        Self::ConsentGiven,
        Self::ConsentEnded,
    ];

    /// Its stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Created => "created",
            Self::Changed => "changed",
            Self::Stage => "stage",
            Self::Date => "date",
            Self::HoldPlaced => "hold_placed",
            Self::HoldReleased => "hold_released",
            Self::RequestOpened => "request_opened",
            Self::RequestClosed => "request_closed",
            Self::ConsentGiven => "consent_given",
            Self::ConsentEnded => "consent_ended",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|on| on.as_str() == word)
    }
}

/// When a rule runs. Keys alone: it lies open, for what listens.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Trigger {
    /// The kind's key.
    pub kind: String,
    /// What happens.
    pub on: On,
    /// Of a change: the fields, one of which it touches; of a choice or date: the field, alone; of a consent: the purposes.
    #[serde(default)]
    pub fields: Vec<String>,
    /// The key of the choice that is taken.
    #[serde(default)]
    pub value: Option<String>,
    /// Days after the date; before it, below zero.
    #[serde(default)]
    pub days: i64,
}

/// What a rule does.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(tag = "do", rename_all = "snake_case", deny_unknown_fields)]
pub enum Action {
    /// Sets a field; `null` empties it.
    Set {
        /// Its key.
        field: String,
        /// Its value, as the API takes it.
        value: Json,
    },
    /// Gives the record to somebody.
    Assign {
        /// To whom.
        owner: UserId,
    },
    /// Makes a task about the record.
    Task {
        /// What is to be done.
        title: String,
        /// In how many days it is due.
        days: i64,
        /// Whose it is; by default the record's owner, or else whoever switched the rule on.
        #[serde(default)]
        owner: Option<UserId>,
    },
    /// Tells somebody of the record.
    Notify {
        /// Whom; by default the record's owner, or else whoever switched the rule on.
        #[serde(default)]
        staff: Option<UserId>,
    },
    /// Writes a letter to the record's address, from a template; mail asks once more when it is sent.
    Mail {
        /// The template.
        template: TemplateId,
        /// The account it goes out from.
        account: AccountId,
    },
    /// Tells an endpoint.
    Webhook {
        /// Which.
        webhook: WebhookId,
    },
}

/// A rule to make, or what it is to become.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewRule {
    /// What it is called.
    pub name: String,
    /// When it runs.
    pub trigger: Trigger,
    /// What the record must satisfy at that moment; nothing for any.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// What it does, in order.
    pub actions: Vec<Action>,
}

/// A rule.
#[derive(Clone, Debug, Serialize)]
pub struct Listed {
    /// Its id.
    pub id: RuleId,
    /// Who made it, or switched it on last: it may do what they may.
    pub staff: UserId,
    /// For which purpose it acts.
    pub purpose: String,
    /// It runs.
    pub on: bool,
    /// Why it does not: `failing`; empty where somebody said so.
    pub reason: String,
    /// How many runs failed, one after another.
    pub failures: i64,
    /// When it was made.
    pub created: Instant,
    /// How often it was changed.
    pub version: i64,
    /// What it is.
    #[serde(flatten)]
    pub rule: NewRule,
}

/// A rule as stored.
pub(super) struct Stored {
    pub id: RuleId,
    pub staff: UserId,
    pub purpose: String,
    pub state: String,
    reason: String,
    pub failures: i64,
    created: Instant,
    version: i64,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            staff: row.get(1)?,
            purpose: row.get(2)?,
            state: row.get(3)?,
            reason: row.get(4)?,
            failures: row.get(7)?,
            created: row.get(8)?,
            version: row.get(9)?,
            key: row.get(10)?,
            sealed: row.get(11)?,
        })
    }

    /// A rule is its author's words and no record's.
    pub fn rule(&self, unit: &mut Unit) -> Result<NewRule> {
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))?;
        serde_json::from_slice(&plain.ok_or_else(|| Error::not_found("rule"))?).map_err(Error::internal)
    }

    fn listed(self, unit: &mut Unit) -> Result<Listed> {
        let rule = self.rule(unit)?;
        Ok(Listed {
            id: self.id,
            staff: self.staff,
            purpose: self.purpose,
            on: self.state == "on",
            reason: self.reason,
            failures: self.failures,
            created: self.created,
            version: self.version,
            rule,
        })
    }
}

/// Whether something that happened may set a rule off. Of a choice, whether it was taken just then is asked when it runs.
pub(super) fn hears(trigger: &Trigger, fact: &Fact) -> bool {
    let touched = || trigger.fields.is_empty() || trigger.fields.iter().any(|key| fact.fields.contains(key));
    trigger.kind == fact.kind
        && match (trigger.on, fact.what) {
            (On::Created | On::Stage, "record.created") => true,
            (On::Changed, "record.updated" | "record.merged") => touched(),
            (On::Stage, "record.updated") => fact.fields.is_empty() || touched(),
            (On::HoldPlaced, "hold.placed")
            | (On::HoldReleased, "hold.released")
            | (On::RequestOpened, "request.opened")
            | (On::RequestClosed, "request.closed") => true,
            (On::ConsentGiven, "consent.given") | (On::ConsentEnded, "consent.ended") => touched(),
            _ => false,
        }
}

fn context(key: KeyId, id: RuleId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "rule" }
}

fn event(name: &'static str, id: RuleId) -> Event {
    Event::new(name).word("rule", id.to_string())
}

pub(super) fn find(unit: &mut Unit, id: RuleId) -> Result<Option<Stored>> {
    unit.maybe(sql::RULE_FIND, &args![id], Stored::read)
}

fn me(permit: &Permit<WriteRecords>) -> Result<UserId> {
    let words = "A rule acts for a member of staff, as far as they may. Sign in, or use the key of one.";
    permit.actor.staff().ok_or_else(|| Error::new(Code::Forbidden, words))
}

/// Locks a rule of the actor's own; whoever manages the house reaches everybody's.
fn mine(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId) -> Result<Stored> {
    let me = me(permit)?;
    let found = store::dialect::lock(unit.dialect(), sql::RULE_FIND, &args![id], Stored::read)?.into_iter().next();
    let manages = permit.actor.permit::<Manage>().is_ok();
    found.filter(|found| found.staff == me || manages).ok_or_else(|| Error::not_found("rule"))
}

fn checked(unit: &mut Unit, permit: &Permit<WriteRecords>, new: &NewRule) -> Result<NewRule> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the rule, in at most {NAME_MAX} characters.")));
    }
    let kind = unit.app().catalogue().kind(&new.trigger.kind).cloned();
    let kind = kind.ok_or_else(|| Error::invalid("/trigger/kind", "unknown", "There is no such kind."))?;
    let reads = permit.actor.permit::<ReadRecords>()?;
    reads.need(&kind)?;
    let trigger = &new.trigger;
    let field = |at: usize| trigger.fields.get(at).and_then(|key| kind.field(key));
    let refuse = |pointer: &str, words: &str| Err(Error::invalid(pointer, "unknown", words));
    match trigger.on {
        On::Changed if trigger.fields.iter().any(|key| kind.field(key).is_none()) => {
            return refuse("/trigger/fields", "The kind has no such field.");
        }
        On::Stage => {
            let chosen = field(0).filter(|field| field.kind == FieldType::Select && !field.is_sealed() && trigger.fields.len() == 1);
            let Some(chosen) = chosen else {
                return refuse("/trigger/fields", "Name one field that is chosen from a list, such as a deal's stage.");
            };
            if !trigger.value.as_ref().is_some_and(|value| chosen.options.iter().any(|option| option.key == *value)) {
                return refuse("/trigger/value", "Choose one of the field's values.");
            }
        }
        On::Date => {
            let is_day = |field: &&catalogue::Field| field.kind == FieldType::Date && !field.is_sealed() && !field.many;
            if field(0).filter(is_day).is_none() || trigger.fields.len() != 1 {
                return refuse("/trigger/fields", "Name one field that holds a day and lies open, such as a deal's expected close.");
            }
            if trigger.days.abs() > DAYS {
                return refuse("/trigger/days", "At most ten years.");
            }
        }
        On::RequestOpened | On::RequestClosed if !kind.is_person => {
            return refuse("/trigger/kind", "Requests are about people. Choose the kind of a person.");
        }
        On::ConsentGiven | On::ConsentEnded if !kind.is_person => {
            return refuse("/trigger/kind", "Only people consent. Choose the kind of a person.");
        }
        On::ConsentGiven | On::ConsentEnded if trigger.fields.iter().any(|key| Purpose::find(key).is_none()) => {
            return refuse("/trigger/fields", "Name purposes, or none for all of them.");
        }
        _ => {}
    }
    if let Some(filter) = &new.filter {
        let mut asked = Vec::new();
        super::run::asked(filter, &mut asked);
        // A rule stays when somebody is erased; it must hold none of their words.
        if kind.is_person && asked.iter().any(|key| kind.field(key).is_some_and(catalogue::Field::is_sealed)) {
            let words = "A rule stays when somebody is erased, so it holds no name or address. Ask about a field that lies open.";
            return Err(Error::invalid("/filter", "sealed", words));
        }
        views::check_filter(unit, &reads, &kind.key, filter)?;
    }
    if new.actions.is_empty() || new.actions.len() > ACTIONS_MAX {
        return Err(Error::invalid("/actions", "required", format!("A rule does one to {ACTIONS_MAX} things.")));
    }
    for (at, action) in new.actions.iter().enumerate() {
        allowed(unit, &kind, action).map_err(|error| below(&error, at))?;
    }
    Ok(NewRule { name: name.to_owned(), ..new.clone() })
}

/// An action's problem, at its place among the actions.
fn below(error: &Error, at: usize) -> Error {
    let mut problems = error.problems().to_vec();
    problems.iter_mut().for_each(|problem| problem.pointer = format!("/actions/{at}{}", problem.pointer));
    Error::new(error.code(), error.detail()).with_problems(problems)
}

fn allowed(unit: &mut Unit, kind: &Kind, action: &Action) -> Result<()> {
    let works_here = |unit: &mut Unit, pointer: &str, id: Option<UserId>| match id {
        Some(id) if staff::is_active(unit, id)? != Some(true) => {
            Err(Error::invalid(pointer, "not_staff", "Choose somebody who works here."))
        }
        _ => Ok(()),
    };
    match action {
        Action::Set { field, value } => records::parse_fields(kind, &Map::from_iter([(field.clone(), value.clone())])).map(drop),
        Action::Assign { owner } => works_here(unit, "/owner", Some(*owner)),
        Action::Task { title, days, owner } => {
            let title = title.trim();
            if title.is_empty() || title.chars().count() > NAME_MAX || title.chars().any(char::is_control) {
                return Err(Error::invalid("/title", "required", "Say what is to be done."));
            }
            if !(0..=DAYS).contains(days) {
                return Err(Error::invalid("/days", "out_of_range", "Write in how many days it is due, 0 to 3650."));
            }
            works_here(unit, "/owner", *owner)
        }
        Action::Notify { staff } => works_here(unit, "/staff", *staff),
        Action::Webhook { webhook } => match webhook::find(unit, *webhook)? {
            Some(_) => Ok(()),
            None => Err(Error::invalid("/webhook", "unknown", "There is no such webhook.")),
        },
        Action::Mail { .. } if kind.fields.iter().all(|field| field.kind != FieldType::Email) => {
            Err(Error::invalid("/template", "no_address", "Records of this kind have no address to write to."))
        }
        Action::Mail { .. } => Ok(()),
    }
}

fn seal(unit: &mut Unit, key: KeyId, id: RuleId, rule: &NewRule) -> Result<Vec<u8>> {
    unit.seal(&context(key, id), &serde_json::to_vec(rule).map_err(Error::internal)?)
}

/// Makes a rule, which is off until somebody switches it on. Event `rule.made`.
///
/// Errors: forbidden; invalid_input; conflict where there are too many.
pub fn make(unit: &mut Unit, permit: &Permit<WriteRecords>, new: &NewRule) -> Result<RuleId> {
    let (me, rule) = (me(permit)?, checked(unit, permit, new)?);
    if unit.one(sql::RULE_COUNT, &[], |row| row.get::<i64>(0))? >= MOST {
        return Err(Error::new(Code::Conflict, format!("There are {MOST} rules already. Delete one first.")));
    }
    let (id, now) = (RuleId::mint(unit.env()), unit.now());
    unit.witness(event("rule.made", id))?;
    let key = unit.new_key("rule")?;
    let sealed = seal(unit, key, id, &rule)?;
    let hears = serde_json::to_string(&rule.trigger).map_err(Error::internal)?;
    unit.run(sql::RULE_INSERT, &args![id, me, permit.actor.purpose.key, hears, now, key, sealed])?;
    Ok(id)
}

/// Puts another rule in a rule's place; it is off until somebody switches it on again. Event `rule.changed`.
///
/// Errors: not_found; forbidden; invalid_input.
pub fn change(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId, new: &NewRule) -> Result<()> {
    let (stored, rule) = (mine(unit, permit, id)?, checked(unit, permit, new)?);
    unit.witness(event("rule.changed", id))?;
    let sealed = seal(unit, stored.key, id, &rule)?;
    let hears = serde_json::to_string(&rule.trigger).map_err(Error::internal)?;
    unit.run(sql::RULE_UPDATE, &args![id, hears, sealed]).map(drop)
}

/// Switches a rule on, from now on and not for what was: it acts for whoever does so, for the purpose they act for. Or off.
/// Events `rule.started`, `rule.stopped`. Errors: not_found; forbidden; invalid_input where it no longer fits the catalogue or the actor.
pub fn switch(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId, on: bool) -> Result<()> {
    let (me, stored, now) = (me(permit)?, mine(unit, permit, id)?, unit.now());
    if on {
        let rule = stored.rule(unit)?;
        checked(unit, permit, &rule)?;
    }
    unit.witness(event(if on { "rule.started" } else { "rule.stopped" }, id).word("for", permit.actor.purpose.key))?;
    let (staff, purpose) = if on { (me, permit.actor.purpose.key) } else { (stored.staff, stored.purpose.as_str()) };
    unit.run(sql::CURSOR_CLEAR, &args![super::dates::cursor(id)])?;
    unit.run(sql::RULE_STATE, &args![id, staff, purpose, if on { "on" } else { "off" }, "", now]).map(drop)
}

/// Stops, by the product itself, a rule that fails again and again; whoever it acts for is told. Says whether it did.
pub(super) fn give_up(unit: &mut Unit, id: RuleId) -> Result<bool> {
    let found = store::dialect::lock(unit.dialect(), sql::RULE_FIND, &args![id], Stored::read)?.into_iter().next();
    let now = unit.now();
    unit.witness(event("rule.stopped", id).word("why", "failing"))?;
    let Some(stored) = found.filter(|found| found.state == "on" && found.failures >= FAILURES) else { return Ok(false) };
    unit.run(sql::RULE_STATE, &args![id, stored.staff, &stored.purpose, "off", "failing", now])?;
    notices::tell(unit, stored.staff, Why::Stopped, RecordId::from_bytes(*id.bytes()))?;
    Ok(true)
}

/// Whether a rule failed often enough to be stopped.
pub(super) const fn fails(failures: i64) -> bool {
    failures >= FAILURES
}

/// Deletes a rule with its log. Event `rule.deleted`. Error: not_found.
pub fn delete(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId) -> Result<()> {
    let stored = mine(unit, permit, id)?;
    unit.witness(event("rule.deleted", id))?;
    unit.run(sql::RUNS_DELETE, &args![id])?;
    unit.run(sql::CURSOR_CLEAR, &args![super::dates::cursor(id)])?;
    unit.run(sql::RULE_DELETE, &args![id])?;
    unit.shred_by_event(stored.key)
}

fn reaches(permit: &Permit<WriteRecords>, stored: &Stored) -> bool {
    permit.actor.staff() == Some(stored.staff) || permit.actor.permit::<Manage>().is_ok()
}

/// The actor's own rules, oldest first; for whoever manages the house, everybody's.
pub fn list(unit: &mut Unit, permit: &Permit<WriteRecords>) -> Result<Vec<Listed>> {
    let all = unit.all(sql::RULES, &[], Stored::read)?;
    all.into_iter().filter(|stored| reaches(permit, stored)).map(|stored| stored.listed(unit)).collect()
}

/// One rule. Error: not_found.
pub fn one(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RuleId) -> Result<Listed> {
    let stored = find(unit, id)?.filter(|stored| reaches(permit, stored));
    stored.ok_or_else(|| Error::not_found("rule"))?.listed(unit)
}

/// The purpose that a rule acts for.
pub(super) fn purpose(stored: &Stored) -> Result<&'static Purpose> {
    Purpose::find(&stored.purpose).ok_or_else(|| Error::internal("a rule for an unknown purpose"))
}
