//! Settings.

mod ending;
mod fields;
pub mod general;
mod keeping;
pub mod kinds;
pub mod pages;
pub mod profile;
pub mod teams;
pub mod rates;
pub mod sales;
pub mod users;
#[cfg(test)]
mod profile_tests;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod sales_tests;
