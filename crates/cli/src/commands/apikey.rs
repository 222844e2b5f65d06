//! `probity apikey`: keys for programs.

use std::time::Duration;

use clap::{Args, Subcommand};
use crm::identity::{KeyScope, NewKey, apikey, role, staff};
use kernel::{ApiKeyId, Error, Result, UserId};
use serde_json::json;
use trail::{Actor, App, permit::Manage};

use crate::{
    commands::{Here, purpose, user},
    output::Outcome,
};

const DAY: u64 = 86_400;

/// Make or revoke keys for programs
#[derive(Args)]
#[command(
    after_help = "Example:\n  probity apikey new --name 'web shop' --scope read:person --scope write:order --acts-for sales --days 90 --json"
)]
pub struct ApiKey {
    #[command(subcommand)]
    act: Act,
}

#[derive(Subcommand)]
enum Act {
    /// Make a key; it is shown now or never
    #[command(after_help = "Example:\n  probity apikey new --name 'web shop' --scope read:person --acts-for sales --json")]
    New {
        /// What the key is for, without anybody's name
        #[arg(long)]
        name: String,
        /// Whose key it is: address or id [default: the first active administrator]
        #[arg(long, value_name = "WHO")]
        owner: Option<String>,
        /// What it may do, `privilege:kind` (`*` for every kind); never more than its owner
        #[arg(long, value_name = "SCOPE", default_values_t = ["read:*".to_owned(), "write:*".to_owned()])]
        scope: Vec<String>,
        /// The one purpose it acts for
        #[arg(long, value_name = "PURPOSE", default_value = "administration")]
        acts_for: String,
        /// How many days it is good for, at most a year
        #[arg(long, default_value_t = 90)]
        days: u32,
    },
    /// Take a key back at once
    #[command(after_help = "Example:\n  probity apikey revoke key_06f1rt3vf5v2ka1z9y8w7v6t5s")]
    Revoke {
        /// The key's id
        id: String,
    },
}

impl ApiKey {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let (app, actor) = (here.app()?, here.actor());
        let permit = actor.permit::<Manage>()?;
        match self.act {
            Act::New { name, owner, scope, acts_for, days } => {
                let owner = match owner {
                    Some(who) => user::find(&app, &actor, &who).await?,
                    None => first_administrator(&app, &actor).await?,
                };
                let scopes = scope.iter().map(|text| parse_scope(text)).collect::<Result<Vec<_>>>()?;
                let valid = Duration::from_secs(u64::from(days) * DAY);
                let new = NewKey { label: name, owner: Some(owner), purpose: purpose(&acts_for)?, scopes, valid };
                let (id, key) = app.write(&actor, move |unit| apikey::make(unit, &permit, &new)).await?;
                if here.console.is_json() {
                    here.console.object(&json!({"key": key, "id": id, "owner": owner}))?;
                } else {
                    here.console.line(&key)?;
                    here.console.note(format!("This is the only time the key is shown. To take it back: probity apikey revoke {id}"))?;
                }
            }
            Act::Revoke { id } => {
                let id: ApiKeyId = id.parse().map_err(|e: kernel::IdError| Error::invalid("/id", "not_an_id", e.to_string()))?;
                app.write(&actor, move |unit| apikey::revoke(unit, &permit, id)).await?;
                if here.console.is_json() {
                    here.console.object(&json!({"id": id, "done": "revoked"}))?;
                } else {
                    here.console.line(format!("{id} revoked"))?;
                }
            }
        }
        Ok(Outcome::Done)
    }
}

async fn first_administrator(app: &App, actor: &Actor) -> Result<UserId> {
    let permit = actor.permit::<Manage>()?;
    let members = app.read(actor, move |unit| staff::list(unit, &permit)).await?;
    let first = members.into_iter().find(|m| m.active && m.role == role::ADMIN);
    let words = "Nobody could own the key. Set up an administrator first: probity init --admin EMAIL --password-file F.";
    first.map(|m| m.id).ok_or_else(|| Error::invalid("/owner", "required", words))
}

fn parse_scope(text: &str) -> Result<KeyScope> {
    let known = trail::permit::PRIVILEGES.iter().map(|(key, _)| *key);
    match text.split_once(':') {
        Some((privilege, kind)) if !kind.is_empty() && known.clone().any(|k| k == privilege) => {
            Ok(KeyScope { privilege: privilege.to_owned(), kind: kind.to_owned() })
        }
        _ => {
            let words = format!(
                "Write a scope as privilege:kind, such as read:person or read:*. Privileges: {}.",
                known.collect::<Vec<_>>().join(", ")
            );
            Err(Error::invalid("/scope", "not_a_scope", words))
        }
    }
}
