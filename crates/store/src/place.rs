//! Where the databases are.

use std::{path::PathBuf, str::FromStr};

use kernel::{Code, Error, Result};

/// Which engine is underneath.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Engine {
    /// SQLite, inside the process.
    Sqlite,
    /// PostgreSQL and what speaks its wire.
    Postgres,
}

/// One database.
#[derive(Clone, PartialEq, Eq)]
pub enum Place {
    /// A database file.
    Sqlite(PathBuf),
    /// A connection URL or `key=value` text. The option `schema=NAME` is ours: it sets the search path and creates the schema when absent.
    Postgres(String),
}

/// Both databases of one organisation, on the same engine.
#[derive(Clone)]
pub struct Location {
    /// Records, events, ledger.
    pub data: Place,
    /// Keys.
    pub vault: Place,
}

impl std::fmt::Debug for Place {
    /// Never shows a connection text: it may hold a password.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "Sqlite({})", path.display()),
            Self::Postgres(_) => f.write_str("Postgres(…)"),
        }
    }
}

/// A PostgreSQL place, understood.
#[derive(Clone)]
pub(crate) struct Address {
    pub(crate) config: tokio_postgres::Config,
    pub(crate) schema: Option<String>,
}

/// Reads a connection text and takes our own option out of it.
pub(crate) fn address(text: &str) -> Result<Address> {
    let (rest, schema) = take_schema(text);
    if let Some(name) = &schema {
        let fits =
            name.len() <= 63 && name.bytes().enumerate().all(|(i, b)| b == b'_' || b.is_ascii_lowercase() || (i > 0 && b.is_ascii_digit()));
        if !fits || name.is_empty() {
            return Err(unreadable("the option schema= takes lower-case letters, digits and underscores"));
        }
    }
    let mut config =
        tokio_postgres::Config::from_str(&rest).map_err(|_| unreadable("expected postgres://user@host/name or key=value pairs"))?;
    if config.get_application_name().is_none() {
        config.application_name("probity");
    }
    if config.get_connect_timeout().is_none() {
        config.connect_timeout(std::time::Duration::from_secs(10));
    }
    Ok(Address { config, schema })
}

fn unreadable(why: &str) -> Error {
    Error::new(Code::InvalidInput, format!("The PostgreSQL connection text cannot be read: {why}."))
}

fn take_schema(text: &str) -> (String, Option<String>) {
    let mut schema = None;
    let mut keep = |part: &&str| match part.strip_prefix("schema=") {
        Some(name) => {
            schema = Some(name.to_owned());
            false
        }
        None => true,
    };
    let rest = if text.contains("://") {
        match text.split_once('?') {
            Some((base, query)) => {
                let kept: Vec<_> = query.split('&').filter(&mut keep).collect();
                if kept.is_empty() { base.to_owned() } else { format!("{base}?{}", kept.join("&")) }
            }
            None => text.to_owned(),
        }
    } else {
        text.split(' ').filter(&mut keep).collect::<Vec<_>>().join(" ")
    };
    (rest, schema)
}

#[cfg(test)]
mod tests {
    use super::{Place, address, take_schema};

    #[test]
    fn the_schema_option_is_taken_out_of_both_forms() {
        let (rest, schema) = take_schema("postgres://a@h/db?schema=t_1&connect_timeout=3");
        assert_eq!((rest.as_str(), schema.as_deref()), ("postgres://a@h/db?connect_timeout=3", Some("t_1")));
        let (rest, schema) = take_schema("host=/tmp schema=t_2 user=x");
        assert_eq!((rest.as_str(), schema.as_deref()), ("host=/tmp user=x", Some("t_2")));
    }

    #[test]
    fn a_schema_name_that_would_need_quoting_is_refused() {
        for name in ["", "a-b", "A", "1a", "x;drop"] {
            assert!(address(&format!("host=/tmp schema={name}")).is_err(), "{name}");
        }
    }

    #[test]
    fn a_password_is_not_printed() {
        assert!(!format!("{:?}", Place::Postgres("postgres://u:geheim@h/db".into())).contains("geheim"));
    }
}
