//! How long and why over HTTP.

pub mod api;
pub mod pages;
mod queue;
mod sweep;
#[cfg(test)]
mod tests;
