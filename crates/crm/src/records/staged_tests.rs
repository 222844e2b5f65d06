//! The promises of stages.

use catalogue::{Kind, Outcome, Pipeline, Stage, Value, deal};
use kernel::{Code, RecordId, Result};
use serde_json::{Value as Json, json};
use testkit::{TestApp, store_test};
use trail::permit::WriteRecords;

use super::{Fields, NewRecord, RecordPatch, StoredRecord, create, find, kinds, parse_fields, update};

fn parsed(app: &TestApp, json: &Json) -> Fields {
    let kind = app.catalogue().need("deal").unwrap();
    parse_fields(&kind, json.as_object().unwrap()).unwrap().into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect()
}

async fn made(app: &TestApp, json: Json) -> RecordId {
    let actor = app.acting("sales");
    let (new, permit) = (NewRecord::new("deal", parsed(app, &json)), actor.permit::<WriteRecords>().unwrap());
    app.write(&actor, move |unit| create(unit, &permit, new.clone())).await.unwrap()
}

async fn set(app: &TestApp, id: RecordId, json: Json) -> Result<i64> {
    let actor = app.acting("sales");
    let kind = app.catalogue().need("deal").unwrap();
    let patch = RecordPatch { fields: parse_fields(&kind, json.as_object().unwrap()).unwrap(), owner: None };
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| update(unit, &permit, id, None, patch.clone())).await
}

async fn row(app: &TestApp, id: RecordId) -> StoredRecord {
    let operator = app.operator();
    let row = app.read(&operator, move |unit| {
        let row = find(unit, id)?.unwrap();
        unit.plain(row)
    });
    row.await.unwrap()
}

async fn open(app: &TestApp, id: RecordId) -> Fields {
    row(app, id).await.open
}

fn text(fields: &Fields, key: &str) -> Option<String> {
    fields.get(key).map(Value::display)
}

/// A second pipeline, in which nothing is closed without a reason.
async fn renewals(app: &TestApp) {
    let mut kind = Kind::clone(&app.catalogue().need("deal").unwrap());
    let stage =
        |key: &str, outcome| Stage { key: key.into(), label: key.into(), probability: 70, outcome, rots_after: Some(10), retired: false };
    let stages = vec![stage("due", Outcome::Open), stage("renewed", Outcome::Won), stage("ended", Outcome::Lost)];
    kind.pipelines.push(Pipeline { key: "renewals".into(), label: "Renewals".into(), stages, reason_needed: true, retired: false });
    kinds::define(app, &app.operator(), kind).await.unwrap();
}

store_test! {
    async fn a_deal_knows_since_when_it_stands_in_its_stage_and_when_it_closed(app: TestApp) {
        let today = app.env().now().day().to_string();
        let id = made(&app, json!({"name": "Alder", "stage": "lead", "expected_close": "2031-01-01"})).await;
        let first = open(&app, id).await;
        assert_eq!(first.get(deal::STAGE_SINCE), Some(&Value::Time(row(&app, id).await.created)));
        assert_eq!(text(&first, deal::CLOSED), None);
        set(&app, id, json!({"amount": "5.00 EUR"})).await.unwrap();
        assert_eq!(open(&app, id).await.get(deal::STAGE_SINCE), first.get(deal::STAGE_SINCE), "another field moves nothing");
        app.clock.advance(std::time::Duration::from_secs(3_600));
        set(&app, id, json!({"stage": "won", "close_reason": "won_fit"})).await.unwrap();
        let won = open(&app, id).await;
        assert_ne!(won.get(deal::STAGE_SINCE), first.get(deal::STAGE_SINCE));
        assert_eq!((text(&won, deal::CLOSED), text(&won, deal::CLOSE_REASON)), (Some(today), Some("won_fit".into())));
        set(&app, id, json!({"closed": "2026-01-31"})).await.unwrap();
        assert_eq!(text(&open(&app, id).await, deal::CLOSED).as_deref(), Some("2026-01-31"), "the day may be corrected");
        set(&app, id, json!({"stage": "talk"})).await.unwrap();
        let again = open(&app, id).await;
        assert_eq!((text(&again, deal::CLOSED), text(&again, deal::CLOSE_REASON)), (None, None), "what goes on again has no end");
    }

    async fn what_comes_in_closed_closed_on_the_expected_day_if_that_is_past(app: TestApp) {
        let today = app.env().now().day().to_string();
        for (given, wanted) in [(json!({"expected_close": "2020-05-04"}), "2020-05-04"), (json!({"expected_close": "2199-01-01"}), today.as_str()), (json!({"closed": "2021-02-03"}), "2021-02-03")] {
            let mut fields = json!({"name": "Birch", "stage": "lost", "close_reason": "won_fit"});
            fields.as_object_mut().unwrap().extend(given.as_object().unwrap().clone());
            let found = open(&app, made(&app, fields).await).await;
            assert_eq!(text(&found, deal::CLOSED).as_deref(), Some(wanted));
            assert_eq!(text(&found, deal::CLOSE_REASON), None, "a reason for winning is none for losing");
        }
    }

    async fn a_pipeline_that_wants_a_reason_closes_nothing_without_one(app: TestApp) {
        renewals(&app).await;
        let id = made(&app, json!({"name": "Cedar", "stage": "due"})).await;
        for reason in [json!({"stage": "ended"}), json!({"stage": "ended", "close_reason": "won_price"})] {
            let refused = set(&app, id, reason).await.unwrap_err();
            assert_eq!((refused.code(), refused.problems()[0].pointer.as_str()), (Code::InvalidInput, "/close_reason"));
        }
        assert_eq!(text(&open(&app, id).await, deal::STAGE).as_deref(), Some("due"));
        set(&app, id, json!({"stage": "ended", "close_reason": "lost_price"})).await.unwrap();
        set(&app, id, json!({"amount": "7.00 EUR"})).await.unwrap();
        assert_eq!(text(&open(&app, id).await, deal::CLOSE_REASON).as_deref(), Some("lost_price"));
        made(&app, json!({"name": "Old", "stage": "ended"})).await;
    }
}
