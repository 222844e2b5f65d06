//! The gate and the generators.
fn main() {}
