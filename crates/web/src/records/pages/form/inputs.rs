//! The inputs of a kind: from its catalogue entry to controls, and from what was typed back to values.

use std::collections::BTreeMap;

use catalogue::{Address, Class, Field, FieldType, Kind, Value, file, note};
use crm::permits::{Reach, Scope, WriteRecords};
use crm::{
    records::{Cell, Shown},
    search,
};
use kernel::{Instant, Problem, RecordId};
use serde_json::{Map, Value as Json};

use crate::{
    kit::{form::Fields, layout::Choice, text::Text, who::Who},
    records::pages::Shower,
    views::{
        edit::FieldGroup,
        parts::{self, Control, Refers},
    },
};

/// The currencies that a form offers first; any other is written in.
const CURRENCIES: [&str; 10] = ["EUR", "USD", "GBP", "CHF", "JPY", "PLN", "SEK", "CAD", "AUD", "SGD"];

/// What stands in the inputs, by their names; several values of one name are lines.
#[derive(Clone, Default)]
pub(super) struct Typed(BTreeMap<String, String>);

impl Typed {
    pub(super) fn read(fields: &Fields) -> Self {
        let mut typed = Self::default();
        for (name, value) in fields.iter().filter(|(name, _)| name.starts_with("field.")) {
            typed
                .0
                .entry(name.to_owned())
                .and_modify(|all| *all = format!("{all}\n{value}"))
                .or_insert_with(|| value.replace("\r\n", "\n"));
        }
        typed
    }

    pub(super) fn set(&mut self, name: String, value: String) {
        self.0.insert(name, value);
    }

    pub(super) fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }
}

/// The inputs of a kind for one reader.
pub(super) struct Inputs<'a> {
    kind: &'a Kind,
    shown: Option<&'a Shown>,
    shower: &'a Shower,
    scope: Scope,
    purpose: &'static catalogue::Purpose,
    only: Option<&'a str>,
}

impl<'a> Inputs<'a> {
    pub(super) fn of(kind: &'a Kind, who: &Who, shower: &'a Shower, shown: Option<&'a Shown>) -> Self {
        let scope = who.actor.permit::<WriteRecords>().ok().and_then(|permit| permit.over(&kind.key));
        let scope = scope.unwrap_or(Scope { class: Class::Public, reach: Reach::Own });
        Self { kind, shown, shower, scope, purpose: who.actor.purpose, only: None }
    }

    /// Of one field alone, where one is named.
    pub(super) fn only(self, field: Option<&'a str>) -> Self {
        Self { only: field, ..self }
    }

    /// The keys of the fields that this reader may write.
    pub(super) fn keys(&self) -> impl Iterator<Item = &'a str> + '_ {
        self.fields().map(|field| field.key.as_str())
    }

    /// The fields that this reader may write.
    pub(super) fn fields(&self) -> impl Iterator<Item = &'a Field> + '_ {
        // Whom a note mentions is chosen where it is written.
        let mentions = |f: &Field| self.kind.key == note::KIND && f.key == note::MENTIONS;
        let all = self.kind.writable().filter(move |f| search::sees(self.scope, self.purpose, f) && !mentions(f));
        all.filter(|f| self.only.is_none_or(|only| only == f.key))
    }

    /// How many fields stay as they are because this reader may not see them.
    pub(super) fn withheld(&self) -> usize {
        let hidden = |f: &&Field| self.shown.is_some_and(|shown| shown.cell(&f.key).is_some());
        if self.only.is_some() {
            return 0;
        }
        self.kind.writable().filter(|f| !search::sees(self.scope, self.purpose, f)).filter(hidden).count()
    }

    fn mask(&self, field: &Field) -> Option<&'a str> {
        match self.shown?.cell(&field.key)? {
            Cell::Masked(mask) => Some(mask),
            _ => None,
        }
    }

    /// What stands in the inputs of the record as it is.
    pub(super) fn typed(&self) -> Typed {
        let mut typed = Typed::default();
        for field in self.fields() {
            let Some(Cell::Shown(value)) = self.shown.and_then(|shown| shown.cell(&field.key)) else { continue };
            let name = format!("field.{}", field.key);
            match value {
                Value::Money { minor: _, currency } => {
                    let amount = value.display();
                    typed.set(name.clone(), self.shower.t.for_input(amount.split(' ').next().unwrap_or_default()));
                    typed.set(format!("{name}_currency"), currency.clone());
                }
                Value::Number(_) => typed.set(name, self.shower.t.for_input(&value.display())),
                Value::Time(at) => {
                    let local = at.timestamp().to_zoned(self.shower.zone.clone());
                    typed.set(name, local.strftime("%Y-%m-%dT%H:%M").to_string());
                }
                Value::Bool(yes) => typed.set(name, yes.to_string()),
                Value::Link(id) => {
                    typed.set(format!("{name}_id"), id.to_string());
                    typed.set(name, self.shower.links.get(id).map_or_else(|| id.to_string(), |(title, _)| title.clone()));
                }
                Value::Address(address) => {
                    for (part, text) in address.parts() {
                        typed.set(format!("{name}.{part}"), text.to_owned());
                    }
                }
                Value::List(values) if field.kind == FieldType::Link => {
                    let ids = || values.iter().filter_map(|one| if let Value::Link(id) = one { Some(id) } else { None });
                    let name_of = |id| self.shower.links.get(id).map_or_else(|| RecordId::to_string(id), |(title, _)| title.clone());
                    typed.set(format!("{name}_id"), ids().map(RecordId::to_string).collect::<Vec<_>>().join(" "));
                    typed.set(name, ids().map(name_of).collect::<Vec<_>>().join("\n"));
                }
                Value::List(values) => typed.set(name, values.iter().map(Value::display).collect::<Vec<_>>().join("\n")),
                value => typed.set(name, value.display()),
            }
        }
        typed
    }

    /// What was typed as JSON for the catalogue to judge, and the links whose names are still to be looked up.
    pub(super) fn json(&self, typed: &Typed) -> (Map<String, Json>, Vec<(String, String)>) {
        let (mut json, mut links) = (Map::new(), Vec::new());
        let before = self.typed();
        for field in self.fields() {
            let name = format!("field.{}", field.key);
            let text = typed.get(&name).trim();
            if self.mask(field).is_some() && text.is_empty() {
                continue;
            }
            let one = match field.kind {
                FieldType::Link => {
                    let unchanged = self.shown.is_some() && text == before.get(&name) && !text.is_empty();
                    if !unchanged {
                        links.extend(field.links_to.as_ref().map(|to| (field.key.clone(), to.clone())));
                    }
                    continue;
                }
                FieldType::Bool if text == "true" => Json::Bool(true),
                FieldType::Bool if before.get(&name).is_empty() => continue,
                FieldType::Bool => Json::Bool(false),
                FieldType::Money if text.is_empty() => Json::Null,
                FieldType::Money => format!("{} {}", self.shower.t.plain_number(text), typed.get(&format!("{name}_currency"))).into(),
                FieldType::Datetime => self.moment(text, before.get(&name) == text, field),
                FieldType::Address => {
                    let parts = Address::default();
                    let parts = parts.parts().into_iter().map(|(part, _)| (part, typed.get(&format!("{name}.{part}")).trim().to_owned()));
                    let parts: Map<String, Json> = parts.filter(|(_, t)| !t.is_empty()).map(|(p, t)| (p.to_owned(), t.into())).collect();
                    if parts.is_empty() { Json::Null } else { Json::Object(parts) }
                }
                _ if text.is_empty() => Json::Null,
                FieldType::Number if !field.many => self.shower.t.plain_number(text).into(),
                _ if field.many => {
                    let listed = matches!(field.kind, FieldType::Email | FieldType::Phone);
                    let items = text.split(|c| c == '\n' || (listed && (c == ',' || c == ';'))).map(str::trim);
                    Json::Array(items.filter(|item| !item.is_empty()).map(Json::from).collect())
                }
                _ => text.into(),
            };
            json.insert(field.key.clone(), one);
        }
        (json, links)
    }

    /// A moment by the house's clock. One that was not touched keeps its seconds.
    fn moment(&self, text: &str, untouched: bool, field: &Field) -> Json {
        if text.is_empty() {
            return Json::Null;
        }
        if let (true, Some(Cell::Shown(value))) = (untouched, self.shown.and_then(|shown| shown.cell(&field.key))) {
            return value.to_json();
        }
        let local: Option<jiff::civil::DateTime> = text.parse().ok();
        let at = local.and_then(|local| local.to_zoned(self.shower.zone.clone()).ok());
        at.map_or_else(|| text.into(), |at| Instant::from_micros(at.timestamp().as_microsecond()).to_string().into())
    }

    /// The inputs in groups, and the problems that belong to none of them.
    pub(super) fn groups(&self, typed: &Typed, problems: &[Problem], conflict: bool) -> (Vec<FieldGroup>, String) {
        let (mut first, mut more) = (Vec::new(), Vec::new());
        let (mut placed, now) = (Vec::new(), self.typed());
        for field in self.fields() {
            let about = |p: &&Problem| {
                let pointer = p.pointer.trim_start_matches('/');
                pointer.split('/').next() == Some(field.key.as_str())
            };
            let own: Vec<&Problem> = problems.iter().filter(about).collect();
            placed.extend(own.iter().map(|p| p.pointer.clone()));
            let mut inputs = self.inputs(field, typed);
            if let Some(input) = inputs.first_mut() {
                input.problems.extend(own.iter().map(|p| self.shower.t.problem(p)));
            }
            if conflict && self.mask(field).is_none() {
                for input in &mut inputs {
                    let (mine, theirs) = (typed.get(&input.name).trim(), now.get(&input.name));
                    let ticked = matches!(input.control, Control::Tick) && (mine == "true") == (theirs == "true");
                    if mine != theirs && !ticked {
                        let said = self.shown.and_then(|shown| shown.cell(&field.key));
                        let said = match said {
                            Some(Cell::Shown(value)) if field.kind != FieldType::Address => self.shower.words(field, value),
                            _ => theirs.to_owned(),
                        };
                        input.theirs = Some(if said.is_empty() { self.shower.t.get("conflict-empty") } else { said });
                    }
                }
            }
            let leading = field.required || field.listed || matches!(field.kind, FieldType::Email | FieldType::Phone);
            if leading { first.append(&mut inputs) } else { more.append(&mut inputs) }
        }
        let unplaced: Vec<&str> = problems.iter().filter(|p| !placed.contains(&p.pointer)).map(|p| p.detail.as_str()).collect();
        let mut groups = vec![FieldGroup { title: String::new(), fields: first }];
        if !more.is_empty() {
            groups.push(FieldGroup { title: self.shower.t.get("form-more"), fields: more });
        }
        (groups, unplaced.join(" "))
    }

    /// One field's inputs: one, or for an address one for each part.
    pub(super) fn inputs(&self, field: &Field, typed: &Typed) -> Vec<parts::Field> {
        let t: Text = self.shower.t;
        let name = format!("field.{}", field.key);
        if let Some(mask) = self.mask(field) {
            let help = t.with("form-masked", "mask", mask);
            return vec![parts::Field::new(&name, &field.label, Control::Replace).value(typed.get(&name)).help(help)];
        }
        if field.kind == FieldType::Address {
            let part = |(part, _): (&str, &str)| {
                let (name, label) =
                    (format!("{name}.{part}"), t.with2("form-address", "field", &field.label, "part", t.get(&format!("address-{part}"))));
                let value = typed.get(&name).to_owned();
                parts::Field::new(name, label, if part == "street" { Control::LongText } else { Control::Text }).value(value)
            };
            return Address::default().parts().into_iter().map(part).collect();
        }
        let value = typed.get(&name);
        let chosen = |key: &str| value.split('\n').any(|one| one == key);
        let choices = || field.options.iter().map(|o| Choice::new(&o.key, &o.label, chosen(&o.key))).collect::<Vec<_>>();
        let control = match field.kind {
            FieldType::Select if field.many => Control::Choices(choices()),
            FieldType::Select => Control::Choice(choices()),
            FieldType::Link => Control::Reference(Refers {
                shown: value.to_owned(),
                kind: field.links_to.clone().unwrap_or_default(),
                many: field.many,
                upload: field.links_to.as_deref() == Some(file::KIND),
            }),
            _ if field.many => Control::LongText,
            FieldType::LongText => Control::LongText,
            FieldType::Email => Control::Email,
            FieldType::Phone => Control::Phone,
            FieldType::Url => Control::Url,
            FieldType::Number => Control::Decimal,
            FieldType::Money => Control::Money { currencies: currencies(typed.get(&format!("{name}_currency"))) },
            FieldType::Date => Control::Date,
            FieldType::Datetime => Control::Moment,
            FieldType::Bool => Control::Tick,
            FieldType::Text | FieldType::Address => Control::Text,
        };
        let stored = if field.kind == FieldType::Link { typed.get(&format!("{name}_id")) } else { value };
        let mut input = parts::Field::new(&name, &field.label, control).value(stored);
        input.required = field.required;
        input.help = match field.kind {
            FieldType::Link if input.uploads() => t.get("form-file-help"),
            FieldType::Link => t.get(if field.many { "form-links" } else { "form-link" }),
            FieldType::Select => input.help,
            _ if field.many => t.get("form-many"),
            _ => input.help,
        };
        vec![input]
    }
}

fn currencies(chosen: &str) -> Vec<Choice> {
    let other = (!chosen.is_empty() && !CURRENCIES.contains(&chosen)).then_some(chosen);
    let all = CURRENCIES.iter().copied().chain(other);
    all.map(|code| Choice::new(code, code, code == chosen || (chosen.is_empty() && code == "EUR"))).collect()
}
