//! HTTP: pages and API over the same operations.

pub mod identity;
pub mod kit;
pub mod router;
pub mod views;
