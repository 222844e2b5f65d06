//! Bringing files in over HTTP.

pub mod api;
mod api_doc;
#[cfg(test)]
mod api_tests;
mod mapping;
pub mod pages;
#[cfg(test)]
mod pages_tests;
mod report;
pub mod shelf;
