//! The promises of boards.

use catalogue::{Outcome, Pipeline, Stage};
use kernel::Code;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::WriteRecords;

use super::*;
use crate::records::{NewRecord, parse_fields};

async fn made(app: &TestApp, json: serde_json::Value) {
    let actor = app.acting("sales");
    let kind = app.catalogue().need("deal").unwrap();
    let fields = parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("deal", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap();
}

async fn shown(app: &TestApp, query: ListQuery, by: &'static str) -> Result<Board> {
    let actor = app.acting("sales");
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(&actor, move |unit| board(unit, &permit, &query, by)).await
}

async fn events(app: &TestApp) -> i64 {
    app.store().read(|tx| tx.one("SELECT COUNT(*) FROM event", &[], |row| row.get::<i64>(0))).await.unwrap()
}

fn sums(all: &[(&str, i64)]) -> Sums {
    let mut sums = Sums::default();
    all.iter().for_each(|(currency, minor)| sums.add(currency, *minor));
    sums
}

store_test! {
    async fn a_board_has_a_column_for_each_choice_with_its_count_and_its_sums_under_one_event(app: TestApp) {
        for (name, stage, amount) in [("Alder", "lead", "100.00 EUR"), ("Birch", "lead", "250.50 EUR"), ("Cedar", "won", "10.00 USD"), ("Dogwood", "lead", "7.00 USD")] {
            made(&app, json!({"name": name, "stage": stage, "amount": amount})).await;
        }
        made(&app, json!({"name": "Elm"})).await;
        let before = events(&app).await;
        let query = ListQuery { sort: Sort { by: "name".into(), descending: false }, ..ListQuery::of("deal") };
        let found = shown(&app, query.clone(), "stage").await.unwrap();
        assert_eq!(events(&app).await, before + 1);
        let columns: Vec<(Option<&str>, usize, Option<i64>)> = found.columns.iter().map(|c| (c.choice.as_deref(), c.rows.len(), c.total)).collect();
        assert_eq!(columns, [(Some("lead"), 3, Some(3)), (Some("talk"), 0, Some(0)), (Some("offer"), 0, Some(0)), (Some("won"), 1, Some(1)), (Some("lost"), 0, Some(0)), (None, 1, Some(1))]);
        assert_eq!(found.columns[0].sums, Some(sums(&[("EUR", 35_050), ("USD", 700)])));
        let names: Vec<&str> = found.columns[0].rows.iter().map(|row| row.shown.title.as_str()).collect();
        assert_eq!(names, ["Alder", "Birch", "Dogwood"], "in the list's order");
        let filter = Some(Filter::One(Condition::new("amount", Op::Ge, "200 EUR")));
        let found = shown(&app, ListQuery { filter, ..query }, "stage").await.unwrap();
        assert_eq!((found.columns[0].total, found.columns.len()), (Some(1), 5), "the list's conditions hold, and nobody is without a stage");
    }

    async fn a_board_shows_one_pipeline_with_what_is_likely_and_since_when_a_card_stands_there(app: TestApp) {
        let mut kind = Kind::clone(&app.catalogue().need("deal").unwrap());
        let stage = |key: &str, outcome, retired| Stage { key: key.into(), label: key.to_uppercase(), probability: 70, outcome, rots_after: Some(10), retired };
        let stages = vec![stage("due", Outcome::Open, false), stage("asked", Outcome::Open, true), stage("renewed", Outcome::Won, false), stage("ended", Outcome::Lost, false)];
        kind.pipelines.push(Pipeline { key: "renewals".into(), label: "Renewals".into(), stages, reason_needed: false, retired: false });
        records::kinds::define(&app, &app.operator(), kind).await.unwrap();
        for (name, stage, amount, likely) in [("Alder", "due", "100.00 EUR", json!(null)), ("Birch", "due", "10.00 EUR", json!(25)), ("Cedar", "renewed", "1.00 EUR", json!(null)), ("Dogwood", "lead", "5.00 EUR", json!(null))] {
            made(&app, json!({"name": name, "stage": stage, "amount": amount, "probability": likely})).await;
        }
        made(&app, json!({"name": "Elm"})).await;
        let columns = |board: &Board| board.columns.iter().map(|c| (c.choice.clone(), c.rows.len())).collect::<Vec<_>>();
        let query = ListQuery { columns: vec!["amount".into()], ..ListQuery::of("deal") };
        let found = shown(&app, query.clone(), "stage.renewals").await.unwrap();
        assert_eq!(columns(&found), [(Some("due".into()), 2), (Some("renewed".into()), 1), (Some("ended".into()), 0)], "a retired stage without cards is left out");
        let due = &found.columns[0];
        assert_eq!((due.sums.clone(), due.likely.clone()), (Some(sums(&[("EUR", 11_000)])), Some(sums(&[("EUR", 7_250)]))), "70 % of one, 25 % of the other");
        assert_eq!((due.rots_after, found.columns[1].likely.clone()), (Some(10), None));
        assert!(due.rows[0].shown.cell("stage_since").is_some());
        let first = shown(&app, query.clone(), "stage").await.unwrap();
        assert_eq!(columns(&first).last(), Some(&(None, 1)), "without a stage, on the first pipeline's board");
        for wrong in ["stage.unicorn", "amount.sales", "close_reason.sales"] {
            assert_eq!(shown(&app, query.clone(), wrong).await.unwrap_err().code(), Code::InvalidInput);
        }
    }

    async fn a_column_shows_its_first_fifty_and_counts_all(app: TestApp) {
        for n in 0..53 {
            made(&app, json!({"name": format!("Deal {n:02}"), "stage": "offer", "amount": "1.00 EUR"})).await;
        }
        let found = shown(&app, ListQuery::of("deal"), "stage").await.unwrap();
        let offer = found.columns.iter().find(|c| c.choice.as_deref() == Some("offer")).unwrap();
        assert_eq!((offer.rows.len(), offer.more, offer.total, offer.sums.clone()), (50, true, Some(53), Some(sums(&[("EUR", 5_300)]))));
    }

    async fn a_board_is_made_by_an_open_field_of_choices_alone(app: TestApp) {
        for by in ["name", "amount", "unicorn"] {
            assert_eq!(shown(&app, ListQuery::of("deal"), by).await.unwrap_err().code(), Code::InvalidInput);
        }
    }
}
