//! How somebody wants to be spoken to: language, time zone, dates, first day of the week. Stored with the user, nothing personal.

use jiff::{civil::Weekday, tz::TimeZone};
use kernel::{Error, Result};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{Release, Unit};

use super::{events, session, sql, staff};

/// A language that pages speak.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Language {
    /// English.
    #[default]
    En,
    /// German.
    De,
    /// French.
    Fr,
    /// Spanish.
    Es,
    /// Chinese, in simplified characters.
    Zh,
}

impl Language {
    /// All of them, English first.
    pub const ALL: [Self; 5] = [Self::En, Self::De, Self::Fr, Self::Es, Self::Zh];

    /// Its code (ISO 639-1): `en`, `de`, `fr`, `es`, `zh`.
    pub const fn code(self) -> &'static str {
        match self {
            Self::En => "en",
            Self::De => "de",
            Self::Fr => "fr",
            Self::Es => "es",
            Self::Zh => "zh",
        }
    }

    /// The language of a code or a tag (`de`, `de-AT`, BCP 47), without regard to case; nothing for one that pages do not speak.
    pub fn find(tag: &str) -> Option<Self> {
        let first = tag.split(['-', '_']).next().unwrap_or_default();
        Self::ALL.into_iter().find(|language| language.code().eq_ignore_ascii_case(first.trim()))
    }
}

impl std::str::FromStr for Language {
    type Err = String;

    fn from_str(text: &str) -> std::result::Result<Self, String> {
        Self::ALL.into_iter().find(|language| language.code() == text).ok_or_else(|| "Choose en, de, fr, es or zh.".to_owned())
    }
}

/// How a date is written.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateFormat {
    /// As the language writes it, the month as a word: `21 Nov 2026`.
    #[default]
    Words,
    /// `21.11.2026`.
    Dots,
    /// `21/11/2026`.
    Slashes,
    /// `11/21/2026`.
    American,
    /// `2026-11-21` (ISO 8601).
    Iso,
}

impl DateFormat {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::Words, Self::Dots, Self::Slashes, Self::American, Self::Iso];

    /// Its word in forms and in what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Words => "words",
            Self::Dots => "dots",
            Self::Slashes => "slashes",
            Self::American => "american",
            Self::Iso => "iso",
        }
    }
}

/// The day a week begins with.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WeekStart {
    /// Monday (ISO 8601).
    Monday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

impl WeekStart {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Monday, Self::Saturday, Self::Sunday];

    /// Its word in forms and in what is stored.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monday => "monday",
            Self::Saturday => "saturday",
            Self::Sunday => "sunday",
        }
    }

    /// The day itself.
    pub const fn weekday(self) -> Weekday {
        match self {
            Self::Monday => Weekday::Monday,
            Self::Saturday => Weekday::Saturday,
            Self::Sunday => Weekday::Sunday,
        }
    }
}

/// What somebody chose for their own pages. What they did not choose follows their browser and the house.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Preferences {
    /// The language; without one it is negotiated with the browser.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// The time zone by its name in the IANA database; without one the house's.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub zone: Option<String>,
    /// How dates are written; without it, as the language does.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dates: Option<DateFormat>,
    /// The day a week begins with; without it Monday.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub week: Option<WeekStart>,
}

impl Preferences {
    /// Reads what a form or a program sends, each value by its word, an empty one for no choice.
    ///
    /// # Errors
    /// `invalid_input` at `/language`, `/zone`, `/dates` or `/week`.
    pub fn of(language: &str, zone: &str, dates: &str, week: &str) -> Result<Self> {
        let zone = Some(zone.trim()).filter(|zone| !zone.is_empty());
        if zone.is_some_and(|zone| TimeZone::get(zone).is_err()) {
            return Err(Error::invalid("/zone", "unknown_zone", "Choose a time zone by its name, such as Europe/Berlin."));
        }
        Ok(Self {
            language: chosen("/language", language, &Language::ALL, Language::code)?,
            zone: zone.map(str::to_owned),
            dates: chosen("/dates", dates, &DateFormat::ALL, DateFormat::as_str)?,
            week: chosen("/week", week, &WeekStart::ALL, WeekStart::as_str)?,
        })
    }

    /// The time zone; nothing when none was chosen, or none of this name is known to this machine any more.
    pub fn time_zone(&self) -> Option<TimeZone> {
        self.zone.as_deref().and_then(|name| TimeZone::get(name).ok())
    }
}

fn chosen<T: Copy>(pointer: &str, word: &str, all: &[T], of: fn(T) -> &'static str) -> Result<Option<T>> {
    let word = word.trim();
    if word.is_empty() {
        return Ok(None);
    }
    let found = all.iter().copied().find(|one| of(*one) == word);
    found.map(Some).ok_or_else(|| Error::invalid(pointer, "unknown", "Choose one of the list."))
}

/// The actor's own choices. Error: unauthenticated for who is no member of staff.
pub fn own(unit: &mut Unit) -> Result<Release<Preferences>> {
    let id = unit.actor().staff().ok_or_else(session::ended)?;
    let settings: String = unit.one(sql::STAFF_STANDING, &args![id], |row| row.get(3))?;
    let preferences = staff::Settings::read(&settings)?.preferences;
    unit.plain(preferences)
}

/// Sets the actor's own choices; they hold from the next request on. Event `user.preferred`.
/// Error: unauthenticated for who is no member of staff.
pub fn set(unit: &mut Unit, preferences: &Preferences) -> Result<()> {
    let id = unit.actor().staff().ok_or_else(session::ended)?;
    let before: String = unit.one(sql::STAFF_STANDING, &args![id], |row| row.get(3))?;
    let settings = staff::Settings { preferences: preferences.clone(), ..staff::Settings::read(&before)? };
    unit.run(sql::STAFF_SETTINGS, &args![id, settings.write()?])?;
    unit.witness(events::preferred(id))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_choice_is_read_by_its_word_and_an_unknown_one_is_refused_where_it_stands() {
        let chosen = Preferences::of("de", "Europe/Berlin", "dots", "").unwrap();
        assert_eq!(chosen.language, Some(Language::De));
        assert_eq!(chosen.dates, Some(DateFormat::Dots));
        assert!(chosen.week.is_none() && chosen.time_zone().is_some());
        for (given, pointer) in [
            (["xx", "", "", ""], "/language"),
            (["", "Mars/Olympus", "", ""], "/zone"),
            (["", "", "roman", ""], "/dates"),
            (["", "", "", "someday"], "/week"),
        ] {
            let refused = Preferences::of(given[0], given[1], given[2], given[3]).unwrap_err();
            assert_eq!(refused.problems()[0].pointer, pointer);
        }
    }

    #[test]
    fn what_was_stored_before_there_were_preferences_still_reads() {
        assert_eq!(serde_json::from_str::<Preferences>("{}").unwrap(), Preferences::default());
        assert_eq!(serde_json::to_string(&Preferences::default()).unwrap(), "{}");
    }

    #[test]
    fn a_tag_with_a_region_is_its_language() {
        assert_eq!(Language::find("de-AT"), Some(Language::De));
        assert_eq!(Language::find("ZH-Hans-CN"), Some(Language::Zh));
        assert_eq!(Language::find("tlh"), None);
    }
}
