use super::{Gathered, shell, t};
use crate::{
    kit::{
        chart::{self, Bars, Columns, Datum, Ink},
        layout::Choice,
    },
    views::{dashboards::*, parts::*, reports::*, settings::*},
};
use kernel::Result;

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let datum = |n: i64| Datum::new(n, format!("{n}.00 EUR"));
    let columns = Columns {
        title: "By month".into(),
        description: "For each month what was won and what is likely.".into(),
        series: vec![("Won".into(), Ink::First), ("Committed".into(), Ink::Second), ("Likely".into(), Ink::Third)],
        groups: ["Nov 26", "Dec", "Jan 27"].map(|month| (month.to_owned(), vec![datum(48_500), datum(0), datum(120_000)])).into(),
    };
    let bars = Bars {
        title: "Lost by reason".into(),
        description: "How many were lost for each reason.".into(),
        ink: Ink::Fourth,
        bars: vec![("Too expensive".into(), datum(7)), ("A reason with very many words, more than have room".into(), datum(0))],
    };
    let heads: Vec<String> = ["Month", "Open", "Won"].map(String::from).into();
    let rows = vec![vec![Cell::Text("Nov 2026".into()), Cell::Number("48,500.00 EUR".into()), Cell::Empty]];
    let page = ReportPage {
        t: t(),
        shell: shell("Forecast", "reports").at("/reports/forecast"),
        title: "Forecast".into(),
        subtitle: "What was won and what is to be expected.".into(),
        tabs: vec![Tab::new("Forecast", "/reports/forecast", true), Tab::new("Funnel", "/reports/funnel", false)],
        action: "/reports/forecast".into(),
        fields: vec![Field::new("months", "Ahead", Control::Choice(vec![Choice::new("6", "6 months", true)])).required()],
        hidden: vec![("currency", "EUR".into())],
        currencies: vec![
            Tab::new("All in EUR", "/reports/forecast?currency=all", true),
            Tab::new("USD", "/reports/forecast?currency=USD", false),
        ],
        figures: vec![Figure { label: "Won".into(), value: "48,500.00 EUR".into(), note: "3 deals".into() }],
        parts: vec![
            Part {
                id: "months",
                title: "By month".into(),
                note: String::new(),
                chart: Some(chart::columns("months-chart", &columns, |n| n.to_string())),
                grid: Some(grid("By month", &heads, rows)),
            },
            Part {
                id: "reasons",
                title: "By reason".into(),
                note: "Of those lost.".into(),
                chart: Some(chart::bars("reasons-chart", &bars)),
                grid: None,
            },
        ],
        empty: None,
        notes: vec![Said::new().say("Not in them: USD. ").link("Enter rates to see them together.", "/settings/rates")],
    };
    let tile = |n| TileBox {
        n,
        title: "Won by month".into(),
        note: "The last twelve months".into(),
        href: Some("/reports/results?by=month".into()),
        problem: None,
        figures: vec![Figure { label: "Won".into(), value: "48,500.00 EUR".into(), note: "3 deals".into() }],
        chart: Some(chart::bars("tile-0-chart", &bars).named(format!("tile-{n}-chart"))),
        grid: Some(grid("By month", &heads, vec![vec![Cell::Text("Nov 2026".into()), Cell::Number("1".into()), Cell::Empty]])),
        rows: None,
    };
    let listed = TileBox {
        n: 2,
        title: "Late tasks".into(),
        problem: Some("Nothing matches".into()),
        rows: Some(grid("Late tasks", &heads, vec![vec![Cell::Text("Call".into()), Cell::Empty, Cell::Empty]])),
        ..TileBox::default()
    };
    let dashboard = DashboardPage {
        t: t(),
        shell: shell("Monday", "reports").at("/dashboards/das_1"),
        name: "Monday".into(),
        subtitle: "Shared with everybody · 3 tiles".into(),
        href: "/dashboards/das_1".into(),
        version: 3,
        tiles: vec![tile(0), tile(1), listed],
        composing: true,
        own: true,
        home: false,
        add: vec![Field::new("show", "Shows", Control::Choice(vec![Choice::new("funnel", "Funnel", true)])).required()],
        fields: vec![Field::new("name", "Name", Control::Text).required().value("Monday")],
        problem: "There is no such view.".into(),
        recorded: "Each tile was recorded.".into(),
    };
    out.page("dashboard", &dashboard)?;
    out.page("report", &page)?;
    let nothing = ReportPage { empty: Some("No deal is open.".into()), parts: Vec::new(), figures: Vec::new(), ..page };
    out.page("report-nothing", &nothing)?;
    let rate = RateRow { currency: "USD".into(), iso: "2026-11-01".into(), day: "1 Nov 2026".into(), rate: "0.92".into() };
    out.page(
        "settings-rates",
        &SettingsRates {
            t: t(),
            shell: shell("Settings", "settings").at("/settings/rates"),
            rates: vec![rate],
            currency_fields: vec![Field::new("currency", "The house counts in", Control::Text).required().value("EUR")],
            rate_fields: vec![Field::new("rate", "One is worth", Control::Text).required().problem("Write what one of it is worth.")],
        },
    )
}
