//! Activity: what people wrote down and sent in a time.

use std::collections::BTreeMap;

use catalogue::{Value, message, note, task};
use jiff::ToSpan as _;
use kernel::{Result, UserId};
use trail::{Actor, App, permit::ReadRecords};

use super::{
    Period, Run, begun, ran,
    scan::{Span, begins, rows},
    told,
};
use crate::{records::StoredRecord, search};

/// What somebody does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Does {
    /// A call.
    Call,
    /// A meeting.
    Meeting,
    /// A note, or a comment.
    Note,
    /// A message that went out or came in.
    Message,
    /// A task that was made.
    Task,
}

impl Does {
    /// Everything, in the order of columns.
    pub const ALL: [Self; 5] = [Self::Call, Self::Meeting, Self::Note, Self::Message, Self::Task];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Call => "call",
            Self::Meeting => "meeting",
            Self::Note => "note",
            Self::Message => "message",
            Self::Task => "task",
        }
    }
}

/// What people did, by whose the records are; the busiest first.
#[derive(Clone, Debug, Default)]
pub struct Activity {
    /// By owner.
    pub owners: Vec<(Option<UserId>, BTreeMap<Does, usize>)>,
    /// The kinds that the reader may not list: not counted.
    pub withheld: Vec<String>,
}

/// Counts what people did. Event `report.run`.
///
/// Errors: forbidden; too_large.
pub async fn activity(app: &App, actor: &Actor, period: Period) -> Result<Run<Activity>> {
    let begun = begun(app, actor).await?;
    let permit = actor.permit::<ReadRecords>()?;
    let to = period.to.saturating_add(1.day());
    let span = Span::Created(begins(period.from, &begun.zone), begins(to, &begun.zone));
    let (mut left, mut withheld) = (super::MOST, Vec::new());
    let mut owners: BTreeMap<Option<UserId>, BTreeMap<Does, usize>> = BTreeMap::new();
    for key in [note::KIND, message::KIND, task::KIND] {
        let kind = app.catalogue().need(key)?;
        let Some(scope) = permit.over(key) else {
            withheld.push(kind.plural.clone());
            continue;
        };
        let purpose = actor.purpose;
        let typed = kind.field(note::TYPE).is_some_and(|field| search::sees(scope, purpose, field));
        let of = move |row: &StoredRecord| {
            let said = row.open.get(note::TYPE).filter(|_| typed).and_then(Value::as_text);
            let does = match (row.kind.key.as_str(), said) {
                (task::KIND, _) => Does::Task,
                (message::KIND, _) => Does::Message,
                (_, Some("call")) => Does::Call,
                (_, Some("meeting")) => Does::Meeting,
                _ => Does::Note,
            };
            Some((row.owner, does))
        };
        for (owner, does) in rows(app, actor, &kind, span.clone(), &mut left, of).await? {
            *owners.entry(owner).or_default().entry(does).or_default() += 1;
        }
    }
    let mut owners: Vec<_> = owners.into_iter().collect();
    owners.sort_by_key(|(_, did)| std::cmp::Reverse(did.values().sum::<usize>()));
    let event = ran("activity", super::MOST - left).word("from", period.from.to_string()).word("to", period.to.to_string());
    let (report, _) = told(app, actor, event, Activity { owners, withheld }, Vec::new()).await?;
    Ok(begun.run.of(report))
}
