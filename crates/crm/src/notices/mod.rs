//! What a member of staff is told of: that a colleague mentions them, that a task was given to them or is due.
//!
//! A notice holds ids and times alone, never a word of the record it points to; what that says is read by whoever opens it, as far as they
//! may. Those who write records tell ([`tell`]); each reads and marks their own.

pub mod sql;
#[cfg(test)]
mod tests;

use std::time::Duration;

use kernel::{Code, Error, Instant, NoticeId, RecordId, Result, UserId};
use serde::Serialize;
use store::args;
use trail::{Event, Unit};

/// The most notices of one page.
pub const LIMIT_MAX: usize = 200;
/// Unread ones are counted up to this many.
pub const COUNTED: i64 = 100;
/// How long one that was read stays in the list: 90 days.
const REMEMBERED: Duration = Duration::from_secs(90 * 24 * 3600);

/// Why somebody is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// A note mentions them.
    Mention,
    /// A task was given to them.
    Assigned,
    /// A task of theirs is due.
    Reminder,
    /// An account of mail of theirs cannot be fetched; the record's id is that of the account.
    Mail,
    /// A rule of automation tells them of the record.
    Rule,
    /// A rule of theirs was stopped; the record's id is that of the rule.
    Stopped,
    /// An endpoint of theirs was switched off; the record's id is that of the endpoint.
    Webhook,
    /// A case of theirs is due soon.
    DueSoon,
    /// A case of theirs is past what was promised.
    Overdue,
}

impl Why {
    /// Every reason.
    pub const ALL: [Self; 9] =
        [Self::Mention, Self::Assigned, Self::Reminder, Self::Mail, Self::Rule, Self::Stopped, Self::Webhook, Self::DueSoon, Self::Overdue];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Mention => "mention",
            Self::Assigned => "assigned",
            Self::Reminder => "reminder",
            Self::Mail => "mail",
            Self::Rule => "rule",
            Self::Stopped => "stopped",
            Self::Webhook => "webhook",
            Self::DueSoon => "due_soon",
            Self::Overdue => "overdue",
        }
    }

    fn parse(word: &str) -> Result<Self> {
        Self::ALL.into_iter().find(|why| why.as_str() == word).ok_or_else(|| Error::internal("a notice of an unknown reason"))
    }
}

/// Something that somebody is told of.
#[derive(Clone, Debug, Serialize)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// When they were told.
    pub at: Instant,
    /// Why.
    pub why: Why,
    /// Of which record.
    pub record: RecordId,
    /// Who caused it, as the trail says: an id, `operator` or `system`.
    pub actor: String,
    /// When they read it.
    pub seen: Option<Instant>,
}

/// Which notices are marked as read.
#[derive(Clone, Debug)]
pub enum Which {
    /// These.
    These(Vec<NoticeId>),
    /// This one and all before it: what came meanwhile stays unread.
    UpTo(NoticeId),
}

/// Tells somebody of a record, in a unit that has witnessed its event. Who acts is not told of their own act.
pub fn tell(unit: &mut Unit, staff: UserId, why: Why, record: RecordId) -> Result<()> {
    if unit.actor().staff() == Some(staff) {
        return Ok(());
    }
    tell_also(unit, staff, why, record)
}

/// As [`tell`], also whoever acts: for what a rule does on their behalf.
pub fn tell_also(unit: &mut Unit, staff: UserId, why: Why, record: RecordId) -> Result<()> {
    let (id, now, actor) = (NoticeId::mint(unit.env()), unit.now(), unit.actor().who.to_string());
    unit.run(sql::FORGET, &args![staff, now.minus(REMEMBERED)])?;
    unit.run(sql::INSERT, &args![staff, id, now, why.as_str(), record, actor]).map(drop)
}

/// Whether somebody was told of a record for this reason since a time.
pub fn told_since(unit: &mut Unit, staff: UserId, why: Why, record: RecordId, since: Instant) -> Result<bool> {
    Ok(unit.maybe(sql::TOLD, &args![record, staff, why.as_str(), since], |row| row.get::<i64>(0))?.is_some())
}

/// The actor's own notices, newest first, from the one before `before`. Nothing is opened. Errors: unauthenticated for who is no member of
/// staff; invalid_input for the limit.
pub fn mine(unit: &mut Unit, unread: bool, before: Option<NoticeId>, limit: usize) -> Result<Vec<Notice>> {
    let me = me(unit)?;
    if limit == 0 || limit > LIMIT_MAX {
        return Err(Error::invalid("/limit", "out_of_range", format!("A page has 1 to {LIMIT_MAX} notices.")));
    }
    let before = before.unwrap_or(NoticeId::from_bytes([0xff; 16]));
    let statement = if unread { sql::UNREAD } else { sql::OF };
    unit.all(statement, &args![me, before, i64::try_from(limit).unwrap_or(i64::MAX)], |row| {
        Ok(Notice {
            id: row.get(0)?,
            at: row.get(1)?,
            why: Why::parse(&row.get::<String>(2)?)?,
            record: row.get(3)?,
            actor: row.get(4)?,
            seen: row.get(5)?,
        })
    })
}

/// How many of the actor's own are not read, counted up to [`COUNTED`]; none for who is no member of staff.
pub fn unread(unit: &mut Unit) -> Result<i64> {
    match unit.actor().staff() {
        Some(me) => unit.one(sql::COUNT, &args![me, COUNTED], |row| row.get(0)),
        None => Ok(0),
    }
}

/// Marks notices of the actor's own as read, and answers how many were not. Event `notice.seen`. Error: unauthenticated for who is no
/// member of staff. Those of others are left alone, as if they were not there.
pub fn see(unit: &mut Unit, which: &Which) -> Result<u64> {
    let (me, now) = (me(unit)?, unit.now());
    let mut seen = 0;
    match which {
        Which::UpTo(id) => seen += unit.run(sql::SEE_UP_TO, &args![me, *id, now])?,
        Which::These(ids) if ids.len() > LIMIT_MAX => {
            return Err(Error::invalid("/ids", "too_many", format!("Name at most {LIMIT_MAX} notices.")));
        }
        Which::These(ids) => {
            for id in ids {
                seen += unit.run(sql::SEE, &args![me, *id, now])?;
            }
        }
    }
    unit.witness(Event::new("notice.seen").count("notices", usize::try_from(seen).unwrap_or(usize::MAX)))?;
    Ok(seen)
}

fn me(unit: &Unit) -> Result<UserId> {
    unit.actor().staff().ok_or_else(|| Error::new(Code::Unauthenticated, "Only a member of staff is told of something."))
}
