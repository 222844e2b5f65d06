//! The binary `probity`: composition root.
fn main() {}
