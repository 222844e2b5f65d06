//! Words, dates and numbers: Fluent messages by key, one file per language and slice (`locales/*/*.ftl`).

mod bundles;
mod dates;
mod labels;
mod numbers;
#[cfg(test)]
mod tests;

use std::fmt::Display;

use crm::{
    identity::{DateFormat, Language, WeekStart},
    views::COUNTED,
};
use fluent_bundle::{FluentArgs, FluentValue};
use kernel::Problem;

pub use bundles::{endonym, files, negotiated};
pub use labels::{Catalogues, sorting};

/// A language to speak in, and how its reader writes dates. Cheap to copy; templates call it `t`.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Text {
    language: Language,
    dates: DateFormat,
    week: Option<WeekStart>,
}

impl Text {
    /// English, for programs and for what is stored.
    pub const fn english() -> Self {
        Self::of(Language::En)
    }

    /// A language, with dates as it writes them.
    pub const fn of(language: Language) -> Self {
        Self { language, dates: DateFormat::Words, week: None }
    }

    /// With dates as its reader chose to have them.
    #[must_use]
    pub const fn dated(self, dates: DateFormat) -> Self {
        Self { dates, ..self }
    }

    /// With the day that its reader's weeks begin with.
    #[must_use]
    pub const fn weeks_from(self, week: Option<WeekStart>) -> Self {
        Self { week, ..self }
    }

    /// The day that weeks begin with: as chosen, otherwise Monday (ISO 8601).
    pub fn first_of_week(&self) -> jiff::civil::Weekday {
        self.week.unwrap_or(WeekStart::Monday).weekday()
    }

    /// The language.
    pub const fn language(&self) -> Language {
        self.language
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        [self.language, Language::En]
            .iter()
            .any(|language| bundles::bundle(*language).get_message(key).is_some_and(|m| m.value().is_some()))
    }

    /// The message without arguments; the key itself where there is none, so that nothing is silently empty.
    pub fn get(&self, key: &str) -> String {
        self.format(key, None)
    }

    /// The message with one argument.
    pub fn with(&self, key: &str, name: &str, value: impl Display) -> String {
        self.with_all(key, &[(name, value.to_string())])
    }

    /// The message with two arguments.
    pub fn with2(&self, key: &str, one: &str, value: impl Display, two: &str, other: impl Display) -> String {
        self.with_all(key, &[(one, value.to_string()), (two, other.to_string())])
    }

    /// The message with any number of arguments.
    pub fn with_all(&self, key: &str, args: &[(&str, String)]) -> String {
        let mut fluent = FluentArgs::new();
        for (name, value) in args {
            fluent.set((*name).to_owned(), FluentValue::from(value.as_str()));
        }
        self.format(key, Some(&fluent))
    }

    /// What an event says somebody did (`changed a record`), by the event's name.
    pub fn did(&self, event: &str) -> String {
        let key = format!("did-{}", event.replace(['.', '_'], "-"));
        self.get(if self.has(&key) { &key } else { "did-other" })
    }

    /// What is wrong with an input: by the problem's code in another language than English, where there is a message for it.
    pub fn problem(&self, problem: &Problem) -> String {
        let key = format!("problem-{}", problem.code.replace('_', "-"));
        if self.language == Language::En || !self.has(&key) { problem.detail.clone() } else { self.get(&key) }
    }

    /// The message with a count: `$count` chooses the plural form, `$n` is what is shown (`1,204,331`).
    pub fn count(&self, key: &str, count: impl Display) -> String {
        let digits: String = count.to_string().chars().filter(char::is_ascii_digit).collect();
        let count: u64 = digits.parse().unwrap_or(0);
        let mut fluent = FluentArgs::new();
        fluent.set("count", FluentValue::from(count));
        fluent.set("n", FluentValue::from(self.number(count)));
        self.format(key, Some(&fluent))
    }

    /// How many a list has; in words where they were not all counted.
    pub fn counted(&self, total: Option<i64>) -> String {
        match total.and_then(|n| usize::try_from(n).ok()) {
            Some(n) if n <= COUNTED => self.number(n as u64),
            _ => self.get("list-many"),
        }
    }

    /// A size in bytes, rounded for people: `812 B`, `4.2 MB`.
    pub fn size(&self, bytes: u64) -> String {
        let mut rest = bytes;
        let mut tenths = 0;
        let mut unit = "size-b";
        for larger in ["size-kb", "size-mb", "size-gb"] {
            if rest < 1000 {
                break;
            }
            tenths = (rest % 1000) / 100;
            rest /= 1000;
            unit = larger;
        }
        let shown = if tenths > 0 && rest < 100 { self.decimal(&format!("{rest}.{tenths}")) } else { self.number(rest) };
        self.with(unit, "n", shown)
    }

    /// A message in this language; in English where it has none.
    fn format(&self, key: &str, args: Option<&FluentArgs<'_>>) -> String {
        let mut errors = Vec::new();
        for language in [self.language, Language::En] {
            let bundle = bundles::bundle(language);
            if let Some(pattern) = bundle.get_message(key).and_then(|m| m.value()) {
                return bundle.format_pattern(pattern, args, &mut errors).into_owned();
            }
        }
        key.to_owned()
    }
}
