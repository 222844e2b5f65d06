//! The promises of the ledger: its tree against published roots and another implementation, its notes and bundles
//! against tampering.

mod bundles;
mod canonical;
mod commitments;
mod corpus;
mod measure;
mod notes;
mod tree;
