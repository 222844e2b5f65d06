//! The demonstration's staff: fresh passwords, shown once.

use catalogue::Purposes;
use crm::identity::{Doorkeeper, NewStaff, password, role, setup, staff};
use kernel::{Personal, Result, UserId};
use trail::{Actor, App, permit::Manage};

use crate::commands::init::{Admin, set_up};

/// The domain of everybody in the house.
const HOUSE: &str = "probity-demo.example";

/// How somebody signs in; shown once.
pub struct SignIn {
    /// Their role.
    pub role: &'static str,
    /// Their address.
    pub email: String,
    /// Their password.
    pub password: Personal<String>,
}

/// Adds an administrator, unless there is one, a manager and an agent.
pub async fn hire(app: &App, actor: &Actor) -> Result<Vec<SignIn>> {
    let mut all = Vec::new();
    let needed = app
        .read(actor, |unit| {
            let needed = setup::needed(unit)?;
            unit.plain(needed)
        })
        .await?;
    if needed {
        let (email, password) = (format!("demo@{HOUSE}"), password::generate(app.env()));
        let admin = Admin { name: Personal::new("Robin Castell".into()), email: Personal::new(email.clone()), password: password.clone() };
        set_up(app, admin).await?;
        all.push(SignIn { role: role::ADMIN, email, password });
    }
    for (name, local, role) in [("Mara Lindqvist", "mara", role::MANAGER), ("Jonas Okafor", "jonas", role::AGENT)] {
        let (email, password) = (format!("{local}@{HOUSE}"), password::generate(app.env()));
        let new = NewStaff {
            name: Personal::new(name.to_owned()),
            email: Personal::new(email.clone()),
            role: role.to_owned(),
            team: None,
            purposes: Purposes::all(),
        };
        let hashed = Doorkeeper::new().hash(app, password.clone(), vec![new.name.clone(), new.email.clone()]).await?;
        let permit = actor.permit::<Manage>()?;
        app.write(actor, move |unit| staff::add(unit, &permit, &new, &hashed)).await?;
        all.push(SignIn { role, email, password });
    }
    Ok(all)
}

/// Everybody who works here, the first who came first.
pub async fn colleagues(app: &App, actor: &Actor) -> Result<Vec<UserId>> {
    let permit = actor.permit::<Manage>()?;
    let all = app.read(actor, move |unit| staff::list(unit, &permit)).await?;
    Ok(all.into_iter().filter(|member| member.active).map(|member| member.id).collect())
}
