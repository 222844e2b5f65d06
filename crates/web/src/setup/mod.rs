//! Setup over HTTP.

pub mod pages;
