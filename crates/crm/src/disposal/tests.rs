//! The promises of disposal.

use std::sync::Arc;

use kernel::{Code, OrderId};
use ledger::Report;
use serde_json::json;
use testkit::{Engine, TestApp, store_test};
use trail::permit::{Audit, Hold, ManageRules, ReadRecords};

use super::{steps::drive, *};
use crate::{
    evidence,
    holds::{self, testing::*},
    records::{self, Detail, State},
    retention,
};

pub(super) fn expiry(app: &TestApp) -> Cause {
    Cause::expiry(&app.operator().permit::<Dispose>().unwrap())
}

fn erasure(app: &TestApp, request: RequestId) -> Cause {
    Cause::erasure(&app.operator().permit::<HandleRequests>().unwrap(), request)
}

async fn ordered(app: &TestApp, cause: &Cause, ids: &[RecordId]) -> Result<OrderId> {
    let (cause, ids) = (cause.clone(), ids.to_vec());
    app.write(&app.operator(), move |unit| order(unit, &cause, &ids)).await
}

async fn destroyed(app: &TestApp, cause: &Cause, ids: &[RecordId]) -> Result<OrderId> {
    let id = ordered(app, cause, ids).await?;
    destroy(app, &app.operator(), id).await?;
    Ok(id)
}

async fn planned(app: &TestApp, cause: &Cause, id: RecordId) -> Planned {
    let cause = cause.clone();
    app.read(&app.operator(), move |unit| {
        let planned = plan(unit, &cause, &[id])?.remove(0);
        unit.plain(planned)
    })
    .await
    .unwrap()
}

pub(super) async fn verified(app: &TestApp) -> Report {
    let permit = app.operator().permit::<Audit>().unwrap();
    let options = evidence::Options { permits: Some(Arc::new(retention::permits)), ..evidence::Options::default() };
    evidence::verify(app, &permit, options, None).await.unwrap()
}

async fn count(app: &TestApp, sql: &'static str) -> i64 {
    app.store().read(move |tx| tx.one(sql, &[], |row| row.get(0))).await.unwrap()
}

pub(super) async fn seen(app: &TestApp, id: RecordId) -> Result<records::Shown> {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    app.read(&app.operator(), move |unit| records::show(unit, &permit, id, Detail::Whole)).await
}

/// Two years for tasks, then disposed.
async fn task_rule(app: &TestApp) {
    rule(app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
}

async fn old_task(app: &TestApp, title: &str) -> RecordId {
    let id = made_on(app, "task", "2022-01-01", json!({"title": title})).await;
    settled(app).await;
    id
}

/// Nothing a person would know is in any table of the database.
pub(super) async fn nothing_reads(app: &TestApp, words: &[&'static str]) {
    for word in words {
        assert_eq!(app.bytes_found(word.as_bytes()), Vec::<String>::new());
    }
    if app.engine == Engine::Postgres {
        let words: Vec<String> = words.iter().map(|word| format!("%{word}%")).collect();
        let found = app
            .store()
            .read(move |tx| {
                let sql = "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = current_schema()";
                let tables = tx.all(sql, &[], |row| row.get::<String>(0))?;
                assert!(tables.len() > 20);
                let mut found = 0;
                for table in tables {
                    for word in &words {
                        let sql = format!("SELECT COUNT(*) FROM {table} x WHERE CAST(x AS TEXT) LIKE ?1");
                        found += tx.one(&sql, &args![word.as_str()], |row| row.get::<i64>(0))?;
                    }
                }
                Ok(found)
            })
            .await
            .unwrap();
        assert_eq!(found, 0);
    }
}

store_test! {
    async fn every_statement_is_valid_on_both_engines(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL.iter().copied().filter(|(_, sql)| !sql.starts_with("INSERT") || sql.contains("?1")).collect::<Vec<_>>().as_slice())).await.unwrap();
    }

    async fn what_is_destroyed_leaves_no_byte_of_value_box_or_key_in_any_version(app: TestApp) {
        task_rule(&app).await;
        let id = old_task(&app, "Call Quellenbrunn").await;
        changed(&app, id, "title", "Visit Quellenbrunn").await;
        settled(&app).await;
        let before = row(&app, id).await;
        let earlier = app.read(&app.operator(), move |unit| {
            let now = records::find(unit, id)?.unwrap();
            let first = records::earlier(unit, now, 1)?;
            unit.plain(first)
        }).await.unwrap();
        let key = before.key;
        let wrapped = app.store().read(move |tx| tx.vault().one("SELECT bytes FROM vault_key WHERE id = ?1", &args![key], |row| row.get::<Vec<u8>>(0))).await.unwrap();
        let tokens = records::index::tokens(&app.keyring().tokens(), &before.kind, &fields(&app, "task", json!({"title": "Visit Quellenbrunn"})), None);
        let token = format!("{:016x}", tokens[0]);
        if app.engine == Engine::Sqlite {
            for there in [&before.sealed[..], &earlier.sealed, &wrapped, token.as_bytes()] {
                assert_ne!(app.bytes_found(there), Vec::<String>::new());
            }
        }
        let order = destroyed(&app, &expiry(&app), &[id]).await.unwrap();
        let gone = row(&app, id).await;
        assert_eq!((gone.state, gone.sealed.len(), gone.open.len(), gone.law.as_str()), (State::Gone, 0, 0, ""));
        for gone in [&before.sealed[..], &earlier.sealed, &wrapped, token.as_bytes()] {
            assert_eq!(app.bytes_found(gone), Vec::<String>::new());
        }
        nothing_reads(&app, &["Quellenbrunn", "quellenbrunn"]).await;
        assert_eq!(seen(&app, id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM record_version WHERE open <> '{}'").await, 0);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM name_sort").await, 0);
        let stone = app.write(&app.operator(), move |unit| unit.tombstone(key)).await.unwrap();
        assert_eq!(stone, Some(*order.bytes()));
        assert_eq!(ordered(&app, &expiry(&app), &[id]).await.unwrap_err().code(), Code::Conflict);
    }

    async fn the_ledger_explains_what_was_destroyed_and_decides_it_again(app: TestApp) {
        task_rule(&app).await;
        let (a, b) = (old_task(&app, "One").await, old_task(&app, "Two").await);
        changed(&app, a, "title", "One more").await;
        settled(&app).await;
        made_on(&app, "task", "2026-01-01", json!({"title": "Stays"})).await;
        destroyed(&app, &expiry(&app), &[b, a]).await.unwrap();
        let report = verified(&app).await;
        assert_eq!(report.faults, []);
        assert_eq!((report.expired, report.erased, report.missing), (3, 0, 0));
    }

    async fn an_order_whose_facts_do_not_permit_it_is_not_believed(app: TestApp) {
        task_rule(&app).await;
        let id = old_task(&app, "One").await;
        let order = ordered(&app, &expiry(&app), &[id]).await.unwrap();
        let body = app.store().read(move |tx| tx.one(sql::ORDER_FIND, &args![order], |row| row.get::<Vec<u8>>(5))).await.unwrap();
        let mut fields = sheet::Sheet::decode(&body).unwrap().order.fields;
        assert!(retention::permits(&ledger::Order::from_fields(&fields).unwrap(), 0));
        let encoded = ledger::canonical::encode(&fields["facts"]);
        let earlier = String::from_utf8_lossy(&encoded).into_owned();
        assert!(earlier.contains("P2Y"));
        let longer = encoded.windows(3).position(|w| w == b"P2Y").unwrap();
        let mut forged = encoded.clone();
        forged[longer + 1] = b'9';
        fields.insert("facts".to_owned(), ledger::canonical::decode(&forged).unwrap());
        assert!(!retention::permits(&ledger::Order::from_fields(&fields).unwrap(), 0));
    }

    async fn a_floor_refuses_with_rule_citation_and_day_and_changes_nothing(app: TestApp) {
        rule(&app, "letter", json!({"applies_to": over("task"), "name": "Letter", "strength": "law", "period": "P6Y", "citation": "HGB §257"})).await;
        let id = old_task(&app, "Call").await;
        let refused = ordered(&app, &expiry(&app), &[id]).await.unwrap_err();
        assert_eq!(refused.code(), Code::RetentionFloor);
        assert!(refused.detail().contains("1 Jan 2028") && refused.detail().contains("Letter (HGB §257)"), "{}", refused.detail());
        assert_eq!(state(&app, id).await, State::Live);
        assert_eq!(seen(&app, id).await.unwrap().title, "Call");
        let Fate::Keep(bar) = planned(&app, &expiry(&app), id).await.fate else { panic!("kept") };
        assert_eq!((bar.rule.as_str(), bar.citation.as_str(), bar.until), ("Letter", "HGB §257", Some(date("2028-01-01"))));
    }

    // retention.md #45: decided again inside the transaction that destroys.
    async fn a_hold_placed_after_the_plan_blocks_and_one_held_record_refuses_all(app: TestApp) {
        task_rule(&app).await;
        let (held, free) = (old_task(&app, "Held").await, old_task(&app, "Free").await);
        assert_eq!(planned(&app, &expiry(&app), held).await.fate, Fate::Erase);
        let permit = staff(1).permit::<Hold>().unwrap();
        let p = permit.clone();
        app.write(&staff(1), move |unit| holds::place(unit, &p, &[held], "Secret matter", "a letter")).await.unwrap();
        let refused = ordered(&app, &expiry(&app), &[held, free]).await.unwrap_err();
        assert_eq!(refused.code(), Code::LegalHold);
        assert!(!refused.detail().contains("Secret"));
        assert_eq!(planned(&app, &expiry(&app), held).await.fate, Fate::Held);
        assert_eq!(state(&app, free).await, State::Live);
        destroyed(&app, &expiry(&app), &[free]).await.unwrap();
        let late = app.write(&staff(1), move |unit| holds::place(unit, &permit, &[free], "Too late", "a letter")).await.unwrap_err();
        assert_eq!(late.code(), Code::NotFound);
    }

    async fn what_no_rule_classifies_is_never_destroyed(app: TestApp) {
        let id = old_task(&app, "Call").await;
        assert_eq!(ordered(&app, &expiry(&app), &[id]).await.unwrap_err().code(), Code::Restricted);
        assert_eq!(state(&app, id).await, State::Live);
    }

    // evidence.md: no certificate exists while anything is readable; nothing is destroyed without its order.
    async fn a_kill_after_any_step_is_completed_at_start_up(app: TestApp) {
        task_rule(&app).await;
        let mut app = app;
        for (stage, n) in [(Stage::Ordered, 1), (Stage::Shredded, 2), (Stage::Emptied, 3)] {
            let id = old_task(&app, "Call Quellenbrunn").await;
            let order = ordered(&app, &expiry(&app), &[id]).await.unwrap();
            drive(&app, &app.operator(), order, stage).await.unwrap();
            assert_eq!(count(&app, "SELECT COUNT(*) FROM certificate").await, n - 1);
            assert_eq!(seen(&app, id).await.unwrap_err().code(), Code::NotFound);
            let key = row(&app, id).await.key;
            let there = app.write(&app.operator(), move |unit| Ok((unit.with_key(key, |_| Ok(()))?.is_some(), unit.tombstone(key)?.is_some()))).await.unwrap();
            assert_eq!(there, (stage == Stage::Ordered, stage != Stage::Ordered));
            app = app.restarted().await;
            assert_eq!(resume(&app, &app.operator()).await.unwrap(), 1);
            assert_eq!(resume(&app, &app.operator()).await.unwrap(), 0);
            destroy(&app, &app.operator(), order).await.unwrap();
            assert_eq!(count(&app, "SELECT COUNT(*) FROM certificate").await, n);
            assert_eq!(state(&app, id).await, State::Gone);
        }
        let report = verified(&app).await;
        assert_eq!((report.faults, report.expired), (vec![], 3));
    }

    async fn a_kill_between_the_vaults_commit_and_the_datas_is_completed_too(app: TestApp) {
        task_rule(&app).await;
        let id = old_task(&app, "Call").await;
        let order = ordered(&app, &expiry(&app), &[id]).await.unwrap();
        let (key, at) = (row(&app, id).await.key, app.env().now());
        app.store().write(move |tx| {
            tx.vault().run(trail::sql::vault_sql::KEY_DELETE, &args![key])?;
            tx.vault().run(trail::sql::vault_sql::TOMBSTONE_INSERT, &args![key, at, *order.bytes()])
        }).await.unwrap();
        assert_eq!(resume(&app, &app.operator()).await.unwrap(), 1);
        assert_eq!(state(&app, id).await, State::Gone);
        assert_eq!(verified(&app).await.faults, []);
    }

    // retention.md #43: one of two approvals, or the same person twice, is not enough.
    async fn a_review_needs_distinct_people_none_of_them_the_one_who_proposes(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y", "then": "review"})).await;
        let rules = app.operator().permit::<ManageRules>().unwrap();
        let policy = retention::Policy { approvers: 2, ..retention::Policy::default() };
        app.write(&app.operator(), move |unit| retention::set_policy(unit, &rules, &policy)).await.unwrap();
        let id = old_task(&app, "Call").await;
        assert_eq!(ordered(&app, &expiry(&app), &[id]).await.unwrap_err().code(), Code::SecondPersonRequired);
        let cause = expiry(&app);
        let proposal = app.write(&staff(1), move |unit| propose(unit, &cause, &[id], "no longer needed")).await.unwrap();
        let go = async |who: u8| {
            let permit = staff(who).permit::<Dispose>().unwrap();
            app.write(&staff(who), move |unit| order_proposed(unit, &permit, proposal)).await
        };
        let agree = async |who: u8| {
            let permit = staff(who).permit::<Dispose>().unwrap();
            app.write(&staff(who), move |unit| approve(unit, &permit, proposal, "I agree")).await
        };
        assert_eq!(agree(1).await.unwrap_err().code(), Code::SecondPersonRequired);
        agree(2).await.unwrap();
        assert_eq!(agree(2).await.unwrap_err().code(), Code::SecondPersonRequired);
        assert_eq!(go(1).await.unwrap_err().code(), Code::SecondPersonRequired);
        assert_eq!(state(&app, id).await, State::Live);
        agree(3).await.unwrap();
        go(1).await.unwrap();
        destroy(&app, &staff(1), proposal).await.unwrap();
        assert_eq!(state(&app, id).await, State::Gone);
        let report = verified(&app).await;
        assert_eq!((report.faults, report.expired), (vec![], 1));
    }

    // retention.md #24: a recommended period never justifies refusing erasure.
    async fn an_erasure_takes_what_only_a_recommendation_keeps_and_its_addresses_do_not_come_back(app: TestApp) {
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P7Y"})).await;
        let ada = made_on(&app, "person", "2025-01-01", json!({"name": "Ada Quellenbrunn", "email": ["Ada@Quellenbrunn.example"]})).await;
        let request = requested(&app, ada, "erase").await;
        settled(&app).await;
        assert_eq!(planned(&app, &erasure(&app, request), ada).await.fate, Fate::Erase);
        destroyed(&app, &erasure(&app, request), &[ada]).await.unwrap();
        let known = app.read(&app.operator(), |unit| {
            let known = (is_suppressed(unit, "ada@quellenbrunn.example")?, is_suppressed(unit, "eda@quellenbrunn.example")?);
            unit.plain(known)
        }).await.unwrap();
        assert_eq!(known, (true, false));
        nothing_reads(&app, &["Quellenbrunn", "quellenbrunn"]).await;
        let report = verified(&app).await;
        assert_eq!((report.faults, report.erased), (vec![], 1));
    }

    async fn an_import_is_taken_back_past_recommendations_and_not_past_law_nor_for_other_records(app: TestApp) {
        task_rule(&app).await;
        rule(&app, "books", json!({"applies_to": over("note"), "strength": "law", "obligation_law": "DE", "period": "P6Y"})).await;
        let task = made_on(&app, "task", "2026-11-01", json!({"title": "Imported"})).await;
        let note = made_on(&app, "note", "2026-11-01", json!({"title": "Imported"})).await;
        let other = made_on(&app, "task", "2026-11-01", json!({"title": "Made by hand"})).await;
        settled(&app).await;
        let batch = BatchId::mint(app.env());
        app.write(&app.operator(), move |unit| {
            unit.witness(trail::Event::new("test.imported"))?;
            for (n, id) in [(1_i64, task), (2, note)] {
                unit.run("INSERT INTO batch_item (batch, n, outcome, reason, record, before, after) VALUES (?1, ?2, 'created', '', ?3, NULL, 1)", &args![batch, n, id])?;
            }
            Ok(())
        }).await.unwrap();
        let undo = Cause::undo(&app.operator().permit::<Import>().unwrap(), batch);
        assert_eq!(ordered(&app, &undo, &[note]).await.unwrap_err().code(), Code::RetentionFloor);
        assert_eq!(ordered(&app, &undo, &[other]).await.unwrap_err().code(), Code::NotFound);
        destroyed(&app, &undo, &[task]).await.unwrap();
        let report = verified(&app).await;
        assert_eq!((report.faults, report.expired), (vec![], 1));
    }

    async fn a_field_goes_from_every_version_and_the_rest_is_still_proved(app: TestApp) {
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P7Y"})).await;
        rule(&app, "notes", json!({"kind": "max", "applies_to": over("person"), "fields": ["note", "relation"], "period": "P1Y"})).await;
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada", "note": "likes Quellenbrunn", "relation": "lead"})).await;
        changed(&app, ada, "job_title", "Clerk").await;
        settled(&app).await;
        let old = row(&app, ada).await;
        let refused = destroyed(&app, &expiry(&app), &[ada]).await.unwrap_err();
        assert_eq!(refused.code(), Code::RetentionFloor);
        let no = destroy_fields(&app, &app.operator(), &expiry(&app), ada, &["job_title".to_owned()]).await.unwrap_err();
        assert_eq!(no.code(), Code::RetentionFloor);
        destroy_fields(&app, &app.operator(), &expiry(&app), ada, &["note".to_owned(), "relation".to_owned()]).await.unwrap();
        let shown = seen(&app, ada).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("note"), shown.cell("relation")), ("Ada", None, None));
        assert_eq!(shown.cell("job_title").unwrap().to_json(), json!("Clerk"));
        let permit = app.operator().permit::<ReadRecords>().unwrap();
        let first = app.read(&app.operator(), move |unit| records::show_version(unit, &permit, ada, 1, Detail::Whole)).await.unwrap();
        assert_eq!((first.title.as_str(), first.cell("note")), ("Ada", None));
        assert_eq!(app.bytes_found(&old.sealed), Vec::<String>::new());
        let dead = app.write(&app.operator(), move |unit| unit.with_key(old.key, |_| Ok(()))).await.unwrap();
        assert_eq!(dead, None);
        assert_eq!(count(&app, "SELECT COUNT(*) FROM record_facet WHERE field = 'person.relation'").await, 0);
        let report = verified(&app).await;
        assert_eq!((report.faults, report.missing), (vec![], 0));
        changed(&app, ada, "job_title", "Director").await;
        assert_eq!(verified(&app).await.faults, []);
    }

    async fn the_sweep_takes_fields_whose_ceiling_passed_once(app: TestApp) {
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P7Y"})).await;
        rule(&app, "notes", json!({"kind": "max", "applies_to": over("person"), "fields": ["note"], "period": "P1Y"})).await;
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada", "note": "likes tea"})).await;
        settled(&app).await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
        assert_eq!(seen(&app, ada).await.unwrap().cell("note"), None);
        for later in ["2026-11-22", "2026-11-23"] {
            on(&app, later).await;
            assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0, "{later}");
        }
    }

    // retention.md, rule 11: `anonymise` destroys the identifying fields; what figures are made of stays.
    async fn what_is_to_be_anonymised_loses_all_that_identifies_anybody_and_keeps_its_figures(app: TestApp) {
        rule(&app, "deal", json!({"applies_to": over("deal"), "period": "P2Y", "then": "anonymise"})).await;
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P9Y"})).await;
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada"})).await;
        let deal = made_on(&app, "deal", "2022-01-01", json!({"name": "Quellenbrunn", "amount": {"minor": 12_500, "currency": "EUR"}, "stage": "won", "person": ada})).await;
        changed(&app, deal, "name", "Quellenbrunn, second offer").await;
        settled(&app).await;
        let swept = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!((swept.due, swept.review, swept.disposed), (1, 0, 1));
        let shown = seen(&app, deal).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("person")), ("", None));
        assert_eq!(shown.cell("stage").unwrap().to_json(), json!("won"));
        assert_eq!(shown.cell("amount").unwrap().to_json()["minor"], 12_500);
        nothing_reads(&app, &["Quellenbrunn"]).await;
        assert_eq!(count(&app, "SELECT COUNT(*) FROM link").await, 0);
        let read = app.operator().permit::<ReadRecords>().unwrap();
        let told = app.read(&app.operator(), move |unit| retention::explain(unit, &read, deal)).await.unwrap();
        assert!(told.line.starts_with("Anonymised on 21 Nov 2026"), "{}", told.line);
        on(&app, "2028-01-01").await;
        let again = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!((again.due, again.overdue, again.disposed), (0, 0, 0));
        assert_eq!(verified(&app).await.faults, []);
        changed(&app, deal, "name", "Somebody again").await;
        settled(&app).await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
        assert_eq!(verified(&app).await.faults, []);
    }

    // retention.md, rule 8: what must never be stored goes at once where its rule disposes, and waits for people where it asks for a review.
    async fn what_must_not_be_stored_is_redacted_by_the_sweep_or_reviewed_as_its_rule_says(app: TestApp) {
        let mut person = (*app.catalogue().need("person").unwrap()).clone();
        for key in ["card_security_code", "pin"] {
            person.fields.push(serde_json::from_value(json!({"key": key, "label": key, "type": "text", "category": "pd:CreditCard"})).unwrap());
        }
        records::kinds::define(&app, &app.operator(), person).await.unwrap();
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P7Y"})).await;
        let never = |then: &str, field: &str| json!({"kind": "prohibit", "applies_to": over("person"), "fields": [field], "strength": "contract", "trigger": null, "then": then});
        rule(&app, "code", never("dispose", "card_security_code")).await;
        rule(&app, "pin", never("review", "pin")).await;
        let ada = made_on(&app, "person", "2026-01-01", json!({"name": "Ada", "card_security_code": "93741", "pin": "48151"})).await;
        settled(&app).await;
        let swept = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!((swept.review, swept.disposed), (1, 1));
        let shown = seen(&app, ada).await.unwrap();
        assert_eq!((shown.title.as_str(), shown.cell("card_security_code")), ("Ada", None));
        assert!(shown.cell("pin").is_some());
        let refused = destroy_fields(&app, &app.operator(), &expiry(&app), ada, &["pin".to_owned()]).await.unwrap_err();
        assert_eq!(refused.code(), Code::SecondPersonRequired);
        assert_eq!(verified(&app).await.faults, []);
    }

    // Who changes what retention runs from makes a version; who changes the column by hand is found.
    async fn a_classification_is_a_version_and_a_label_taken_off_by_hand_is_named(app: TestApp) {
        task_rule(&app).await;
        let id = old_task(&app, "Call").await;
        let rules = app.operator().permit::<ManageRules>().unwrap();
        let known = retention::Known { add_tags: vec!["class:commercial-letter".to_owned()], ..retention::Known::default() };
        app.write(&app.operator(), move |unit| retention::classify(unit, &rules, id, &known)).await.unwrap();
        settled(&app).await;
        let now = row(&app, id).await;
        assert_eq!((now.version, now.facts.tags.as_slice()), (2, ["class:commercial-letter".to_owned()].as_slice()));
        assert_eq!(verified(&app).await.faults, []);
        for (by_hand, column) in [("facts = '{}'", "facts"), ("facts = 'x'", "facts"), ("class = 0", "class")] {
            app.store().write(move |tx| tx.run("UPDATE record SET facts = ?1, class = 2", &args![r#"{"tags":["class:commercial-letter"]}"#])).await.unwrap();
            assert_eq!(verified(&app).await.faults, []);
            app.store().write(move |tx| tx.run(&format!("UPDATE record SET {by_hand}"), &[])).await.unwrap();
            let faults = verified(&app).await.faults;
            assert!(faults.iter().any(|fault| fault.what.contains(&format!("column {column}"))), "{by_hand}: {faults:?}");
        }
    }

    // rights.md: erased whole if no other participant is known; otherwise redacted, or erased for all where staff choose so.
    async fn one_of_several_people_is_redacted_and_the_others_keep_their_message(app: TestApp) {
        rule(&app, "mail", json!({"applies_to": over("message"), "period": "P3Y"})).await;
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P3Y"})).await;
        let ada = made_on(&app, "person", "2026-01-01", json!({"name": "Ada Quellenbrunn", "email": ["ada@quellenbrunn.example"]})).await;
        let bob = made_on(&app, "person", "2026-01-01", json!({"name": "Bob"})).await;
        let mail = made_on(&app, "message", "2026-01-01", json!({"subject": "For ADA and Bob", "from": "Ada <ada@quellenbrunn.example>",
            "text": "Dear Bob, yours, ada quellenbrunn. Adagio stays.", "headers": "From: ada@quellenbrunn.example", "participants": [ada, bob]})).await;
        let request = requested(&app, ada, "erase").await;
        settled(&app).await;
        let cause = erasure(&app, request);
        let plan = planned(&app, &cause, mail).await;
        assert_eq!((plan.fate, plan.others), (Fate::Erase, vec![bob]));
        assert_eq!(ordered(&app, &cause, &[mail]).await.unwrap_err().code(), Code::Conflict);
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        redact_person(&app, &app.operator(), &cause, mail, ada).await.unwrap();
        destroyed(&app, &cause, &[ada]).await.unwrap();
        let shown = seen(&app, mail).await.unwrap();
        assert_eq!(shown.cell("text").unwrap().to_json(), json!("Dear Bob, yours, [removed]. Adagio stays."));
        assert_eq!(shown.cell("subject").unwrap().to_json(), json!("For [removed] and Bob"));
        assert_eq!(shown.cell("from").unwrap().to_json(), json!("[removed] <[removed]>"));
        assert_eq!(shown.cell("participants").unwrap().to_json(), json!([bob]));
        assert_eq!(shown.cell("headers"), None);
        let permit = app.operator().permit::<ReadRecords>().unwrap();
        let first = app.read(&app.operator(), move |unit| records::show_version(unit, &permit, mail, 1, Detail::Whole)).await.unwrap();
        assert_eq!(first.cells.len(), 0);
        let report = verified(&app).await;
        assert_eq!((report.faults, report.missing, report.erased), (vec![], 0, 1));
        let mail2 = made_on(&app, "message", "2026-01-01", json!({"subject": "For all", "participants": [bob]})).await;
        let request = requested(&app, bob, "erase").await;
        destroyed(&app, &erasure(&app, request), &[mail2, bob]).await.unwrap();
        assert_eq!(state(&app, mail2).await, State::Gone);
    }

    async fn a_file_goes_with_the_last_record_that_refers_to_it(app: TestApp) {
        task_rule(&app).await;
        let (a, b) = (old_task(&app, "One").await, old_task(&app, "Two").await);
        let stored = records::store_blob(&app, b"the contract").await.unwrap();
        for id in [a, b] {
            let blob = stored.clone();
            app.write(&app.operator(), move |unit| {
                unit.witness(trail::Event::new("test.attached"))?;
                records::attach(unit, id, &blob, "original")
            }).await.unwrap();
        }
        let blobs = async || app.blobs().list("").await.unwrap().len();
        destroyed(&app, &expiry(&app), &[a]).await.unwrap();
        assert_eq!(blobs().await, 1);
        let permit = app.operator().permit::<ReadRecords>().unwrap();
        let read = records::read_blob(&app, &permit, b, stored.id()).await.unwrap();
        assert_eq!(read.as_slice(), b"the contract");
        destroyed(&app, &expiry(&app), &[b]).await.unwrap();
        assert_eq!(blobs().await, 0);
    }

}
