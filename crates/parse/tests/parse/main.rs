//! Promises over real files and over hostile bytes.

mod corpus;
mod hostile;
