//! One field: what it is, how it is protected, what it may be used for.

use serde::{Deserialize, Serialize};

use crate::{Mask, Purposes};

/// How sensitive a value is. A grant names the highest class it opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Class {
    /// Anyone may know.
    Public,
    /// Everyday business data.
    Internal,
    /// Personal data (GDPR Art 4(1)).
    #[default]
    Personal,
    /// Personal data whose loss hurts: identity numbers, money, private address, birth date.
    Sensitive,
    /// Special category (GDPR Art 9), offences (Art 10), children's data.
    Special,
}

impl Class {
    /// Every class, lowest first.
    pub const ALL: [Self; 5] = [Self::Public, Self::Internal, Self::Personal, Self::Sensitive, Self::Special];

    /// The stored number.
    pub const fn level(self) -> i64 {
        self as i64
    }

    /// From the stored number; what is not known is treated as the highest class.
    pub fn from_level(level: i64) -> Self {
        Self::ALL.into_iter().find(|c| c.level() == level).unwrap_or(Self::Special)
    }

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Public => "public",
            Self::Internal => "internal",
            Self::Personal => "personal",
            Self::Sensitive => "sensitive",
            Self::Special => "special",
        }
    }
}

/// Whether a value lies in the record's sealed box or in an open column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Protection {
    /// Encrypted with the record's key. The default, and the only choice for free text and special categories.
    #[default]
    Sealed,
    /// Readable in the database: numbers, dates, choices and links that lists sort and filter by.
    Open,
}

/// How a sealed value can be found again: which blind tokens are kept of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Index {
    /// Not at all.
    #[default]
    None,
    /// By its whole normalised value (e-mail, phone, number).
    Exact,
    /// By each of its words.
    Word,
    /// By each word and by the beginnings of words.
    Prefix,
}

/// What values a field takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FieldType {
    /// One line of text.
    Text,
    /// Text of many lines.
    LongText,
    /// A decimal number with at most six decimals.
    Number,
    /// An amount in a currency (ISO 4217), in minor units.
    Money,
    /// A calendar day.
    Date,
    /// A point in time.
    Datetime,
    /// One of the field's options.
    Select,
    /// A record of the field's `links_to` kind.
    Link,
    /// An e-mail address.
    Email,
    /// A telephone number.
    Phone,
    /// A postal address.
    Address,
    /// A web address.
    Url,
    /// Yes or no.
    Bool,
}

impl FieldType {
    /// Every type.
    pub const ALL: [Self; 13] = [
        Self::Text,
        Self::LongText,
        Self::Number,
        Self::Money,
        Self::Date,
        Self::Datetime,
        Self::Select,
        Self::Link,
        Self::Email,
        Self::Phone,
        Self::Address,
        Self::Url,
        Self::Bool,
    ];

    /// Stable word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::LongText => "long_text",
            Self::Number => "number",
            Self::Money => "money",
            Self::Date => "date",
            Self::Datetime => "datetime",
            Self::Select => "select",
            Self::Link => "link",
            Self::Email => "email",
            Self::Phone => "phone",
            Self::Address => "address",
            Self::Url => "url",
            Self::Bool => "bool",
        }
    }

    /// Whether values of this type may lie in an open column: never free text or contact data.
    pub const fn may_be_open(self) -> bool {
        matches!(self, Self::Number | Self::Money | Self::Date | Self::Datetime | Self::Select | Self::Link | Self::Bool)
    }
}

/// One field of a kind.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Field {
    /// Stable key, never reused: lower case letters, digits and underscores.
    pub key: String,
    /// What people read. Built-in fields are translated by key; this is the fallback.
    pub label: String,
    /// What values it takes.
    #[serde(rename = "type")]
    pub kind: FieldType,
    /// Whether it holds a list of such values.
    #[serde(default)]
    pub many: bool,
    /// Sealed unless said otherwise.
    #[serde(default)]
    pub protection: Protection,
    /// W3C DPV personal data category (`pd:EmailAddress`), empty when not personal.
    #[serde(default)]
    pub category: String,
    /// Sensitivity.
    #[serde(default)]
    pub class: Class,
    /// What it may be used for.
    #[serde(default = "Purposes::all")]
    pub purposes: Purposes,
    /// How it can be found.
    #[serde(default)]
    pub index: Index,
    /// How it shows to one who may not, or need not, see all of it.
    #[serde(default)]
    pub mask: Mask,
    /// The options of a select, as `key = label`.
    #[serde(default)]
    pub options: Vec<Choice>,
    /// The kind that a link points to.
    #[serde(default)]
    pub links_to: Option<String>,
    /// Whether a record must have it.
    #[serde(default)]
    pub required: bool,
    /// Whether it is shown in lists when nobody chose columns.
    #[serde(default)]
    pub listed: bool,
    /// Whether it is no longer used: kept for old records, absent from forms.
    #[serde(default)]
    pub retired: bool,
    /// Whether only the product writes it (capture metadata).
    #[serde(default)]
    pub system: bool,
}

/// One option of a select.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Stable key as stored.
    pub key: String,
    /// What people read.
    pub label: String,
}

impl Field {
    /// Whether its values lie in the sealed box.
    pub fn is_sealed(&self) -> bool {
        self.protection == Protection::Sealed
    }
}
