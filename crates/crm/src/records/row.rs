//! A record as stored, and as opened.

use std::{collections::BTreeMap, sync::Arc};

use catalogue::{Class, Kind, Purposes, Value};
use jiff::civil::Date;
use kernel::{Error, Instant, KeyId, RecordId, Result, UserId};
use ledger::Hash;
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::Unit;
use vault::Context;

use super::{
    body::{Body, Fields, open_fields},
    sql,
};

/// What retention needs to know of a record beyond its columns: the days of its triggers, tags, and what an import asserted.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Facts {
    /// Trigger events by name (`relationship_ended`), as days.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub events: BTreeMap<String, Date>,
    /// Labels that rules ask for.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The line of business that rules ask for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub industry: Option<String>,
    /// What the record itself claims as its date.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub claimed: Option<Date>,
    /// Whether an import may assert an origin date.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub origin_evidence: bool,
    /// What a restricted record may be used for again once its restriction is lifted, as stored bits.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unrestricted: Option<i64>,
    /// The day on which everything that identifies anybody was destroyed, where the record was to be anonymised.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub anonymised: Option<Date>,
    /// The record that it was merged into: nobody uses it any more, and it is kept, erased and proved like any other.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub merged: Option<RecordId>,
    /// Fields that were due and waited for people when it was last decided, while the rest of it did not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub review: Vec<String>,
}

impl Facts {
    /// As stored in their column.
    pub fn text(&self) -> Result<String> {
        serde_json::to_string(self).map_err(Error::internal)
    }

    /// What a version commits to, without what the sweep notes for itself: whoever changes the column by hand, to be rid of a floor, no
    /// longer matches it.
    pub(super) fn attested(&self) -> String {
        Self { unrestricted: None, anonymised: None, review: Vec::new(), ..self.clone() }.text().unwrap_or_default()
    }
}

/// The state of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// In use.
    Live,
    /// Kept, readable for the legal purpose alone.
    Restricted,
    /// Its destruction was ordered: no read, hold or change from here.
    Destroying,
    /// Destroyed. Only ids and hashes are left.
    Gone,
}

impl State {
    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Restricted => "restricted",
            Self::Destroying => "destroying",
            Self::Gone => "gone",
        }
    }

    /// From the stored word; what is not known is treated as gone.
    pub fn parse(word: &str) -> Self {
        [Self::Live, Self::Restricted, Self::Destroying].into_iter().find(|s| s.as_str() == word).unwrap_or(Self::Gone)
    }

    /// Whether it may be read at all.
    pub const fn is_readable(self) -> bool {
        matches!(self, Self::Live | Self::Restricted)
    }
}

/// A record as stored: open columns and a sealed box. Nothing in it is readable about a person.
#[derive(Clone)]
pub struct StoredRecord {
    /// Its id.
    pub id: RecordId,
    /// Its row number in the token index.
    pub doc: i64,
    /// Its kind.
    pub kind: Arc<Kind>,
    /// Who owns it.
    pub owner: Option<UserId>,
    /// Whose team it belongs to.
    pub team: Option<[u8; 16]>,
    /// Its class.
    pub class: Class,
    /// What it may be used for.
    pub usable: Purposes,
    /// Its state.
    pub state: State,
    /// Its version, from 1.
    pub version: i64,
    /// When it came into being, by its own claim where that is believed.
    pub created: Instant,
    /// When we received it.
    pub captured: Instant,
    /// When this version was made.
    pub updated: Instant,
    /// When retention next looks at it.
    pub decide_after: Instant,
    /// The last day it is kept through, as last decided.
    pub kept_until: Option<Instant>,
    /// The legal order of the person it is about; empty when not known.
    pub law: String,
    /// What retention knows of it.
    pub facts: Facts,
    /// Its key in the vault.
    pub key: KeyId,
    /// The hash of this version's leaf.
    pub leaf: Hash,
    /// Its open fields.
    pub open: Fields,
    /// Its box.
    pub sealed: Vec<u8>,
}

/// A record opened inside an operation. What it holds leaves only by a release.
#[derive(Clone)]
pub struct Record {
    /// The record as stored.
    pub row: StoredRecord,
    /// What was in the box.
    pub body: Body,
}

impl StoredRecord {
    /// Reads the columns in the order of [`sql::FIND`].
    pub fn read(unit_catalogue: &catalogue::Catalogue, row: &Row) -> Result<Self> {
        let kind: String = row.get(2)?;
        let kind = unit_catalogue.kind(&kind).cloned().ok_or_else(|| Error::internal("a record of an unknown kind"))?;
        let facts: String = row.get(15)?;
        let open: String = row.get(18)?;
        Ok(Self {
            id: row.get(0)?,
            doc: row.get(1)?,
            owner: row.get(3)?,
            team: row.get(4)?,
            class: Class::from_level(row.get(5)?),
            usable: Purposes::from_bits(row.get(6)?),
            state: State::parse(&row.get::<String>(7)?),
            version: row.get(8)?,
            created: row.get(9)?,
            captured: row.get(10)?,
            updated: row.get(11)?,
            decide_after: row.get(12)?,
            kept_until: row.get(13)?,
            law: row.get(14)?,
            facts: serde_json::from_str(&facts).map_err(Error::internal)?,
            key: row.get(16)?,
            leaf: row.get(17)?,
            open: open_fields(&kind, &open)?,
            sealed: row.get(19)?,
            kind,
        })
    }

    /// What it may be used for when nothing restricts it.
    pub fn usable_in_use(&self) -> Purposes {
        match self.state {
            State::Restricted => self.facts.unrestricted.map_or_else(Purposes::without_consent, Purposes::from_bits),
            _ => self.usable,
        }
    }

    /// The context that this version's box is bound to.
    pub fn context(&self) -> Context<'static> {
        box_context(self.key, self.id, self.version)
    }
}

/// The context that a version's box is bound to.
pub fn box_context(key: KeyId, record: RecordId, version: i64) -> Context<'static> {
    Context { key, subject: *record.bytes(), version, purpose: "record" }
}

impl Record {
    /// A field's value, sealed or open.
    pub fn get(&self, field: &str) -> Option<&Value> {
        self.body.sealed.get(field).or_else(|| self.row.open.get(field))
    }

    /// A field's text.
    pub fn text(&self, field: &str) -> Option<&str> {
        self.get(field).and_then(Value::as_text)
    }

    /// What names the record; empty when its title is.
    pub fn title(&self) -> String {
        self.get(&self.row.kind.title).map(Value::display).unwrap_or_default()
    }

    /// Every field.
    pub fn fields(&self) -> Fields {
        self.body.sealed.iter().chain(&self.row.open).map(|(k, v)| (k.clone(), v.clone())).collect()
    }
}

/// One record as stored, whatever its state; `None` when there is none.
pub fn find(unit: &mut Unit, id: RecordId) -> Result<Option<StoredRecord>> {
    let catalogue = unit.app().catalogue();
    unit.maybe(sql::FIND, &args![id], |row| StoredRecord::read(&catalogue, row))
}

/// Several records as stored, whatever their state, in no particular order; ids that name none are left out.
pub fn find_many(unit: &mut Unit, ids: &[RecordId]) -> Result<Vec<StoredRecord>> {
    let catalogue = unit.app().catalogue();
    unit.all_in(sql::FIND_64, ids, &[], |row| StoredRecord::read(&catalogue, row))
}

/// The record with a row number of the token index.
pub fn find_by_doc(unit: &mut Unit, doc: i64) -> Result<Option<StoredRecord>> {
    let catalogue = unit.app().catalogue();
    unit.maybe(sql::FIND_BY_DOC, &args![doc], |row| StoredRecord::read(&catalogue, row))
}

/// One record, locked until the unit ends, so that its version and state stand still.
pub fn lock(unit: &mut Unit, id: RecordId) -> Result<Option<StoredRecord>> {
    let catalogue = unit.app().catalogue();
    let rows = store::dialect::lock(unit.dialect(), sql::FIND, &args![id], |row| StoredRecord::read(&catalogue, row))?;
    Ok(rows.into_iter().next())
}

/// Opens a record. `None` when its key was destroyed.
pub fn open(unit: &mut Unit, row: StoredRecord) -> Result<Option<Record>> {
    let plain = unit.open(&row.context(), &row.sealed)?;
    plain.map(|plain| Body::decode(&plain).map(|body| Record { body, row })).transpose()
}

/// Opens several records with one look into the vault; those whose key was destroyed are left out.
pub fn open_all(unit: &mut Unit, rows: Vec<StoredRecord>) -> Result<Vec<Record>> {
    let keys = unit.keys(&rows.iter().map(|row| row.key).collect::<Vec<_>>())?;
    let mut records = Vec::with_capacity(rows.len());
    for row in rows {
        if let Some(key) = keys.get(&row.key) {
            let body = Body::decode(&vault::open(key, &row.context(), &row.sealed)?)?;
            records.push(Record { body, row });
        }
    }
    unit.note_opened(records.len());
    Ok(records)
}
