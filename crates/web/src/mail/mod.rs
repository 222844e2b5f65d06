//! Mail: accounts, letters, templates.

mod accounts;
pub mod api;
pub mod pages;
#[cfg(test)]
mod tests;
