//! Hostile input: mail, mbox, vCard, CSV; fuzzed.
