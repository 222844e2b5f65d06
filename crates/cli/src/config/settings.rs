//! Every setting there is. The doc comments are the reference: `docs/reference/configuration.md` is made from this table.
#![cfg_attr(not(test), expect(dead_code, reason = "the words are read by the test that makes the reference"))]

use std::{net::SocketAddr, path::PathBuf};

use crm::identity::Language;
use kernel::Result;

use super::{
    kinds::{Format, Level, Provider, Taken},
    sources::Values,
};

/// A section of the configuration, for the reference and for checking names.
pub struct Section {
    /// Its name in `probity.toml`.
    pub name: &'static str,
    /// What it is about.
    pub words: &'static [&'static str],
    /// Its keys.
    pub keys: &'static [Key],
}

/// One setting.
pub struct Key {
    /// Its name.
    pub name: &'static str,
    /// What applies when nobody sets it, as text; empty for nothing.
    pub default: &'static str,
    /// What it takes, in words.
    pub takes: &'static str,
    /// What it means.
    pub words: &'static [&'static str],
}

macro_rules! settings {
    ($(
        $(#[doc = $about:literal])+
        $section:ident: $Section:ident {
            $( $(#[doc = $words:literal])+ $key:ident: $kind:ty = $default:literal, )+
        }
    )+) => {
        /// Everything that can be set, as it applies.
        #[derive(Clone)]
        pub struct Settings {
            $( $(#[doc = $about])+ pub $section: $Section, )+
        }
        $(
            $(#[doc = $about])+
            #[derive(Clone)]
            pub struct $Section {
                $( $(#[doc = $words])+ pub $key: $kind, )+
            }
        )+
        /// The table that the structs, the checks and the reference are made from.
        pub const SECTIONS: &[Section] = &[$(
            Section {
                name: stringify!($section),
                words: &[$($about),+],
                keys: &[$( Key { name: stringify!($key), default: $default, takes: <$kind as Taken>::TAKES, words: &[$($words),+] } ),+],
            }
        ),+];

        impl Settings {
            /// What applies under these values. Error: invalid_input, naming the key and where it was set.
            pub fn from_values(values: &Values) -> Result<Self> {
                Ok(Self {
                    $( $section: $Section { $( $key: values.read(stringify!($section), stringify!($key), $default)? ),+ } ),+
                })
            }
        }
    };
}

settings! {
    /// The web server.
    server: Server {
        /// The address and port that `probity serve` listens on. It speaks plain HTTP: let a proxy on the same machine speak TLS,
        /// and do not listen on an outside address without one.
        listen: SocketAddr = "127.0.0.1:8080",
        /// The address people use, such as `https://crm.example.com`, when a proxy stands in front.
        /// Cookies are marked secure when it begins with `https://`.
        public_url: Option<String> = "",
        /// Addresses of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed. From anyone else they are ignored.
        trusted_proxies: Vec<String> = "",
        /// The language of pages for whoever chose none and whose browser asks for none that pages speak.
        language: Language = "en",
    }
    /// Where things are kept.
    store: Store {
        /// The data folder: databases (SQLite), originals, the published log and, unless set otherwise, the key file and the keyring.
        /// It is made with mode 0700. One process holds it.
        data: PathBuf = "./probity-data",
        /// A PostgreSQL database, `postgres://user@host/name`; without it SQLite in the data folder is used.
        /// A password belongs in the environment or in this file (mode 0600), not in a flag that others can see.
        database: Option<String> = "",
        /// The PostgreSQL database of the vault. It must be another database than `database`, and should be on another server:
        /// in the same cluster the write-ahead log would keep destroyed keys.
        vault: Option<String> = "",
        /// Where originals and attachments are kept: a folder or `s3://bucket/prefix` (credentials, region and endpoint from `AWS_*`).
        /// Without it: `blobs` in the data folder.
        blobs: Option<String> = "",
    }
    /// What opens the records.
    keys: Keys {
        /// Who holds the root key: `file` (a key file) or `passphrase`.
        provider: Provider = "file",
        /// The key file. Without it: `root.key` in the data folder. Keep a copy apart from this machine and from its backups;
        /// without it nothing can be read again.
        file: Option<PathBuf> = "",
        /// A file that holds the passphrase (at least 12 characters), for the provider `passphrase`.
        passphrase_file: Option<PathBuf> = "",
        /// The keyring, sealed by the root key. Without it: `keyring` in the data folder.
        keyring: Option<PathBuf> = "",
    }
    /// The ledger that nobody can quietly rewrite.
    ledger: Ledger {
        /// The log's name in every checkpoint, such as `crm.example.com/log`. Choose it before the first start and never change it:
        /// who verifies knows the log by it.
        origin: String = "probity.local/log",
        /// Verifier keys (`name+hash+base64`) of witnesses whose cosignatures count as an anchor outside the operator.
        witnesses: Vec<String> = "",
        /// An RFC 3161 time-stamping service. This version does not ask for time-stamps yet and says so at start when it is set.
        tsa_url: Option<String> = "",
    }
    /// Periods of retention that are the organisation's to choose.
    retention: Retention {
        /// Days to carry out a disposal after a record became due. Set here, it is in force from the next start of `serve` or `worker`;
        /// without it what an administrator set applies, at first 30.
        grace_days: Option<u32> = "",
        /// Days that records stay after their last hold was released. Set and applied like `grace_days`, at first 30.
        cool_off_days: Option<u32> = "",
    }
    /// What is written to standard error.
    log: Log {
        /// How much: `error`, `warn`, `info`, `debug` or `trace`. Logs never hold personal data.
        level: Level = "info",
        /// `text` for people, `json` for machines.
        format: Format = "text",
    }
}
