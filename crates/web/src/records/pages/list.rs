//! The list of any kind.

use std::collections::HashSet;

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::{Kind, task};
use crm::permits::{Import, ReadRecords, WriteRecords};
use crm::{holds, search, views};
use kernel::{RecordId, Result};

use super::{
    At, Shower,
    address::{Address, Through},
    base_of,
    cells::named,
    filter::{self, Asked, Group, Kept, Tree},
    href_of, icon_of, initials,
    layout::Found,
    rail_of, redirect, saved,
    seen::{Seen, seen},
    zone,
};
use crate::{
    kit::{
        error::Refused,
        form::Form,
        layout::{Choice, Notice, Shell},
        names::capital,
        render::html,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        list::{Column, Condition, ConditionGroup, FilterForm, List, Row, RowGroup, SetPart, Showing, Sorted},
        parts::{Cell, Paging, Tab},
    },
};

/// The most saved views that stand as tabs; all of them stand in the menu.
const TABS: usize = 6;

/// The list, as its address asks.
pub(super) async fn list(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let fields = at.asked()?;
    let base = base_of(&kind.key);
    let asked = Address::read(&fields)?.href(&base);
    let mut shell = who.shell(&web, &kind.plural, rail_of(&kind.key), &asked).await?;
    let view = match who.actor.permit::<ReadRecords>().ok().and_then(|permit| permit.over(&kind.key)) {
        None => withheld(&who, &kind, shell),
        Some(scope) => {
            let seen = seen(&web, &who, &kind, &fields).await?;
            let query = seen.query(&kind, &who.actor)?;
            let found = Found::of(&web, &who, &seen, query).await?;
            let ids: Vec<RecordId> = found.rows().map(|row| row.shown.id).collect();
            let beside = web.app.read(&who.actor, move |unit| {
                let zone = zone(unit)?;
                let holds = holds::of_records(unit, &ids)?;
                let held = holds.into_iter().filter(|(_, all)| all.iter().any(|hold| hold.released.is_none())).map(|(id, _)| id);
                let held: HashSet<RecordId> = held.collect();
                unit.plain((zone, held))
            });
            let (zone, held) = beside.await?;
            let zone = who.zone(zone);
            if who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some()) {
                shell.new_href = Some(format!("{base}/new"));
            }
            let t = who.text;
            if fields.get("moved").parse::<RecordId>().is_ok() {
                shell.notices.push(Notice::done(t.get("board-moved")));
            }
            match fields.get("done") {
                "saved" => shell.notices.push(Notice::done(t.get("view-saved"))),
                "deleted" => shell.notices.push(Notice::done(t.get("view-deleted"))),
                _ => {}
            }
            shell.notices.extend(saved::missing_note(t, &kind, &seen).map(Notice::note));
            let shower = Shower { t, now: web.app.env().now(), zone, links: super::cells::Links::new() };
            let asking = Asking { kind: &kind, who: &who, scope, seen: &seen, base, moved: fields.get("moved") };
            asking.view(shell, shower, &found, &held)
        }
    };
    Ok(Html(html(&view)?).into_response())
}

/// What was typed into a list's search or its form of conditions, or left out of them. Sealed values are kept and shown under an id that
/// says nothing.
pub(super) async fn search(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let seen = seen(&web, &who, &kind, &fields).await?;
    let words = if fields.all("q").next().is_some() { fields.get("q").trim() } else { seen.words.as_str() }.to_owned();
    // What the view asks stays the view's to say until it is changed.
    let asked = (seen.address.tree.is_some() || seen.address.query.is_some()).then(|| seen.tree.clone()).flatten();
    let tree = match fields.get("leave_out").parse::<usize>() {
        Ok(part) => Some(seen.tree.clone().unwrap_or_default().without(part)),
        Err(_) => asked,
    };
    let is_open = tree.as_ref().is_none_or(|tree| tree.is_open(&kind));
    let address = if words.is_empty() && is_open {
        let nothing = seen.view.is_none() && tree.as_ref().is_some_and(Tree::is_empty);
        Address { tree: tree.filter(|_| !nothing), query: None, ..seen.address }
    } else {
        let kept = Kept { kind: kind.key.clone(), words, tree };
        let id = web.app.write(&who.actor, move |unit| search::remember(unit, &kept)).await?;
        Address { tree: None, query: Some(id), ..seen.address }
    };
    Ok(redirect(&address.href(&base_of(&kind.key))))
}

fn empty(t: Text, kind: &Kind, shell: Shell, showing: Showing) -> List {
    List {
        t,
        shell,
        title: kind.plural.clone(),
        new_label: t.with("list-new", "kind", t.within(&kind.label)),
        icon: icon_of(&kind.key).to_owned(),
        base: base_of(&kind.key),
        total: String::new(),
        name_column: Column { label: String::new(), sort_href: None, sorted: Sorted::No, numeric: false },
        columns: Vec::new(),
        rows: Vec::new(),
        showing,
        tabs: Vec::new(),
        filter: None,
        columns_menu: None,
        views: None,
        bulk: None,
        layouts: Vec::new(),
        board: None,
        calendar: None,
        groups: Vec::new(),
        sums: Vec::new(),
        set: Vec::new(),
        set_any: false,
        hidden: Vec::new(),
        clear_href: String::new(),
        search: String::new(),
        import_href: None,
        duplicates_href: None,
        export: None,
        paging: Paging::default(),
        order_note: None,
        withheld_note: None,
        recorded: String::new(),
    }
}

/// The acting purpose lists no such records: which of the person's own purposes does.
fn withheld(who: &Who, kind: &Kind, shell: Shell) -> List {
    let t = who.text;
    let purposes = who.session.iter().flat_map(|session| session.purposes.iter());
    let may = purposes.filter(|purpose| {
        let permit = who.actor.acting_for(purpose).permit::<ReadRecords>();
        permit.is_ok_and(|permit| permit.over(&kind.key).is_some())
    });
    let may: Vec<String> = may.map(|purpose| t.purpose(purpose.key)).collect();
    let (acting, plural) = (t.purpose(who.actor.purpose.key), t.within(&kind.plural));
    let words = if may.is_empty() {
        t.with2("list-withheld-ask", "purpose", acting, "kind", plural)
    } else {
        t.with_all("list-withheld-switch", &[("purpose", acting), ("kind", plural), ("other", may.join(", "))])
    };
    empty(t, kind, shell, Showing::Withheld(words))
}

/// A list that was asked for, on its way to a page.
struct Asking<'a> {
    kind: &'a Kind,
    who: &'a Who,
    scope: crm::permits::Scope,
    seen: &'a Seen,
    base: String,
    /// The column that was moved just now.
    moved: &'a str,
}

impl Asking<'_> {
    fn view(&self, shell: Shell, mut shower: Shower, found: &Found, held: &HashSet<RecordId>) -> List {
        let (t, kind) = (shower.t, self.kind);
        for row in found.rows() {
            shower.links.extend(row.links.values().map(|to| (to.id, (to.title.clone(), href_of(&to.kind, to.id)))));
        }
        let seen = self.seen;
        let columns = seen.fields(kind);
        let rows_of = |rows: &[views::ListRow]| rows.iter().map(|row| self.row(&shower, &columns, row, held)).collect::<Vec<Row>>();
        let listed = found.rows().count();
        let (mut rows, mut groups, mut board, mut calendar, mut next, mut exact) = (Vec::new(), Vec::new(), None, None, None, true);
        let mut sums = Vec::new();
        match (found, &seen.layout) {
            (Found::Table(page, added), _) => {
                (rows, next, exact) = (rows_of(&page.rows), page.next.clone(), page.exact_order);
                sums = shower.sums(kind, &columns, added);
            }
            (Found::Board(found), views::Layout::Groups(by)) => {
                let heads = super::board::board(&shower, self.who, kind, seen, by, found, self.moved).columns;
                groups =
                    heads.into_iter().zip(&found.columns).map(|(head, column)| RowGroup { rows: rows_of(&column.rows), head }).collect();
            }
            (Found::Board(found), layout) => {
                board = layout.by().map(|by| super::board::board(&shower, self.who, kind, seen, by, found, self.moved));
            }
            (Found::Calendar(found), layout) => {
                calendar = layout.by().map(|by| super::calendar::calendar(&shower, self.who, kind, seen, by, found, self.moved));
            }
        }
        let total = match (found, found.total()) {
            (_, Some(n)) => t.counted(Some(n)),
            // A further page says what the first one counted.
            (Found::Table(..), None) => t.counted(seen.address.of.parse().ok()),
            (Found::Board(_), None) => t.with("board-more", "n", t.number(listed as u64)),
            (Found::Calendar(_), None) => t.count("calendar-count", listed),
        };
        let of = found.total().filter(|n| usize::try_from(*n).is_ok_and(|n| n <= views::COUNTED));
        let of = of.map_or_else(|| seen.address.of.clone(), |n| n.to_string());
        let sort = |by: &str| self.sort(by);
        let title = kind.field(&kind.title);
        let name_sort = sort(&kind.title);
        let numbers = |f: &catalogue::Field| matches!(f.kind, catalogue::FieldType::Number | catalogue::FieldType::Money);
        let heads = columns.iter().map(|f| {
            let sortable = !f.is_sealed() && !f.many && f.kind != catalogue::FieldType::Link;
            let (href, sorted) = if sortable { sort(&f.key) } else { (None, Sorted::No) };
            Column { label: f.label.clone(), sort_href: href, sorted, numeric: numbers(f) }
        });
        let set = self.set(t);
        let words = seen.words.as_str();
        let filtered = !set.is_empty() || !words.is_empty();
        let showing = match (listed == 0 && calendar.is_none(), filtered) {
            (false, _) => Showing::Rows,
            // A pipeline without deals still has its stages to show.
            (true, false) if board.is_some() && !kind.pipelines.is_empty() => Showing::Rows,
            (true, false) if seen.address.after.is_empty() => Showing::NoneYet(self.belongs(t)),
            (true, _) => Showing::FilteredOut(self.filtered_words(t, &set, words)),
        };
        let chosen_from = rows.len() + groups.iter().map(|group| group.rows.len()).sum::<usize>();
        List {
            total,
            name_column: Column {
                label: title.map_or_else(|| kind.label.clone(), |f| f.label.clone()),
                sort_href: name_sort.0,
                sorted: name_sort.1,
                numeric: false,
            },
            columns: heads.collect(),
            rows,
            tabs: self.tabs(t),
            filter: Some(self.filter_form(t)),
            columns_menu: Some(saved::column_menu(kind, seen, self.moved)),
            views: saved::view_menu(t, self.who, kind, seen),
            layouts: super::layout::layouts(t, kind, seen, &self.base),
            board,
            calendar,
            groups,
            sums,
            bulk: if chosen_from == 0 { None } else { super::bulk::bar(t, self.who, kind, &seen.address, of.parse().ok()) },
            set_any: seen.tree.as_ref().is_some_and(|tree| tree.first.any && tree.parts() > 1),
            set,
            hidden: seen.address.pairs(),
            clear_href: self.cleared(),
            search: words.to_owned(),
            export: if listed == 0 { None } else { super::export::form(t, self.who, kind, &seen.address) },
            duplicates_href: crm::duplicates::is_looked_for(kind).then(|| format!("/duplicates?kind={}", kind.key)),
            import_href: self.who.actor.permit::<Import>().is_ok().then(|| format!("/import?kind={}", kind.key)),
            paging: self.paging(next, &of),
            order_note: (!exact).then(|| t.get("list-order-note")),
            withheld_note: self.withheld_note(t, &columns),
            recorded: if listed == 0 { String::new() } else { t.count("list-recorded", listed) },
            ..empty(t, kind, shell, showing)
        }
    }

    fn row(&self, shower: &Shower, columns: &[&catalogue::Field], row: &views::ListRow, held: &HashSet<RecordId>) -> Row {
        let (t, kind, shown) = (shower.t, self.kind, &row.shown);
        let cells: Vec<Cell> = columns.iter().map(|f| shower.cell(kind, &f.key, shown.cell(&f.key))).collect();
        let second = cells.iter().find_map(|cell| match cell {
            Cell::Link { text, .. } => Some(text.clone()),
            Cell::Chip(chip) => Some(chip.text.clone()),
            _ => None,
        });
        Row {
            id: shown.id.to_string(),
            href: href_of(&kind.key, shown.id),
            name: named(t, &shown.title),
            initials: if kind.is_person { initials(&shown.title) } else { String::new() },
            second: second.unwrap_or_default(),
            cells,
            kept: shower.kept(shown, held.contains(&shown.id)),
        }
    }

    /// Where sorting by a field leads, and how it is sorted now.
    fn sort(&self, by: &str) -> (Option<String>, Sorted) {
        let now = &self.seen.sort;
        let sorted = match (now.by == by, now.descending) {
            (false, _) => Sorted::No,
            (true, false) => Sorted::Ascending,
            (true, true) => Sorted::Descending,
        };
        let next = if sorted == Sorted::Ascending { format!("-{by}") } else { by.to_owned() };
        (Some(Address { sort: Some(next), ..self.seen.address.clone() }.href(&self.base)), sorted)
    }

    /// The conditions in words, a group as one of them.
    fn set(&self, t: Text) -> Vec<SetPart> {
        let kind = self.kind;
        let part = |words: String| SetPart { words, removable: true };
        match (&self.seen.tree, &self.seen.filter) {
            (Some(tree), _) => {
                let ones = tree.first.conditions.iter().map(|asked| filter::in_words(t, kind, asked));
                ones.chain(tree.groups.iter().map(|group| filter::group_in_words(t, kind, group))).map(part).collect()
            }
            (None, Some(all)) => vec![SetPart { words: filter::filter_in_words(t, kind, all), removable: false }],
            (None, None) => Vec::new(),
        }
    }

    /// This list without its conditions and words; of a view with conditions it says so.
    fn cleared(&self) -> String {
        let asks = self.seen.view.as_ref().is_some_and(|view| view.look.filter.is_some());
        Address { tree: asks.then(Tree::default), query: None, ..self.seen.address.clone() }.href(&self.base)
    }

    fn filtered_words(&self, t: Text, set: &[SetPart], words: &str) -> String {
        let mut all: Vec<String> = set.iter().map(|part| part.words.clone()).collect();
        if !words.is_empty() {
            all.push(t.with("list-searched", "words", words));
        }
        if all.is_empty() { t.get("list-past-end") } else { format!("{}.", all.join("; ")) }
    }

    fn belongs(&self, t: Text) -> String {
        let own = format!("list-belongs-{}", self.kind.key);
        if t.has(&own) { t.get(&own) } else { t.with("list-belongs", "kind", t.within(&self.kind.plural)) }
    }

    fn tabs(&self, t: Text) -> Vec<Tab> {
        let seen = self.seen;
        let mut sets = vec![("list-all", Vec::new())];
        let condition = |field: &str, op: &str, value: &str| vec![Asked { field: field.into(), op: op.into(), value: value.into() }];
        if self.kind.key == task::KIND {
            sets.push(("list-open", condition(task::DONE, "ne", "true")));
        }
        if let Some(me) = self.who.actor.staff() {
            sets.push(("list-mine", condition("owner", "eq", &me.to_string())));
        }
        // Where a view opens by itself, all must be asked for.
        let opens = views::SavedView::first(&seen.views, &self.kind.key).is_some();
        let tab = |(label, set): (&str, Vec<Asked>)| {
            let tree = Some(Tree::all(set)).filter(|tree| !tree.is_empty());
            let current = seen.view.is_none() && seen.words.is_empty() && seen.tree.as_ref() == Some(&tree.clone().unwrap_or_default());
            let through = if opens && tree.is_none() { Through::All } else { Through::Unsaid };
            let sort = seen.address.sort.clone().filter(|_| seen.view.is_none());
            let columns = seen.address.columns.clone().filter(|_| seen.view.is_none());
            Tab::new(t.get(label), Address { through, sort, columns, tree, ..Address::default() }.href(&self.base), current)
        };
        let mut tabs: Vec<Tab> = sets.into_iter().map(tab).collect();
        let usable = seen.views.iter().filter(|view| view.usable);
        tabs.extend(usable.take(TABS).map(|view| {
            let href = Address { through: Through::Saved(view.id), ..Address::default() }.href(&self.base);
            Tab::new(view.name.expose(), href, seen.view.as_ref().is_some_and(|now| now.id == view.id))
        }));
        tabs
    }

    /// The conditions as a form, with room for more.
    fn filter_form(&self, t: Text) -> FilterForm {
        let tree = self.seen.tree.clone().unwrap_or_default();
        let open = filter::open_fields(t, self.kind);
        let sealed = filter::sealed_fields(self.kind, self.scope, self.who.actor.purpose);
        let row = |asked: Option<&Asked>| {
            let (field, op) = asked.map_or(("", "eq"), |a| (a.field.as_str(), a.op.as_str()));
            let mut fields = vec![Choice::new("", t.get("filter-none"), field.is_empty())];
            fields.extend(open.iter().map(|(key, label)| Choice::new(key, label, key == field)));
            fields.extend(sealed.iter().map(|(key, label)| Choice::new(key, t.with("filter-sealed-field", "field", label), key == field)));
            // A condition that came by a link of ours, such as an owner.
            if !field.is_empty() && !fields.iter().any(|choice| choice.value == field) {
                let label = self.kind.field(field).map_or_else(|| capital(field), |f| f.label.clone());
                fields.push(Choice::new(field, label, true));
            }
            let ops = views::Op::ALL.iter().map(|known| known.as_str());
            let ops = ops.map(|word| Choice::new(word, t.get(&format!("op-{}", word.replace('_', "-"))), word == op)).collect();
            Condition { fields, ops, value: asked.map(|a| a.value.clone()).unwrap_or_default() }
        };
        let group = |number: usize, group: &Group, more: usize| ConditionGroup {
            number,
            any: group.any,
            rows: group.conditions.iter().map(Some).chain(std::iter::repeat_n(None, more)).map(row).collect(),
        };
        let mut groups = vec![group(0, &tree.first, 1)];
        groups.extend((1..).zip(&tree.groups).map(|(number, inside)| group(number, inside, 1)));
        let fresh = group(groups.len(), &Group { any: true, conditions: Vec::new() }, 2);
        FilterForm {
            hidden: Address { tree: None, ..self.seen.address.clone() }.pairs(),
            groups,
            fresh,
            note: self.seen.tree.is_none().then(|| t.get("filter-too-deep")),
        }
    }

    fn paging(&self, next: Option<String>, of: &str) -> Paging {
        let after = &self.seen.address.after;
        let to = |cursors: &[String]| self.seen.address.page(&self.base, cursors, of);
        Paging {
            previous: after.split_last().map(|(_, before)| to(before)),
            next: next.map(|cursor| to(&after.iter().cloned().chain([cursor]).collect::<Vec<_>>())),
        }
    }

    fn withheld_note(&self, t: Text, columns: &[&catalogue::Field]) -> Option<String> {
        let purpose = self.who.actor.purpose;
        let hidden: Vec<&str> = columns.iter().filter(|f| !search::sees(self.scope, purpose, f)).map(|f| f.label.as_str()).collect();
        (!hidden.is_empty()).then(|| t.with2("list-withheld-note", "fields", hidden.join(", "), "purpose", t.purpose(purpose.key)))
    }
}
