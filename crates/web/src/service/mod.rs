//! Service targets: a page where they are set, the same for programs, and the words in which a clock is told.

pub mod api;
pub mod pages;
pub(crate) mod words;
#[cfg(test)]
mod tests;
