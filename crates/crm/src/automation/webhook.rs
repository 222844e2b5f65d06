//! Endpoints: who is told, of what, for which purpose.

use std::time::Duration;

use catalogue::Purpose;
use kernel::{Code, Error, Instant, KeyId, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Event, Permit, Unit,
    permit::{Manage, ReadRecords},
};
use vault::Context;

use super::{EVENTS, WebhookId, follow::Fact, http::Target, sign::Secret, sql};
use crate::identity::staff;

/// The most endpoints.
const MOST: i64 = 50;
/// The longest name.
const NAME_MAX: usize = 80;
/// How long a replaced secret signs beside the new one: a day.
const OVERLAP: Duration = Duration::from_secs(24 * 3_600);

/// What an endpoint is told of.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Hears {
    /// Of these events, some of [`EVENTS`].
    pub events: Vec<String>,
    /// Of records of these kinds; of all where it names none.
    pub kinds: Vec<String>,
    /// Of a change only where it touches one of these fields; of all where it names none.
    pub fields: Vec<String>,
    /// The fields whose values are sent along; none is usual.
    pub values: Vec<String>,
}

impl Hears {
    pub(super) fn hears(&self, fact: &Fact) -> bool {
        let touched = |key: &String| fact.fields.contains(key);
        self.events.iter().any(|what| what == fact.what)
            && (self.kinds.is_empty() || self.kinds.contains(&fact.kind))
            && (fact.what != "record.updated" || self.fields.is_empty() || self.fields.iter().any(touched))
    }
}

/// An endpoint to make, or what it is to become.
#[derive(Clone, Debug)]
pub struct NewEndpoint {
    /// What it is called here.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// It is of one's own network, and may go without encryption.
    pub inside: bool,
    /// What they are for: of records that may not be used for it, nothing is told.
    pub purpose: &'static Purpose,
    /// What it is told of.
    pub hears: Hears,
}

/// An endpoint, without its secret.
#[derive(Clone, Debug, Serialize)]
pub struct Endpoint {
    /// Its id.
    pub id: WebhookId,
    /// Who made it or changed it last: it is told no more than they may see.
    pub staff: UserId,
    /// What it is for.
    pub purpose: String,
    /// It is told.
    pub on: bool,
    /// Why it is not: `gone` or `failing`; empty where somebody said so.
    pub reason: String,
    /// What it is called.
    pub name: String,
    /// Where messages go.
    pub url: String,
    /// It is of one's own network.
    pub inside: bool,
    /// What it is told of.
    pub hears: Hears,
    /// Since when it takes nothing.
    pub failing_since: Option<Instant>,
    /// When it last took something.
    pub delivered: Option<Instant>,
    /// Until when the secret before signs as well.
    pub old_secret_until: Option<Instant>,
    /// When it was made.
    pub created: Instant,
    /// How often it was changed.
    pub version: i64,
}

/// What lies in the box.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Inside {
    pub name: String,
    pub url: String,
    pub inside: bool,
    pub secrets: Vec<Secret>,
}

/// An endpoint as stored.
pub(super) struct Stored {
    pub id: WebhookId,
    pub staff: UserId,
    pub purpose: String,
    pub state: String,
    reason: String,
    pub hears: Hears,
    pub failing_since: Option<Instant>,
    delivered: Option<Instant>,
    created: Instant,
    version: i64,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    pub fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            staff: row.get(1)?,
            purpose: row.get(2)?,
            state: row.get(3)?,
            reason: row.get(4)?,
            hears: serde_json::from_str(&row.get::<String>(5)?).map_err(Error::internal)?,
            failing_since: row.get(7)?,
            delivered: row.get(8)?,
            created: row.get(9)?,
            version: row.get(10)?,
            key: row.get(11)?,
            sealed: row.get(12)?,
        })
    }

    /// What is in the box is the house's own words and no record's.
    pub fn inside(&self, unit: &mut Unit) -> Result<Inside> {
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))?;
        serde_json::from_slice(&plain.ok_or_else(|| Error::not_found("webhook"))?).map_err(Error::internal)
    }

    fn shown(self, unit: &mut Unit) -> Result<Endpoint> {
        let (inside, now) = (self.inside(unit)?, unit.now());
        Ok(Endpoint {
            id: self.id,
            staff: self.staff,
            purpose: self.purpose,
            on: self.state == "on",
            reason: self.reason,
            name: inside.name,
            url: inside.url,
            inside: inside.inside,
            hears: self.hears,
            failing_since: self.failing_since,
            delivered: self.delivered,
            old_secret_until: inside.secrets.iter().filter_map(|secret| secret.until).find(|until| *until > now),
            created: self.created,
            version: self.version,
        })
    }
}

fn context(key: KeyId, id: WebhookId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "webhook" }
}

fn seal(unit: &mut Unit, key: KeyId, id: WebhookId, inside: &Inside) -> Result<Vec<u8>> {
    unit.seal(&context(key, id), &serde_json::to_vec(inside).map_err(Error::internal)?)
}

fn event(name: &'static str, id: WebhookId) -> Event {
    Event::new(name).word("webhook", id.to_string())
}

pub(super) fn find(unit: &mut Unit, id: WebhookId) -> Result<Option<Stored>> {
    unit.maybe(sql::HOOK_FIND, &args![id], Stored::read)
}

fn locked(unit: &mut Unit, id: WebhookId) -> Result<Stored> {
    let found = store::dialect::lock(unit.dialect(), sql::HOOK_FIND, &args![id], Stored::read)?.into_iter().next();
    found.ok_or_else(|| Error::not_found("webhook"))
}

/// Whoever answers for it: a member of staff who may read records for the purpose today.
fn answers(unit: &mut Unit, permit: &Permit<Manage>, purpose: &'static Purpose) -> Result<UserId> {
    let words =
        "Only a member of staff makes webhooks: they are told no more than whoever made them may see. Sign in, or use the key of one.";
    let staff = permit.actor.staff().ok_or_else(|| Error::new(Code::Forbidden, words))?;
    let reads = staff::acting(unit, staff, purpose)?.is_some_and(|actor| actor.permit::<ReadRecords>().is_ok());
    if reads {
        Ok(staff)
    } else {
        Err(Error::invalid("/purpose", "not_yours", "You may not read records for this purpose; choose another."))
    }
}

fn checked(unit: &mut Unit, new: &NewEndpoint) -> Result<Hears> {
    let name = new.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the webhook, in at most {NAME_MAX} characters.")));
    }
    Target::read(&new.url, new.inside)?;
    let mut hears = new.hears.clone();
    for list in [&mut hears.events, &mut hears.kinds, &mut hears.fields, &mut hears.values] {
        list.sort_unstable();
        list.dedup();
    }
    if hears.events.is_empty() || hears.events.iter().any(|what| !EVENTS.contains(&what.as_str())) {
        return Err(Error::invalid("/events", "unknown", format!("Choose what it is told of: {}.", EVENTS.join(", "))));
    }
    let catalogue = unit.app().catalogue();
    if hears.kinds.iter().any(|key| catalogue.kind(key).is_none()) {
        return Err(Error::invalid("/kinds", "unknown", "There is no such kind. Write the kinds' keys, such as person."));
    }
    let kinds: Vec<_> = catalogue.kinds().filter(|kind| hears.kinds.is_empty() || hears.kinds.contains(&kind.key)).collect();
    for (pointer, keys) in [("/fields", &hears.fields), ("/values", &hears.values)] {
        if keys.iter().any(|key| kinds.iter().all(|kind| kind.field(key).is_none())) {
            return Err(Error::invalid(pointer, "unknown", "None of these kinds has such a field. Write the fields' keys, such as stage."));
        }
    }
    Ok(hears)
}

/// Makes an endpoint and answers its secret, which is shown this once. Event `webhook.made`.
///
/// Errors: forbidden; invalid_input; conflict where there are too many.
pub fn make(unit: &mut Unit, permit: &Permit<Manage>, new: &NewEndpoint) -> Result<(WebhookId, String)> {
    let (staff, hears) = (answers(unit, permit, new.purpose)?, checked(unit, new)?);
    if unit.one(sql::HOOK_COUNT, &[], |row| row.get::<i64>(0))? >= MOST {
        return Err(Error::new(Code::Conflict, format!("There are {MOST} webhooks already. Delete one first.")));
    }
    let (id, now, secret) = (WebhookId::mint(unit.env()), unit.now(), Secret::fresh(unit.env()));
    unit.witness(event("webhook.made", id).word("for", new.purpose.key).fields(&hears.values))?;
    let inside =
        Inside { name: new.name.trim().to_owned(), url: new.url.trim().to_owned(), inside: new.inside, secrets: vec![secret.clone()] };
    let key = unit.new_key("webhook")?;
    let sealed = seal(unit, key, id, &inside)?;
    let told = serde_json::to_string(&hears).map_err(Error::internal)?;
    unit.run(sql::HOOK_INSERT, &args![id, staff, new.purpose.key, told, now, key, sealed])?;
    Ok((id, secret.words))
}

/// Changes an endpoint; whoever does answers for it from now on. Event `webhook.changed`. Errors: not_found; forbidden; invalid_input.
pub fn change(unit: &mut Unit, permit: &Permit<Manage>, id: WebhookId, new: &NewEndpoint) -> Result<()> {
    let (stored, staff, hears) = (locked(unit, id)?, answers(unit, permit, new.purpose)?, checked(unit, new)?);
    unit.witness(event("webhook.changed", id).word("for", new.purpose.key).fields(&hears.values))?;
    let secrets = stored.inside(unit)?.secrets;
    let inside = Inside { name: new.name.trim().to_owned(), url: new.url.trim().to_owned(), inside: new.inside, secrets };
    let sealed = seal(unit, stored.key, id, &inside)?;
    let told = serde_json::to_string(&hears).map_err(Error::internal)?;
    unit.run(sql::HOOK_UPDATE, &args![id, staff, new.purpose.key, told, sealed]).map(drop)
}

/// Gives an endpoint another secret, which is shown this once; the one before signs beside it for a day. Event `webhook.secret_changed`.
/// Error: not_found.
pub fn rotate(unit: &mut Unit, _permit: &Permit<Manage>, id: WebhookId) -> Result<String> {
    let (stored, now) = (locked(unit, id)?, unit.now());
    unit.witness(event("webhook.secret_changed", id))?;
    let mut inside = stored.inside(unit)?;
    let fresh = Secret::fresh(unit.env());
    // Of those before, the newest alone goes on: two signatures at a time are enough.
    inside.secrets.retain(|secret| secret.until.is_none());
    inside.secrets.iter_mut().for_each(|secret| secret.until = Some(now.plus(OVERLAP)));
    inside.secrets.insert(0, fresh.clone());
    let sealed = seal(unit, stored.key, id, &inside)?;
    unit.run(sql::HOOK_BOX, &args![id, sealed])?;
    Ok(fresh.words)
}

/// Switches an endpoint on, from now on and not for what was, or off; what waits for one that is off is dropped.
/// Events `webhook.started`, `webhook.stopped`. Error: not_found.
pub fn switch(unit: &mut Unit, _permit: &Permit<Manage>, id: WebhookId, on: bool) -> Result<()> {
    let (_, now) = (locked(unit, id)?, unit.now());
    unit.witness(event(if on { "webhook.started" } else { "webhook.stopped" }, id))?;
    turned(unit, id, on, "", now)
}

fn turned(unit: &mut Unit, id: WebhookId, on: bool, reason: &str, now: Instant) -> Result<()> {
    unit.run(sql::HOOK_STATE, &args![id, if on { "on" } else { "off" }, reason, now])?;
    if !on {
        unit.run(sql::DELIVERIES_DROP, &args![id, "off", now])?;
    }
    Ok(())
}

/// Switches off, by the product itself, an endpoint that is gone or fails for days; whoever answers for it is told.
pub(super) fn give_up(unit: &mut Unit, id: WebhookId, reason: &'static str) -> Result<()> {
    let (stored, now) = (locked(unit, id)?, unit.now());
    unit.witness(event("webhook.stopped", id).word("why", reason))?;
    if stored.state != "on" {
        return Ok(());
    }
    turned(unit, id, false, reason, now)?;
    crate::notices::tell(unit, stored.staff, crate::notices::Why::Webhook, kernel::RecordId::from_bytes(*id.bytes()))
}

/// Deletes an endpoint with its secret and its log. Event `webhook.deleted`. Error: not_found.
pub fn delete(unit: &mut Unit, _permit: &Permit<Manage>, id: WebhookId) -> Result<()> {
    let stored = locked(unit, id)?;
    unit.witness(event("webhook.deleted", id))?;
    unit.run(sql::DELIVERIES_DELETE, &args![id])?;
    unit.run(sql::HOOK_DELETE, &args![id])?;
    unit.shred_by_event(stored.key)
}

/// Every endpoint, oldest first.
pub fn list(unit: &mut Unit, _permit: &Permit<Manage>) -> Result<Vec<Endpoint>> {
    let all = unit.all(sql::HOOKS, &[], Stored::read)?;
    all.into_iter().map(|stored| stored.shown(unit)).collect()
}

/// One endpoint. Error: not_found.
pub fn one(unit: &mut Unit, _permit: &Permit<Manage>, id: WebhookId) -> Result<Endpoint> {
    find(unit, id)?.ok_or_else(|| Error::not_found("webhook"))?.shown(unit)
}
