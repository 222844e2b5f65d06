//! What was won and lost as a page.

use super::*;

pub(super) async fn results(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let (web, who) = (page.web, page.who);
    let t = page.t;
    let period = page.period();
    let by = By::parse(page.asked.get("by")).unwrap_or(By::Month);
    let ask = ResultsAsk { period, by, pipeline: page.pipeline() };
    let run = reports::results(&web.app, &who.actor, &ask).await?;
    let names = if by == By::Owner { page.names().await? } else { Names::default() };
    let found = &run.report;
    let money = Money::of(t, &run, &[&found.total.won_amount, &found.total.lost_amount], page.asked.get("currency"));
    let mut view = page.view("results", &run).await?;
    page.with_money(&mut view, &money);
    let ways = By::ALL.map(|one| Choice::new(one.as_str(), t.get(&format!("report-way-{}", one.as_str())), one == by));
    view.fields = page.pipeline_field(ask.pipeline.as_deref().unwrap_or_default(), true).into_iter().collect();
    view.fields.push(Field::new("by", t.get("report-by"), Control::Choice(ways.into())).required());
    view.fields.extend(page.period_fields(period));
    if found.total.won + found.total.lost == 0 {
        view.empty = Some(t.get("report-results-nothing"));
    } else {
        let total = &found.total;
        let days = |group: &Group| group.median_days().map_or_else(|| "–".to_owned(), |n| t.count("report-days", n));
        view.figures = vec![
            Figure { label: t.get("report-won"), value: money.words(&total.won_amount), note: t.count("report-deals", total.won) },
            Figure {
                label: t.get("report-win-rate"),
                value: rate(t, total.win_rate()),
                note: t.with2("report-win-rate-note", "won", total.won, "lost", total.lost),
            },
            Figure { label: t.get("report-cycle"), value: days(total), note: t.get("report-cycle-note") },
            Figure { label: t.get("report-lost"), value: money.words(&total.lost_amount), note: t.count("report-deals", total.lost) },
        ];
        view.parts = results_parts(page, found, by, &money, &names);
    }
    Ok(view)
}

fn results_parts(page: &Page, found: &Results, by: By, money: &Money, names: &Names) -> Vec<Part> {
    let t = page.t;
    let name = |key: &Key| match key {
        Key::Month(month) => page.month(*month),
        Key::Owner(owner) => owner_name(t, names, *owner),
        Key::Reason(None) => t.get("report-no-reason"),
        Key::Reason(Some(key)) => page.kind.reasons.iter().find(|reason| reason.key == *key).map_or_else(
            || key.clone(),
            |reason| t.with2("report-reason", "outcome", t.get(&format!("outcome-{}", reason.outcome.as_str())), "reason", &reason.label),
        ),
        Key::Pipeline(key) => page.kind.pipeline(key).map_or_else(|| key.clone(), |pipeline| pipeline.label.clone()),
    };
    let rows = found.groups.iter().map(|(key, group)| {
        vec![
            Cell::Text(name(key)),
            count(group.won),
            count(group.lost),
            Cell::Number(rate(t, group.win_rate())),
            money.cell(&group.won_amount),
            money.cell(&group.lost_amount),
            group.median_days().map_or(Cell::Empty, |n| Cell::Number(n.to_string())),
        ]
    });
    let of = |n: usize| i64::try_from(n).unwrap_or(i64::MAX);
    let datum = |n: usize| Datum::new(of(n), t.number(n as u64));
    let title = t.get(&format!("report-results-{}", by.as_str()));
    let description = t.get("report-results-chart");
    let chart = if by == By::Month {
        let groups = found.groups.iter().enumerate().filter_map(|(n, (key, group))| match key {
            Key::Month(month) => Some((page.month_short(n, *month), vec![datum(group.won), datum(group.lost)])),
            _ => None,
        });
        // Beyond these, names stand over each other.
        let groups: Vec<_> = groups.collect();
        let from = groups.len().saturating_sub(13);
        let series = vec![(t.get("report-deals-won"), Ink::First), (t.get("report-deals-lost"), Ink::Fourth)];
        let columns = Columns { title: title.clone(), description, series, groups: groups.into_iter().skip(from).collect() };
        chart::columns("groups-chart", &columns, compact)
    } else {
        let all = |group: &Group| {
            if by == By::Reason {
                datum(group.won + group.lost)
            } else {
                Datum::new(money.value(&group.won_amount), money.words(&group.won_amount))
            }
        };
        let bars = found.groups.iter().map(|(key, group)| (name(key), all(group))).take(15).collect();
        chart::bars("groups-chart", &Bars { title: title.clone(), description, ink: Ink::First, bars })
    };
    let heads =
        ["report-deals-won", "report-deals-lost", "report-win-rate", "report-won", "report-lost", "report-days-head"].map(|key| t.get(key));
    let heads: Vec<String> = [t.get(&format!("report-way-{}", by.as_str()))].into_iter().chain(heads).collect();
    vec![Part { id: "groups", note: String::new(), chart: Some(chart), grid: Some(grid(&title, &heads, rows.collect())), title }]
}
