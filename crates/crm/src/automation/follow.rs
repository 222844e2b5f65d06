//! Following the ledger: what happened since, and who is to be told or to act.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use kernel::{Code, EventId, HoldId, Instant, RecordId, RequestId, Result};
use ledger::{Leaf, LeafKind, canonical::Value as Cbor};
use store::{Row, args};
use trail::{App, Recorded, Unit, permit::Hold};

use super::{DeliveryId, Hears, RuleId, RunId, Trigger, WebhookId, rule, sql, system};
use crate::{holds, records, requests};

/// What endpoints may be told of.
pub const EVENTS: &[&str] = &[
    "record.created",
    "record.updated",
    "record.merged",
    "record.erased",
    "hold.placed",
    "hold.released",
    "request.opened",
    "request.closed",
    "consent.given",
    "consent.ended",
];

/// The cursor's name.
const CURSOR: &str = "ledger";
/// Leaves that are looked at together.
const PORTION: i64 = 500;
/// Rules may set off one another so many times in a row.
pub(super) const DEPTH: i64 = 4;

/// Something that happened to a record.
#[derive(Clone, Debug)]
pub(super) struct Fact {
    pub cause: EventId,
    pub at: Instant,
    pub what: &'static str,
    pub record: RecordId,
    pub kind: String,
    /// The version it made; 0 where it made none.
    pub version: i64,
    /// The fields it touched; of a consent, its purpose.
    pub fields: Vec<String>,
    /// How many rules stand behind it.
    pub depth: i64,
}

/// A leaf as it is followed.
pub(super) struct Seen {
    pub idx: i64,
    unit: EventId,
    record: Option<(RecordId, i64)>,
}

impl Seen {
    pub fn read(row: &Row) -> Result<Self> {
        let leaf = Leaf::decode(&row.get::<Vec<u8>>(1)?)?;
        let record = match (leaf.kind, row.get::<Option<RecordId>>(3)?, row.get::<Option<i64>>(4)?) {
            (LeafKind::Record, Some(record), Some(version)) => Some((record, version)),
            _ => None,
        };
        Ok(Self { idx: row.get(0)?, unit: row.get(2)?, record })
    }
}

fn id_in<T: std::str::FromStr>(event: &Recorded, key: &str) -> Option<T> {
    event_word(event, key)?.parse().ok()
}

/// What leaves say that happened to records. Nothing is opened but the events, which hold no values.
pub(super) fn facts(unit: &mut Unit, leaves: &[Seen]) -> Result<Vec<Fact>> {
    let (mut units, mut made) = (Vec::new(), HashMap::<EventId, Vec<(RecordId, i64)>>::new());
    for leaf in leaves {
        if units.last() != Some(&leaf.unit) {
            units.push(leaf.unit);
        }
        made.entry(leaf.unit).or_default().extend(leaf.record);
    }
    let mut found = Vec::new();
    for event in unit.recorded_all(&units)? {
        let depth = match event.run() {
            Some(run) => unit.maybe(sql::RUN_DEPTH, &args![run], |row| row.get::<i64>(0))?.unwrap_or(0) + 1,
            None => 0,
        };
        let fields: Vec<String> = event.fields().into_iter().map(str::to_owned).collect();
        for (what, record, version) in told(unit, &event, made.remove(&event.id).unwrap_or_default())? {
            let (kind, fields) = (
                String::new(),
                match what.split('.').next() {
                    Some("record") => fields.clone(),
                    Some("consent") => event_word(&event, "of").into_iter().collect(),
                    _ => Vec::new(),
                },
            );
            found.push(Fact { cause: event.id, at: event.at(), what, record, kind, version, fields, depth });
        }
    }
    let ids: BTreeSet<RecordId> = found.iter().map(|fact| fact.record).collect();
    let rows = records::find_many(unit, &ids.into_iter().collect::<Vec<_>>())?;
    let rows: HashMap<RecordId, _> = rows.into_iter().map(|row| (row.id, (row.kind.key.clone(), row.state.is_readable()))).collect();
    found.retain_mut(|fact| {
        let Some((kind, readable)) = rows.get(&fact.record) else { return false };
        fact.kind.clone_from(kind);
        match (fact.what, *readable) {
            // An order may take some fields alone.
            ("record.erased", true) => fact.what = "record.updated",
            ("record.erased", false) => fact.fields.clear(),
            _ => {}
        }
        true
    });
    Ok(found)
}

fn event_word(event: &Recorded, key: &str) -> Option<String> {
    match event.detail()?.get(key)? {
        Cbor::Text(text) => Some(text.clone()),
        _ => None,
    }
}

/// Whose consent it is: the event names its evidence too.
fn named_people(unit: &mut Unit, named: Vec<RecordId>) -> Result<Vec<RecordId>> {
    let rows = records::find_many(unit, &named)?;
    Ok(rows.into_iter().filter(|row| row.kind.is_person).map(|row| row.id).collect())
}

fn told(unit: &mut Unit, event: &Recorded, made: Vec<(RecordId, i64)>) -> Result<Vec<(&'static str, RecordId, i64)>> {
    let all = |what, ids: Vec<RecordId>| ids.into_iter().map(|id| (what, id, 0)).collect();
    let named = || event.records.iter().map(|(id, _)| *id).collect::<Vec<_>>();
    Ok(match event.text("name") {
        "hold.placed" | "hold.extended" => all("hold.placed", named()),
        "hold.released" => match id_in::<HoldId>(event, "hold") {
            Some(hold) => all("hold.released", holds::records_of(unit, &system().permit::<Hold>()?, hold)?),
            None => Vec::new(),
        },
        "request.opened" => all("request.opened", named()),
        "request.closed" => match id_in::<RequestId>(event, "request") {
            Some(request) => match requests::find(unit, request) {
                Ok(request) => all("request.closed", vec![request.person]),
                // It went since: there is nobody to name, and what comes after must still be followed.
                Err(error) if error.code() == Code::NotFound => Vec::new(),
                Err(error) => return Err(error),
            },
            None => Vec::new(),
        },
        "consent.given" => all("consent.given", named_people(unit, named())?),
        "consent.withdrawn" | "consent.refused" | "consent.objected" | "consent.expired" => {
            all("consent.ended", named_people(unit, named())?)
        }
        // The certificate is there: nothing of it can be read any more.
        "record.erased" | "record.disposed" if event.detail().is_some_and(|detail| detail.contains_key("order")) => {
            all("record.erased", named())
        }
        "record.merged" => made.into_iter().map(|(id, version)| ("record.merged", id, version)).collect(),
        _ => {
            // One record may have come into being and changed in the same unit: it came into being.
            let mut first = BTreeMap::<RecordId, i64>::new();
            for (id, version) in made {
                first.entry(id).or_insert(version);
            }
            let what = |version| if version == 1 { "record.created" } else { "record.updated" };
            first.into_iter().map(|(id, version)| (what(version), id, version)).collect()
        }
    })
}

/// What listens, as it stands in the same moment as the leaves.
struct Listening {
    from: Option<i64>,
    head: i64,
    leaves: Vec<Seen>,
    hooks: Vec<(WebhookId, Hears, Instant)>,
    rules: Vec<(RuleId, Trigger, Instant)>,
}

fn json<T: serde::de::DeserializeOwned>(text: &str) -> Result<T> {
    serde_json::from_str(text).map_err(kernel::Error::internal)
}

/// Goes on along the ledger by some hundred leaves; answers how many.
pub(super) async fn follow(app: &App) -> Result<usize> {
    let read = app.store().read(|tx| {
        let from = tx.maybe(sql::CURSOR, &args![CURSOR], |row| row.get::<i64>(0))?;
        let head = tx.one(sql::HEAD, &[], |row| row.get::<i64>(0))?;
        let mut all = Listening { from, head, leaves: Vec::new(), hooks: Vec::new(), rules: Vec::new() };
        if from.is_some_and(|from| from < head) {
            all.hooks = tx.all(sql::HOOKS_ON, &[], |row| Ok((row.get(0)?, json(&row.get::<String>(1)?)?, row.get(2)?)))?;
            all.rules = tx.all(sql::RULES_ON, &[], |row| Ok((row.get(0)?, json(&row.get::<String>(1)?)?, row.get(2)?)))?;
            if !all.hooks.is_empty() || !all.rules.is_empty() {
                all.leaves = tx.all(sql::LEAVES, &args![from, PORTION], Seen::read)?;
            }
        }
        Ok(all)
    });
    let Listening { from, head, leaves, hooks, rules } = read.await?;
    let Some(from) = from else {
        app.store().write(move |tx| tx.run(sql::CURSOR_START, &args![CURSOR, head])).await?;
        return Ok(0);
    };
    if from >= head {
        return Ok(0);
    }
    let Some(last) = leaves.last().map(|leaf| leaf.idx) else {
        // Nobody listens.
        app.store().write(move |tx| tx.run(sql::CURSOR_MOVE, &args![CURSOR, from, head])).await?;
        return Ok(0);
    };
    let count = leaves.len();
    let found = app.read(&system(), move |unit| facts(unit, &leaves).and_then(|found| unit.plain(found))).await?;
    let env = app.env().clone();
    app.store()
        .write(move |tx| {
            if tx.run(sql::CURSOR_MOVE, &args![CURSOR, from, last + 1])? == 0 {
                return Ok(());
            }
            let now = env.now();
            for fact in &found {
                for (hook, hears, since) in &hooks {
                    if fact.at >= *since && hears.hears(fact) {
                        let fields = serde_json::to_string(&fact.fields).map_err(kernel::Error::internal)?;
                        let id = DeliveryId::mint(&env);
                        tx.run(sql::DELIVERY_INSERT, &args![id, *hook, fact.what, fact.cause, fact.record, fields, fact.at, now])?;
                    }
                }
                for (of, trigger, since) in &rules {
                    if fact.at >= *since && rule::hears(trigger, fact) {
                        let loops = fact.depth > DEPTH;
                        let (state, reason) = if loops { ("failed", "loop") } else { ("queued", "") };
                        let row = args![
                            RunId::mint(&env),
                            *of,
                            fact.cause,
                            fact.record,
                            fact.version,
                            now,
                            fact.depth,
                            state,
                            reason,
                            loops.then_some(now)
                        ];
                        tx.run(sql::RUN_INSERT, &row)?;
                    }
                }
            }
            Ok(())
        })
        .await?;
    Ok(count)
}
