//! Consent: what somebody said about the use of their data, the texts they were shown, the way out of a letter, and events of a web site.

pub mod api;
pub mod api_notices;
pub mod notices;
pub mod pages;
pub mod public;
#[cfg(test)]
mod tests;
