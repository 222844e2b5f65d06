//! Promises over real files and over hostile bytes.

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod hostile;
