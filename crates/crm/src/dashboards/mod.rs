//! Dashboards: reports and saved views side by side, as somebody composed them.
//!
//! A dashboard holds no figures: each time, each tile is asked of the operation that its report or list is asked of, by whoever reads it. Two
//! people may see two figures on one dashboard, and both are right. Name and tiles are sealed under a key of their own.

pub mod sql;
#[cfg(test)]
mod tests;

use jiff::{ToSpan as _, civil::Date};
use kernel::{Code, Error, Instant, KeyId, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, ShareViews},
};
use vault::Context;

use crate::{
    records::Detail,
    reports::Period,
    views::{self, Added, ListPage, ListQuery, SavedView, ViewId},
};

kernel::id!(
    /// A dashboard.
    DashboardId, "das"
);
store::id_columns!(DashboardId);

/// The most characters of a name.
pub const NAME_MAX: usize = 80;
/// The most tiles.
pub const TILES_MAX: usize = 12;
/// The records that a tile shows of a view.
pub const ROWS: usize = 5;
/// The most dashboards that one member of staff makes, and that are listed.
const MOST: i64 = 100;

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$of:meta])* $variant:ident = $word:literal),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum $name { $($(#[$of])* $variant),* }

        impl $name {
            /// Every one.
            pub const ALL: &[Self] = &[$(Self::$variant),*];

            /// Stable word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $word),* }
            }

            /// From its stable word.
            pub fn parse(word: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|one| one.as_str() == word)
            }
        }
    };
}

words! {
    /// What a tile shows.
    Show {
        /// What is won, committed and likely, by month.
        Forecast = "forecast",
        /// How many deals reached each stage.
        Funnel = "funnel",
        /// Won and lost by month.
        ByMonth = "by_month",
        /// Won by owner.
        ByOwner = "by_owner",
        /// Won and lost by reason.
        ByReason = "by_reason",
        /// How often one wins.
        WinRate = "win_rate",
        /// How long winning takes.
        CycleTime = "cycle_time",
        /// What people wrote down and sent.
        Activity = "activity",
        /// Customers by their first purchase.
        Cohorts = "cohorts",
        /// Sales by product, of orders.
        Sales = "sales",
        /// How many records a view has.
        ViewCount = "view_count",
        /// What the amounts of a view come to.
        ViewSums = "view_sums",
        /// The first records of a view.
        ViewRows = "view_rows",
    }
}

impl Show {
    /// Whether it shows a saved view.
    pub const fn is_view(self) -> bool {
        matches!(self, Self::ViewCount | Self::ViewSums | Self::ViewRows)
    }

    /// Whether it is about a time that can be chosen.
    pub const fn has_period(self) -> bool {
        !self.is_view() && !matches!(self, Self::Forecast | Self::Cohorts)
    }

    /// Whether it is about a pipeline that can be chosen.
    pub const fn has_pipeline(self) -> bool {
        matches!(self, Self::Forecast | Self::Funnel | Self::ByMonth | Self::ByOwner | Self::ByReason | Self::WinRate | Self::CycleTime)
    }
}

words! {
    /// The time that a tile is about, counted from the day it is looked at.
    Span {
        /// This month so far.
        ThisMonth = "this_month",
        /// The month before.
        LastMonth = "last_month",
        /// This quarter so far.
        ThisQuarter = "this_quarter",
        /// This year so far.
        ThisYear = "this_year",
        /// The last thirty days.
        Days30 = "days30",
        /// The twelve months that end today.
        Months12 = "months12",
    }
}

impl Span {
    /// Its days, seen from a day.
    pub fn seen_from(self, today: Date) -> Period {
        let month = today.first_of_month();
        let (from, to) = match self {
            Self::ThisMonth => (month, today),
            Self::LastMonth => (month.saturating_sub(1.month()), month.saturating_sub(1.day())),
            Self::ThisQuarter => (month.saturating_sub((i64::from(today.month() - 1) % 3).months()), today),
            Self::ThisYear => (today.first_of_year(), today),
            Self::Days30 => (today.saturating_sub(29.days()), today),
            Self::Months12 => return Period::year_to(today),
        };
        Period { from, to }
    }
}

words! {
    /// Who sees a dashboard beside whoever made it.
    Shared {
        /// Nobody.
        No = "no",
        /// Their team.
        Team = "team",
        /// Everybody.
        All = "all",
    }
}

/// A tile.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Tile {
    /// What it shows.
    pub show: Show,
    /// Of which time; the twelve months that end today where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub period: Option<Span>,
    /// Of which pipeline, by its key; of all of them (a funnel: of the first) where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<String>,
    /// Of which saved view.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub view: Option<ViewId>,
}

/// What a dashboard is made of.
#[derive(Clone, Debug)]
pub struct NewDashboard {
    /// What it is called.
    pub name: Personal<String>,
    /// Who else sees it.
    pub shared: Shared,
    /// Its tiles, in their order.
    pub tiles: Vec<Tile>,
}

/// A dashboard, as one member of staff sees it.
#[derive(Clone, Debug)]
pub struct Dashboard {
    /// Its id.
    pub id: DashboardId,
    /// What it is called.
    pub name: Personal<String>,
    /// Who else sees it.
    pub shared: Shared,
    /// Its tiles, in their order.
    pub tiles: Vec<Tile>,
    /// Whether whoever asks made it.
    pub own: bool,
    /// Whether it stands on the desk of whoever asks.
    pub home: bool,
    /// Its version.
    pub version: i64,
    /// When it was last changed.
    pub updated: Instant,
}

#[derive(Serialize, Deserialize)]
struct Words {
    name: String,
    tiles: Vec<Tile>,
}

struct Stored {
    id: DashboardId,
    staff: UserId,
    team: Option<[u8; 16]>,
    shared: Shared,
    version: i64,
    updated: Instant,
    key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self {
            id: row.get(0)?,
            staff: row.get(1)?,
            team: row.get(2)?,
            shared: Shared::parse(&row.get::<String>(3)?).unwrap_or(Shared::No),
            version: row.get(4)?,
            updated: row.get(5)?,
            key: row.get(6)?,
            sealed: row.get(7)?,
        })
    }

    /// As whoever asks sees it; nothing when they do not.
    fn shown(&self, unit: &mut Unit, home: Option<DashboardId>) -> Result<Option<Dashboard>> {
        let actor = unit.actor();
        let own = actor.staff() == Some(self.staff);
        let seen = own || self.shared == Shared::All || (self.shared == Shared::Team && self.team.is_some() && self.team == actor.team);
        if !seen {
            return Ok(None);
        }
        // The words of a dashboard are its author's and no record's.
        let context = context(self.key, self.id);
        let Some(plain) = unit.with_key(self.key, |key| vault::open(key, &context, &self.sealed))? else { return Ok(None) };
        let Words { name, tiles } = serde_json::from_slice(&plain).map_err(Error::internal)?;
        Ok(Some(Dashboard {
            id: self.id,
            name: Personal::new(name),
            shared: self.shared,
            tiles,
            own,
            home: home == Some(self.id),
            version: self.version,
            updated: self.updated,
        }))
    }
}

fn context(key: KeyId, id: DashboardId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "dashboard" }
}

fn me(unit: &Unit) -> Result<UserId> {
    let nobody = || Error::new(Code::Forbidden, "A dashboard belongs to a member of staff. Sign in, or use the key of one.");
    unit.actor().staff().ok_or_else(nobody)
}

fn home(unit: &mut Unit) -> Result<Option<DashboardId>> {
    match unit.actor().staff() {
        Some(me) => unit.maybe(sql::HOME, &args![me], |row| row.get(0)),
        None => Ok(None),
    }
}

/// What a dashboard may be made of, as it is kept. Errors: invalid_input; forbidden to share without the right to.
fn checked(unit: &mut Unit, permit: &Permit<ReadRecords>, new: &NewDashboard, before: &[Tile]) -> Result<Vec<u8>> {
    let name = new.name.expose().trim();
    if name.is_empty() || name.chars().count() > NAME_MAX || name.chars().any(char::is_control) {
        return Err(Error::invalid("/name", "required", format!("Name the dashboard, in at most {NAME_MAX} characters.")));
    }
    if new.shared != Shared::No {
        unit.actor().permit::<ShareViews>()?;
    }
    if new.shared == Shared::Team && unit.actor().team.is_none() {
        return Err(Error::invalid("/shared", "no_team", "You are in no team. Share it with everybody, or with nobody."));
    }
    if new.tiles.len() > TILES_MAX {
        return Err(Error::invalid("/tiles", "too_many", format!("A dashboard has at most {TILES_MAX} tiles.")));
    }
    let deals = unit.app().catalogue().need(catalogue::deal::KIND)?;
    // What stood there before may stay, though its view went away since: the tile says so.
    for (n, tile) in new.tiles.iter().enumerate().filter(|(_, tile)| !before.contains(tile)) {
        let wrong = |part: &str, code, words: &str| Err(Error::invalid(format!("/tiles/{n}/{part}"), code, words.to_owned()));
        match tile.view {
            None if tile.show.is_view() => return wrong("view", "required", "Choose which saved view it shows."),
            Some(_) if !tile.show.is_view() => return wrong("view", "unknown", "Only a tile of a view has a view."),
            Some(view) if views::seen(unit, permit, view)?.is_none() => return wrong("view", "unknown", "There is no such view."),
            _ => {}
        }
        if tile.period.is_some() && !tile.show.has_period() {
            return wrong("period", "unknown", "This tile is about no time that can be chosen.");
        }
        match &tile.pipeline {
            Some(_) if !tile.show.has_pipeline() => return wrong("pipeline", "unknown", "This tile is about no pipeline."),
            Some(key) if deals.pipeline(key).is_none() => return wrong("pipeline", "unknown", "There is no pipeline with this key."),
            _ => {}
        }
    }
    serde_json::to_vec(&Words { name: name.to_owned(), tiles: new.tiles.clone() }).map_err(Error::internal)
}

fn event(name: &'static str, id: DashboardId, shared: Shared) -> Event {
    Event::new(name).word("dashboard", id.to_string()).word("shared", shared.as_str())
}

fn team_of(unit: &Unit, shared: Shared) -> Option<[u8; 16]> {
    unit.actor().team.filter(|_| shared == Shared::Team)
}

/// Makes a dashboard. Event `dashboard.made`.
///
/// Errors: forbidden (for nobody of the staff; to share, without the right to); invalid_input; conflict when there are too many.
pub fn make(unit: &mut Unit, permit: &Permit<ReadRecords>, new: &NewDashboard) -> Result<DashboardId> {
    let me = me(unit)?;
    let plain = checked(unit, permit, new, &[])?;
    if unit.one(sql::COUNT, &args![me], |row| row.get::<i64>(0))? >= MOST {
        return Err(Error::new(Code::Conflict, format!("You have {MOST} dashboards. Delete one you no longer use.")));
    }
    let (id, now, team) = (DashboardId::mint(unit.env()), unit.now(), team_of(unit, new.shared));
    unit.witness(event("dashboard.made", id, new.shared))?;
    let key = unit.new_key("dashboard")?;
    let sealed = unit.seal(&context(key, id), &plain)?;
    unit.run(sql::INSERT, &args![id, me, team, new.shared.as_str(), now, key, sealed])?;
    Ok(id)
}

/// Makes a dashboard's next version; answers it. Event `dashboard.changed`.
///
/// Errors: not_found when it is not there for whoever asks; forbidden for another's; those of [`make`]; version_conflict when it is not of the
/// expected version.
pub fn change(unit: &mut Unit, permit: &Permit<ReadRecords>, id: DashboardId, expected: Option<i64>, new: &NewDashboard) -> Result<i64> {
    let (stored, shown) = own(unit, id)?;
    if expected.is_some_and(|version| version != stored.version) {
        let words = format!("The dashboard is at version {} by now. Load it again, then change it.", stored.version);
        return Err(Error::new(Code::VersionConflict, words));
    }
    let plain = checked(unit, permit, new, &shown.tiles)?;
    let (version, now, team) = (stored.version + 1, unit.now(), team_of(unit, new.shared));
    unit.witness(event("dashboard.changed", id, new.shared))?;
    let sealed = unit.seal(&context(stored.key, id), &plain)?;
    unit.run(sql::UPDATE, &args![id, team, new.shared.as_str(), version, now, sealed])?;
    Ok(version)
}

/// Deletes a dashboard and destroys its key; no view and no record. Event `dashboard.deleted`. Errors: not_found; forbidden for another's.
pub fn delete(unit: &mut Unit, id: DashboardId) -> Result<()> {
    let (stored, _) = own(unit, id)?;
    unit.witness(event("dashboard.deleted", id, stored.shared))?;
    unit.run(sql::HOME_GONE, &args![id])?;
    unit.run(sql::DELETE, &args![id])?;
    unit.shred_by_event(stored.key)
}

/// Puts a dashboard on the desk of whoever asks, in the place of another, or takes it off. Event `dashboard.placed`. Error: not_found.
pub fn place(unit: &mut Unit, id: DashboardId, on: bool) -> Result<()> {
    let me = me(unit)?;
    let (_, shown) = locked(unit, id)?;
    unit.witness(event("dashboard.placed", id, shown.shared).word("home", if on { "yes" } else { "no" }))?;
    if on {
        unit.run(sql::HOME_SET, &args![me, id])?;
    } else if shown.home {
        unit.run(sql::HOME_UNSET, &args![me])?;
    }
    Ok(())
}

fn locked(unit: &mut Unit, id: DashboardId) -> Result<(Stored, Dashboard)> {
    let stored = store::dialect::lock(unit.dialect(), sql::FIND, &args![id], Stored::read)?.into_iter().next();
    let stored = stored.ok_or_else(|| Error::not_found("dashboard"))?;
    let home = home(unit)?;
    let shown = stored.shown(unit, home)?.ok_or_else(|| Error::not_found("dashboard"))?;
    Ok((stored, shown))
}

fn own(unit: &mut Unit, id: DashboardId) -> Result<(Stored, Dashboard)> {
    me(unit)?;
    let (stored, shown) = locked(unit, id)?;
    if !shown.own {
        return Err(Error::new(Code::Forbidden, "Only whoever made a dashboard changes it. Make one of your own like it."));
    }
    Ok((stored, shown))
}

/// One dashboard. Error: not_found when it is another's and not shared with whoever asks.
pub fn one(unit: &mut Unit, id: DashboardId) -> Result<Release<Dashboard>> {
    let home = home(unit)?;
    let stored = unit.maybe(sql::FIND, &args![id], Stored::read)?.ok_or_else(|| Error::not_found("dashboard"))?;
    let shown = stored.shown(unit, home)?.ok_or_else(|| Error::not_found("dashboard"))?;
    unit.plain(shown)
}

/// The dashboards that whoever asks sees, by name.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Dashboard>>> {
    let (me, team) = (unit.actor().staff().map_or([0; 16], |me| *me.bytes()), unit.actor().team);
    let home = home(unit)?;
    let mut all = Vec::new();
    for stored in unit.all(sql::VISIBLE, &args![me, team, MOST], Stored::read)? {
        all.extend(stored.shown(unit, home)?);
    }
    all.sort_by_cached_key(|one| (one.name.expose().to_lowercase(), one.id));
    unit.plain(all)
}

/// The dashboard that stands on the desk of whoever asks; nothing where none does, or it is not shared any more.
pub fn on_desk(unit: &mut Unit) -> Result<Release<Option<Dashboard>>> {
    let Some(id) = home(unit)? else { return unit.plain(None) };
    let stored = unit.maybe(sql::FIND, &args![id], Stored::read)?;
    let shown = match stored {
        Some(stored) => stored.shown(unit, Some(id))?,
        None => None,
    };
    unit.plain(shown)
}

/// What a saved view comes to.
#[derive(Clone, Debug)]
pub struct Counted {
    /// The view.
    pub view: SavedView,
    /// How many records it has; `None` where that is not cheap to say.
    pub total: Option<i64>,
    /// The sums of its columns of numbers and amounts, each by currency (`None` for a number, in millionths).
    pub sums: Vec<(String, Added)>,
}

/// Counts what a saved view has, and adds up what of it can be. Opens no record. Event `dashboard.counted`.
///
/// Errors: not_found when the view is gone or not shared with whoever asks; conflict when it asks what is gone or may not be asked.
pub fn counted(unit: &mut Unit, permit: &Permit<ReadRecords>, view: ViewId) -> Result<Release<Counted>> {
    let view = needed(unit, permit, view)?;
    let kind = unit.app().catalogue().need(&view.kind)?;
    let query = view.look.query(&view.kind);
    let usual = || kind.fields.iter().filter(|field| field.listed).map(|field| field.key.clone()).collect();
    let columns: Vec<String> = if view.look.columns.is_empty() { usual() } else { view.look.columns.clone() };
    let (total, sums) = (views::count(unit, permit, &query)?, views::added(unit, permit, &query, &columns)?);
    let event = Event::new("dashboard.counted").word("view", view.id.to_string()).word("kind", &view.kind);
    unit.release(event, Counted { view, total, sums })
}

/// A view that may be asked. Errors: not_found; conflict.
fn needed(unit: &mut Unit, permit: &Permit<ReadRecords>, view: ViewId) -> Result<SavedView> {
    let view = views::seen(unit, permit, view)?.ok_or_else(|| Error::not_found("view"))?;
    if !view.usable || !view.missing.is_empty() {
        return Err(Error::new(Code::Conflict, "This view asks something that is gone, or that you may not ask. Change the view first."));
    }
    Ok(view)
}

/// The first rows of a saved view. Event `record.listed`. Errors: those of [`counted`].
pub fn first_rows(unit: &mut Unit, permit: &Permit<ReadRecords>, view: ViewId) -> Result<Release<(SavedView, ListPage)>> {
    let view = needed(unit, permit, view)?;
    let query = ListQuery { limit: ROWS, view: Some(view.id), ..view.look.query(&view.kind) };
    Ok(views::list(unit, permit, &query, Detail::Masked)?.map(|page| (view, page)))
}
