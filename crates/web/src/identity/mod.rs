//! Set-up, signing in and out, purposes, users and API keys over HTTP.

pub mod api;
mod api_doc;
pub mod api_teams;
pub mod pages;

#[cfg(test)]
pub(crate) mod tests;
