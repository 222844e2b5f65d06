//! The tiles of a dashboard: each is made by the page of its report, or by the list of its view, for whoever reads it.

use catalogue::Value;
use crm::{
    dashboards::{self, Dashboard, Show, Span, Tile},
    permits::ReadRecords,
};
use kernel::{Code, Result};

use crate::{
    kit::{text::Text, who::Who},
    records::pages::{Shower, base_of, href_of, named, zone},
    reports::pages::{Page, activity, cohorts, forecast, funnel, results, sales},
    router::Web,
    views::{
        dashboards::TileBox,
        parts::Cell,
        reports::{Figure, ReportPage, grid},
    },
};

/// What a tile is called.
pub(super) fn label(t: Text, show: Show) -> String {
    t.get(&format!("tile-{}", show.as_str().replace('_', "-")))
}

/// Every tile of a dashboard, in its order. What cannot be shown says why and stops no other.
pub(crate) async fn of(web: &Web, who: &Who, dashboard: &Dashboard) -> Result<Vec<TileBox>> {
    let mut all = Vec::with_capacity(dashboard.tiles.len());
    for (n, tile) in dashboard.tiles.iter().enumerate() {
        let made = if tile.show.is_view() { view(web, who, tile).await } else { report(web, who, tile).await };
        let made = match made {
            Ok(made) => made,
            Err(error) if error.code() == Code::Internal => return Err(error),
            Err(error) => TileBox { title: label(who.text, tile.show), problem: Some(error.detail().to_owned()), ..TileBox::default() },
        };
        let chart = made.chart.map(|chart| chart.named(format!("tile-{n}-chart")));
        all.push(TileBox { n, chart, ..made });
    }
    Ok(all)
}

async fn report(web: &Web, who: &Who, tile: &Tile) -> Result<TileBox> {
    let t = who.text;
    let mut page = Page::begin(web, who, None).await?;
    let period = tile.period.unwrap_or(Span::Months12).seen_from(page.today());
    page.ask("from", &period.from.to_string());
    page.ask("to", &period.to.to_string());
    page.ask("pipeline", tile.pipeline.as_deref().unwrap_or_default());
    let by = match tile.show {
        Show::ByOwner => "owner",
        Show::ByReason => "reason",
        _ => "month",
    };
    page.ask("by", by);
    let made: ReportPage = match tile.show {
        Show::Forecast => forecast::view(&mut page).await?,
        Show::Funnel => funnel::view(&mut page).await?,
        Show::Activity => activity::view(&mut page).await?,
        Show::Cohorts => cohorts::view(&mut page).await?,
        Show::Sales => sales::view(&mut page).await?,
        _ => results::view(&mut page).await?,
    };
    let one = |figures: Vec<Figure>, label: String| figures.into_iter().filter(|figure| figure.label == label).collect::<Vec<_>>();
    let (figures, part) = match tile.show {
        Show::WinRate => (one(made.figures, t.get("report-win-rate")), None),
        Show::CycleTime => (one(made.figures, t.get("report-cycle")), None),
        // A list of what is past its date has no chart: the first that is drawn is shown.
        _ => (made.figures.into_iter().take(2).collect(), made.parts.into_iter().find(|part| part.chart.is_some())),
    };
    let when = if tile.show.has_period() {
        t.get(&format!("span-{}", tile.period.unwrap_or(Span::Months12).as_str().replace('_', "-")))
    } else {
        String::new()
    };
    let pipeline = tile.pipeline.as_deref().and_then(|key| page.pipeline_label(key));
    let (chart, grid) = part.map_or((None, None), |part| (part.chart, part.grid));
    Ok(TileBox {
        title: label(t, tile.show),
        note: [pipeline, Some(when)].into_iter().flatten().filter(|words| !words.is_empty()).collect::<Vec<_>>().join(" · "),
        href: Some(format!("{}?{}", made.action, page.query())),
        problem: made.empty,
        figures,
        chart,
        grid,
        ..TileBox::default()
    })
}

async fn view(web: &Web, who: &Who, tile: &Tile) -> Result<TileBox> {
    let (t, permit) = (who.text, who.actor.permit::<ReadRecords>()?);
    let Some(id) = tile.view else { return Err(kernel::Error::not_found("view")) };
    let catalogue = web.catalogue(t);
    if tile.show == Show::ViewRows {
        let read = move |unit: &mut crm::permits::Unit| {
            let zone = zone(unit)?;
            let aside = unit.plain(zone)?;
            Ok(dashboards::first_rows(unit, &permit, id)?.and(aside))
        };
        let ((view, page), zone) = web.app.read(&who.actor, read).await?;
        let kind = catalogue.need(&view.kind)?;
        let shower = Shower { t, now: web.app.env().now(), zone: who.zone(zone), links: Default::default() };
        let columns = kind.fields.iter().filter(|field| field.key != kind.title && !field.retired);
        let chosen = |key: &str| {
            if view.look.columns.is_empty() {
                kind.field(key).is_some_and(|f| f.listed)
            } else {
                view.look.columns.iter().any(|c| c == key)
            }
        };
        let columns: Vec<_> = columns.filter(|field| chosen(&field.key)).take(2).collect();
        let heads: Vec<String> =
            kind.field(&kind.title).into_iter().chain(columns.iter().copied()).map(|field| field.label.clone()).collect();
        let rows = page.rows.iter().map(|row| {
            let name = Cell::Link { text: named(t, &row.shown.title), href: href_of(&view.kind, row.shown.id) };
            let shower = Shower {
                links: row.links.values().map(|to| (to.id, (to.title.clone(), href_of(&to.kind, to.id)))).collect(),
                zone: shower.zone.clone(),
                ..shower
            };
            [name].into_iter().chain(columns.iter().map(|field| shower.cell(&kind, &field.key, row.shown.cell(&field.key)))).collect()
        });
        let rows: Vec<Vec<Cell>> = rows.collect();
        let empty = rows.is_empty().then(|| t.get("list-none-match"));
        return Ok(TileBox {
            title: view.name.expose().clone(),
            note: t.with2("tile-first-rows", "n", page.rows.len(), "all", t.counted(page.total)),
            href: Some(format!("{}?view={id}", base_of(&view.kind))),
            rows: (!rows.is_empty()).then(|| grid(view.name.expose().clone(), &heads, rows)),
            problem: empty,
            ..TileBox::default()
        });
    }
    let found = web.app.read(&who.actor, move |unit| dashboards::counted(unit, &permit, id)).await?;
    let kind = catalogue.need(&found.view.kind)?;
    let figure = |label: String, value: String| Figure { label, value, note: String::new() };
    let count = figure(kind.plural.clone(), t.counted(found.total));
    let sums = found.sums.iter().flat_map(|(key, sums)| {
        let label = kind.field(key).map_or_else(|| key.clone(), |field| field.label.clone());
        sums.iter().map(move |(currency, n)| {
            let value = match currency {
                Some(currency) => Value::Money { minor: *n, currency: currency.clone() },
                None => Value::Number(*n),
            };
            (label.clone(), value)
        })
    });
    let sums: Vec<Figure> = sums.map(|(label, value)| figure(label, t.decimal(&value.display()))).collect();
    let figures = if tile.show == Show::ViewCount { vec![count] } else { [count].into_iter().chain(sums).collect() };
    Ok(TileBox {
        title: found.view.name.expose().clone(),
        note: kind.plural.clone(),
        href: Some(format!("{}?view={id}", base_of(&found.view.kind))),
        figures,
        ..TileBox::default()
    })
}
