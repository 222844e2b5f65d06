//! Templates: a subject and a text with fields of the recipient's record in them, `{{ person.name }}`.
//!
//! A field is filled in as whoever acts may open it for their purpose. One that they may not is an error that names it, never a gap; one
//! without a value is an error too, unless the template says what stands there instead: `{{ person.name | default("you") }}`. A template
//! reaches nothing but these values, and runs within a bound.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{Code, Error, KeyId, Personal, RecordId, Result, UserId};
use minijinja::{Environment, ErrorKind, UndefinedBehavior};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, ShareViews},
};
use vault::Context;

use super::{TemplateId, sql};
use crate::records::{self, Cell, Detail, Record};

/// The most a template may do.
const FUEL: u64 = 50_000;
/// The longest template (bytes), and what may come of it.
const LONGEST: usize = 64 << 10;
/// The most characters of a name.
const NAME_MAX: usize = 80;

/// What a template says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Words {
    /// What it is called.
    pub name: String,
    /// The subject.
    #[serde(default)]
    pub subject: String,
    /// The text.
    pub text: String,
}

/// A template.
#[derive(Clone)]
pub struct Template {
    /// Its id.
    pub id: TemplateId,
    /// Whether it is of whoever asks.
    pub own: bool,
    /// Whether everybody sees it.
    pub shared: bool,
    /// What it says.
    pub words: Words,
}

struct Stored {
    id: TemplateId,
    staff: UserId,
    shared: bool,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get(0)?, staff: row.get(1)?, shared: row.get(2)?, key: row.get(3)?, sealed: row.get(4)? })
    }

    /// A template is its author's words and no record's, as a saved view is.
    fn words(&self, unit: &mut Unit) -> Result<Words> {
        let context = context(self.key, self.id);
        let plain = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))?;
        let plain = plain.ok_or_else(|| Error::not_found("template"))?;
        serde_json::from_slice(&plain).map_err(Error::internal)
    }
}

fn context(key: KeyId, id: TemplateId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "template" }
}

fn me(unit: &Unit) -> Result<UserId> {
    unit.actor()
        .staff()
        .ok_or_else(|| Error::new(Code::Forbidden, "A template belongs to a member of staff. Sign in, or use the key of one."))
}

fn checked(words: &Words) -> Result<Words> {
    let name = words.name.trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the template, in at most {NAME_MAX} characters.")));
    }
    if words.text.trim().is_empty() {
        return Err(Error::invalid("/text", "required", "Write a text."));
    }
    for (pointer, text) in [("/subject", &words.subject), ("/text", &words.text)] {
        if text.len() > LONGEST {
            return Err(Error::invalid(pointer, "too_long", "The template is too long."));
        }
        environment().template_from_str(text).map_err(|error| broken(pointer, &error))?;
    }
    Ok(Words { name: name.to_owned(), ..words.clone() })
}

/// Makes a template. Event `mail.template_made`. Errors: forbidden; invalid_input, also for what is no template.
pub fn make(unit: &mut Unit, words: &Words, shared: bool) -> Result<TemplateId> {
    let (me, words) = (me(unit)?, checked(words)?);
    if shared {
        unit.actor().permit::<ShareViews>()?;
    }
    let (id, now) = (TemplateId::mint(unit.env()), unit.now());
    unit.witness(event("mail.template_made", id))?;
    let key = unit.new_key("template")?;
    let sealed = unit.seal(&context(key, id), &serde_json::to_vec(&words).map_err(Error::internal)?)?;
    unit.run(sql::TEMPLATE_INSERT, &args![id, me, shared, now, key, sealed])?;
    Ok(id)
}

fn event(name: &'static str, id: TemplateId) -> Event {
    Event::new(name).word("template", id.to_string())
}

fn mine(unit: &mut Unit, id: TemplateId) -> Result<Stored> {
    let me = me(unit)?;
    let found = store::dialect::lock(unit.dialect(), sql::TEMPLATE_FIND, &args![id], Stored::read)?.into_iter().next();
    let found = found.filter(|found| found.staff == me || found.shared).ok_or_else(|| Error::not_found("template"))?;
    if found.staff != me {
        unit.actor().permit::<ShareViews>()?;
    }
    Ok(found)
}

/// Changes a template of the actor's own; a shared one needs the right to share. Event `mail.template_changed`.
///
/// Errors: not_found; forbidden; invalid_input.
pub fn change(unit: &mut Unit, id: TemplateId, words: &Words, shared: bool) -> Result<()> {
    let (stored, words) = (mine(unit, id)?, checked(words)?);
    if shared {
        unit.actor().permit::<ShareViews>()?;
    }
    unit.witness(event("mail.template_changed", id))?;
    let sealed = unit.seal(&context(stored.key, id), &serde_json::to_vec(&words).map_err(Error::internal)?)?;
    unit.run(sql::TEMPLATE_UPDATE, &args![id, shared, sealed]).map(drop)
}

/// Deletes a template and its key. Event `mail.template_deleted`. Errors: not_found; forbidden.
pub fn delete(unit: &mut Unit, id: TemplateId) -> Result<()> {
    let stored = mine(unit, id)?;
    unit.witness(event("mail.template_deleted", id))?;
    unit.run(sql::TEMPLATE_DELETE, &args![id])?;
    unit.shred_by_event(stored.key)
}

/// The actor's own templates and the shared ones, by name.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Template>>> {
    let me = me(unit)?;
    let mut found = Vec::new();
    for stored in unit.all(sql::TEMPLATES, &args![me, true], Stored::read)? {
        let words = stored.words(unit)?;
        found.push(Template { id: stored.id, own: stored.staff == me, shared: stored.shared, words });
    }
    found.sort_by_cached_key(|template| (template.words.name.to_lowercase(), template.id));
    unit.plain(found)
}

/// A template filled in: what it says, and the fields of the recipient's record that stand in it.
pub(crate) struct Filled {
    pub subject: String,
    pub text: String,
    pub fields: BTreeSet<String>,
}

/// Subject and text of a template for a recipient, a record that the actor may read. Event `record.read` naming the fields used.
///
/// Errors: not_found; invalid_input naming the field that is withheld, unknown or empty, or what is wrong with the template.
pub fn fill(
    unit: &mut Unit,
    permit: &Permit<ReadRecords>,
    id: TemplateId,
    record: RecordId,
) -> Result<Release<Personal<(String, String)>>> {
    let words = visible(unit, id)?;
    let record = records::need(unit, permit, record)?;
    let Filled { subject, text, fields } = filled(permit, &words, &record, None)?;
    let event = Event::new("record.read").word("template", id.to_string()).fields(&fields).records([(record.row.id, record.row.version)]);
    unit.release(event, Personal::new((subject, text)))
}

/// What a template says that the actor sees. Error: not_found.
pub(crate) fn visible(unit: &mut Unit, id: TemplateId) -> Result<Words> {
    let me = me(unit)?;
    let found = unit.maybe(sql::TEMPLATE_FIND, &args![id], Stored::read)?.filter(|found| found.staff == me || found.shared);
    found.ok_or_else(|| Error::not_found("template"))?.words(unit)
}

/// What stands in a campaign's template for the address at which its reader says that they want no more.
const UNSUBSCRIBE: &str = "unsubscribe";

/// The words of a template filled in for an opened record, as the permit lets it be seen; `{{ unsubscribe }}` is the address given for it.
/// Error: invalid_input.
pub(crate) fn filled(permit: &Permit<ReadRecords>, words: &Words, record: &Record, unsubscribe: Option<&str>) -> Result<Filled> {
    let shown = records::shown(permit, record, Detail::Whole);
    let kind = &record.row.kind;
    let mut values = BTreeMap::new();
    for (key, cell) in &shown.cells {
        if let Cell::Shown(value) = cell {
            let texts: Vec<String> = value.each().iter().map(catalogue::Value::display).collect();
            values.insert(key.clone(), texts.join(", "));
        }
    }
    // Withheld whether or not there is a value: that there is none is not to be learned either.
    let class = permit.over(&kind.key).map_or(catalogue::Class::Public, |scope| scope.class);
    let is_withheld = |key: &str| kind.field(key).is_none_or(|f| f.class > class || !f.purposes.serve(permit.actor.purpose));
    let mut used = BTreeSet::new();
    let mut filled = |pointer: &str, text: &str| -> Result<String> {
        let environment = environment();
        let template = environment.template_from_str(text).map_err(|error| broken(pointer, &error))?;
        for name in template.undeclared_variables(true) {
            if environment.globals().any(|(known, _)| *known == *name) || (name == UNSUBSCRIBE && unsubscribe.is_some()) {
                continue;
            }
            let field = name.strip_prefix(&format!("{}.", kind.key)).map(|rest| rest.split('.').next().unwrap_or(rest).to_owned());
            let Some(field) = field.filter(|field| kind.field(field).is_some()) else {
                let words = format!("The template names {name:?}, and a {} has no such field.", kind.key);
                return Err(Error::invalid(pointer, "unknown", words));
            };
            if is_withheld(&field) {
                let words = format!(
                    "The field {field} is withheld from you for the purpose {}. Leave it out, or act for another.",
                    permit.actor.purpose.key
                );
                return Err(Error::invalid(pointer, "withheld", words));
            }
            used.insert(field);
        }
        let record = (kind.key.clone(), minijinja::Value::from_pairs(values.clone()));
        let address = unsubscribe.map(|address| (UNSUBSCRIBE.to_owned(), minijinja::Value::from(address)));
        let all = minijinja::Value::from_pairs([record].into_iter().chain(address));
        let out = template.render(all).map_err(|error| broken(pointer, &error))?;
        if out.len() > LONGEST { Err(Error::invalid(pointer, "too_long", "What comes of the template is too long.")) } else { Ok(out) }
    };
    let subject = filled("/subject", &words.subject)?.replace(['\r', '\n'], " ");
    let text = filled("/text", &words.text)?;
    Ok(Filled { subject, text, fields: used })
}

fn environment() -> Environment<'static> {
    let mut environment = Environment::new();
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_fuel(Some(FUEL));
    environment
}

fn broken(pointer: &str, error: &minijinja::Error) -> Error {
    let at = error.line().map(|line| format!(" in line {line}")).unwrap_or_default();
    let words = match error.kind() {
        ErrorKind::UndefinedError => {
            format!("A field{at} has no value here. Say what stands there instead: {{{{ person.name | default(\"you\") }}}}.")
        }
        ErrorKind::OutOfFuel => "The template does too much.".to_owned(),
        kind => format!("The template cannot be read{at}: {kind}."),
    };
    let code = match error.kind() {
        ErrorKind::UndefinedError => "empty",
        ErrorKind::OutOfFuel => "too_long",
        _ => "not_a_template",
    };
    Error::invalid(pointer.to_owned(), code, words)
}
