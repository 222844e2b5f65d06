//! The review of single fields: found in the queue, proposed, approved by another person, destroyed alone, and proved.

use kernel::{Code, OrderId};
use ledger::canonical::{self, Value as Cbor};
use serde_json::json;
use testkit::{TestApp, store_test};

use super::{tests::*, *};
use crate::{
    holds::testing::*,
    retention::{self, Queue},
};

/// A person whose note is to be reviewed after a year, while the rest is kept for nine.
async fn noted(app: &TestApp) -> RecordId {
    rule(app, "lead", json!({"applies_to": over("person"), "period": "P9Y"})).await;
    let review = json!({"kind": "max", "applies_to": over("person"), "fields": ["note", "relation"], "period": "P1Y", "then": "review"});
    rule(app, "notes", review).await;
    let ada = made_on(app, "person", "2022-01-01", json!({"name": "Ada", "note": "likes Quellenbrunn"})).await;
    made_on(app, "person", "2022-01-01", json!({"name": "Bob"})).await;
    settled(app).await;
    ada
}

async fn queue(app: &TestApp) -> Queue {
    let permit = app.operator().permit::<Dispose>().unwrap();
    app.read(&app.operator(), move |unit| retention::waiting(unit, &permit, 10)).await.unwrap()
}

async fn proposed(app: &TestApp, id: RecordId, fields: &[&str]) -> Result<OrderId> {
    let (cause, fields) = (expiry(app), fields.iter().map(|&field| field.to_owned()).collect::<Vec<_>>());
    app.write(&staff(1), move |unit| propose_fields(unit, &cause, id, &fields, "nobody calls there any more")).await
}

async fn agreed(app: &TestApp, who: u8, id: OrderId) -> Result<()> {
    let permit = staff(who).permit::<Dispose>().unwrap();
    app.write(&staff(who), move |unit| approve(unit, &permit, id, "I agree")).await
}

async fn gone_on(app: &TestApp, who: u8, id: OrderId) -> Result<()> {
    let permit = staff(who).permit::<Dispose>().unwrap();
    app.write(&staff(who), move |unit| order_proposed(unit, &permit, id)).await?;
    destroy(app, &staff(who), id).await
}

/// Changes what a proposal's row says, as somebody with the database's password would.
async fn changed_by_hand(app: &TestApp, id: OrderId, key: &'static str, value: Cbor) {
    let change = move |tx: &mut store::Tx| {
        let body: Vec<u8> = tx.one(sql::PROPOSAL_FIND, &store::args![id], |row| row.get(4))?;
        let Cbor::Map(mut map) = canonical::decode(&body)? else { panic!("no map") };
        map.insert(key.to_owned(), value.clone());
        tx.run(sql::PROPOSAL_UPDATE, &store::args![id, "open", canonical::encode(&Cbor::Map(map))]).map(drop)
    };
    app.store().write(change).await.unwrap();
}

store_test! {
    async fn a_field_to_be_reviewed_waits_by_name_and_goes_alone_once_another_person_agrees(app: TestApp) {
        let ada = noted(&app).await;
        let swept = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!((swept.review, swept.disposed), (1, 0), "a field in which nothing stands waits for nobody");
        let waits = queue(&app).await;
        assert_eq!(waits.first.len(), 1);
        assert_eq!((waits.first[0].record, waits.first[0].fields.as_slice()), (ada, &["note".to_owned()][..]));
        assert!(waits.first[0].line.contains("notes, Ours; then reviewed by people"), "{}", waits.first[0].line);
        for (fields, code) in [(&["colour"][..], Code::InvalidInput), (&[], Code::InvalidInput)] {
            assert_eq!(proposed(&app, ada, fields).await.unwrap_err().code(), code);
        }
        let order = proposed(&app, ada, &["note"]).await.unwrap();
        let permit = app.operator().permit::<Dispose>().unwrap();
        let weighed = app.read(&app.operator(), move |unit| weigh(unit, &permit, order)).await.unwrap();
        assert_eq!((weighed.goes(), weighed.needed, weighed.planned[0].fate.fields()), (1, 1, &["note".to_owned()][..]));
        assert_eq!(agreed(&app, 1, order).await.unwrap_err().code(), Code::SecondPersonRequired);
        assert_eq!(gone_on(&app, 1, order).await.unwrap_err().code(), Code::SecondPersonRequired);
        agreed(&app, 2, order).await.unwrap();
        assert_eq!(agreed(&app, 2, order).await.unwrap_err().code(), Code::SecondPersonRequired);
        assert_eq!(gone_on(&app, 2, order).await.unwrap_err().code(), Code::SecondPersonRequired, "who approved does not carry it out");
        assert!(seen(&app, ada).await.unwrap().cell("note").is_some());
        gone_on(&app, 1, order).await.unwrap();
        let shown = seen(&app, ada).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("note")), ("Ada", None));
        nothing_reads(&app, &["Quellenbrunn"]).await;
        let report = verified(&app).await;
        assert_eq!((report.faults, report.missing), (vec![], 0));
        assert!(queue(&app).await.first.is_empty());
        assert_eq!(agreed(&app, 3, order).await.unwrap_err().code(), Code::Conflict);
    }

    async fn what_may_not_go_is_refused_when_it_is_ordered_whatever_was_approved(app: TestApp) {
        let ada = noted(&app).await;
        let order = proposed(&app, ada, &["name", "note"]).await.unwrap();
        agreed(&app, 2, order).await.unwrap();
        assert_eq!(gone_on(&app, 1, order).await.unwrap_err().code(), Code::RetentionFloor);
        let cause = expiry(&app);
        let whole = app.write(&staff(1), move |unit| propose(unit, &cause, &[ada], "over")).await.unwrap();
        agreed(&app, 2, whole).await.unwrap();
        assert_eq!(gone_on(&app, 1, whole).await.unwrap_err().code(), Code::RetentionFloor);
        let second = proposed(&app, ada, &["note"]).await.unwrap();
        let permit = staff(3).permit::<Dispose>().unwrap();
        let turned_down = async |reason: &'static str| {
            let permit = permit.clone();
            app.write(&staff(3), move |unit| withdraw(unit, &permit, second, reason)).await
        };
        assert_eq!(turned_down(" ").await.unwrap_err().code(), Code::InvalidInput);
        turned_down("still needed for the case").await.unwrap();
        assert_eq!(agreed(&app, 2, second).await.unwrap_err().code(), Code::Conflict);
        let permit = app.operator().permit::<Dispose>().unwrap();
        let ended = app.read(&app.operator(), move |unit| weigh(unit, &permit, second)).await.unwrap().proposal;
        assert_eq!((ended.state.as_str(), ended.ended.unwrap().2.as_str()), ("withdrawn", "still needed for the case"));
        assert!(seen(&app, ada).await.unwrap().cell("note").is_some());
    }

    async fn what_was_approved_for_one_field_serves_no_other_and_not_the_whole_and_the_change_is_named(app: TestApp) {
        let ada = noted(&app).await;
        changed(&app, ada, "relation", "lead").await;
        settled(&app).await;
        let other = Cbor::Array(vec![Cbor::Text("relation".to_owned())]);
        for (key, value) in [("fields", other), ("fields", Cbor::Array(vec![])), ("approvals", Cbor::Null)] {
            let order = proposed(&app, ada, &["note"]).await.unwrap();
            agreed(&app, 2, order).await.unwrap();
            assert_eq!(verified(&app).await.faults, []);
            // In the last round the approvals are those of another proposal.
            let value = if value == Cbor::Null { approvals_of_another(&app, ada).await } else { value };
            let before = app.store().read(move |tx| tx.one(sql::PROPOSAL_FIND, &store::args![order], |row| row.get::<Vec<u8>>(4))).await.unwrap();
            changed_by_hand(&app, order, key, value).await;
            assert!(gone_on(&app, 1, order).await.is_err(), "{key}");
            let expected = if key == "fields" { "names other records or fields than were approved" } else { "no proposal holds the approval" };
            let faults = verified(&app).await.faults;
            assert!(faults.iter().any(|fault| fault.what.contains(expected)), "{key}: {faults:?}");
            app.store().write(move |tx| tx.run(sql::PROPOSAL_UPDATE, &store::args![order, "open", before.as_slice()]).map(drop)).await.unwrap();
        }
        assert!(seen(&app, ada).await.unwrap().cell("note").is_some());
    }
}

async fn approvals_of_another(app: &TestApp, ada: RecordId) -> Cbor {
    let order = proposed(app, ada, &["note"]).await.unwrap();
    agreed(app, 2, order).await.unwrap();
    let body = app.store().read(move |tx| tx.one(sql::PROPOSAL_FIND, &store::args![order], |row| row.get::<Vec<u8>>(4))).await.unwrap();
    let Cbor::Map(mut map) = canonical::decode(&body).unwrap() else { panic!("no map") };
    map.remove("approvals").unwrap()
}
