//! What waits for a second person.

pub mod api;
#[cfg(test)]
mod api_tests;
pub mod pages;
#[cfg(test)]
mod tests;
