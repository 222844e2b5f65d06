//! The record that a typed name means.

use crm::permits::ReadRecords;
use crm::{records, search};
use kernel::{Code, RecordId, Result};

use crate::{kit::who::Who, router::Web};

/// How many of one name are looked at.
const MOST: usize = 20;

/// How many that were chosen are looked at.
const CHOSEN: usize = 100;

/// What a typed name turned out to be.
pub(super) enum Meant {
    /// Nothing was typed.
    Nobody,
    /// This record.
    One(RecordId),
    /// None or several: what to do, in words.
    Unclear(String),
}

/// The record of a kind that a name means: of those chosen before the one that is called so, else the only one so called.
pub(super) async fn lookup(web: &Web, who: &Who, kind: &str, typed: &str, chosen: &str) -> Result<Meant> {
    let t = who.text;
    let typed = typed.trim().to_owned();
    if typed.is_empty() {
        return Ok(Meant::Nobody);
    }
    if let Ok(id) = typed.parse() {
        return Ok(Meant::One(id));
    }
    let permit = who.actor.permit::<ReadRecords>()?;
    let chosen: Vec<RecordId> = chosen.split_whitespace().filter_map(|id| id.parse().ok()).take(CHOSEN).collect();
    if !chosen.is_empty() {
        let permit = permit.clone();
        let named = web.app.read(&who.actor, move |unit| records::name(unit, &permit, &chosen)).await?;
        if let Some(one) = named.iter().find(|one| one.title == typed && one.kind == kind) {
            return Ok(Meant::One(one.id));
        }
    }
    let (words, kinds) = (typed.clone(), [kind.to_owned()]);
    let hits = web.app.read(&who.actor, move |unit| search::find(unit, &permit, &words, &kinds, MOST)).await;
    let hits = match hits {
        Err(error) if error.code() == Code::InvalidInput => Vec::new(),
        other => other?,
    };
    let same: Vec<&search::Hit> = hits.iter().filter(|hit| hit.title.to_lowercase() == typed.to_lowercase()).collect();
    let label = web.catalogue(t).kind(kind).map_or_else(|| kind.to_owned(), |k| t.within(&k.label));
    Ok(match (same.as_slice(), hits.as_slice()) {
        ([one], _) => Meant::One(one.id),
        ([], [one]) => Meant::One(one.id),
        ([], []) => Meant::Unclear(t.with("lookup-none", "kind", label)),
        (_, several) => {
            let names: Vec<&str> = several.iter().take(5).map(|hit| hit.title.as_str()).collect();
            Meant::Unclear(t.with2("lookup-several", "kind", label, "names", names.join("; ")))
        }
    })
}
