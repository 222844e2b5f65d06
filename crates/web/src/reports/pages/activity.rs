//! Who did what, as a page.

use super::*;

pub(super) async fn activity(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let (web, who) = (page.web, page.who);
    let t = page.t;
    if page.asked.get("from").is_empty() {
        // What people do is looked at by the month.
        page.asked = page.asked.with("from", &reports::month_of(page.today).to_string());
    }
    let period = page.period();
    let run = reports::activity(&web.app, &who.actor, period).await?;
    let names = page.names().await?;
    let mut view = page.view("activity", &run).await?;
    view.notes.retain(|note| *note != Said::new().say(t.get("report-amounts-withheld")));
    view.fields = page.period_fields(period);
    let found: &Activity = &run.report;
    if !found.withheld.is_empty() {
        view.notes.push(Said::new().say(t.with("report-not-counted", "kinds", found.withheld.join(", "))));
    }
    if found.owners.is_empty() {
        view.empty = Some(t.get("report-activity-nothing"));
    } else {
        let sum = |does: Does| found.owners.iter().map(|(_, did)| did.get(&does).copied().unwrap_or_default()).sum::<usize>();
        view.figures = Does::ALL
            .map(|does| Figure {
                label: t.get(&format!("report-does-{}", does.as_str())),
                value: t.number(sum(does) as u64),
                note: String::new(),
            })
            .into();
        let rows = found.owners.iter().map(|(owner, did)| {
            let each = Does::ALL.map(|does| count(did.get(&does).copied().unwrap_or_default()));
            [Cell::Text(owner_name(t, &names, *owner))].into_iter().chain(each).chain([count(did.values().sum())]).collect()
        });
        let heads: Vec<String> = [t.get("report-owner")]
            .into_iter()
            .chain(Does::ALL.map(|does| t.get(&format!("report-does-{}", does.as_str()))))
            .chain([t.get("report-together")])
            .collect();
        let bars = found.owners.iter().map(|(owner, did)| {
            let all: usize = did.values().sum();
            (owner_name(t, &names, *owner), Datum::new(i64::try_from(all).unwrap_or(i64::MAX), t.number(all as u64)))
        });
        let bars = Bars {
            title: t.get("report-activity"),
            description: t.get("report-activity-chart"),
            ink: Ink::Second,
            bars: bars.take(15).collect(),
        };
        view.parts = vec![Part {
            id: "people",
            title: t.get("report-by-owner"),
            note: t.get("report-activity-note"),
            chart: Some(chart::bars("people-chart", &bars)),
            grid: Some(grid(t.get("report-activity"), &heads, rows.collect())),
        }];
    }
    Ok(view)
}
