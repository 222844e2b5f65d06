//! Conditions, checked against the catalogue and the permit; as SQL, and as a question to an opened record.

use catalogue::{Field, FieldType, Index, Kind, Value};
use jiff::civil::Date;
use kernel::{Code, Error, Instant, Result, UserId};
use trail::Scope;
use vault::Tokens;

use super::query::{Condition, Filter, Op};
use crate::{
    records::{Record, State, index},
    search,
};

const DEPTH: usize = 5;
const CONDITIONS: usize = 50;
const VALUES: usize = 100;

/// A checked filter.
pub enum Cond {
    /// All must hold.
    All(Vec<Cond>),
    /// At least one must hold.
    Any(Vec<Cond>),
    /// One question to something open.
    Open(Place, Test),
    /// One question to a sealed field.
    Sealed(Box<SealedCond>),
}

/// Where an open value lies.
pub enum Place {
    /// A time of the record.
    Time(&'static str, fn(&Record) -> Option<Instant>),
    /// Who owns it.
    Owner,
    /// Its state.
    State,
    /// An open field: its key and its name among the facets.
    Facet(String, String),
    /// A link field.
    Link(String),
}

/// What is asked of an open value.
pub enum Test {
    /// Lies among these: eq and in.
    Among(Vec<Scalar>),
    /// Is something else or nothing.
    Not(Scalar),
    /// Compares so.
    Compare(Op, Scalar),
    /// Has no value.
    Empty,
    /// Has one.
    Present,
}

/// One open value.
pub enum Scalar {
    /// The numbers from the first up to, without, the second: one number, or a whole day of a time; and the currency of an amount.
    Range(i64, i64, Option<String>),
    /// A choice or a state.
    Text(String),
    /// A record or a member of staff.
    Id([u8; 16]),
}

/// A question to a sealed field.
pub struct SealedCond {
    /// The field.
    pub field: Field,
    /// What is asked.
    pub ask: Ask,
    /// The tokens that its records carry: of each group at least one.
    pub groups: Vec<Vec<i64>>,
}

/// What is asked of a sealed field.
pub enum Ask {
    /// Whether its whole value has one of these forms.
    Whole(Vec<String>),
    /// Whether it holds all these folded words.
    Words(Vec<String>),
    /// Whether one of its words begins like this.
    Start(String),
}

/// What conditions are checked against.
pub struct Check<'a> {
    /// The kind.
    pub kind: &'a Kind,
    /// How far the permit reaches.
    pub scope: Scope,
    /// The acting purpose.
    pub purpose: &'static catalogue::Purpose,
    /// Whether sealed values may be named.
    pub via_body: bool,
    /// What makes tokens.
    pub tokens: Tokens<'a>,
    /// How many conditions were met.
    pub met: usize,
}

fn refuse(field: &str, code: &'static str, words: impl Into<String>) -> Error {
    Error::invalid(format!("/filter/{field}"), code, words)
}

impl Check<'_> {
    /// Checks a filter. Errors: invalid_input, sealed_in_url, forbidden.
    pub fn filter(&mut self, filter: &Filter, depth: usize) -> Result<Cond> {
        if depth > DEPTH {
            return Err(Error::invalid("/filter", "too_deep", format!("Conditions nest at most {DEPTH} deep.")));
        }
        match filter {
            Filter::All { all } => Ok(Cond::All(all.iter().map(|f| self.filter(f, depth + 1)).collect::<Result<_>>()?)),
            Filter::Any { any } => Ok(Cond::Any(any.iter().map(|f| self.filter(f, depth + 1)).collect::<Result<_>>()?)),
            Filter::One(one) => self.one(one),
        }
    }

    fn one(&mut self, one: &Condition) -> Result<Cond> {
        self.met += 1;
        if self.met > CONDITIONS {
            return Err(Error::invalid("/filter", "too_many", format!("A list takes at most {CONDITIONS} conditions.")));
        }
        if matches!(one.op, Op::IsEmpty | Op::NotEmpty) && !one.value.is_null() {
            return Err(refuse(&one.field, "wrong_type", "This asks for no value; leave it out."));
        }
        if let Some(field) = self.kind.field(&one.field) {
            self.may_ask(field)?;
            if field.is_sealed() {
                return self.sealed(field, one).map(|cond| Cond::Sealed(Box::new(cond)));
            }
            if field.many && field.kind != FieldType::Link {
                return Err(refuse(&one.field, "not_filterable", "A field with several values cannot be filtered by."));
            }
            let place = match field.kind {
                FieldType::Link => Place::Link(field.key.clone()),
                _ => Place::Facet(field.key.clone(), index::token_field(&self.kind.key, &field.key)),
            };
            let single = Field { many: false, ..field.clone() };
            return Ok(Cond::Open(place, test(one, ordered(field.kind), |json| scalar(&single, json))?));
        }
        let time = |column, read| Ok(Cond::Open(Place::Time(column, read), test(one, true, |json| when(&one.field, json))?));
        match one.field.as_str() {
            "created" => time("r.created", |r| Some(r.row.created)),
            "updated" => time("r.updated", |r| Some(r.row.updated)),
            "captured" => time("r.captured", |r| Some(r.row.captured)),
            "kept_until" => time("r.kept_until", |r| r.row.kept_until),
            "owner" => Ok(Cond::Open(Place::Owner, test(one, false, staff)?)),
            "state" => Ok(Cond::Open(Place::State, test(one, false, state)?)),
            _ => Err(refuse(&one.field, "unknown_field", format!("The kind {} has no such field.", self.kind.label))),
        }
    }

    /// Whoever may not see a field may not ask about it either: the answer would tell.
    pub fn may_ask(&self, field: &Field) -> Result<()> {
        if search::sees(self.scope, self.purpose, field) {
            return Ok(());
        }
        let words = format!("Acting for {} you may not filter or sort by {}.", self.purpose.key, field.label);
        Err(Error::new(Code::Forbidden, words))
    }

    fn sealed(&self, field: &Field, one: &Condition) -> Result<SealedCond> {
        if !self.via_body {
            let words =
                format!("{} is a sealed field: its values do not belong in an address. Send the filter to POST …/search.", field.label);
            return Err(Error::new(Code::SealedInUrl, words));
        }
        let not_so = |words: &str| refuse(&one.field, "not_searchable", format!("{} cannot be asked this: {words}.", field.label));
        if field.index == Index::None {
            return Err(not_so("no index is kept of it"));
        }
        let name = index::token_field(&self.kind.key, &field.key);
        let text = one.value.as_str().map(str::trim).filter(|t| !t.is_empty() && t.len() <= 1_000 && !t.contains('\0'));
        let need = || text.ok_or_else(|| refuse(&one.field, "wrong_type", "Write a text of at most 1000 letters."));
        let words_of = |text: &str| vault::words(text);
        let groups_of = |words: &[String]| words.iter().map(|w| vec![self.tokens.word(&name, w)]).collect::<Vec<_>>();
        let (ask, groups) = match one.op {
            Op::Eq | Op::In => {
                let texts = match &one.value {
                    serde_json::Value::Array(items) if one.op == Op::In && (1..=VALUES).contains(&items.len()) => {
                        items.iter().map(|i| i.as_str().map(str::trim)).collect::<Option<Vec<_>>>()
                    }
                    _ => text.filter(|_| one.op == Op::Eq).map(|t| vec![t]),
                };
                let texts =
                    texts.ok_or_else(|| refuse(&one.field, "wrong_type", format!("Write a text, or for `in` 1 to {VALUES} of them.")))?;
                let forms: Vec<String> = texts.iter().flat_map(|text| search::forms(field, text)).collect();
                let exact = field.index == Index::Exact || matches!(field.kind, FieldType::Email | FieldType::Phone);
                let groups = if exact {
                    vec![forms.iter().map(|form| self.tokens.exact(&name, form)).collect()]
                } else if let [text] = texts.as_slice() {
                    groups_of(&words_of(text))
                } else {
                    return Err(not_so("it is indexed by words, so ask for one value at a time"));
                };
                (Ask::Whole(forms), groups)
            }
            Op::Contains if field.index >= Index::Word => {
                let words = words_of(need()?);
                let groups = groups_of(&words);
                (Ask::Words(words), groups)
            }
            Op::Starts if field.index == Index::Prefix => {
                let start = words_of(need()?).into_iter().next_back().unwrap_or_default();
                if start.chars().count() < index::PREFIX_MIN {
                    return Err(refuse(&one.field, "too_short", format!("Write at least {} letters.", index::PREFIX_MIN)));
                }
                let head: String = start.chars().take(index::PREFIX_MAX).collect();
                let group = vec![self.tokens.prefix(&name, &head)];
                (Ask::Start(start), vec![group])
            }
            Op::Contains => return Err(not_so("its words are not indexed")),
            Op::Starts => return Err(not_so("the beginnings of its words are not indexed")),
            _ => return Err(not_so("a sealed field knows eq and in, and by its index contains and starts")),
        };
        if groups.is_empty() {
            return Err(refuse(&one.field, "no_words", "Write at least one letter or digit."));
        }
        Ok(SealedCond { field: field.clone(), ask, groups })
    }
}

const fn ordered(kind: FieldType) -> bool {
    matches!(kind, FieldType::Number | FieldType::Money | FieldType::Date | FieldType::Datetime)
}

fn test(one: &Condition, ordered: bool, read: impl Fn(&serde_json::Value) -> Result<Scalar>) -> Result<Test> {
    let not_so = |words: &str| Err(refuse(&one.field, "not_an_operator", words));
    Ok(match one.op {
        Op::Eq => Test::Among(vec![read(&one.value)?]),
        Op::Ne => Test::Not(read(&one.value)?),
        Op::In => match &one.value {
            serde_json::Value::Array(items) if (1..=VALUES).contains(&items.len()) => {
                Test::Among(items.iter().map(read).collect::<Result<_>>()?)
            }
            _ => return Err(refuse(&one.field, "wrong_type", format!("`in` takes a list of 1 to {VALUES} values."))),
        },
        Op::IsEmpty => Test::Empty,
        Op::NotEmpty => Test::Present,
        Op::Lt | Op::Le | Op::Gt | Op::Ge if ordered => Test::Compare(one.op, read(&one.value)?),
        Op::Lt | Op::Le | Op::Gt | Op::Ge => return not_so("Its values have no order; ask for eq, ne or in."),
        Op::Contains | Op::Starts => return not_so("It is no text; ask for eq, ne or in."),
    })
}

const fn one_number(n: i64) -> Scalar {
    Scalar::Range(n, n.saturating_add(1), None)
}

fn whole_day(day: Date) -> Scalar {
    let next = day.tomorrow().map_or(Instant::from_micros(i64::MAX), Instant::start_of);
    Scalar::Range(Instant::start_of(day).micros(), next.micros(), None)
}

/// A value of an open field as it is compared.
fn scalar(field: &Field, json: &serde_json::Value) -> Result<Scalar> {
    let missing = || refuse(&field.key, "required", "Write a value to compare with.");
    if field.kind == FieldType::Datetime {
        return when(&field.key, json);
    }
    let problem = |p: kernel::Problem| Error::new(Code::InvalidInput, "A condition's value cannot be read.").with_problems(vec![p]);
    let value = Value::parse(field, json).map_err(problem)?.ok_or_else(missing)?;
    Ok(match value {
        Value::Link(id) => Scalar::Id(*id.bytes()),
        Value::Money { minor, currency } => Scalar::Range(minor, minor.saturating_add(1), Some(currency)),
        other => match index::facet(&other) {
            (Some(n), _) => one_number(n),
            (None, Some(text)) => Scalar::Text(text),
            (None, None) => return Err(missing()),
        },
    })
}

/// A time, or the whole day when only that is written.
fn when(field: &str, json: &serde_json::Value) -> Result<Scalar> {
    let text = json.as_str().unwrap_or_default();
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10).map(whole_day);
    day.or_else(|| Instant::parse(text).map(|at| one_number(at.micros())))
        .ok_or_else(|| refuse(field, "not_a_time", "Write a day as 2026-11-21 or a time as 2026-11-21T10:42:07Z."))
}

fn staff(json: &serde_json::Value) -> Result<Scalar> {
    let id = json.as_str().and_then(|text| text.parse::<UserId>().ok());
    id.map(|id| Scalar::Id(*id.bytes())).ok_or_else(|| refuse("owner", "not_an_id", "Write the id of a member of staff, as usr_…."))
}

fn state(json: &serde_json::Value) -> Result<Scalar> {
    let known = [State::Live, State::Restricted].into_iter().find(|s| json.as_str() == Some(s.as_str()));
    known.map(|s| Scalar::Text(s.as_str().to_owned())).ok_or_else(|| refuse("state", "not_an_option", "Choose live or restricted."))
}
