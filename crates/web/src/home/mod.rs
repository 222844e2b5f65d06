//! Home and the list of keys over HTTP.

mod desk;
pub mod pages;
#[cfg(test)]
mod tests;
