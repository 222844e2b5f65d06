//! Values as words: one place that says how each type of field reads.

use std::collections::HashMap;

use catalogue::{Field, FieldType, Kind, Purpose, Value};
use crm::records::{Cell, Shown};
use jiff::tz::TimeZone;
use kernel::{Instant, RecordId};

use super::href_of;
pub(crate) use crate::kit::names::initials;
use crate::{
    kit::text::Text,
    views::parts::{self, Chip, Tone},
};

/// What a link shows: where it leads and what names it.
pub(crate) type Links = HashMap<RecordId, (String, String)>;

/// Shows values by the house's clock.
pub(crate) struct Shower {
    /// The language.
    pub t: Text,
    /// Now.
    pub now: Instant,
    /// The house's zone.
    pub zone: TimeZone,
    /// What links show.
    pub links: Links,
}

impl Shower {
    /// Remembers what links to these records show.
    pub(crate) fn know(&mut self, shown: &[Shown]) {
        self.links.extend(shown.iter().map(|s| (s.id, (s.title.clone(), href_of(&s.kind, s.id)))));
    }

    /// A field's cell.
    pub(crate) fn cell(&self, kind: &Kind, key: &str, cell: Option<&Cell>) -> parts::Cell {
        let Some(field) = kind.field(key) else { return parts::Cell::Empty };
        match cell {
            None => parts::Cell::Empty,
            Some(Cell::Shown(value)) => self.value(field, value),
            Some(Cell::Masked(mask)) => parts::Cell::Mask(mask.clone()),
            Some(Cell::WithheldPurpose) => {
                // The purpose closest to the work is named: nobody should administer to see a tax number.
                let served = || field.purposes.iter();
                let needed = served().find(|p| p.key != "administration").or_else(|| served().next()).map_or("", |p: &Purpose| p.key);
                parts::Cell::withheld_purpose(self.t, &self.t.purpose(needed))
            }
            Some(Cell::WithheldClass) => parts::Cell::withheld_class(self.t, field.class.as_str()),
        }
    }

    /// A value.
    pub(crate) fn value(&self, field: &Field, value: &Value) -> parts::Cell {
        match value {
            Value::Number(_) => parts::Cell::Number(self.words(field, value)),
            Value::Money { .. } => parts::Cell::Number(self.words(field, value)),
            Value::Date(day) => parts::Cell::Time { iso: day.to_string(), shown: self.t.day(*day) },
            Value::Time(at) => parts::Cell::Time { iso: at.to_string(), shown: self.t.when(*at, self.now, &self.zone) },
            Value::Link(id) => match self.links.get(id) {
                Some((text, href)) => parts::Cell::Link { text: named(self.t, text), href: href.clone() },
                None => parts::Cell::Withheld(self.t.get("link-withheld")),
            },
            Value::List(values) if values.len() == 1 => self.value(field, &values[0]),
            Value::List(values) if field.kind == FieldType::Select => {
                parts::Cell::Chips(values.iter().map(|v| Chip::new(self.words(field, v), Tone::Plain)).collect())
            }
            Value::List(values) if field.kind == FieldType::Link => {
                parts::Cell::Each(values.iter().map(|one| self.value(field, one)).collect())
            }
            Value::Text(key) if field.system && field.key == catalogue::case::SERVICE => {
                parts::Cell::Chip(Chip::new(self.words(field, value), crate::service::words::tone_of(key)))
            }
            Value::Text(_) if field.kind == FieldType::Select => parts::Cell::Chip(Chip::new(self.words(field, value), Tone::Plain)),
            _ => parts::Cell::Text(self.words(field, value)),
        }
    }

    /// A value as plain words.
    pub(crate) fn words(&self, field: &Field, value: &Value) -> String {
        match value {
            Value::Text(key) if field.kind == FieldType::Select => {
                field.options.iter().find(|option| option.key == *key).map_or_else(|| key.clone(), |option| option.label.clone())
            }
            Value::Number(_) | Value::Money { .. } => self.t.decimal(&value.display()),
            Value::Date(day) => self.t.day(*day),
            Value::Time(at) => self.t.moment(*at, &self.zone),
            Value::Bool(yes) => self.t.get(if *yes { "yes" } else { "no" }),
            Value::Link(id) => self.links.get(id).map_or_else(|| self.t.get("link-withheld"), |(text, _)| named(self.t, text)),
            Value::List(values) => values.iter().map(|v| self.words(field, v)).collect::<Vec<_>>().join(", "),
            _ => value.display(),
        }
    }

    /// The sums of a list's columns, a cell for each column; nothing where there are none.
    pub(crate) fn sums(&self, kind: &Kind, columns: &[&Field], added: &[(String, crm::views::Added)]) -> Vec<Vec<String>> {
        if added.iter().all(|(_, sums)| sums.is_empty()) {
            return Vec::new();
        }
        let of = |field: &&Field| {
            let sums = added.iter().find(|(key, _)| *key == field.key).map(|(_, sums)| sums.as_slice()).unwrap_or_default();
            let words = sums.iter().filter_map(|(currency, n)| {
                let value = match currency {
                    Some(currency) => Value::Money { minor: *n, currency: currency.clone() },
                    None => Value::Number(*n),
                };
                kind.field(&field.key).map(|field| self.words(field, &value))
            });
            words.collect()
        };
        columns.iter().map(of).collect()
    }

    /// How long something is kept, at a glance.
    pub(crate) fn kept(&self, shown: &Shown, held: bool) -> parts::Cell {
        if held {
            return crate::views::list::Row::held(self.t);
        }
        if shown.state == crm::records::State::Restricted {
            return parts::Cell::Chip(Chip::new(self.t.get("state-restricted"), Tone::Limited));
        }
        let Some(until) = shown.kept_until else { return parts::Cell::Empty };
        let (day, today) = (until.day(), self.now.day_in(&self.zone));
        let left = (day - today).get_days();
        match left {
            ..0 => parts::Cell::Chip(Chip::new(self.t.count("kept-late", left.unsigned_abs()), Tone::Time)),
            0..=30 => parts::Cell::Chip(Chip::new(self.t.count("kept-soon", left), Tone::Time)),
            _ => parts::Cell::Time { iso: day.to_string(), shown: self.t.through(day) },
        }
    }
}

/// What names a record, or a word for one without a name.
pub(crate) fn named(t: Text, title: &str) -> String {
    if title.trim().is_empty() { t.get("record-unnamed") } else { title.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn initials_are_those_of_the_first_and_the_last_word() {
        assert_eq!(initials("Ana María de la Cruz"), "AC");
        assert_eq!(initials("Ada"), "A");
        assert_eq!(initials("••••••••"), "");
    }
}
