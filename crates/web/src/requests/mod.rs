//! People's rights over HTTP.

pub mod api;
pub mod api_artifacts;
pub mod api_recipients;
#[cfg(test)]
mod api_tests;
pub mod pages;
mod pages_erasure;
mod pages_package;
mod pages_recipients;

#[cfg(test)]
pub(crate) mod pages_tests;
