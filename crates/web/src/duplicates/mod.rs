//! Records that look alike, over HTTP.

pub mod api;
mod api_doc;
pub mod pages;
#[cfg(test)]
mod tests;
pub(crate) mod typing;
