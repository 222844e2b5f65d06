//! A whole list at once, for whoever takes it out as a file.

use catalogue::Class;

use super::*;
use crate::records::Record;

/// Rows that are opened at once.
const PORTION: usize = 500;

/// What a whole list showed, for the event that lets it out.
pub struct Whole {
    /// Every record and version that was shown, links included.
    pub records: Vec<(RecordId, i64)>,
    /// The fields whose values were shown.
    pub fields: BTreeSet<String>,
    /// Which fields were asked about and how, without the words asked for.
    pub asked: String,
}

/// Walks a whole list in its order and hands its rows over, some hundred at a time; where `only` names records, those of it alone. Masked
/// fields stay masked, but those up to a class where one is given. The caller releases what it made of them under an event that names all of [`Whole`].
///
/// Errors: those of [`list`]; too_large beyond `most` records; whatever `take` answers.
pub fn whole(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    query: &ListQuery,
    whole_up_to: Option<Class>,
    only: Option<&BTreeSet<RecordId>>,
    most: usize,
    take: &mut dyn FnMut(&[ListRow]) -> Result<()>,
) -> Result<Whole> {
    let Checked { kind, scope, cond, order } = checked(unit, permit, query)?;
    let (mut records, mut fields, mut place, mut count) = (BTreeMap::new(), BTreeSet::new(), None, 0);
    loop {
        // Each portion may cost what a page may.
        let mut plan = page::Plan::new(unit, &kind, permit, scope, &cond, &order, query.sort.descending, BUCKET);
        let mut walked = walk(unit, &mut plan, place, PORTION)?;
        walked.records.retain(|(record, _)| only.is_none_or(|only| only.contains(&record.row.id)));
        count += walked.records.len();
        if count > most {
            let words = format!("An export has at most {most} records. Filter the list, and export it in parts.");
            return Err(Error::new(kernel::Code::TooLarge, words));
        }
        let mut rows = Vec::with_capacity(walked.records.len());
        for (record, _) in &walked.records {
            let mut shown = unmasked(permit, record, whole_up_to);
            shown.cells.retain(|(key, _)| query.columns.is_empty() || *key == kind.title || query.columns.contains(key));
            fields.extend(shown.disclosed().map(str::to_owned));
            records.insert(shown.id, shown.version);
            rows.push(ListRow { shown, links: BTreeMap::new() });
        }
        records.extend(link(unit, permit, &mut rows, Detail::Masked)?);
        take(&rows)?;
        match walked.more {
            Some(more) => place = Some(more),
            None => break,
        }
    }
    Ok(Whole { records: records.into_iter().collect(), fields, asked: query.filter.as_ref().map(asked).unwrap_or_default() })
}

/// A whole list as records and versions, and what was asked without its words: for a set that is to stay as it is now. The caller releases it
/// under an event of its own.
///
/// Errors: those of [`list`]; too_large beyond `most` records.
pub(crate) fn frozen(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    query: &ListQuery,
    most: usize,
) -> Result<(Vec<(RecordId, i64)>, String)> {
    let Checked { kind, scope, cond, order } = checked(unit, permit, query)?;
    let (mut items, mut place) = (Vec::new(), None);
    loop {
        let mut plan = page::Plan::new(unit, &kind, permit, scope, &cond, &order, query.sort.descending, BUCKET);
        let walked = walk(unit, &mut plan, place, PORTION)?;
        items.extend(walked.records.iter().map(|(record, _)| (record.row.id, record.row.version)));
        if items.len() > most {
            let words = format!("At most {most} records are changed at once. Filter the list, and change it in parts.");
            return Err(Error::new(kernel::Code::TooLarge, words));
        }
        match walked.more {
            Some(more) => place = Some(more),
            None => break,
        }
    }
    items.sort_unstable();
    items.dedup_by_key(|(id, _)| *id);
    Ok((items, query.filter.as_ref().map(asked).unwrap_or_default()))
}

fn unmasked(permit: &Permit<ReadRecords>, record: &Record, up_to: Option<Class>) -> Shown {
    let mut shown = records::shown(permit, record, Detail::Masked);
    let Some(class) = up_to else { return shown };
    let kind = &record.row.kind;
    for (key, cell) in &mut shown.cells {
        let field = kind.field(key).filter(|field| field.class <= class && matches!(cell, Cell::Masked(_)));
        if let (Some(field), Some(value)) = (field, record.get(key)) {
            *cell = records::cell(permit, &record.row, field, value, Detail::Whole);
        }
    }
    if let Some(Cell::Shown(value)) = shown.cell(&kind.title) {
        shown.title = value.display();
    }
    shown
}
