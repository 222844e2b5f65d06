//! `probity init`: an installation without a browser.

use std::path::PathBuf;

use clap::Args;
use crm::{
    identity::{Doorkeeper, password, setup},
    retention,
};
use kernel::{Code, Error, Personal, Result};
use rules::packs;
use serde_json::json;
use trail::{Actor, App, permit::ManageRules};

use crate::{
    commands::{Here, set_periods},
    open,
    output::Outcome,
};

/// Make an installation: data folder, key file, keyring, databases, first administrator
#[derive(Args)]
#[command(after_help = "Example:\n  probity init --admin ada@example.org --password-file ada.txt --data /srv/probity")]
pub struct Init {
    /// The address the first administrator signs in with
    #[arg(long, value_name = "EMAIL", requires = "password_file")]
    admin: Option<String>,
    /// The first administrator's name [default: the address]
    #[arg(long, requires = "admin")]
    name: Option<String>,
    /// A file that holds the first administrator's password
    #[arg(long, value_name = "FILE", requires = "admin")]
    password_file: Option<PathBuf>,
    /// The country whose rules are adopted with the first administrator (ISO code, `US-CA` too)
    #[arg(long, default_value = "DE", requires = "admin")]
    country: String,
    /// The line of business whose rules are adopted
    #[arg(long, default_value = "general", requires = "admin")]
    industry: String,
}

/// Who is set up.
pub struct Admin {
    /// Their name.
    pub name: Personal<String>,
    /// The address they sign in with.
    pub email: Personal<String>,
    /// Their password.
    pub password: Personal<String>,
}

impl Init {
    pub async fn run(self, here: &mut Here<'_>) -> Result<Outcome> {
        let data = here.settings.store.data.display().to_string();
        if open::exists(&here.settings) && self.admin.is_none() {
            return Err(Error::new(Code::Duplicate, format!("There is an installation in {data} already; nothing was changed.")));
        }
        // Everything that can be refused is, before anything is made.
        let email = self.admin.clone();
        let (country, industry) = (self.country.trim().to_ascii_uppercase(), self.industry.trim().to_ascii_lowercase());
        check_business(&country, &industry)?;
        let admin = self.admin(here)?;
        let (app, made) = here.make()?;
        let mut packs = Vec::new();
        if let Some(admin) = admin {
            set_up(&app, admin).await?;
            packs = adopt(&app, &country, &industry).await?;
        }
        set_periods(&app, &here.settings).await?;
        app.settle().await?;
        if here.console.is_json() {
            here.console.object(&json!({"admin": email, "packs": packs}))?;
            return Ok(Outcome::Done);
        }
        if let Some(made) = made {
            tell(here, &made)?;
        }
        if let Some(email) = email {
            here.console.line(format!("{email} is its administrator."))?;
            here.console.line(format!("Adopted the retention rules for {country}, {industry}: {}.", packs.join(", ")))?;
        }
        here.console.line(format!("The ledger's verifier key, for auditors and witnesses: {}", app.verifier().vkey()))?;
        Ok(Outcome::Done)
    }

    fn admin(self, here: &Here<'_>) -> Result<Option<Admin>> {
        let (Some(email), Some(file)) = (self.admin, self.password_file) else { return Ok(None) };
        if vault::email(&email).is_none() {
            return Err(Error::invalid("/admin", "not_an_email", "Write the address as name@example.org."));
        }
        let name = Personal::new(self.name.unwrap_or_else(|| email.clone()));
        let (email, password) = (Personal::new(email), here.secret(&file)?);
        password::check(&password, &[&name, &email])?;
        Ok(Some(Admin { name, email, password }))
    }
}

/// Says what was made for a new installation, and what must be kept apart.
pub fn tell(here: &mut Here<'_>, made: &open::Made) -> Result<()> {
    let data = here.settings.store.data.display().to_string();
    here.console.line(format!("Made an installation in {data}."))?;
    let Some(path) = &made.key_file else { return Ok(()) };
    here.console.line(format!(
        "Its key file is {}. Copy it now to a safe place apart from this machine and its backups: without it nothing can be read again.",
        path.display()
    ))
}

/// Makes the first administrator. Error: conflict when there is staff.
pub async fn set_up(app: &App, admin: Admin) -> Result<()> {
    let already =
        || Error::new(Code::Conflict, "This installation is set up already; nothing was changed. Add people with `probity user add`.");
    let code = setup::begin(app).await?.ok_or_else(already)?;
    let hashed = Doorkeeper::new().hash(app, admin.password, vec![admin.name.clone(), admin.email.clone()]).await?;
    let (name, email) = (admin.name, admin.email);
    let operator = Actor::operator(&catalogue::PURPOSES[0]);
    app.write(&operator, move |unit| setup::complete(unit, &code, name.clone(), email.clone(), &hashed)).await.map(drop)
}

/// Refuses a country or line of business that no pack can be chosen for, before anything is made.
fn check_business(country: &str, industry: &str) -> Result<()> {
    let parts: Vec<&str> = country.split('-').collect();
    let letters = |part: &str, most: usize| (2..=most).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if !(matches!(parts.as_slice(), [c] if letters(c, 2)) || matches!(parts.as_slice(), [c, p] if letters(c, 2) && letters(p, 3))) {
        return Err(Error::invalid(
            "/country",
            "not_a_country",
            "Give the country's two-letter ISO code, such as DE, or a part of it, such as US-CA.",
        ));
    }
    if packs::INDUSTRIES.contains(&industry) {
        return Ok(());
    }
    Err(Error::invalid("/industry", "unknown", format!("Choose one of: {}.", packs::INDUSTRIES.join(", "))))
}

/// Adopts the packs of a business and answers their ids.
pub async fn adopt(app: &App, country: &str, industry: &str) -> Result<Vec<String>> {
    let operator = Actor::operator(&catalogue::PURPOSES[0]);
    let permit = operator.permit::<ManageRules>()?;
    let chosen = packs::adopt(country, industry).iter().map(|pack| pack.id.clone()).collect();
    let (country, industry) = (country.to_owned(), industry.to_owned());
    app.write(&operator, move |unit| retention::adopt(unit, &permit, &country, &industry)).await?;
    Ok(chosen)
}
