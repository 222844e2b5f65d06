//! What stands beside a record's facts: its timeline by days, why it may be kept, what is left of one that was destroyed.

use catalogue::{Catalogue, Kind};
use crm::permits::ReadRecords;
use crm::retention::{Effect, Outcome, Reason, Source};
use crm::{
    retention::{Explained, deciding},
    timeline,
};
use jiff::civil::Date;
use kernel::{Error, RecordId, Result};

use super::{Shower, cells::named, filter::encode, href_of, icon_of, record::Dossier};
use crate::{
    kit::{text::Text, who::Who},
    router::Web,
    views::{
        parts::{Line, Paging, Said, Tab, Tone},
        record::{self, Day, Entry, Keeping},
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
pub(super) fn days(shower: &Shower, all: &Dossier, catalogue: &Catalogue) -> Vec<Day> {
    let mut days: Vec<(Date, Day)> = Vec::new();
    for one in &all.timeline.entries {
        let day = one.at.day_in(&shower.zone);
        let entry = entry(shower, all, catalogue, one);
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

fn entry(shower: &Shower, all: &Dossier, catalogue: &Catalogue, one: &timeline::Entry) -> Entry {
    let t = shower.t;
    let kind = catalogue.kind(&one.kind).map_or_else(|| one.kind.clone(), |kind| kind.label.clone());
    let changed = one.what.ends_with(".changed");
    let own = one.record == all.shown.id;
    let mut said = Said::new();
    said = match (own, changed) {
        (true, false) => said.say(t.get("line-created")),
        (true, true) if one.changed.is_empty() => said.say(t.get("line-changed")),
        (true, true) => said.say(t.get("line-changed-fields")).strong(one.changed.join(", ")),
        (false, _) => {
            let said = said.say(format!("{kind} ")).link(named(t, &one.title), href_of(&one.kind, one.record));
            match (changed, one.changed.is_empty()) {
                (false, _) => said,
                (true, true) => said.say(t.get("line-was-changed")),
                (true, false) => said.say(t.get("line-was-changed-fields")).strong(one.changed.join(", ")),
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
        proofs: Vec::new(),
        folded: None,
    }
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
    if text.is_empty() || text.ends_with('.') { text.to_owned() } else { format!("{}.", super::cells::capital(text)) }
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
