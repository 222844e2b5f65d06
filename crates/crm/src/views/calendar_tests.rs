//! The promises of calendars, and of sums.

use jiff::{
    civil::{Date, date},
    tz::TimeZone,
};
use kernel::Code;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::WriteRecords;

use super::*;
use crate::records::{NewRecord, parse_fields};

async fn made(app: &TestApp, kind: &'static str, json: serde_json::Value) {
    let actor = app.acting("sales");
    let of = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&of, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap();
}

async fn shown(
    app: &TestApp,
    query: ListQuery,
    by: &'static str,
    first: Date,
    weeks: i32,
    zone: TimeZone,
) -> Result<Vec<(Date, Vec<String>)>> {
    let actor = app.acting("sales");
    let permit = actor.permit::<ReadRecords>().unwrap();
    let weeks = app.read(&actor, move |unit| calendar(unit, &permit, &query, by, (first, weeks), &zone)).await?;
    Ok(weeks.into_iter().map(|week| (week.first, week.rows.into_iter().map(|row| row.shown.title).collect())).collect())
}

async fn summed(app: &TestApp, query: ListQuery, fields: &[&str]) -> Vec<(String, Added)> {
    let actor = app.acting("sales");
    let permit = actor.permit::<ReadRecords>().unwrap();
    let fields: Vec<String> = fields.iter().map(|key| (*key).to_owned()).collect();
    app.read(&actor, move |unit| {
        let sums = added(unit, &permit, &query, &fields)?;
        unit.plain(sums)
    })
    .await
    .unwrap()
}

store_test! {
    async fn what_falls_into_a_week_stands_in_it_in_order_and_the_lists_conditions_hold(app: TestApp) {
        for (title, due) in [("Sunday before", "2026-11-01"), ("Monday", "2026-11-02"), ("Sunday", "2026-11-08"), ("Next", "2026-11-09"), ("Friday", "2026-11-06")] {
            made(&app, "task", json!({"title": title, "due": due})).await;
        }
        made(&app, "task", json!({"title": "Whenever"})).await;
        let found = shown(&app, ListQuery::of("task"), "due", date(2026, 11, 2), 2, TimeZone::UTC).await.unwrap();
        let expected = [(date(2026, 11, 2), vec!["Monday", "Friday", "Sunday"]), (date(2026, 11, 9), vec!["Next"])];
        assert_eq!(found, expected.map(|(day, titles)| (day, titles.into_iter().map(str::to_owned).collect::<Vec<_>>())));
        let filter = Some(Filter::One(Condition::new("due", Op::Le, "2026-11-05")));
        let found = shown(&app, ListQuery { filter, ..ListQuery::of("task") }, "due", date(2026, 11, 2), 1, TimeZone::UTC).await.unwrap();
        assert_eq!(found[0].1, ["Monday"]);
    }

    async fn a_calendar_is_made_by_days_alone_and_of_six_weeks_at_most(app: TestApp) {
        for (by, weeks) in [("title", 1), ("done", 1), ("unicorn", 1), ("due", 0), ("due", 7)] {
            let refused = shown(&app, ListQuery::of("task"), by, date(2026, 11, 2), weeks, TimeZone::UTC).await.unwrap_err();
            assert_eq!(refused.code(), Code::InvalidInput, "{by} {weeks}");
        }
        let refused = shown(&app, ListQuery::of("task"), "due", date(9999, 12, 27), 6, TimeZone::UTC).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidInput);
    }

    async fn sums_are_by_currency_over_the_whole_list_and_what_overflows_is_left_out(app: TestApp) {
        for (name, amount) in [("Alder", "100.00 EUR"), ("Birch", "250.50 EUR"), ("Cedar", "10.00 USD")] {
            made(&app, "deal", json!({"name": name, "amount": amount})).await;
        }
        let one = ListQuery { limit: 1, ..ListQuery::of("deal") };
        assert_eq!(summed(&app, one, &["amount", "name", "unicorn"]).await, [("amount".to_owned(), vec![(Some("EUR".to_owned()), 35_050), (Some("USD".to_owned()), 1_000)])]);
        for name in ["Dogwood", "Elm"] {
            made(&app, "deal", json!({"name": name, "probability": 9_000_000_000_000_i64})).await;
        }
        assert_eq!(summed(&app, ListQuery::of("deal"), &["probability"]).await, [("probability".to_owned(), Vec::new())]);
        let sealed = Some(Filter::One(Condition::new("name", Op::Contains, "Alder")));
        let asked = ListQuery { filter: sealed, via_body: true, ..ListQuery::of("deal") };
        assert_eq!(summed(&app, asked, &["amount"]).await, [], "what is found by opening is not counted without it");
    }
}
