//! How a list can be laid out, and what is found for it.

use catalogue::Kind;
use crm::{
    permits::ReadRecords,
    views::{self, Layout},
};
use kernel::Result;

use super::{
    address::Address,
    board::{BOARDS, boards},
    calendar::{self, Month},
    seen::Seen,
};
use crate::{
    kit::{text::Text, who::Who},
    router::Web,
    views::parts::Tab,
};

/// The most calendars.
const CALENDARS: usize = 4;

/// Table, groups and a board for each field of choices and for each pipeline, a calendar for each field of days; nothing where there is none.
pub(super) fn layouts(t: Text, kind: &Kind, seen: &Seen, base: &str) -> Vec<Tab> {
    let to = |layout: Layout| Address { layout: Some(layout), after: Vec::new(), month: None, ..seen.address.clone() }.href(base);
    let mut all = vec![Tab::new(t.get("layout-table"), to(Layout::Table), seen.layout == Layout::Table)];
    let mut offer = |by: Vec<(String, String)>, (alone, among): (&str, &str), layout: fn(String) -> Layout| {
        let several = by.len() > 1;
        all.extend(by.into_iter().map(|(by, label)| {
            let label = if several { t.with(among, "field", label) } else { t.get(alone) };
            let layout = layout(by);
            Tab::new(label, to(layout.clone()), seen.layout == layout)
        }));
    };
    let piped = !kind.pipelines.is_empty();
    let among = if piped { "layout-pipeline" } else { "layout-board-by" };
    // Under headings a board's pipelines would stand twice.
    offer(boards(kind).into_iter().take(if piped { 1 } else { BOARDS }).collect(), ("layout-groups", "layout-groups-by"), Layout::Groups);
    offer(boards(kind), ("layout-board", among), Layout::Board);
    let days = kind.fields.iter().filter(|field| views::is_of_days(field)).take(CALENDARS);
    offer(days.map(|f| (f.key.clone(), f.label.clone())).collect(), ("layout-calendar", "layout-calendar-by"), Layout::Calendar);
    if all.len() > 1 { all } else { Vec::new() }
}

/// What was found, as it is laid out.
pub(super) enum Found {
    Table(views::ListPage, Vec<(String, views::Added)>),
    Board(views::Board),
    Calendar((Month, Vec<views::Week>)),
}

impl Found {
    pub(super) async fn of(web: &Web, who: &Who, seen: &Seen, query: views::ListQuery) -> Result<Self> {
        let permit = who.actor.permit::<ReadRecords>()?;
        match &seen.layout {
            Layout::Table => {
                let (asked, columns) = (query.clone(), seen.columns.clone());
                let page = views::serve(&web.app, &who.actor, query, crm::records::Detail::Masked).await?;
                // One row is its own sum.
                if page.rows.len() < 2 {
                    return Ok(Self::Table(page, Vec::new()));
                }
                let sums = web.app.read(&who.actor, move |unit| {
                    let sums = views::added(unit, &permit, &asked, &columns)?;
                    unit.plain(sums)
                });
                Ok(Self::Table(page, sums.await?))
            }
            Layout::Groups(by) | Layout::Board(by) => {
                let by = by.clone();
                Ok(Self::Board(web.app.read(&who.actor, move |unit| views::board(unit, &permit, &query, &by)).await?))
            }
            Layout::Calendar(by) => Ok(Self::Calendar(calendar::weeks(web, who, seen, query, by).await?)),
        }
    }

    pub(super) fn rows(&self) -> impl Iterator<Item = &views::ListRow> {
        let (table, board, weeks) = match self {
            Self::Table(page, _) => (Some(page), None, None),
            Self::Board(board) => (None, Some(board), None),
            Self::Calendar((_, weeks)) => (None, None, Some(weeks)),
        };
        let table = table.into_iter().flat_map(|page| &page.rows);
        let board = board.into_iter().flat_map(|board| &board.columns).flat_map(|column| &column.rows);
        table.chain(board).chain(weeks.into_iter().flatten().flat_map(|week| &week.rows))
    }

    /// How many there are in all, where that was said.
    pub(super) fn total(&self) -> Option<i64> {
        match self {
            Self::Table(page, _) => page.total,
            Self::Board(board) => board.columns.iter().map(|column| column.total).sum(),
            Self::Calendar(_) => None,
        }
    }
}
