//! Saved views: what a list shows, under a name; one's own, or shared with everybody; the one that a kind's list opens with.
//!
//! Name and filter are sealed under a key of their own, which is destroyed with the view: a filter may name people. Whoever may not ask what
//! a shared view asks does not see it, for its words would tell.

mod fitted;
mod forget;
mod stored;
#[cfg(test)]
mod tests;

use catalogue::Kind;
use kernel::{Code, Error, Instant, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::args;
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, ShareViews},
};

pub(crate) use self::forget::forget;
use self::{
    fitted::{Fitted, fitted},
    stored::{Stored, Words, seal},
};
use super::{Checked, Filter, ListQuery, Sort, board::ColumnsBy, calendar::is_of_days, checked, filter, sql};

kernel::id!(
    /// A saved view.
    ViewId, "vie"
);
store::id_columns!(ViewId);

/// The most characters of a view's name.
pub const NAME_MAX: usize = 80;
/// The most columns of a view.
pub const COLUMNS_MAX: usize = 40;
/// The most views that one member of staff saves of a kind, and that are shown of others.
const MOST: i64 = 100;
/// Whoever holds a default for everybody.
const EVERYBODY: [u8; 16] = [0; 16];

/// How a list is laid out.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Layout {
    /// Rows and columns.
    #[default]
    Table,
    /// Rows and columns, under a heading for each choice of this field, see [`ColumnsBy::read`].
    Groups(String),
    /// Cards in columns, one for each choice of this field.
    Board(String),
    /// The days of a month, by this field.
    Calendar(String),
}

impl Layout {
    /// Its word in an address: `table`, `groups.stage`, `board.stage`, `calendar.due`.
    pub fn word(&self) -> String {
        match self {
            Self::Table => "table".to_owned(),
            Self::Groups(by) => format!("groups.{by}"),
            Self::Board(by) => format!("board.{by}"),
            Self::Calendar(by) => format!("calendar.{by}"),
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        match word.split_once('.') {
            None if word == "table" => Some(Self::Table),
            Some(("groups", by)) => Some(Self::Groups(by.to_owned())),
            Some(("board", by)) => Some(Self::Board(by.to_owned())),
            Some(("calendar", by)) => Some(Self::Calendar(by.to_owned())),
            _ => None,
        }
    }

    /// What it is made by: a field, of a kind with pipelines perhaps one of them with a dot between.
    pub fn by(&self) -> Option<&str> {
        match self {
            Self::Table => None,
            Self::Groups(by) | Self::Board(by) | Self::Calendar(by) => Some(by),
        }
    }

    /// Whether a kind can be laid out so.
    pub fn fits(&self, kind: &Kind) -> bool {
        match self {
            Self::Table => true,
            Self::Groups(by) | Self::Board(by) => ColumnsBy::read(kind, by).is_some(),
            Self::Calendar(by) => kind.field(by).is_some_and(is_of_days),
        }
    }
}

/// What a list shows.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Look {
    /// What the records must satisfy; nothing for all.
    #[serde(default)]
    pub filter: Option<Filter>,
    /// Their order.
    #[serde(default)]
    pub sort: Sort,
    /// The fields to show, in this order; the kind's usual ones when empty. What names a record always stands first.
    #[serde(default)]
    pub columns: Vec<String>,
    /// How it is laid out.
    #[serde(default)]
    pub layout: Layout,
}

impl Look {
    /// The first page of such a list. Its words were kept sealed, as a body is.
    pub fn query(&self, kind: &str) -> ListQuery {
        ListQuery {
            filter: self.filter.clone(),
            sort: self.sort.clone(),
            columns: self.columns.clone(),
            via_body: true,
            ..ListQuery::of(kind)
        }
    }
}

/// A view to be saved.
#[derive(Clone, Debug)]
pub struct NewView {
    /// The kind's key.
    pub kind: String,
    /// What it is called.
    pub name: Personal<String>,
    /// What it shows.
    pub look: Look,
    /// Whether everybody sees it.
    pub shared: bool,
    /// Whether it opens first for whoever saves it.
    pub first_for_me: bool,
    /// Whether it opens first for everybody who has no such view of their own; only a shared one may.
    pub first_for_all: bool,
}

/// What is to become of a view; what is not named stays.
#[derive(Clone, Debug, Default)]
pub struct ViewPatch {
    /// Another name.
    pub name: Option<Personal<String>>,
    /// Another look.
    pub look: Option<Look>,
    /// Whether everybody sees it.
    pub shared: Option<bool>,
    /// Whether it opens first for whoever asks.
    pub first_for_me: Option<bool>,
    /// Whether it opens first for everybody.
    pub first_for_all: Option<bool>,
}

/// A saved view, as one member of staff sees it.
#[derive(Clone, Debug)]
pub struct SavedView {
    /// Its id.
    pub id: ViewId,
    /// The kind's key.
    pub kind: String,
    /// What it is called.
    pub name: Personal<String>,
    /// What it shows, without what went away.
    pub look: Look,
    /// What it named that the kind no longer has, or no longer answers: it works without.
    pub missing: Vec<String>,
    /// Whether whoever asks may ask all of this for their purpose.
    pub usable: bool,
    /// Whether whoever asks saved it.
    pub own: bool,
    /// Whether everybody sees it.
    pub shared: bool,
    /// Whether it opens first for whoever asks.
    pub first_for_me: bool,
    /// Whether it opens first for everybody.
    pub first_for_all: bool,
    /// Its version.
    pub version: i64,
    /// When it was last changed.
    pub updated: Instant,
}

impl SavedView {
    /// Which of these the list of a kind opens with: one's own choice before everybody's.
    pub fn first<'v>(all: &'v [Self], kind: &str) -> Option<&'v Self> {
        let of_kind = || all.iter().filter(|view| view.kind == kind && view.usable);
        of_kind().find(|view| view.first_for_me).or_else(|| of_kind().find(|view| view.first_for_all))
    }
}

/// Who a view is somebody's of.
fn me(unit: &Unit) -> Result<UserId> {
    let nobody = || Error::new(Code::Forbidden, "A view belongs to a member of staff. Sign in, or use the key of one.");
    unit.actor().staff().ok_or_else(nobody)
}

fn name_of(name: &Personal<String>) -> Result<String> {
    let name = name.expose().trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the view, in at most {NAME_MAX} characters.")));
    }
    Ok(name.to_owned())
}

fn check(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: &str, look: &Look) -> Result<()> {
    let twice = look.columns.iter().enumerate().any(|(n, key)| look.columns.iter().take(n).any(|other| other == key));
    if twice || look.columns.len() > COLUMNS_MAX {
        return Err(Error::invalid("/columns", "too_many", format!("A view has at most {COLUMNS_MAX} columns, each once.")));
    }
    let Checked { kind, .. } = checked(unit, permit, &look.query(kind))?;
    if look.layout.fits(&kind) {
        return Ok(());
    }
    Err(match &look.layout {
        Layout::Calendar(_) => Error::invalid("/calendar", "no_days", "A calendar is made by an open field with one day or time."),
        Layout::Groups(_) => Error::invalid("/groups", "no_choices", "Groups are made by an open field with one choice."),
        _ => Error::invalid("/board", "no_choices", "A board is made by an open field with one choice."),
    })
}

fn may_share(unit: &Unit, kind: &Kind) -> Result<()> {
    unit.actor().permit::<ShareViews>()?.need(kind).map(drop)
}

/// Saves a view. Event `view.saved`.
///
/// Errors: forbidden (to share, without the right to; to ask what it asks); not_found for an unknown kind; invalid_input; conflict when there
/// are too many.
pub fn save(unit: &mut Unit, permit: &Permit<ReadRecords>, new: &NewView) -> Result<ViewId> {
    let (me, kind) = (me(unit)?, unit.app().catalogue().need(&new.kind)?);
    let name = name_of(&new.name)?;
    check(unit, permit, &kind.key, &new.look)?;
    if new.shared || new.first_for_all {
        may_share(unit, &kind)?;
    }
    if new.first_for_all && !new.shared {
        return Err(not_shared());
    }
    if unit.one(sql::SAVED_COUNT, &args![me, new.kind.as_str()], |row| row.get::<i64>(0))? >= MOST {
        return Err(Error::new(Code::Conflict, format!("You have {MOST} views of this kind. Delete one you no longer use.")));
    }
    let (id, now) = (ViewId::mint(unit.env()), unit.now());
    unit.witness(event("view.saved", id, &kind.key, new.shared))?;
    let key = unit.new_key("view")?;
    let sealed = seal(unit, key, id, &Words { name, look: new.look.clone() })?;
    unit.run(sql::SAVED_INSERT, &args![id, kind.key.as_str(), me, new.shared, 1_i64, now, key, sealed])?;
    if new.first_for_me {
        unit.run(sql::DEFAULT_SET, &args![*me.bytes(), kind.key.as_str(), id])?;
    }
    if new.first_for_all {
        unit.run(sql::DEFAULT_SET, &args![EVERYBODY, kind.key.as_str(), id])?;
    }
    Ok(id)
}

fn not_shared() -> Error {
    Error::invalid("/first_for_all", "not_shared", "Only a view that everybody sees opens first for everybody. Share it as well.")
}

fn event(name: &'static str, id: ViewId, kind: &str, shared: bool) -> Event {
    Event::new(name).word("view", id.to_string()).word("kind", kind).word("shared", if shared { "yes" } else { "no" })
}

/// Changes a view; answers its version. What opens first for oneself is anybody's own to say, of every view they see. Event `view.changed`.
///
/// Errors: not_found when it is not there for whoever asks; forbidden for a shared one without the right to share; those of [`save`];
/// version_conflict when it is not of the expected version.
pub fn change(unit: &mut Unit, permit: &Permit<ReadRecords>, id: ViewId, expected: Option<&[i64]>, patch: &ViewPatch) -> Result<i64> {
    let me = me(unit)?;
    let stored = locked(unit, id)?;
    let (kind, shown) = needed(unit, permit, &stored)?;
    if expected.is_some_and(|versions| !versions.contains(&stored.version)) {
        let words = format!("The view is at version {} by now. Load it again, then change it.", stored.version);
        return Err(Error::new(Code::VersionConflict, words));
    }
    let shared = patch.shared.unwrap_or(stored.shared);
    let first_for_all = patch.first_for_all.unwrap_or(shown.first_for_all && shared);
    let rewrites = patch.name.is_some() || patch.look.is_some() || shared != stored.shared;
    if (rewrites && (shared || stored.shared)) || first_for_all != shown.first_for_all {
        may_share(unit, &kind)?;
    }
    if first_for_all && !shared {
        return Err(not_shared());
    }
    let name = name_of(patch.name.as_ref().unwrap_or(&shown.name))?;
    let look = patch.look.as_ref().unwrap_or(&shown.look);
    if patch.look.is_some() {
        check(unit, permit, &kind.key, look)?;
    }
    unit.witness(event("view.changed", id, &kind.key, shared))?;
    let mut version = stored.version;
    if rewrites {
        version += 1;
        let sealed = seal(unit, stored.key, id, &Words { name, look: look.clone() })?;
        let now = unit.now();
        unit.run(sql::SAVED_UPDATE, &args![id, shared, version, now, sealed])?;
    }
    if stored.shared && !shared {
        unit.run(sql::DEFAULT_UNSET_OTHERS, &args![id, *stored.staff.bytes()])?;
    }
    for (holder, now, asked) in
        [(*me.bytes(), shown.first_for_me, patch.first_for_me), (EVERYBODY, shown.first_for_all, Some(first_for_all))]
    {
        match asked {
            Some(true) if !now => unit.run(sql::DEFAULT_SET, &args![holder, kind.key.as_str(), id])?,
            Some(false) if now => unit.run(sql::DEFAULT_UNSET, &args![holder, id])?,
            _ => 0,
        };
    }
    Ok(version)
}

/// Deletes a view and destroys its key; no record. Event `view.deleted`.
///
/// Errors: not_found; forbidden for somebody else's shared one without the right to share.
pub fn delete(unit: &mut Unit, permit: &Permit<ReadRecords>, id: ViewId) -> Result<()> {
    me(unit)?;
    let stored = locked(unit, id)?;
    let (kind, shown) = needed(unit, permit, &stored)?;
    if !shown.own {
        may_share(unit, &kind)?;
    }
    unit.witness(event("view.deleted", id, &kind.key, stored.shared))?;
    unlist(unit, &stored)?;
    unit.shred_by_event(stored.key)
}

/// Removes a view's rows; its key is the caller's to destroy.
fn unlist(unit: &mut Unit, stored: &Stored) -> Result<()> {
    unit.run(sql::DEFAULT_UNSET_ALL, &args![stored.id])?;
    unit.run(sql::SAVED_DELETE, &args![stored.id]).map(drop)
}

fn locked(unit: &mut Unit, id: ViewId) -> Result<Stored> {
    let found = store::dialect::lock(unit.dialect(), sql::SAVED_FIND, &args![id], Stored::read)?;
    found.into_iter().next().ok_or_else(|| Error::not_found("view"))
}

fn needed(unit: &mut Unit, permit: &Permit<ReadRecords>, stored: &Stored) -> Result<(std::sync::Arc<Kind>, SavedView)> {
    let kind = unit.app().catalogue().need(&stored.kind)?;
    let defaults = defaults(unit)?;
    let shown = shown(unit, permit, stored, &defaults)?.ok_or_else(|| Error::not_found("view"))?;
    Ok((kind, shown))
}

/// One view, as whoever asks sees it. Error: not_found when it is another's and not shared, or asks what they may not ask.
pub fn saved(unit: &mut Unit, permit: &Permit<ReadRecords>, id: ViewId) -> Result<Release<SavedView>> {
    let stored = unit.maybe(sql::SAVED_FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("view"))?;
    let (_, shown) = needed(unit, permit, &stored)?;
    unit.plain(shown)
}

/// One view inside an operation, as whoever asks sees it for the permit's purpose; nothing when they do not.
pub(crate) fn seen(unit: &mut Unit, permit: &Permit<ReadRecords>, id: ViewId) -> Result<Option<SavedView>> {
    match unit.maybe(sql::SAVED_FIND, &args![id], Stored::read)? {
        Some(stored) => shown(unit, permit, &stored, &[]),
        None => Ok(None),
    }
}

/// Every view that whoever asks sees, by name: their own and the shared ones; of one kind, or of all.
pub fn all_saved(unit: &mut Unit, permit: &Permit<ReadRecords>, kind: Option<&str>) -> Result<Release<Vec<SavedView>>> {
    let who = unit.actor().staff().map_or(EVERYBODY, |me| *me.bytes());
    let kind = kind.unwrap_or_default();
    let mut all = unit.all(sql::SAVED_OWN, &args![who, kind, MOST], Stored::read)?;
    all.extend(unit.all(sql::SAVED_SHARED, &args![who, kind, MOST], Stored::read)?);
    let defaults = if all.is_empty() { Vec::new() } else { defaults(unit)? };
    let mut views = Vec::with_capacity(all.len());
    for stored in all {
        views.extend(shown(unit, permit, &stored, &defaults)?);
    }
    views.sort_by_cached_key(|view| (view.name.expose().to_lowercase(), view.id));
    unit.plain(views)
}

type Default = ([u8; 16], ViewId);

fn defaults(unit: &mut Unit) -> Result<Vec<Default>> {
    let who = unit.actor().staff().map_or(EVERYBODY, |me| *me.bytes());
    unit.all(sql::DEFAULTS, &args![who, EVERYBODY], |row| Ok((row.get::<[u8; 16]>(0)?, row.get::<ViewId>(2)?)))
}

fn shown(unit: &mut Unit, permit: &Permit<ReadRecords>, stored: &Stored, defaults: &[Default]) -> Result<Option<SavedView>> {
    let who = unit.actor().staff();
    let own = who == Some(stored.staff);
    let catalogue = unit.app().catalogue();
    let (Some(kind), Some(scope)) = (catalogue.kind(&stored.kind), permit.over(&stored.kind)) else { return Ok(None) };
    if !own && !stored.shared {
        return Ok(None);
    }
    let Some(Words { name, look }) = stored.words(unit)? else { return Ok(None) };
    let keyring = unit.app().keyring();
    let purpose = permit.actor.purpose;
    let mut check = filter::Check { kind, scope, purpose, via_body: true, tokens: keyring.tokens(), met: 0 };
    let Fitted { look, missing, usable } = fitted(&mut check, look);
    if !own && !usable {
        return Ok(None);
    }
    let first = |holder: [u8; 16]| defaults.contains(&(holder, stored.id));
    Ok(Some(SavedView {
        id: stored.id,
        kind: stored.kind.clone(),
        name: Personal::new(name),
        look,
        missing,
        usable,
        own,
        shared: stored.shared,
        first_for_me: who.is_some_and(|me| first(*me.bytes())),
        first_for_all: first(EVERYBODY),
        version: stored.version,
        updated: stored.updated,
    }))
}
