//! Reports, and the rates by which they convert.

pub mod api;
pub mod api_rates;
mod money;
pub mod pages;
#[cfg(test)]
mod tests;
