//! An installation for the benchmark alone, gone with it.

use std::{
    ffi::OsString,
    fs,
    path::{Path, PathBuf},
    time::Duration,
};

use catalogue::Purpose;
use crm::identity::{KeyScope, NewKey, apikey, staff};
use kernel::{Env, Error, Personal, Result};
use store::{Location, Place, bare::Bare};
use trail::{Actor, App, permit::Manage};

use crate::{
    commands::{Here, init, purpose},
    config::{Provider, Settings},
    open,
    output::file_refused,
};

/// The administrator's address.
pub const ADMIN: &str = "bench@house.example";
/// Keys for programs: so many that no one of them is asked to slow down.
const KEYS: usize = 48;

/// Where the installation is, and how it is opened.
pub struct House {
    pub settings: Settings,
    pub env: Env,
    folder: PathBuf,
    /// Schemas that were made for it.
    schemas: Option<Location>,
}

impl Drop for House {
    fn drop(&mut self) {
        // What cannot be removed is left behind, and nothing else.
        drop(fs::remove_dir_all(&self.folder));
        if let Some(made) = self.schemas.take() {
            // On a thread of its own: the PostgreSQL client brings a runtime.
            let dropping = std::thread::spawn(move || [&made.data, &made.vault].into_iter().try_for_each(Bare::drop_schema));
            if !matches!(dropping.join(), Ok(Ok(()))) {
                tracing::warn!("a schema of the benchmark could not be dropped");
            }
        }
    }
}

impl House {
    /// A folder beside the data folder, on the disk that counts. On PostgreSQL the databases that were named: in a schema of its own, which is
    /// dropped at the end, or in the one that was named with `schema=`, which must be empty and stays.
    pub fn new(here: &Here<'_>, name: &str) -> Result<Self> {
        let mut settings = here.settings.clone();
        let stamp = format!("{:x}", here.env.now().micros());
        let mut folder: OsString = here.path(&settings.store.data).into_os_string();
        folder.push(format!("{}{stamp}-{name}", open::MEASURED));
        let folder = PathBuf::from(folder);
        fs::create_dir_all(&folder).map_err(|cause| file_refused("made", &folder, cause))?;
        settings.store.data.clone_from(&folder);
        settings.store.blobs = None;
        // Never a key that opens anything else.
        (settings.keys.provider, settings.keys.file, settings.keys.keyring) = (Provider::File, None, None);
        let mut schemas = None;
        if let (Some(data), Some(vault)) = (&mut settings.store.database, &mut settings.store.vault) {
            let named = [&*data, &*vault].map(|text| text.contains("schema="));
            if !named[0] && !named[1] {
                *data = with_schema(data, &format!("bench_{stamp}_{name}_data"));
                *vault = with_schema(vault, &format!("bench_{stamp}_{name}_vault"));
                schemas = Some(Location { data: Place::Postgres(data.clone()), vault: Place::Postgres(vault.clone()) });
            }
        }
        let house = Self { settings, env: here.env.clone(), folder, schemas };
        open::location(&house.settings)?;
        Ok(house)
    }

    /// A path in its folder.
    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// The folder.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where a bare table may lie: beside the data.
    pub fn bare(&self) -> Place {
        match &self.settings.store.database {
            Some(text) => Place::Postgres(text.clone()),
            None => Place::Sqlite(self.path("bare.db")),
        }
    }

    /// Makes the installation, with an administrator, the rules of a general business in Germany, and keys for programs: the password and those.
    pub async fn make(&self) -> Result<(String, Vec<String>)> {
        let app = self.empty()?;
        let password = crm::identity::password::generate(&self.env);
        let admin =
            init::Admin { name: Personal::new("Bench".to_owned()), email: Personal::new(ADMIN.to_owned()), password: password.clone() };
        init::set_up(&app, admin).await?;
        init::adopt(&app, "DE", "general").await?;
        let keys = keys(&app).await?;
        app.close().await?;
        Ok((password.into_inner(), keys))
    }

    /// Makes the installation, with nobody and nothing in it, and opens it.
    pub fn empty(&self) -> Result<App> {
        open::or_make(&self.settings, &self.env).map(|(app, _)| app)
    }

    /// Opens it.
    pub fn open(&self) -> Result<App> {
        open::existing(&self.settings, &self.env)
    }
}

async fn keys(app: &App) -> Result<Vec<String>> {
    let (operator, sales) = (Actor::operator(&catalogue::PURPOSES[0]), purpose("sales")?);
    let permit = operator.permit::<Manage>()?;
    let asking = permit.clone();
    let owner = app.read(&operator, move |unit| staff::list(unit, &asking)).await?.first().map(|member| member.id);
    let mut keys = Vec::with_capacity(KEYS);
    for number in 0..KEYS {
        let scope = |privilege: &str| KeyScope { privilege: privilege.to_owned(), kind: "*".to_owned() };
        let new = NewKey {
            label: format!("bench {number}"),
            owner,
            purpose: sales,
            scopes: vec![scope("read"), scope("write")],
            valid: Duration::from_secs(86_400),
        };
        let permit = permit.clone();
        keys.push(app.write(&operator, move |unit| apikey::make(unit, &permit, &new)).await?.1);
    }
    Ok(keys)
}

/// Who acts in the benchmark: the operator, for sales.
pub fn seller() -> Result<Actor> {
    Ok(Actor::operator(purpose("sales")?))
}

/// Who administers.
pub fn operator() -> Actor {
    let administration: &Purpose = &catalogue::PURPOSES[0];
    Actor::operator(administration)
}

/// What is wrong with an answer: the benchmark ends, for its figures would be worth nothing.
pub fn wrong(what: impl std::fmt::Display) -> Error {
    Error::new(kernel::Code::Conflict, format!("An answer was not what it had to be, so nothing was measured: {what}."))
}

fn with_schema(text: &str, schema: &str) -> String {
    let joint = match text.split_once("://") {
        Some((_, rest)) if rest.contains('?') => "&",
        Some(_) => "?",
        None => " ",
    };
    format!("{text}{joint}schema={schema}")
}

#[cfg(test)]
mod tests {
    use super::with_schema;

    #[test]
    fn a_schema_of_its_own_is_named_in_both_forms_of_a_place() {
        assert_eq!(with_schema("postgres://a@h/db", "b"), "postgres://a@h/db?schema=b");
        assert_eq!(with_schema("postgres://a@h/db?x=1", "b"), "postgres://a@h/db?x=1&schema=b");
        assert_eq!(with_schema("host=/tmp user=a", "b"), "host=/tmp user=a schema=b");
    }
}
