//! `probity user`: staff at the command line.

use std::path::PathBuf;

use catalogue::{Purpose, Purposes};
use clap::{Args, Subcommand};
use crm::identity::{Doorkeeper, Member, NewStaff, role, staff};
use kernel::{Error, Personal, Result, UserId};
use serde_json::json;
use trail::{Actor, App, permit::Manage};

use crate::{
    commands::{Here, purpose},
    output::Outcome,
};

/// Add, disable or list staff
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity user add grace@example.org --name 'Grace Hopper' --role agent --password-file grace.txt\n  probity user list"
)]
pub struct User {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Add somebody
    #[command(
        after_help = "Example:\n  probity user add grace@example.org --name 'Grace Hopper' --role agent --acts-for sales,support --password-file grace.txt"
    )]
    Add {
        /// The address they sign in with
        email: String,
        /// Their name
        #[arg(long)]
        name: String,
        /// Their role: admin, manager, agent or auditor
        #[arg(long, default_value = role::AGENT)]
        role: String,
        /// The purposes they may act for, among those of the role [default: all of them]
        #[arg(long, value_delimiter = ',', value_name = "PURPOSE")]
        acts_for: Vec<String>,
        /// A file that holds their first password
        #[arg(long, value_name = "FILE")]
        password_file: PathBuf,
    },
    /// Somebody leaves: no sign-in, sessions ended, API keys revoked, at once
    #[command(after_help = "Example:\n  probity user disable grace@example.org")]
    Disable {
        /// Their address or id
        who: String,
    },
    /// Everybody, oldest first
    #[command(after_help = "Example:\n  probity user list --json")]
    List,
}

impl User {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<Manage>()?;
        match self.act {
            Act::Add { email, name, role, acts_for, password_file } => {
                let purposes = match acts_for.as_slice() {
                    [] => Purposes::all(),
                    keys => keys.iter().try_fold(Purposes::NONE, |set, key| purpose(key).map(|p: &'static Purpose| set.with(p)))?,
                };
                let new = NewStaff { name: name.into(), email: email.into(), role, team: None, purposes };
                let password = here.secret(&password_file)?;
                let hashed = Doorkeeper::new().hash(&app, password, vec![new.name.clone(), new.email.clone()]).await?;
                let id = app.write(&actor, move |unit| staff::add(unit, &permit, &new, &hashed)).await?;
                done(here, id, "added")
            }
            Act::Disable { who } => {
                let id = find(&app, &actor, &who).await?;
                app.write(&actor, move |unit| staff::disable(unit, &permit, id)).await?;
                done(here, id, "disabled")
            }
            Act::List => {
                let members = app.read(&actor, move |unit| staff::list(unit, &permit)).await?;
                list(here, members)
            }
        }
    }
}

/// Who is meant by an address or id. Errors: not_found, invalid_input.
pub async fn find(app: &App, actor: &Actor, who: &str) -> Result<UserId> {
    if let Ok(id) = who.parse() {
        return Ok(id);
    }
    let permit = actor.permit::<Manage>()?;
    let email = Personal::new(who.to_owned());
    app.read(actor, move |unit| {
        let id = staff::find(unit, &permit, &email)?;
        unit.plain(id)
    })
    .await
}

fn done(here: &mut Here<'_>, id: UserId, what: &str) -> Result<Outcome> {
    if here.console.is_json() {
        here.console.object(&json!({"user": id, "done": what}))?;
    } else {
        here.console.line(format!("{id} {what}"))?;
    }
    Ok(Outcome::Done)
}

fn list(here: &mut Here<'_>, members: Vec<Member>) -> Result<Outcome> {
    let state = |member: &Member| if member.active { "active" } else { "disabled" };
    if here.console.is_json() {
        for member in members {
            let told = json!({
                "id": member.id, "role": member.role, "state": state(&member), "purposes": member.purposes,
                "created": member.created, "name": member.name.into_inner(), "email": member.email.into_inner(),
            });
            here.console.object(&told)?;
        }
        return Ok(Outcome::Done);
    }
    let rows: Vec<Vec<String>> = members
        .into_iter()
        .map(|m| vec![m.id.to_string(), state(&m).to_owned(), m.role.clone(), m.name.into_inner(), m.email.into_inner()])
        .collect();
    if rows.is_empty() {
        return Err(Error::not_found("user").at("/", "empty", "Nobody was set up yet: probity init --admin EMAIL --password-file F."));
    }
    here.console.table(&["ID", "STATE", "ROLE", "NAME", "EMAIL"], &rows)?;
    Ok(Outcome::Done)
}
