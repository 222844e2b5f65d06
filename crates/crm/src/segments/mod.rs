//! Segments: a saved view of people, for one purpose.
//!
//! Whom a segment yields is asked each time, by one operation: those who satisfy the view, whom the permit reaches, whom the purpose lets be
//! used at that moment ([`crate::consent`]), and who have an address. Of all others it says how many there are and why; of those whom
//! the purpose does not allow no box is opened, so that what is asked of a sealed field is answered by its tokens alone.
//!
//! A segment holds no words of its own: name and condition are the view's, and go as that goes, also when somebody whom it names is erased.

mod people;
pub mod sql;
#[cfg(test)]
mod tests;

use catalogue::{Purpose, person};
use kernel::{Code, Error, Instant, Personal, Result};
use store::{Row, args};
use trail::{
    Event, Permit, Release, Unit,
    permit::{ReadRecords, ShareViews},
};

use crate::views::{self, Filter, ListQuery, ViewId};
pub use people::{Counts, LIMIT_MAX, MOST, Page, Why, count, export, members};
pub(crate) use people::{Standing, one_of, portion};

kernel::id!(
    /// A segment.
    SegmentId, "seg"
);
store::id_columns!(SegmentId);

/// A segment, as one member of staff sees it.
#[derive(Clone, Debug)]
pub struct Segment {
    /// Its id.
    pub id: SegmentId,
    /// The view whose people it has.
    pub view: ViewId,
    /// What it is called: as the view.
    pub name: Personal<String>,
    /// What it is for.
    pub purpose: &'static Purpose,
    /// What its people satisfy.
    pub filter: Option<Filter>,
    /// Whether the view asks nothing that is gone or that whoever asks may not ask: otherwise nobody is counted or yielded.
    pub usable: bool,
    /// Whether the view is of whoever asks.
    pub own: bool,
    /// Whether everybody sees it.
    pub shared: bool,
    /// When it was made.
    pub created: Instant,
    /// Its version.
    pub version: i64,
}

impl Segment {
    fn query(&self) -> ListQuery {
        ListQuery { filter: self.filter.clone(), via_body: true, view: Some(self.view), ..ListQuery::of(person::KIND) }
    }

    /// Error: forbidden when whoever asks acts for another purpose; conflict when its view asks what is gone.
    fn ensure(&self, permit: &Permit<ReadRecords>) -> Result<()> {
        if permit.actor.purpose.key != self.purpose.key {
            let words = format!("This segment is for the purpose {}. Switch to it to see whom it has.", self.purpose.key);
            return Err(Error::new(Code::Forbidden, words));
        }
        if !self.usable {
            let words = "The view of this segment asks something that is gone, or that you may not ask. Change the view first.";
            return Err(Error::new(Code::Conflict, words));
        }
        Ok(())
    }
}

struct Stored {
    id: SegmentId,
    view: ViewId,
    purpose: String,
    created: Instant,
    version: i64,
}

impl Stored {
    fn read(row: &Row) -> Result<Self> {
        Ok(Self { id: row.get(0)?, view: row.get(1)?, purpose: row.get(2)?, created: row.get(3)?, version: row.get(4)? })
    }

    /// As whoever asks sees it; `None` where they may not act for its purpose, or do not see its view.
    fn shown(self, unit: &mut Unit) -> Result<Option<Segment>> {
        let Some(purpose) = Purpose::find(&self.purpose) else { return Ok(None) };
        let Ok(permit) = unit.actor().acting_for(purpose).permit::<ReadRecords>() else { return Ok(None) };
        let Some(view) = views::seen(unit, &permit, self.view)? else { return Ok(None) };
        Ok(Some(Segment {
            id: self.id,
            view: self.view,
            name: view.name,
            purpose,
            filter: view.look.filter,
            usable: view.usable && view.missing.is_empty(),
            own: view.own,
            shared: view.shared,
            created: self.created,
            version: self.version,
        }))
    }
}

/// The view of people, for a purpose. Errors: not_found; invalid_input for a view of others than people, or that asks what may not be asked.
fn checked(unit: &mut Unit, view: ViewId, purpose: &'static Purpose) -> Result<()> {
    let permit = unit.actor().acting_for(purpose).permit::<ReadRecords>()?;
    let seen = views::seen(unit, &permit, view)?.ok_or_else(|| Error::invalid("/view", "unknown", "There is no such view."))?;
    if seen.kind != person::KIND {
        return Err(Error::invalid("/view", "not_people", "A segment is made of a view of people."));
    }
    if !seen.usable || !seen.missing.is_empty() {
        let words = format!("Acting for {} you may not ask all that this view asks, or a part of it is gone.", purpose.key);
        return Err(Error::invalid("/view", "not_usable", words));
    }
    if seen.shared && !seen.own {
        unit.actor().permit::<ShareViews>()?;
    }
    if unit.maybe(sql::SAME, &args![view, purpose.key], |_| Ok(()))?.is_some() {
        return Err(Error::invalid("/view", "taken", "This view is a segment for this purpose already."));
    }
    Ok(())
}

/// Makes a segment of a view for a purpose that the actor may act for. Event `segment.made`.
///
/// Errors: forbidden for the purpose, or for a shared view without the right to share; invalid_input.
pub fn make(unit: &mut Unit, view: ViewId, purpose: &'static Purpose) -> Result<SegmentId> {
    let staff = unit
        .actor()
        .staff()
        .ok_or_else(|| Error::new(Code::Forbidden, "A segment belongs to a member of staff. Sign in, or use the key of one."))?;
    checked(unit, view, purpose)?;
    let (id, now) = (SegmentId::mint(unit.env()), unit.now());
    unit.witness(Event::new("segment.made").word("segment", id.to_string()).word("view", view.to_string()).word("for", purpose.key))?;
    unit.run(sql::DELETE_LEFT, &[])?;
    unit.run(sql::INSERT, &args![id, view, staff, purpose.key, now])?;
    Ok(id)
}

/// Gives a segment another view; what it is for stays. Event `segment.changed`. Errors: those of [`make`]; not_found.
pub fn change(unit: &mut Unit, id: SegmentId, view: ViewId) -> Result<()> {
    let known = own(unit, id)?;
    if known.view != view {
        checked(unit, view, known.purpose)?;
    }
    unit.witness(Event::new("segment.changed").word("segment", id.to_string()).word("view", view.to_string()))?;
    unit.run(sql::UPDATE, &args![id, view]).map(drop)
}

/// Deletes a segment; its view stays. Event `segment.deleted`. Errors: not_found; forbidden for a shared one without the right to share.
pub fn delete(unit: &mut Unit, id: SegmentId) -> Result<()> {
    own(unit, id)?;
    unit.witness(Event::new("segment.deleted").word("segment", id.to_string()))?;
    unit.run(sql::DELETE, &args![id]).map(drop)
}

fn own(unit: &mut Unit, id: SegmentId) -> Result<Segment> {
    let found = find(unit, id)?;
    if !found.own {
        unit.actor().permit::<ShareViews>()?;
    }
    Ok(found)
}

/// A segment, inside an operation. Error: not_found.
pub(crate) fn find(unit: &mut Unit, id: SegmentId) -> Result<Segment> {
    let found = unit.maybe(sql::FIND, &args![id], Stored::read)?.map(|stored| stored.shown(unit)).transpose()?.flatten();
    found.ok_or_else(|| Error::not_found("segment"))
}

/// One segment. Error: not_found when it is of another's own view, or for a purpose that whoever asks may not act for.
pub fn one(unit: &mut Unit, id: SegmentId) -> Result<Release<Segment>> {
    let found = find(unit, id)?;
    unit.plain(found)
}

/// The segments that whoever asks sees, by name.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Segment>>> {
    let me = unit.actor().staff().map_or([0; 16], |me| *me.bytes());
    let mut all = Vec::new();
    for stored in unit.all(sql::VISIBLE, &args![me], Stored::read)? {
        all.extend(stored.shown(unit)?);
    }
    all.sort_by_cached_key(|segment| (segment.name.expose().to_lowercase(), segment.id));
    unit.plain(all)
}
