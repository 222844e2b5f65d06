//! Finding over blind tokens.
