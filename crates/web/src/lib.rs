//! HTTP: pages and API over the same operations.

pub mod kit;
pub mod views;
