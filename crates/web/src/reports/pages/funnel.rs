//! The funnel as a page.

use super::*;

pub(super) async fn funnel(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let (web, who) = (page.web, page.who);
    let t = page.t;
    let period = page.period();
    let ask = FunnelAsk { pipeline: page.pipeline(), period };
    let mut run = reports::funnel(&web.app, &who.actor, &ask).await?;
    // In the reader's language, where they are as built in.
    for step in &mut run.report.steps {
        step.label = page.kind.stage(&step.stage).map_or_else(|| step.label.clone(), |(_, stage)| stage.label.clone());
    }
    if let Some(pipeline) = page.kind.pipeline(&run.report.pipeline) {
        run.report.label.clone_from(&pipeline.label);
    }
    let found = &run.report;
    let sums: Vec<_> = found.steps.iter().map(|step| &step.amount).collect();
    let money = Money::of(t, &run, &sums, page.asked.get("currency"));
    let mut view = page.view("funnel", &run).await?;
    page.with_money(&mut view, &money);
    view.fields = page.pipeline_field(&found.pipeline, false).into_iter().chain(page.period_fields(period)).collect();
    if found.deals == 0 {
        view.empty = Some(t.get("report-funnel-nothing"));
    } else {
        let first = found.steps.first().map_or(0, |step| step.reached);
        let won = found.steps.last().filter(|step| step.won);
        view.figures = vec![
            Figure { label: t.get("report-came-in"), value: t.number(found.deals as u64), note: found.label.clone() },
            Figure {
                label: t.get("report-conversion"),
                value: rate(t, won.and_then(|step| step.of(first))),
                note: t.with("report-conversion-note", "won", t.number(won.map_or(0, |step| step.reached) as u64)),
            },
            Figure { label: t.get("report-lost"), value: t.number(found.lost as u64), note: rate_of_lost(t, found) },
        ];
        view.parts = vec![funnel_part(t, found, &money)];
    }
    Ok(view)
}

fn rate_of_lost(t: Text, found: &Funnel) -> String {
    let worst = found.steps.iter().filter(|step| step.lost > 0).max_by_key(|step| step.lost);
    worst.map_or_else(String::new, |step| t.with2("report-lost-most", "stage", &step.label, "n", t.number(step.lost as u64)))
}

fn funnel_part(t: Text, found: &Funnel, money: &Money) -> Part {
    let first = found.steps.first().map_or(0, |step| step.reached);
    let mut before = first;
    let mut rows = Vec::new();
    let mut bars = Vec::new();
    for (n, step) in found.steps.iter().enumerate() {
        let (from, whole) = (rate(t, step.of(before)), rate(t, step.of(first)));
        let words = if n == 0 {
            t.number(step.reached as u64)
        } else {
            t.with2("report-reached", "n", t.number(step.reached as u64), "rate", &from)
        };
        bars.push((step.label.clone(), Datum::new(i64::try_from(step.reached).unwrap_or(i64::MAX), words)));
        rows.push(vec![
            Cell::Text(step.label.clone()),
            count(step.reached),
            if n == 0 { Cell::Empty } else { Cell::Number(from) },
            Cell::Number(whole),
            count(step.here),
            count(step.lost),
            money.cell(&step.amount),
        ]);
        before = step.reached;
    }
    let heads = [
        "report-stage",
        "report-got-here",
        "report-from-before",
        "report-from-first",
        "report-here-now",
        "report-lost-here",
        "report-amount",
    ];
    let chart = Bars { title: t.get("report-funnel"), description: t.with("report-funnel-chart", "n", found.deals), ink: Ink::First, bars };
    Part {
        id: "steps",
        title: found.label.clone(),
        note: t.get("report-funnel-note"),
        chart: Some(chart::bars("steps-chart", &chart)),
        grid: Some(grid(t.get("report-funnel"), &heads.map(|key| t.get(key)), rows)),
    }
}
