//! The leaf of the ledger: fixed size, salted commitments only, no personal data.

use kernel::{Code, Error, Result};

use crate::{Hash, hash};

const VERSION: u8 = 1;

/// Bytes of an encoded leaf: version, kind, time and four hashes.
pub const LEAF_SIZE: usize = 1 + 1 + 8 + 4 * 32;

/// What a leaf witnesses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum LeafKind {
    /// A version of a record.
    Record = 1,
    /// A version sealed again under another key, its content unchanged or with fields erased.
    Reseal = 2,
    /// An event of the audit trail.
    Event = 3,
    /// The state of a stream of read events: its opening, its closing, a point between.
    Stream = 4,
    /// An order to destroy.
    Order = 5,
    /// The certificate that an order was carried out.
    Certificate = 6,
    /// One person's approval.
    Approval = 7,
    /// The first leaf of a new origin, committing to the last checkpoint of the one before.
    CheckpointLink = 8,
    /// An order to destroy a day key of the trail.
    DayOrder = 9,
    /// A key made, rotated or retired.
    Key = 10,
}

impl LeafKind {
    /// Every kind.
    pub const ALL: [Self; 10] = [
        Self::Record,
        Self::Reseal,
        Self::Event,
        Self::Stream,
        Self::Order,
        Self::Certificate,
        Self::Approval,
        Self::CheckpointLink,
        Self::DayOrder,
        Self::Key,
    ];

    /// The kind with this number.
    pub fn from_u8(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| *kind as u8 == number)
    }
}

/// One leaf. A hash that commits to nothing is [`ABSENT`](crate::ABSENT).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leaf {
    /// What it witnesses.
    pub kind: LeafKind,
    /// When, in microseconds UTC since 1970.
    pub at: i64,
    /// Commitment to the event's meta (actor, act, purpose …).
    pub meta: Hash,
    /// Root over one commitment per person concerned, see [`subjects_root`](crate::subjects_root).
    pub subjects: Hash,
    /// Root over one commitment per field, see [`payload_root`](crate::payload_root).
    pub payload: Hash,
    /// SHA-256 of the stored (sealed) box.
    pub box_hash: Hash,
}

impl Leaf {
    /// Its bytes, as they enter the tree.
    pub fn encode(&self) -> [u8; LEAF_SIZE] {
        let mut out = [0; LEAF_SIZE];
        out[0] = VERSION;
        out[1] = self.kind as u8;
        out[2..10].copy_from_slice(&self.at.to_be_bytes());
        for (slot, hash) in out[10..].as_chunks_mut::<32>().0.iter_mut().zip([self.meta, self.subjects, self.payload, self.box_hash]) {
            *slot = hash;
        }
        out
    }

    /// Reads what [`encode`](Self::encode) wrote. Error: malformed, on another length, version or kind.
    pub fn decode(bytes: &[u8]) -> Result<Self> {
        let fail = |what: &str| Error::new(Code::Malformed, format!("A leaf of the ledger is not readable: {what}."));
        let bytes: &[u8; LEAF_SIZE] = bytes.try_into().map_err(|_| fail("it has another length"))?;
        if bytes[0] != VERSION {
            return Err(fail("its version is not known here"));
        }
        let kind = LeafKind::from_u8(bytes[1]).ok_or_else(|| fail("its kind is not known here"))?;
        let at = i64::from_be_bytes(bytes[2..10].try_into().map_err(|_| fail("its time"))?);
        let (hashes, _) = bytes[10..].as_chunks::<32>();
        let [meta, subjects, payload, box_hash] = hashes.try_into().map_err(|_| fail("its hashes"))?;
        Ok(Self { kind, at, meta, subjects, payload, box_hash })
    }

    /// Its hash in the tree (RFC 6962).
    pub fn hash(&self) -> Hash {
        hash::leaf_hash(&self.encode())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn a_leaf_reads_back_as_written(kind in 0usize..10, at: i64, hashes: [[u8; 32]; 4]) {
            let [meta, subjects, payload, box_hash] = hashes;
            let leaf = Leaf { kind: LeafKind::ALL[kind], at, meta, subjects, payload, box_hash };
            prop_assert_eq!(Leaf::decode(&leaf.encode()).unwrap(), leaf);
        }

        #[test]
        fn any_bytes_are_a_leaf_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
            if let Ok(leaf) = Leaf::decode(&bytes) {
                prop_assert_eq!(leaf.encode().to_vec(), bytes);
            }
        }

        #[test]
        fn each_flipped_byte_gives_another_leaf_or_none(at in 0usize..LEAF_SIZE, bit in 0u8..8) {
            let leaf = Leaf { kind: LeafKind::Record, at: 7, meta: [1; 32], subjects: [2; 32], payload: [3; 32], box_hash: [4; 32] };
            let mut bytes = leaf.encode();
            bytes[at] ^= 1 << bit;
            prop_assert!(Leaf::decode(&bytes).map_or(true, |other| other.hash() != leaf.hash()));
        }
    }

    #[test]
    fn another_version_kind_or_length_is_refused() {
        let good = Leaf { kind: LeafKind::Key, at: 0, meta: [0; 32], subjects: [0; 32], payload: [0; 32], box_hash: [0; 32] }.encode();
        assert!(Leaf::decode(&good).is_ok());
        for (place, byte) in [(0, 0), (0, 2), (1, 0), (1, 11), (1, 255)] {
            let mut bad = good;
            bad[place] = byte;
            assert_eq!(Leaf::decode(&bad).unwrap_err().code(), Code::Malformed);
        }
        assert!(Leaf::decode(&good[1..]).is_err());
    }
}
