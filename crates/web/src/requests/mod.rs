//! People's requests over HTTP.

pub mod api;
