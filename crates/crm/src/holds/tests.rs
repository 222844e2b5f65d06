//! The promises of holds.

use kernel::HoldId;
use serde_json::json;
use testkit::{TestApp, store_test};

use super::{testing::*, *};

async fn placed(app: &TestApp, actor: &Actor, records: &[RecordId]) -> Result<HoldId> {
    let (permit, records) = (actor.permit::<Hold>()?, records.to_vec());
    app.write(actor, move |unit| place(unit, &permit, &records, "Nordwind ./. Südwind", "letter of 3 March")).await
}

async fn released(app: &TestApp, actor: &Actor, id: HoldId) -> Result<()> {
    let permit = actor.permit::<Hold>()?;
    app.write(actor, move |unit| release(unit, &permit, id, "settled out of court")).await
}

async fn other_staff_who_may_hold(app: &TestApp) {
    app.write(&app.operator(), |unit| {
        unit.witness(Event::new("test.staff"))?;
        let key = unit.new_key("staff")?;
        let grants = serde_json::to_string(&[Grant::everything("hold")]).unwrap();
        unit.run("INSERT INTO role (name, grants) VALUES ('counsel', ?1)", &args![grants])?;
        unit.run(
            "INSERT INTO staff (id, login, role, team, state, password, failed, locked_until, created, settings, vault_key, sealed) \
             VALUES (?1, ?1, 'counsel', NULL, 'active', '', 0, 0, 0, '{}', ?2, ?3)",
            &args![[7_u8; 16], key, Vec::<u8>::new()],
        )
    })
    .await
    .unwrap();
}

store_test! {
    async fn every_statement_is_valid_on_both_engines(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL.iter().copied().filter(|(_, sql)| !sql.starts_with("INSERT") || sql.contains("?1")).collect::<Vec<_>>().as_slice())).await.unwrap();
    }

    async fn a_matter_is_seen_by_those_who_may_hold_and_lies_nowhere_in_the_clear(app: TestApp) {
        let id = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        let hold = placed(&app, &staff(1), &[id]).await.unwrap();
        let permit = staff(1).permit::<Hold>().unwrap();
        let all = app.read(&staff(1), move |unit| list(unit, &permit)).await.unwrap();
        assert_eq!((all[0].id, all[0].matter.as_str(), all[0].records), (hold, "Nordwind ./. Südwind", 1));
        app.settle().await.unwrap();
        assert_eq!(app.bytes_found("Südwind".as_bytes()), Vec::<String>::new());
        let standing = app.read(&app.operator(), move |unit| { let s = of_records(unit, &[id])?; unit.plain(s) }).await.unwrap();
        assert_eq!(standing[&id][0].released, None);
    }

    async fn a_hold_stands_in_the_vaults_journal(app: TestApp) {
        let id = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        placed(&app, &staff(1), &[id]).await.unwrap();
        let what = app.store().read(|tx| tx.vault().all(vault_sql::JOURNAL, &[], |row| row.get::<String>(2))).await.unwrap();
        assert_eq!(what, ["hold.placed"]);
    }

    async fn whoever_placed_a_hold_does_not_release_it_where_another_may(app: TestApp) {
        let id = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        other_staff_who_may_hold(&app).await;
        let hold = placed(&app, &staff(1), &[id]).await.unwrap();
        assert_eq!(released(&app, &staff(1), hold).await.unwrap_err().code(), Code::SecondPersonRequired);
        released(&app, &staff(7), hold).await.unwrap();
        assert_eq!(released(&app, &staff(7), hold).await.unwrap_err().code(), Code::Conflict);
    }

    async fn where_nobody_else_may_hold_one_releases_alone_and_nothing_is_destroyed(app: TestApp) {
        let id = made_on(&app, "task", "2020-01-01", json!({"title": "Call"})).await;
        let hold = placed(&app, &staff(1), &[id]).await.unwrap();
        released(&app, &staff(1), hold).await.unwrap();
        assert_eq!(state(&app, id).await, records::State::Live);
    }

    async fn a_hold_without_words_or_on_what_is_not_there_is_refused_whole(app: TestApp) {
        let id = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        let missing = RecordId::mint(app.env());
        assert_eq!(placed(&app, &staff(1), &[id, missing]).await.unwrap_err().code(), Code::NotFound);
        let permit = staff(1).permit::<Hold>().unwrap();
        let refused = app.write(&staff(1), move |unit| place(unit, &permit, &[id], "  ", "why")).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidInput);
        let none = app.read(&app.operator(), move |unit| { let s = of_records(unit, &[id])?; unit.plain(s) }).await.unwrap();
        assert!(none.is_empty());
    }
}
