//! Segments: whom a purpose allows to be reached, counted with reasons and listed.

pub mod api;
pub mod pages;
#[cfg(test)]
mod tests;
