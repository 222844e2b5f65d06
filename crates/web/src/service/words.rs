//! A clock in words: how much is left or over, by which target, and what ran and stood still.

use catalogue::{Kind, Value, case};
use crm::service::{Clock, Day, Hours, Promise, Set, State, Stretch};

use crate::{
    kit::text::Text,
    records::pages::Shower,
    views::{
        parts::{Chip, Tone},
        record::{ClockLine, ClockPanel, ClockStretch},
    },
};

/// `45 min`, `2 h`, `1 h 30 min`, to the next minute.
pub(crate) fn span(t: Text, seconds: i64) -> String {
    let minutes = (seconds.abs() + 30) / 60;
    let (hours, rest) = (minutes / 60, minutes % 60);
    match (hours, rest) {
        (0, rest) => t.with("span-minutes", "minutes", rest),
        (hours, 0) => t.with("span-hours", "hours", hours),
        (hours, rest) => t.with2("span-hours-minutes", "hours", hours, "minutes", rest),
    }
}

/// Green kept, amber due soon, red overdue.
pub(crate) const fn tone(state: State) -> Tone {
    match state {
        State::OnTime => Tone::Plain,
        State::Soon => Tone::Time,
        State::Overdue => Tone::Held,
        State::Paused => Tone::Limited,
        State::Met => Tone::Good,
        State::Missed => Tone::Held,
    }
}

/// The tone of a stored state.
pub(crate) fn tone_of(word: &str) -> Tone {
    State::ALL.into_iter().find(|state| state.as_str() == word).map_or(Tone::Plain, tone)
}

fn chip(kind: &Kind, shower: &Shower, state: State) -> Chip {
    let value = Value::Text(state.as_str().to_owned());
    let words = kind.field(case::SERVICE).map_or_else(|| state.as_str().to_owned(), |field| shower.words(field, &value));
    Chip::new(words, tone(state))
}

/// The clock of a case as its page shows it.
pub(crate) fn panel(kind: &Kind, shower: &Shower, clock: &Clock, set: &Set, manages: bool) -> Option<ClockPanel> {
    let t = shower.t;
    let promises = [("target-reply", clock.reply), ("target-solve", clock.solve)];
    let lines: Vec<ClockLine> =
        promises.into_iter().filter_map(|(label, promise)| promise.map(|promise| line(kind, shower, &t.get(label), &promise))).collect();
    let state = clock.state()?;
    let option = |field: &str, key: &str| {
        let field = kind.field(field)?;
        field.options.iter().find(|option| option.key == key).map(|option| option.label.clone())
    };
    let hours = if clock.target.around_the_clock { t.get("target-always") } else { hours(t, &set.targets.hours) };
    let priority = option(case::PRIORITY, &clock.priority).unwrap_or_else(|| clock.priority.clone());
    let minutes = |minutes: Option<u32>| minutes.map_or_else(|| "–".to_owned(), |minutes| span(t, i64::from(minutes) * 60));
    let why = [("priority", priority), ("reply", minutes(clock.target.reply)), ("solve", minutes(clock.target.solve))];
    let stretch = |stretch: &Stretch| ClockStretch {
        iso: stretch.from.to_string(),
        from: t.when(stretch.from, shower.now, &shower.zone),
        status: option(case::STATUS, &stretch.status).unwrap_or_else(|| t.get("target-no-status")),
        counted: if stretch.runs { span(t, stretch.counted) } else { t.get("target-stood") },
    };
    Some(ClockPanel {
        state: chip(kind, shower, state),
        lines,
        why: t.with_all("target-why", &why),
        hours,
        stretches: clock.stretches.iter().map(stretch).collect(),
        settings_href: manages.then(|| "/settings/service".to_owned()),
    })
}

fn line(kind: &Kind, shower: &Shower, label: &str, promise: &Promise) -> ClockLine {
    let t = shower.t;
    let at = |at: Option<kernel::Instant>| at.map(|at| t.when(at, shower.now, &shower.zone)).unwrap_or_default();
    let left = span(t, promise.left());
    let (done, due) = (at(promise.done), at(promise.due));
    let said = match promise.state {
        State::Met => t.with("target-met", "when", done),
        State::Missed => t.with2("target-missed", "when", done, "due", due),
        State::Overdue => t.with2("target-overdue", "over", left, "due", due),
        State::Paused => t.with("target-paused", "left", left),
        State::OnTime | State::Soon if promise.due.is_none() => t.with("target-left", "left", left),
        State::OnTime | State::Soon => t.with2("target-due", "left", left, "due", due),
    };
    let allowed = i64::from(promise.allowed) * 60;
    ClockLine {
        label: label.to_owned(),
        state: chip(kind, shower, promise.state),
        said,
        used: t.with2("target-used", "used", span(t, promise.used), "allowed", span(t, allowed)),
        percent: u8::try_from((promise.used.clamp(0, allowed) * 100).checked_div(allowed).unwrap_or(0)).unwrap_or(100),
    }
}

/// The name of a day of the week.
pub(crate) fn day(t: Text, day: Day) -> String {
    match day {
        Day::Monday => t.get("day-monday"),
        Day::Tuesday => t.get("day-tuesday"),
        Day::Wednesday => t.get("day-wednesday"),
        Day::Thursday => t.get("day-thursday"),
        Day::Friday => t.get("day-friday"),
        Day::Saturday => t.get("day-saturday"),
        Day::Sunday => t.get("day-sunday"),
    }
}

/// `Counted in working hours: Monday 09:00-17:00, … (Europe/Berlin), without holidays.`
pub(crate) fn hours(t: Text, hours: &Hours) -> String {
    let all: Vec<String> = hours.week.iter().map(|(of, span)| format!("{} {span}", day(t, *of))).collect();
    t.with2("target-hours", "hours", all.join(", "), "zone", &hours.zone)
}
