//! The promises of reports.

use catalogue::deal;
use jiff::civil::date;
use kernel::{Code, RecordId, UserId};
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Reach, Who,
    permit::{Manage, ReadRecords, WriteRecords},
};

use super::*;
use crate::records::{NewRecord, RecordPatch, create, parse_fields, update};

async fn made(app: &TestApp, kind: &str, owner: Option<UserId>, json: Json) -> RecordId {
    let actor = app.acting("sales");
    let described = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&described, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    let id = app.write(&actor, move |unit| create(unit, &permit, new.clone())).await.unwrap();
    // Straight into its column: nobody of this name works here.
    if let Some(owner) = owner {
        app.store().write(move |tx| tx.run("UPDATE record SET owner = ?2 WHERE id = ?1", &store::args![id, owner])).await.unwrap();
    }
    id
}

async fn set(app: &TestApp, id: RecordId, json: Json) {
    let actor = app.acting("sales");
    let kind = app.catalogue().need("deal").unwrap();
    let patch = RecordPatch { fields: parse_fields(&kind, json.as_object().unwrap()).unwrap(), owner: None };
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

fn someone(n: u8) -> UserId {
    UserId::from_bytes([n; 16])
}

/// Somebody who sees no records but their own.
fn own_only(app: &TestApp, who: UserId) -> Actor {
    let grant = Grant { reach: Reach::Own, ..Grant::everything("read") };
    Actor::new(Who::Staff(who), app.acting("sales").purpose, "page", vec![grant])
}

/// How many runs of reports were told, how many changes of rates, and how many events there are.
async fn told_of(app: &TestApp) -> (i64, i64, i64) {
    let count = "SELECT (SELECT COUNT(*) FROM event WHERE name = 'report.run'), (SELECT COUNT(*) FROM event WHERE name = 'rates.changed'), COUNT(*) FROM event";
    app.store().read(move |tx| tx.one(count, &[], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))).await.unwrap()
}

fn ask(months: u8) -> ForecastAsk {
    ForecastAsk { pipeline: None, owner: None, months }
}

fn results_by(by: By) -> ResultsAsk {
    ResultsAsk { period: Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap(), by, pipeline: None }
}

fn funnel_ask() -> FunnelAsk {
    FunnelAsk { pipeline: None, period: Period::new(date(2026, 11, 1), date(2026, 11, 30)).unwrap() }
}

// The clock stands at 21 November 2026.
store_test! {
    async fn a_forecast_puts_each_deal_in_its_month_and_names_what_is_past_its_date(app: TestApp) {
        for (name, stage, amount, day) in [
            ("Alder", "lead", "100.00 EUR", Some("2026-11-30")),
            ("Birch", "offer", "50.00 EUR", Some("2026-12-01")),
            ("Cedar", "offer", "7.00 USD", Some("2026-12-31")),
            ("Dogwood", "talk", "1.00 EUR", None),
            ("Elm", "talk", "2.00 EUR", Some("2026-11-20")),
            ("Fir", "lead", "4.00 EUR", Some("2027-09-01")),
            ("Gum", "lost", "900.00 EUR", Some("2026-11-22")),
        ] {
            made(&app, "deal", None, json!({"name": name, "stage": stage, "amount": amount, "expected_close": day})).await;
        }
        made(&app, "deal", None, json!({"name": "Hazel", "stage": "won", "amount": "11.00 EUR", "closed": "2026-11-02"})).await;
        made(&app, "deal", None, json!({"name": "Ivy", "stage": "won", "amount": "13.00 EUR", "closed": "2026-10-31"})).await;
        made(&app, "deal", None, json!({"name": "Juniper", "stage": "lead", "amount": "10.00 EUR", "probability": 90, "expected_close": "2026-12-05"})).await;
        let run = forecast(&app, &app.acting("sales"), &ask(3)).await.unwrap();
        let found = &run.report;
        let months: Vec<_> = found.months.iter().map(|(month, line)| (month.to_string(), line.open, line.amount.of("EUR"), line.weighted.of("EUR"), line.committed.of("EUR"), line.won_amount.of("EUR"))).collect();
        assert_eq!(months, [
            ("2026-11-01".into(), 1, 10_000, 1_000, 0, 1_100),
            ("2026-12-01".into(), 3, 6_000, 3_000 + 900, 6_000, 0),
            ("2027-01-01".into(), 0, 0, 0, 0, 0),
        ]);
        assert_eq!((found.months[1].1.amount.of("USD"), found.months[1].1.weighted.of("USD")), (700, 420), "currencies are never mixed");
        assert_eq!((found.undated.open, found.later.open, found.overdue.open, found.overdue.amount.of("EUR")), (1, 1, 1, 200));
        assert_eq!(found.named.iter().map(|shown| shown.title.as_str()).collect::<Vec<_>>(), ["Elm"]);
        assert_eq!(told_of(&app).await.0, 1);
        let empty = forecast(&app, &app.acting("sales"), &ForecastAsk { pipeline: Some("unicorn".into()), ..ask(3) }).await;
        assert_eq!(empty.map(drop).map_err(|e| e.code()), Err(Code::InvalidInput));
        assert_eq!(forecast(&app, &app.acting("sales"), &ask(0)).await.map(drop).map_err(|e| e.code()), Err(Code::InvalidInput));
    }

    async fn what_one_may_not_list_is_in_no_sum_and_each_run_is_one_event(app: TestApp) {
        let (ada, grace) = (someone(1), someone(2));
        for (name, owner, amount) in [("Alder", ada, "100.00 EUR"), ("Birch", ada, "10.00 EUR"), ("Cedar", grace, "5000.00 EUR")] {
            made(&app, "deal", Some(owner), json!({"name": name, "stage": "won", "amount": amount, "closed": "2026-11-03"})).await;
            made(&app, "deal", Some(owner), json!({"name": name, "stage": "lead", "amount": amount, "expected_close": "2026-12-03"})).await;
        }
        let before = told_of(&app).await.2;
        let mine = own_only(&app, ada);
        let total = forecast(&app, &mine, &ask(2)).await.unwrap().report;
        assert_eq!((total.total.open, total.total.amount.of("EUR"), total.owners.len()), (2, 11_000, 1));
        assert_eq!(told_of(&app).await, (1, 0, before + 1), "whatever it read, one event tells of it");
        let closed = results(&app, &mine, &results_by(By::Owner)).await.unwrap().report;
        assert_eq!((closed.total.won, closed.total.won_amount.of("EUR")), (2, 11_000));
        assert_eq!(funnel(&app, &mine, &funnel_ask()).await.unwrap().report.deals, 4);
        assert_eq!(told_of(&app).await, (3, 0, before + 3));
        let all = results(&app, &app.acting("sales"), &results_by(By::Owner)).await.unwrap().report;
        assert_eq!(all.groups.iter().map(|(key, group)| (key.clone(), group.won)).collect::<Vec<_>>(), [(Key::Owner(Some(ada)), 2), (Key::Owner(Some(grace)), 1)]);
        let stranger = Actor::new(Who::Staff(ada), app.acting("sales").purpose, "page", Vec::new());
        assert_eq!(forecast(&app, &stranger, &ask(2)).await.map(drop).map_err(|e| e.code()), Err(Code::Forbidden));
    }

    async fn the_funnel_counts_how_far_each_deal_came_by_its_versions(app: TestApp) {
        let ids: Vec<RecordId> = {
            let mut all = Vec::new();
            for name in ["Alder", "Birch", "Cedar", "Dogwood", "Elm"] {
                all.push(made(&app, "deal", None, json!({"name": name, "stage": "lead", "amount": "10.00 EUR"})).await);
            }
            all
        };
        set(&app, ids[0], json!({"stage": "talk"})).await;
        set(&app, ids[1], json!({"stage": "offer"})).await;
        set(&app, ids[1], json!({"stage": "lost"})).await;
        set(&app, ids[2], json!({"stage": "won"})).await;
        set(&app, ids[3], json!({"stage": "offer"})).await;
        set(&app, ids[3], json!({"stage": "talk", "note": "One step back."})).await;
        let found = funnel(&app, &app.acting("sales"), &funnel_ask()).await.unwrap().report;
        let steps: Vec<_> = found.steps.iter().map(|step| (step.stage.as_str(), step.reached, step.here, step.lost)).collect();
        assert_eq!(steps, [("lead", 5, 1, 0), ("talk", 4, 2, 0), ("offer", 3, 0, 1), ("won", 1, 1, 0)]);
        assert_eq!((found.deals, found.lost, found.steps[1].of(found.steps[0].reached), found.steps[3].of(3)), (5, 1, Some(800), Some(333)));
        let older = FunnelAsk { period: Period::new(date(2026, 1, 1), date(2026, 11, 20)).unwrap(), pipeline: None };
        assert_eq!(funnel(&app, &app.acting("sales"), &older).await.unwrap().report.deals, 0);
    }

    async fn results_say_how_often_one_wins_why_and_how_long_it_takes(app: TestApp) {
        for (stage, closed, reason) in [("won", "2026-11-21", "won_fit"), ("won", "2026-11-25", "won_fit"), ("won", "2026-12-21", "won_price"), ("lost", "2026-11-05", "lost_price")] {
            made(&app, "deal", None, json!({"name": "Deal", "stage": stage, "closed": closed, "close_reason": reason, "amount": "10.00 EUR"})).await;
        }
        made(&app, "deal", None, json!({"name": "Open", "stage": "lead"})).await;
        made(&app, "deal", None, json!({"name": "Before", "stage": "won", "closed": "2025-12-31"})).await;
        let by = |by| { let app = &app; async move { results(app, &app.acting("sales"), &results_by(by)).await.unwrap().report } };
        let months = by(By::Month).await;
        assert_eq!(months.groups.len(), 12, "a month without anything is a month too");
        let november = &months.groups[10];
        assert_eq!((november.0.clone(), november.1.won, november.1.lost, november.1.win_rate()), (Key::Month(date(2026, 11, 1)), 2, 1, Some(667)));
        assert_eq!((months.total.won, months.total.lost, months.total.win_rate(), months.total.median_days()), (3, 1, Some(750), Some(4)), "0, 4 and 30 days");
        let reasons: Vec<_> = by(By::Reason).await.groups.into_iter().map(|(key, group)| (key, group.won, group.lost)).collect();
        assert_eq!(reasons, [(Key::Reason(Some("won_fit".into())), 2, 0), (Key::Reason(Some("won_price".into())), 1, 0), (Key::Reason(Some("lost_price".into())), 0, 1)]);
        assert_eq!(by(By::Pipeline).await.groups[0].0, Key::Pipeline("sales".into()));
    }

    async fn activity_counts_what_each_wrote_down(app: TestApp) {
        let ada = someone(1);
        for kind in ["call", "call", "meeting", "comment"] {
            made(&app, "note", Some(ada), json!({"title": "Spoke", "type": kind})).await;
        }
        made(&app, "task", None, json!({"title": "Write"})).await;
        let period = Period::new(date(2026, 11, 21), date(2026, 11, 21)).unwrap();
        let found = activity(&app, &app.acting("sales"), period).await.unwrap().report;
        let count = |at: usize, does| found.owners[at].1.get(&does).copied().unwrap_or_default();
        assert_eq!((found.owners[0].0, count(0, Does::Call), count(0, Does::Meeting), count(0, Does::Note)), (Some(ada), 2, 1, 1));
        assert_eq!((found.owners[1].0, count(1, Does::Task)), (None, 1));
        let before = Period::new(date(2026, 11, 1), date(2026, 11, 20)).unwrap();
        assert!(activity(&app, &app.acting("sales"), before).await.unwrap().report.owners.is_empty());
        let mut deals_only = Grant::everything("read");
        deals_only.kind = deal::KIND.into();
        let narrow = Actor::new(Who::Staff(ada), app.acting("sales").purpose, "page", vec![deals_only]);
        assert_eq!(activity(&app, &narrow, period).await.unwrap().report.withheld.len(), 3);
    }

    async fn cohorts_are_customers_by_their_first_purchase_and_who_came_back(app: TestApp) {
        let firm = made(&app, "company", None, json!({"name": "Studio Lombardi"})).await;
        let ada = made(&app, "person", None, json!({"name": "Ada"})).await;
        let link = |id: RecordId| id.to_string();
        made(&app, "deal", None, json!({"name": "First", "stage": "won", "closed": "2026-09-10", "company": link(firm), "person": link(ada)})).await;
        for (day, status) in [("2026-09-20", "paid"), ("2026-11-02", "paid"), ("2026-10-02", "cancelled")] {
            made(&app, "order", None, json!({"number": day, "placed": day, "status": status, "company": link(firm)})).await;
        }
        made(&app, "order", None, json!({"number": "7", "placed": "2026-09-01", "person": link(ada)})).await;
        made(&app, "order", None, json!({"number": "8", "placed": "2026-09-01"})).await;
        let found = cohort(&app, &app.acting("sales")).await.unwrap().report;
        assert_eq!((found.rows.len(), found.of_nobody, found.orders), (12, 1, true));
        let september = found.rows.iter().find(|row| row.month == date(2026, 9, 1)).unwrap();
        assert_eq!((september.customers, september.bought.clone()), (2, vec![2, 0, 1]));
    }

    async fn rates_are_entered_with_their_day_and_say_who_changed_them(app: TestApp) {
        let operator = app.operator();
        let permit = operator.permit::<Manage>().unwrap();
        let put = |currency: &'static str, rate: &'static str| {
            let (permit, app, operator) = (permit.clone(), &app, &operator);
            async move { app.write(operator, move |unit| set_rate(unit, &permit, currency, date(2026, 11, 1), rate)).await.map_err(|e| e.code()) }
        };
        assert_eq!(put("USD", "0.92").await, Err(Code::InvalidInput), "the house has named no currency yet");
        let named = permit.clone();
        app.write(&operator, move |unit| set_currency(unit, &named, "eur")).await.unwrap();
        assert_eq!(put("EUR", "1").await, Err(Code::InvalidInput));
        assert_eq!(put("USD", "much").await, Err(Code::InvalidInput));
        assert_eq!(put("USD", "0.9").await, Ok(()));
        assert_eq!(put("USD", "0.92").await, Ok(()), "a second rate of a day takes its place");
        assert_eq!(told_of(&app).await.1, 3);
        made(&app, "deal", None, json!({"name": "Alder", "stage": "offer", "amount": "100.00 USD", "expected_close": "2026-11-30"})).await;
        let run = forecast(&app, &app.acting("sales"), &ask(1)).await.unwrap();
        assert_eq!(run.rates.convert(&run.report.total.amount, run.today), Some(Converted { currency: "EUR".into(), minor: 9_200 }));
        let gone = permit.clone();
        app.write(&operator, move |unit| remove_rate(unit, &gone, "USD", date(2026, 11, 1))).await.unwrap();
        let read = app.read(&operator, rates).await.unwrap();
        assert_eq!((read.base.as_deref(), read.all.len()), (Some("EUR"), 0));
    }

    async fn no_statement_of_a_report_reads_a_whole_table(app: TestApp) {
        let id = made(&app, "deal", None, json!({"name": "Alder", "stage": "won", "closed": "2026-11-03"})).await;
        let operator = app.operator();
        app.read(&operator, move |unit| {
            let zero = [0_u8; 16];
            let places: Vec<store::Value> = (0..store::IN_AT_ONCE).map(|_| store::Value::from(id)).collect();
            for (text, args) in [
                (sql::BY_NUMBER, store::args!["deal.closed", 0_i64, zero, i64::MAX, 500_i64].to_vec()),
                (sql::BY_CHOICE, store::args!["deal.stage", "won", zero, 500_i64].to_vec()),
                (sql::BY_CREATED, store::args!["deal", 0_i64, zero, i64::MAX, 500_i64].to_vec()),
                (sql::EARLIER_64, places),
                (sql::RATES, store::args!["EUR", 10_i64].to_vec()),
            ] {
                let (explain, column) = match unit.dialect().engine() {
                    store::Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
                    store::Engine::Postgres => ("EXPLAIN (COSTS OFF)", 0),
                };
                let plan: Vec<String> = unit.all(&format!("{explain} {text}"), &args, |row| row.get(column))?;
                let whole = |line: &String| line.contains("Seq Scan") || line.starts_with("SCAN");
                assert!(!plan.iter().any(whole), "{text}: {plan:#?}");
            }
            unit.plain(())
        })
        .await
        .unwrap();
    }

    async fn sales_count_what_was_ordered_or_won_by_product_and_only_what_the_reader_sees(app: TestApp) {
        let tea = made(&app, "product", None, json!({"name": "Chai", "price": "18.00 EUR"})).await;
        let lamp = made(&app, "product", None, json!({"name": "Lamp", "price": "30.00 EUR"})).await;
        for (number, placed, status, product, quantity) in [
            ("1", "2026-10-01", "paid", tea, 2),
            ("2", "2026-11-20", "open", tea, 3),
            ("3", "2026-11-20", "cancelled", tea, 100),
            ("4", "2025-11-20", "paid", lamp, 100),
            ("5", "2026-11-20", "paid", lamp, 1),
        ] {
            let order = made(&app, "order", None, json!({"number": number, "placed": placed, "status": status})).await;
            made(&app, "line", None, json!({"order": order, "product": product, "quantity": quantity})).await;
            made(&app, "line", None, json!({"order": order, "text": "Given away", "price": "1.00 EUR", "removed": true})).await;
        }
        let deal = made(&app, "deal", None, json!({"name": "Won", "stage": "won", "closed": "2026-11-02"})).await;
        made(&app, "line", None, json!({"deal": deal, "text": "Advice", "price": "7.00 USD"})).await;
        let period = Period::new(date(2026, 1, 1), date(2026, 12, 31)).unwrap();
        let ask = |of| SalesAsk { period, of };
        let found = sales(&app, &app.acting("sales"), &ask(Sold::Orders)).await.unwrap().report;
        let said: Vec<(Option<RecordId>, usize, i64, i64)> = found.products.iter().map(|(id, sale)| (*id, sale.lines, sale.quantity, sale.net.of("EUR"))).collect();
        assert_eq!(said, [(Some(tea), 2, 5_000_000, 9_000), (Some(lamp), 1, 1_000_000, 3_000)]);
        assert_eq!((found.sold, found.total.net.of("EUR"), found.named.len()), (3, 12_000, 2));
        let won = sales(&app, &app.acting("sales"), &ask(Sold::Deals)).await.unwrap().report;
        assert_eq!((won.products[0].0, won.total.net.of("USD")), (None, 700));
        let nobody = sales(&app, &own_only(&app, someone(9)), &ask(Sold::Orders)).await.unwrap().report;
        assert_eq!((nobody.products.len(), nobody.sold), (0, 0));
        let blind = Actor::new(Who::Staff(someone(9)), app.acting("sales").purpose, "page", vec![Grant { kind: "person".into(), ..Grant::everything("read") }]);
        assert_eq!(sales(&app, &blind, &ask(Sold::Orders)).await.unwrap_err().code(), Code::Forbidden);
    }

    async fn what_a_customer_bought_is_counted_once_by_currency_and_within_reach(app: TestApp) {
        let firm = made(&app, "company", None, json!({"name": "Alder & Sons"})).await;
        let ada = made(&app, "person", None, json!({"name": "Ada", "company": firm})).await;
        let bob = made(&app, "person", None, json!({"name": "Bob", "company": firm})).await;
        for (number, total, placed, person, company, status) in [
            ("1", Some("100.00 EUR"), Some("2026-01-05"), Some(ada), Some(firm), "paid"),
            ("2", Some("50.01 EUR"), Some("2026-03-01"), Some(ada), None, "shipped"),
            ("3", Some("7.00 USD"), None, Some(bob), None, "open"),
            ("4", None, Some("2025-12-24"), None, Some(firm), "paid"),
            ("5", Some("900.00 EUR"), Some("2026-05-01"), Some(bob), None, "cancelled"),
        ] {
            made(&app, "order", Some(someone(u8::from(number == "2"))), json!({"number": number, "total": total, "placed": placed, "person": person, "company": company, "status": status})).await;
        }
        let bought = async |actor: Actor, id: RecordId| {
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(&actor, move |unit| purchases(unit, &permit, id)).await
        };
        let of = bought(app.acting("sales"), firm).await.unwrap().unwrap();
        assert_eq!((of.orders, of.undone, of.undated), (4, 1, 1), "an order of the company and of somebody there is one order");
        assert_eq!((of.total.of("EUR"), of.total.of("USD"), of.average.of("EUR"), of.average.of("USD")), (15_001, 700, 7_500, 700));
        assert_eq!((of.first, of.last), (Some(date(2025, 12, 24)), Some(date(2026, 3, 1))));
        let titles: Vec<&str> = of.latest.iter().map(|one| one.order.title.as_str()).collect();
        assert_eq!(titles, ["5", "2", "1", "4", "3"], "the newest first");
        let of = bought(app.acting("sales"), ada).await.unwrap().unwrap();
        assert_eq!((of.orders, of.total.of("EUR"), of.average.of("EUR")), (2, 15_001, 7_500));
        let own = Grant { reach: Reach::Own, ..Grant::everything("read") };
        let own = Grant { kind: "order".into(), ..own };
        let people = Grant { kind: "person".into(), ..Grant::everything("read") };
        let narrow = Actor::new(Who::Staff(someone(1)), app.acting("sales").purpose, "page", vec![own, people.clone()]);
        let of = bought(narrow, ada).await.unwrap().unwrap();
        assert_eq!((of.orders, of.total.of("EUR")), (1, 5_001), "what one may not list is in no sum");
        let blind = Actor::new(Who::Staff(someone(1)), app.acting("sales").purpose, "page", vec![people]);
        assert!(bought(blind.clone(), ada).await.unwrap().is_none());
        assert_eq!(bought(blind, firm).await.map(drop).map_err(|e| e.code()), Err(Code::NotFound));
    }

    async fn ten_thousand_orders_of_one_customer_are_counted_along_the_index(app: TestApp) {
        let ada = made(&app, "person", None, json!({"name": "Ada"})).await;
        let actor = app.acting("sales");
        let kind = app.catalogue().need("order").unwrap();
        for portion in 0..50 {
            let rows: Vec<NewRecord> = (0..200).map(|n| {
                let fields = json!({"number": format!("{portion}-{n}"), "total": "1.00 EUR", "placed": "2026-01-05", "person": ada});
                let fields = parse_fields(&kind, fields.as_object().unwrap()).unwrap();
                NewRecord::new("order", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect())
            }).collect();
            let permit = actor.permit::<WriteRecords>().unwrap();
            app.write(&actor, move |unit| records::create_many(unit, &permit, "order", rows.clone())).await.unwrap();
        }
        let permit = actor.permit::<ReadRecords>().unwrap();
        let of = app.read(&actor, move |unit| purchases(unit, &permit, ada)).await.unwrap().unwrap();
        assert_eq!((of.orders, of.total.of("EUR"), of.latest.len()), (10_000, 1_000_000, LATEST));
    }

    async fn service_counts_what_was_in_time_by_priority_and_by_owner(app: TestApp) {
        let actor = app.acting("support");
        let kind = app.catalogue().need("case").unwrap();
        for (priority, status) in [("urgent", "new"), ("urgent", "solved"), ("low", "new")] {
            let fields = json!({"title": "It burns", "status": "new", "priority": priority});
            let fields = parse_fields(&kind, fields.as_object().unwrap()).unwrap();
            let new = NewRecord::new("case", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
            let permit = actor.permit::<WriteRecords>().unwrap();
            let id = app.write(&actor, move |unit| create(unit, &permit, new.clone())).await.unwrap();
            if status == "solved" {
                let patch = RecordPatch { fields: parse_fields(&kind, json!({"status": "solved"}).as_object().unwrap()).unwrap(), owner: None };
                let permit = actor.permit::<WriteRecords>().unwrap();
                app.write(&actor, move |unit| update(unit, &permit, id, None, patch.clone())).await.unwrap();
            }
        }
        let period = Period::new(date(2026, 11, 1), date(2026, 11, 30)).unwrap();
        // Three working days later the first answer of the urgent case is past, that of the low one is not.
        app.clock.advance(std::time::Duration::from_secs(3 * 24 * 3_600));
        let run = service(&app, &actor, period, CasesBy::Priority).await.unwrap();
        let urgent = run.report.groups.iter().find(|(key, _)| *key == CasesKey::Priority(Some("urgent".into()))).unwrap().1;
        assert_eq!((urgent.cases, urgent.reply, urgent.reply.share()), (2, Kept { met: 1, missed: 1, open: 0 }, Some(500)));
        assert_eq!((run.report.groups.len(), run.report.groups[0].0.clone(), run.report.total.cases), (2, CasesKey::Priority(Some("urgent".into())), 3));
        let run = service(&app, &actor, period, CasesBy::Owner).await.unwrap();
        assert_eq!((run.report.groups.len(), run.report.total.reply.open), (1, 1));
        let none = Actor::new(Who::Staff(someone(1)), actor.purpose, "page", Vec::new());
        assert_eq!(service(&app, &none, period, CasesBy::Owner).await.map(drop).map_err(|e| e.code()), Err(Code::Forbidden));
        assert_eq!(told_of(&app).await.0, 2);
    }
}
