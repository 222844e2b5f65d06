//! Automation: rules and webhooks.

mod api_doc;
pub mod api;
pub mod pages;
pub mod rules;
#[cfg(test)]
mod tests;
