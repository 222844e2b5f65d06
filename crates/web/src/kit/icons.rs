//! Icons: one sprite of our own drawing, referred to by name.

use std::fmt;

/// An icon of the sprite, as HTML. It is decoration: the words beside it (or an `unseen` label) carry the meaning.
#[derive(Clone, Copy, Debug)]
pub struct Icon<'a>(&'a str);

/// The icon called `name` (the ids of `icons.svg`).
pub const fn icon(name: &str) -> Icon<'_> {
    Icon(name)
}

impl fmt::Display for Icon<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // A name is one of ours; anything else would have to be escaped, so it is dropped.
        let name: String = self.0.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        write!(f, r#"<svg class="icon" aria-hidden="true"><use href="{}#{name}"/></svg>"#, assets::url("icons.svg"))
    }
}

impl askama::filters::HtmlSafe for Icon<'_> {}
