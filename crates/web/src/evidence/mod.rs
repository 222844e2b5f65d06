//! The log and who saw what over HTTP.

pub mod api;
pub mod pages;
#[cfg(test)]
pub(crate) mod tests;
