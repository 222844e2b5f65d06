//! What every page shares.

pub mod chart;
pub mod csrf;
pub mod error;
pub mod form;
pub mod icons;
pub mod json;
pub mod layout;
pub mod names;
pub mod render;
pub mod sink;
pub mod text;
pub mod who;
