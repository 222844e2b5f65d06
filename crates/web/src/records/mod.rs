//! Records of every kind over HTTP.

pub mod api;
mod api_batch;
pub mod api_bulk;
pub mod api_kinds;
pub mod api_list;
mod api_more;
pub mod api_uploads;
pub mod api_views;
pub mod pages;
#[cfg(test)]
pub(crate) mod tests;
#[cfg(test)]
mod bulk_tests;
#[cfg(test)]
mod views_tests;
