//! The promises of evidence.

use catalogue::Value;
use kernel::RecordId;
use ledger::Report;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Audit, ReadRecords, WriteRecords};

use super::*;
use crate::records::{self, Detail, Fields, NewRecord, RecordPatch};

fn fields(app: &TestApp, kind: &str, json: serde_json::Value) -> Fields {
    let kind = app.catalogue().need(kind).unwrap();
    let parsed = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    parsed.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect()
}

async fn made(app: &TestApp, kind: &str, json: serde_json::Value) -> RecordId {
    let actor = app.operator();
    let new = NewRecord::new(kind, fields(app, kind, json));
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn changed(app: &TestApp, id: RecordId, field: &str, text: &str) {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let patch = RecordPatch { fields: [(field.to_owned(), Some(Value::Text(text.to_owned())))].into(), owner: None };
    app.write(&actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn looked_at(app: &TestApp, id: RecordId) {
    let actor = app.acting("sales");
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(&actor, move |unit| records::show(unit, &permit, id, Detail::Whole)).await.unwrap();
}

async fn filled(app: &TestApp) -> Vec<RecordId> {
    let firm = made(app, "company", json!({"name": "Nordwind"})).await;
    let ada = made(app, "person", json!({"name": "Ada Byron", "email": ["ada@b.example"], "company": firm, "relation": "lead"})).await;
    let note = made(app, "note", json!({"title": "Call", "person": ada})).await;
    changed(app, ada, "job_title", "Clerk").await;
    looked_at(app, ada).await;
    changed(app, ada, "job_title", "Director").await;
    looked_at(app, note).await;
    app.settle().await.unwrap();
    vec![firm, ada, note]
}

async fn verified(app: &TestApp, options: Options) -> Report {
    let permit = app.operator().permit::<Audit>().unwrap();
    verify(app, &permit, options, None).await.unwrap()
}

store_test! {
    async fn what_was_sealed_before_its_unit_is_taken_only_for_the_record_it_was_made_of_and_is_proved_like_any_other(app: TestApp) {
        let actor = app.acting("sales");
        let firm = made(&app, "company", json!({"name": "Nordwind"})).await;
        let given = fields(&app, "person", json!({"name": "Ada", "country": "DE", "phone": ["030 1234567"], "company": firm, "relation": "lead"}));
        let ready = NewRecord::new("person", given).made_ready(&app, &actor).unwrap();
        app.clock.advance(std::time::Duration::from_secs(5));
        let mut other = NewRecord { ahead: ready.ahead.clone(), ..ready.clone() };
        other.fields.insert("name".to_owned(), Value::Text("Grace".to_owned()));
        let mut of_yore = ready.clone();
        of_yore.created = Some(kernel::Instant::EPOCH);
        let mut opened = Vec::new();
        for new in [ready.clone(), other, of_yore] {
            let (write, read) = (actor.permit::<WriteRecords>().unwrap(), actor.permit::<ReadRecords>().unwrap());
            let id = app.write(&actor, move |unit| records::create(unit, &write, new.clone())).await.unwrap();
            opened.push(app.read(&actor, move |unit| records::show(unit, &read, id, Detail::Whole)).await.unwrap());
        }
        let [same, renamed, old] = opened.try_into().unwrap();
        assert_eq!((same.title.as_str(), renamed.title.as_str(), old.title.as_str()), ("Ada", "Grace", "Ada"));
        assert_eq!(same.captured.micros() - same.created.micros(), 5_000_000, "sealed when it was made ready");
        assert_eq!((renamed.created, old.created), (renamed.captured, kernel::Instant::EPOCH), "sealed anew");
        assert!(renamed.id != same.id && old.id != same.id);
        app.settle().await.unwrap();
        let report = verified(&app, Options::default()).await;
        assert!(report.faults.is_empty(), "{:?}", report.faults);
        // The same once more is another record of the same number, which there cannot be.
        let write = actor.permit::<WriteRecords>().unwrap();
        assert!(app.write(&actor, move |unit| records::create(unit, &write, ready.clone())).await.is_err());
    }

    async fn several_who_publish_into_one_folder_at_once_do_not_meet_and_a_verification_beside_them_finds_nothing(app: TestApp) {
        filled(&app).await;
        for _ in 0..12 {
            let settled: Vec<_> = (0..4)
                .map(|_| {
                    let app = (*app).clone();
                    tokio::spawn(async move { app.settle().await })
                })
                .collect();
            made(&app, "company", json!({"name": "Nordwind"})).await;
            let report = verified(&app, Options::default()).await;
            assert!(report.faults.is_empty(), "{:?}", report.faults);
            for one in settled {
                one.await.unwrap().unwrap();
            }
        }
    }

    async fn who_looked_last_is_told_by_person_and_purpose_and_writing_is_not_looking(app: TestApp) {
        let ids = filled(&app).await;
        let (ada, permit) = (ids[1], app.operator().permit::<Audit>().unwrap());
        let looks = async |most: usize| {
            let permit = permit.clone();
            app.read(&app.operator(), move |unit| looked(unit, &permit, ada, most)).await.unwrap()
        };
        let told = |looks: &[Look]| looks.iter().map(|l| format!("{} {} {}", l.actor, l.purpose, l.name)).collect::<Vec<_>>();
        assert_eq!(told(&looks(5).await), ["operator sales record.read"]);
        app.clock.advance(std::time::Duration::from_secs(120));
        index(&app, &permit).await.unwrap();
        let support = app.acting("support");
        let reads = support.permit::<ReadRecords>().unwrap();
        app.read(&support, move |unit| records::show(unit, &reads, ada, Detail::Masked)).await.unwrap();
        assert_eq!(told(&looks(5).await), ["operator support record.read", "operator sales record.read"], "from the index and from what it lacks");
        assert_eq!(looks(1).await.len(), 1);
        assert!(!index_lags(&app).await.unwrap());
    }

    async fn what_one_opened_lately_comes_back_newest_first_once_each_and_nobody_elses(app: TestApp) {
        let ids = filled(&app).await;
        let sales = catalogue::Purpose::find("sales").unwrap();
        let staff = |reach| {
            let grant = trail::Grant { reach, ..trail::Grant::everything("read") };
            trail::Actor::new(trail::Who::Staff(kernel::UserId::mint(app.env())), sales, "page", vec![grant])
        };
        let (me, other) = (staff(trail::Reach::All), staff(trail::Reach::All));
        let look = async |actor: &trail::Actor, id: RecordId| {
            app.clock.advance(std::time::Duration::from_secs(60));
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(actor, move |unit| records::show(unit, &permit, id, Detail::Masked)).await.unwrap();
        };
        let seen = async |actor: &trail::Actor, limit: usize| {
            let permit = actor.permit::<ReadRecords>().unwrap();
            let found = app.read(actor, move |unit| lately(unit, &permit, limit)).await?;
            Ok::<_, kernel::Error>(found.into_iter().map(|one| (one.shown.id, one.shown.cells.len())).collect::<Vec<_>>())
        };
        for at in [0, 1, 2, 1] {
            look(&me, ids[at]).await;
        }
        look(&other, ids[0]).await;
        assert_eq!(seen(&me, 8).await.unwrap(), [(ids[1], 1), (ids[2], 1), (ids[0], 1)], "only what names them");
        assert_eq!(seen(&me, 1).await.unwrap().len(), 1);
        assert_eq!(seen(&other, 8).await.unwrap().len(), 1);
        // Asking is no looking: the list does not feed itself. Whoever lost the reach no longer sees what they saw.
        assert_eq!(seen(&me, 8).await.unwrap().len(), 3);
        let narrowed = trail::Actor::new(me.who, sales, "page", vec![trail::Grant { reach: trail::Reach::Own, ..trail::Grant::everything("read") }]);
        assert_eq!(seen(&narrowed, 8).await.unwrap(), []);
        assert_eq!(seen(&app.operator(), 8).await.unwrap_err().code(), kernel::Code::Unauthenticated);
    }

    async fn an_untouched_store_verifies_open_and_without_keys_sealed(app: TestApp) {
        filled(&app).await;
        let open = verified(&app, Options::default()).await;
        assert_eq!(open.faults, []);
        assert_eq!((open.open, open.sealed, open.missing), (open.leaves, 0, 0));
        assert!(open.unanchored && open.leaves >= 7);
        let sealed = verified(&app, Options { sealed: true, ..Options::default() }).await;
        assert_eq!(sealed.faults, []);
        assert_eq!((sealed.open, sealed.sealed), (0, sealed.leaves));
        let again = verified(&app, Options { checkpoint: open.checkpoint.clone(), ..Options::default() }).await;
        assert!(again.is_clean() && !again.unanchored, "{again:?}");
    }

    async fn a_restarted_store_verifies_and_its_closed_stream_too(app: TestApp) {
        let ids = filled(&app).await;
        let app = app.restarted().await;
        looked_at(&app, ids[1]).await;
        let report = verified(&app, Options::default()).await;
        assert_eq!(report.faults, []);
    }

    async fn a_changed_box_is_named_and_missing(app: TestApp) {
        let ids = filled(&app).await;
        let id = ids[1];
        app.store().write(move |tx| tx.run("UPDATE record SET sealed = ?2 WHERE id = ?1", &store::args![id, vec![1u8; 90]])).await.unwrap();
        let report = verified(&app, Options::default()).await;
        assert!(report.missing == 1 && report.faults.iter().any(|f| f.what.contains(&id.to_string())), "{report:?}");
    }

    async fn the_log_is_served_and_proves_its_leaves(app: TestApp) {
        filled(&app).await;
        let size = tree_size(&app).await.unwrap();
        let (head, _) = ledger::open(&checkpoint(&app).await.unwrap(), &[app.verifier()]).unwrap();
        assert_eq!(head.size, size);
        let width = u16::try_from(size).unwrap();
        let bytes = tile(&app, 0, 0, width).await.unwrap();
        let leaf: [u8; 32] = bytes[32..64].try_into().unwrap();
        let (size, root, proof) = prove_inclusion(&app, 1).await.unwrap();
        assert!(ledger::verify_inclusion(&leaf, 1, size, &proof, &root).is_ok());
        assert!(tile(&app, 0, 0, width + 1).await.is_err());
        assert!(prove_inclusion(&app, size).await.is_err());
    }

    async fn a_bundle_verifies_offline_open_and_a_stranger_gets_none(app: TestApp) {
        let ids = filled(&app).await;
        let actor = app.operator();
        let bytes = bundle(&app, &actor.permit::<Audit>().unwrap(), ids[1]).await.unwrap();
        let report = ledger::verify_bundle(&bytes, Some(&[app.verifier()]));
        assert_eq!((report.faults.clone(), report.leaves, report.open), (vec![], 3, 3));
        let nobody = trail::Actor::new(trail::Who::Operator, actor.purpose, "cli", vec![trail::Grant { kind: "company".into(), ..trail::Grant::everything("audit") }]);
        let refused = bundle(&app, &nobody.permit::<Audit>().unwrap(), ids[1]).await.unwrap_err();
        assert_eq!(refused.code(), kernel::Code::NotFound);
        assert_eq!(verified(&app, Options::default()).await.faults, []);
    }

    async fn who_saw_or_changed_a_record_is_found_before_and_after_indexing(app: TestApp) {
        let ids = filled(&app).await;
        let (actor, ada) = (app.operator(), ids[1]);
        let permit = actor.permit::<Audit>().unwrap();
        let ask = || {
            let permit = permit.clone();
            app.read(&actor, move |unit| seen(unit, &permit, ada, kernel::Instant::EPOCH))
        };
        let names = |seen: Vec<Seen>| seen.into_iter().map(|e| e.name).filter(|n| n.starts_with("record.")).collect::<Vec<_>>();
        let expected = ["record.created", "record.updated", "record.read", "record.updated"];
        assert_eq!(names(ask().await.unwrap()), expected);
        app.clock.advance(std::time::Duration::from_secs(600));
        assert!(index(&app, &permit).await.unwrap() >= 6);
        assert_eq!(names(ask().await.unwrap()), expected);
        let signed = answer(&app, &permit, Question::Record(ada), kernel::Instant::EPOCH).await.unwrap();
        let note = ledger::note::Note::parse(&signed).unwrap();
        assert!(note.verify(&[app.verifier()]).is_ok() && note.text.contains("record.read") && !note.text.contains("Byron"));
        assert!(ledger::note::Note::parse(&signed.replace("record.read", "record.lost")).unwrap().verify(&[app.verifier()]).is_err());
    }
}
