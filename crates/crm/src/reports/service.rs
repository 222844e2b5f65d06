//! Service: how many of the cases that came in were answered and solved in time, by priority or by whose they are.

use std::collections::BTreeMap;

use catalogue::{Kind, Value, case};
use jiff::ToSpan as _;
use kernel::{Code, Error, Instant, Result, UserId};
use trail::{Actor, App, permit::ReadRecords};

use super::{
    Period, Rates, Run,
    funnel::rate,
    ran,
    scan::{Sight, Span, begins, rows},
    told,
};
use crate::{records::StoredRecord, retention::Policy};

/// By what cases stand together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CasesBy {
    /// By their priority.
    Priority,
    /// By whose they are.
    Owner,
}

impl CasesBy {
    /// Every way.
    pub const ALL: [Self; 2] = [Self::Priority, Self::Owner];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Priority => "priority",
            Self::Owner => "owner",
        }
    }

    /// From its stable word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|by| by.as_str() == word)
    }
}

/// What a group of cases is called by.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum CasesKey {
    /// A priority's key, or none given.
    Priority(Option<String>),
    /// Somebody, or nobody.
    Owner(Option<UserId>),
}

/// How promises of one sort were kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Kept {
    /// In time.
    pub met: usize,
    /// Too late, or past and still not done.
    pub missed: usize,
    /// There is time yet, or the clock stands still.
    pub open: usize,
}

impl Kept {
    /// How many of those that are decided were kept, in tenths of a percent.
    pub fn share(&self) -> Option<u32> {
        rate(self.met, self.met + self.missed)
    }

    fn add(&mut self, done: Option<Instant>, due: Option<Instant>, now: Instant) {
        let n = match (done, due) {
            // What was done before anything was promised of it is no merit.
            (Some(_), None) => return,
            (Some(done), Some(due)) if done <= due => &mut self.met,
            (Some(_), Some(_)) => &mut self.missed,
            (None, Some(due)) if due <= now => &mut self.missed,
            (None, _) => &mut self.open,
        };
        *n += 1;
    }
}

/// Cases that stand together.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Cases {
    /// How many came in.
    pub cases: usize,
    /// First answers.
    pub reply: Kept,
    /// Solutions.
    pub solve: Kept,
}

/// How promises were kept.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// The groups: priorities in the order of their field, owners by how many cases they have.
    pub groups: Vec<(CasesKey, Cases)>,
    /// All of them.
    pub total: Cases,
}

/// One case, as far as it is counted.
pub(super) struct One {
    pub priority: Option<String>,
    pub owner: Option<UserId>,
    pub promised: bool,
    pub reply: (Option<Instant>, Option<Instant>),
    pub solve: (Option<Instant>, Option<Instant>),
}

/// Counts how promises were kept for the cases that came in during a period. Event `report.run`.
///
/// Errors: forbidden; too_large.
pub async fn service(app: &App, actor: &Actor, period: Period, by: CasesBy) -> Result<Run<Service>> {
    let kind = app.catalogue().need(case::KIND)?;
    let sight = Sight::listing(&actor.permit::<ReadRecords>()?, &kind)?;
    let asked = [case::PRIORITY, case::SERVICE, case::REPLY_DUE, case::REPLIED_AT, case::SOLVE_DUE, case::SOLVED_AT];
    if asked.iter().any(|key| !sight.sees(&kind, key)) {
        let words = format!("Acting for {} you may not see the service targets of cases, of which this report is made.", actor.purpose.key);
        return Err(Error::new(Code::Forbidden, words));
    }
    let now = app.env().now();
    let zone = app
        .read(actor, |unit| {
            let zone = Policy::load(unit)?.zone();
            unit.plain(zone)
        })
        .await?;
    let span = Span::Created(begins(period.from, &zone), begins(period.to.saturating_add(1.day()), &zone));
    let mut left = super::MOST;
    let cases = rows(app, actor, &kind, span, &mut left, |row| Some(one(row))).await?;
    let report = fold(&kind, &cases, by, now);
    let event = ran("service", cases.len()).word("by", by.as_str());
    let event = event.word("from", period.from.to_string()).word("to", period.to.to_string());
    let (report, _) = told(app, actor, event, report, Vec::new()).await?;
    Ok(Run { report, rates: Rates::default(), today: now.day_in(&zone), amounts_withheld: false })
}

fn one(row: &StoredRecord) -> One {
    let time = |key: &str| if let Some(Value::Time(at)) = row.open.get(key) { Some(*at) } else { None };
    One {
        priority: row.open.get(case::PRIORITY).and_then(Value::as_text).map(str::to_owned),
        owner: row.owner,
        promised: row.open.contains_key(case::SERVICE),
        reply: (time(case::REPLIED_AT), time(case::REPLY_DUE)),
        solve: (time(case::SOLVED_AT), time(case::SOLVE_DUE)),
    }
}

pub(super) fn fold(kind: &Kind, cases: &[One], by: CasesBy, now: Instant) -> Service {
    let mut groups: BTreeMap<CasesKey, Cases> = BTreeMap::new();
    let mut total = Cases::default();
    for one in cases {
        let key = match by {
            CasesBy::Priority => CasesKey::Priority(one.priority.clone()),
            CasesBy::Owner => CasesKey::Owner(one.owner),
        };
        for group in [groups.entry(key).or_default(), &mut total] {
            group.cases += 1;
            if one.promised {
                group.reply.add(one.reply.0, one.reply.1, now);
                group.solve.add(one.solve.0, one.solve.1, now);
            }
        }
    }
    let mut groups: Vec<(CasesKey, Cases)> = groups.into_iter().collect();
    let options = kind.field(case::PRIORITY).map(|field| field.options.as_slice()).unwrap_or_default();
    // The most urgent stands last among the choices, and first here.
    let place = |key: &Option<String>| options.iter().rposition(|option| Some(&option.key) == key.as_ref());
    groups.sort_by_key(|(key, all)| match key {
        CasesKey::Priority(key) => std::cmp::Reverse(place(key)),
        CasesKey::Owner(_) => std::cmp::Reverse(Some(all.cases)),
    });
    Service { groups, total }
}
