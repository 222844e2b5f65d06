//! A look fitted to its kind as it is now, and to who asks.

use kernel::Code;

use super::{Layout, Look};
use crate::views::{Filter, Sort, filter, page};

pub(super) struct Fitted {
    pub look: Look,
    pub missing: Vec<String>,
    pub usable: bool,
}

/// A look as the kind is now: without what went away.
pub(super) fn fitted(check: &mut filter::Check, look: Look) -> Fitted {
    let kind = check.kind;
    let there = |key: &str| kind.field(key).is_none_or(|field| !field.retired);
    let (mut missing, mut usable) = (Vec::new(), true);
    let filter = look.filter.and_then(|asked| remaining(check, asked, &mut missing, &mut usable));
    let (columns, gone): (Vec<String>, Vec<String>) =
        look.columns.into_iter().partition(|key| kind.field(key).is_some_and(|field| !field.retired));
    missing.extend(gone);
    let sort = match page::Order::of(kind, &look.sort) {
        Ok((_, field)) if there(&look.sort.by) => {
            usable &= field.is_none_or(|field| check.may_ask(&field).is_ok());
            look.sort
        }
        _ => {
            missing.push(look.sort.by);
            Sort::default()
        }
    };
    let layout = if look.layout.fits(kind) {
        look.layout
    } else {
        missing.extend(look.layout.by().map(str::to_owned));
        Layout::Table
    };
    missing.sort_unstable();
    missing.dedup();
    Fitted { look: Look { filter, sort, columns, layout }, missing, usable }
}

fn remaining(check: &mut filter::Check, asked: Filter, missing: &mut Vec<String>, usable: &mut bool) -> Option<Filter> {
    let mut inside = |all: Vec<Filter>| {
        let empty = all.is_empty();
        let rest: Vec<Filter> = all.into_iter().filter_map(|one| remaining(check, one, missing, usable)).collect();
        (empty || !rest.is_empty()).then_some(rest)
    };
    match asked {
        Filter::All { all } => inside(all).map(|all| Filter::All { all }),
        Filter::Any { any } => inside(any).map(|any| Filter::Any { any }),
        Filter::One(one) => {
            let retired = check.kind.field(&one.field).is_some_and(|field| field.retired);
            let one = Filter::One(one);
            match check.filter(&one, 0) {
                _ if retired => {}
                Err(error) if error.code() == Code::Forbidden => {
                    *usable = false;
                    return Some(one);
                }
                Err(_) => {}
                Ok(_) => return Some(one),
            }
            if let Filter::One(one) = one {
                missing.push(one.field);
            }
            None
        }
    }
}
