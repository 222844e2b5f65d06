//! The access package: everything held about one person, as one ZIP (GDPR Art 15 and 20).
//!
//! `package.json` for machines, `index.html` to read, `originals/` byte for byte, `evidence.bundle` to verify offline, `manifest.json`
//! with the SHA-256 of each file, the checkpoint and the inclusion proofs. Other people's data is taken out and counted. An original or
//! attachment in which somebody else we know takes part, or is spoken of, cannot have them taken out: it is withheld and listed.
//! What is on hold is included; what is privileged is withheld, and said so.

mod archive;
mod artifact;
mod collect;
mod consents;
mod entry;
mod history;
mod page;
mod proof;
mod redact;

use std::{collections::HashSet, path::PathBuf};

use kernel::{Code, Error, EventId, Instant, JobId, RecordId, RequestId, Result};
use serde::Serialize;
use serde_json::json;
use trail::{Actor, App, Event, Handler, Job, JobRow, Permit, Unit, permit::HandleRequests};

use self::{archive::Archive, entry::Entry, history::History, proof::Withheld};
use super::{
    concerning::{Item, concerning},
    request::{self, Standing, note_step, subject},
};
use crate::{evidence, records};

pub use artifact::{ArtifactId, Ready, expire, fetch, forget, ready};

/// Records in one unit.
const PORTION: usize = 200;
/// The job that makes a package.
pub const JOB: &str = "requests.package";

/// Where a package goes.
#[derive(Clone, Debug)]
pub enum Target {
    /// Sealed in the blob store, to be fetched within seven days.
    Store,
    /// A new file of the operator's.
    File(PathBuf),
}

/// A package that was made.
#[derive(Clone, Debug, Serialize)]
pub struct Package {
    /// Records in it.
    pub records: usize,
    /// Of these, messages.
    pub messages: usize,
    /// Originals and attachments in it.
    pub files: usize,
    /// Its size.
    pub bytes: u64,
    /// The request it answers.
    pub request: RequestId,
    /// Where it waits to be fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub artifact: Option<ArtifactId>,
}

/// `package.json`.
#[derive(Serialize)]
struct Document {
    format: &'static str,
    made: Instant,
    person: RecordId,
    request: RequestId,
    law: String,
    due: Instant,
    records: Vec<Entry>,
    consents: Vec<consents::Consent>,
    history: History,
    another_person: usize,
    left_out: Vec<String>,
    rights: Vec<String>,
}

struct Begin {
    request: request::Request,
    items: Vec<Item>,
    consents: Vec<consents::Consent>,
    roles: std::collections::BTreeMap<String, String>,
}

/// Makes a person's access package. Without a request, the operator's act opens a verified one, which ends with the package.
///
/// Events `package.collected` (each portion) and `package.made`. Errors: forbidden; not_found; conflict when the request is another
/// person's, closed, of another right, or not verified; duplicate when the file is there already; restricted when the standing of a
/// record changed meanwhile.
pub async fn package(app: &App, actor: &Actor, person: RecordId, request: Option<RequestId>, target: &Target) -> Result<Package> {
    make(app, actor, person, request, target, None).await
}

/// Enqueues a package. Progress counts records. Errors: forbidden, not_found, and those of the request.
pub fn order(unit: &mut Unit, permit: &Permit<HandleRequests>, person: RecordId, request: RequestId) -> Result<JobId> {
    subject(unit, permit, person)?;
    answerable(&request::find(unit, request)?, person)?;
    unit.witness(Event::new("package.ordered").word("request", request.to_string()))?;
    unit.enqueue(Job::new(JOB, format!("{JOB}:{request}"), json!({ "person": person, "request": request })))
}

/// What runs the job of [`order`].
pub fn handler() -> Handler {
    std::sync::Arc::new(|app, row| Box::pin(run(app, row)))
}

async fn run(app: App, row: JobRow) -> Result<()> {
    let id = |key: &str| row.args.get(key).and_then(serde_json::Value::as_str);
    let person = id("person").and_then(|text| text.parse().ok()).ok_or_else(|| Error::internal("a package of nobody"))?;
    let request = id("request").and_then(|text| text.parse().ok()).ok_or_else(|| Error::internal("a package without its request"))?;
    let purpose = catalogue::Purpose::find(&row.purpose).ok_or_else(|| Error::internal("a job of an unknown purpose"))?;
    make(&app, &Actor::system(purpose), person, Some(request), &Target::Store, Some(row)).await.map(drop)
}

fn answerable(request: &request::Request, person: RecordId) -> Result<()> {
    let refuse = |words: &str| Err(Error::new(Code::Conflict, words));
    if request.person != person {
        return refuse("This request is about another person.");
    }
    if request.closed.is_some() {
        return refuse("This request was answered and closed. Open a new one.");
    }
    if !matches!(request.right.as_str(), "access" | "know" | "port") {
        return refuse("This request does not ask for access.");
    }
    if !request.verified {
        return refuse("Settle the person's identity first: a package must not reach a stranger.");
    }
    Ok(())
}

/// The request to answer, and whether it was opened for this.
async fn requested(
    app: &App,
    actor: &Actor,
    permit: &Permit<HandleRequests>,
    person: RecordId,
    named: Option<RequestId>,
) -> Result<(RequestId, bool)> {
    if let Some(request) = named {
        return Ok((request, false));
    }
    let open = {
        let permit = permit.clone();
        app.read(actor, move |unit| {
            subject(unit, &permit, person)?;
            let all = request::of_person(unit, person)?;
            unit.plain(all.into_iter().find(|r| r.closed.is_none() && r.right == "access"))
        })
        .await?
    };
    let (request, is_new) = match open {
        Some(request) if request.verified => return Ok((request.id, false)),
        Some(request) => (request.id, false),
        None => {
            let permit = permit.clone();
            let opened =
                app.write(actor, move |unit| request::open(unit, &permit, person, "access", "Package made by the operator.", unit.now()));
            (opened.await?, true)
        }
    };
    let permit = permit.clone();
    app.write(actor, move |unit| request::verify_identity(unit, &permit, request, "Settled by whoever made the package.")).await?;
    Ok((request, is_new))
}

async fn make(
    app: &App,
    actor: &Actor,
    person: RecordId,
    named: Option<RequestId>,
    target: &Target,
    job: Option<JobRow>,
) -> Result<Package> {
    let permit = match actor.permit::<HandleRequests>() {
        Ok(permit) => permit,
        Err(error) => return Err(app.denied(actor, error).await),
    };
    let (request, own) = requested(app, actor, &permit, person, named).await?;
    let begin = app
        .read(actor, move |unit| {
            subject(unit, &permit, person)?;
            let request = request::find(unit, request)?;
            answerable(&request, person)?;
            let (items, roles, consents) = (concerning(unit, person)?, history::roles(unit)?, consents::of(unit, person)?);
            unit.plain(Begin { request, items, consents, roles })
        })
        .await?;
    let begun = match target {
        Target::File(_) => None,
        Target::Store => {
            let (id, who) = (job.as_ref().map(|j| j.id), job.as_ref().map_or_else(|| actor.who.to_string(), |j| j.actor.clone()));
            let begun = app.write(actor, move |unit| {
                unit.witness(Event::new("package.begun").word("request", request.to_string()))?;
                artifact::begin(unit, request, id, &who)
            });
            Some(begun.await?)
        }
    };
    let archive = match (&begun, target) {
        (Some(begun), _) => {
            Archive::sealed(&artifact::key(app, actor, begun.key).await?, &artifact::context(begun.key, begun.id), app.env())?
        }
        (None, Target::File(path)) => Archive::file(path)?,
        (None, Target::Store) => return Err(Error::internal("a package without a place")),
    };
    let filled = fill(app, actor, &begin, archive, job.as_ref().map(|j| j.id)).await;
    let (mut package, sealed, records) = match (filled, target) {
        (Ok(filled), _) => filled,
        (Err(error), Target::File(path)) => {
            // Half a package is a copy of somebody's data that nobody asked for.
            std::fs::remove_file(path).map_err(Error::internal)?;
            return Err(error);
        }
        (Err(error), Target::Store) => return Err(error),
    };
    if let (Some(begun), Some(sealed)) = (&begun, sealed) {
        app.blobs().put(&begun.name, sealed).await?;
        package.artifact = Some(begun.id);
    }
    let (artifact, bytes) = (package.artifact, i64::try_from(package.bytes).unwrap_or(i64::MAX));
    app.write(actor, move |unit| {
        unit.witness(
            Event::new("package.made")
                .word("request", request.to_string())
                .count("records", records.len())
                .records(records.iter().copied()),
        )?;
        if let Some(id) = artifact {
            unit.run(super::sql::ARTIFACT_READY, &store::args![id, bytes])?;
        }
        if own {
            request::end(unit, request, Standing::Fulfilled, None)
        } else {
            note_step(unit, request, None, |r| r.state = Standing::Decided)
        }
    })
    .await?;
    Ok(package)
}

type Filled = (Package, Option<Vec<u8>>, Vec<(RecordId, i64)>);

async fn fill(app: &App, actor: &Actor, begin: &Begin, mut archive: Archive, job: Option<JobId>) -> Result<Filled> {
    let (person, request) = (begin.request.person, begin.request.id);
    let mut records: Vec<Entry> = Vec::with_capacity(begin.items.len());
    let (mut withheld, mut proved, mut files) = (Withheld::new(), Vec::new(), 0);
    for items in begin.items.chunks(PORTION) {
        let (items, named) = (items.to_vec(), request.to_string());
        let mut portion = app.read(actor, move |unit| collect::collect(unit, person, &named, &items)).await?;
        for original in portion.originals {
            let bytes = records::fetch_blob(app, &original.blob, &original.key).await?;
            let sha256 = archive.add(&original.path, &bytes)?;
            let file =
                portion.entries.get_mut(original.entry).and_then(|e| e.files.iter_mut().find(|f| f.path.as_ref() == Some(&original.path)));
            if let Some(file) = file {
                file.sha256 = Some(sha256);
            }
            files += 1;
        }
        records.append(&mut portion.entries);
        withheld.extend(portion.withheld);
        proved.extend(portion.proved);
        if let Some(job) = job {
            let count = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
            app.progress(job, "", count(records.len()), count(begin.items.len())).await?;
        }
    }
    let history = history(app, actor, begin).await?;
    // Every leaf gets its place, so that every version can be proved.
    app.settle().await?;
    let (bundle, proofs) = app
        .read(actor, move |unit| {
            let proved = proof::prove(unit, &proved, &withheld)?;
            unit.release(Event::new("package.collected").word("request", request.to_string()).word("part", "evidence"), proved)
        })
        .await?;
    let versions = records.iter().map(|e| (e.record, e.versions.first().map_or(0, |v| v.version))).collect();
    let messages = records.iter().filter(|e| e.kind == catalogue::message::KIND).count();
    let document = document(app, begin, records, history);
    archive.add("package.json", &serde_json::to_vec_pretty(&document).map_err(Error::internal)?)?;
    archive.add("index.html", page::page(&document).as_bytes())?;
    archive.add("evidence.bundle", &bundle.to_bytes()?)?;
    let manifest = json!({
        "format": "probity-manifest/1",
        "made": document.made,
        "request": request,
        "checkpoint": bundle.checkpoint,
        "log_key": bundle.vkey,
        "files": archive.files,
        "proofs": proofs,
    });
    archive.add("manifest.json", &serde_json::to_vec_pretty(&manifest).map_err(Error::internal)?)?;
    let count = document.records.len();
    let (bytes, sealed) = archive.finish()?;
    Ok((Package { records: count, messages, files, bytes, request, artifact: None }, sealed, versions))
}

async fn history(app: &App, actor: &Actor, begin: &Begin) -> Result<History> {
    let ids: Vec<RecordId> = begin.items.iter().map(|item| item.id).collect();
    let wanted: HashSet<RecordId> = ids.iter().copied().collect();
    let first = begin.items.iter().map(|item| item.captured).min().unwrap_or(Instant::EPOCH);
    let (indexed, mark) = app
        .read(actor, move |unit| {
            let known = evidence::indexed(unit, &ids)?;
            unit.plain(known)
        })
        .await?;
    let mut all = History::default();
    let indexed: Vec<EventId> = indexed.into_iter().collect();
    for events in indexed.chunks(PORTION) {
        let (events, wanted, roles) = (events.to_vec(), wanted.clone(), begin.roles.clone());
        let found = app.read(actor, move |unit| {
            let found = history::read(unit, &events, &wanted, &roles)?;
            unit.plain(found)
        });
        all.append(found.await?);
    }
    // What the index does not have yet is looked through.
    let mut after = mark.max(history::since(first));
    loop {
        let (wanted, roles) = (wanted.clone(), begin.roles.clone());
        let (found, last) = app
            .read(actor, move |unit| {
                let events = unit.all(super::sql::EVENTS_AFTER, &store::args![after], |row| row.get::<EventId>(0))?;
                let found = history::read(unit, &events, &wanted, &roles)?;
                unit.plain((found, events.last().copied()))
            })
            .await?;
        all.append(found);
        match last {
            Some(last) => after = last,
            None => return Ok(all),
        }
    }
}

fn document(app: &App, begin: &Begin, records: Vec<Entry>, history: History) -> Document {
    let another_person = records.iter().map(|e| e.another_person).sum();
    let files = records.iter().flat_map(|e| &e.files).filter(|f| f.withheld.is_some()).count();
    let privileged = records.iter().filter(|e| e.withheld == Some(entry::PRIVILEGED)).count();
    let mut left_out = Vec::new();
    if another_person > 0 {
        left_out.push(format!("Another person's data, {another_person} places (code {}, GDPR Art 15(4)).", entry::OTHERS_RIGHTS));
    }
    if files > 0 {
        left_out.push(format!("{files} originals or attachments that also concern another person (code {}).", entry::OTHERS_RIGHTS));
    }
    if privileged > 0 {
        left_out.push(format!("{privileged} records under a lawyer's privilege (code {}).", entry::PRIVILEGED));
    }
    Document {
        format: "probity-package/1",
        made: app.env().now(),
        person: begin.request.person,
        request: begin.request.id,
        law: begin.request.law.clone(),
        due: begin.request.due,
        records,
        consents: begin.consents.clone(),
        history,
        another_person,
        left_out,
        rights: RIGHTS.iter().map(|line| (*line).to_owned()).collect(),
    }
}

/// What GDPR Art 15(1)(e) and (f) want said.
const RIGHTS: [&str; 3] = [
    "You may ask for correction, erasure or restriction of this data, or object to its use.",
    "You may take this data elsewhere: package.json is made for that.",
    "You may complain to your data protection authority.",
];
