//! Customers by the month in which they became some, as a page.

use super::*;

pub(super) async fn cohorts(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let (web, who) = (page.web, page.who);
    let t = page.t;
    let run = reports::cohort(&web.app, &who.actor).await?;
    let mut view = page.view("cohorts", &run).await?;
    view.notes.retain(|note| *note != Said::new().say(t.get("report-amounts-withheld")));
    let found: &Cohort = &run.report;
    if !found.orders {
        view.notes.push(Said::new().say(t.get("report-no-orders")));
    }
    if found.of_nobody > 0 {
        view.notes.push(Said::new().say(t.count("report-of-nobody", found.of_nobody)));
    }
    if found.rows.iter().all(|row| row.customers == 0) {
        view.empty = Some(t.get("report-cohorts-nothing"));
    } else {
        let groups = found.rows.iter().enumerate().map(|(n, row)| {
            let n_of = |n: usize| Datum::new(i64::try_from(n).unwrap_or(i64::MAX), t.number(n as u64));
            (page.month_short(n, row.month), vec![n_of(row.customers)])
        });
        let columns = Columns {
            title: t.get("report-new-customers"),
            description: t.get("report-cohorts-chart"),
            series: vec![(t.get("report-new-customers"), Ink::First)],
            groups: groups.collect(),
        };
        let after = (0..usize::from(reports::COHORTS))
            .map(|n| if n == 0 { t.get("report-first-month") } else { t.with("report-month-after", "n", n) });
        let heads: Vec<String> = [t.get("report-month"), t.get("report-new-customers")].into_iter().chain(after.skip(1)).collect();
        let rows = found.rows.iter().map(|row| {
            let cell = |n: usize| match row.bought.get(n) {
                None => Cell::Empty,
                Some(_) if row.customers == 0 => Cell::Empty,
                Some(came) => Cell::Number(rate(t, u32::try_from(came * 1_000 / row.customers).ok())),
            };
            let came = (1..usize::from(reports::COHORTS)).map(cell);
            [Cell::Text(page.month(row.month)), count(row.customers)].into_iter().chain(came).collect()
        });
        view.parts = vec![Part {
            id: "cohorts",
            title: t.get("report-new-customers"),
            note: t.get("report-cohorts-note"),
            chart: Some(chart::columns("cohorts-chart", &columns, compact)),
            grid: Some(grid(t.get("report-cohorts"), &heads, rows.collect())),
        }];
    }
    Ok(view)
}
