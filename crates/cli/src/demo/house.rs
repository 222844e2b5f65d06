//! The whole of `serve --demo`: an empty installation, filled under a clock that moves through the years.

use crm::{identity::setup, retention};
use kernel::{Code, Error, Result};
use store::args;
use trail::{Actor, App};

use super::{SignIn, colleagues, end_relationships, env, fill, hire, lay_on_desks, live_through, propose};
use crate::{
    commands::{Here, init},
    open,
};

/// Whether there is any record.
const ANY: &str = "SELECT 1 FROM record LIMIT 1";

/// Fills the installation that is there, or makes one; answers how its staff sign in, when it was filled now.
///
/// Error: conflict when it holds records of its own.
pub async fn prepare(here: &mut Here<'_>) -> Result<Vec<SignIn>> {
    let (app, made) = open::or_make(&here.settings, &here.env)?;
    if let Some(made) = made {
        init::tell(here, &made)?;
    }
    let standing = standing(&app).await;
    app.close().await?;
    if standing? {
        return Ok(Vec::new());
    }
    let today = here.env.now();
    let (env, clock) = env(today);
    let (app, _) = open::or_make(&here.settings, &env)?;
    let actor = Actor::operator(&catalogue::PURPOSES[0]);
    let filled = async {
        app.write(&actor, setup::mark_demonstration).await?;
        if !has_rules(&app, &actor).await? {
            init::adopt(&app, "DE", "general").await?;
        }
        // They were here before the first customer: who owns a record works here.
        let staff = hire(&app, &actor).await?;
        let owners = colleagues(&app, &actor).await?;
        let made = fill(&app, &actor, &clock, today, &owners).await?;
        end_relationships(&app, &actor, &made).await?;
        lay_on_desks(&app, &clock, today, &owners).await?;
        // From here on it is today: a clock behind what the ledger has seen would suspend every disposal.
        clock.set(today);
        live_through(&app, &actor, &made).await?;
        propose(&app, &actor).await?;
        Ok(staff)
    };
    let filled = filled.await;
    app.close().await?;
    filled
}

/// Whether it was filled before. Error: conflict.
async fn standing(app: &App) -> Result<bool> {
    let is_demo = app
        .read(&Actor::operator(&catalogue::PURPOSES[0]), |unit| {
            let is_demo = setup::is_demonstration(unit)?;
            unit.plain(is_demo)
        })
        .await?;
    let has_records = app.store().read(|tx| tx.maybe(ANY, &args![], |row| row.get::<i64>(0))).await?.is_some();
    if has_records && !is_demo {
        let words =
            "This installation holds records, and --demo fills only an empty one. Leave --demo out, or name another folder with --data.";
        return Err(Error::new(Code::Conflict, words));
    }
    Ok(is_demo)
}

async fn has_rules(app: &App, actor: &Actor) -> Result<bool> {
    app.read(actor, |unit| {
        let rules = retention::rules(unit)?;
        unit.plain(!rules.is_empty())
    })
    .await
}
