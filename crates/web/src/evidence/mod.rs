//! The log and who saw what over HTTP.

pub mod api;
