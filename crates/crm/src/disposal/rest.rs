//! What is left of a record that lost fields, as the vault's journal keeps it: a copy of the data made before has the record under the
//! destroyed key alone, and would lose the rest with it.

use kernel::{BlobId, KeyId, RecordId, Result};
use ledger::canonical::Value as Cbor;
use store::args;
use trail::Unit;

use super::{fields::anonymised, sql};
use crate::{
    records::{self, Body, RecordPatch, StoredRecord, box_context, open_fields},
    retention::{self, Desk},
};

/// A version of a record as it was sealed again without some fields.
struct Resealed {
    version: i64,
    key: KeyId,
    open: String,
    sealed: Vec<u8>,
}

impl Resealed {
    fn to_cbor(&self) -> Cbor {
        let text = Cbor::Text(self.open.clone());
        Cbor::Array(vec![Cbor::Int(self.version), Cbor::Bytes(self.key.bytes().to_vec()), text, Cbor::Bytes(self.sealed.clone())])
    }

    fn from_cbor(value: &Cbor) -> Option<Self> {
        let Cbor::Array(parts) = value else { return None };
        match parts.as_slice() {
            [Cbor::Int(version), Cbor::Bytes(key), Cbor::Text(open), Cbor::Bytes(sealed)] => {
                Some(Self { version: *version, key: KeyId::from_slice(key)?, open: open.clone(), sealed: sealed.clone() })
            }
            _ => None,
        }
    }
}

/// What is left of a record that lost fields: an older copy has it under the destroyed key alone. Boxes and wraps are under the new key, so
/// that they die with it.
pub(super) struct Rest {
    pub record: RecordId,
    versions: Vec<Resealed>,
    blobs: Vec<(BlobId, Vec<u8>)>,
}

impl Rest {
    pub fn of(unit: &mut Unit, record: RecordId) -> Result<Self> {
        let versions = unit.all(sql::VERSIONS_NOW, &args![record], |row| {
            Ok(Resealed { version: row.get(0)?, key: row.get(1)?, open: row.get(2)?, sealed: row.get(3)? })
        })?;
        let blobs = unit.all(records::sql::BLOB_WRAPS, &args![record], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self { record, versions, blobs })
    }

    pub fn to_cbor(&self) -> Cbor {
        let blob = |(id, wrapped): &(BlobId, Vec<u8>)| Cbor::Array(vec![Cbor::Bytes(id.bytes().to_vec()), Cbor::Bytes(wrapped.clone())]);
        let versions = Cbor::Array(self.versions.iter().map(Resealed::to_cbor).collect());
        let blobs = Cbor::Array(self.blobs.iter().map(blob).collect());
        Cbor::Array(vec![Cbor::Bytes(self.record.bytes().to_vec()), versions, blobs])
    }

    pub fn from_cbor(value: &Cbor) -> Option<Self> {
        let Cbor::Array(parts) = value else { return None };
        let [Cbor::Bytes(record), Cbor::Array(versions), Cbor::Array(blobs)] = parts.as_slice() else { return None };
        let blob = |blob: &Cbor| match blob {
            Cbor::Array(parts) => match parts.as_slice() {
                [Cbor::Bytes(id), Cbor::Bytes(wrapped)] => Some((BlobId::from_slice(id)?, wrapped.clone())),
                _ => None,
            },
            _ => None,
        };
        Some(Self {
            record: RecordId::from_slice(record)?,
            versions: versions.iter().map(Resealed::from_cbor).collect::<Option<_>>()?,
            blobs: blobs.iter().map(blob).collect::<Option<_>>()?,
        })
    }

    /// Puts what is left in the place of what the copy has under the destroyed key.
    pub fn put(self, unit: &mut Unit, row: &StoredRecord, fields: &[String]) -> Result<()> {
        let id = row.id;
        let mut versions = vec![row.clone()];
        for (version, _) in records::versions(unit, id)? {
            versions.push(records::earlier(unit, row.clone(), version)?);
        }
        for stored in versions {
            let Some(rest) = self.versions.iter().find(|rest| rest.version == stored.version) else { continue };
            let open = open_fields(&row.kind, &rest.open)?;
            let Some(plain) = unit.open(&box_context(rest.key, id, rest.version), &rest.sealed)? else { continue };
            records::reseal_leaf(unit, &stored, &Body::decode(&plain)?, &open, &rest.sealed)?;
            let current = stored.version == row.version;
            records::put_resealed(unit, &stored, current, rest.key, &open, &rest.sealed)?;
            if current {
                records::find_by(unit, &row.kind, id, &open)?;
            }
        }
        if retention::identifying(&row.kind).iter().all(|field| fields.contains(field)) {
            let today = Desk::open(unit)?.today;
            return anonymised(unit, row, today);
        }
        if self.blobs.is_empty() {
            records::release_blobs(unit, id)?;
        }
        for (blob, wrapped) in &self.blobs {
            unit.run(records::sql::BLOB_REF_UPDATE, &args![id, *blob, wrapped.as_slice()])?;
        }
        self.amend(unit, row, fields)
    }

    /// Where one of several people was taken out of a text, the text without them was a version that the copy does not have.
    fn amend(&self, unit: &mut Unit, row: &StoredRecord, fields: &[String]) -> Result<()> {
        let Some(newest) = self.versions.iter().max_by_key(|rest| rest.version).filter(|rest| rest.version > row.version) else {
            return Ok(());
        };
        let Some(plain) = unit.open(&box_context(newest.key, row.id, newest.version), &newest.sealed)? else { return Ok(()) };
        let mut left = Body::decode(&plain)?.sealed;
        left.extend(open_fields(&row.kind, &newest.open)?);
        left.retain(|key, _| fields.contains(key));
        let patch = RecordPatch { fields: left.into_iter().map(|(key, value)| (key, Some(value))).collect(), owner: None };
        records::amend(unit, row.id, None, patch).map(drop)
    }
}
