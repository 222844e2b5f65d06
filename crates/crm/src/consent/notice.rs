//! Notices: the texts people are shown before they answer. A version is never changed; who consented to which words can be shown for good.

use catalogue::Purpose;
use kernel::{Error, Instant, Result};
use ledger::Hash;
use store::{Row, args};
use trail::{Event, Permit, Release, Unit, permit::Manage};

use super::sql;

kernel::id!(
    /// A notice.
    NoticeId, "pno"
);
store::id_columns!(NoticeId);

/// The most notices.
pub const MOST: i64 = 500;
/// The most characters of a title.
pub const TITLE_MAX: usize = 120;
/// The most characters of a text.
pub const TEXT_MAX: usize = 20_000;

/// A version of a notice.
#[derive(Clone, Debug)]
pub struct Notice {
    /// Its id.
    pub id: NoticeId,
    /// Its version, from 1.
    pub version: i64,
    /// What it asks about.
    pub purpose: &'static Purpose,
    /// The language it is in, as a tag (BCP 47): `de`, `pt-BR`.
    pub language: String,
    /// What it is called.
    pub title: String,
    /// Its exact words.
    pub text: String,
    /// The SHA-256 of these words.
    pub hash: Hash,
    /// When this version was made.
    pub at: Instant,
}

impl Notice {
    fn read(row: &Row) -> Result<Self> {
        let unknown = || Error::internal("a notice of an unknown purpose");
        Ok(Self {
            id: row.get(0)?,
            version: row.get(1)?,
            purpose: Purpose::find(&row.get::<String>(2)?).ok_or_else(unknown)?,
            language: row.get(3)?,
            title: row.get(4)?,
            text: row.get(5)?,
            hash: row.get(6)?,
            at: row.get(7)?,
        })
    }

    /// The hash of its words, as hexadecimal digits.
    pub fn hash_text(&self) -> String {
        hex(&self.hash)
    }
}

fn hex(hash: &Hash) -> String {
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// What a notice is to say.
#[derive(Clone, Debug)]
pub struct Wording {
    /// What it is called.
    pub title: String,
    /// Its words.
    pub text: String,
}

impl Wording {
    fn checked(&self) -> Result<(&str, String)> {
        let (title, text) = (self.title.trim(), self.text.replace("\r\n", "\n").trim().to_owned());
        if title.is_empty() || title.chars().count() > TITLE_MAX || title.contains(char::is_control) {
            return Err(Error::invalid("/title", "required", format!("Give it a title of at most {TITLE_MAX} characters, on one line.")));
        }
        if text.is_empty() || text.chars().count() > TEXT_MAX || text.contains('\0') {
            let words = format!("Write the words that people are shown, at most {TEXT_MAX} characters.");
            return Err(Error::invalid("/text", "required", words));
        }
        Ok((title, text))
    }
}

/// Makes a notice. Event `privacy_notice.made`. Errors: invalid_input; conflict where there are too many.
pub fn make(unit: &mut Unit, _: &Permit<Manage>, purpose: &'static Purpose, language: &str, wording: &Wording) -> Result<NoticeId> {
    if !purpose.needs_consent && !purpose.objectable {
        return Err(Error::invalid("/purpose", "not_asked", "Nobody is asked about this purpose: it rests on a contract or a legal duty."));
    }
    if !is_tag(language) {
        return Err(Error::invalid("/language", "not_a_language", "Write the language as its code: en, de, pt-BR."));
    }
    if unit.one(sql::NOTICES_COUNT, &[], |row| row.get::<i64>(0))? >= MOST {
        return Err(Error::new(kernel::Code::Conflict, format!("There are {MOST} notices already. Make a new version of one of them.")));
    }
    let id = NoticeId::mint(unit.env());
    version(unit, "privacy_notice.made", (id, 1), purpose, language, wording)?;
    Ok(id)
}

/// A language, and a script or region behind it, as BCP 47 writes them.
fn is_tag(text: &str) -> bool {
    let mut parts = text.split('-');
    let first = parts.next().is_some_and(|part| (2..=3).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_lowercase()));
    first && text.len() <= 12 && parts.all(|part| (2..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// Makes the next version of a notice; whoever answered an earlier one answered that. The same words again change nothing. Answers its
/// number. Event `privacy_notice.changed`. Errors: not_found; invalid_input.
pub fn change(unit: &mut Unit, _: &Permit<Manage>, id: NoticeId, wording: &Wording) -> Result<i64> {
    let last = latest(unit, id)?;
    let (title, text) = wording.checked()?;
    if title == last.title && text == last.text {
        unit.witness(Event::new("privacy_notice.kept").word("notice", id.to_string()))?;
        return Ok(last.version);
    }
    version(unit, "privacy_notice.changed", (id, last.version + 1), last.purpose, &last.language, wording)?;
    Ok(last.version + 1)
}

fn version(
    unit: &mut Unit,
    event: &'static str,
    (id, version): (NoticeId, i64),
    purpose: &'static Purpose,
    language: &str,
    wording: &Wording,
) -> Result<()> {
    let (title, text) = wording.checked()?;
    let (hash, now) = (ledger::sha256(text.as_bytes()), unit.now());
    let event = Event::new(event).word("notice", id.to_string()).word("of", purpose.key).word("language", language);
    let event = event.count("version", usize::try_from(version).unwrap_or_default()).word("text", hex(&hash));
    unit.witness(event)?;
    unit.run(sql::NOTICE_INSERT, &args![id, version, purpose.key, language, title, text, hash, now]).map(drop)
}

/// The newest version, inside an operation. Error: not_found.
pub(super) fn latest(unit: &mut Unit, id: NoticeId) -> Result<Notice> {
    let all = unit.all(sql::NOTICE_VERSIONS, &args![id], Notice::read)?;
    all.into_iter().next().ok_or_else(|| Error::not_found("notice"))
}

/// One version, inside an operation.
pub(crate) fn at_version(unit: &mut Unit, id: NoticeId, version: i64) -> Result<Option<Notice>> {
    unit.maybe(sql::NOTICE_VERSION, &args![id, version], Notice::read)
}

/// Every version of a notice, the newest first. Error: not_found.
pub fn versions(unit: &mut Unit, id: NoticeId) -> Result<Release<Vec<Notice>>> {
    let all = unit.all(sql::NOTICE_VERSIONS, &args![id], Notice::read)?;
    if all.is_empty() { Err(Error::not_found("notice")) } else { unit.plain(all) }
}

/// Every notice as it is now, by purpose and language. They are made to be shown: whoever works here reads them.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Notice>>> {
    let all = unit.all(sql::NOTICES, &[], Notice::read)?;
    unit.plain(all)
}
