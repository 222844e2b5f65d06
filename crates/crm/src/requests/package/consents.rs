//! What the person allowed and refused, with the words they were shown (GDPR Art 7(1), 15(1)(a)).

use kernel::{Instant, RecordId, Result};
use serde::Serialize;
use trail::Unit;

use crate::consent::{self, ConsentId, notice::NoticeId};

/// What they said once.
#[derive(Clone, Debug, Serialize)]
pub struct Consent {
    /// Its id.
    pub id: ConsentId,
    /// Our key of the purpose.
    pub purpose: &'static str,
    /// The purpose in W3C DPV's terms.
    pub dpv: &'static str,
    /// What: given, withdrawn, objected and so on.
    pub act: &'static str,
    /// When they said it.
    pub at: Instant,
    /// When it was entered.
    pub recorded: Instant,
    /// Until when it was given.
    pub ends: Option<Instant>,
    /// How they said it.
    pub channel: String,
    /// What they were shown.
    pub notice: Option<Shown>,
    /// The record that shows it.
    pub evidence: Option<RecordId>,
}

/// The words they were shown.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    /// The notice.
    pub id: NoticeId,
    /// Its version.
    pub version: i64,
    /// Its title.
    pub title: String,
    /// Its exact words.
    pub text: String,
    /// Their SHA-256.
    pub sha256: String,
}

/// Everything that a person said, the last entered first.
pub fn of(unit: &mut Unit, person: RecordId) -> Result<Vec<Consent>> {
    let mut all = Vec::new();
    for entry in consent::statements_of(unit, person)? {
        let notice = match entry.notice {
            Some((id, version)) => consent::notice::at_version(unit, id, version)?,
            None => None,
        };
        let notice = notice.map(|n| Shown { id: n.id, version: n.version, sha256: n.hash_text(), title: n.title, text: n.text });
        all.push(Consent {
            id: entry.id,
            purpose: entry.purpose.key,
            dpv: entry.purpose.dpv,
            act: entry.act.as_str(),
            at: entry.at,
            recorded: entry.recorded,
            ends: entry.ends,
            channel: entry.channel,
            notice,
            evidence: entry.evidence,
        });
    }
    Ok(all)
}
