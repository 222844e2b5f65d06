//! How promises to customers were kept, as a page.

use catalogue::case;

use super::*;

pub(super) async fn service(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let t = page.t;
    let period = page.period();
    let by = CasesBy::parse(page.asked.get("by")).unwrap_or(CasesBy::Priority);
    let run = reports::service(&web.app, &who.actor, period, by).await?;
    let names = if by == CasesBy::Owner { page.names().await? } else { Names::default() };
    let found = &run.report;
    let mut view = page.view("service", &run).await?;
    let ways = CasesBy::ALL.map(|one| Choice::new(one.as_str(), t.get(&format!("report-way-{}", one.as_str())), one == by));
    view.fields = vec![Field::new("by", t.get("report-by"), Control::Choice(ways.into())).required()];
    view.fields.extend(page.period_fields(period));
    if found.total.cases == 0 {
        view.empty = Some(t.get("report-service-nothing"));
        return Ok(Html(html(&view)?).into_response());
    }
    let kept = |kept: &Kept| {
        t.with_all("report-kept", &[("met", kept.met.to_string()), ("missed", kept.missed.to_string()), ("open", kept.open.to_string())])
    };
    view.figures = vec![
        Figure { label: t.get("report-cases"), value: t.number(found.total.cases as u64), note: t.get("report-cases-note") },
        Figure { label: t.get("report-replied"), value: rate(t, found.total.reply.share()), note: kept(&found.total.reply) },
        Figure { label: t.get("report-solved"), value: rate(t, found.total.solve.share()), note: kept(&found.total.solve) },
    ];
    let kind = web.catalogue(t).need(case::KIND)?;
    let name = |key: &CasesKey| match key {
        CasesKey::Owner(owner) => owner_name(t, &names, *owner),
        CasesKey::Priority(None) => t.get("report-no-priority"),
        CasesKey::Priority(Some(key)) => {
            let options = kind.field(case::PRIORITY).map(|field| field.options.as_slice()).unwrap_or_default();
            options.iter().find(|option| option.key == *key).map_or_else(|| key.clone(), |option| option.label.clone())
        }
    };
    let share = |kept: &Kept| Cell::Number(rate(t, kept.share()));
    let row = |(key, all): &(CasesKey, Cases)| {
        vec![
            Cell::Text(name(key)),
            count(all.cases),
            share(&all.reply),
            count(all.reply.met),
            count(all.reply.missed),
            count(all.reply.open),
            share(&all.solve),
            count(all.solve.met),
            count(all.solve.missed),
            count(all.solve.open),
        ]
    };
    let heads = [
        "report-cases",
        "report-replied",
        "report-replied-met",
        "report-replied-missed",
        "report-replied-open",
        "report-solved",
        "report-solved-met",
        "report-solved-missed",
        "report-solved-open",
    ];
    let heads: Vec<String> = [t.get(&format!("report-way-{}", by.as_str()))].into_iter().chain(heads.map(|key| t.get(key))).collect();
    let title = t.get("report-service-groups");
    let bar = |(key, all): &(CasesKey, Cases)| {
        let tenths = all.solve.share();
        (name(key), Datum::new(i64::from(tenths.unwrap_or(0)), rate(t, tenths)))
    };
    let bars = Bars {
        title: t.get("report-solved"),
        description: t.get("report-service-chart"),
        ink: Ink::First,
        bars: found.groups.iter().take(15).map(bar).collect(),
    };
    let grid = grid(&title, &heads, found.groups.iter().map(row).collect());
    view.parts = vec![Part {
        id: "groups",
        title,
        note: t.get("report-service-note"),
        chart: Some(chart::bars("groups-chart", &bars)),
        grid: Some(grid),
    }];
    Ok(Html(html(&view)?).into_response())
}
