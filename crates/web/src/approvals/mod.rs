//! What waits for a second person.

pub mod pages;
#[cfg(test)]
mod tests;
