//! People's rights: access packages and erasure.
