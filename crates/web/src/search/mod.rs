//! Search over every kind over HTTP.

pub mod api;
