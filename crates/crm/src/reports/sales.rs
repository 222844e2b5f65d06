//! Sales by product: what was ordered, or won, in a time, by the lines of orders and deals.

use std::collections::BTreeMap;

use catalogue::{Kind, Value, deal, line, order};
use jiff::ToSpan as _;
use kernel::{Instant, RecordId, Result};
use trail::{Actor, App, Unit, permit::ReadRecords};

use super::{
    Period, Run, house, ran,
    scan::{Sight, Span, rows},
    told, too_many,
};
use crate::{
    records::{self, StoredRecord},
    views::Sums,
};

/// The products that a report names; what the others come to stands together.
pub const PRODUCTS: usize = 200;
/// The deals or orders whose lines one unit reads.
const PORTION: usize = 64;

/// Whose lines are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sold {
    /// Those of orders placed in the time that were neither cancelled nor returned.
    Orders,
    /// Those of deals won in the time.
    Deals,
}

impl Sold {
    /// Both.
    pub const ALL: [Self; 2] = [Self::Orders, Self::Deals];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Deals => "deals",
        }
    }

    /// From its stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|sold| sold.as_str() == word)
    }
}

/// What is asked of sales.
#[derive(Clone, Debug)]
pub struct SalesAsk {
    /// When it was sold.
    pub period: Period,
    /// Whose lines.
    pub of: Sold,
}

/// What was sold of one product.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sale {
    /// On how many lines.
    pub lines: usize,
    /// How much of it, in millionths.
    pub quantity: i64,
    /// What it came to without tax.
    pub net: Sums,
}

impl Sale {
    fn add(&mut self, other: &Self) {
        self.lines += other.lines;
        self.quantity = self.quantity.saturating_add(other.quantity);
        self.net.add_all(&other.net);
    }
}

/// Sales by product.
#[derive(Clone, Debug, Default)]
pub struct Sales {
    /// By product, what came to most first; lines without a product under `None`.
    pub products: Vec<(Option<RecordId>, Sale)>,
    /// What the others came to.
    pub others: Sale,
    /// How many others there are.
    pub more: usize,
    /// All of it.
    pub total: Sale,
    /// How many orders or deals it stands on.
    pub sold: usize,
    /// The products by name, as far as the reader sees them.
    pub named: Vec<records::Shown>,
}

/// Works out sales by product. Event `report.run`.
///
/// Errors: forbidden; too_large.
pub async fn sales(app: &App, actor: &Actor, ask: &SalesAsk) -> Result<Run<Sales>> {
    let permit = actor.permit::<ReadRecords>()?;
    let lines = app.catalogue().need(line::KIND)?;
    let sight = Sight::listing(&permit, &lines)?;
    let mut run = house(app, actor).await?;
    run.amounts_withheld = !sight.sees(&lines, line::NET);
    let mut left = super::MOST;
    let bases = bases(app, actor, ask, &mut left).await?;
    let found = lines_on(app, actor, &lines, &bases, &mut left).await?;
    let report = fold(found, bases.len(), &run);
    let event = ran("sales", super::MOST - left).word("of", ask.of.as_str());
    let event = event.word("from", ask.period.from.to_string()).word("to", ask.period.to.to_string());
    let named = report.products.iter().filter_map(|(product, _)| *product).collect();
    let (report, named) = told(app, actor, event, report, named).await?;
    Ok(run.of(Sales { named, ..report }))
}

/// The orders or deals that were sold in the time.
async fn bases(app: &App, actor: &Actor, ask: &SalesAsk, left: &mut usize) -> Result<Vec<RecordId>> {
    let permit = actor.permit::<ReadRecords>()?;
    let (kind, day) = match ask.of {
        Sold::Orders => (app.catalogue().need(order::KIND)?, order::PLACED),
        Sold::Deals => (app.catalogue().need(deal::KIND)?, deal::CLOSED),
    };
    let sight = Sight::listing(&permit, &kind)?;
    if !sight.sees(&kind, day) {
        return Ok(Vec::new());
    }
    let end = Instant::start_of(ask.period.to.saturating_add(1.day())).micros();
    let span = Span::Number(day, Instant::start_of(ask.period.from).micros(), end);
    let of = ask.of;
    let counts = move |row: &StoredRecord| match of {
        Sold::Orders => !matches!(row.open.get(order::STATUS).and_then(Value::as_text), Some("cancelled" | "returned")),
        Sold::Deals => {
            let stage = row.open.get(deal::STAGE).and_then(Value::as_text).and_then(|key| row.kind.stage(key));
            stage.is_some_and(|(_, stage)| stage.outcome == catalogue::Outcome::Won)
        }
    };
    rows(app, actor, &kind, span, left, move |row| counts(row).then_some(row.id)).await
}

type Line = (Option<RecordId>, Sale);

/// The lines on these that count and that the permit reaches.
async fn lines_on(app: &App, actor: &Actor, kind: &Kind, bases: &[RecordId], left: &mut usize) -> Result<Vec<Line>> {
    let permit = actor.permit::<ReadRecords>()?;
    let sight = Sight::listing(&permit, kind)?;
    let mut all = Vec::new();
    for some in bases.chunks(PORTION) {
        let (some, permit) = (some.to_vec(), permit.clone());
        let read = move |unit: &mut Unit| {
            let ids: Vec<RecordId> = records::lines_of(unit, &some)?.into_iter().map(|(_, line)| line).collect();
            let rows = records::find_many(unit, &ids)?;
            let found: Vec<Line> = rows.iter().filter(|row| records::in_scope(&permit, row)).filter_map(|row| one(&sight, row)).collect();
            unit.plain((found, ids.len()))
        };
        let (found, looked) = app.read(actor, read).await?;
        *left = left.checked_sub(looked).ok_or_else(too_many)?;
        all.extend(found);
    }
    Ok(all)
}

fn one(sight: &Sight, row: &StoredRecord) -> Option<Line> {
    if row.open.get(line::REMOVED) == Some(&Value::Bool(true)) {
        return None;
    }
    let product = if let Some(Value::Link(id)) = sight.get(row, line::PRODUCT) { Some(*id) } else { None };
    let mut sale = Sale { lines: 1, ..Sale::default() };
    if let Some(Value::Number(n)) = sight.get(row, line::QUANTITY) {
        sale.quantity = *n;
    }
    if let Some(Value::Money { minor, currency }) = sight.get(row, line::NET) {
        sale.net.add(currency, *minor);
    }
    Some((product, sale))
}

fn fold(lines: Vec<Line>, sold: usize, run: &Run<()>) -> Sales {
    let mut by: BTreeMap<Option<RecordId>, Sale> = BTreeMap::new();
    let mut found = Sales { sold, ..Sales::default() };
    for (product, sale) in lines {
        found.total.add(&sale);
        by.entry(product).or_default().add(&sale);
    }
    // Sums that cannot be converted have no order among each other but their figures.
    let weight = |sale: &Sale| match run.rates.convert(&sale.net, run.today) {
        Some(all) => all.minor,
        None => sale.net.each().map(|(_, minor)| minor).fold(0, i64::saturating_add),
    };
    let mut products: Vec<(Option<RecordId>, Sale)> = by.into_iter().collect();
    products.sort_by_key(|(product, sale)| (std::cmp::Reverse((weight(sale), sale.quantity)), *product));
    for (_, sale) in products.iter().skip(PRODUCTS) {
        found.others.add(sale);
        found.more += 1;
    }
    products.truncate(PRODUCTS);
    Sales { products, ..found }
}
