//! Home and the list of keys over HTTP.

pub mod pages;
