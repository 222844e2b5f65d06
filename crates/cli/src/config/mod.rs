//! The configuration: `probity.toml`, the environment and flags, in rising order of precedence. Unknown keys refuse to start.

mod kinds;
mod reference;
mod settings;
mod sources;

pub use kinds::{Format, Provider};
pub use settings::Settings;
pub use sources::Values;
