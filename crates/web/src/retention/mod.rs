//! How long and why over HTTP.

pub mod pages;
#[cfg(test)]
mod tests;
