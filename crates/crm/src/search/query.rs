//! The query builder of lists and search: the one place where SQL is put together from parts, every value of it bound.

use catalogue::Purpose;
use store::{Engine, Value};
use trail::{Permit, Privilege, Reach, Scope};

/// A statement in the making. Text comes from this program alone; whatever comes from outside is bound.
#[derive(Clone, Default)]
pub struct Query {
    text: String,
    args: Vec<Value>,
}

impl Query {
    /// A statement that begins with this text.
    pub fn new(text: &'static str) -> Self {
        Self { text: text.to_owned(), args: Vec::new() }
    }

    /// Adds text of our own.
    pub fn add(&mut self, text: &'static str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds a bound value.
    pub fn bind(&mut self, value: impl Into<Value>) -> &mut Self {
        self.args.push(value.into());
        self.text.push('?');
        self.text.push_str(&self.args.len().to_string());
        self
    }

    /// Adds bound values with commas between them.
    pub fn bind_all(&mut self, values: impl IntoIterator<Item = Value>) -> &mut Self {
        for (n, value) in values.into_iter().enumerate() {
            if n > 0 {
                self.add(", ");
            }
            self.bind(value);
        }
        self
    }

    /// Adds another statement's text and values.
    pub fn append(&mut self, other: &Self) -> &mut Self {
        let base = self.args.len();
        let mut rest = other.text.as_str();
        while let Some(at) = rest.find('?') {
            let digits = rest[at + 1..].bytes().take_while(u8::is_ascii_digit).count();
            let number: usize = rest[at + 1..at + 1 + digits].parse().unwrap_or_default();
            self.text.push_str(&rest[..=at]);
            self.text.push_str(&(base + number).to_string());
            rest = &rest[at + 1 + digits..];
        }
        self.text.push_str(rest);
        self.args.extend(other.args.iter().cloned());
        self
    }

    /// Adds the statement of the documents that carry a token of every group; they are its column `id`.
    pub fn tokens(&mut self, engine: Engine, groups: &[Vec<i64>], limit: Option<usize>) -> &mut Self {
        let (text, args) = store::tokens::subquery(engine, groups, limit, self.args.len() + 1);
        self.text.push_str(&text);
        self.args.extend(args);
        self
    }

    /// Ends a subquery of `EXISTS` that is asked of each row by itself: PostgreSQL must not turn it into a join over the whole table.
    pub fn probed(&mut self, engine: Engine) -> &mut Self {
        self.add(match engine {
            Engine::Sqlite => ")",
            Engine::Postgres => " OFFSET 0)",
        })
    }

    /// Adds the question whether `record r` carries a token of every group.
    pub fn carries(&mut self, engine: Engine, groups: &[Vec<i64>]) -> &mut Self {
        let (text, args) = store::tokens::probe(engine, groups, "r.doc", self.args.len() + 1);
        self.text.push_str(&text);
        self.args.extend(args);
        self
    }

    /// Adds the rows of `record r` that a permit reaches of one kind: state, purpose, class, owner or team, in the database's own terms.
    /// The kind itself is left to the caller.
    pub fn scope<P: Privilege>(&mut self, permit: &Permit<P>, scope: Scope) -> &mut Self {
        self.add("(r.usable & ").bind(serving(permit.actor.purpose)).add(") <> 0 AND ").within(permit, scope)
    }

    /// As [`Query::scope`], whatever they may be used for: for whoever counts those that may not be used, and opens none of them.
    pub fn within<P: Privilege>(&mut self, permit: &Permit<P>, scope: Scope) -> &mut Self {
        let actor = &permit.actor;
        self.add("r.state IN ('live', 'restricted') AND r.class <= ").bind(scope.class.level());
        let own = actor.staff();
        match (scope.reach, own, actor.team) {
            (Reach::All, ..) => self,
            (Reach::Own | Reach::Team, Some(own), None) | (Reach::Own, Some(own), _) => self.add(" AND r.owner = ").bind(own),
            (Reach::Team, Some(own), Some(team)) => self.add(" AND (r.owner = ").bind(own).add(" OR r.team = ").bind(team).add(")"),
            (Reach::Team, None, Some(team)) => self.add(" AND r.team = ").bind(team),
            (Reach::Own | Reach::Team, None, _) => self.add(" AND 1 = 0"),
        }
    }

    /// The statement's text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its arguments.
    pub fn args(&self) -> &[Value] {
        &self.args
    }
}

/// The ids of one kind that belong to whoever acts or to their team, as a statement of indexes; `None` where a permit reaches further.
pub fn own_rows<P: Privilege>(permit: &Permit<P>, scope: Scope, kind: &str) -> Option<Query> {
    let actor = &permit.actor;
    let mut q = Query::default();
    if let (Reach::Own | Reach::Team, Some(own)) = (scope.reach, actor.staff()) {
        q.add("SELECT x.id AS id FROM record x WHERE x.owner = ").bind(own).add(" AND x.kind = ").bind(kind);
    }
    if let (Reach::Team, Some(team)) = (scope.reach, actor.team) {
        q.add(if q.args.is_empty() { "" } else { " UNION " });
        q.add("SELECT x.id AS id FROM record x WHERE x.team = ").bind(team).add(" AND x.kind = ").bind(kind);
    }
    (!q.args.is_empty()).then_some(q)
}

/// The bits of `record.usable` that serve a purpose: its own and those of the purposes it is part of.
fn serving(purpose: &Purpose) -> i64 {
    let (mut bits, mut at) = (0, Some(purpose));
    while let Some(purpose) = at {
        bits |= 1_i64 << purpose.bit;
        at = purpose.parent.and_then(Purpose::find);
    }
    bits
}
