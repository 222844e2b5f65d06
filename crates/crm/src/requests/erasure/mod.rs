//! Erasure on a person's request: first a plan, then its execution, later what a hold or a floor kept back.
//!
//! Nothing is destroyed here: every order goes through [`crate::disposal`], which decides again under the records' locks.

mod execute;
mod plan;

#[cfg(test)]
mod tests;

pub use execute::{Erased, JOB, Kept, execute, execute_once, go_on, handler};
pub use plan::{Line, Outcome, Plan, plan};
