//! What somebody is told of, over HTTP.

pub mod api;
pub mod pages;
#[cfg(test)]
mod tests;
