//! What people said about the use of their data, and whether a purpose lets it be used at this moment. One room, asked by whoever counts
//! people, yields them or writes to them.
//!
//! What was said is added and never changed ([`statement`]); what holds is a fold over it (`rules::consent`), and is put into
//! `record.usable`, where every read asks it. The texts people were shown are versioned ([`notice`]). Evidence is a record of its own.

pub mod notice;
pub mod sql;
mod statement;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};

use catalogue::Purpose;
use kernel::Result;
use trail::Unit;

use crate::records::{State, StoredRecord};
pub use rules::consent::{Act, Standing};
pub use statement::{
    CHANNELS, ConsentId, Entry, Held, Said, expire, held, is_asked, objects, record, restand, signalled, statements_of, turn_away,
};

/// The purpose of direct marketing: what a newsletter, a campaign and the following of somebody across a web site are for.
pub fn marketing() -> &'static Purpose {
    &catalogue::MARKETING
}

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
