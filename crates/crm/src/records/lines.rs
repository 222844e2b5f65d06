//! Lines of deals and orders: what each comes to, and what follows from it for what they stand on.
//!
//! A line stands on one deal or one order, and is owned, seen, held, kept and destroyed as that is. Everything is counted in whole minor units:
//!
//! - net = quantity × price × (100 % − discount), tax = net × tax %, each rounded half up (a half goes away from nothing) once a line;
//!   gross = net + tax. Sums add what the lines came to: nothing is rounded twice.
//! - All lines of one deal or order are in one currency.
//! - Where it follows its lines, a deal's amount is their net and an order's total their gross sum, and nobody writes it by hand. What has
//!   no amount of its own follows from its first line on.

use std::collections::BTreeSet;

use catalogue::{Kind, Value, deal, line, order, product};
use kernel::{Code, Error, Problem, RecordId, Result};
use trail::{
    Actor, Event, Permit, Release, Unit,
    permit::{Import, ReadRecords, WriteRecords},
};

use super::{
    Cell, Detail, Fields, Record, RecordPatch, Shown, State, StoredRecord, amend, in_scope, in_use, merged_into, row, shown, sql,
    write::{refused, refused_links, replace},
};

/// The most lines that one deal or order has.
pub const LINES_MAX: usize = 200;
/// Millionths: how numbers are kept.
const MICRO: i128 = 1_000_000;
/// A whole in millionths of a percent.
const WHOLE: i64 = 100_000_000;
/// The largest quantity, in millionths.
const QUANTITY_MAX: i64 = 1_000_000_000_000_000;
/// The largest amount of a line, in minor units: two hundred of them have a sum.
const AMOUNT_MAX: i64 = 10_000_000_000_000;

/// What a line comes to, in minor units.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Worth {
    /// Without tax.
    pub net: i64,
    /// The tax.
    pub tax: i64,
    /// Both.
    pub gross: i64,
}

impl Worth {
    /// What a quantity (millionths) comes to at a price (minor units), with discount and tax in millionths of a percent. `None` where
    /// something is out of its bounds.
    pub fn of(quantity: i64, price: i64, discount: i64, tax: i64) -> Option<Self> {
        let within = |n: i64, most: i64| (-most..=most).contains(&n);
        let rates = [discount, tax].iter().all(|rate| (0..=WHOLE).contains(rate));
        if !rates || !within(quantity, QUANTITY_MAX) || !within(price, AMOUNT_MAX) {
            return None;
        }
        let whole = i128::from(WHOLE);
        let net = half_up(i128::from(quantity) * i128::from(price) * i128::from(WHOLE - discount), MICRO * whole);
        let tax = half_up(net * i128::from(tax), whole);
        let (net, tax) = (i64::try_from(net).ok()?, i64::try_from(tax).ok()?);
        within(net, AMOUNT_MAX).then_some(Self { net, tax, gross: net + tax })
    }

    /// Adds another's.
    pub fn add(&mut self, other: Self) {
        self.net = self.net.saturating_add(other.net);
        self.tax = self.tax.saturating_add(other.tax);
        self.gross = self.gross.saturating_add(other.gross);
    }
}

/// A quotient, rounded to the nearest whole number; half of one goes away from nothing.
fn half_up(n: i128, by: i128) -> i128 {
    let up = (n.abs() * 2 + by) / (by * 2);
    if n < 0 { -up } else { up }
}

/// The field of a kind that can follow its lines; `None` for a kind that has no lines.
pub fn followed_by(kind: &Kind) -> Option<&'static str> {
    match kind.key.as_str() {
        deal::KIND => Some(deal::AMOUNT),
        order::KIND => Some(order::TOTAL),
        _ => None,
    }
}

/// What a line stands on.
pub fn base_of(row: &StoredRecord) -> Option<RecordId> {
    if row.kind.key != line::KIND {
        return None;
    }
    [line::ORDER, line::DEAL].into_iter().find_map(|role| link(&row.open, role))
}

/// The lines that stand on these records, as pairs of what they stand on and the line; those that were destroyed are left out.
pub fn lines_of(unit: &mut Unit, ids: &[RecordId]) -> Result<Vec<(RecordId, RecordId)>> {
    unit.all_in(sql::LINES_64, ids, &[], |row| Ok((row.get(0)?, row.get(1)?)))
}

/// The lines of one record, their currency and sums, as far as a permit lets them be seen.
#[derive(Clone, Debug)]
pub struct Lines {
    /// In their order, without those that were taken off.
    pub rows: Vec<Shown>,
    /// ISO 4217; `None` without lines, and where the reader may not see amounts.
    pub currency: Option<String>,
    /// What they come to together.
    pub sum: Worth,
    /// Whether the record's amount follows them.
    pub followed: bool,
}

/// The lines of a deal or an order in their order, with their sums. Event `record.read`.
///
/// Errors: not_found when the record is not in the permit's scope, or is of a kind without lines.
pub fn lines(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId, detail: Detail) -> Result<Release<Lines>> {
    let base = in_use(unit, permit, id)?;
    if followed_by(&base.kind).is_none() {
        return Err(Error::not_found("record with lines"));
    }
    let mut rows = standing(unit, id)?;
    rows.retain(|row| in_scope(permit, row));
    let mut all = Lines { rows: Vec::with_capacity(rows.len()), currency: None, sum: Worth::default(), followed: follows(&base.open) };
    for record in row::open_all(unit, rows)? {
        let line = shown(permit, &record, detail);
        if let (Some(Cell::Shown(_)), Some((currency, worth))) = (line.cell(line::NET), worth_in(&record.row.open)) {
            all.currency = Some(currency);
            all.sum.add(worth);
        }
        all.rows.push(line);
    }
    all.rows.sort_by_key(|shown| (position(shown), shown.id));
    let fields: BTreeSet<String> = all.rows.iter().flat_map(|shown| shown.disclosed().map(str::to_owned)).collect();
    let event = Event::new("record.read").fields(fields).records(all.rows.iter().map(|shown| (shown.id, shown.version)));
    unit.release(event, all)
}

fn position(shown: &Shown) -> i64 {
    match shown.cell(line::POSITION) {
        Some(Cell::Shown(Value::Number(n))) => *n,
        _ => i64::MAX,
    }
}

/// Moves a line one place up or down among those it stands with. Event `record.updated`, where there is a place to move to.
///
/// Errors: not_found; those of [`super::update`].
pub fn shift(unit: &mut Unit, permit: &Permit<WriteRecords>, id: RecordId, up: bool) -> Result<()> {
    let row = in_use(unit, permit, id)?;
    let base = base_of(&row).ok_or_else(|| Error::not_found("line"))?;
    let mut all = standing(unit, base)?;
    let place = |row: &StoredRecord| if let Some(Value::Number(n)) = row.open.get(line::POSITION) { *n } else { i64::MAX };
    all.sort_by_key(|row| (place(row), row.id));
    let at = all.iter().position(|row| row.id == id);
    let to = at.and_then(|at| if up { at.checked_sub(1) } else { Some(at + 1).filter(|to| *to < all.len()) });
    let (Some(at), Some(to)) = (at, to) else { return Ok(()) };
    all.swap(at, to);
    let touched = [at.min(to), at.max(to)].map(|n| (all[n].id, all[n].version));
    unit.witness(Event::new("record.updated").word("moved", if up { "up" } else { "down" }).fields([line::POSITION]).records(touched))?;
    for (n, row) in (1_i64..).zip(&all) {
        if place(row) != n * 1_000_000 {
            let fields = [(line::POSITION.to_owned(), Some(Value::Number(n * 1_000_000)))].into();
            amend(unit, row.id, None, RecordPatch { fields, owner: None })?;
        }
    }
    Ok(())
}

/// The rows of the lines of one record that count.
fn standing(unit: &mut Unit, id: RecordId) -> Result<Vec<StoredRecord>> {
    let ids: Vec<RecordId> = lines_of(unit, &[id])?.into_iter().map(|(_, line)| line).collect();
    let mut rows = row::find_many(unit, &ids)?;
    rows.retain(|row| row.open.get(line::REMOVED) != Some(&Value::Bool(true)));
    Ok(rows)
}

fn follows(open: &Fields) -> bool {
    open.get(deal::BY_LINES) == Some(&Value::Bool(true))
}

fn worth_in(open: &Fields) -> Option<(String, Worth)> {
    let minor = |key: &str| if let Some(Value::Money { minor, .. }) = open.get(key) { Some(*minor) } else { None };
    let Some(Value::Money { currency, .. }) = open.get(line::NET) else { return None };
    Some((currency.clone(), Worth { net: minor(line::NET)?, tax: minor(line::TAX_AMOUNT)?, gross: minor(line::GROSS)? }))
}

fn link(fields: &Fields, role: &str) -> Option<RecordId> {
    if let Some(Value::Link(id)) = fields.get(role) { Some(*id) } else { None }
}

fn wrong(at: &str, code: &'static str, detail: impl Into<String>) -> Error {
    refused(vec![Problem { pointer: format!("/{at}"), code, detail: detail.into() }])
}

/// What a line is about to stand on, locked, and what stands there already.
#[derive(Clone)]
pub(super) struct Base {
    pub row: StoredRecord,
    currency: Option<String>,
    lines: usize,
    last: i64,
}

impl Base {
    /// The deal or order that these fields name, but for one of its lines.
    pub fn of(unit: &mut Unit, fields: &Fields, but: Option<RecordId>) -> Result<Self> {
        let (role, id) = named(fields)?;
        let row = row::lock(unit, id)?.filter(|row| row.kind.key == role && row.state.is_readable() && may(unit.actor(), row));
        let row = row.ok_or_else(|| refused_links(&[role]))?;
        if row.state == State::Restricted {
            return Err(Error::new(
                Code::Restricted,
                "What this line stands on is restricted: it is kept for legal reasons and cannot be changed.",
            ));
        }
        if let Some(into) = row.facts.merged {
            return Err(merged_into(into));
        }
        let mut base = Self { row, currency: None, lines: 0, last: 0 };
        for line in standing(unit, id)?.iter().filter(|line| but != Some(line.id)) {
            base.take(&line.open);
        }
        Ok(base)
    }

    /// One more line stands on it.
    pub fn take(&mut self, open: &Fields) {
        self.lines += 1;
        if let Some((currency, _)) = worth_in(open) {
            self.currency = Some(currency);
        }
        if let Some(Value::Number(n)) = open.get(line::POSITION) {
            self.last = self.last.max(*n);
        }
    }
}

/// The one record that a line's fields say it stands on. Error: invalid_input.
pub(super) fn named(fields: &Fields) -> Result<(&'static str, RecordId)> {
    match (link(fields, line::ORDER), link(fields, line::DEAL)) {
        (Some(id), None) => Ok((line::ORDER, id)),
        (None, Some(id)) => Ok((line::DEAL, id)),
        (Some(_), Some(_)) => Err(wrong(line::DEAL, "one_of", "A line stands on a deal or on an order, not on both.")),
        (None, None) => Err(wrong(line::ORDER, "required", "Say on which order or on which deal the line stands.")),
    }
}

/// Whether somebody may change what a line stands on: whoever may not has no line on it either.
fn may(actor: &Actor, row: &StoredRecord) -> bool {
    let writes = actor.permit::<WriteRecords>().is_ok_and(|permit| in_scope(&permit, row));
    writes || actor.permit::<Import>().is_ok_and(|permit| in_scope(&permit, row))
}

/// Completes a line: what it does not say is its product's, then what it comes to. `taken_off` where it counts no more.
///
/// Error: invalid_input naming the field.
pub(super) fn complete(unit: &mut Unit, base: &Base, fields: &mut Fields) -> Result<()> {
    if let Some(id) = link(fields, line::PRODUCT) {
        from_product(unit, id, fields)?;
    }
    fields.entry(line::QUANTITY.to_owned()).or_insert(Value::Number(1_000_000));
    fields.entry(line::POSITION.to_owned()).or_insert(Value::Number(base.last / 1_000_000 * 1_000_000 + 1_000_000));
    if !fields.contains_key(line::TEXT) && !fields.contains_key(line::PRODUCT) {
        return Err(wrong(line::TEXT, "required", "Say what is sold: choose a product, or describe it."));
    }
    let Some(Value::Money { minor: price, currency }) = fields.get(line::PRICE).cloned() else {
        return Err(wrong(line::PRICE, "required", "Write the price of one unit; the product has none to take over."));
    };
    let rate = |key: &str| if let Some(Value::Number(n)) = fields.get(key) { *n } else { 0 };
    for (key, what) in [(line::DISCOUNT, "discount"), (line::TAX, "tax")] {
        if !(0..=WHOLE).contains(&rate(key)) {
            return Err(wrong(key, "out_of_range", format!("Write the {what} in percent, 0 to 100.")));
        }
    }
    let worth = Worth::of(rate(line::QUANTITY), price, rate(line::DISCOUNT), rate(line::TAX)).ok_or_else(|| {
        wrong(line::QUANTITY, "out_of_range", "A line has at most a thousand million units and comes to at most 100,000,000,000.00.")
    })?;
    if fields.get(line::REMOVED) != Some(&Value::Bool(true)) {
        if let Some(other) = base.currency.as_ref().filter(|other| **other != currency) {
            let words =
                format!("The other lines are in {other}. All lines of one {} are in one currency.", base.row.kind.label.to_lowercase());
            return Err(wrong(line::PRICE, "mixed_currencies", words));
        }
        if base.lines >= LINES_MAX {
            return Err(wrong(line::POSITION, "too_many", format!("There are {LINES_MAX} lines already, which is the most.")));
        }
    }
    for (key, minor) in [(line::NET, worth.net), (line::TAX_AMOUNT, worth.tax), (line::GROSS, worth.gross)] {
        fields.insert(key.to_owned(), Value::Money { minor, currency: currency.clone() });
    }
    Ok(())
}

/// What a line does not say itself is taken over from its product: its name, price, tax and unit as they are today.
fn from_product(unit: &mut Unit, id: RecordId, fields: &mut Fields) -> Result<()> {
    const TAKEN: [(&str, &str); 4] =
        [(line::TEXT, product::NAME), (line::PRICE, product::PRICE), (line::TAX, product::TAX), (line::UNIT, product::UNIT)];
    if TAKEN.iter().all(|(key, _)| fields.contains_key(*key)) {
        return Ok(());
    }
    let row = row::find(unit, id)?.filter(|row| row.kind.key == product::KIND && sees(unit.actor(), row));
    let found = match row {
        Some(row) => row::open(unit, row)?,
        None => None,
    };
    let found = found.ok_or_else(|| refused_links(&[line::PRODUCT]))?;
    for (key, from) in TAKEN {
        if let (false, Some(value)) = (fields.contains_key(key), found.get(from)) {
            fields.insert(key.to_owned(), value.clone());
        }
    }
    Ok(())
}

fn sees(actor: &Actor, row: &StoredRecord) -> bool {
    let reads = actor.permit::<ReadRecords>().is_ok_and(|permit| in_scope(&permit, row));
    reads || may(actor, row)
}

/// Settles a line that is changed: what it comes to, on what it stands now. Answers what has to follow: what it stood on, and what it stands on.
pub(super) fn changed(unit: &mut Unit, record: &Record, fields: &mut Fields) -> Result<Vec<RecordId>> {
    let now = Base::of(unit, fields, Some(record.row.id))?;
    let other_product = record.get(line::PRODUCT) != fields.get(line::PRODUCT) && fields.contains_key(line::PRODUCT);
    for key in [line::TEXT, line::PRICE, line::TAX, line::UNIT] {
        // Another product brings its own, but for what is written together with it.
        if other_product && record.get(key) == fields.get(key) {
            fields.remove(key);
        }
    }
    complete(unit, &now, fields)?;
    let before = base_of(&record.row).filter(|before| *before != now.row.id);
    Ok(before.into_iter().chain([now.row.id]).collect())
}

/// Settles a deal or an order that is changed: where it follows its lines, its amount is theirs.
///
/// Error: invalid_input at the amount for another one that was written by hand.
pub(super) fn followed(unit: &mut Unit, record: Option<&Record>, kind: &Kind, open: &mut Fields) -> Result<()> {
    let Some(amount) = followed_by(kind).filter(|_| follows(open)) else { return Ok(()) };
    let sum = match record {
        Some(record) => sum_of(unit, kind, record.row.id)?,
        None => None,
    };
    let written = open.get(amount);
    if written.is_some() && written != sum.as_ref() && record.is_none_or(|record| record.row.open.get(amount) != written) {
        let words = "It follows the lines and is not written by hand. Change a line, or let it follow no more.";
        return Err(wrong(amount, "follows_lines", words));
    }
    match sum {
        Some(sum) => drop(open.insert(amount.to_owned(), sum)),
        None => drop(open.remove(amount)),
    }
    Ok(())
}

/// What the lines of a record come to as the amount that follows them; `None` without lines.
fn sum_of(unit: &mut Unit, kind: &Kind, id: RecordId) -> Result<Option<Value>> {
    let (mut currency, mut sum) = (None, Worth::default());
    for (of, worth) in standing(unit, id)?.iter().filter_map(|row| worth_in(&row.open)) {
        currency = Some(of);
        sum.add(worth);
    }
    let minor = if kind.key == deal::KIND { sum.net } else { sum.gross };
    Ok(currency.map(|currency| Value::Money { minor, currency }))
}

/// Lets deals and orders follow their lines, in a unit that has witnessed its event and wrote them. What has no amount follows from now on.
pub(crate) fn follow(unit: &mut Unit, ids: impl IntoIterator<Item = RecordId>) -> Result<()> {
    for id in BTreeSet::from_iter(ids) {
        let Some(row) = row::lock(unit, id)?.filter(|row| row.state == State::Live && row.facts.merged.is_none()) else { continue };
        let Some(amount) = followed_by(&row.kind) else { continue };
        let begins = !row.open.contains_key(deal::BY_LINES) && !row.open.contains_key(amount);
        if !begins && !follows(&row.open) {
            continue;
        }
        let Some(record) = row::open(unit, row)? else { continue };
        let mut fields = record.fields();
        match sum_of(unit, &record.row.kind, id)? {
            Some(sum) => {
                fields.insert(amount.to_owned(), sum);
                fields.insert(deal::BY_LINES.to_owned(), Value::Bool(true));
            }
            None => drop(fields.remove(amount)),
        }
        if fields != record.fields() {
            let (owner, facts) = (record.row.owner, record.row.facts.clone());
            // The line is written: what fails now fails the whole unit and is no refusal of one row.
            replace(unit, &record, fields, owner, &facts).map_err(Error::internal)?;
        }
    }
    Ok(())
}

/// Gives the lines of a record to whoever owns it now: they are seen by whom it is.
pub(super) fn hand_over(unit: &mut Unit, id: RecordId, owner: Option<kernel::UserId>) -> Result<()> {
    let ids: Vec<RecordId> = lines_of(unit, &[id])?.into_iter().map(|(_, line)| line).collect();
    let rows = row::find_many(unit, &ids)?.into_iter().filter(|row| row.owner != owner).collect();
    for record in row::open_all(unit, rows)? {
        let (fields, facts) = (record.fields(), record.row.facts.clone());
        replace(unit, &record, fields, owner, &facts).map_err(Error::internal)?;
    }
    Ok(())
}
