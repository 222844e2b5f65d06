//! Merkle tree, checkpoints, proofs, evidence bundles, offline verification; pure.
//!
//! The tree is that of RFC 6962 / RFC 9162 (SHA-256), laid out as C2SP tlog-tiles, its heads signed as C2SP
//! tlog-checkpoint. No clock, no chance, no file: bytes come in and go out.

mod archive;
pub mod audit;
pub mod bundle;
pub mod canonical;
pub mod checkpoint;
pub mod commit;
pub mod destruction;
mod frontier;
mod hash;
mod leaf;
pub mod note;
mod proof;
mod report;
mod tile;
mod wire;

pub use audit::{Permits, verify_bundle, verify_bundle_with};
pub use bundle::{Attachment, Bundle, Item, Part, Payload, Stored};
pub use checkpoint::{Checkpoint, cosign, open, sign};
pub use commit::{FieldCommitments, FieldProof, Salt, Seed, chain, commit, commit_field, derive_salt, payload_root, subjects_root};
pub use destruction::{Approval, Certificate, Cover, Destruction, Order, Outcome, Scope};
pub use frontier::Frontier;
pub use hash::{ABSENT, Hash, empty_root, leaf_hash, merkle_root, node_hash, sha256};
pub use leaf::{LEAF_SIZE, Leaf, LeafKind};
pub use note::{KeyKind, KeyName, Signer, Verifier};
pub use proof::{ProofError, consistency_proof, inclusion_proof, path_in, root, verify_consistency, verify_inclusion};
pub use report::{Fault, Report, Verdict};
pub use tile::{MemoryTiles, TILE_WIDTH, Tile, TileReader, tile_path, tile_width};
