//! The pages, as plain data: handlers fill them with finished words, templates lay them out.
//!
//! Every view has `t` (the language) and `shell` (the frame), except fragments, and `samples()` that tests render and look over.

pub mod approval;
pub mod board;
pub mod calendar;
pub mod bulk;
pub mod confirm;
pub mod consent;
pub mod dashboards;
pub mod duplicates;
pub mod edit;
pub mod erasure;
pub mod error;
pub mod evidence;
pub mod export;
pub mod file;
pub mod home;
pub mod import;
pub mod keys;
pub mod lines;
pub mod list;
pub mod mail;
pub mod message;
pub mod notices;
pub mod outreach;
pub mod package;
pub mod palette;
pub mod parts;
pub mod record;
pub mod reports;
pub mod request;
pub mod retention;
pub mod samples;
pub mod search;
pub mod settings;
pub mod setup;
pub mod sign_in;

#[cfg(test)]
mod tests;
