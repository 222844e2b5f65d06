//! A portion of a package: records opened, told without other people, with the keys of their originals.

use std::collections::{BTreeSet, HashMap};

use catalogue::{Kind, Value, file, message, person};
use kernel::{RecordId, Result};
use store::args;
use trail::{Event, Release, Unit};
use vault::RecordKey;

use super::{
    entry::{Entry, FileEntry, OTHERS_RIGHTS, PRIVILEGED, Purpose, tell},
    proof::{Withheld, is_proved},
    redact::{Redactor, texts},
};
use crate::{
    records::{self, BlobRef, Record, StoredRecord},
    requests::{concerning::Item, sql},
    retention::{Desk, Explained},
};

/// How many pairs of words a portion looks up as names.
const MOST_PAIRS: usize = 500;

/// An original on its way: which file of which entry, and what opens it.
pub struct Original {
    /// The place of its entry in the portion.
    pub entry: usize,
    /// What it is called in the package.
    pub path: String,
    /// The blob.
    pub blob: BlobRef,
    /// Its key.
    pub key: RecordKey,
}

/// What a portion gives.
#[derive(Default)]
pub struct Portion {
    /// The records.
    pub entries: Vec<Entry>,
    /// Their originals.
    pub originals: Vec<Original>,
    /// What the evidence must not show.
    pub withheld: Withheld,
    /// The records whose evidence goes with the package.
    pub proved: Vec<RecordId>,
}

/// Collects a portion. Its event `package.collected` names every record and version.
pub fn collect(unit: &mut Unit, subject: RecordId, request: &str, items: &[Item]) -> Result<Release<Portion>> {
    let mut same = records::family(unit, subject)?;
    same.push(subject);
    let own = records::all_versions(unit, &same)?;
    let mut redactor = Redactor::of(&own.values().flatten().collect::<Vec<_>>());
    let others = unit.all(sql::OTHERS, &args![subject], |row| row.get::<RecordId>(0))?;
    let mut known = records::find_many(unit, &others)?;
    known.retain(|row| row.state.is_readable());
    records::open_all(unit, known)?.iter().for_each(|other| redactor.learn(other));
    let mut all = Vec::with_capacity(items.len());
    let mut names = BTreeSet::new();
    let told: Vec<RecordId> = items.iter().filter(|item| !item.privileged).map(|item| item.id).collect();
    let mut opened = records::all_versions(unit, &told)?;
    for item in items {
        let versions = opened.remove(&item.id).unwrap_or_default();
        let read = versions.iter().flat_map(|v| v.fields().into_values().collect::<Vec<_>>());
        read.flat_map(|value| texts(&value)).for_each(|text| pairs(&text, &redactor, &mut names));
        all.push((item, versions));
    }
    for other in mentioned(unit, subject, names)? {
        redactor.learn(&other);
    }
    let stands = Stands::read(unit, items)?;
    let (mut portion, mut seen) = (Portion::default(), Vec::new());
    for (item, versions) in all {
        seen.push((item.id, item.version));
        seen.extend(versions.iter().map(|v| (item.id, v.row.version)).filter(|(_, version)| *version != item.version));
        record(unit, &same, item, versions, &stands, &redactor, &mut portion)?;
    }
    let event = Event::new("package.collected").word("request", request).records(seen);
    unit.release(event, portion)
}

/// Adjacent capitalised words, which may be somebody's name.
fn pairs(text: &str, redactor: &Redactor, into: &mut BTreeSet<(String, String)>) {
    let words: Vec<&str> = text.split(|c: char| !c.is_alphabetic()).filter(|w| !w.is_empty()).collect();
    for pair in words.windows(2) {
        let [a, b] = pair else { continue };
        if a.starts_with(char::is_uppercase) && b.starts_with(char::is_uppercase) && into.len() < MOST_PAIRS {
            let (a, b) = (vault::fold(a), vault::fold(b));
            if a != b && !(redactor.is_own_word(&a) && redactor.is_own_word(&b)) {
                into.insert((a, b));
            }
        }
    }
}

/// The people of the CRM whose name holds one of these pairs, confirmed after opening.
fn mentioned(unit: &mut Unit, subject: RecordId, pairs: BTreeSet<(String, String)>) -> Result<Vec<Record>> {
    let name = records::index::token_field(person::KIND, person::NAME);
    let mut rows: HashMap<RecordId, StoredRecord> = HashMap::new();
    for (a, b) in &pairs {
        let groups: Vec<Vec<i64>> = {
            let keyring = unit.app().keyring();
            let tokens = keyring.tokens();
            [a, b].into_iter().map(|word| vec![tokens.word(&name, word)]).collect()
        };
        for doc in store::tokens::find(unit.dialect(), &groups, 20)? {
            let row = records::find_by_doc(unit, doc)?
                .filter(|r| r.kind.is_person && r.id != subject && r.state.is_readable() && r.facts.merged.is_none());
            rows.extend(row.map(|row| (row.id, row)));
        }
    }
    let mut people = records::open_all(unit, rows.into_values().collect())?;
    people.retain(|other| {
        let words = vault::words(other.text(person::NAME).unwrap_or_default());
        pairs.iter().any(|(a, b)| words.contains(a) && words.contains(b))
    });
    Ok(people)
}

/// How the records of a portion stand: their rows, how long each is kept, in words, and their blobs.
struct Stands {
    rows: HashMap<RecordId, (StoredRecord, String)>,
    blobs: HashMap<RecordId, Vec<BlobRef>>,
}

impl Stands {
    fn read(unit: &mut Unit, items: &[Item]) -> Result<Self> {
        let ids: Vec<RecordId> = items.iter().map(|item| item.id).collect();
        let mut rows = records::find_many(unit, &ids)?;
        rows.retain(|row| row.state.is_readable());
        let lines: Vec<String> = {
            let decided = Desk::open(unit)?.decide_each(unit, &rows)?;
            rows.iter().zip(decided).map(|(row, decision)| Explained::new(row, decision).line).collect()
        };
        let rows = rows.into_iter().zip(lines).map(|(row, line)| (row.id, (row, line))).collect();
        Ok(Self { rows, blobs: records::blobs_of_each(unit, &ids)? })
    }
}

fn record(
    unit: &mut Unit,
    same: &[RecordId],
    item: &Item,
    mut versions: Vec<Record>,
    stands: &Stands,
    redactor: &Redactor,
    portion: &mut Portion,
) -> Result<()> {
    let Some((row, line)) = stands.rows.get(&item.id) else { return Ok(()) };
    let mut entry = Entry {
        record: row.id,
        kind: row.kind.key.clone(),
        kind_label: row.kind.label.clone(),
        state: row.state.as_str(),
        created: row.created,
        captured: row.captured,
        updated: row.updated,
        retention: line.clone(),
        purposes: row.usable.iter().map(|p| Purpose { purpose: p.key, dpv: p.dpv }).collect(),
        source: None,
        withheld: item.privileged.then_some(PRIVILEGED),
        versions: Vec::new(),
        files: Vec::new(),
        another_person: 0,
    };
    if item.privileged {
        portion.entries.push(entry);
        return Ok(());
    }
    versions.reverse();
    let mut shared = false;
    for version in &versions {
        let told = tell(version, same, redactor);
        // What the person was sent or wrote is theirs as it came, unless somebody else we know is in it.
        shared |= told.is_shared || redactor.knows_another(version);
        entry.another_person += told.places;
        if !told.withheld.is_empty() {
            portion.withheld.insert((item.id, version.row.version), told.withheld);
        }
        entry.versions.push(told.version);
    }
    entry.source = entry.versions.first().and_then(|v| v.fields.get(message::SOURCE)).and_then(|f| f.value.as_str()).map(str::to_owned);
    let shared = shared || (row.kind.key == file::KIND && is_of_shared_message(unit, same, row)?);
    let place = portion.entries.len();
    for (n, blob) in stands.blobs.get(&row.id).into_iter().flatten().enumerate() {
        let size = u64::try_from(blob.size).unwrap_or(0);
        let mut file = FileEntry { role: blob.role.clone(), path: None, size, sha256: None, withheld: None };
        if shared {
            file.withheld = Some(OTHERS_RIGHTS);
        } else if let Some((blob, key)) = records::blob_key(unit, row, blob.id)? {
            let path = format!("originals/{}/{}-{}", row.id, n + 1, file_name(&row.kind, versions.first()));
            file.path = Some(path.clone());
            portion.originals.push(Original { entry: place, path, blob, key });
        }
        entry.files.push(file);
    }
    if is_proved(&row.kind.key) {
        portion.proved.push(row.id);
    }
    portion.entries.push(entry);
    Ok(())
}

/// An attachment cannot have others taken out, so it follows its message.
fn is_of_shared_message(unit: &mut Unit, same: &[RecordId], row: &StoredRecord) -> Result<bool> {
    let Some(Value::Link(of)) = row.open.get(file::MESSAGE) else { return Ok(false) };
    let links = records::links_from(unit, *of)?;
    Ok(links.iter().any(|(role, to)| role == message::PARTICIPANTS && !same.contains(to)))
}

/// A name that every file system takes.
fn file_name(kind: &Kind, record: Option<&Record>) -> String {
    let given = match kind.key.as_str() {
        file::KIND => record.and_then(|r| r.text(file::NAME)).unwrap_or("file"),
        message::KIND if record.and_then(|r| r.text(message::CHANNEL)) == Some("email") => "message.eml",
        _ => "original",
    };
    let safe: String = given.chars().map(|c| if c.is_alphanumeric() || "._-".contains(c) { c } else { '_' }).collect();
    let safe: String = safe.trim_start_matches('.').chars().rev().take(80).collect::<Vec<_>>().into_iter().rev().collect();
    if safe.is_empty() { "file".to_owned() } else { safe }
}
