//! The forecast as a page.

use super::*;

pub(super) async fn forecast(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut page = Page::begin(&web, &who, query.as_deref()).await?;
    let view = view(&mut page).await?;
    Ok(Html(html(&view)?).into_response())
}

/// The page, filled.
pub(crate) async fn view(page: &mut Page<'_>) -> Result<ReportPage> {
    let (web, who) = (page.web, page.who);
    let t = page.t;
    let months = page.asked.get("months").parse().ok().filter(|n| [3, 6, 12].contains(n)).unwrap_or(MONTHS);
    let owner: Option<UserId> = page.asked.get("owner").parse().ok();
    let ask = ForecastAsk { pipeline: page.pipeline(), owner, months };
    let run = reports::forecast(&web.app, &who.actor, &ask).await?;
    let names = page.names().await?;
    let found = &run.report;
    let sums = [&found.total.amount, &found.total.won_amount, &found.later.amount, &found.undated.amount, &found.overdue.amount];
    let money = Money::of(t, &run, &sums, page.asked.get("currency"));
    let mut view = page.view("forecast", &run).await?;
    page.with_money(&mut view, &money);
    let mine = who.actor.staff();
    let whose = [("", t.get("report-everybody"))].into_iter().map(|(key, label)| Choice::new(key, label, owner.is_none()));
    let whose = whose.chain(mine.map(|me| Choice::new(me.to_string(), t.get("report-mine"), owner == Some(me))));
    let others = found.owners.iter().filter_map(|(one, _)| *one).filter(|one| Some(*one) != mine);
    let whose = whose.chain(others.map(|one| Choice::new(one.to_string(), owner_name(t, &names, Some(one)), owner == Some(one))));
    let spans = [3_u8, 6, 12].map(|n| Choice::new(n.to_string(), t.count("report-months", n), n == months));
    view.fields = page.pipeline_field(ask.pipeline.as_deref().unwrap_or_default(), true).into_iter().collect();
    view.fields.push(Field::new("owner", t.get("report-whose"), Control::Choice(whose.collect())).required());
    view.fields.push(Field::new("months", t.get("report-ahead"), Control::Choice(spans.into())).required());
    let nothing = found.total.open + found.total.won + found.later.open + found.undated.open + found.overdue.open == 0;
    if nothing {
        view.empty = Some(t.get("report-forecast-nothing"));
    } else {
        let words = |sums| money.words(sums);
        let figure = |key: &str, value: String, note: String| Figure { label: t.get(key), value, note };
        view.figures = vec![
            figure("report-won", words(&found.total.won_amount), t.count("report-deals", found.total.won)),
            figure("report-committed", words(&found.total.committed), t.with("report-committed-note", "percent", COMMITTED)),
            figure("report-weighted", words(&found.total.weighted), t.get("report-weighted-note")),
            figure("report-open", words(&found.total.amount), t.count("report-deals", found.total.open)),
        ];
        view.parts = forecast_parts(page, found, &money, &names);
    }
    Ok(view)
}

fn forecast_parts(page: &Page, found: &Forecast, money: &Money, names: &Names) -> Vec<Part> {
    let t = page.t;
    let series = [("report-won", Ink::First), ("report-committed", Ink::Second), ("report-weighted", Ink::Third)];
    let datum = |sums: &crm::views::Sums| Datum::new(money.value(sums), money.words(sums));
    let groups = found.months.iter().enumerate().map(|(n, (month, line))| {
        (page.month_short(n, *month), vec![datum(&line.won_amount), datum(&line.committed), datum(&line.weighted)])
    });
    let columns = Columns {
        title: t.get("report-by-month"),
        description: t.get("report-forecast-chart"),
        series: series.map(|(key, ink)| (t.get(key), ink)).into(),
        groups: groups.collect(),
    };
    let heads = |first: &str| {
        [first, "report-deals-open", "report-open", "report-weighted", "report-committed", "report-won"].map(|key| t.get(key))
    };
    let row = |name: Cell, line: &reports::Line| {
        vec![
            name,
            count(line.open),
            money.cell(&line.amount),
            money.cell(&line.weighted),
            money.cell(&line.committed),
            money.cell(&line.won_amount),
        ]
    };
    let months = found.months.iter().map(|(month, line)| row(Cell::Text(page.month(*month)), line));
    let more = [("report-later", &found.later), ("report-undated", &found.undated), ("report-overdue", &found.overdue)];
    let months = months.chain(more.into_iter().filter(|(_, line)| line.open > 0).map(|(key, line)| row(Cell::Text(t.get(key)), line)));
    let mut owners = found.owners.clone();
    owners.sort_by_key(|(_, line)| std::cmp::Reverse(money.value(&line.won_amount).saturating_add(money.value(&line.weighted))));
    let bars = owners.iter().map(|(owner, line)| {
        let mut both = line.won_amount.clone();
        both.add_all(&line.weighted);
        (owner_name(t, names, *owner), datum(&both))
    });
    let bars =
        Bars { title: t.get("report-by-owner"), description: t.get("report-owner-chart"), ink: Ink::First, bars: bars.take(12).collect() };
    let by_owner = owners.iter().map(|(owner, line)| row(Cell::Text(owner_name(t, names, *owner)), line)).collect();
    let mut parts = vec![
        Part {
            id: "months",
            title: t.get("report-by-month"),
            note: String::new(),
            chart: Some(chart::columns("months-chart", &columns, |n| money.scale(n))),
            grid: Some(grid(t.get("report-by-month"), &heads("report-month"), months.collect())),
        },
        Part {
            id: "owners",
            title: t.get("report-by-owner"),
            note: t.get("report-owner-note"),
            chart: (owners.len() > 1).then(|| chart::bars("owners-chart", &bars)),
            grid: Some(grid(t.get("report-by-owner"), &heads("report-owner"), by_owner)),
        },
    ];
    if found.overdue.open > 0 {
        parts.insert(0, overdue(page, found, money, names));
    }
    parts
}

/// The deals that are open though their date is past, each by its name.
fn overdue(page: &Page, found: &Forecast, money: &Money, names: &Names) -> Part {
    let t = page.t;
    let row = |past: &reports::Overdue| {
        let shown = found.named.iter().find(|shown| shown.id == past.id)?;
        let late = (page.today - past.expected).get_days();
        let amount = match shown.cell(deal::AMOUNT) {
            Some(crm::records::Cell::Shown(value)) => Cell::Number(t.decimal(&value.display())),
            _ => Cell::Empty,
        };
        Some(vec![
            Cell::Link { text: named(t, &shown.title), href: href_of(deal::KIND, shown.id) },
            Cell::Text(owner_name(t, names, shown.owner)),
            Cell::Time {
                iso: past.expected.to_string(),
                shown: t.with2("report-late", "day", t.day(past.expected), "late", t.count("date-late", late)),
            },
            amount,
        ])
    };
    let rows: Vec<Vec<Cell>> = found.past.iter().filter_map(row).take(10).collect();
    let heads = ["report-deal", "report-owner", "report-expected", "report-amount"].map(|key| t.get(key));
    let shown = rows.len();
    let note =
        t.with2("report-overdue-note", "deals", t.count("report-deals", found.overdue.open), "sum", money.words(&found.overdue.amount));
    let note = if shown < found.overdue.open { format!("{note} {}", t.with("report-overdue-first", "n", shown)) } else { note };
    Part { id: "overdue", title: t.get("report-overdue"), note, chart: None, grid: Some(grid(t.get("report-overdue"), &heads, rows)) }
}
