//! Campaigns: one letter to everybody whom a segment yields.

pub mod api;
pub mod pages;
