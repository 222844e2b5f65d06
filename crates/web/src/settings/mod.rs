//! Settings.

mod ending;
pub mod general;
pub mod kinds;
pub mod pages;
#[cfg(test)]
mod tests;
