//! Bringing files in over HTTP.

mod mapping;
pub mod pages;
#[cfg(test)]
mod pages_tests;
mod report;
pub mod shelf;
