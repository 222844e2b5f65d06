//! What settings take.

use std::{net::SocketAddr, path::PathBuf};

use crm::identity::Language;

/// A kind of value that a setting takes, always from text: a file, the environment and a flag mean the same.
pub trait Taken: Sized {
    /// What it takes, in words.
    const TAKES: &'static str;
    /// Reads it; `None` when it is not one.
    fn take(text: &str) -> Option<Self>;
}

impl Taken for String {
    const TAKES: &'static str = "text";
    fn take(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| text.to_owned())
    }
}

impl Taken for PathBuf {
    const TAKES: &'static str = "a path";
    fn take(text: &str) -> Option<Self> {
        (!text.is_empty()).then(|| Self::from(text))
    }
}

impl Taken for u32 {
    const TAKES: &'static str = "a whole number";
    fn take(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Taken for SocketAddr {
    const TAKES: &'static str = "an address and port, such as `127.0.0.1:8080`";
    fn take(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl Taken for Language {
    const TAKES: &'static str = "`en`, `de`, `fr`, `es` or `zh`";
    fn take(text: &str) -> Option<Self> {
        text.parse().ok()
    }
}

impl<T: Taken> Taken for Option<T> {
    const TAKES: &'static str = T::TAKES;
    fn take(text: &str) -> Option<Self> {
        if text.is_empty() { Some(None) } else { T::take(text).map(Some) }
    }
}

impl Taken for Vec<String> {
    const TAKES: &'static str = "a list of texts (in the environment: separated by commas)";
    fn take(text: &str) -> Option<Self> {
        Some(text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(str::to_owned).collect())
    }
}

macro_rules! word {
    ($(#[$meta:meta])* $name:ident, $takes:literal, $($(#[$doc:meta])* $variant:ident = $text:literal),+) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Debug)]
        pub enum $name { $($(#[$doc])* $variant),+ }
        impl Taken for $name {
            const TAKES: &'static str = $takes;
            fn take(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

word!(
    /// Who holds the root key.
    Provider, "`file` or `passphrase`",
    /// A key file.
    File = "file",
    /// A passphrase in a file.
    Passphrase = "passphrase"
);
word!(
    /// How logs are written.
    Format, "`text` or `json`",
    /// For people.
    Text = "text",
    /// For machines.
    Json = "json"
);
word!(
    /// How much is logged.
    Level, "`error`, `warn`, `info`, `debug` or `trace`",
    /// What failed.
    Error = "error",
    /// And what looks wrong.
    Warn = "warn",
    /// And what happens.
    Info = "info",
    /// And how.
    Debug = "debug",
    /// Everything.
    Trace = "trace"
);

impl Level {
    /// As the log's filter writes it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warn => "warn",
            Self::Info => "info",
            Self::Debug => "debug",
            Self::Trace => "trace",
        }
    }
}
