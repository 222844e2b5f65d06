//! Checked conditions as SQL, and as a question to an opened record.

use catalogue::Value;
use kernel::RecordId;
use store::{Engine, Value as Arg};

use super::{
    filter::{Ask, Cond, Place, Scalar, SealedCond, Test},
    heads::Driver,
    query::Op,
};
use crate::{
    records::{Record, index},
    search::query::Query,
};

impl Cond {
    /// Whether it asks a sealed field anywhere, so that what it finds is confirmed after opening.
    pub fn asks_sealed(&self) -> bool {
        match self {
            Self::All(all) | Self::Any(all) => all.iter().any(Self::asks_sealed),
            Self::Open(..) => false,
            Self::Sealed(_) => true,
        }
    }

    /// The conditions that must all hold.
    pub fn conjuncts(&self) -> Vec<&Self> {
        match self {
            Self::All(all) => all.iter().flat_map(Self::conjuncts).collect(),
            one => vec![one],
        }
    }

    /// The records of a kind that it can hold for, by an index of their own; `None` when there is no such index.
    pub fn driver(&self, engine: Engine, kind: &str) -> Option<Driver> {
        let mut q = Query::default();
        let mut column = "r.id";
        match self {
            Self::Open(Place::Facet(_, name), test @ (Test::Among(_) | Test::Compare(..))) => {
                q.add("SELECT f.record AS id FROM record_facet f WHERE f.field = ").bind(name.as_str()).add(" AND ");
                facet(&mut q, test);
            }
            Self::Open(Place::Link(role), Test::Among(ids)) => {
                // DISTINCT: one record may point to several of them.
                q.add(if ids.len() > 1 { "SELECT DISTINCT" } else { "SELECT" });
                q.add(" l.from_id AS id FROM link l WHERE l.to_id IN (").bind_all(ids.iter().map(id_of));
                q.add(") AND l.role = ").bind(role.as_str());
            }
            Self::Open(Place::Owner, test @ Test::Among(_)) => {
                q.add("SELECT r.id AS id FROM record r WHERE ");
                nullable(&mut q, "r.owner", test);
                q.add(" AND r.kind = ").bind(kind);
            }
            Self::Open(Place::Time("r.updated" | "r.created" | "r.captured", _), Test::Among(_) | Test::Compare(..)) => {
                q.add("SELECT r.id AS id FROM record r WHERE ");
                self.sql(engine, &mut q);
                q.add(" AND r.kind = ").bind(kind);
            }
            Self::Sealed(cond) => {
                q.tokens(engine, &cond.groups, None);
                column = "r.doc";
            }
            _ => return None,
        }
        Some(Driver { select: q, column })
    }

    /// As a condition on a row `r` that is reached some other way.
    pub fn sql(&self, engine: Engine, q: &mut Query) {
        match self {
            Self::All(all) => joined(q, engine, all, " AND ", "1 = 1"),
            Self::Any(any) => joined(q, engine, any, " OR ", "1 = 0"),
            Self::Open(place, test) => open_sql(q, engine, place, test),
            Self::Sealed(cond) => {
                q.carries(engine, &cond.groups);
            }
        }
    }

    /// Whether it holds for an opened record.
    pub fn holds(&self, record: &Record) -> bool {
        match self {
            Self::All(all) => all.iter().all(|c| c.holds(record)),
            Self::Any(any) => any.iter().any(|c| c.holds(record)),
            Self::Open(place, test) => open_holds(place, test, record),
            Self::Sealed(cond) => cond.holds(record),
        }
    }
}

fn joined(q: &mut Query, engine: Engine, conds: &[Cond], between: &'static str, none: &'static str) {
    q.add("(");
    for (n, cond) in conds.iter().enumerate() {
        if n > 0 {
            q.add(between);
        }
        cond.sql(engine, q);
    }
    q.add(if conds.is_empty() { none } else { "" }).add(")");
}

fn id_of(scalar: &Scalar) -> Arg {
    match scalar {
        Scalar::Id(id) => Arg::from(*id),
        Scalar::Range(..) | Scalar::Text(_) => Arg::Null,
    }
}

fn open_sql(q: &mut Query, engine: Engine, place: &Place, test: &Test) {
    match place {
        Place::Time(column, _) => nullable(q, column, test),
        Place::Owner => nullable(q, "r.owner", test),
        Place::State => nullable(q, "r.state", test),
        Place::Facet(_, name) => {
            q.add(if matches!(test, Test::Not(_) | Test::Empty) { "NOT " } else { "" });
            q.add("EXISTS (SELECT 1 FROM record_facet f WHERE f.record = r.id AND f.field = ").bind(name.as_str()).add(" AND ");
            facet(q, test);
            q.probed(engine);
        }
        Place::Link(role) => {
            q.add(if matches!(test, Test::Not(_) | Test::Empty) { "NOT " } else { "" });
            q.add("EXISTS (SELECT 1 FROM link l WHERE l.from_id = r.id AND l.role = ").bind(role.as_str());
            match test {
                Test::Among(ids) => q.add(" AND l.to_id IN (").bind_all(ids.iter().map(id_of)).add(")"),
                Test::Not(id) => q.add(" AND l.to_id = ").bind(id_of(id)),
                Test::Compare(..) | Test::Empty | Test::Present => q,
            };
            q.probed(engine);
        }
    }
}

/// A test of a column that may be NULL: only `ne` and `is_empty` hold for NULL.
fn nullable(q: &mut Query, column: &'static str, test: &Test) {
    match test {
        Test::Empty => {
            q.add(column).add(" IS NULL");
        }
        Test::Present => {
            q.add(column).add(" IS NOT NULL");
        }
        Test::Not(scalar) => {
            q.add("(").add(column).add(" IS NULL OR NOT ");
            equal(q, column, None, scalar);
            q.add(")");
        }
        Test::Among(all) => any_equal(q, column, None, all),
        Test::Compare(op, scalar) => compare(q, column, None, *op, scalar),
    }
}

/// A test of a facet row; its negation, where the test is one, stands outside.
fn facet(q: &mut Query, test: &Test) {
    match test {
        Test::Empty | Test::Present => {
            q.add("1 = 1");
        }
        Test::Not(scalar) => equal(q, "f.n", Some("f.t"), scalar),
        Test::Among(all) => any_equal(q, "f.n", Some("f.t"), all),
        Test::Compare(op, scalar) => compare(q, "f.n", Some("f.t"), *op, scalar),
    }
}

fn any_equal(q: &mut Query, n: &'static str, t: Option<&'static str>, all: &[Scalar]) {
    q.add("(");
    for (i, scalar) in all.iter().enumerate() {
        q.add(if i > 0 { " OR " } else { "" });
        equal(q, n, t, scalar);
    }
    q.add(")");
}

fn equal(q: &mut Query, n: &'static str, t: Option<&'static str>, scalar: &Scalar) {
    match scalar {
        Scalar::Range(from, to, currency) => {
            q.add("(").add(n).add(" >= ").bind(*from).add(" AND ").add(n).add(" < ").bind(*to);
            in_currency(q, t, currency.as_deref());
            q.add(")");
        }
        Scalar::Text(text) => {
            q.add(t.unwrap_or(n)).add(" = ").bind(text.as_str());
        }
        Scalar::Id(id) => {
            q.add(n).add(" = ").bind(*id);
        }
    }
}

fn compare(q: &mut Query, n: &'static str, t: Option<&'static str>, op: Op, scalar: &Scalar) {
    let Scalar::Range(from, to, currency) = scalar else {
        q.add("1 = 0");
        return;
    };
    q.add("(").add(n);
    match op {
        Op::Lt => q.add(" < ").bind(*from),
        Op::Le => q.add(" < ").bind(*to),
        Op::Gt => q.add(" >= ").bind(*to),
        _ => q.add(" >= ").bind(*from),
    };
    in_currency(q, t, currency.as_deref());
    q.add(")");
}

fn in_currency(q: &mut Query, t: Option<&'static str>, currency: Option<&str>) {
    if let (Some(t), Some(currency)) = (t, currency) {
        q.add(" AND ").add(t).add(" = ").bind(currency);
    }
}

/// An open value as stored: a number, a text, an id.
type Stored = (Option<i64>, Option<String>, Option<[u8; 16]>);

fn open_holds(place: &Place, test: &Test, record: &Record) -> bool {
    let id = |id: [u8; 16]| (None, None, Some(id));
    let number = |n: i64| (Some(n), None, None);
    let values: Vec<Stored> = match place {
        Place::Time(_, read) => read(record).map(|at| number(at.micros())).into_iter().collect(),
        Place::Owner => record.row.owner.map(|o| id(*o.bytes())).into_iter().collect(),
        Place::State => vec![(None, Some(record.row.state.as_str().to_owned()), None)],
        Place::Facet(key, _) => {
            let value = record.row.open.get(key).map(index::facet);
            value.map(|(n, t)| (n, t, None)).into_iter().collect()
        }
        Place::Link(role) => {
            let values = record.row.open.get(role).map(Value::each).unwrap_or_default();
            values.iter().filter_map(|v| if let Value::Link(to) = v { Some(id(*RecordId::bytes(to))) } else { None }).collect()
        }
    };
    let same = |scalar: &Scalar| {
        values.iter().any(|(n, t, i)| match scalar {
            Scalar::Range(from, to, currency) => n.is_some_and(|n| *from <= n && n < *to) && (currency.is_none() || currency == t),
            Scalar::Text(text) => t.as_ref() == Some(text),
            Scalar::Id(id) => i.as_ref() == Some(id),
        })
    };
    match test {
        Test::Empty => values.is_empty(),
        Test::Present => !values.is_empty(),
        Test::Not(scalar) => !same(scalar),
        Test::Among(all) => all.iter().any(same),
        Test::Compare(op, Scalar::Range(from, to, currency)) => values.iter().any(|(n, t, _)| {
            let of_currency = currency.is_none() || currency == t;
            of_currency
                && n.is_some_and(|n| match op {
                    Op::Lt => n < *from,
                    Op::Le => n < *to,
                    Op::Gt => n >= *to,
                    _ => n >= *from,
                })
        }),
        Test::Compare(..) => false,
    }
}

impl SealedCond {
    fn holds(&self, record: &Record) -> bool {
        let law = crate::records::region(&record.row.law);
        let values = record.get(&self.field.key).map(Value::each).unwrap_or_default();
        values.iter().any(|value| {
            let text = value.display();
            match &self.ask {
                Ask::Whole(forms) => forms.contains(&index::exact_form(&self.field, &text, law)),
                Ask::Words(words) => {
                    let has = vault::words(&text);
                    words.iter().all(|word| has.contains(word))
                }
                Ask::Start(start) => vault::words(&text).iter().any(|word| word.starts_with(start.as_str())),
            }
        })
    }
}
