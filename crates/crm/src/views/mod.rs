//! Lists: filter, sort, page.
