//! Who may come in: set-up, staff, passwords, sessions, roles and API keys.
//!
//! Staff are people too: their names and addresses lie sealed under a key of their own, and the open columns hold only ids, times,
//! states and keyed hashes. No row holds anything that would let its thief in: session tokens, API keys and the set-up code are kept
//! as SHA-256 of 100 bits and more of chance, passwords as Argon2id.
//!
//! What needs a password (slow on purpose) or counts wrong tries across transactions goes through the [`Doorkeeper`]; everything else
//! is a plain operation over a [`trail::Unit`].

pub mod apikey;
mod doorkeeper;
mod events;
mod lockout;
pub mod password;
pub mod preferences;
pub mod role;
pub mod session;
pub mod setup;
pub mod sql;
pub mod staff;
pub mod team;
mod token;

pub use apikey::{ApiKey, KeyScope, NewKey};
pub use doorkeeper::{Doorkeeper, SignedIn};
pub use password::Hashed;
pub use preferences::{DateFormat, Language, Preferences, WeekStart};
pub use session::{Session, SessionRow};
pub use staff::{Colleague, Member, NewStaff};
pub use team::{Team, TeamId};

#[cfg(test)]
mod tests;
