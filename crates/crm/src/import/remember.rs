//! How files of a kind were mapped before, so that nobody says the same twice.
//!
//! The runs themselves are the memory: each keeps the mapping that a person confirmed when starting it.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Catalogue, FieldType, Kind};
use kernel::{Instant, Result};
use parse::date::DateOrder;
use trail::{Actor, App, Event, permit::Import};

use super::{Mapping, Options, Prepared, SKIP, mapping::target, match_fields};
use crate::capture::batch;

/// How many earlier imports of a kind are looked at.
const LOOKED_AT: i64 = 30;

/// What was done with such columns before.
#[derive(Clone, Debug)]
pub struct Remembered {
    /// The suggested mapping, with what was chosen before in its place.
    pub mapping: Mapping,
    /// How it was imported; when the very same columns were imported before, the options of that time.
    pub options: Option<Options>,
    /// When the newest of the imports began that something is taken from.
    pub when: Instant,
}

/// What was done before with the columns of a prepared file: all of it when an import of this kind had the same columns, otherwise column by
/// column. `None` when none of them was met before. Event `import.remembered`.
///
/// Errors: forbidden; those of the stores.
pub async fn remembered(app: &App, actor: &Actor, kind: &str, prepared: &Prepared) -> Result<Option<Remembered>> {
    let permit = actor.permit::<Import>()?;
    let catalogue = app.catalogue();
    let kind = catalogue.need(kind)?;
    permit.need(&kind)?;
    let key = kind.key.clone();
    let runs = app
        .read(actor, move |unit| {
            let mut runs = Vec::new();
            for run in batch::newest_of(unit, "import", &key, LOOKED_AT)? {
                let settings = batch::details(unit, &run)?.settings;
                // What an earlier build wrote otherwise is not remembered, and no reason to refuse a file.
                if let Ok(settings) = serde_json::from_value::<(Mapping, Options)>(settings) {
                    runs.push((run.started, settings));
                }
            }
            unit.release(Event::new("import.remembered").word("kind", &key).count("runs", runs.len()), runs)
        })
        .await?;
    Ok(recall(&catalogue, &kind, prepared, &runs))
}

/// The newest run comes first.
fn recall(catalogue: &Catalogue, kind: &Kind, prepared: &Prepared, runs: &[(Instant, (Mapping, Options))]) -> Option<Remembered> {
    let header: BTreeSet<&String> = prepared.columns.iter().map(|column| &column.name).collect();
    let fits = |word: &String| target(catalogue, kind, word, DateOrder::Ymd).is_some();
    let same = runs.iter().find(|(_, (mapping, _))| mapping.columns.keys().collect::<BTreeSet<_>>() == header);
    let from = same.map_or(runs, std::slice::from_ref);
    let mut taken: BTreeMap<&String, &String> = BTreeMap::new();
    let mut dates: BTreeMap<&String, &String> = BTreeMap::new();
    let mut when = None;
    for (started, (mapping, _)) in from {
        for (column, word) in mapping.columns.iter().filter(|(column, word)| header.contains(column) && fits(word)) {
            if !taken.contains_key(column) {
                taken.insert(column, word);
                when = when.max(Some(*started));
            }
        }
        for (column, order) in &mapping.dates {
            dates.entry(column).or_insert(order);
        }
    }
    let when = when?;
    let mut mapping = prepared.mapping.clone();
    for (column, word) in &mut mapping.columns {
        let chosen = taken.get(column);
        let single = kind.field(word).is_some_and(|field| !field.many && field.kind != FieldType::LongText);
        match chosen {
            Some(chosen) => (*chosen).clone_into(word),
            // A field of one value that goes to another column by choice is not suggested for this one.
            None if single && taken.values().any(|other| *other == word) => SKIP.clone_into(word),
            None => {}
        }
    }
    for column in prepared.columns.iter().filter(|column| !column.dates_certain) {
        if let Some(order) = dates.get(&column.name) {
            mapping.dates.insert(column.name.clone(), (*order).clone());
        }
    }
    let writable = |key: &String| key == "currency" || kind.writable().any(|field| field.key == *key);
    let options = same.map(|(_, (earlier, options))| {
        mapping.constants = earlier.constants.iter().filter(|(key, _)| writable(key)).map(|(k, v)| (k.clone(), v.clone())).collect();
        let known = |by: &String| match_fields(kind).iter().any(|field| field.key == *by);
        Options { match_by: options.match_by.clone().filter(known), mode: options.mode, dry_run: false, first: None }
    });
    Some(Remembered { mapping, options, when })
}
