//! The evidence bundle: leaves with their proofs and what the exporter may show of them, in one file that is verified
//! without any store.
//!
//! A ZIP with `bundle.json`, the attachments under `files/`, and `SHA256SUMS` over both (readable by `sha256sum -c`).

use std::collections::BTreeMap;

use kernel::{Code, Error, Result};
use serde::{Deserialize, Serialize};

use crate::{
    Checkpoint, Destruction, FieldCommitments, Hash, Leaf, Salt, Signer, TileReader, archive,
    canonical::{self, Value},
    checkpoint,
    commit::{FIELD, commit},
    inclusion_proof,
    leaf::LEAF_SIZE,
    payload_root, sha256, wire,
};

/// What a bundle says it is.
pub const FORMAT: &str = "probity-bundle/1";
/// The largest bundle that is read (1 GiB).
pub const MAX_BUNDLE: usize = 1 << 30;
/// The most items in one bundle.
pub const MAX_ITEMS: usize = 1_000_000;

const JSON: &str = "bundle.json";
const SUMS: &str = "SHA256SUMS";
const FILES: &str = "files/";

/// Leaves with their proofs, under one checkpoint.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bundle {
    /// [`FORMAT`].
    pub format: String,
    /// The log's origin.
    pub origin: String,
    /// The log's verifier key; proves nothing by itself, see [`verify_bundle`](crate::verify_bundle).
    pub vkey: String,
    /// The signed checkpoint, with any witness's cosignatures.
    pub checkpoint: String,
    /// The leaves, by ascending index.
    pub items: Vec<Item>,
    /// Files that no leaf commits to, with their SHA-256.
    pub files: Vec<Attachment>,
}

/// A file beside the evidence.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attachment {
    /// Its name: no slash, no control character, not empty, unlike every other.
    pub name: String,
    /// SHA-256 of its content.
    #[serde(with = "wire::hash")]
    pub sha256: Hash,
    /// Its content.
    #[serde(skip)]
    pub content: Vec<u8>,
}

/// One leaf, its proof and what is shown of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Item {
    /// Where it stands in the tree.
    pub index: u64,
    /// The encoded [`Leaf`].
    #[serde(with = "wire::bytes")]
    pub leaf: Vec<u8>,
    /// Its audit path to the checkpoint's root.
    #[serde(with = "wire::hashes")]
    pub proof: Vec<Hash>,
    /// The event's meta; `None` says nothing about it.
    pub meta: Option<Part>,
    /// The persons concerned: all of them, each shown or withheld; empty says nothing about them.
    pub subjects: Vec<Part>,
    /// The fields of this version; `None` when the exporter could not or may not open any.
    pub payload: Option<Payload>,
    /// The stored box.
    pub stored: Stored,
    /// How the leaf was destroyed, wholly or in some fields.
    pub destruction: Option<Destruction>,
}

/// A committed value, shown or withheld.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Part {
    /// The value in canonical CBOR and its salt.
    Open {
        /// The salt.
        #[serde(with = "wire::hash")]
        salt: Salt,
        /// The canonical bytes.
        #[serde(with = "wire::bytes")]
        value: Vec<u8>,
    },
    /// Only the commitment.
    Withheld {
        /// The commitment.
        #[serde(with = "wire::hash")]
        commitment: Hash,
    },
}

impl Part {
    /// Shows a value.
    pub fn open(salt: Salt, value: &Value) -> Self {
        Self::Open { salt, value: canonical::encode(value) }
    }

    /// The commitment it stands for.
    pub fn commitment(&self, domain: &str) -> Hash {
        match self {
            Self::Open { salt, value } => commit(salt, domain, value),
            Self::Withheld { commitment } => *commitment,
        }
    }

    /// The value, when shown. Error: malformed when it is not canonical CBOR.
    pub fn value(&self) -> Result<Option<Value>> {
        match self {
            Self::Open { value, .. } => canonical::decode(value).map(Some),
            Self::Withheld { .. } => Ok(None),
        }
    }
}

/// All fields of a version, each shown or withheld, and its predecessor.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Payload {
    /// The fields by key.
    pub fields: BTreeMap<String, Part>,
    /// The leaf hash of the version before; `None` for the first.
    #[serde(with = "wire::maybe_hash")]
    pub previous: Option<Hash>,
}

impl Payload {
    /// The root these parts lead to. Error: invalid_input for a reserved key.
    pub fn root(&self) -> Result<Hash> {
        let mut commitments = FieldCommitments::new();
        for (key, part) in &self.fields {
            commitments.insert(key.clone(), part.commitment(FIELD))?;
        }
        Ok(payload_root(&commitments, self.previous))
    }

    /// The values that are shown. Error: malformed when one is not canonical CBOR.
    pub fn values(&self) -> Result<BTreeMap<String, Value>> {
        let shown = self.fields.iter().filter_map(|(key, part)| part.value().transpose().map(|value| Ok((key.clone(), value?))));
        shown.collect()
    }
}

/// What the bundle holds of a stored box.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
pub enum Stored {
    /// The leaf has no box, or it is gone or left out; then the leaf's own hash is all there is of it.
    Nothing,
    /// The sealed bytes.
    Sealed {
        /// The box as stored.
        #[serde(with = "wire::bytes")]
        bytes: Vec<u8>,
        /// The index of the re-seal's leaf (an item of the same bundle) whose box this is; `None` when it is still the
        /// leaf's own. That leaf's payload names this leaf's hash in its field `leaf`.
        resealed: Option<u64>,
    },
}

impl Item {
    /// The leaf at `index` of a tree of `size` with its proof, showing nothing yet. Errors: the reader's.
    pub fn proven(leaf: &Leaf, index: u64, size: u64, reader: &dyn TileReader) -> Result<Self> {
        let proof = inclusion_proof(reader, index, size)?;
        Ok(Self {
            index,
            leaf: leaf.encode().to_vec(),
            proof,
            meta: None,
            subjects: Vec::new(),
            payload: None,
            stored: Stored::Nothing,
            destruction: None,
        })
    }
}

fn malformed(what: impl Into<String>) -> Error {
    Error::new(Code::Malformed, what)
}

impl Bundle {
    /// An empty bundle under a checkpoint that `signer` signs now.
    pub fn new(head: &Checkpoint, signer: &Signer) -> Result<Self> {
        Ok(Self::under(&head.origin, &signer.verifier().vkey(), &checkpoint::sign(head, signer)?))
    }

    /// An empty bundle under a note that was signed before.
    pub fn under(origin: &str, vkey: &str, note: &str) -> Self {
        Self {
            format: FORMAT.to_owned(),
            origin: origin.to_owned(),
            vkey: vkey.to_owned(),
            checkpoint: note.to_owned(),
            items: Vec::new(),
            files: Vec::new(),
        }
    }

    /// Adds a file that no leaf commits to.
    pub fn attach(&mut self, name: impl Into<String>, content: Vec<u8>) {
        self.files.push(Attachment { name: name.into(), sha256: sha256(&content), content });
    }

    fn check(&self) -> Result<()> {
        if self.format != FORMAT {
            return Err(malformed("The bundle is of a format not known here."));
        }
        if self.items.len() > MAX_ITEMS {
            return Err(Error::new(Code::TooLarge, "A bundle can hold a million leaves. Make several smaller ones."));
        }
        if !self.items.is_sorted_by(|a, b| a.index < b.index) {
            return Err(malformed("The bundle's leaves are not in ascending order, or one stands twice."));
        }
        if self.items.iter().any(|item| item.leaf.len() != LEAF_SIZE) {
            return Err(malformed("A leaf in the bundle does not have its fixed size."));
        }
        let mut names: Vec<_> = self.files.iter().map(|file| file.name.as_str()).collect();
        let bad =
            |name: &str| name.is_empty() || name == "." || name == ".." || name.contains(['/', '\\']) || name.chars().any(char::is_control);
        names.sort_unstable();
        if names.iter().any(|name| bad(name)) || names.windows(2).any(|pair| pair[0] == pair[1]) {
            return Err(malformed("A file in the bundle has no proper name, or two have the same."));
        }
        Ok(())
    }

    /// Its bytes; the same bundle always gives the same bytes. Errors: malformed when the leaves are not in ascending
    /// order or a file's name is not proper; too_large.
    pub fn to_bytes(&self) -> Result<Vec<u8>> {
        self.check()?;
        let mut json = serde_json::to_vec_pretty(self).map_err(Error::internal)?;
        json.push(b'\n');
        let mut entries = vec![(JSON.to_owned(), json.as_slice())];
        entries.extend(self.files.iter().map(|file| (format!("{FILES}{}", file.name), file.content.as_slice())));
        let sums: String = entries.iter().map(|(name, data)| format!("{}  {name}\n", hex::encode(sha256(data)))).collect();
        entries.push((SUMS.to_owned(), sums.as_bytes()));
        let bytes = archive::write(&entries)?;
        if bytes.len() > MAX_BUNDLE {
            return Err(Error::new(Code::TooLarge, "A bundle can hold 1 GiB. Make several smaller ones."));
        }
        Ok(bytes)
    }

    /// Reads what [`to_bytes`](Self::to_bytes) wrote, and only that: a change of any byte is refused here or found by
    /// [`verify_bundle`](crate::verify_bundle). Errors: malformed, too_large.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self> {
        if bytes.len() > MAX_BUNDLE {
            return Err(Error::new(Code::TooLarge, "The bundle is larger than 1 GiB."));
        }
        let entries = archive::read(bytes)?;
        let Some(((_, json), rest)) = entries.split_first().filter(|((name, _), _)| name == JSON) else {
            return Err(malformed("The bundle does not begin with bundle.json."));
        };
        let Some(((_, sums), files)) = rest.split_last().filter(|((name, _), _)| name == SUMS) else {
            return Err(malformed("The bundle does not end with SHA256SUMS."));
        };
        let expected: String =
            entries[..entries.len() - 1].iter().map(|(name, data)| format!("{}  {name}\n", hex::encode(sha256(data)))).collect();
        if expected.as_bytes() != *sums {
            return Err(malformed("The bundle was changed: a file does not match SHA256SUMS."));
        }
        let mut bundle: Self = serde_json::from_slice(json)
            .map_err(|error| malformed(format!("bundle.json is not readable (line {}, column {}).", error.line(), error.column())))?;
        if bundle.files.len() != files.len() {
            return Err(malformed("The bundle's files are not those it lists."));
        }
        for (file, (name, content)) in bundle.files.iter_mut().zip(files) {
            if name.strip_prefix(FILES) != Some(&file.name) {
                return Err(malformed("The bundle's files are not those it lists."));
            }
            file.content = content.to_vec();
        }
        bundle.check()?;
        Ok(bundle)
    }
}
