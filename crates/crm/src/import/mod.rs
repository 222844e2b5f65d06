//! Import: rows of CSV, XLSX and vCard files to records of any kind.
//!
//! [`prepare`] says what a file holds and suggests a [`Mapping`]; [`run`] makes and changes records, in units of at most 200 rows with flat
//! memory; [`undo`] takes a run back, updates included. Always: rows = created + updated + duplicate + failed; a row that fails says why
//! and harms no other.
//!
//! - Rows are matched against the stock and against the rows before them, by e-mail address, telephone number or external number.
//!   A match is a duplicate when records are only to be made; otherwise the record takes what the row says: single fields are replaced,
//!   fields of many values and addresses are completed, empty cells change nothing. What changes nothing is a duplicate too.
//! - A company is found by its name, or made; any record that a row belongs to (the customer of an order, the contact of a deal) is found
//!   by an address or a number of its own. Where none or several have it, the row fails: it would belong to nobody.
//! - A country's name becomes the code by which law is told; as written it stays in the address.
//! - A row whose address or number is on the suppression list fails as `suppressed`: whoever was erased does not come back by a file.
//! - Each row keeps its own bytes (up to 4 KiB), sealed under the key of the record it made or changed, in `batch_item.raw`: they die with
//!   that key, and when any field of the record is erased. Of the file itself only name, size and a keyed hash are kept.
//! - A run goes on after its last row when it is run again.

mod company;
mod country;
mod found;
pub mod jobs;
mod mapping;
mod ready;
mod remember;
mod row;
mod source;
pub mod sql;
#[cfg(test)]
mod tests;
mod undo;
mod write;

use std::sync::Arc;

use catalogue::{Catalogue, Field, FieldType, Index, Kind, Value, person};
use kernel::{BatchId, Error, Result};
use serde::{Deserialize, Serialize};
use trail::{Actor, App, permit::Import};

use crate::{capture::batch, identity::staff, records::Fields};
pub use jobs::{handlers, start, undo_later};
pub use mapping::{Mapping, OWNER, SKIP};
use mapping::{order_word, plan, suggest};
pub use remember::{Remembered, remembered};
pub use source::Source;
use source::Table;
pub use undo::{Kept, Undone, undo};

/// How many rows are looked at to suggest a mapping.
const SAMPLE: usize = 200;
/// How many refused rows a report names.
const TOLD: usize = 10_000;
/// How many first values of a column are shown.
const SHOWN: usize = 5;

/// What rows may do.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mode {
    /// Make records only.
    Create,
    /// Change records only.
    Update,
    /// Change the record that matches, make one where none does.
    #[default]
    Both,
}

/// The fields that tell one record of a kind from another and are found by their whole value, the surest first: an e-mail address, a telephone
/// number, the number another system gave it, then whatever else is found so.
pub fn match_fields(kind: &Kind) -> Vec<&Field> {
    const FIRST: [&str; 3] = [person::EMAIL, person::PHONE, person::EXTERNAL_ID];
    let by_contact = |field: &Field| matches!(field.kind, FieldType::Email | FieldType::Phone) && field.index != Index::None;
    // A country is found by its whole too, and says nothing about who it is.
    let tells = |field: &&Field| field.key != person::COUNTRY && (field.index == Index::Exact || by_contact(field));
    let mut all: Vec<&Field> = kind.writable().filter(tells).collect();
    all.sort_by_key(|field| FIRST.iter().position(|key| *key == field.key).unwrap_or(FIRST.len()));
    all
}

/// How to import.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// The key of the field by which a row and a record are recognised as the same, one of [`match_fields`]; `None` makes a record of every row.
    pub match_by: Option<String>,
    /// What rows may do.
    pub mode: Mode,
    /// Read and match everything, write nothing. (A row that matches an earlier one of another unit counts as updated in mode `both`.)
    pub dry_run: bool,
    /// Look at no more rows than these: for a dry run of a large file.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<usize>,
}

/// One column of a file.
#[derive(Clone, Serialize)]
pub struct Column {
    /// Its name.
    pub name: String,
    /// Its first values.
    pub values: Vec<String>,
    /// What it seems to go into, as [`Mapping::columns`] has it.
    pub target: String,
    /// How sure that is, in per cent.
    pub confidence: u8,
    /// For a column of dates: `dmy`, `mdy` or `ymd`.
    pub dates: Option<&'static str>,
    /// False when the dates can be read in another order as well: then a person chooses.
    pub dates_certain: bool,
}

/// What a file holds, before anything is imported. It shows the caller's own file.
#[derive(Clone, Serialize)]
pub struct Prepared {
    /// `csv`, `xlsx` or `vcard`.
    pub format: &'static str,
    /// The encoding found.
    pub encoding: &'static str,
    /// The delimiter found; none but for CSV.
    pub delimiter: Option<char>,
    /// How many rows there are.
    pub rows: u64,
    /// How many of them cannot be read at all.
    pub broken: u64,
    /// The columns, in order.
    pub columns: Vec<Column>,
    /// The suggested mapping.
    pub mapping: Mapping,
    /// What a person should look at, as `column: code` (`dates_uncertain`) or `row 7: code`; at most 50.
    pub problems: Vec<String>,
}

/// Why a row was not imported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Failure {
    /// The row's number as a spreadsheet shows it; of a vCard file the card's.
    pub row: u64,
    /// Stable words: `email:not_an_email`, `name:required`, `person:not_found`, `person:ambiguous`, `ambiguous`, `no_match`, `suppressed`,
    /// `restricted`, `out_of_scope`, `empty`, or how the row is broken (`broken_quoting`, `too_many_columns`, …).
    pub reason: String,
}

/// What came of a run. `rows` = `created` + `updated` + `duplicate` + `failed`.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Report {
    /// The run; none when it was dry.
    pub batch: Option<BatchId>,
    /// Rows looked at.
    pub rows: usize,
    /// Records made.
    pub created: usize,
    /// Records changed.
    pub updated: usize,
    /// Rows that were there already.
    pub duplicate: usize,
    /// How many rows were not accepted.
    pub failures: usize,
    /// The first of them, at most 10,000: the run keeps every row's reason.
    pub failed: Vec<Failure>,
}

impl Report {
    /// Whether every row is accounted for.
    pub fn reconciles(&self) -> bool {
        self.rows == self.created + self.updated + self.duplicate + self.failures
    }

    fn refuse(&mut self, failure: Failure) {
        self.failures += 1;
        if self.failed.len() < TOLD {
            self.failed.push(failure);
        }
    }
}

/// Looks at a file: its form, its columns with their first values, a suggested mapping, what a person should look at. Nothing is stored.
/// Blocks while it reads the file once.
///
/// Errors: not_found; malformed or too_large with words for who chose the file.
pub fn prepare(catalogue: &Catalogue, kind: &Kind, source: &Source) -> Result<Prepared> {
    let mut table = Table::open(source)?;
    let header = table.header.clone();
    let (samples, mut problems, mut broken, mut rows) = sample(&mut table, header.len());
    for row in &mut table {
        rows += 1;
        broken += u64::from(row.cells.is_err());
    }
    let mut columns = Vec::with_capacity(header.len());
    let mut mapping = Mapping::default();
    for ((name, values), (target, confidence)) in header.iter().zip(&samples).zip(suggest(catalogue, kind, &header, &samples)) {
        let is_date = kind.field(&target).is_some_and(|f| matches!(f.kind, FieldType::Date | FieldType::Datetime));
        // Told of every column of dates, for a person may map what was not suggested.
        let order = parse::date::date_order(values);
        if let Some(found) = order.filter(|_| is_date) {
            mapping.dates.insert(name.clone(), order_word(found.order).to_owned());
            if !found.certain {
                problems.push(format!("{name}: dates_uncertain"));
            }
        }
        mapping.columns.insert(name.clone(), target.clone());
        let values = values.iter().filter(|v| !v.trim().is_empty()).take(SHOWN).cloned().collect();
        let dates_certain = order.is_none_or(|found| found.certain);
        columns.push(Column { name: name.clone(), values, target, confidence, dates: order.map(|f| order_word(f.order)), dates_certain });
    }
    problems.truncate(50);
    Ok(Prepared { format: table.format, encoding: table.encoding, delimiter: table.delimiter, rows, broken, columns, mapping, problems })
}

/// The first rows by column, with what was wrong among them.
fn sample(table: &mut Table, width: usize) -> (Vec<Vec<String>>, Vec<String>, u64, u64) {
    let mut samples = vec![Vec::new(); width];
    let (mut problems, mut broken, mut rows) = (Vec::new(), 0, 0);
    for row in table.by_ref().take(SAMPLE) {
        rows += 1;
        match row.cells {
            Ok(cells) => samples.iter_mut().zip(cells).for_each(|(column, cell)| column.push(cell)),
            Err(code) => {
                broken += 1;
                problems.push(format!("row {}: {code}", row.number));
            }
        }
    }
    (samples, problems, broken, rows)
}

/// Imports a file. `progress` is told after each unit what was done so far. Without a mapping the suggested one is taken.
///
/// Events: `import.started`, `record.imported` per unit of at most 200 rows, `import.finished` (`import.rehearsed` for a dry run).
/// Errors: forbidden; invalid_input when mapping or options do not fit; those of [`prepare`] and of the stores. What was imported before
/// an error stays, and the same run goes on there.
pub async fn run(
    app: &App,
    actor: &Actor,
    kind: &str,
    source: &Source,
    mapping: Option<Mapping>,
    options: Options,
    progress: impl Fn(&Report) + Send + Sync,
) -> Result<Report> {
    let kind = checked(app, actor, kind, &options)?;
    let (plan, mapping) = planned(app, actor, Arc::clone(&kind), source.clone(), mapping).await?;
    let batch = if options.dry_run {
        None
    } else {
        let details = batch::Details { file: Some(source.name()), settings: settings(&mapping, &options)?, ..batch::Details::default() };
        Some(batch::open(app, actor, "import", &kind.key, details).await?)
    };
    write::go_on(app, actor, write::Run { kind, plan, options, batch }, source.clone(), progress).await
}

/// The first rows of a file as a mapping reads them: their numbers and the fields they would give a new record. What does not read is left out.
///
/// Errors: forbidden; invalid_input when the mapping does not fit; those of [`prepare`].
pub async fn first_rows(
    app: &App,
    actor: &Actor,
    kind: &str,
    source: &Source,
    mapping: Mapping,
    most: usize,
) -> Result<Vec<(u64, Fields)>> {
    let kind = checked(app, actor, kind, &Options::default())?;
    let (plan, _) = planned(app, actor, Arc::clone(&kind), source.clone(), Some(mapping)).await?;
    let source = source.clone();
    let work = move || {
        let mut rows = Vec::new();
        for row in Table::open(&source)?.take(most) {
            let Ok(cells) = row.cells else { continue };
            if let Ok(draft) = row::read(&kind, &plan, &cells) {
                rows.push((row.number, ready::fields_of(&plan, &draft)));
            }
        }
        Ok(rows)
    };
    tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
}

/// The kind, when the actor may import it and the options fit it.
fn checked(app: &App, actor: &Actor, kind: &str, options: &Options) -> Result<Arc<Kind>> {
    let kind = app.catalogue().need(kind)?;
    actor.permit::<Import>()?.need(&kind)?;
    let known = || match_fields(&kind).iter().map(|field| field.key.as_str()).collect::<Vec<_>>().join(", ");
    match &options.match_by {
        _ if options.first.is_some() && !options.dry_run => {
            Err(Error::invalid("/first", "not_allowed", "Only a dry run may look at the first rows alone."))
        }
        None if options.mode == Mode::Update => {
            Err(Error::invalid("/match", "required", format!("To change records, say by what rows are matched: {}.", known())))
        }
        Some(by) if !match_fields(&kind).iter().any(|field| field.key == *by) => {
            Err(Error::invalid("/match", "unknown_field", format!("{} are not matched by that. Choose one of: {}.", kind.plural, known())))
        }
        _ => Ok(kind),
    }
}

fn settings(mapping: &Mapping, options: &Options) -> Result<serde_json::Value> {
    serde_json::to_value((mapping, options)).map_err(Error::internal)
}

/// The mapping made ready for a file, and the mapping itself.
async fn planned(app: &App, actor: &Actor, kind: Arc<Kind>, source: Source, mapping: Option<Mapping>) -> Result<(mapping::Plan, Mapping)> {
    let catalogue = app.catalogue();
    let work = move || {
        let mut table = Table::open(&source)?;
        let header = table.header.clone();
        let (samples, ..) = sample(&mut table, header.len());
        let mapping = mapping.unwrap_or_else(|| Mapping {
            columns: header
                .iter()
                .cloned()
                .zip(suggest(&catalogue, &kind, &header, &samples).into_iter().map(|(target, _)| target))
                .collect(),
            ..Mapping::default()
        });
        plan(&catalogue, &kind, &header, &mapping, &samples).map(|plan| (plan, mapping))
    };
    let (mut plan, mapping) = tokio::task::spawn_blocking(work).await.map_err(Error::internal)??;
    if plan.names_owners() {
        plan.colleagues = Arc::new(app.read(actor, staff::by_word).await?);
    }
    Ok((plan, mapping))
}

/// The values that two records may be recognised by, in one form.
fn match_forms(kind: &Kind, by: &str, fields: &Fields) -> Vec<String> {
    let Some(field) = kind.field(by) else { return Vec::new() };
    let region = row::region(fields);
    let values = fields.get(&field.key).map(Value::each).unwrap_or_default();
    values.iter().map(|value| crate::records::index::exact_form(field, &value.display(), region)).collect()
}
