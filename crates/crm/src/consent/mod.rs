//! Whether a purpose lets somebody's data be used at this moment. One room, asked by whoever counts people, yields them or writes to them.

pub mod sql;

use std::collections::{HashMap, HashSet};

use catalogue::Purpose;
use kernel::Result;
use trail::Unit;

use crate::records::{State, StoredRecord};

/// Why a purpose does not let somebody's data be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bar {
    /// Processing is restricted (GDPR Art 18): the data are kept and not used.
    Restricted,
    /// The record is not usable for it, and the purpose needs no consent: an objection (Art 21) or another bar stands.
    Objected,
    /// The purpose needs consent (Art 6(1)(a)), and there is none: never given, or withdrawn.
    Consent,
    /// Whoever had the address was erased, and it is not to be used for what needs consent.
    Suppressed,
}

/// What bars a record from a purpose now; nothing where it may be used for it.
pub fn bar(row: &StoredRecord, purpose: &Purpose) -> Option<Bar> {
    if row.state != State::Live {
        return Some(Bar::Restricted);
    }
    if row.usable.serve(purpose) {
        return None;
    }
    Some(if purpose.needs_consent { Bar::Consent } else { Bar::Objected })
}

/// Which of these normalised addresses a purpose may not use because whoever had them was erased: only one that needs consent is barred.
pub fn barred(unit: &mut Unit, purpose: &Purpose, addresses: &[String]) -> Result<HashSet<String>> {
    if purpose.needs_consent { suppressed(unit, addresses) } else { Ok(HashSet::new()) }
}

/// Which of these normalised addresses and telephone numbers are on the suppression list.
pub fn suppressed(unit: &mut Unit, normal: &[String]) -> Result<HashSet<String>> {
    if normal.is_empty() || unit.maybe(sql::SUPPRESSED_ANY, &[], |_| Ok(()))?.is_none() {
        return Ok(HashSet::new());
    }
    let hashes: HashMap<[u8; 8], &String> = {
        let keyring = unit.app().keyring();
        normal.iter().map(|text| (keyring.tokens().suppression(text).to_be_bytes(), text)).collect()
    };
    let keys: Vec<[u8; 8]> = hashes.keys().copied().collect();
    let mut found = HashSet::new();
    for chunk in keys.chunks(8) {
        // Padding with the last hash keeps one prepared statement.
        let padded: Vec<store::Value> =
            (0..8).filter_map(|i| chunk.get(i).or(chunk.last())).map(|hash| store::Value::from(*hash)).collect();
        for hash in unit.all(sql::SUPPRESSED, &padded, |row| row.get::<[u8; 8]>(0))? {
            found.extend(hashes.get(&hash).map(|text| (*text).clone()));
        }
    }
    Ok(found)
}
