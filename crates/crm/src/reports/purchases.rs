//! What a customer bought: the orders linked to a person, or to a company and the people who work there. Worked out of open fields along
//! the index of links; only the latest orders are named.

use catalogue::{Class, Kind, Purposes, company, order, person};
use jiff::civil::Date;
use kernel::{Instant, RecordId, Result};
use store::{Row, args};
use trail::{Event, Permit, Release, Scope, Unit, permit::ReadRecords};

use super::{scan::Sight, sql};
use crate::{
    records::{self, Shown, index::token_field},
    views::Sums,
};

/// The orders that are looked at.
const MOST: usize = 50_000;
/// The latest that are named.
pub const LATEST: usize = 5;
/// What was cancelled or came back is no purchase.
const UNDONE: [&str; 2] = ["cancelled", "returned"];

/// What a customer bought.
#[derive(Clone, Debug, Default)]
pub struct Purchases {
    /// How many orders.
    pub orders: usize,
    /// How many were cancelled or came back: they are in no sum.
    pub undone: usize,
    /// What they come to.
    pub total: Sums,
    /// What one comes to on average, by currency: of those that have an amount in it.
    pub average: Sums,
    /// The day of the first.
    pub first: Option<Date>,
    /// The day of the last.
    pub last: Option<Date>,
    /// How many stand without a date.
    pub undated: usize,
    /// Whether the reader may not see amounts: then no sum is in it.
    pub amounts_withheld: bool,
    /// Whether there are more than are looked at.
    pub more: bool,
    /// The latest, as far as they may be seen, the newest first.
    pub latest: Vec<Bought>,
}

/// Currency and minor units.
pub type Amount = (String, i64);

/// One order.
#[derive(Clone, Debug)]
pub struct Bought {
    /// As far as it may be seen.
    pub order: Shown,
    /// Its day.
    pub placed: Option<Date>,
    /// What it comes to.
    pub total: Option<Amount>,
}

/// An order as the index has it.
struct Head {
    id: RecordId,
    class: Class,
    owner: Option<kernel::UserId>,
    team: Option<[u8; 16]>,
    usable: Purposes,
    placed: Option<i64>,
    amount: Option<Amount>,
    status: Option<String>,
}

fn head(row: &Row) -> Result<Head> {
    let amount = match (row.get::<Option<i64>>(6)?, row.get::<Option<String>>(7)?) {
        (Some(minor), Some(currency)) => Some((currency, minor)),
        _ => None,
    };
    Ok(Head {
        id: row.get(0)?,
        class: Class::from_level(row.get(1)?),
        owner: row.get(2)?,
        team: row.get(3)?,
        usable: Purposes::from_bits(row.get(4)?),
        placed: row.get(5)?,
        amount,
        status: row.get(8)?,
    })
}

/// What a person or company bought; `None` for other kinds, for who may not list orders, and where there are none. The event
/// `record.listed` names the customer and the orders that are named.
///
/// Error: not_found for a customer out of the permit's scope.
pub fn purchases(unit: &mut Unit, permit: &Permit<ReadRecords>, id: RecordId) -> Result<Release<Option<Purchases>>> {
    let customer = records::in_use(unit, permit, id)?;
    let orders = unit.app().catalogue().need(order::KIND)?;
    let statement = match customer.kind.key.as_str() {
        person::KIND => sql::BOUGHT_BY_PERSON,
        company::KIND => sql::BOUGHT_BY_COMPANY,
        _ => return unit.plain(None),
    };
    let (Some(scope), Ok(sight)) = (permit.over(&orders.key), Sight::listing(permit, &orders)) else { return unit.plain(None) };
    if !sight.sees(&orders, order::PERSON) {
        return unit.plain(None);
    }
    let facet = |key: &str| token_field(&orders.key, key);
    let most = i64::try_from(MOST + 1).unwrap_or(i64::MAX);
    let args = args![id, facet(order::PLACED), facet(order::TOTAL), facet(order::STATUS), most];
    let heads = unit.all(statement, &args, head)?;
    let more = heads.len() > MOST;
    let seen: Vec<Head> = heads.into_iter().take(MOST).filter(|head| reaches(permit, scope, head)).collect();
    if seen.is_empty() {
        return unit.plain(None);
    }
    let mut found = fold(&seen, &orders, sight);
    found.more = more;
    let latest = latest(&seen, &orders, sight);
    let ids: Vec<RecordId> = latest.iter().map(|head| head.id).collect();
    let named = records::name(unit, permit, &ids)?;
    let beside: Vec<(RecordId, Option<Date>, Option<Amount>)> = latest
        .iter()
        .map(|head| {
            let day = head.placed.filter(|_| sight.sees(&orders, order::PLACED)).map(|at| Instant::from_micros(at).day());
            (head.id, day, head.amount.clone().filter(|_| sight.sees(&orders, order::TOTAL)))
        })
        .collect();
    let event = Event::new("record.summed").word("kind", order::KIND).records([(id, customer.version)]);
    let found = unit.release(event, found)?;
    Ok(found.and(named).map(move |(mut found, shown)| {
        let of = |(id, placed, total)| {
            let order = shown.iter().find(|shown| shown.id == id)?.clone();
            Some(Bought { order, placed, total })
        };
        found.latest = beside.into_iter().filter_map(of).collect();
        Some(found)
    }))
}

/// As [`records::in_scope`], of what the index has.
fn reaches(permit: &Permit<ReadRecords>, scope: Scope, head: &Head) -> bool {
    let own = head.owner.is_some() && head.owner == permit.actor.staff();
    let reach = match scope.reach {
        trail::Reach::All => true,
        trail::Reach::Team => own || (head.team.is_some() && head.team == permit.actor.team),
        trail::Reach::Own => own,
    };
    reach && head.class <= scope.class && head.usable.serve(permit.actor.purpose)
}

fn fold(all: &[Head], kind: &Kind, sight: Sight) -> Purchases {
    let (dates, amounts, states) = (sight.sees(kind, order::PLACED), sight.sees(kind, order::TOTAL), sight.sees(kind, order::STATUS));
    let mut found = Purchases { amounts_withheld: !amounts, ..Purchases::default() };
    let mut counts = std::collections::BTreeMap::<&str, i64>::new();
    for head in all {
        if states && head.status.as_deref().is_some_and(|status| UNDONE.contains(&status)) {
            found.undone += 1;
            continue;
        }
        found.orders += 1;
        if let Some((currency, minor)) = head.amount.as_ref().filter(|_| amounts) {
            found.total.add(currency, *minor);
            *counts.entry(currency).or_default() += 1;
        }
        match head.placed.filter(|_| dates).map(|at| Instant::from_micros(at).day()) {
            Some(day) => {
                found.first = Some(found.first.map_or(day, |first| first.min(day)));
                found.last = Some(found.last.map_or(day, |last| last.max(day)));
            }
            None if dates => found.undated += 1,
            None => {}
        }
    }
    let totals: Vec<(String, i64)> = found.total.each().map(|(currency, minor)| (currency.to_owned(), minor)).collect();
    for (currency, minor) in totals {
        let n = i128::from(counts.get(currency.as_str()).copied().unwrap_or(1));
        found.average.add(&currency, i64::try_from(crate::views::even(i128::from(minor), n)).unwrap_or(minor));
    }
    found
}

fn latest<'h>(all: &'h [Head], kind: &Kind, sight: Sight) -> Vec<&'h Head> {
    let mut latest: Vec<&Head> = all.iter().collect();
    let dates = sight.sees(kind, order::PLACED);
    latest.sort_by_key(|head| std::cmp::Reverse((head.placed.filter(|_| dates), head.id)));
    latest.truncate(LATEST);
    latest
}

/// Whether purchases are asked of records of a kind.
pub fn buys(kind: &Kind) -> bool {
    [person::KIND, company::KIND].contains(&kind.key.as_str())
}
