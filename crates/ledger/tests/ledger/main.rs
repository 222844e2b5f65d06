//! The promises of the ledger: its tree against published roots and another implementation, its notes and bundles
//! against tampering.

#[cfg(test)]
mod bundles;
#[cfg(test)]
mod canonical;
#[cfg(test)]
mod commitments;
#[cfg(test)]
mod corpus;
#[cfg(test)]
mod measure;
#[cfg(test)]
mod notes;
#[cfg(test)]
mod tree;
