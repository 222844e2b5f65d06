//! What stands beside a record's facts: its timeline by days, why it may be kept, what is left of one that was destroyed.

use catalogue::{Catalogue, Kind, Value, note, task};
use crm::permits::ReadRecords;
use crm::retention::{Effect, Outcome, Reason, Source};
use crm::{
    consent::Act,
    retention::{Explained, deciding},
    timeline,
};
use jiff::{civil::Date, tz::TimeZone};
use kernel::{Error, Instant, RecordId, Result};

use super::{Shower, address::encode, cells::named, href_of, icon_of, record::Dossier};
use crate::{
    consent::pages::act_key,
    kit::{text::Text, who::Who},
    router::Web,
    views::{
        parts::{Chip, Line, Paging, Said, Tab, Tone},
        record::{self, Day, Entry, Keeping, Tick},
    },
};

/// The filters of a timeline: the word in the address, the label's key, the kinds.
const SHOWS: [(&str, &str, &[&str]); 4] = [
    ("messages", "show-messages", &["message"]),
    ("notes", "show-notes", &["note"]),
    ("tasks", "show-tasks", &["task"]),
    ("files", "show-files", &["file"]),
];

/// The kinds that a filter of the timeline shows; none for all.
pub(super) fn kinds_of(kind: &Kind, show: &str) -> Vec<String> {
    if show == "changes" {
        return vec![kind.key.clone()];
    }
    let known = SHOWS.iter().find(|(word, ..)| *word == show);
    known.map(|(_, _, kinds)| kinds.iter().map(|k| (*k).to_owned()).collect()).unwrap_or_default()
}

/// The tabs of a timeline.
pub(super) fn tabs(t: Text, kind: &Kind, href: &str, show: &str) -> Vec<Tab> {
    let chosen = !kinds_of(kind, show).is_empty();
    let all = Tab::new(t.get("show-everything"), href, !chosen);
    let words = SHOWS.iter().map(|(word, label, _)| (*word, *label)).chain([("changes", "show-changes")]);
    let more = words.map(|(word, label)| Tab::new(t.get(label), format!("{href}?show={word}"), show == word));
    [all].into_iter().chain(more).collect()
}

/// The end of a day, where a timeline begins that is asked for it; none for no day. Error: invalid_input.
pub(super) fn until(day: &str, zone: &TimeZone) -> Result<Option<Instant>> {
    if day.is_empty() {
        return Ok(None);
    }
    let wrong = || Error::invalid("/day", "not_a_date", "Write the day as 2026-05-31.");
    let next = day.parse::<Date>().ok().and_then(|day| day.tomorrow().ok()).ok_or_else(wrong)?;
    let midnight = next.to_zoned(zone.clone()).map_err(|_| wrong())?;
    Ok(Some(Instant::from_micros(midnight.timestamp().as_microsecond())))
}

/// Older and newer.
pub(super) fn paging(href: &str, show: &str, before: &str, next: Option<&str>) -> Paging {
    let start = if show.is_empty() { href.to_owned() } else { format!("{href}?show={}", encode(show)) };
    let gap = if show.is_empty() { '?' } else { '&' };
    Paging {
        previous: (!before.is_empty()).then(|| start.clone()),
        next: next.map(|cursor| format!("{start}{gap}before={}#time", encode(cursor))),
    }
}

/// The timeline's entries by days.
pub(super) fn days(shower: &Shower, all: &Dossier, catalogue: &Catalogue, ticks: bool) -> Vec<Day> {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for one in &all.timeline.entries {
        let day = one.at.day_in(&shower.zone);
        let entry = entry(shower, all, catalogue, one, ticks);
        match days.last_mut() {
            Some((last, group)) if *last == day => group.entries.push(entry),
            _ => days.push((day, Day { label: label(shower, day), entries: vec![entry] })),
        }
    }
    days.into_iter().map(|(_, day)| day).collect()
}

fn label(shower: &Shower, day: Date) -> String {
    let today = shower.now.day_in(&shower.zone);
    if day == today {
        shower.t.get("day-today")
    } else if day.tomorrow().is_ok_and(|next| next == today) {
        shower.t.get("day-yesterday")
    } else {
        shower.t.weekday(day)
    }
}

fn entry(shower: &Shower, all: &Dossier, catalogue: &Catalogue, one: &timeline::Entry, ticks: bool) -> Entry {
    let t = shower.t;
    let described = catalogue.kind(&one.kind);
    let sort = one.stands(note::TYPE).zip(described.and_then(|kind| kind.field(note::TYPE)));
    let label = || described.map_or_else(|| one.kind.clone(), |kind| kind.label.clone());
    let kind = sort.map_or_else(label, |(value, field)| shower.words(field, value));
    let changed = one.what.ends_with(".changed");
    let own = one.record == all.shown.id;
    let mut said = Said::new();
    let spoke = one.what.strip_prefix(timeline::SAID).and_then(|rest| rest.split_once('.'));
    said = match (own, changed) {
        _ if let Some((act, purpose)) = spoke => {
            let act = Act::parse(act).map_or_else(|| act.to_owned(), |act| t.get(act_key(act)));
            said.link(t.with2("consent-entry", "purpose", t.purpose(purpose), "what", act), format!("/consents/{}", one.record))
        }
        (true, false) => said.say(t.get("line-created")),
        (true, true) if one.changed.is_empty() => said.say(t.get("line-changed")),
        (true, true) => said.say(t.get("line-changed-fields")).strong(t.fields(&one.kind, &one.changed)),
        (false, _) => {
            let said = said.say(format!("{kind} ")).link(named(t, &one.title), href_of(&one.kind, one.record));
            match (changed, one.changed.is_empty()) {
                (false, _) => said,
                (true, true) => said.say(t.get("line-was-changed")),
                (true, false) => said.say(t.get("line-was-changed-fields")).strong(t.fields(&one.kind, &one.changed)),
            }
        }
    };
    // The product's own steps need no name.
    if let Some(actor) = one.actor.as_deref().filter(|actor| *actor != "system") {
        said = said.say(t.with("line-by", "name", all.staff.who(t, actor)));
    }
    let at = one.at.timestamp().to_zoned(shower.zone.clone());
    Entry {
        icon: if changed { "change" } else { icon_of(&one.kind) }.to_owned(),
        said,
        iso: one.at.to_string(),
        when: format!("{:02}:{:02}", at.hour(), at.minute()),
        body: one.excerpt.clone().unwrap_or_default(),
        proofs: due(shower, all, one),
        folded: None,
        tick: tick(t, one).filter(|_| ticks && !own),
    }
}

/// A task's tick beside the entry of its making.
fn tick(t: Text, one: &timeline::Entry) -> Option<Tick> {
    let made = one.kind == task::KIND && one.what.ends_with(".created");
    let done = one.stands(task::DONE) == Some(&Value::Bool(true));
    let label = t.with(if done { "task-open-again" } else { "home-task-done" }, "title", named(t, &one.title));
    made.then(|| Tick { action: format!("{}/done", href_of(&one.kind, one.record)), done, label })
}

/// When a task is due and whose it is, beside the entry of its making.
fn due(shower: &Shower, all: &Dossier, one: &timeline::Entry) -> Vec<Chip> {
    if one.kind != task::KIND || !one.what.ends_with(".created") {
        return Vec::new();
    }
    let t = shower.t;
    let owner =
        one.owner.and_then(|owner| all.staff.get(&owner.to_string())).map(|name| Chip::new(t.with("task-for", "name", name), Tone::Plain));
    if one.stands(task::DONE) == Some(&Value::Bool(true)) {
        return [Chip::new(t.get("task-done"), Tone::Good)].into_iter().chain(owner).collect();
    }
    let day = match one.stands(task::DUE) {
        Some(Value::Date(day)) => Some(*day),
        _ => None,
    };
    let chip = day.map(|day| {
        let today = shower.now.day_in(&shower.zone);
        // A time of another day was left behind when the day was moved.
        let clock = match one.stands(task::DUE_AT) {
            Some(Value::Time(at)) if at.day_in(&shower.zone) == day => Some(at.timestamp().to_zoned(shower.zone.clone())),
            _ => None,
        };
        let words = t.deadline(day, today);
        let words =
            clock.map_or(words.clone(), |at| t.with2("task-due-at", "when", words, "time", format!("{:02}:{:02}", at.hour(), at.minute())));
        let tone = if day < today {
            Tone::Held
        } else if day == today {
            Tone::Time
        } else {
            Tone::Plain
        };
        Chip::new(words, tone)
    });
    chip.into_iter().chain(owner).collect()
}

/// Why a record may be kept, as decided now.
pub(super) fn keeping(t: Text, explained: &Explained, held: bool) -> Keeping {
    let decision = &explained.decision;
    let tone = match decision.outcome {
        Outcome::Hold | Outcome::Redact => Tone::Held,
        Outcome::Overdue | Outcome::Dispose | Outcome::Due | Outcome::Freeze | Outcome::Suspend => Tone::Time,
        Outcome::Restrict => Tone::Limited,
        Outcome::Retain | Outcome::RetainOpen | Outcome::Unclassified | Outcome::May | Outcome::Partial => Tone::Plain,
    };
    let (line, note) = explained.line.split_once(": ").unwrap_or((&explained.line, ""));
    let decides = deciding(decision);
    let reasons = decision.reasons.iter().map(|reason| told(t, reason, decides == Some(reason))).collect();
    let mut lines = Vec::new();
    if let Some(day) = decision.earliest {
        lines.push(Line::text(t.get("keep-earliest"), t.day(day)));
    }
    if let Some(day) = decision.latest {
        lines.push(Line::text(t.get("keep-latest"), t.day(day)));
    }
    lines.push(Line::text(t.get("keep-holds"), t.get(if held { "keep-held" } else { "keep-no-hold" })));
    Keeping { tone, line: line.to_owned(), note: sentence(note), reasons, lines }
}

fn sentence(text: &str) -> String {
    if text.is_empty() || text.ends_with('.') { text.to_owned() } else { format!("{}.", crate::kit::names::capital(text)) }
}

fn told(t: Text, reason: &Reason, decides: bool) -> record::Reason {
    let (rule, version, citation) = match &reason.source {
        Source::Rule { id, name, version, citation, .. } => {
            (name.as_ref().unwrap_or(id).to_string(), version.to_string(), citation.to_string())
        }
        Source::Hold(_) => (t.get("reason-hold"), String::new(), String::new()),
        Source::CoolOff => (t.get("reason-cool-off"), String::new(), String::new()),
        Source::Request(_) => (t.get("reason-request"), String::new(), String::new()),
        Source::Capture => (t.get("reason-capture"), String::new(), String::new()),
        Source::Clock => (t.get("reason-clock"), String::new(), String::new()),
    };
    let day = reason.date.map_or_else(|| t.get("reason-no-day"), |day| t.day(day));
    let effect = match reason.effect {
        Effect::Floor => t.with("effect-floor", "day", day),
        Effect::Yields => t.with("effect-yields", "day", day),
        Effect::OpenFloor => t.get("effect-open-floor"),
        Effect::Ceiling => t.with("effect-ceiling", "day", day),
        Effect::OpenCeiling => t.get("effect-open-ceiling"),
        Effect::Prohibits => t.get("effect-prohibits"),
        Effect::OpenProhibition => t.get("effect-open-prohibition"),
        Effect::Holds => t.get("effect-holds"),
        Effect::Freezes => t.get("effect-freezes"),
        Effect::Anchors => t.with("effect-anchors", "day", day),
        Effect::Suspends => t.get("effect-suspends"),
    };
    let trigger = reason.from.map_or_else(String::new, |from| t.with("reason-from", "day", t.day(from)));
    record::Reason { rule, version, citation, trigger, effect, decides }
}

/// A record that was destroyed says only that, and where its certificate is. `None` when there never was one in reach.
pub(super) async fn gone(web: &Web, who: &Who, id: RecordId) -> Result<Option<Error>> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let gone = web.app.read(&who.actor, move |unit| {
        let row = crm::records::find(unit, id)?;
        // Whose it was is no longer known; the kind and what it was usable for are.
        let gone = row.is_some_and(|row| !row.state.is_readable() && permit.over(&row.kind.key).is_some());
        unit.plain(gone)
    });
    Ok(gone.await?.then(|| {
        Error::new(
            kernel::Code::NotFound,
            format!("This record was destroyed and nothing of it is left to read. Its certificate of destruction is found under {id}."),
        )
    }))
}
