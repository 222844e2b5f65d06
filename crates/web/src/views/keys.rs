//! The keys, and switching single ones off.

use askama::Template;

use crate::kit::{layout::Shell, text::Text};

/// The page `/keys`; scripts show its list as a dialogue on `?`. Its form posts `keys=on|off` to `/preferences`.
#[derive(Clone, Debug, Template)]
#[template(path = "keys.html")]
pub struct KeysPage {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
}

impl KeysPage {
    fn keys(&self) -> [(&'static str, &'static str); 17] {
        [
            ("/", "keys-search"),
            ("Ctrl K", "keys-palette"),
            ("?", "keys-help"),
            ("g h", "keys-home"),
            ("g p", "keys-people"),
            ("g c", "keys-companies"),
            ("g e", "keys-evidence"),
            ("j", "keys-down"),
            ("k", "keys-up"),
            ("x", "keys-choose"),
            ("Shift x", "keys-choose-range"),
            ("m", "keys-move"),
            ("Enter", "keys-open"),
            ("e", "keys-edit"),
            ("n", "keys-new"),
            ("Ctrl Enter", "keys-save"),
            ("Esc", "keys-escape"),
        ]
    }
}
