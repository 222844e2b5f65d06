//! Dashboards over HTTP.

pub mod api;
pub mod pages;
pub(crate) mod tiles;
#[cfg(test)]
mod tests;
