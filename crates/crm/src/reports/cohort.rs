//! Cohorts: customers by the month in which they first bought, and how many of them came back.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Outcome, Value, company, deal, order, person};
use jiff::{ToSpan as _, civil::Date};
use kernel::{RecordId, Result};
use trail::{Actor, App, permit::ReadRecords};

use super::{
    Run, begun, month_of, ran,
    scan::{Sight, Span, rows},
    told,
};
use crate::records::StoredRecord;

/// How many months a cohort report has, both ways.
pub const MONTHS: u8 = 12;

/// Those who first bought in one month.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CohortRow {
    /// The month, by its first day.
    pub month: Date,
    /// How many they are.
    pub customers: usize,
    /// How many of them bought in this month (all), in the next one, and so on, as far as time has come.
    pub bought: Vec<usize>,
}

/// Customers by the month of their first purchase: an order, or a deal won. A customer is a company, or a person where none is named.
#[derive(Clone, Debug, Default)]
pub struct Cohort {
    /// The last months, the oldest first.
    pub rows: Vec<CohortRow>,
    /// Purchases that name nobody the reader may see.
    pub of_nobody: usize,
    /// Whether orders were counted: not where the reader may not list them.
    pub orders: bool,
}

const PLACED: &str = "placed";
const STATUS: &str = "status";
/// What was taken back is no purchase.
const UNDONE: [&str; 2] = ["cancelled", "returned"];

/// Works out cohorts. Event `report.run`.
///
/// Errors: forbidden; too_large.
pub async fn cohort(app: &App, actor: &Actor) -> Result<Run<Cohort>> {
    let begun = begun(app, actor).await?;
    let (sight, zone, mut left) = (begun.sight, begun.zone.clone(), super::MOST);
    let all = |field| Span::Number(field, i64::MIN, i64::MAX);
    let won = move |row: &StoredRecord| {
        let deal = sight.deal(row, &zone).filter(|deal| deal.outcome == Outcome::Won)?;
        Some((deal.customer, deal.closed?))
    };
    let mut bought = rows(app, actor, &begun.kind, all(deal::CLOSED), &mut left, won).await?;
    let permit = actor.permit::<ReadRecords>()?;
    let orders = permit.over(order::KIND).is_some();
    if orders {
        let kind = app.catalogue().need(order::KIND)?;
        let sight = Sight::listing(&permit, &kind)?;
        let placed = move |row: &StoredRecord| {
            let undone = sight.get(row, STATUS).and_then(Value::as_text).is_some_and(|status| UNDONE.contains(&status));
            let day = if let Some(Value::Date(day)) = sight.get(row, PLACED) { *day } else { return None };
            let link = |key: &str| if let Some(Value::Link(to)) = sight.get(row, key) { Some(*to) } else { None };
            (!undone).then(|| (link(company::KIND).or_else(|| link(person::KIND)), day))
        };
        bought.extend(rows(app, actor, &kind, all(PLACED), &mut left, placed).await?);
    }
    let mut report = fold(&bought, begun.run.today);
    report.orders = orders;
    let (report, _) = told(app, actor, ran("cohort", bought.len()), report, Vec::new()).await?;
    Ok(begun.run.of(report))
}

/// What purchases, each with its customer and day, come to.
pub(super) fn fold(bought: &[(Option<RecordId>, Date)], today: Date) -> Cohort {
    let mut months: BTreeMap<RecordId, BTreeSet<Date>> = BTreeMap::new();
    let past = || bought.iter().filter(|(_, day)| *day <= today);
    for (customer, day) in past() {
        if let Some(customer) = customer {
            months.entry(*customer).or_default().insert(month_of(*day));
        }
    }
    let now = month_of(today);
    let row = |n: i64| {
        let month = now.saturating_sub(n.months());
        let ours: Vec<&BTreeSet<Date>> = months.values().filter(|all| all.first() == Some(&month)).collect();
        let in_month = |m: i64| ours.iter().filter(|all| all.contains(&month.saturating_add(m.months()))).count();
        CohortRow { month, customers: ours.len(), bought: (0..=n).map(in_month).collect() }
    };
    Cohort {
        rows: (0..i64::from(MONTHS)).rev().map(row).collect(),
        of_nobody: past().filter(|(customer, _)| customer.is_none()).count(),
        orders: false,
    }
}
