//! What every page shares.

pub mod icons;
pub mod layout;
pub mod render;
pub mod text;
