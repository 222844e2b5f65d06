//! The law as pure functions: retention decision and request deadlines.
