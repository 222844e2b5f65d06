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
    At, Shower, base_of,
    cells::{capital, named},
    filter::{self, Address, Asked, Kept},
    href_of, icon_of, initials, rail_of, redirect, zone,
};
use crate::{
    kit::{
        error::Refused,
        form::Form,
        layout::{Choice, Shell},
        render::html,
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        list::{Column, Condition, List, Row, Showing, Sorted},
        parts::{Cell, Paging, Tab},
    },
};

/// The list, as its address asks.
pub(super) async fn list(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let address = Address::read(&at.asked()?)?;
    let base = base_of(&kind.key);
    let mut shell = who.shell(&web, &kind.plural, rail_of(&kind.key), &address.href(&base, &address.sort, &address.conditions)).await?;
    let view = match who.actor.permit::<ReadRecords>().ok().and_then(|permit| permit.over(&kind.key).map(|scope| (permit, scope))) {
        None => withheld(&who, &kind, shell),
        Some((_, scope)) => {
            let kept = match address.query {
                Some(id) => Some(web.app.read(&who.actor, move |unit| search::recall::<Kept>(unit, id)).await?),
                None => None,
            };
            let kept = kept.filter(|kept| kept.kind == kind.key);
            let query = filter::query(&kind, scope, who.actor.purpose, &address, kept.as_ref());
            let page = views::serve(&web.app, &who.actor, query, crm::records::Detail::Masked).await?;
            let ids: Vec<RecordId> = page.rows.iter().map(|row| row.shown.id).collect();
            let beside = web.app.read(&who.actor, move |unit| {
                let zone = zone(unit)?;
                let holds = holds::of_records(unit, &ids)?;
                let held = holds.into_iter().filter(|(_, all)| all.iter().any(|hold| hold.released.is_none())).map(|(id, _)| id);
                let held: HashSet<RecordId> = held.collect();
                unit.plain((zone, held))
            });
            let (zone, held) = beside.await?;
            if who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some()) {
                shell.new_href = Some(format!("{base}/new"));
            }
            let shower = Shower { t: Text::english(), now: web.app.env().now(), zone, links: super::cells::Links::new() };
            let asked = Asking { kind: &kind, who: &who, scope, address: &address, kept: kept.as_ref(), base };
            asked.view(shell, shower, page, &held)
        }
    };
    Ok(Html(html(&view)?).into_response())
}

/// What was typed into a list's search or its form for sealed fields: kept, and shown under an id that says nothing.
pub(super) async fn search(State(web): State<Web>, who: Who, at: At, Form(fields): Form) -> Result<Response, Refused> {
    let kind = at.kind(&web)?;
    let kept = Kept { kind: kind.key.clone(), words: fields.get("q").trim().to_owned(), conditions: filter::conditions(&fields) };
    let base = base_of(&kind.key);
    if kept.words.is_empty() && kept.conditions.is_empty() {
        return Ok(redirect(&base));
    }
    let id = web.app.write(&who.actor, move |unit| search::remember(unit, &kept)).await?;
    Ok(redirect(&format!("{base}?query={id}")))
}

fn empty(t: Text, kind: &Kind, shell: Shell, showing: Showing) -> List {
    List {
        t,
        shell,
        title: kind.plural.clone(),
        new_label: t.with("list-new", "kind", kind.label.to_lowercase()),
        icon: icon_of(&kind.key).to_owned(),
        base: base_of(&kind.key),
        total: String::new(),
        name_column: Column { label: String::new(), sort_href: None, sorted: Sorted::No, numeric: false },
        columns: Vec::new(),
        rows: Vec::new(),
        showing,
        tabs: Vec::new(),
        open_conditions: Vec::new(),
        sealed_condition: None,
        filters_set: 0,
        set: Vec::new(),
        search: String::new(),
        import_href: None,
        export: None,
        paging: Paging::default(),
        order_note: None,
        withheld_note: None,
        recorded: String::new(),
    }
}

/// The acting purpose lists no such records: which of the person's own purposes does.
fn withheld(who: &Who, kind: &Kind, shell: Shell) -> List {
    let t = Text::english();
    let purposes = who.session.iter().flat_map(|session| session.purposes.iter());
    let may = purposes.filter(|purpose| {
        let permit = who.actor.acting_for(purpose).permit::<ReadRecords>();
        permit.is_ok_and(|permit| permit.over(&kind.key).is_some())
    });
    let may: Vec<String> = may.map(|purpose| capital(purpose.key)).collect();
    let (acting, plural) = (capital(who.actor.purpose.key), kind.plural.to_lowercase());
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
    address: &'a Address,
    kept: Option<&'a Kept>,
    base: String,
}

impl Asking<'_> {
    fn view(&self, shell: Shell, mut shower: Shower, page: views::ListPage, held: &HashSet<RecordId>) -> List {
        let (t, kind) = (shower.t, self.kind);
        for row in &page.rows {
            shower.links.extend(row.links.values().map(|to| (to.id, (to.title.clone(), href_of(&to.kind, to.id)))));
        }
        let columns: Vec<&catalogue::Field> = filter::columns(kind).collect();
        let rows: Vec<Row> = page.rows.iter().map(|row| self.row(&shower, &columns, row, held)).collect();
        let total = match page.total {
            Some(n) => t.counted(Some(n)),
            // A further page says what the first one counted.
            None => t.counted(self.address.of.parse().ok()),
        };
        let of = page
            .total
            .filter(|n| usize::try_from(*n).is_ok_and(|n| n <= views::COUNTED))
            .map_or_else(|| self.address.of.clone(), |n| n.to_string());
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
        let words = self.kept.map(|k| k.words.clone()).unwrap_or_default();
        let filtered = !set.is_empty() || self.kept.is_some();
        let showing = match (rows.is_empty(), filtered) {
            (false, _) => Showing::Rows,
            (true, false) if self.address.after.is_empty() => Showing::NoneYet(self.belongs(t)),
            (true, _) => Showing::FilteredOut(self.filtered_words(t, &set, &words)),
        };
        let listed = rows.len();
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
            open_conditions: self.open_conditions(t),
            sealed_condition: self.sealed_condition(t),
            filters_set: set.len(),
            set,
            search: words,
            export: if listed == 0 { None } else { super::export::form(t, self.who, kind, self.address) },
            import_href: self.who.actor.permit::<Import>().is_ok().then(|| "/import".to_owned()),
            paging: self.paging(page.next, &of),
            order_note: (!page.exact_order).then(|| t.get("list-order-note")),
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
        let now = self.address.order();
        let sorted = match (now.by == by, now.descending) {
            (false, _) => Sorted::No,
            (true, false) => Sorted::Ascending,
            (true, true) => Sorted::Descending,
        };
        let next = if sorted == Sorted::Ascending { format!("-{by}") } else { by.to_owned() };
        (Some(self.address.href(&self.base, &next, &self.address.conditions)), sorted)
    }

    /// The conditions in words, each with the address without it.
    fn set(&self, t: Text) -> Vec<(String, String)> {
        let open = &self.address.conditions;
        let mut set: Vec<(String, String)> = (0..open.len())
            .map(|at| {
                let rest: Vec<Asked> = open.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, c)| c.clone()).collect();
                (filter::in_words(t, self.kind, &open[at]), self.address.href(&self.base, &self.address.sort, &rest))
            })
            .collect();
        if let Some(kept) = self.kept {
            let without = Address { query: None, ..self.address.clone() }.href(&self.base, &self.address.sort, open);
            set.extend(kept.conditions.iter().map(|c| (filter::in_words(t, self.kind, c), without.clone())));
        }
        set
    }

    fn filtered_words(&self, t: Text, set: &[(String, String)], words: &str) -> String {
        let mut all: Vec<String> = set.iter().map(|(words, _)| words.clone()).collect();
        if !words.is_empty() {
            all.push(t.with("list-searched", "words", words));
        }
        if all.is_empty() { t.get("list-past-end") } else { format!("{}.", all.join("; ")) }
    }

    fn belongs(&self, t: Text) -> String {
        let own = format!("list-belongs-{}", self.kind.key);
        if t.has(&own) { t.get(&own) } else { t.with("list-belongs", "kind", self.kind.plural.to_lowercase()) }
    }

    fn tabs(&self, t: Text) -> Vec<Tab> {
        let mut sets = vec![("list-all", Vec::new())];
        let condition = |field: &str, op: &str, value: &str| vec![Asked { field: field.into(), op: op.into(), value: value.into() }];
        if self.kind.key == task::KIND {
            sets.push(("list-open", condition(task::DONE, "ne", "true")));
        }
        if let Some(me) = self.who.actor.staff() {
            sets.push(("list-mine", condition("owner", "eq", &me.to_string())));
        }
        let tab = |(label, set): (&str, Vec<Asked>)| {
            let current = set == self.address.conditions && self.kept.is_none();
            let start = Address { query: None, ..self.address.clone() };
            Tab::new(t.get(label), start.href(&self.base, &self.address.sort, &set), current)
        };
        sets.into_iter().map(tab).collect()
    }

    fn open_conditions(&self, t: Text) -> Vec<Condition> {
        const OPS: [&str; 8] = ["eq", "ne", "lt", "le", "gt", "ge", "is_empty", "not_empty"];
        let fields = filter::open_fields(self.kind);
        let form = |asked: Option<&Asked>| {
            let (field, op) = asked.map_or(("", "eq"), |a| (a.field.as_str(), a.op.as_str()));
            let mut choices: Vec<Choice> = vec![Choice::new("", t.get("filter-none"), field.is_empty())];
            choices.extend(fields.iter().map(|(key, label)| Choice::new(key, label, key == field)));
            // A condition that came by a link of ours, such as an owner.
            if !field.is_empty() && !fields.iter().any(|(key, _)| key == field) {
                let label = self.kind.field(field).map_or_else(|| capital(field), |f| f.label.clone());
                choices.push(Choice::new(field, label, true));
            }
            let ops = OPS.iter().map(|word| Choice::new(*word, t.get(&format!("op-{}", word.replace('_', "-"))), *word == op)).collect();
            Condition { fields: choices, ops, value: asked.map(|a| a.value.clone()).unwrap_or_default() }
        };
        self.address.conditions.iter().map(Some).chain([None]).map(form).collect()
    }

    fn sealed_condition(&self, t: Text) -> Option<Condition> {
        let fields = filter::sealed_fields(self.kind, self.scope, self.who.actor.purpose);
        let ops = ["eq", "contains", "starts"];
        (!fields.is_empty()).then(|| Condition {
            fields: fields.iter().map(|(key, label)| Choice::new(key, label, *key == self.kind.title)).collect(),
            ops: ops.map(|op| Choice::new(op, t.get(&format!("op-{op}")), op == "contains")).into(),
            value: String::new(),
        })
    }

    fn paging(&self, next: Option<String>, of: &str) -> Paging {
        let after = &self.address.after;
        let to = |cursors: &[String]| self.address.page(&self.base, cursors, of);
        Paging {
            previous: after.split_last().map(|(_, before)| to(before)),
            next: next.map(|cursor| to(&after.iter().cloned().chain([cursor]).collect::<Vec<_>>())),
        }
    }

    fn withheld_note(&self, t: Text, columns: &[&catalogue::Field]) -> Option<String> {
        let purpose = self.who.actor.purpose;
        let hidden: Vec<&str> = columns.iter().filter(|f| !search::sees(self.scope, purpose, f)).map(|f| f.label.as_str()).collect();
        (!hidden.is_empty()).then(|| t.with2("list-withheld-note", "fields", hidden.join(", "), "purpose", capital(purpose.key)))
    }
}
