//! Days and moments: in the reader's language, format and time zone.

use crm::identity::DateFormat;
use fluent_bundle::{FluentArgs, FluentValue};
use jiff::{civil::Date, tz::TimeZone};
use kernel::Instant;

use super::Text;

impl Text {
    /// `21 Nov 2026`, or as its reader chose to have dates.
    pub fn day(&self, day: Date) -> String {
        match self.dates {
            DateFormat::Words => self.said("date-day", day),
            DateFormat::Dots => format!("{:02}.{:02}.{}", day.day(), day.month(), day.year()),
            DateFormat::Slashes => format!("{:02}/{:02}/{}", day.day(), day.month(), day.year()),
            DateFormat::American => format!("{:02}/{:02}/{}", day.month(), day.day(), day.year()),
            DateFormat::Iso => day.to_string(),
        }
    }

    /// A day of this year, without the year: `21 Nov`.
    pub fn day_of_year(&self, day: Date) -> String {
        match self.dates {
            DateFormat::Words => self.said("date-short", day),
            DateFormat::Dots => format!("{:02}.{:02}.", day.day(), day.month()),
            DateFormat::Slashes => format!("{:02}/{:02}", day.day(), day.month()),
            DateFormat::American => format!("{:02}/{:02}", day.month(), day.day()),
            DateFormat::Iso => day.to_string(),
        }
    }

    /// `Wed 2 Dec 2026`.
    pub fn weekday(&self, day: Date) -> String {
        let name = self.get(&format!("weekday-{}", day.weekday().to_monday_one_offset()));
        self.with2("date-weekday", "weekday", name, "day", self.day(day))
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
        let clock = format!("{:02}:{:02}", local.hour(), local.minute());
        self.with2("date-moment", "day", self.day(local.date()), "time", clock)
    }

    /// A moment in the past, as near as a reader needs it: `today 10:42`, `yesterday 16:08`, `12 Nov 09:15`, `2 Feb 2023`.
    pub fn when(&self, at: Instant, now: Instant, zone: &TimeZone) -> String {
        let local = at.timestamp().to_zoned(zone.clone());
        let (day, today) = (local.date(), now.day_in(zone));
        let clock = format!("{:02}:{:02}", local.hour(), local.minute());
        match (today - day).get_days() {
            0 => self.with("date-today-at", "time", clock),
            1 => self.with("date-yesterday-at", "time", clock),
            _ if day.year() == today.year() => format!("{} {clock}", self.day_of_year(day)),
            _ => self.day(day),
        }
    }

    /// What somebody typed for a day, as it is stored: in the format they chose, and ISO 8601 always. What is neither stays as it is.
    pub fn plain_day(&self, typed: &str) -> String {
        let text = typed.trim();
        let parts =
            |mark: char| text.split(mark).map(|part| part.trim().parse::<i16>().ok()).collect::<Option<Vec<_>>>().unwrap_or_default();
        let (day, month, year) = match (self.dates, parts('.').as_slice(), parts('/').as_slice()) {
            (DateFormat::American, _, [month, day, year]) => (*day, *month, *year),
            (DateFormat::Slashes, _, [day, month, year]) | (_, [day, month, year], _) => (*day, *month, *year),
            _ => return text.to_owned(),
        };
        let small = |n: i16| i8::try_from(n).ok();
        let read = small(month).zip(small(day)).and_then(|(month, day)| Date::new(year, month, day).ok());
        read.filter(|day| day.year() > 999).map_or_else(|| text.to_owned(), |day| day.to_string())
    }

    /// A day by a pattern of the language: `$d`, `$m` and `$y` are numbers, `$month` is the month's short name.
    fn said(&self, key: &str, day: Date) -> String {
        let mut args = FluentArgs::new();
        args.set("d", FluentValue::from(i64::from(day.day())));
        args.set("m", FluentValue::from(i64::from(day.month())));
        args.set("y", FluentValue::from(i64::from(day.year())));
        args.set("month", FluentValue::from(self.get(&format!("month-{}", day.month()))));
        self.format(key, Some(&args))
    }
}

#[cfg(test)]
mod tests {
    use crm::identity::Language;
    use jiff::civil::date;

    use super::*;

    #[test]
    fn a_day_reads_as_each_language_writes_it() {
        for (language, shown, first) in [
            (Language::En, "21 Nov 2026", "1 Nov 2026"),
            (Language::De, "21. Nov. 2026", "1. Nov. 2026"),
            (Language::Fr, "21 nov. 2026", "1er nov. 2026"),
            (Language::Es, "21 nov 2026", "1 nov 2026"),
            (Language::Zh, "2026年11月21日", "2026年11月1日"),
        ] {
            assert_eq!(Text::of(language).day(date(2026, 11, 21)), shown);
            assert_eq!(Text::of(language).day(date(2026, 11, 1)), first);
        }
    }

    #[test]
    fn a_reader_who_chose_a_format_has_it_in_every_language() {
        for language in Language::ALL {
            let of = |dates| Text::of(language).dated(dates).day(date(2026, 2, 1));
            assert_eq!(of(DateFormat::Dots), "01.02.2026");
            assert_eq!(of(DateFormat::Slashes), "01/02/2026");
            assert_eq!(of(DateFormat::American), "02/01/2026");
            assert_eq!(of(DateFormat::Iso), "2026-02-01");
        }
    }

    #[test]
    fn a_day_is_read_in_the_format_that_was_chosen_and_in_iso_always() {
        let of = |dates| Text::english().dated(dates);
        assert_eq!(of(DateFormat::Dots).plain_day("01.02.2026"), "2026-02-01");
        assert_eq!(of(DateFormat::Slashes).plain_day("1/2/2026"), "2026-02-01");
        assert_eq!(of(DateFormat::American).plain_day("02/01/2026"), "2026-02-01");
        for dates in DateFormat::ALL {
            assert_eq!(of(dates).plain_day("2026-02-01"), "2026-02-01");
            for odd in ["", "31.02.2026", "1.2.26", "99999.1.1", "yesterday", "1/2", "13/13/2026"] {
                assert_eq!(of(dates).plain_day(odd), odd);
            }
        }
        assert_eq!(of(DateFormat::Words).plain_day("01/02/2026"), "01/02/2026", "which is the month is not guessed");
    }

    #[test]
    fn dates_read_as_people_write_them() {
        let t = Text::english();
        assert_eq!(t.through(date(2032, 12, 31)), "through 31 Dec 2032");
        assert_eq!(t.deadline(date(2026, 12, 2), date(2026, 11, 21)), "Wed 2 Dec 2026, 11 days left");
        assert_eq!(t.deadline(date(2026, 11, 18), date(2026, 11, 21)), "Wed 18 Nov 2026, 3 days late");
        assert_eq!(t.deadline(date(2026, 11, 22), date(2026, 11, 21)), "Sun 22 Nov 2026, 1 day left");
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
        assert_eq!(t.when(at("2026-10-12T08:15:00Z"), now, &zone), "12 Oct 09:15");
        assert_eq!(t.when(at("2023-02-02T10:00:00Z"), now, &zone), "2 Feb 2023");
    }
}
