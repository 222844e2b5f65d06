//! People's rights: requests from receipt to answer, what concerns a person, access packages, erasure.

mod artifacts;
mod concerning;
mod due;
pub mod erasure;
mod named;
mod package;
mod recipients;
#[cfg(test)]
mod recipients_tests;
mod request;
pub mod sql;
#[cfg(test)]
mod merged_tests;
#[cfg(test)]
mod tests;

pub use artifacts::{Artifact, artifacts};
pub use concerning::{Item, concerning};
pub use due::regime;
pub use named::names;
pub use package::{
    ArtifactId, JOB as PACKAGE_JOB, Package, Ready, Target, expire, fetch, forget, handler as package_handler, order as order_package,
    package, ready,
};
pub use recipients::{Disclosure, DisclosureId, Given, Told, disclose, recipient, recipients, tell};
pub use request::{Request, Standing, Step, Whole, close, extend, find, list, of_person, open, show, verify_identity, waiting};
