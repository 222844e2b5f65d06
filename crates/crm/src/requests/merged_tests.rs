//! What is merged into a person is the person: it is told of and erased with them.

use std::collections::BTreeMap;

use kernel::RecordId;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Audit, WriteRecords};

use super::{
    erasure::{execute, plan},
    package::{Target, package},
    tests::{made, planted},
};
use crate::{
    duplicates::{Asked, merge},
    evidence,
    records::{self, State},
};

async fn merged(app: &TestApp, survivor: RecordId, other: RecordId) {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let asked = Asked { survivor, other, choices: BTreeMap::new(), versions: (None, None) };
    app.write(&actor, move |unit| merge(unit, &permit, &asked)).await.unwrap();
}

async fn state(app: &TestApp, id: RecordId) -> State {
    app.read(&app.operator(), move |unit| {
        let state = records::find(unit, id)?.map_or(State::Gone, |row| row.state);
        unit.plain(state)
    })
    .await
    .unwrap()
}

store_test! {
    async fn an_access_package_holds_what_was_merged_into_the_person(app: TestApp) {
        let story = planted(&app).await;
        let survivor = made(&app, "person", json!({"name": "Ada Q.", "email": ["ada.q@quelle.example"]})).await;
        merged(&app, survivor, story.ada).await;
        let path = app.folder().join("package.zip");
        package(&app, &app.operator(), survivor, None, &Target::File(path.clone())).await.unwrap();
        let mut zip = zip::ZipArchive::new(std::fs::File::open(&path).unwrap()).unwrap();
        let mut data = String::new();
        for n in 0..zip.len() {
            let mut file = zip.by_index(n).unwrap();
            if file.name().unwrap().ends_with("package.json") {
                std::io::Read::read_to_string(&mut file, &mut data).unwrap();
            }
        }
        for id in [survivor, story.ada, story.letter, story.shared, story.attachment] {
            assert!(data.contains(&id.to_string()), "{id}");
        }
        assert!(data.contains("ada@quelle.example") && data.contains("My quelle words."), "whole, as the person's own");
        assert!(!data.contains("Widerhall"), "others stay out of it");
    }

    async fn an_erasure_of_the_survivor_destroys_what_was_merged_into_it(app: TestApp) {
        let story = planted(&app).await;
        let survivor = made(&app, "person", json!({"name": "Ada Q.", "email": ["ada.q@quelle.example"]})).await;
        let twin = made(&app, "person", json!({"name": "A. Quelle", "email": ["ada@quelle.example"]})).await;
        let (actor, permit) = (app.operator(), app.operator().permit::<WriteRecords>().unwrap());
        app.write(&actor, move |unit| crate::duplicates::ask(unit, &permit, true)).await.unwrap();
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crate::duplicates::handlers()).await.unwrap();
        let pairs = async || app.store().read(|tx| tx.one("SELECT COUNT(*) FROM duplicate", &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(pairs().await, 1);
        merged(&app, survivor, story.ada).await;
        let refused = plan(&app, &actor, story.ada).await.err().unwrap();
        assert_eq!(refused.problems()[0].detail, survivor.to_string(), "one asks for the whole person");
        let weighed = plan(&app, &actor, survivor).await.unwrap();
        let line = weighed.items.iter().find(|line| line.record == story.ada).unwrap();
        assert_eq!((line.outcome.as_str(), line.also_concerns), ("erase", 0));
        execute(&app, &actor, survivor, None, "Asked by letter.", &weighed.fingerprint, weighed.count).await.unwrap();
        for id in [survivor, story.ada, story.letter, story.attachment] {
            assert!(!state(&app, id).await.is_readable(), "{id}");
        }
        assert_eq!(state(&app, story.bob).await, State::Live);
        assert_eq!((pairs().await, state(&app, twin).await), (0, State::Live), "nor whom it looked like");
        let shared = story.shared;
        let text = app
            .read(&actor, move |unit| {
                let row = records::find(unit, shared)?.unwrap();
                let fields = records::open(unit, row)?.unwrap().fields();
                unit.release(trail::Event::new("test.read").records([(shared, 1)]), fields)
            })
            .await
            .unwrap();
        let all = text.values().map(catalogue::Value::display).collect::<Vec<_>>().join("\n");
        assert!(!all.contains("Quellenbrunn") && !all.contains("ada@quelle") && !all.contains("Dear Ada"), "{all}");
        let report = evidence::verify(&app, &actor.permit::<Audit>().unwrap(), evidence::Options::default(), None).await.unwrap();
        assert!(report.faults.is_empty(), "{:?}", report.faults);
    }
}
