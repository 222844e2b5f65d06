//! Search over every kind over HTTP.

pub mod api;
pub mod pages;
