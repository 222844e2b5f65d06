//! Settings.

mod ending;
pub mod general;
pub mod kinds;
pub mod pages;
pub mod users;
#[cfg(test)]
mod tests;
