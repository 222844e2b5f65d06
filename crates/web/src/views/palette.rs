//! What the palette finds while one types: a fragment, answered to `POST /palette` (`q`).

use askama::Template;

use super::search::Hit;
use crate::kit::text::Text;

/// Hits as options of the palette's list; the places to go and things to do come from the page itself.
#[derive(Clone, Debug, Template)]
#[template(path = "palette.html")]
pub struct PaletteHits {
    /// Language.
    pub t: Text,
    /// At most eight.
    pub hits: Vec<Hit>,
}
