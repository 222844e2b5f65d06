//! What goes on in the background over HTTP.

pub mod api;
