//! What a list shows: what its address says, and where it says nothing, its view.

use catalogue::{Field, Kind};
use crm::{
    permits::ReadRecords,
    search,
    views::{self, Filter, Layout, ListQuery, Look, SavedView, Sort},
};
use kernel::{Error, Result};
use trail::Actor;

use super::{
    address::{Address, Through},
    filter::{self, Asked, Kept, Tree},
};
use crate::{
    kit::{form::Fields, who::Who},
    router::Web,
};

/// A list as it is asked for.
pub(super) struct Seen {
    /// What was said, with the view that it opens with by itself.
    pub(super) address: Address,
    /// Every view of the kind.
    pub(super) views: Vec<SavedView>,
    /// The one it is seen through.
    pub(super) view: Option<SavedView>,
    /// The words looked for.
    pub(super) words: String,
    /// The conditions; `None` where they say more than a form can.
    pub(super) tree: Option<Tree>,
    /// The conditions, whole.
    pub(super) filter: Option<Filter>,
    pub(super) sort: Sort,
    /// The columns beside the name, in their order.
    pub(super) columns: Vec<String>,
    pub(super) layout: Layout,
}

impl Seen {
    /// What is seen as a look that can be saved. What is searched for becomes a condition like others.
    pub(super) fn look(&self, kind: &Kind, actor: &Actor) -> Result<Look> {
        let scope = actor.permit::<ReadRecords>()?.need(kind)?;
        Ok(Look {
            filter: filter::filter(kind, scope, actor.purpose, self.filter.clone(), &self.words),
            sort: self.sort.clone(),
            columns: self.columns.clone(),
            layout: self.layout.clone(),
        })
    }

    /// The list's query.
    pub(super) fn query(&self, kind: &Kind, actor: &Actor) -> Result<ListQuery> {
        Ok(ListQuery {
            cursor: self.address.after.last().cloned(),
            // What stands in an address was readable there, and may name nothing sealed.
            via_body: self.address.tree.is_none(),
            view: self.view.as_ref().map(|view| view.id),
            ..self.look(kind, actor)?.query(&kind.key)
        })
    }

    /// Whether the address asks for more or less than the view.
    pub(super) fn changed(&self) -> bool {
        self.view.is_some() && self.address.asks()
    }

    /// This list as a table with these open conditions besides; `None` where an address cannot say that.
    pub(super) fn narrowed(&self, kind: &Kind, more: Vec<Asked>) -> Option<Address> {
        let tree = self.tree.clone().filter(|tree| self.words.is_empty() && tree.is_open(kind))?.and(more)?;
        let layout = Some(Layout::Table);
        Some(Address { layout, tree: Some(tree), query: None, after: Vec::new(), month: None, ..self.address.clone() })
    }

    /// The fields of the columns.
    pub(super) fn fields<'k>(&self, kind: &'k Kind) -> Vec<&'k Field> {
        self.columns.iter().filter_map(|key| kind.field(key)).collect()
    }
}

/// What a list's address or form asks for. Errors: not_found for a view or a search that is not there; malformed.
pub(super) async fn seen(web: &Web, who: &Who, kind: &Kind, fields: &Fields) -> Result<Seen> {
    let mut address = Address::read(fields)?;
    let permit = who.actor.permit::<ReadRecords>()?;
    permit.need(kind)?;
    let (query, key) = (address.query, kind.key.clone());
    let (kept, views) = web
        .app
        .read(&who.actor, move |unit| {
            let kept = match query {
                Some(id) => search::recall::<Kept>(unit, id)?.map(Some),
                None => unit.plain(None)?,
            };
            Ok(kept.and(views::all_saved(unit, &permit, Some(&key))?))
        })
        .await?;
    let kept = kept.filter(|kept| kept.kind == kind.key);
    let view = match address.through {
        Through::Saved(id) => Some(views.iter().find(|view| view.id == id).cloned().ok_or_else(|| Error::not_found("view"))?),
        Through::Unsaid if !address.asks() => SavedView::first(&views, &kind.key).cloned(),
        Through::Unsaid | Through::All => None,
    };
    if let Some(view) = &view {
        address.through = Through::Saved(view.id);
    }
    let said = address.tree.clone().or_else(|| kept.as_ref().and_then(|kept| kept.tree.clone()));
    let looks = view.as_ref().map(|view| &view.look);
    let (tree, filter) = match said {
        Some(tree) => {
            let filter = tree.filter(who.text, kind);
            (Some(tree), filter)
        }
        None => {
            let filter = looks.and_then(|look| look.filter.clone());
            (Tree::of(filter.as_ref()), filter)
        }
    };
    let layout = address.layout.clone().or_else(|| looks.map(|look| look.layout.clone())).unwrap_or_default();
    let known = |keys: &Vec<String>| keys.iter().any(|key| *key != kind.title && kind.field(key).is_some_and(|field| !field.retired));
    let chosen = address.columns.clone().or_else(|| looks.map(|look| look.columns.clone())).filter(known);
    let mut columns = chosen.unwrap_or_else(|| filter::columns(kind).map(|field| field.key.clone()).collect());
    columns.retain(|key| *key != kind.title && kind.field(key).is_some_and(|field| !field.retired));
    let mut once = std::collections::HashSet::new();
    columns.retain(|key| once.insert(key.clone()));
    columns.truncate(views::COLUMNS_MAX);
    Ok(Seen {
        words: kept.map(|kept| kept.words).unwrap_or_default(),
        sort: address.order().or_else(|| looks.map(|look| look.sort.clone())).unwrap_or_default(),
        address,
        views,
        view,
        tree,
        filter,
        columns,
        layout: if layout.fits(kind) { layout } else { Layout::Table },
    })
}
