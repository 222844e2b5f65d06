//! The log and who saw what over HTTP.

pub mod api;
pub mod api_audit;
#[cfg(test)]
mod api_tests;
pub mod pages;
#[cfg(test)]
pub(crate) mod tests;
