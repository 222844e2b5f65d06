//! What stands on one's desk: read in one go, under one event.

use std::collections::BTreeMap;

use catalogue::{Kind, Outcome, case, deal, person, task};
use crm::{
    disposal::{self, Proposal},
    evidence::{self, Opened},
    identity::staff,
    permits::{Dispose, HandleRequests, ReadRecords, Unit},
    records::Detail,
    requests::{self, Request},
    retention::Policy,
    timeline::{self, Entry},
    views::{self, Condition, Filter, ListPage, ListQuery, Op, Sort},
};
use jiff::{ToSpan as _, civil::Date, tz::TimeZone};
use kernel::{RecordId, Result, UserId};

use crate::{
    kit::{names::Names, who::Who},
    router::Web,
};

/// The lines of each part.
const LINES: usize = 8;
/// The stages that a list is asked for at once.
const STAGES: usize = 100;
/// A deal closes soon when it does within so many days.
pub(super) const SOON: i64 = 30;

/// Everything the page shows of what is somebody's.
pub(super) struct Desk {
    pub(super) zone: TimeZone,
    pub(super) today: Date,
    pub(super) names: Names,
    pub(super) changed: Vec<Entry>,
    pub(super) opened: Vec<Opened>,
    /// With how many are due; nothing where they were too many to be counted.
    pub(super) tasks: Option<(ListPage, Option<i64>)>,
    /// With how many close soon; likewise.
    pub(super) deals: Option<(ListPage, Option<i64>)>,
    /// My open cases with a target, the most pressing first, and how many are due soon or overdue.
    pub(super) cases: Option<(ListPage, Option<i64>)>,
    pub(super) requests: Option<(Vec<Request>, BTreeMap<RecordId, String>)>,
    pub(super) approvals: Option<(Vec<Proposal>, usize)>,
}

fn mine(me: UserId) -> Filter {
    Filter::One(Condition::new("owner", Op::Eq, me.to_string()))
}

fn all(kind: &str, by: &str, conditions: Vec<Filter>, columns: &[&str]) -> ListQuery {
    ListQuery {
        filter: Some(Filter::All { all: conditions }),
        sort: Sort { by: by.to_owned(), descending: false },
        columns: columns.iter().map(|&key| key.to_owned()).collect(),
        limit: LINES,
        ..ListQuery::of(kind)
    }
}

/// My open tasks; with a day, those due until then.
pub(super) fn tasks(me: UserId, until: Option<Date>) -> ListQuery {
    let mut conditions = vec![Filter::One(Condition::new(task::DONE, Op::Ne, true)), mine(me)];
    conditions.extend(until.map(|day| Filter::One(Condition::new(task::DUE, Op::Le, day.to_string()))));
    all(task::KIND, task::DUE, conditions, &[task::DUE, task::PERSON, task::COMPANY])
}

/// My open sales that are to close until a day.
pub(super) fn closing(kind: &Kind, me: UserId, until: Date) -> ListQuery {
    let stages: Vec<&str> = kind.stages_with(Outcome::Open).map(|stage| stage.key.as_str()).take(STAGES).collect();
    let open = Filter::One(Condition::new(deal::STAGE, Op::In, stages));
    let soon = Filter::One(Condition::new(deal::EXPECTED_CLOSE, Op::Le, until.to_string()));
    let columns = [deal::STAGE, deal::AMOUNT, deal::EXPECTED_CLOSE, deal::COMPANY, deal::PERSON];
    all(deal::KIND, deal::EXPECTED_CLOSE, vec![open, mine(me), soon], &columns)
}

/// My cases in these states of their targets, the most pressing first.
pub(super) fn cases(me: UserId, states: &[&str]) -> ListQuery {
    let conditions = vec![Filter::One(Condition::new(case::SERVICE, Op::In, states.to_vec())), mine(me)];
    all(case::KIND, case::SERVICE_DUE, conditions, &[case::SERVICE, case::SERVICE_DUE, case::PERSON])
}

/// Reads the desk. Nothing of it scans: every part is a seek in an index and a handful of rows.
pub(super) async fn read(web: &Web, who: &Who) -> Result<Option<Desk>> {
    let (Some(me), Ok(permit)) = (who.actor.staff(), who.actor.permit::<ReadRecords>()) else { return Ok(None) };
    let handles = who.actor.permit::<HandleRequests>().ok().filter(|permit| permit.over(person::KIND).is_some());
    let disposes = who.actor.permit::<Dispose>().ok();
    let (now, reader) = (web.app.env().now(), who.actor.person());
    let reading = who.clone();
    let deals_of = web.app.catalogue().need(deal::KIND)?;
    let read = move |unit: &mut Unit| {
        let policy = Policy::load(unit)?;
        let zone = reading.zone(policy.zone());
        let today = now.day_in(&zone);
        let soon = today.saturating_add(SOON.days());
        // What opens nothing comes first.
        let waiting = |proposal: &Proposal| proposal.by != reader && proposal.approvals.iter().all(|(by, _)| *by != reader);
        let approvals = match &disposes {
            Some(permit) => {
                let all = disposal::proposals(unit, permit)?.into_iter().filter(waiting).collect::<Vec<_>>();
                Some((all, policy.approvers))
            }
            None => None,
        };
        let no_page = || ListPage { rows: Vec::new(), next: None, total: None, exact_order: true, crowded: false };
        let counted = |unit: &mut Unit, query: &ListQuery| views::count(unit, &permit, query);
        let tasks_due = match permit.over(task::KIND) {
            Some(_) => Some(counted(unit, &tasks(me, Some(today)))?),
            None => None,
        };
        let deals_closing = match permit.over(deal::KIND) {
            Some(_) => Some(counted(unit, &closing(&deals_of, me, soon))?),
            None => None,
        };
        let cases_due = match permit.over(case::KIND) {
            Some(_) => Some(counted(unit, &cases(me, &["overdue", "soon"]))?),
            None => None,
        };
        let (no_tasks, no_deals, no_cases) = (unit.plain(no_page())?, unit.plain(no_page())?, unit.plain(no_page())?);
        let open = handles.as_ref().map(|permit| requests::waiting(unit, permit, LINES)).transpose()?;
        let asking: Vec<RecordId> = open.iter().flatten().map(|request| request.person).collect();
        let aside = unit.plain((zone, today, approvals, tasks_due, deals_closing, cases_due, open))?;
        let people = match &handles {
            Some(permit) => requests::names(unit, permit, &asking)?,
            None => unit.plain(BTreeMap::new())?,
        };
        let changed = timeline::mine(unit, &permit, LINES)?;
        let opened = evidence::lately(unit, &permit, LINES)?;
        let tasks = if tasks_due.is_some() { views::list(unit, &permit, &tasks(me, None), Detail::Masked)? } else { no_tasks };
        let deals =
            if deals_closing.is_some() { views::list(unit, &permit, &closing(&deals_of, me, soon), Detail::Masked)? } else { no_deals };
        let mine = cases(me, &["overdue", "soon", "on_time"]);
        let cases = if cases_due.is_some() { views::list(unit, &permit, &mine, Detail::Masked)? } else { no_cases };
        let tasks = tasks.and(cases);
        let names = staff::directory(unit, &permit)?;
        Ok(changed.and(opened).and(tasks).and(deals).and(people).and(names).and(aside))
    };
    let ((((((changed, opened), (tasks, cases)), deals), people), names), aside) = web.app.read(&who.actor, read).await?;
    let (zone, today, approvals, tasks_due, deals_closing, cases_due, open) = aside;
    Ok(Some(Desk {
        zone,
        today,
        names: Names::of(names),
        changed,
        opened,
        tasks: tasks_due.map(|due| (tasks, due)),
        deals: deals_closing.map(|closing| (deals, closing)),
        cases: cases_due.map(|due| (cases, due)),
        requests: open.map(|open| (open, people)),
        approvals,
    }))
}
