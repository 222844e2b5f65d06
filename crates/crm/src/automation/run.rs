//! Runs: what a rule did about one event, action by action, and why not where it did not.

use std::time::Duration;

use catalogue::{FieldType, Value, task};
use jiff::ToSpan;
use kernel::{Code, Error, EventId, Instant, RecordId, Result, UserId};
use serde::Serialize;
use serde_json::Map;
use store::{Row, args};
use trail::{
    Actor, App, Event, Permit, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{AT_ONCE, Action, DeliveryId, LEASE, NewRule, On, RuleId, RunId, deliver, rule, sql, system, webhook};
use crate::{
    identity::staff,
    mail::{self, Draft, template},
    notices::{self, Why},
    records::{self, Cell, Detail, NewRecord, RecordPatch, StoredRecord},
    retention, views,
};

/// How often a fault of ours is met before a run fails.
const TRIES: i64 = 5;
/// The most of one page.
const PAGE_MAX: usize = 200;

/// Why a run did nothing or not all: the word, and what it says. Other words are codes of refusals, whose own words stand beside them.
pub const RUN_REASONS: &[(&str, &str)] = &[
    ("loop", "Rules set off one another again and again; it was stopped here."),
    ("off", "The rule was switched off."),
    ("owner", "Whoever switched the rule on may no longer read or change this for its purpose."),
    ("erased", "The record is gone, or its destruction was ordered."),
    ("restricted", "The record is restricted: it is kept and not used."),
    ("purpose", "The record may not be used for the rule's purpose."),
    ("scope", "The record is out of reach for whoever switched the rule on."),
    ("stage", "The field did not come to this value then."),
    ("condition", "The condition does not hold."),
];

/// What a rule did about one event. No word of the record.
#[derive(Clone, Debug, Serialize)]
pub struct Run {
    /// Its id, which the events of what it did name.
    pub id: RunId,
    /// The event behind it; of a date, a number of its own.
    pub event: EventId,
    /// The record.
    pub record: RecordId,
    /// When.
    pub at: Instant,
    /// How many rules stand before it.
    pub depth: i64,
    /// `queued`, `done`, `skipped` or `failed`.
    pub state: String,
    /// How many of its actions are done.
    pub actions: i64,
    /// Why not all: a word of [`RUN_REASONS`], or the code of a refusal.
    pub reason: String,
    /// The words of a refusal.
    pub detail: String,
    /// When it ended.
    pub done: Option<Instant>,
    #[serde(skip)]
    rule: RuleId,
    #[serde(skip)]
    version: i64,
    #[serde(skip)]
    tries: i64,
}

fn read(row: &Row) -> Result<Run> {
    Ok(Run {
        id: row.get(0)?,
        rule: row.get(1)?,
        event: row.get(2)?,
        record: row.get(3)?,
        version: row.get(4)?,
        at: row.get(5)?,
        depth: row.get(6)?,
        state: row.get(7)?,
        actions: row.get(8)?,
        reason: row.get(9)?,
        detail: row.get(10)?,
        tries: row.get(11)?,
        done: row.get(13)?,
    })
}

/// A rule's runs, newest first, from the one before `before`. Errors: not_found; invalid_input for the limit.
pub fn runs(unit: &mut Unit, permit: &Permit<WriteRecords>, of: RuleId, before: Option<RunId>, limit: usize) -> Result<Vec<Run>> {
    if limit == 0 || limit > PAGE_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {PAGE_MAX} runs.")));
    }
    rule::one(unit, permit, of)?;
    let before = before.unwrap_or(RunId::from_bytes([0xff; 16]));
    unit.all(sql::RUNS_OF, &args![of, before, i64::try_from(limit).unwrap_or(i64::MAX)], read)
}

/// Makes the runs that are due, one after another: what one did, the next one sees.
pub(super) async fn due(app: &App) -> Result<usize> {
    let now = app.env().now();
    let ids = app.store().read(move |tx| tx.all(sql::RUNS_DUE, &args![now, AT_ONCE], |row| row.get::<RunId>(0))).await?;
    for id in &ids {
        if let Err(error) = one(app, *id).await {
            tracing::error!(run = %id, %error, "a run of a rule met a fault and waits for its lease to end");
        }
    }
    Ok(ids.len())
}

/// How a run ends.
enum Ends {
    Done,
    Skipped(&'static str),
    Failed(&'static str, String),
    Later,
}

async fn one(app: &App, id: RunId) -> Result<()> {
    let now = app.env().now();
    if app.store().write(move |tx| tx.run(sql::RUN_TAKE, &args![id, now, now.plus(LEASE)])).await? == 0 {
        return Ok(());
    }
    let system = system();
    let found = app.read(&system, move |unit| {
        let Some(run) = unit.maybe(sql::RUN_FIND, &args![id], read)? else { return unit.plain(None) };
        let Some(stored) = rule::find(unit, run.rule)? else { return unit.plain(None) };
        let actor = staff::acting(unit, stored.staff, rule::purpose(&stored)?)?;
        let rule = stored.rule(unit)?;
        unit.plain(Some((run, rule, stored.staff, stored.state == "on", actor)))
    });
    let Some((run, rule, staff, is_on, actor)) = found.await? else { return Ok(()) };
    let ends = match actor {
        _ if !is_on => Ends::Skipped("off"),
        None => Ends::Failed("owner", String::new()),
        Some(mut actor) => {
            (actor.door, actor.run) = ("rule", Some(*id.bytes()));
            acted(app, &actor, staff, &run, &rule).await.or_else(|error| refusal(&run, &error))?
        }
    };
    settle(app, &run, ends).await
}

/// What a refusal means for a run: a fault of ours may be gone later, all else stays.
fn refusal(run: &Run, error: &Error) -> Result<Ends> {
    Ok(match error.code() {
        Code::Unavailable | Code::Internal | Code::StorageFull | Code::RateLimited if run.tries < TRIES => Ends::Later,
        code => {
            let problems = error.problems().iter().map(|problem| problem.detail.as_str());
            let words = std::iter::once(error.detail()).chain(problems).collect::<Vec<_>>().join(" ");
            Ends::Failed(code.as_str(), words)
        }
    })
}

/// What a rule's condition says of a record.
pub(super) enum Weighed {
    Holds(Box<StoredRecord>),
    Not(&'static str),
    Refused(&'static str),
}

/// Whether a rule acts on a record now: it is in reach, took the value where one is waited for, and satisfies the condition. Answers the
/// fields that were asked about as well, where the record was opened.
pub(super) fn weigh(unit: &mut Unit, permit: &Permit<ReadRecords>, rule: &NewRule, id: RecordId, version: i64) -> Result<Weighed> {
    let Some(row) = records::find(unit, id)? else { return Ok(Weighed::Refused("erased")) };
    if let Some(reason) = deliver::refused(permit, &row) {
        return Ok(Weighed::Refused(reason));
    }
    if rule.trigger.on == On::Stage && !took(unit, rule, &row, version)? {
        return Ok(Weighed::Not("stage"));
    }
    let Some(filter) = &rule.filter else { return Ok(Weighed::Holds(Box::new(row))) };
    let Some(record) = records::open(unit, row.clone())? else { return Ok(Weighed::Refused("erased")) };
    Ok(if views::holds(unit, permit, filter, &record)? { Weighed::Holds(Box::new(row)) } else { Weighed::Not("condition") })
}

/// Whether a field came to its value with this very version. Fields that are chosen from a list lie open in every version.
fn took(unit: &mut Unit, rule: &NewRule, row: &StoredRecord, version: i64) -> Result<bool> {
    let (Some(field), Some(value)) = (rule.trigger.fields.first(), rule.trigger.value.as_deref()) else { return Ok(false) };
    let had = |unit: &mut Unit, version: i64| -> Result<bool> {
        let then = if version == row.version { row.clone() } else { records::earlier(unit, row.clone(), version)? };
        Ok(then.open.get(field).and_then(Value::as_text) == Some(value))
    };
    Ok(version >= 1 && version <= row.version && had(unit, version)? && (version == 1 || !had(unit, version - 1)?))
}

/// The fields that a condition asks about.
pub(super) fn asked(filter: &views::Filter, into: &mut Vec<String>) {
    match filter {
        views::Filter::All { all } | views::Filter::Any { any: all } => all.iter().for_each(|one| asked(one, into)),
        views::Filter::One(one) => into.push(one.field.clone()),
    }
}

async fn acted(app: &App, actor: &Actor, staff: UserId, run: &Run, rule: &NewRule) -> Result<Ends> {
    let (Ok(reads), Ok(writes)) = (actor.permit::<ReadRecords>(), actor.permit::<WriteRecords>()) else {
        return Ok(Ends::Failed("owner", String::new()));
    };
    let (id, version, of, weighed) = (run.record, run.version, run.rule, rule.clone());
    let weighed = app
        .read(actor, move |unit| {
            let found = weigh(unit, &reads, &weighed, id, version)?;
            let Some(filter) = &weighed.filter else { return unit.plain(found) };
            let mut fields = Vec::new();
            asked(filter, &mut fields);
            let records = if let Weighed::Holds(row) = &found { vec![(id, row.version)] } else { vec![(id, version)] };
            unit.release(Event::new("rule.weighed").word("rule", of.to_string()).fields(fields).records(records), found)
        })
        .await?;
    let row = match weighed {
        Weighed::Holds(row) => row,
        Weighed::Not(reason) => return Ok(Ends::Skipped(reason)),
        Weighed::Refused(reason) => return Ok(Ends::Failed(reason, String::new())),
    };
    let whose = row.owner.unwrap_or(staff);
    let done = usize::try_from(run.actions).unwrap_or(0);
    for (step, action) in rule.actions.iter().enumerate().skip(done) {
        let step = i64::try_from(step).unwrap_or(i64::MAX);
        let draft = match action {
            Action::Mail { template, account } => Some(letter(app, actor, id, *template, *account).await?),
            _ => None,
        };
        let (action, writes, run) = (action.clone(), writes.clone(), run.clone());
        let kept = app
            .write(actor, move |unit| {
                act(unit, &writes, &run, whose, &action, draft.as_ref())?;
                // In the action's own transaction: it is done once, whenever the process ends.
                if unit.run(sql::RUN_STEP, &args![run.id, step, step + 1])? == 0 {
                    return Err(Error::new(Code::VersionConflict, "Another process goes on with this run."));
                }
                Ok(())
            })
            .await;
        match kept {
            Err(error) if error.code() == Code::VersionConflict => return Ok(Ends::Later),
            other => other?,
        }
    }
    Ok(Ends::Done)
}

/// One action, by the operation that a page calls. The record is looked at once more, under this transaction.
fn act(unit: &mut Unit, permit: &Permit<WriteRecords>, run: &Run, whose: UserId, action: &Action, draft: Option<&Draft>) -> Result<()> {
    let row = records::find(unit, run.record)?.ok_or_else(|| Error::not_found("record"))?;
    if !records::in_scope(&permit.actor.permit::<ReadRecords>()?, &row) {
        return Err(Error::not_found("record"));
    }
    match action {
        Action::Set { field, value } => {
            let fields = records::parse_fields(&row.kind, &Map::from_iter([(field.clone(), value.clone())]))?;
            records::update(unit, permit, row.id, None, RecordPatch { fields, owner: None }).map(drop)
        }
        Action::Assign { owner } => {
            let patch = RecordPatch { owner: Some(Some(*owner)), ..RecordPatch::default() };
            records::update(unit, permit, row.id, None, patch).map(drop)
        }
        Action::Task { title, days, owner } => {
            let zone = retention::Policy::load(unit)?.zone();
            let due = unit.now().day_in(&zone).saturating_add((*days).days());
            let kind = unit.app().catalogue().need(task::KIND)?;
            let mut fields = records::Fields::new();
            fields.insert(kind.title.clone(), Value::Text(title.trim().to_owned()));
            fields.insert(task::DUE.to_owned(), Value::Date(due));
            let about = kind.fields.iter().find(|f| f.kind == FieldType::Link && f.links_to.as_deref() == Some(row.kind.key.as_str()));
            if let Some(about) = about {
                fields.insert(about.key.clone(), Value::Link(row.id));
            }
            let new = NewRecord { owner: Some(owner.unwrap_or(whose)), ..NewRecord::new(&kind.key, fields) };
            records::create(unit, permit, new).map(drop)
        }
        Action::Notify { staff } => {
            unit.witness(Event::new("notice.told").word("why", Why::Rule.as_str()).records([(row.id, row.version)]))?;
            notices::tell_also(unit, staff.unwrap_or(whose), Why::Rule, row.id)
        }
        Action::Mail { .. } => {
            let draft = draft.ok_or_else(|| Error::internal("a letter without its words"))?;
            mail::queue(unit, permit, draft).map(drop)
        }
        Action::Webhook { webhook } => {
            let listens = webhook::find(unit, *webhook)?.is_some_and(|hook| hook.state == "on");
            if !listens {
                return Err(Error::new(Code::Conflict, "The webhook is off, or gone."));
            }
            let (id, now) = (DeliveryId::mint(unit.env()), unit.now());
            unit.witness(Event::new("webhook.queued").word("webhook", webhook.to_string()).word("delivery", id.to_string()))?;
            let row = args![id, *webhook, deliver::FIRED, *run.id.bytes(), row.id, "[]", run.at, now];
            unit.run(sql::DELIVERY_INSERT, &row).map(drop)
        }
    }
}

/// A letter to a record's first address, filled in as whoever the rule acts for may see it.
async fn letter(app: &App, actor: &Actor, id: RecordId, template: mail::TemplateId, account: mail::AccountId) -> Result<Draft> {
    let permit = actor.permit::<ReadRecords>()?;
    let (filled, to) = app
        .read(actor, move |unit| {
            let filled = template::fill(unit, &permit, template, id)?;
            let record = records::need(unit, &permit, id)?;
            let shown = records::shown(&permit, &record, Detail::Whole);
            let field = record.row.kind.fields.iter().find(|field| field.kind == FieldType::Email && shown.cell(&field.key).is_some());
            let (key, to) = match field.map(|field| (field.key.clone(), shown.cell(&field.key))) {
                Some((key, Some(Cell::Shown(value)))) => (Some(key), value.each().first().map(Value::display)),
                _ => (None, None),
            };
            let event = Event::new("record.read").fields(key).records([(id, shown.version)]);
            Ok(filled.and(unit.release(event, to)?))
        })
        .await?;
    let to = to.ok_or_else(|| Error::invalid("/to", "no_address", "The record has no address to write to."))?;
    let (subject, text) = filled.into_inner();
    Ok(Draft {
        account: Some(account),
        to: vec![to],
        cc: Vec::new(),
        bcc: Vec::new(),
        subject,
        text,
        files: Vec::new(),
        reply_to: None,
        case: None,
    })
}

async fn settle(app: &App, run: &Run, ends: Ends) -> Result<()> {
    let (id, of, now) = (run.id, run.rule, app.env().now());
    let (state, reason, detail, next, failed) = match ends {
        Ends::Later => ("queued", "", String::new(), now.plus(Duration::from_secs(60 << run.tries.clamp(0, 6))), None),
        Ends::Done => ("done", "", String::new(), now, Some(false)),
        Ends::Skipped(reason) => ("skipped", reason, String::new(), now, None),
        Ends::Failed(reason, detail) => ("failed", reason, detail, now, Some(true)),
    };
    let done = (state != "queued").then_some(now);
    let failures = app
        .store()
        .write(move |tx| {
            if tx.run(sql::RUN_END, &args![id, state, reason, detail.as_str(), next, done])? == 0 {
                return Ok(0);
            }
            match failed {
                Some(true) => tx.run(sql::RULE_FAILED, &args![of])?,
                Some(false) => tx.run(sql::RULE_WORKED, &args![of])?,
                None => 0,
            };
            Ok(tx.maybe(sql::RULE_FIND, &args![of], |row| row.get::<i64>(7))?.unwrap_or(0))
        })
        .await?;
    if failed == Some(true) && rule::fails(failures) {
        app.write(&system(), move |unit| rule::give_up(unit, of)).await?;
    }
    Ok(())
}
