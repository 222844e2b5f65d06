//! The only door that destroys.
