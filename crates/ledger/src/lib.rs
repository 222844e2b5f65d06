//! Merkle tree, checkpoints, proofs, evidence bundles, offline verification; pure.
