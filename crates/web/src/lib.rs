//! HTTP: pages and API over the same operations.

pub mod api;
pub mod approvals;
pub mod automation;
pub mod campaigns;
pub mod duplicates;
pub mod evidence;
pub mod export;
pub mod home;
pub mod identity;
pub mod import;
pub mod jobs;
pub mod kit;
pub mod mail;
pub mod notices;
pub mod openapi;
pub mod records;
pub mod reports;
pub mod requests;
pub mod retention;
pub mod router;
pub mod search;
pub mod segments;
pub mod service;
pub mod settings;
pub mod setup;
pub mod views;
