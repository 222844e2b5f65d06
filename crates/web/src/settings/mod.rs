//! Settings over HTTP.

pub mod pages;
