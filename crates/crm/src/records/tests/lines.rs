//! The promises of lines.

use catalogue::{Value, deal, line, order};
use kernel::{Code, RecordId, UserId};
use proptest::prelude::*;
use rules::retention::Outcome;
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Reach, Who,
    permit::{Dispose, Hold, ReadRecords, WriteRecords},
};

use crate::{
    disposal,
    holds::{self, testing::*},
    records::{lines::Worth, *},
    requests, retention,
};

async fn try_made(app: &TestApp, actor: &Actor, kind: &str, json: Json) -> Result<RecordId> {
    let described = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&described, json.as_object().unwrap())?.into_iter().filter_map(|(k, v)| v.map(|v| (k, v)));
    let (new, permit) = (NewRecord::new(kind, fields.collect()), actor.permit::<WriteRecords>()?);
    app.write(actor, move |unit| create(unit, &permit, new.clone())).await
}

async fn put(app: &TestApp, kind: &str, json: Json) -> RecordId {
    try_made(app, &app.operator(), kind, json).await.unwrap()
}

async fn set(app: &TestApp, id: RecordId, json: Json) -> Result<i64> {
    let actor = app.operator();
    let kind = row(app, id).await.kind;
    let patch = RecordPatch { fields: parse_fields(&kind, json.as_object().unwrap()).unwrap(), owner: None };
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| update(unit, &permit, id, None, patch.clone())).await
}

async fn of(app: &TestApp, id: RecordId) -> Lines {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    app.read(&app.operator(), move |unit| lines(unit, &permit, id, Detail::Whole)).await.unwrap()
}

async fn amount(app: &TestApp, id: RecordId, key: &str) -> Option<String> {
    row(app, id).await.open.get(key).map(Value::display)
}

fn code(result: &Result<RecordId>) -> (String, &'static str) {
    let problem = &result.as_ref().unwrap_err().problems()[0];
    (problem.pointer.clone(), problem.code)
}

fn worth(quantity: &str, price: i64, discount: i64, tax: i64) -> (i64, i64, i64) {
    let micro = |text: &str| -> i64 {
        let (whole, part) = text.split_once('.').unwrap_or((text, ""));
        format!("{whole}{part:0<6}").parse().unwrap()
    };
    let worth = Worth::of(micro(quantity), price, discount * 1_000_000, tax * 1_000_000).unwrap();
    (worth.net, worth.tax, worth.gross)
}

#[test]
fn a_half_of_a_minor_unit_goes_up_once_a_line_and_down_for_what_is_given_back() {
    assert_eq!(worth("35", 770, 15, 0), (22_908, 0, 22_908), "229.075");
    assert_eq!(worth("-35", 770, 15, 0), (-22_908, 0, -22_908));
    assert_eq!(worth("1", 50, 0, 19), (50, 10, 60), "a tax of 9.5");
    assert_eq!(worth("0.333333", 300, 0, 0), (100, 0, 100));
    assert_eq!(worth("3", 1_000, 100, 19), (0, 0, 0));
    assert_eq!(Worth::of(1_000_000, 100, 100_000_001, 0), None);
    assert_eq!(Worth::of(1_000_000, 100, -1, 0), None);
    assert_eq!(Worth::of(1_000_000_000_000_000, 10_000_000_000_000, 0, 0), None);
}

proptest! {
    #[test]
    fn what_a_line_comes_to_is_never_more_than_half_a_minor_unit_off(q in -10_000_000_000_i64..10_000_000_000, p in 0_i64..10_000_000, d in 0_i64..=100_000_000, t in 0_i64..=100_000_000) {
        let worth = Worth::of(q, p, d, t).unwrap();
        let by = 100_000_000_000_000_i128;
        let exact = i128::from(q) * i128::from(p) * i128::from(100_000_000 - d);
        prop_assert!((i128::from(worth.net) * by - exact).abs() * 2 <= by);
        prop_assert!((i128::from(worth.tax) * 100_000_000 - i128::from(worth.net) * i128::from(t)).abs() * 2 <= 100_000_000);
        prop_assert_eq!(worth.gross, worth.net + worth.tax);
    }
}

store_test! {
    async fn a_line_takes_over_what_its_product_says_and_the_amount_follows(app: TestApp) {
        let tea = put(&app, "product", json!({"name": "Chai", "code": "1", "price": "18.00 EUR", "unit": "box", "tax": 7})).await;
        let deal = put(&app, "deal", json!({"name": "Tea for a year"})).await;
        put(&app, "line", json!({"deal": deal, "product": tea, "quantity": 12})).await;
        let second = put(&app, "line", json!({"deal": deal, "product": tea, "quantity": 1, "text": "A box to try", "price": "0 EUR"})).await;
        put(&app, "line", json!({"deal": deal, "text": "Delivery", "price": "9.99 EUR", "tax": 19, "discount": "50"})).await;
        let found = of(&app, deal).await;
        let said: Vec<(String, String)> = found.rows.iter().map(|line| (line.title.clone(), line.cell(line::NET).unwrap().to_json()["minor"].to_string())).collect();
        assert_eq!(said, [("Chai".into(), "21600".into()), ("A box to try".into(), "0".into()), ("Delivery".into(), "500".into())]);
        assert_eq!((found.sum, found.currency.as_deref()), (Worth { net: 22_100, tax: 1_512 + 95, gross: 23_707 }, Some("EUR")));
        // It had no amount of its own: from the first line on it follows them.
        assert_eq!((found.followed, amount(&app, deal, deal::AMOUNT).await), (true, Some("221.00 EUR".into())));
        let refused = set(&app, deal, json!({"amount": "1.00 EUR"})).await.unwrap_err();
        assert_eq!((refused.code(), refused.problems()[0].code, refused.problems()[0].pointer.as_str()), (Code::InvalidInput, "follows_lines", "/amount"));
        set(&app, second, json!({"price": "5.00 EUR"})).await.unwrap();
        assert_eq!(amount(&app, deal, deal::AMOUNT).await.unwrap(), "226.00 EUR");
        set(&app, second, json!({"removed": true})).await.unwrap();
        assert_eq!((of(&app, deal).await.rows.len(), amount(&app, deal, deal::AMOUNT).await.unwrap()), (2, "221.00 EUR".into()));
        // Let go, it is anybody's to write, and stays.
        set(&app, deal, json!({"by_lines": false, "amount": "200.00 EUR"})).await.unwrap();
        set(&app, second, json!({"removed": false})).await.unwrap();
        assert_eq!(amount(&app, deal, deal::AMOUNT).await.unwrap(), "200.00 EUR");
        set(&app, deal, json!({"by_lines": true})).await.unwrap();
        assert_eq!(amount(&app, deal, deal::AMOUNT).await.unwrap(), "226.00 EUR");
    }

    async fn an_orders_total_is_gross_and_what_it_has_already_is_left_alone(app: TestApp) {
        let order = put(&app, "order", json!({"number": "A-1"})).await;
        put(&app, "line", json!({"order": order, "text": "Lamp", "price": "10.00 EUR", "tax": 19})).await;
        assert_eq!(amount(&app, order, order::TOTAL).await.unwrap(), "11.90 EUR");
        let paid = put(&app, "order", json!({"number": "A-2", "total": "10.00 EUR"})).await;
        put(&app, "line", json!({"order": paid, "text": "Lamp", "price": "10.00 EUR", "tax": 19})).await;
        assert_eq!(amount(&app, paid, order::TOTAL).await.unwrap(), "10.00 EUR");
    }

    async fn a_line_that_cannot_be_is_refused_where_it_is_wrong(app: TestApp) {
        let actor = app.operator();
        let order = put(&app, "order", json!({"number": "A-1"})).await;
        let deal = put(&app, "deal", json!({"name": "Lamps"})).await;
        let bare = put(&app, "product", json!({"name": "Lamp"})).await;
        let lamp = |more: Json| {
            let mut line = json!({"order": order, "text": "Lamp", "price": "10.00 EUR"});
            for (key, value) in more.as_object().unwrap() { line[key] = value.clone(); }
            line
        };
        put(&app, "line", lamp(json!({}))).await;
        for (json, wanted) in [
            (lamp(json!({"deal": deal})), ("/deal", "one_of")),
            (lamp(json!({"order": null})), ("/order", "required")),
            (lamp(json!({"order": deal})), ("/order", "not_a_record")),
            (lamp(json!({"price": "10.00 USD"})), ("/price", "mixed_currencies")),
            (json!({"order": order, "product": bare}), ("/price", "required")),
            (json!({"order": order, "product": order, "price": "1 EUR"}), ("/product", "not_a_record")),
            (lamp(json!({"text": null})), ("/text", "required")),
            (lamp(json!({"discount": 101})), ("/discount", "out_of_range")),
            (lamp(json!({"tax": -1})), ("/tax", "out_of_range")),
            (lamp(json!({"quantity": 9_000_000_000_000_i64})), ("/quantity", "out_of_range")),
            (lamp(json!({"net": "1.00 EUR"})), ("/net", "read_only")),
        ] {
            let said = try_made(&app, &actor, "line", json.clone()).await;
            let (at, what) = code(&said);
            assert_eq!((at.as_str(), what), wanted, "{json}");
        }
        assert_eq!(of(&app, order).await.rows.len(), 1);
        let note = put(&app, "note", json!({"title": "Lamp"})).await;
        let permit = actor.permit::<ReadRecords>().unwrap();
        let none = app.read(&actor, move |unit| lines(unit, &permit, note, Detail::Whole)).await.unwrap_err();
        assert_eq!(none.code(), Code::NotFound);
        assert_eq!(try_made(&app, &actor, "deal", json!({"name": "X", "by_lines": true, "amount": "1.00 EUR"})).await.unwrap_err().problems()[0].code, "follows_lines");
    }

    async fn two_hundred_lines_are_enough(app: TestApp) {
        let order = put(&app, "order", json!({"number": "A-1"})).await;
        let fields = |n: usize| fields(&app, "line", json!({"order": order, "text": format!("Lamp {n}"), "price": "1.00 EUR"}));
        let rows: Vec<NewRecord> = (0..LINES_MAX).map(|n| NewRecord::new("line", fields(n))).collect();
        let (actor, permit) = (app.operator(), app.operator().permit::<WriteRecords>().unwrap());
        let made = app.write(&actor, move |unit| create_many(unit, &permit, "line", rows.clone())).await.unwrap();
        assert!(made.iter().all(Result::is_ok));
        assert_eq!((row(&app, order).await.version, amount(&app, order, order::TOTAL).await.unwrap()), (2, "200.00 EUR".into()), "followed once");
        let more = try_made(&app, &actor, "line", json!({"order": order, "text": "One more", "price": "1.00 EUR"})).await;
        assert_eq!(code(&more), ("/position".into(), "too_many"));
    }

    async fn a_line_belongs_to_whoever_owns_what_it_stands_on_and_nobody_else_adds_one(app: TestApp) {
        let deal = put(&app, "deal", json!({"name": "Lamps"})).await;
        let first = put(&app, "line", json!({"deal": deal, "text": "Lamp", "price": "10.00 EUR"})).await;
        let me = UserId::from_bytes([7; 16]);
        let grants = ["read", "write"].map(|word| Grant { reach: Reach::Own, ..Grant::everything(word) });
        let seller = Actor::new(Who::Staff(me), app.acting("sales").purpose, "page", grants.to_vec());
        let mine = json!({"deal": deal, "text": "Mine", "price": "1.00 EUR"});
        assert_eq!(code(&try_made(&app, &seller, "line", mine.clone()).await), ("/deal".into(), "not_a_record"), "as if it were not there");
        // Straight into its column: nobody of this name works here.
        app.store().write(move |tx| tx.run("UPDATE record SET owner = ?2 WHERE id = ?1", &store::args![deal, me])).await.unwrap();
        let second = try_made(&app, &seller, "line", mine).await.unwrap();
        assert_eq!((row(&app, second).await.owner, row(&app, first).await.owner), (Some(me), None));
        let (actor, permit) = (app.operator(), app.operator().permit::<WriteRecords>().unwrap());
        let patch = RecordPatch { owner: Some(None), ..RecordPatch::default() };
        app.write(&actor, move |unit| update(unit, &permit, deal, None, patch.clone())).await.unwrap();
        assert_eq!(row(&app, second).await.owner, None, "given away with its deal");
    }

    async fn lines_move_past_each_other_and_to_another_record(app: TestApp) {
        let (one, other) = (put(&app, "order", json!({"number": "A-1"})).await, put(&app, "order", json!({"number": "A-2"})).await);
        let mut ids = Vec::new();
        for text in ["first", "second", "third"] {
            ids.push(put(&app, "line", json!({"order": one, "text": text, "price": "1.00 EUR"})).await);
        }
        let moved = async |id: RecordId, up: bool| {
            let permit = app.operator().permit::<WriteRecords>().unwrap();
            app.write(&app.operator(), move |unit| shift(unit, &permit, id, up)).await.unwrap();
            of(&app, one).await.rows.into_iter().map(|line| line.title).collect::<Vec<_>>()
        };
        assert_eq!(moved(ids[2], true).await, ["first", "third", "second"]);
        assert_eq!(moved(ids[0], false).await, ["third", "first", "second"]);
        assert_eq!(moved(ids[2], true).await, ["third", "first", "second"], "nowhere to go");
        set(&app, ids[0], json!({"order": other})).await.unwrap();
        assert_eq!((amount(&app, one, order::TOTAL).await.unwrap(), amount(&app, other, order::TOTAL).await.unwrap()), ("2.00 EUR".into(), "1.00 EUR".into()));
    }

    async fn another_product_brings_its_own_name_and_price(app: TestApp) {
        let tea = put(&app, "product", json!({"name": "Chai", "price": "18.00 EUR", "tax": 7})).await;
        let lamp = put(&app, "product", json!({"name": "Lamp", "price": "30.00 EUR"})).await;
        let order = put(&app, "order", json!({"number": "A-1"})).await;
        let line = put(&app, "line", json!({"order": order, "product": tea})).await;
        set(&app, line, json!({"product": lamp, "text": "A lamp, green"})).await.unwrap();
        let found = of(&app, order).await;
        assert_eq!((found.rows[0].title.as_str(), found.sum), ("A lamp, green", Worth { net: 3_000, tax: 0, gross: 3_000 }));
        // What the catalogue says tomorrow changes nothing that was sold.
        set(&app, lamp, json!({"price": "99.00 EUR"})).await.unwrap();
        assert_eq!(of(&app, order).await.sum.net, 3_000);
    }

    async fn lines_are_held_kept_erased_and_handed_out_with_what_they_stand_on(app: TestApp) {
        rule(&app, "order", json!({"applies_to": over("order"), "period": "P2Y"})).await;
        let ada = put(&app, "person", json!({"name": "Ada Quellenbrunn"})).await;
        let order = made_on(&app, "order", "2022-01-01", json!({"number": "A-1", "person": ada.to_string()})).await;
        let lamp = put(&app, "line", json!({"order": order, "text": "Lamp", "price": "10.00 EUR"})).await;
        let young = put(&app, "order", json!({"number": "A-2", "person": ada})).await;
        let kept = put(&app, "line", json!({"order": young, "text": "Lamp", "price": "10.00 EUR"})).await;
        settled(&app).await;
        let concerning: Vec<RecordId> = app.read(&app.operator(), move |unit| { let all = requests::concerning(unit, ada)?; unit.plain(all) }).await.unwrap().into_iter().map(|item| item.id).collect();
        assert!([ada, order, lamp, young, kept].iter().all(|id| concerning.contains(id)));
        let decided = async |id: RecordId| {
            let row = row(&app, id).await;
            app.read(&app.operator(), move |unit| { let decision = retention::decide(unit, &row)?; unit.plain(decision.outcome) }).await.unwrap()
        };
        // The order came into being in 2022 and its line today: it is decided as its order is.
        assert_eq!((decided(order).await, decided(lamp).await, decided(kept).await), (Outcome::Overdue, Outcome::Overdue, Outcome::Retain));
        let permit = app.operator().permit::<Hold>().unwrap();
        let hold = app.write(&app.operator(), move |unit| holds::place(unit, &permit, &[order], "Lamps v. Lights", "A claim.")).await.unwrap();
        assert_eq!((decided(lamp).await, decided(kept).await), (Outcome::Hold, Outcome::Retain));
        let permit = app.operator().permit::<Hold>().unwrap();
        app.write(&app.operator(), move |unit| holds::release(unit, &permit, hold, "Settled.")).await.unwrap();
        on(&app, "2027-06-01").await;
        assert_eq!(disposal::sweep(&app, &app.operator()).await.unwrap().disposed, 2);
        assert_eq!((state(&app, order).await, state(&app, lamp).await, state(&app, kept).await), (State::Gone, State::Gone, State::Live));
    }

    async fn what_a_destroyed_line_stood_on_follows_those_that_are_left(app: TestApp) {
        let order = put(&app, "order", json!({"number": "A-1"})).await;
        let lamp = put(&app, "line", json!({"order": order, "text": "Lamp", "price": "10.00 EUR"})).await;
        put(&app, "line", json!({"order": order, "text": "Bulb", "price": "1.00 EUR"})).await;
        rule(&app, "order", json!({"applies_to": over("order"), "period": "P1D"})).await;
        on(&app, "2026-11-30").await;
        let permit = app.operator().permit::<Dispose>().unwrap();
        let id = app.write(&app.operator(), move |unit| disposal::order(unit, &disposal::Cause::expiry(&permit), &[lamp])).await.unwrap();
        disposal::destroy(&app, &app.operator(), id).await.unwrap();
        assert_eq!(amount(&app, order, order::TOTAL).await.unwrap(), "1.00 EUR");
    }
}
