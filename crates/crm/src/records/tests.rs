//! The promises of records.

use catalogue::{Value, person};
use kernel::{Code, RecordId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{
    Actor,
    permit::{ReadRecords, WriteRecords},
};

use super::*;

mod lines;
mod protect;

fn fields(app: &TestApp, kind: &str, json: serde_json::Value) -> Fields {
    let kind = app.catalogue().need(kind).unwrap();
    let parsed = parse_fields(&kind, json.as_object().unwrap()).unwrap();
    parsed.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect()
}

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let new = NewRecord::new(kind, fields(app, kind, json));
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| create(unit, &permit, new.clone())).await.unwrap()
}

async fn seen(app: &TestApp, actor: &Actor, id: RecordId, detail: Detail) -> Result<Shown> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| show(unit, &permit, id, detail)).await
}

store_test! {
    async fn a_record_is_read_back_as_made_and_leaves_nothing_readable_in_the_files(app: TestApp) {
        let actor = app.acting("sales");
        let id = made(&app, &actor, "person", json!({"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"], "relation": "lead"})).await;
        let shown = seen(&app, &actor, id, Detail::Whole).await.unwrap();
        assert_eq!(shown.title, "Ada Quellenbrunn");
        assert_eq!(shown.cell(person::EMAIL).unwrap().to_json(), json!(["ada@quellenbrunn.example"]));
        assert_eq!(shown.version, 1);
        app.settle().await.unwrap();
        assert_eq!(app.bytes_found(b"Quellenbrunn"), Vec::<String>::new());
        assert_eq!(app.bytes_found(b"quellenbrunn"), Vec::<String>::new());
    }

    async fn a_record_is_shown_by_the_unit_that_made_it_and_by_no_later_one(app: TestApp) {
        let actor = app.acting("sales");
        let (write, read) = (actor.permit::<WriteRecords>().unwrap(), actor.permit::<ReadRecords>().unwrap());
        let given = fields(&app, "person", json!({"name": "Ada", "email": ["ada@quell.example"], "phone": ["+49 30 1234567"]}));
        let new = NewRecord::new("person", given).made_ready(&app, &actor).unwrap();
        let making = read.clone();
        let make = move |unit: &mut Unit| {
            let id = create(unit, &write, new.clone())?;
            show_made(unit, &making, id)
        };
        let shown = app.write(&actor, make).await.unwrap().unwrap();
        assert_eq!(shown.to_json(), seen(&app, &actor, shown.id, Detail::Whole).await.unwrap().to_json());
        let id = shown.id;
        let later = move |unit: &mut Unit| {
            unit.witness(Event::new("record.created"))?;
            show_made(unit, &read, id)
        };
        assert_eq!(app.write(&actor, later).await.unwrap_err().code(), Code::Internal);
    }

    async fn tokens_worked_out_ahead_are_taken_only_where_they_are_those_of_the_record(app: TestApp) {
        let actor = app.acting("sales");
        let kind = app.catalogue().need("person").unwrap();
        // A number as it is dialled in Germany, and no country: it is no number that anybody could be found by.
        let given = fields(&app, "person", json!({"name": "Ada", "phone": ["030 12345678"]}));
        let ahead = Ahead::tokens(app.keyring(), &kind, &given, Some("DE"));
        assert!(ahead.good(&app.keyring(), Some("DE")).is_some());
        assert!(ahead.good(&app.keyring(), None).is_none());
        let other = std::sync::Arc::new(app.reload_keyring().unwrap());
        assert!(ahead.good(&other, Some("DE")).is_none(), "keys that were turned meanwhile");
        let permit = actor.permit::<WriteRecords>().unwrap();
        let new = NewRecord { ahead: Some(ahead), ..NewRecord::new("person", given) };
        let id = app.write(&actor, move |unit| create(unit, &permit, new.clone())).await.unwrap();
        let found = |text: &'static str, region: Option<&'static str>| {
            let kind = kind.clone();
            app.read(&actor, move |unit| {
                let ids: Vec<RecordId> = with_value(unit, &kind, "phone", text, region)?.iter().map(|record| record.row.id).collect();
                unit.release(Event::new("record.searched"), ids)
            })
        };
        assert_eq!(found("030 12345678", None).await.unwrap(), [id]);
        assert_eq!(found("030 12345678", Some("DE")).await.unwrap(), []);
    }

    async fn a_change_makes_a_version_and_a_stale_one_is_refused(app: TestApp) {
        let actor = app.acting("sales");
        let id = made(&app, &actor, "person", json!({"name": "Ada", "job_title": "Clerk"})).await;
        let permit = actor.permit::<WriteRecords>().unwrap();
        let patch = RecordPatch { fields: [("job_title".to_owned(), Some(Value::Text("Director".into())))].into(), owner: None };
        let (first, again) = (permit.clone(), patch.clone());
        assert_eq!(app.write(&actor, move |unit| update(unit, &first, id, Some(1), patch.clone())).await.unwrap(), 2);
        let refused = app.write(&actor, move |unit| update(unit, &permit, id, Some(1), again.clone())).await.unwrap_err();
        assert_eq!(refused.code(), Code::VersionConflict);
        let read = actor.permit::<ReadRecords>().unwrap();
        let old = app.read(&actor, move |unit| show_version(unit, &read, id, 1, Detail::Whole)).await.unwrap();
        assert_eq!(old.cell("job_title").unwrap().to_json(), json!("Clerk"));
        assert_eq!(seen(&app, &actor, id, Detail::Whole).await.unwrap().cell("job_title").unwrap().to_json(), json!("Director"));
    }

    async fn a_field_that_does_not_serve_the_purpose_is_withheld_and_never_silently_absent(app: TestApp) {
        let admin = app.acting("administration");
        let id = made(&app, &admin, "person", json!({"name": "Ada", "birthday": "1990-02-03", "email": ["ada@b.example"]})).await;
        let shown = seen(&app, &app.acting("sales"), id, Detail::Whole).await.unwrap();
        assert_eq!(shown.cell("birthday"), Some(&Cell::WithheldPurpose));
        assert!(shown.disclosed().all(|key| key != "birthday"));
        let masked = seen(&app, &admin, id, Detail::Masked).await.unwrap();
        assert_eq!(masked.cell("email"), Some(&Cell::Masked("a•••••@b.example".into())));
        let permit = app.acting("sales").permit::<ReadRecords>().unwrap();
        let refused = app.read(&app.acting("sales"), move |unit| reveal(unit, &permit, id, "birthday")).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let unknown_to_marketing = seen(&app, &app.acting("marketing"), id, Detail::Whole).await.unwrap_err();
        assert_eq!(unknown_to_marketing.code(), Code::NotFound);
    }

    async fn what_is_wrong_is_named_field_by_field_and_nothing_is_made(app: TestApp) {
        let kind = app.catalogue().need("person").unwrap();
        let wrong = json!({"email": "nobody", "relation": "friend", "shoe": 7, "last_contact": "2026-01-01T00:00:00Z"});
        let refused = parse_fields(&kind, wrong.as_object().unwrap()).unwrap_err();
        let mut places: Vec<_> = refused.problems().iter().map(|p| p.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/email", "/last_contact", "/relation", "/shoe"]);
        assert!(!format!("{refused:?}").contains("nobody"));
        let actor = app.operator();
        let permit = actor.permit::<WriteRecords>().unwrap();
        let nameless = NewRecord::new("person", fields(&app, "person", json!({"email": "a@b.example"})));
        let refused = app.write(&actor, move |unit| create(unit, &permit, nameless.clone())).await.unwrap_err();
        assert_eq!(refused.problems()[0].pointer, "/name");
    }

    async fn a_duplicate_is_recognised_through_blind_tokens(app: TestApp) {
        let actor = app.operator();
        let id = made(&app, &actor, "person", json!({"name": "Ada", "email": ["Ada@Example.ORG"], "phone": "+49 30 1234567"})).await;
        let kind = app.catalogue().need("person").unwrap();
        for (field, text, found) in [("email", "ada@example.org", true), ("email", "eda@example.org", false), ("phone", "0049 (30) 123-4567", true)] {
            let kind = std::sync::Arc::clone(&kind);
            let ids = app.read(&actor, move |unit| {
                let found: Vec<_> = with_value(unit, &kind, field, text, Some("DE"))?.iter().map(|r| r.row.id).collect();
                unit.release(Event::new("record.searched"), found)
            }).await.unwrap();
            assert_eq!(ids, if found { vec![id] } else { vec![] }, "{field} {text}");
        }
    }

    async fn links_point_to_records_that_exist_and_fill_timelines(app: TestApp) {
        let actor = app.operator();
        let firm = made(&app, &actor, "company", json!({"name": "Nordwind"})).await;
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "company": firm})).await;
        let note = made(&app, &actor, "note", json!({"title": "Call", "person": ada})).await;
        let on_firm = app.read(&actor, move |unit| {
            let rows = unit.all("SELECT record FROM timeline WHERE subject = ?1 ORDER BY at, entry", &args![firm], |row| row.get::<RecordId>(0))?;
            unit.plain(rows)
        }).await.unwrap();
        assert_eq!(on_firm, [firm, ada, note]);
        let permit = actor.permit::<WriteRecords>().unwrap();
        let lost = NewRecord::new("note", fields(&app, "note", json!({"title": "Lost", "person": firm})));
        let refused = app.write(&actor, move |unit| create(unit, &permit, lost.clone())).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "not_a_record");
    }

    async fn a_field_made_by_users_works_at_once_and_survives_a_restart(app: TestApp) {
        let actor = app.operator();
        let mut person = catalogue::Kind::clone(&app.catalogue().need("person").unwrap());
        let mut field = person.field("job_title").unwrap().clone();
        "favourite_tea".clone_into(&mut field.key);
        "Favourite tea".clone_into(&mut field.label);
        person.fields.push(field);
        kinds::define(&app, &actor, person.clone()).await.unwrap();
        let id = made(&app, &actor, "person", json!({"name": "Ada", "favourite_tea": "Oolong"})).await;
        let app = app.restarted().await;
        assert_eq!(seen(&app, &actor, id, Detail::Whole).await.unwrap().cell("favourite_tea").unwrap().to_json(), json!("Oolong"));
        person.fields.retain(|f| f.key != "favourite_tea");
        assert_eq!(kinds::define(&app, &actor, person).await.unwrap_err().code(), Code::InvalidInput);
    }

    // evidence.md: the committing transaction checks again that the record's state still allows it; otherwise the plaintext is dropped.
    async fn what_is_removed_while_it_is_read_is_not_shown_and_the_reading_begins_again_without_it(app: TestApp) {
        let id = made(&app, &app.operator(), "person", json!({"name": "Ada"})).await;
        for (always, expected) in [(false, Ok(false)), (true, Err(Code::Restricted))] {
            app.store().write(move |tx| tx.run("UPDATE record SET state = 'live' WHERE id = ?1", &args![id])).await.unwrap();
            let (store, tries) = (app.store().clone(), std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0)));
            let counted = std::sync::Arc::clone(&tries);
            let actor = app.operator();
            let read = app.read(&actor, move |unit| {
                let row = find(unit, id)?.unwrap();
                let live = row.state.is_readable();
                if live || always {
                    store.write_now(move |tx| {
                        tx.run("UPDATE record SET state = 'destroying' WHERE id = ?1", &args![id])?;
                        tx.run("UPDATE standing SET n = n + 1", &[])
                    })?;
                }
                counted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
                let event = Event::new("record.read");
                unit.release(if live || always { event.records([(id, 1)]) } else { event }, live)
            });
            assert_eq!(read.await.map_err(|error| error.code()), expected);
            assert_eq!(tries.load(std::sync::atomic::Ordering::SeqCst), if always { 3 } else { 2 });
        }
    }

    async fn going_back_writes_a_new_version_with_the_old_fields_and_forgets_nothing(app: TestApp) {
        let actor = app.acting("sales");
        let id = made(&app, &actor, "person", json!({"name": "Ada", "job_title": "Clerk"})).await;
        let permit = actor.permit::<WriteRecords>().unwrap();
        let write = async |patch: serde_json::Value| {
            let fields = parse_fields(&app.catalogue().need("person").unwrap(), patch.as_object().unwrap()).unwrap();
            let permit = permit.clone();
            app.write(&actor, move |unit| update(unit, &permit, id, None, RecordPatch { fields: fields.clone(), owner: None })).await.unwrap()
        };
        write(json!({"job_title": "Director", "relation": "lead"})).await;
        let back = async |to: i64, expected: i64| {
            let permit = permit.clone();
            app.write(&actor, move |unit| restore(unit, &permit, id, to, expected)).await
        };
        assert_eq!(back(1, 1).await.unwrap_err().code(), Code::VersionConflict, "what somebody changed since is not lost unseen");
        for to in [0, 2, 3] {
            assert_eq!(back(to, 2).await.unwrap_err().code(), Code::NotFound, "{to}");
        }
        assert_eq!(back(1, 2).await.unwrap(), 3);
        let shown = seen(&app, &actor, id, Detail::Whole).await.unwrap();
        assert_eq!((shown.version, shown.cell("job_title").unwrap().to_json()), (3, json!("Clerk")));
        assert!(shown.cell("relation").is_none(), "what was empty then is empty again");
        let before = app.read(&actor, { let read = actor.permit::<ReadRecords>().unwrap(); move |unit| show_version(unit, &read, id, 2, Detail::Whole) }).await.unwrap();
        assert_eq!(before.cell("job_title").unwrap().to_json(), json!("Director"));
        assert_eq!(back(1, 3).await.unwrap(), 3, "nothing to change, nothing written");
        let marketing = app.acting("marketing");
        let permit = marketing.permit::<WriteRecords>().unwrap();
        let refused = app.write(&marketing, move |unit| restore(unit, &permit, id, 1, 3)).await.unwrap_err();
        assert_eq!(refused.code(), Code::NotFound, "what a purpose does not serve is not there");
    }
}
