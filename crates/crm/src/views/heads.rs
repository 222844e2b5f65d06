//! Which records come next: their ids in the order of a list, at a cost that the page bounds and not the data.
//!
//! A list is walked along the index of its order, a few hundred heads a look, each probed for the conditions: where many records satisfy
//! them, that fills a page. Where the first look does not, the conditions' own indexes are counted, no further than going on along the order
//! would cost; the shortest gives the records instead. Either way no statement reads more rows than it was told to.

use std::collections::BTreeMap;

use kernel::{RecordId, Result};
use store::{Engine, Value as Arg};
use trail::{Permit, Scope, Unit, permit::ReadRecords};

use super::filter::Cond;
use crate::search::query::{Query, own_rows};

/// The rows of one look, each wider than the one before. Written into the statement, so that PostgreSQL plans for so many and no more.
const LOOKS: [(usize, &str); 4] = [(64, "64"), (256, "256"), (1024, "1024"), (4096, "4096")];
/// The rows that are looked at for one page; what is not found by then is on the next one.
const BUDGET: usize = 20_000;

/// An index that has records in an order.
#[derive(Clone, Copy)]
pub enum Sorted<'a> {
    /// A time of the record: its column.
    Time(&'static str),
    /// An open field: its name among the facets, and whether it is a text.
    Facet(&'a str, bool),
    /// The beginnings of names.
    Name,
}

/// By what records are sorted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Key {
    /// A number or a time.
    Number(i64),
    /// A choice, or the beginning of a name.
    Text(String),
}

impl From<Key> for Arg {
    fn from(key: Key) -> Self {
        match key {
            Key::Number(n) => n.into(),
            Key::Text(text) => text.into(),
        }
    }
}

/// Where a look begins.
#[derive(Clone)]
pub enum Begin {
    /// At the beginning.
    Start,
    /// With this key.
    At(Key),
    /// After this record.
    After(Key, RecordId),
}

/// What was found.
#[derive(Default)]
pub struct Heads {
    /// Records that satisfy the conditions, in order.
    pub found: Vec<(Key, RecordId)>,
    /// The last that was looked at; `None` when nothing comes after.
    pub more: Option<(Key, RecordId)>,
}

/// An index that names the records one condition can hold for: the statement that reads it, and what its `id` is compared with.
pub struct Driver {
    /// `SELECT … AS id FROM …`, to be given its limit.
    pub select: Query,
    /// The column of the record.
    pub column: &'static str,
}

/// What one look found, and where it ended.
type Looked = (Vec<(Key, RecordId)>, Option<(Key, RecordId)>);

#[derive(Clone, Copy, PartialEq, Eq)]
enum Way {
    Undecided,
    Along,
    From(usize),
}

/// The conditions of a list, and how its records are found.
pub struct Walk<'a> {
    kind: &'a str,
    permit: &'a Permit<ReadRecords>,
    scope: Scope,
    conjuncts: Vec<&'a Cond>,
    descending: bool,
    engine: Engine,
    way: Way,
    left: usize,
}

impl Sorted<'_> {
    /// The columns of its key and its record.
    const fn columns(self) -> (&'static str, &'static str) {
        match self {
            Self::Time(column) => (column, "x.id"),
            Self::Facet(_, true) => ("x.t", "x.record"),
            Self::Facet(_, false) => ("x.n", "x.record"),
            Self::Name => ("x.prefix", "x.record"),
        }
    }

    const fn is_text(self) -> bool {
        matches!(self, Self::Name | Self::Facet(_, true))
    }

    /// Its table and which of its rows.
    fn rows(self, kind: &str, q: &mut Query) {
        match self {
            Self::Time(_) => q.add("record x WHERE x.kind = ").bind(kind),
            Self::Facet(name, _) => {
                q.add("record_facet x WHERE x.field = ").bind(name).add(" AND ").add(self.columns().0).add(" IS NOT NULL")
            }
            Self::Name => q.add("name_sort x WHERE x.kind = ").bind(kind),
        };
    }
}

impl<'a> Walk<'a> {
    /// A walk over one kind's records.
    pub fn new(
        unit: &mut Unit,
        kind: &'a str,
        permit: &'a Permit<ReadRecords>,
        scope: Scope,
        conjuncts: Vec<&'a Cond>,
        descending: bool,
    ) -> Self {
        Self { kind, permit, scope, conjuncts, descending, engine: unit.dialect().engine(), way: Way::Undecided, left: BUDGET }
    }

    /// Whether as much was looked at as one page may cost.
    pub const fn is_spent(&self) -> bool {
        self.left == 0
    }

    /// The next records in order, at most `most`, and fewer where looking for them costs too much; `without`: only those that lack this facet.
    pub fn heads(&mut self, unit: &mut Unit, sorted: Sorted, from: Begin, most: usize, without: Option<&str>) -> Result<Heads> {
        if let Way::From(driver) = self.way {
            return self.driven(unit, driver, sorted, &from, most, without);
        }
        let (start, mut heads) = (from.clone(), Heads::default());
        let mut from = from;
        // A quarter of them may satisfy the conditions before a second look is needed; where there are none, nearly all will.
        let wanted = if self.conjuncts.is_empty() && without.is_none() { most + 8 } else { most * 4 };
        let mut look = LOOKS.iter().position(|(rows, _)| *rows >= wanted).unwrap_or(LOOKS.len() - 1);
        loop {
            let rows = LOOKS[look].0;
            let (mut found, end) = self.look(unit, sorted, &from, look, without, most - heads.found.len())?;
            self.left = self.left.saturating_sub(rows);
            heads.found.append(&mut found);
            heads.more = end;
            if heads.found.len() >= most {
                heads.found.truncate(most);
                heads.more = heads.found.last().cloned();
                return Ok(heads);
            }
            let Some((key, id)) = heads.more.clone() else { return Ok(heads) };
            if self.way == Way::Undecided {
                let still = (most - heads.found.len()) * rows / heads.found.len().max(1);
                self.decide(unit, still.min(BUDGET))?;
                if let Way::From(driver) = self.way {
                    return self.driven(unit, driver, sorted, &start, most, without);
                }
            }
            if self.is_spent() {
                return Ok(heads);
            }
            from = Begin::After(key, id);
            look = (look + 1).min(LOOKS.len() - 1);
        }
    }

    /// The next records that lack a facet, the last changed first.
    pub fn rest(&mut self, unit: &mut Unit, name: &str, from: Begin, most: usize) -> Result<Heads> {
        let ahead = std::mem::replace(&mut self.descending, true);
        let heads = self.heads(unit, Sorted::Time("x.updated"), from, most, Some(name));
        self.descending = ahead;
        heads
    }

    fn beyond(&self) -> &'static str {
        if self.descending { " < (" } else { " > (" }
    }

    fn way_of(&self) -> &'static str {
        if self.descending { " DESC" } else { "" }
    }

    fn bounded(&self, q: &mut Query, (key_column, id_column): (&'static str, &'static str), from: &Begin) {
        match from {
            Begin::Start => {}
            Begin::At(key) => {
                q.add(" AND ").add(key_column).add(if self.descending { " <= " } else { " >= " }).bind(key.clone());
            }
            Begin::After(key, id) => {
                q.add(" AND (").add(key_column).add(", ").add(id_column).add(")").add(self.beyond());
                q.bind(key.clone()).add(", ").bind(*id).add(")");
            }
        }
    }

    fn ordered(&self, q: &mut Query, (key_column, id_column): (&'static str, &'static str)) {
        q.add(" ORDER BY ").add(key_column).add(self.way_of()).add(", ").add(id_column).add(self.way_of());
    }

    /// The part of the order's index that a look reads.
    fn stretch(&self, q: &mut Query, sorted: Sorted, from: &Begin) {
        let columns = sorted.columns();
        q.add("SELECT ").add(columns.0).add(" AS k, ").add(columns.1).add(" AS id FROM ");
        sorted.rows(self.kind, q);
        self.bounded(q, columns, from);
        self.ordered(q, columns);
    }

    /// What every record `r` must satisfy.
    fn conditions(&self, q: &mut Query, without: Option<&str>) {
        q.scope(self.permit, self.scope);
        for cond in &self.conjuncts {
            q.add(" AND ");
            cond.sql(self.engine, q);
        }
        if let Some(name) = without {
            q.add(" AND NOT EXISTS (SELECT 1 FROM record_facet s WHERE s.record = r.id AND s.field = ").bind(name).probed(self.engine);
        }
    }

    /// The statement of one look.
    pub(super) fn along(&self, sorted: Sorted, from: &Begin, look: usize, without: Option<&str>) -> Query {
        let mut q = Query::new("SELECT d.k, d.id FROM (");
        self.stretch(&mut q, sorted, from);
        // CROSS JOIN is, to SQLite, the order in which to go; PostgreSQL goes along what has a limit of its own.
        q.add(" LIMIT ").add(LOOKS[look].1).add(") d CROSS JOIN record r WHERE r.id = d.id AND ");
        self.conditions(&mut q, without);
        self.ordered(&mut q, ("d.k", "d.id"));
        q
    }

    /// Looks at some records along the order; answers those found, and where they are fewer than `need` the last looked at, unless the order
    /// ends before.
    fn look(&self, unit: &mut Unit, sorted: Sorted, from: &Begin, look: usize, without: Option<&str>, need: usize) -> Result<Looked> {
        let q = self.along(sorted, from, look, without);
        let found = read(unit, &q, sorted)?;
        if found.len() >= need {
            return Ok((found, None));
        }
        let mut end = Query::default();
        self.stretch(&mut end, sorted, from);
        end.add(" LIMIT 1 OFFSET ").bind(limit(LOOKS[look].0 - 1));
        let last = read(unit, &end, sorted)?.pop();
        Ok((found, last))
    }

    /// Which index gives the records, if it names at most so many.
    fn decide(&mut self, unit: &mut Unit, most: usize) -> Result<()> {
        self.way = Way::Along;
        let mut least = most;
        for (n, driver) in self.drivers().into_iter().enumerate() {
            if least == 0 {
                break;
            }
            let named = count(unit, &driver, least)?;
            if named < least {
                (least, self.way) = (named, Way::From(n));
            }
        }
        Ok(())
    }

    /// The indexes that may give the records: those of the conditions, and that of who owns them where the permit reaches no further.
    pub(super) fn drivers(&self) -> Vec<Driver> {
        let own = own_rows(self.permit, self.scope, self.kind).map(|select| Driver { select, column: "r.id" });
        let conditions = self.conjuncts.iter().filter_map(|cond| cond.driver(self.engine, self.kind));
        conditions.chain(own).collect()
    }

    /// The statement that begins from a condition's index.
    pub(super) fn by_index(&self, driver: &Driver, sorted: Sorted, from: &Begin, most: usize, without: Option<&str>) -> Query {
        let columns = match sorted {
            Sorted::Time("x.updated") => ("r.updated", "r.id"),
            Sorted::Time("x.created") => ("r.created", "r.id"),
            Sorted::Time(_) => ("r.captured", "r.id"),
            other => other.columns(),
        };
        let mut q = Query::new("SELECT ");
        q.add(columns.0).add(", r.id FROM (").append(&driver.select);
        // The limit keeps the planners from beginning anywhere else.
        q.add(" LIMIT ").bind(limit(BUDGET)).add(") d CROSS JOIN record r");
        if matches!(sorted, Sorted::Time(_)) {
            q.add(" WHERE r.kind || '' = ").bind(self.kind);
        } else {
            q.add(" CROSS JOIN ");
            sorted.rows(self.kind, &mut q);
            q.add(" AND x.record = r.id AND r.kind || '' = ").bind(self.kind);
        }
        q.add(" AND ").add(driver.column).add(" = d.id AND ");
        self.conditions(&mut q, without);
        self.bounded(&mut q, columns, from);
        self.ordered(&mut q, columns);
        q.add(" LIMIT ").bind(limit(most));
        q
    }

    fn driven(&mut self, unit: &mut Unit, n: usize, sorted: Sorted, from: &Begin, most: usize, without: Option<&str>) -> Result<Heads> {
        let drivers = self.drivers();
        let Some(driver) = drivers.get(n) else { return Ok(Heads::default()) };
        let found = read(unit, &self.by_index(driver, sorted, from, most, without), sorted)?;
        let more = if found.len() < most { None } else { found.last().cloned() };
        Ok(Heads { found, more })
    }

    /// The records there are, up to one more than `most`, as a statement of their ids; and whether all were looked at: no more than twice
    /// as many.
    fn counted(&self, unit: &mut Unit, most: usize) -> Result<(Query, bool)> {
        let looked = 2 * most;
        let (mut driver, mut named) = (None, looked);
        for one in self.drivers() {
            let count = count(unit, &one, looked)?;
            if count < named || driver.is_none() {
                (driver, named) = (Some(one), count);
            }
        }
        let driver = match driver {
            Some(driver) => driver,
            None => {
                let mut select = Query::new("SELECT x.id AS id FROM record x WHERE x.kind = ");
                select.bind(self.kind);
                let all = Driver { select, column: "r.id" };
                named = count(unit, &all, looked)?;
                all
            }
        };
        let mut q = Query::new("SELECT r.id AS id FROM (");
        q.append(&driver.select).add(" LIMIT ").bind(limit(looked)).add(") d CROSS JOIN record r WHERE r.kind || '' = ").bind(self.kind);
        q.add(" AND ").add(driver.column).add(" = d.id AND ");
        self.conditions(&mut q, None);
        q.add(" LIMIT ").bind(limit(most + 1));
        Ok((q, named < looked))
    }

    /// How many records there are, up to one more than `most`; `None` where more would have to be looked at than twice as many.
    pub fn total(&self, unit: &mut Unit, most: usize) -> Result<Option<i64>> {
        let (counted, whole) = self.counted(unit, most)?;
        let mut q = Query::new("SELECT COUNT(*) FROM (");
        q.append(&counted).add(") counted");
        let n: i64 = unit.one(q.text(), q.args(), |row| row.get(0))?;
        Ok((whole || n > limit(most)).then_some(n))
    }

    /// The amounts of a facet over the records of [`Walk::total`], each with how likely its record says it is.
    pub fn amounts(&self, unit: &mut Unit, most: usize, facet: &str, likely: &str) -> Result<Vec<Amount>> {
        let (counted, _) = self.counted(unit, most)?;
        let mut q = Query::new("SELECT s.t, s.n, p.n FROM (");
        q.append(&counted).add(") counted CROSS JOIN record_facet s LEFT JOIN record_facet p ON p.record = s.record AND p.field = ");
        q.bind(likely).add(" WHERE s.record = counted.id AND s.field = ").bind(facet).add(" AND s.t IS NOT NULL AND s.n IS NOT NULL");
        unit.all(q.text(), q.args(), |row| Ok(Amount { currency: row.get(0)?, minor: row.get(1)?, likely: row.get(2)? }))
    }

    /// The sums of a facet over the records of [`Walk::total`]. Added up here: a sum that overflows ends a statement, and with it the page.
    pub fn added(&self, unit: &mut Unit, most: usize, facet: &str) -> Result<Added> {
        let (counted, _) = self.counted(unit, most)?;
        let mut q = Query::new("SELECT s.t, s.n FROM (");
        q.append(&counted).add(") counted CROSS JOIN record_facet s WHERE s.record = counted.id AND s.field = ").bind(facet);
        q.add(" AND s.n IS NOT NULL");
        let mut sums = BTreeMap::<Option<String>, i128>::new();
        for (currency, n) in unit.all(q.text(), q.args(), |row| Ok((row.get::<Option<String>>(0)?, row.get::<i64>(1)?)))? {
            *sums.entry(currency).or_default() += i128::from(n);
        }
        Ok(sums.into_iter().filter_map(|(currency, n)| Some((currency, i64::try_from(n).ok()?))).collect())
    }
}

/// An amount of a record.
pub struct Amount {
    /// ISO 4217.
    pub currency: String,
    /// In minor units.
    pub minor: i64,
    /// In millionths of a percent, where the record says it of itself.
    pub likely: Option<i64>,
}

/// Sums by currency; `None` for numbers without one. What no amount can hold is left out.
pub type Added = Vec<(Option<String>, i64)>;

fn limit(n: usize) -> i64 {
    i64::try_from(n).unwrap_or(i64::MAX)
}

/// How many rows an index names, up to `most`.
fn count(unit: &mut Unit, driver: &Driver, most: usize) -> Result<usize> {
    let mut q = Query::new("SELECT COUNT(*) FROM (");
    q.append(&driver.select).add(" LIMIT ").bind(limit(most)).add(") few");
    let named: i64 = unit.one(q.text(), q.args(), |row| row.get(0))?;
    Ok(usize::try_from(named).unwrap_or_default())
}

fn read(unit: &mut Unit, q: &Query, sorted: Sorted) -> Result<Vec<(Key, RecordId)>> {
    unit.all(q.text(), q.args(), |row| {
        let key = if sorted.is_text() { Key::Text(row.get(0)?) } else { Key::Number(row.get(0)?) };
        Ok((key, row.get(1)?))
    })
}
