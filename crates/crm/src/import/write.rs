//! Writing rows: read and checked on a thread of their own, matched and stored a unit at a time.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    hash::{DefaultHasher, Hash, Hasher},
    sync::{Arc, Mutex, PoisonError},
};

use catalogue::{Address, Kind, Value, person};
use kernel::{BatchId, Code, Error, KeyId, RecordId, Result};
use store::args;
use trail::{Actor, App, Event, Permit, Unit, permit::Import};
use vault::Context;

use super::{
    Failure, Mode, Options, Report, Source, company, found,
    mapping::Plan,
    ready::{Ready, fields_of, groups},
    row::Draft,
};
use crate::{
    capture::batch,
    consent,
    records::{self, Making, NewRecord, Record, RecordPatch, State, index},
};

/// The largest row whose own bytes are kept (bytes).
const RAW_MAX: usize = 4 << 10;
/// The most companies remembered between units.
const COMPANIES: usize = 100_000;

/// One import.
#[derive(Clone)]
pub(super) struct Run {
    pub kind: Arc<Kind>,
    pub plan: Plan,
    pub options: Options,
    pub batch: Option<BatchId>,
}

#[derive(Clone)]
enum Outcome {
    Created(RecordId),
    Updated(RecordId, i64, i64),
    Duplicate(Option<RecordId>),
    Failed(String),
}

/// What a unit did.
#[derive(Clone, Default)]
struct Done {
    outcomes: Vec<Outcome>,
    companies: company::Known,
}

/// Goes on with a run where it stopped.
pub(super) async fn go_on(app: &App, actor: &Actor, run: Run, source: Source, progress: impl Fn(&Report) + Send + Sync) -> Result<Report> {
    let permit = actor.permit::<Import>()?;
    let skip = match run.batch {
        Some(batch) => batch::items_done(app, batch).await?,
        None => 0,
    };
    let mut report = Report { batch: run.batch, ..Report::default() };
    let mut groups = groups(app, &run, (permit.actor.staff(), permit.actor.team), source, skip);
    let run = Arc::new(run);
    let mut known = Arc::new(company::Known::new());
    // A dry run keeps nothing in the store that later rows could be matched against.
    let mut rehearsed: HashSet<u64> = HashSet::new();
    while let Some(group) = groups.recv().await {
        let group = Arc::new(group?);
        let mut done = unit(app, &permit, &run, &group, &known).await;
        if done.as_ref().is_err_and(|error| !is_passing(error.code())) {
            done = one_by_one(app, &permit, &run, &group, &known).await;
        }
        let mut done = done?;
        if run.options.dry_run {
            rehearse(&run, &group, &mut done, &mut rehearsed);
        } else {
            let all = Arc::make_mut(&mut known);
            if all.len() > COMPANIES {
                all.clear();
            }
            all.extend(done.companies);
        }
        for (row, outcome) in group.iter().zip(done.outcomes) {
            report.rows += 1;
            match outcome {
                Outcome::Created(_) => report.created += 1,
                Outcome::Updated(..) => report.updated += 1,
                Outcome::Duplicate(_) => report.duplicate += 1,
                Outcome::Failed(reason) => report.refuse(Failure { row: row.number, reason }),
            }
        }
        progress(&report);
    }
    match run.batch {
        Some(batch) => batch::finish(app, actor, batch, "import.finished").await?,
        None => {
            let event =
                Event::new("import.rehearsed").word("kind", &run.kind.key).count("rows", report.rows).count("created", report.created);
            app.write(actor, move |unit| unit.witness(event.clone())).await?;
        }
    }
    Ok(report)
}

/// Whether an error says nothing about the rows: the run stops and goes on later.
fn is_passing(code: Code) -> bool {
    matches!(code, Code::Unavailable | Code::StorageFull | Code::RateLimited)
}

/// One unit. A dry run does the very same and then lets go of it.
async fn unit(app: &App, permit: &Permit<Import>, run: &Arc<Run>, group: &Arc<Vec<Ready>>, known: &Arc<company::Known>) -> Result<Done> {
    let (actor, permit) = (permit.actor.clone(), permit.clone());
    let (run, group, known) = (Arc::clone(run), Arc::clone(group), Arc::clone(known));
    if !run.options.dry_run {
        return app.write(&actor, move |unit| write(unit, &permit, &run, &group, &known)).await;
    }
    let seen = Arc::new(Mutex::new(None));
    let out = Arc::clone(&seen);
    let refused = app
        .write(&actor, move |unit| {
            let done = write(unit, &permit, &run, &group, &known)?;
            // Running again writes the same again.
            *out.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
            Err::<(), _>(Error::new(Code::Conflict, "This was a dry run; nothing was written."))
        })
        .await;
    let done = seen.lock().unwrap_or_else(PoisonError::into_inner).take();
    match (done, refused) {
        (Some(done), Err(error)) if error.code() == Code::Conflict => Ok(done),
        (_, Err(error)) => Err(error),
        (_, Ok(())) => Err(Error::internal("a dry run was kept")),
    }
}

/// When something spoils a unit, each row gets its own, so that only those that cannot be kept are lost, with their reason.
async fn one_by_one(
    app: &App,
    permit: &Permit<Import>,
    run: &Arc<Run>,
    group: &Arc<Vec<Ready>>,
    known: &Arc<company::Known>,
) -> Result<Done> {
    let mut all = Done::default();
    for row in group.iter() {
        let copy = |draft| Arc::new(vec![row.with(draft)]);
        match unit(app, permit, run, &copy(row.draft.clone()), known).await {
            Ok(done) => all.outcomes.extend(done.outcomes),
            Err(error) if is_passing(error.code()) => return Err(error),
            Err(error) => {
                tracing::warn!(row = row.number, code = error.code().as_str(), "a row could not be imported");
                all.outcomes.extend(unit(app, permit, run, &copy(Err(error.code().as_str().to_owned())), known).await?.outcomes);
            }
        }
    }
    Ok(all)
}

/// What earlier rows of a dry run would have made, known by hashes of their values alone: a large file has many.
fn rehearse(run: &Run, group: &[Ready], done: &mut Done, seen: &mut HashSet<u64>) {
    let hashed = |form: &String| {
        let mut hasher = DefaultHasher::new();
        form.hash(&mut hasher);
        hasher.finish()
    };
    for (row, outcome) in group.iter().zip(&mut done.outcomes) {
        let mut met = false;
        for form in row.forms.iter().filter(|_| row.draft.is_ok()) {
            met |= !seen.insert(hashed(form));
        }
        if met && let Outcome::Created(id) = *outcome {
            *outcome = if run.options.mode == Mode::Create { Outcome::Duplicate(Some(id)) } else { Outcome::Updated(id, 1, 2) };
        }
    }
}

/// What a unit knows of the records its rows may be.
struct Matches {
    by_form: HashMap<String, Vec<RecordId>>,
    opened: HashMap<RecordId, Record>,
}

/// A unit at work: what it knows, and the records it makes, which are written together.
struct Work<'w> {
    run: &'w Run,
    permit: &'w Permit<Import>,
    matches: Matches,
    companies: company::Companies<'w>,
    links: found::Links,
    making: Making,
}

fn write(unit: &mut Unit, permit: &Permit<Import>, run: &Run, group: &[Ready], known: &company::Known) -> Result<Done> {
    let event = Event::new("record.imported").word("kind", &run.kind.key).count("rows", group.len());
    unit.witness(match run.batch {
        Some(batch) => event.word("batch", batch.to_string()),
        None => event,
    })?;
    let drafts = || group.iter().filter_map(|row| row.draft.as_ref().ok());
    let contacts: HashSet<&String> = drafts().flat_map(|draft| &draft.contacts).collect();
    let suppressed = consent::suppressed(unit, &contacts.into_iter().cloned().collect::<Vec<_>>())?;
    // Everything is looked up before the first record is written: a look into the token index after that makes SQLite write it out.
    let matches = matches(unit, run, group)?;
    let companies = company::Companies::look_up(unit, known, drafts().flat_map(|draft| draft.named.values()))?;
    let links = found::Links::look_up(unit, permit, drafts().flat_map(|draft| &draft.found))?;
    let mut work = Work { run, permit, matches, companies, links, making: Making::default() };
    let mut outcomes = Vec::with_capacity(group.len());
    let mut items = Vec::with_capacity(group.len());
    for row in group {
        let outcome = match &row.draft {
            Err(reason) => Outcome::Failed(reason.clone()),
            Ok(draft) if draft.contacts.iter().any(|c| suppressed.contains(c)) => Outcome::Failed("suppressed".to_owned()),
            Ok(draft) => match work.row(unit, row, draft) {
                Ok(outcome) => outcome,
                Err(error) if is_about_row(error.code()) => Outcome::Failed(reason(&error)),
                Err(error) => return Err(error),
            },
        };
        items.extend(work.companies.made.drain(..).map(|company| batch::Item {
            n: -row.n,
            outcome: "beside",
            reason: String::new(),
            record: Some(company),
            versions: (None, Some(1)),
            raw: None,
        }));
        items.push(item(unit, &work.making, row, &outcome)?);
        outcomes.push(outcome);
    }
    work.making.write(unit)?;
    if let Some(batch) = run.batch {
        batch::note(unit, batch, &items)?;
    }
    Ok(Done { outcomes, companies: work.companies.fresh })
}

/// Errors that records give before they write anything.
fn is_about_row(code: Code) -> bool {
    matches!(code, Code::InvalidInput | Code::Restricted | Code::NotFound)
}

fn reason(error: &Error) -> String {
    let words: Vec<String> = error.problems().iter().map(|p| format!("{}:{}", p.pointer.trim_start_matches('/'), p.code)).collect();
    if words.is_empty() { error.code().as_str().to_owned() } else { words.join(" ") }
}

fn item(unit: &mut Unit, making: &Making, row: &Ready, outcome: &Outcome) -> Result<batch::Item> {
    let (word, reason, record, versions) = match outcome {
        Outcome::Created(id) => ("created", "", Some(*id), (None, Some(1))),
        Outcome::Updated(id, before, after) => ("updated", "", Some(*id), (Some(*before), Some(*after))),
        Outcome::Duplicate(id) => ("duplicate", "", *id, (None, None)),
        Outcome::Failed(reason) => ("failed", reason.as_str(), None, (None, None)),
    };
    let kept = record.filter(|_| word != "duplicate" && row.raw.len() <= RAW_MAX);
    let raw = match kept {
        Some(id) => Some(seal_raw(unit, making.key(id), id, &row.raw)?),
        None => None,
    };
    Ok(batch::Item { n: row.n, outcome: word, reason: reason.to_owned(), record, versions, raw })
}

fn seal_raw(unit: &mut Unit, key: Option<KeyId>, id: RecordId, raw: &[u8]) -> Result<Vec<u8>> {
    let key = match key {
        Some(key) => key,
        None => unit.one(records::sql::HEAD, &args![id], |row| row.get::<KeyId>(1))?,
    };
    unit.seal(&raw_context(key, id), raw)
}

/// What a row's own bytes are bound to, under the key of the record it made or changed.
pub(super) fn raw_context(key: KeyId, record: RecordId) -> Context<'static> {
    Context { key, subject: *record.bytes(), version: 0, purpose: "import row" }
}

fn matches(unit: &mut Unit, run: &Run, group: &[Ready]) -> Result<Matches> {
    let mut found = Matches { by_form: HashMap::new(), opened: HashMap::new() };
    let Some(by) = &run.options.match_by else { return Ok(found) };
    let forms: HashSet<&String> = group.iter().filter(|row| row.draft.is_ok()).flat_map(|row| &row.forms).collect();
    let forms: Vec<String> = forms.into_iter().cloned().collect();
    for (form, record) in records::with_any(unit, &run.kind, by, &forms)? {
        found.by_form.entry(form).or_default().push(record.row.id);
        found.opened.insert(record.row.id, record);
    }
    Ok(found)
}

impl Work<'_> {
    fn row(&mut self, unit: &mut Unit, row: &Ready, draft: &Draft) -> Result<Outcome> {
        let options = &self.run.options;
        let met: HashSet<RecordId> = row.forms.iter().filter_map(|form| self.matches.by_form.get(form)).flatten().copied().collect();
        let mut met = met.into_iter();
        let outcome = match (met.next(), met.next()) {
            (Some(_), Some(_)) => Outcome::Failed("ambiguous".to_owned()),
            (Some(id), None) if options.mode == Mode::Create => Outcome::Duplicate(Some(id)),
            (Some(id), None) => self.change(unit, draft, id)?,
            (None, _) if options.mode == Mode::Update => Outcome::Failed("no_match".to_owned()),
            (None, _) => self.create(unit, row, draft)?,
        };
        if let Outcome::Created(id) | Outcome::Updated(id, ..) = outcome {
            // Later rows may be this record by any of the row's addresses.
            for form in &row.forms {
                let ids = self.matches.by_form.entry(form.clone()).or_default();
                if !ids.contains(&id) {
                    ids.push(id);
                }
            }
        }
        Ok(outcome)
    }

    fn create(&mut self, unit: &mut Unit, row: &Ready, draft: &Draft) -> Result<Outcome> {
        let Run { kind, plan, .. } = self.run;
        let mut fields = fields_of(plan, draft);
        match self.links.resolve(draft) {
            Ok(links) => fields.extend(links),
            Err(reason) => return Ok(Outcome::Failed(reason)),
        }
        let missing = kind.fields.iter().find(|f| f.required && !f.retired && !fields.contains_key(&f.key));
        if let Some(field) = missing {
            return Ok(Outcome::Failed(format!("{}:required", field.key)));
        }
        if company::is_named_by(kind) {
            let links = self.companies.resolve(unit, &mut self.making, &draft.named)?;
            fields.extend(links.into_iter().map(|(key, id)| (key, Value::Link(id))));
        }
        let (owner, team) = (draft.owner.or(self.permit.actor.staff()), self.permit.actor.team);
        self.making
            .add(unit, NewRecord { owner, team, ahead: row.ahead.clone(), ..NewRecord::new(&kind.key, fields) })
            .map(Outcome::Created)
    }

    fn change(&mut self, unit: &mut Unit, draft: &Draft, id: RecordId) -> Result<Outcome> {
        // What this unit made before stands only from here.
        self.settle(unit)?;
        let record = match self.matches.opened.remove(&id) {
            Some(record) => record,
            // Made or changed earlier in this unit.
            None => {
                let row = records::find(unit, id)?.ok_or_else(|| Error::not_found("record"))?;
                records::open(unit, row)?.ok_or_else(|| Error::not_found("record"))?
            }
        };
        if !records::in_scope(self.permit, &record.row) {
            return Ok(Outcome::Failed("out_of_scope".to_owned()));
        }
        if record.row.state == State::Restricted {
            return Ok(Outcome::Failed("restricted".to_owned()));
        }
        let found = match self.links.resolve(draft) {
            Ok(links) => links,
            Err(reason) => return Ok(Outcome::Failed(reason)),
        };
        let mut fields = patch(&record, draft);
        let changed = found.into_iter().filter(|(key, value)| record.get(key) != Some(value));
        fields.extend(changed.map(|(key, value)| (key, Some(value))));
        let links = self.companies.resolve(unit, &mut self.making, &draft.named)?;
        self.settle(unit)?;
        for (key, company) in links {
            if record.get(&key) != Some(&Value::Link(company)) {
                fields.insert(key, Some(Value::Link(company)));
            }
        }
        if fields.is_empty() {
            self.matches.opened.insert(id, record);
            return Ok(Outcome::Duplicate(Some(id)));
        }
        let before = record.row.version;
        let after = records::amend(unit, id, None, RecordPatch { fields, owner: None })?;
        self.making.changed(id);
        Ok(if after == before { Outcome::Duplicate(Some(id)) } else { Outcome::Updated(id, before, after) })
    }
    /// Writes what this unit has made so far. A failure is not this row's, which the others would not outlive.
    fn settle(&mut self, unit: &mut Unit) -> Result<()> {
        self.making.write(unit).map_err(|error| if is_about_row(error.code()) { Error::internal(error) } else { error })
    }
}

/// What a row changes of a record.
fn patch(record: &Record, draft: &Draft) -> BTreeMap<String, Option<Value>> {
    let mut changed = BTreeMap::new();
    for (key, value) in &draft.fields {
        if draft.name_is_guess && key == person::NAME {
            continue;
        }
        let merged = match (record.get(key), value) {
            (Some(Value::List(old)), Value::List(new)) => merged_list(record, key, old, new),
            (Some(Value::Address(old)), Value::Address(new)) => Value::Address(merged_address(old, new)),
            _ => value.clone(),
        };
        if record.get(key) != Some(&merged) {
            changed.insert(key.clone(), Some(merged));
        }
    }
    changed
}

fn merged_list(record: &Record, key: &str, old: &[Value], new: &[Value]) -> Value {
    let region = record.row.law.get(..2);
    let form = |value: &Value| record.row.kind.field(key).map(|field| index::exact_form(field, &value.display(), region));
    let mut all = old.to_vec();
    for value in new {
        if !all.iter().any(|have| have == value || form(have) == form(value)) {
            all.push(value.clone());
        }
    }
    Value::List(all)
}

fn merged_address(old: &Address, new: &Address) -> Address {
    let mut merged = old.clone();
    for (part, text) in new.parts() {
        if !text.is_empty() {
            merged.set(part, text);
        }
    }
    merged
}
