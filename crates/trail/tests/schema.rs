//! The schema of the spine: equal on both engines, and every statement fits both.
#![allow(clippy::unwrap_used, reason = "a test that cannot be set up has failed")]

use testkit::{Engine, TestApp};

/// The head of an `INSERT` of many rows, completed by one row of placeholders.
fn completed(sql: &str) -> String {
    if !sql.trim_end().ends_with("VALUES") {
        return sql.to_owned();
    }
    let columns = sql.split_once('(').and_then(|(_, rest)| rest.split_once(')')).unwrap().0.split(',').count();
    format!("{sql} ({})", (1..=columns).map(|n| format!("?{n}")).collect::<Vec<_>>().join(", "))
}

#[test]
fn the_schemas_of_data_and_vault_are_the_same_on_both_engines() {
    let [sqlite, postgres] = [Engine::Sqlite, Engine::Postgres].map(|engine| {
        let app = TestApp::fresh(engine);
        app.store().read_now(|tx| Ok([store::schema(tx)?, store::vault_schema(tx)?])).unwrap()
    });
    for (sqlite, postgres) in sqlite.iter().zip(&postgres) {
        assert!(sqlite.len() > 3, "there are tables to compare");
        let names = |tables: &[store::TableShape]| tables.iter().map(|table| table.table.clone()).collect::<Vec<_>>();
        assert_eq!(names(sqlite), names(postgres));
        for (one, other) in sqlite.iter().zip(postgres) {
            assert_eq!(one, other, "table {}", one.table);
        }
    }
}

#[test]
fn every_statement_prepares_on_both_engines() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let app = TestApp::fresh(engine);
        for (on_vault, all) in [(false, trail::sql::ALL), (true, trail::sql::vault_sql::ALL)] {
            assert!(!all.is_empty());
            for (name, sql) in all {
                let sql = completed(sql);
                let prepared = app.store().read_now(move |tx| store::prepare_all(tx, on_vault, &[(name, &sql)]));
                assert!(prepared.is_ok(), "{engine:?}: {:?}", prepared.err());
            }
        }
    }
}
