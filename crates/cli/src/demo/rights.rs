//! What happens to some of the demonstration's people: relationships end, one is held, some ask for their rights, one is erased.

use std::{collections::BTreeMap, time::Duration};

use crm::{
    disposal, holds,
    requests::{self, erasure},
    retention::{self, Known},
};
use kernel::{Error, RecordId, Result};
use trail::{
    Actor, App,
    permit::{HandleRequests, Hold, ManageRules},
};

use super::Made;

/// The trigger from which retention of what a relationship left behind runs.
const ENDED: &str = "relationship_ended";
const DAY: u64 = 86_400;

/// Lets the data live through what happens to data: then the sweep finds what is due.
pub async fn live_through(app: &App, actor: &Actor, made: &Made) -> Result<()> {
    let nobody = || Error::internal("the demonstration has too few people");
    let of = |n: usize| made.people.get(n).copied().ok_or_else(nobody);
    hold(app, actor, of(2)?).await?;
    ask(app, actor, of(40)?, "access", "Wrote to us and wants to know what we hold about them.", 12).await?;
    ask(app, actor, of(60)?, "erase", "Asks by mail to be forgotten.", 5).await?;
    // The clock was moved by years: until the ledger has seen today, a leap is suspected and nothing may go.
    app.settle().await?;
    erase(app, actor, made.people.get(80..).unwrap_or_default()).await?;
    disposal::sweep(app, actor).await.map(drop)
}

/// Relationships end, each on its day.
pub async fn end_relationships(app: &App, actor: &Actor, made: &Made) -> Result<()> {
    let today = app.env().now().day();
    for (id, day) in &made.former {
        let (id, permit) = (*id, actor.permit::<ManageRules>()?);
        let known = Known { events: BTreeMap::from([(ENDED.to_owned(), Some((*day).min(today)))]), ..Known::default() };
        app.write(actor, move |unit| retention::classify(unit, &permit, id, &known)).await?;
    }
    Ok(())
}

/// A claim is threatened: everything about one person stays.
async fn hold(app: &App, actor: &Actor, person: RecordId) -> Result<()> {
    let permit = actor.permit::<Hold>()?;
    let ids = app
        .read(actor, move |unit| {
            let ids = requests::concerning(unit, person)?.into_iter().map(|item| item.id).collect::<Vec<_>>();
            unit.plain(ids)
        })
        .await?;
    app.write(actor, move |unit| holds::place(unit, &permit, &ids, "4 O 17/26", "A claim over a delivery was announced.")).await.map(drop)
}

async fn ask(app: &App, actor: &Actor, person: RecordId, right: &'static str, reason: &'static str, days_ago: u64) -> Result<()> {
    let permit = actor.permit::<HandleRequests>()?;
    let received = app.env().now().minus(Duration::from_secs(days_ago * DAY));
    app.write(actor, move |unit| requests::open(unit, &permit, person, right, reason, received)).await.map(drop)
}

/// The first of these people of whom something may go is forgotten; the others' records must be kept still, as it is in life.
async fn erase(app: &App, actor: &Actor, people: &[RecordId]) -> Result<()> {
    for person in people {
        let plan = erasure::plan(app, actor, *person).await?;
        if plan.count > 0 {
            return erasure::execute(app, actor, *person, None, "Asked to be forgotten.", &plan.fingerprint, plan.count).await.map(drop);
        }
    }
    Err(Error::internal("the demonstration has nobody who may be forgotten"))
}
