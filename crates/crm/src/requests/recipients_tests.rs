//! Recipients are entered, told of an erasure or a correction, and the request waits for them.

use kernel::{Code, RecordId, RequestId, Result};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{HandleRequests, ReadRecords};

use super::*;
use crate::{
    holds::testing::{made_on, settled},
    records::{self, Detail},
};

fn given(recipient: &str) -> Given {
    Given { recipient: recipient.to_owned(), what: "access package".to_owned(), purpose: "tax advice, contract".to_owned() }
}

async fn disclosed(app: &TestApp, person: RecordId, recipient: &str) -> Result<DisclosureId> {
    let (permit, given) = (app.operator().permit::<HandleRequests>().unwrap(), given(recipient));
    app.write(&app.operator(), move |unit| disclose(unit, &permit, person, &given, unit.now())).await
}

async fn told(app: &TestApp, id: DisclosureId, told: bool, how: &'static str) -> Result<()> {
    let permit = app.operator().permit::<HandleRequests>().unwrap();
    app.write(&app.operator(), move |unit| tell(unit, &permit, id, told, how)).await
}

async fn register(app: &TestApp, person: RecordId) -> Vec<Disclosure> {
    let permit = app.operator().permit::<HandleRequests>().unwrap();
    app.read(&app.operator(), move |unit| recipients(unit, &permit, person)).await.unwrap()
}

async fn shown(app: &TestApp, id: RequestId) -> Whole {
    let permit = app.operator().permit::<HandleRequests>().unwrap();
    app.read(&app.operator(), move |unit| show(unit, &permit, id)).await.unwrap()
}

async fn title(app: &TestApp, task: RecordId) -> (String, serde_json::Value) {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    let shown = app.read(&app.operator(), move |unit| records::show(unit, &permit, task, Detail::Whole)).await.unwrap();
    (shown.title.clone(), shown.cell("done").map_or(serde_json::Value::Null, |cell| cell.to_json()))
}

store_test! {
    // GDPR Art 19: each recipient is told of the erasure, unless that proves impossible; the request is answered in part until then.
    async fn an_erasure_names_its_recipients_gives_each_a_task_and_ends_when_each_was_told_or_cannot_be(app: TestApp) {
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada Quell"})).await;
        let other = made_on(&app, "person", "2022-01-01", json!({"name": "Bob"})).await;
        settled(&app).await;
        for (recipient, code) in [("  ", Code::InvalidInput)] {
            assert_eq!(disclosed(&app, ada, recipient).await.unwrap_err().code(), code);
        }
        let (first, second) = (disclosed(&app, ada, "Nordwind Tax").await.unwrap(), disclosed(&app, ada, "Old Mill Ltd").await.unwrap());
        let others = disclosed(&app, other, "Nordwind Tax").await.unwrap();
        assert_eq!(told(&app, first, true, "by letter").await.unwrap_err().code(), Code::Conflict, "there is nothing to tell yet");
        let plan = erasure::plan(&app, &app.operator(), ada).await.unwrap();
        assert_eq!(plan.recipients.iter().map(|r| r.recipient.as_str()).collect::<Vec<_>>(), ["Nordwind Tax", "Old Mill Ltd"]);
        let done = erasure::execute(&app, &app.operator(), ada, None, "asked by letter", &plan.fingerprint, plan.count).await.unwrap();
        assert_eq!((done.erased, done.recipients, done.standing), (1, 2, Standing::Partly));
        let entries = register(&app, ada).await;
        assert!(entries.iter().all(|entry| entry.told == Told::ToTell && entry.request == Some(done.request)));
        for entry in &entries {
            let (title, is_done) = title(&app, entry.task.unwrap()).await;
            assert!(title.contains(&entry.id.to_string()) && !title.contains("Ada") && !title.contains("Nordwind"), "{title}");
            assert_eq!(is_done, serde_json::Value::Null);
        }
        assert_eq!(erasure::go_on(&app, &app.operator()).await.unwrap(), 0, "it waits, and is not carried out again");
        assert_eq!(told(&app, first, true, "").await.unwrap_err().code(), Code::InvalidInput);
        told(&app, first, true, "by registered letter").await.unwrap();
        assert_eq!(told(&app, first, true, "again").await.unwrap_err().code(), Code::Conflict);
        assert_eq!(shown(&app, done.request).await.request.state, Standing::Partly);
        assert_eq!(title(&app, entries[0].task.unwrap()).await.1, json!(true));
        told(&app, second, false, "the company was dissolved in 2024").await.unwrap();
        let whole = shown(&app, done.request).await;
        assert_eq!((whole.request.state, whole.request.closed.is_some()), (Standing::Fulfilled, true));
        assert!(whole.notes.iter().any(|note| note.contains("impossible") && note.contains("dissolved")), "{:?}", whole.notes);
        assert!(whole.log.iter().filter(|step| step.what == "recipient.told").count() == 2);
        assert_eq!(register(&app, other).await[0].told, Told::Holds, "another person's recipients are told nothing");
        assert_eq!(told(&app, others, true, "x").await.unwrap_err().code(), Code::Conflict);
    }

    async fn a_correction_waits_for_its_recipients_too_and_one_without_any_is_closed_at_once(app: TestApp) {
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada Quell"})).await;
        settled(&app).await;
        let permit = app.operator().permit::<HandleRequests>().unwrap();
        let corrected = async |right: &'static str| {
            let p = permit.clone();
            let id = app.write(&app.operator(), move |unit| open(unit, &p, ada, right, "by letter", unit.now())).await.unwrap();
            let p = permit.clone();
            app.write(&app.operator(), move |unit| close(unit, &p, id, Standing::Fulfilled, "")).await.unwrap();
            id
        };
        let alone = corrected("rectify").await;
        assert!(shown(&app, alone).await.request.closed.is_some());
        let entry = disclosed(&app, ada, "Nordwind Tax").await.unwrap();
        let access = corrected("access").await;
        assert!(shown(&app, access).await.request.closed.is_some(), "an access tells nobody");
        let waits = corrected("restrict").await;
        assert_eq!(shown(&app, waits).await.request.state, Standing::Partly);
        told(&app, entry, true, "by mail").await.unwrap();
        assert_eq!(shown(&app, waits).await.request.state, Standing::Fulfilled);
    }

    async fn whoever_may_not_handle_requests_enters_no_recipient(app: TestApp) {
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada Quell"})).await;
        let visitor = trail::Actor::visitor();
        assert_eq!(visitor.permit::<HandleRequests>().unwrap_err().code(), Code::Forbidden);
        let gone = RecordId::from_bytes([1; 16]);
        assert_eq!(disclosed(&app, gone, "Nordwind Tax").await.unwrap_err().code(), Code::NotFound);
        assert!(register(&app, ada).await.is_empty());
    }
}
