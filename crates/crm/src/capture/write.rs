//! Writing a group of items: blobs first, then one unit with the records, their links and what came of each item.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use catalogue::{Kind, Value, file, message, person};
use kernel::{BatchId, Code, Error, RecordId, Result};
use store::args;
use trail::{Actor, App, Event, Unit};

use super::{
    Failure, Options, Report, batch,
    items::Item,
    message::{Message, Read, Via, View, line},
    sql,
};
use crate::{
    consent,
    records::{self, Facts, Fields, Making, NewRecord, Uploaded},
};

/// How many blobs are on their way to the store at a time.
const UPLOADS: usize = 8;

/// What writes the groups of one run.
pub(super) struct Writer {
    app: App,
    actor: Actor,
    batch: Option<BatchId>,
    options: Options,
    own: Vec<String>,
    via: Option<Via>,
    /// Originals of a dry run, as nothing of it can be found in the store.
    dry: HashSet<String>,
}

/// A message with everything stored that a unit needs.
#[derive(Clone)]
struct Ready {
    n: i64,
    hash: String,
    read: Read,
    original: Uploaded,
    files: Vec<(Fields, Uploaded)>,
}

/// What came of an item, and its record.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Outcome {
    Captured(RecordId),
    Duplicate(RecordId),
}

impl Writer {
    pub async fn start(app: &App, actor: &Actor, batch: Option<BatchId>, options: Options) -> Result<Self> {
        let own = app.store().read(|tx| tx.maybe(sql::SETTING, &args!["own_domains"], |row| row.get::<String>(0))).await?;
        let own: Vec<String> = own.and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default();
        let own = own.iter().map(|d| d.trim().trim_start_matches('@').to_ascii_lowercase()).filter(|d| !d.is_empty()).collect();
        Ok(Self { app: app.clone(), actor: actor.clone(), batch, options, own, via: None, dry: HashSet::new() })
    }

    /// For messages that come by a mailbox.
    pub fn via(self, via: Via) -> Self {
        Self { via: Some(via), ..self }
    }

    /// Writes one item of a run that writes, and answers what came of it.
    pub async fn one(&self, item: Item) -> Result<Result<Outcome, String>> {
        let Some(batch) = self.batch else { return Err(Error::internal("a dry run was to write")) };
        let mut messages = Vec::new();
        let mut failed = Vec::new();
        let reason = match item.read {
            Ok(read) => {
                let fields = read.view(&self.view());
                messages.push((item.n, item.label, read, fields));
                String::new()
            }
            Err(reason) => {
                failed.push(failure(item.n, reason));
                reason.to_owned()
            }
        };
        Ok(self.write(batch, failed, messages).await?.into_iter().next().map_or(Err(reason), |(outcome, _)| outcome))
    }

    fn view(&self) -> View<'_> {
        let now = self.app.env().now();
        View { own: &self.own, now, origin_evidence: self.options.origin_evidence, via: self.via.as_ref() }
    }

    /// Writes one group and adds it to the report.
    pub async fn group(&mut self, group: Vec<Item>, report: &mut Report) -> Result<()> {
        report.seen += group.len();
        let mut failed: Vec<batch::Item> = Vec::new();
        let mut messages: Vec<(i64, String, Message, Read)> = Vec::new();
        for item in group {
            match item.read {
                Ok(read) => {
                    let fields = read.view(&self.view());
                    if self.options.list {
                        report.list.push(read.listed(&fields));
                    }
                    messages.push((item.n, item.label, read, fields));
                }
                Err(reason) => {
                    failed.push(failure(item.n, reason));
                    report.failed.push(Failure { item: item.label, reason: reason.to_owned() });
                }
            }
        }
        match self.batch {
            None => self.dry(&messages, report).await,
            Some(batch) => {
                for (outcome, label) in self.write(batch, failed, messages).await? {
                    match outcome {
                        Ok(Outcome::Captured(_)) => report.captured += 1,
                        Ok(Outcome::Duplicate(_)) => report.duplicate += 1,
                        Err(reason) => report.failed.push(Failure { item: label, reason }),
                    }
                }
                Ok(())
            }
        }
    }

    async fn dry(&mut self, messages: &[(i64, String, Message, Read)], report: &mut Report) -> Result<()> {
        let hashes: Vec<String> = messages.iter().map(|(_, _, message, _)| message.hash.clone()).collect();
        let known = self
            .app
            .read(&self.actor, move |unit| {
                let kind = unit.app().catalogue().need(message::KIND)?;
                let known: HashSet<String> =
                    records::with_any(unit, &kind, message::ORIGINAL, &hashes)?.into_iter().map(|(hash, _)| hash).collect();
                unit.release(Event::new("record.searched").word("kind", message::KIND).fields([message::ORIGINAL]), known)
            })
            .await?;
        for (_, _, message, _) in messages {
            let is_new = self.dry.insert(message.hash.clone()) && !known.contains(&message.hash);
            if is_new { report.captured += 1 } else { report.duplicate += 1 }
        }
        Ok(())
    }

    async fn write(
        &self,
        batch: BatchId,
        failed: Vec<batch::Item>,
        messages: Vec<(i64, String, Message, Read)>,
    ) -> Result<Vec<(Result<Outcome, String>, String)>> {
        let labels: Vec<String> = messages.iter().map(|(_, label, _, _)| label.clone()).collect();
        let (plans, bytes) = plan(messages);
        let failed = Arc::new(failed);
        let mut ready = place(&plans, &self.upload(&bytes, false).await?)?;
        let mut done = self.unit(batch, &ready, &failed).await;
        if done.as_ref().is_err_and(|error| error.code() == Code::Conflict) {
            // What was to be shared went with another record meanwhile.
            ready = place(&plans, &self.upload(&bytes, true).await?)?;
            done = self.unit(batch, &ready, &failed).await;
        }
        let outcomes = match done {
            Ok(outcomes) => outcomes.into_iter().map(Ok).collect(),
            Err(error) if is_passing(error.code()) => return Err(error),
            // One item spoils the unit: each gets its own, so that only those that cannot be kept are lost, with their reason.
            Err(_) => self.one_by_one(batch, &ready, &failed).await?,
        };
        Ok(outcomes.into_iter().zip(labels).collect())
    }

    async fn one_by_one(
        &self,
        batch: BatchId,
        ready: &Arc<Vec<Ready>>,
        failed: &Arc<Vec<batch::Item>>,
    ) -> Result<Vec<Result<Outcome, String>>> {
        let mut outcomes = Vec::with_capacity(ready.len());
        self.unit(batch, &Arc::default(), failed).await?;
        for one in ready.iter() {
            let alone = Arc::new(vec![one.clone()]);
            match self.unit(batch, &alone, &Arc::default()).await {
                Ok(done) => outcomes.extend(done.into_iter().map(Ok)),
                Err(error) if is_passing(error.code()) => return Err(error),
                Err(error) => {
                    tracing::warn!(batch = %batch, item = one.n, code = error.code().as_str(), "an item could not be captured");
                    let reason = error.code().as_str();
                    let lost = Arc::new(vec![failure(one.n, reason)]);
                    self.unit(batch, &Arc::default(), &lost).await?;
                    outcomes.push(Err(reason.to_owned()));
                }
            }
        }
        Ok(outcomes)
    }

    /// Seals and uploads bytes, several at a time.
    async fn upload(&self, bytes: &Bytes, anew: bool) -> Result<HashMap<String, Uploaded>> {
        let mut places = HashMap::new();
        let mut running = tokio::task::JoinSet::new();
        for (hash, bytes) in bytes {
            while running.len() >= UPLOADS {
                stored(running.join_next().await, &mut places)?;
            }
            let (app, hash, bytes) = (self.app.clone(), hash.clone(), Arc::clone(bytes));
            running.spawn(async move {
                let done = if anew { records::store_blob_anew(&app, &bytes).await } else { records::store_blob(&app, &bytes).await };
                done.map(|uploaded| (hash, uploaded))
            });
        }
        while !running.is_empty() {
            stored(running.join_next().await, &mut places)?;
        }
        Ok(places)
    }

    async fn unit(&self, batch: BatchId, ready: &Arc<Vec<Ready>>, failed: &Arc<Vec<batch::Item>>) -> Result<Vec<Outcome>> {
        if ready.is_empty() && failed.is_empty() {
            return Ok(Vec::new());
        }
        let (ready, failed, evidence) = (Arc::clone(ready), Arc::clone(failed), self.options.origin_evidence);
        let via = self.via.clone();
        self.app.write(&self.actor, move |unit| write(unit, batch, &ready, &failed, evidence, via.as_ref())).await
    }
}

/// Originals and attachments by their hash: equal ones of a group are stored once.
type Bytes = BTreeMap<String, Arc<Vec<u8>>>;

/// A message whose bytes are yet to be stored.
struct Plan {
    n: i64,
    hash: String,
    read: Read,
    files: Vec<(Fields, String)>,
}

fn plan(messages: Vec<(i64, String, Message, Read)>) -> (Vec<Plan>, Bytes) {
    let mut bytes = Bytes::new();
    let mut plans = Vec::with_capacity(messages.len());
    for (n, _, message, read) in messages {
        let mut files = Vec::new();
        for (index, attachment) in message.attachments().iter().enumerate() {
            let hash = hex::encode(ledger::sha256(&attachment.bytes));
            files.push((file_fields(attachment, index, &hash), hash.clone()));
            bytes.entry(hash).or_insert_with(|| Arc::new(attachment.bytes.clone()));
        }
        plans.push(Plan { n, hash: message.hash.clone(), read, files });
        bytes.insert(message.hash, Arc::new(message.bytes));
    }
    (plans, bytes)
}

fn place(plans: &[Plan], places: &HashMap<String, Uploaded>) -> Result<Arc<Vec<Ready>>> {
    let place = |hash: &String| places.get(hash).cloned().ok_or_else(|| Error::internal("a blob was not stored"));
    let mut ready = Vec::with_capacity(plans.len());
    for Plan { n, hash, read, files } in plans {
        let files = files.iter().map(|(fields, hash)| Ok((fields.clone(), place(hash)?))).collect::<Result<_>>()?;
        ready.push(Ready { n: *n, original: place(hash)?, hash: hash.clone(), read: read.clone(), files });
    }
    Ok(Arc::new(ready))
}

type Stored = Option<std::result::Result<Result<(String, Uploaded)>, tokio::task::JoinError>>;

fn stored(done: Stored, places: &mut HashMap<String, Uploaded>) -> Result<()> {
    if let Some(done) = done {
        let (hash, uploaded) = done.map_err(Error::internal)??;
        places.insert(hash, uploaded);
    }
    Ok(())
}

/// Whether an error says nothing about the item: the run stops and goes on later.
fn is_passing(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::StorageFull | Code::RateLimited)
}

fn failure(n: i64, reason: &str) -> batch::Item {
    batch::Item { n, outcome: "failed", reason: reason.to_owned(), record: None, versions: (None, None), raw: None }
}

fn file_fields(attachment: &parse::mail::Attachment, index: usize, hash: &str) -> Fields {
    let fallback = || line(&format!("attachment {}", index + 1));
    let size = i64::try_from(attachment.bytes.len()).unwrap_or(i64::MAX).saturating_mul(1_000_000);
    let fields = [
        (file::NAME, attachment.name.as_deref().and_then(line).or_else(fallback)),
        (file::CONTENT_TYPE, line(&attachment.content_type)),
        (file::SIZE, Some(Value::Number(size))),
        (file::ORIGINAL, line(hash)),
    ];
    fields.into_iter().filter_map(|(key, value)| value.map(|v| (key.to_owned(), v))).collect()
}

/// One unit: duplicates told apart, people found, messages and files made.
fn write(
    unit: &mut Unit,
    batch: BatchId,
    ready: &[Ready],
    failed: &[batch::Item],
    evidence: bool,
    via: Option<&Via>,
) -> Result<Vec<Outcome>> {
    unit.witness(
        Event::new("record.created")
            .word("batch", batch.to_string())
            .word("kind", message::KIND)
            .count("items", ready.len() + failed.len()),
    )?;
    let kind = unit.app().catalogue().need(message::KIND)?;
    let hashes: Vec<String> = ready.iter().map(|r| r.hash.clone()).collect();
    let mut known: HashMap<String, RecordId> =
        records::with_any(unit, &kind, message::ORIGINAL, &hashes)?.into_iter().map(|(hash, record)| (hash, record.row.id)).collect();
    let people = people(unit, ready)?;
    let cases = cases(unit, &kind, ready, via)?;
    let (owner, team) = via.map_or((unit.actor().staff(), None), |via| (via.owner, via.team));
    let mut items = failed.to_vec();
    let (mut making, mut attached) = (Making::default(), Vec::new());
    let mut outcomes = Vec::with_capacity(ready.len());
    for one in ready {
        if let Some(record) = known.get(&one.hash) {
            items.push(batch::Item {
                n: one.n,
                outcome: "duplicate",
                reason: String::new(),
                record: Some(*record),
                versions: (None, None),
                raw: None,
            });
            outcomes.push(Outcome::Duplicate(*record));
            continue;
        }
        let linked: Vec<RecordId> = one.read.addresses.iter().filter_map(|a| people.get(a)).flatten().copied().collect();
        let linked = distinct(linked);
        let mut fields = one.read.fields.clone();
        if !linked.is_empty() {
            fields.insert(message::PARTICIPANTS.to_owned(), Value::List(linked.iter().copied().map(Value::Link).collect()));
        }
        let thread = one.read.fields.get(message::THREAD).map(Value::display);
        if let Some(case) = via.and_then(|via| via.case).or_else(|| cases.get(&thread?).copied()) {
            fields.insert(message::CASE.to_owned(), Value::Link(case));
        }
        let facts = Facts {
            claimed: one.read.claimed.map(|at| at.day()),
            origin_evidence: evidence && one.read.created.is_some(),
            ..Facts::default()
        };
        let created = one.read.created;
        let id = making.add(unit, NewRecord { owner, team, created, facts: facts.clone(), ..NewRecord::new(message::KIND, fields) })?;
        attached.push((id, &one.original, "original"));
        for (fields, uploaded) in &one.files {
            let mut fields = fields.clone();
            fields.insert(file::MESSAGE.to_owned(), Value::Link(id));
            if let Some(person) = linked.first() {
                fields.insert(file::PERSON.to_owned(), Value::Link(*person));
            }
            let file = making.add(unit, NewRecord { owner, team, created, facts: facts.clone(), ..NewRecord::new(file::KIND, fields) })?;
            attached.push((file, uploaded, "content"));
        }
        known.insert(one.hash.clone(), id);
        items.push(batch::Item {
            n: one.n,
            outcome: "created",
            reason: String::new(),
            record: Some(id),
            versions: (None, Some(1)),
            raw: None,
        });
        outcomes.push(Outcome::Captured(id));
    }
    making.write(unit)?;
    for (record, uploaded, role) in attached {
        records::attach(unit, record, uploaded, role)?;
    }
    batch::note(unit, batch, &items)?;
    Ok(outcomes)
}

/// The cases of the conversations that go on in these messages. Only for those that come by a mailbox: what is captured from files is no news.
fn cases(unit: &mut Unit, kind: &Kind, ready: &[Ready], via: Option<&Via>) -> Result<HashMap<String, RecordId>> {
    let Some(thread) = kind.field(message::THREAD).filter(|_| via.is_some_and(|via| via.case.is_none())) else { return Ok(HashMap::new()) };
    let threads = ready.iter().filter_map(|one| one.read.fields.get(message::THREAD)).map(Value::display);
    let by_form: HashMap<String, String> = threads.map(|text| (records::index::exact_form(thread, &text, None), text)).collect();
    let forms: Vec<String> = by_form.keys().cloned().collect();
    let mut found: HashMap<String, RecordId> = HashMap::new();
    let mut linked: Vec<(String, RecordId)> = Vec::new();
    for (form, record) in records::with_any(unit, kind, message::THREAD, &forms)? {
        if let (Some(Value::Link(case)), Some(text)) = (record.row.open.get(message::CASE), by_form.get(&form)) {
            linked.push((text.clone(), *case));
        }
    }
    let standing = records::find_many(unit, &linked.iter().map(|(_, case)| *case).collect::<Vec<_>>())?;
    let stands = |case: &RecordId| standing.iter().any(|row| row.id == *case && row.state.is_readable() && row.facts.merged.is_none());
    found.extend(linked.into_iter().filter(|(_, case)| stands(case)));
    Ok(found)
}

fn distinct(ids: Vec<RecordId>) -> Vec<RecordId> {
    let mut seen = HashSet::new();
    ids.into_iter().filter(|id| seen.insert(*id)).collect()
}

/// The people behind the addresses of a group, without those who are suppressed.
fn people(unit: &mut Unit, ready: &[Ready]) -> Result<HashMap<String, Vec<RecordId>>> {
    let all: HashSet<&String> = ready.iter().flat_map(|r| &r.read.addresses).collect();
    let mut all: Vec<String> = all.into_iter().cloned().collect();
    all.sort_unstable();
    let suppressed = consent::suppressed(unit, &all)?;
    all.retain(|address| !suppressed.contains(address));
    let kind = unit.app().catalogue().need(person::KIND)?;
    let mut people: HashMap<String, Vec<RecordId>> = HashMap::new();
    for (address, record) in records::with_any(unit, &kind, person::EMAIL, &all)? {
        people.entry(address).or_default().push(record.row.id);
    }
    people.values_mut().for_each(|ids| ids.sort_unstable());
    Ok(people)
}
