//! Running a campaign: portion by portion, person by person. Between any two units the process may end; what stands in the rows says what holds.

use std::{collections::BTreeMap, sync::Arc};

use kernel::{Code, Error, RecordId, Result};
use store::args;
use trail::{
    Actor, App, Event, Handler, Handlers, JobRow, Unit,
    permit::{ReadRecords, WriteRecords},
};

use super::{CampaignId, State, Stored, address, event, gone, locked, purpose_of, sql, unsubscribe};
use crate::{
    identity::staff,
    mail::{self, Draft, OfCampaign, template},
    segments::{self, Standing, Why},
    views::Following,
};

/// The job that writes a campaign's letters.
pub const JOB: &str = "campaign.run";

/// The handlers of campaigns' jobs.
pub fn handlers() -> Handlers {
    let run: Handler = Arc::new(|app, job| Box::pin(work(app, job)));
    Handlers::from([(JOB, run)])
}

/// Stops a campaign that runs: letters in the outbox stay there, no more are written. Event `campaign.cancelled`.
///
/// Errors: not_found; conflict when it does not run.
pub async fn cancel(app: &App, actor: &Actor, id: CampaignId) -> Result<()> {
    let job = app.write(actor, move |unit| {
        let found = locked(unit, id)?;
        if found.state != State::Running {
            return Err(Error::new(Code::Conflict, "The campaign does not run."));
        }
        unit.witness(event("campaign.cancelled", id))?;
        let now = unit.now();
        unit.run(sql::END, &args![id, State::Cancelled.as_str(), now])?;
        Ok(found.job)
    });
    if let Some(job) = job.await? {
        app.cancel_job(job).await?;
    }
    Ok(())
}

fn system() -> Actor {
    Actor::system(&catalogue::PURPOSES[0])
}

async fn found(app: &App, id: CampaignId) -> Result<Stored> {
    app.read(&system(), move |unit| {
        let found = unit.maybe(sql::FIND, &args![id], Stored::read)?.ok_or_else(gone)?;
        unit.plain(found)
    })
    .await
}

async fn work(app: App, job: JobRow) -> Result<()> {
    let id = job.args.get("campaign").and_then(|id| id.as_str()).and_then(|id| id.parse::<CampaignId>().ok());
    let id = id.ok_or_else(|| Error::internal("a job without its campaign"))?;
    match letters(&app, &job, id).await {
        Ok(()) => Ok(()),
        Err(error) => {
            // A fault that passes is tried again by the job; what does not ends the campaign, and it can go on later.
            let passes = matches!(error.code(), Code::Unavailable | Code::Internal | Code::StorageFull | Code::RateLimited);
            if !passes {
                end(&app, id, State::Failed).await?;
            }
            Err(error)
        }
    }
}

async fn end(app: &App, id: CampaignId, state: State) -> Result<()> {
    app.write(&system(), move |unit| {
        unit.witness(event("campaign.ended", id).word("state", state.as_str()))?;
        let now = unit.now();
        unit.run(sql::END, &args![id, state.as_str(), now]).map(drop)
    })
    .await
}

async fn letters(app: &App, job: &JobRow, id: CampaignId) -> Result<()> {
    let mut done = 0;
    loop {
        let campaign = found(app, id).await?;
        if campaign.state != State::Running || campaign.job != Some(job.id) {
            return Ok(());
        }
        let (staff, purpose) = (campaign.staff, purpose_of(&campaign)?);
        // Whoever began it must still work here and be allowed to, for each portion anew.
        let actor = app.read(&system(), move |unit| staff::acting(unit, staff, purpose).and_then(|actor| unit.plain(actor))).await?;
        let actor = actor.ok_or_else(|| Error::new(Code::Forbidden, "Whoever began the campaign may no longer write."))?;
        let after: Option<Following> =
            if campaign.place.is_empty() { None } else { Some(serde_json::from_str(&campaign.place).map_err(Error::internal)?) };
        let (people, barred, next) = portion(app, &actor, &campaign, after).await?;
        for person in people {
            app.write(&actor, move |unit| letter(unit, id, person)).await?;
            done += 1;
            app.progress(job.id, "", done, 0).await?;
        }
        let mut all: BTreeMap<Why, usize> = serde_json::from_str(&campaign.barred).map_err(Error::internal)?;
        for (why, n) in barred {
            *all.entry(why).or_default() += n;
        }
        let (all, place) = (serde_json::to_string(&all).map_err(Error::internal)?, next.map(|next| serde_json::to_string(&next)));
        let place = place.transpose().map_err(Error::internal)?;
        let over = place.is_none();
        app.write(&actor, move |unit| {
            unit.witness(event("campaign.walked", id))?;
            let now = unit.now();
            unit.run(sql::PLACE, &args![id, place.clone().unwrap_or_default(), all.as_str()])?;
            if over { unit.run(sql::END, &args![id, State::Done.as_str(), now]).map(drop) } else { Ok(()) }
        })
        .await?;
        if over {
            return app.progress(job.id, "", done, done).await;
        }
    }
}

type Found = (Vec<RecordId>, BTreeMap<Why, usize>, Option<Following>);

/// The next people whom the segment yields and who were not gone through.
async fn portion(app: &App, actor: &Actor, campaign: &Stored, after: Option<Following>) -> Result<Found> {
    let (reads, id, segment) = (actor.permit::<ReadRecords>()?, campaign.id, campaign.segment);
    app.read(actor, move |unit| {
        let segment = segments::find(unit, segment)?;
        let some = segments::portion(unit, &reads, &segment, after)?;
        let mut people = Vec::with_capacity(some.people.len());
        for record in &some.people {
            if unit.maybe(sql::PERSON_FIND, &args![id, record.row.id], |_| Ok(()))?.is_none() {
                people.push(record.row.id);
            }
        }
        let event = Event::new("segment.walked").word("segment", segment.id.to_string()).word("campaign", id.to_string());
        unit.release(event.count("allowed", some.people.len()), (people, some.barred, some.next))
    })
    .await
}

/// Writes to one person, or says why not: once in a campaign. Event `mail.queued`, `campaign.skipped`, or `campaign.passed` where they were
/// gone through before.
///
/// Errors: conflict when the campaign was stopped; those of the outbox that are nobody's own.
fn letter(unit: &mut Unit, id: CampaignId, person: RecordId) -> Result<()> {
    let campaign = locked(unit, id)?;
    if campaign.state != State::Running {
        return Err(Error::new(Code::Conflict, "The campaign was stopped. What was written stays; nothing more is."));
    }
    if unit.maybe(sql::PERSON_FIND, &args![id, person], |_| Ok(()))?.is_some() {
        return unit.witness(event("campaign.passed", id));
    }
    let actor = unit.actor().clone();
    let (reads, writes) = (actor.permit::<ReadRecords>()?, actor.permit::<WriteRecords>()?);
    let segment = segments::find(unit, campaign.segment)?;
    let words = template::visible(unit, campaign.template)?;
    let record = match segments::one_of(unit, &reads, &segment, person)? {
        Standing::Allowed(record) => record,
        Standing::Barred(why) => return skip(unit, id, person, why.as_str()),
        Standing::Gone => return skip(unit, id, person, "gone"),
    };
    let Some(to) = address(&reads, &record) else { return skip(unit, id, person, "no_email") };
    let one_click = unsubscribe::address(unit, id, person)?;
    let filled = match template::filled(&reads, &words, &record, one_click.as_deref()) {
        Ok(filled) => filled,
        Err(error) if error.code() == Code::InvalidInput => return skip(unit, id, person, "template"),
        Err(error) => return Err(error),
    };
    let text = unsubscribe::under(filled.text, one_click.as_deref());
    let draft = Draft { account: Some(campaign.account), to: vec![to], subject: filled.subject, text, ..Draft::default() };
    let (now, of) = (unit.now(), id.to_string());
    match mail::put(unit, &writes, &draft, Some(&OfCampaign { campaign: &of, one_click })) {
        Ok(letter) => unit.run(sql::PERSON_INSERT, &args![id, person, "queued", "", letter, now]).map(drop),
        // The outbox asks of everybody here who has the address.
        Err(error) if error.code() == Code::Conflict => {
            let rule = error.problems().first().map_or("purpose", |problem| problem.code);
            skip(unit, id, person, rule)
        }
        Err(error) if error.code() == Code::InvalidInput => {
            let why = if error.problems().iter().any(|problem| problem.pointer == "/to") { "no_email" } else { "template" };
            skip(unit, id, person, why)
        }
        Err(error) => Err(error),
    }
}

fn skip(unit: &mut Unit, id: CampaignId, person: RecordId, why: &str) -> Result<()> {
    unit.witness(event("campaign.skipped", id).word("why", why).records([(person, 0)]))?;
    let now = unit.now();
    unit.run(sql::PERSON_INSERT, &args![id, person, "skipped", why, store::Value::Null, now]).map(drop)
}
