//! Words, dates and numbers: Fluent messages by key, one file per slice (`locales/en/*.ftl`).

use std::{fmt::Display, sync::LazyLock};

use crm::views::COUNTED;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use jiff::{civil::Date, tz::TimeZone};
use kernel::Instant;

/// The language files of English, by slice.
pub const ENGLISH: &[(&str, &str)] = &[
    ("shell", include_str!("../../locales/en/shell.ftl")),
    ("setup", include_str!("../../locales/en/setup.ftl")),
    ("notices", include_str!("../../locales/en/notices.ftl")),
    ("home", include_str!("../../locales/en/home.ftl")),
    ("records", include_str!("../../locales/en/records.ftl")),
    ("messages", include_str!("../../locales/en/messages.ftl")),
    ("import", include_str!("../../locales/en/import.ftl")),
    ("requests", include_str!("../../locales/en/requests.ftl")),
    ("retention", include_str!("../../locales/en/retention.ftl")),
    ("approvals", include_str!("../../locales/en/approvals.ftl")),
    ("evidence", include_str!("../../locales/en/evidence.ftl")),
    ("settings", include_str!("../../locales/en/settings.ftl")),
];

static BUNDLE: LazyLock<FluentBundle<FluentResource>> = LazyLock::new(|| {
    let mut bundle = FluentBundle::new_concurrent(vec!["en".parse().unwrap_or_default()]);
    // Names stand in <bdi>; invisible marks inside attributes would be read out by some screen readers.
    bundle.set_use_isolating(false);
    for (_, source) in ENGLISH {
        // A broken message is left out and a test names it; the good ones beside it still speak.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partly, _)| partly);
        bundle.add_resource_overriding(resource);
    }
    bundle
});

/// A language to speak in. Cheap to copy; templates call it `t`.
#[derive(Clone, Copy, Debug, Default)]
pub struct Text(());

impl Text {
    /// English, the only language of this release.
    pub const fn english() -> Self {
        Self(())
    }

    /// Whether there is such a message.
    pub fn has(&self, key: &str) -> bool {
        BUNDLE.get_message(key).is_some_and(|m| m.value().is_some())
    }

    /// The message without arguments; the key itself where there is none, so that nothing is silently empty.
    pub fn get(&self, key: &str) -> String {
        format(key, None)
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
        format(key, Some(&fluent))
    }

    /// What an event says somebody did (`changed a record`), by the event's name.
    pub fn did(&self, event: &str) -> String {
        let key = format!("did-{}", event.replace(['.', '_'], "-"));
        self.get(if self.has(&key) { &key } else { "did-other" })
    }

    /// The message with a count: `$count` chooses the plural form, `$n` is what is shown (`1,204,331`).
    pub fn count(&self, key: &str, count: impl Display) -> String {
        let digits: String = count.to_string().chars().filter(char::is_ascii_digit).collect();
        let count: u64 = digits.parse().unwrap_or(0);
        let mut fluent = FluentArgs::new();
        fluent.set("count", FluentValue::from(count));
        fluent.set("n", FluentValue::from(self.number(count)));
        format(key, Some(&fluent))
    }

    /// How many a list has; in words where they were not all counted.
    pub fn counted(&self, total: Option<i64>) -> String {
        match total.and_then(|n| usize::try_from(n).ok()) {
            Some(n) if n <= COUNTED => self.number(n as u64),
            _ => self.get("list-many"),
        }
    }

    /// `1,204,331`.
    pub fn number(&self, n: u64) -> String {
        let digits = n.to_string();
        let mut out = String::with_capacity(digits.len() + digits.len() / 3);
        for (i, digit) in digits.chars().enumerate() {
            if i > 0 && (digits.len() - i).is_multiple_of(3) {
                out.push(',');
            }
            out.push(digit);
        }
        out
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
        let shown = if tenths > 0 && rest < 100 { format!("{rest}.{tenths}") } else { self.number(rest) };
        self.with(unit, "n", shown)
    }

    /// `21 Nov 2026`.
    pub fn day(&self, day: Date) -> String {
        format!("{} {} {}", day.day(), self.month(day), day.year())
    }

    /// `Wed 2 Dec 2026`.
    pub fn weekday(&self, day: Date) -> String {
        let key = format!("weekday-{}", day.weekday().to_monday_one_offset());
        format!("{} {}", self.get(&key), self.day(day))
    }

    /// `through 31 Dec 2032`: the last day is included.
    pub fn through(&self, day: Date) -> String {
        self.with("date-through", "day", self.day(day))
    }

    /// A date and how far it is: `Wed 2 Dec 2026, 11 days left`, `Wed 18 Nov 2026, 3 days late`.
    pub fn deadline(&self, day: Date, today: Date) -> String {
        let days = (day - today).get_days();
        let distance = match days {
            0 => self.get("date-today"),
            1.. => self.count("date-left", days),
            _ => self.count("date-late", days.unsigned_abs()),
        };
        self.with2("date-deadline", "day", self.weekday(day), "distance", distance)
    }

    /// A moment by the clock of `zone`: `21 Nov 2026, 22:04`.
    pub fn moment(&self, at: Instant, zone: &TimeZone) -> String {
        let local = at.timestamp().to_zoned(zone.clone());
        format!("{}, {:02}:{:02}", self.day(local.date()), local.hour(), local.minute())
    }

    /// A moment in the past, as near as a reader needs it: `today 10:42`, `yesterday 16:08`, `12 Nov 09:15`, `2 Feb 2023`.
    pub fn when(&self, at: Instant, now: Instant, zone: &TimeZone) -> String {
        let local = at.timestamp().to_zoned(zone.clone());
        let (day, today) = (local.date(), now.day_in(zone));
        let clock = format!("{:02}:{:02}", local.hour(), local.minute());
        match (today - day).get_days() {
            0 => self.with("date-today-at", "time", clock),
            1 => self.with("date-yesterday-at", "time", clock),
            _ if day.year() == today.year() => format!("{} {} {clock}", day.day(), self.month(day)),
            _ => self.day(day),
        }
    }

    fn month(&self, day: Date) -> String {
        self.get(&format!("month-{}", day.month()))
    }
}

fn format(key: &str, args: Option<&FluentArgs<'_>>) -> String {
    let Some(pattern) = BUNDLE.get_message(key).and_then(|m| m.value()) else { return key.to_owned() };
    let mut errors = Vec::new();
    BUNDLE.format_pattern(pattern, args, &mut errors).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn every_language_file_is_well_formed_and_no_key_is_said_twice() {
        let mut keys = std::collections::BTreeSet::new();
        for (slice, source) in ENGLISH {
            assert!(FluentResource::try_new((*source).to_owned()).is_ok(), "{slice}.ftl does not parse");
            for key in
                source.lines().filter_map(|l| l.split_once(" =")).map(|(k, _)| k).filter(|k| !k.starts_with([' ', '#', '[', '*', '.']))
            {
                assert!(keys.insert(key.to_owned()), "{key} is said twice");
            }
        }
    }

    #[test]
    fn dates_and_numbers_read_as_people_write_them() {
        let t = Text::english();
        assert_eq!(t.day(date(2026, 11, 21)), "21 Nov 2026");
        assert_eq!(t.through(date(2032, 12, 31)), "through 31 Dec 2032");
        assert_eq!(t.number(1_204_331), "1,204,331");
        assert_eq!(t.number(7), "7");
        assert_eq!(t.deadline(date(2026, 12, 2), date(2026, 11, 21)), "Wed 2 Dec 2026, 11 days left");
        assert_eq!(t.deadline(date(2026, 11, 18), date(2026, 11, 21)), "Wed 18 Nov 2026, 3 days late");
        assert_eq!(t.deadline(date(2026, 11, 22), date(2026, 11, 21)), "Sun 22 Nov 2026, 1 day left");
        assert_eq!(t.size(812), "812 B");
        assert_eq!(t.size(4_213_000), "4.2 MB");
    }

    #[test]
    fn a_moment_is_told_by_the_readers_clock() {
        let t = Text::english();
        let zone = TimeZone::fixed(jiff::tz::offset(1));
        let at = |text| Instant::parse(text).unwrap();
        let now = at("2026-11-21T21:04:00Z");
        assert_eq!(t.moment(now, &zone), "21 Nov 2026, 22:04");
        assert_eq!(t.when(at("2026-11-21T09:42:00Z"), now, &zone), "today 10:42");
        assert_eq!(t.when(at("2026-11-19T23:30:00Z"), now, &zone), "yesterday 00:30");
        assert_eq!(t.when(at("2023-02-02T10:00:00Z"), now, &zone), "2 Feb 2023");
    }

    #[test]
    fn a_missing_key_shows_itself() {
        assert_eq!(Text::english().get("no-such-key"), "no-such-key");
    }
}
