//! Lists taken out as files, for programs. The pages stand with those of records.

pub mod api;
#[cfg(test)]
mod tests;
