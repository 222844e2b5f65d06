//! The promises of search.

use std::time::Duration;

use catalogue::{Class, Purposes};
use kernel::{Code, UserId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Reach, Who, permit::WriteRecords};

use super::*;
use crate::records::{NewRecord, parse_fields};

fn fields(app: &TestApp, kind: &str, json: &serde_json::Value) -> Fields {
    let parsed = parse_fields(&app.catalogue().need(kind).unwrap(), json.as_object().unwrap()).unwrap();
    parsed.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect()
}

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let new = NewRecord::new(kind, fields(app, kind, &json));
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn hits(app: &TestApp, actor: &Actor, words: &str) -> Vec<Hit> {
    let (permit, words) = (actor.permit::<ReadRecords>().unwrap(), words.to_owned());
    app.read(actor, move |unit| find(unit, &permit, &words, &[], 20)).await.unwrap()
}

async fn found(app: &TestApp, actor: &Actor, words: &str) -> Vec<String> {
    hits(app, actor, words).await.into_iter().map(|hit| hit.title).collect()
}

store_test! {
    async fn accents_case_order_and_ways_of_writing_do_not_matter(app: TestApp) {
        let actor = app.acting("sales");
        made(&app, &actor, "person", json!({"name": "Zoë Müller-Lüdenscheidt", "email": ["Zoe@Example.org"], "phone": "030 1234567",
            "country": "DE", "external_id": "K-17/A"})).await;
        made(&app, &actor, "person", json!({"name": "Zoltan Meyer"})).await;
        for words in [
            "zoë müller", "ZOE MÜLLER", "müller zoë", "ludenscheidt", "lüd zo", "Müller, Zoë", "zoe@example.org", "ZOE@EXAMPLE.ORG",
            "+49 30 1234567", "(030) 123 45 67", "0049-30-1234567", "k-17/a", "zoe zoe@example.org",
        ] {
            assert_eq!(found(&app, &actor, words).await, ["Zoë Müller-Lüdenscheidt"], "{words}");
        }
        for words in ["zoe meyer", "zoë@example.org", "030 1234568", "uller"] {
            assert_eq!(found(&app, &actor, words).await, Vec::<String>::new(), "{words}");
        }
        assert_eq!(found(&app, &actor, "zo").await, ["Zoltan Meyer", "Zoë Müller-Lüdenscheidt"]);
    }

    async fn a_telephone_number_is_found_by_its_beginning_in_any_form(app: TestApp) {
        let actor = app.acting("sales");
        for (name, phone, country) in [
            ("Berlin", "030 1234567", "DE"),
            ("Rome", "+39 06 698 12345", "IT"),
            ("New York", "(212) 555-0123", "US"),
            ("London", "020 7946 0018", "GB"),
            ("Paris", "01 23 45 67 89", "FR"),
        ] {
            made(&app, &actor, "person", json!({"name": name, "phone": phone, "country": country})).await;
        }
        made(&app, &actor, "person", json!({"name": "Nowhere", "phone": "0555 987654"})).await;
        for (words, name) in [
            ("0301", "Berlin"), ("030 12", "Berlin"), ("+49 30", "Berlin"), ("0049 30 1", "Berlin"), ("4930", "Berlin"), ("+49 (0)30 1", "Berlin"),
            ("030/12345", "Berlin"), ("030 1234567", "Berlin"), ("+49 30 12345", "Berlin"), ("06 69", "Rome"), ("+3906", "Rome"), ("2125", "New York"),
            ("+1 (212) 555-0", "New York"), ("0207", "London"), ("+44 20", "London"), ("01 23", "Paris"), ("0033 12", "Paris"), ("0555 9", "Nowhere"),
        ] {
            assert_eq!(found(&app, &actor, words).await, [name], "{words}");
        }
        for words in ["0302", "+4931", "+49 30 12346", "030 12345678", "030", "4567", "0301 Berlin2"] {
            assert_eq!(found(&app, &actor, words).await, Vec::<String>::new(), "{words}");
        }
        assert!(app.bytes_found(b"4930").is_empty(), "only keyed tokens are stored");
    }

    async fn exact_words_come_before_beginnings_names_before_other_fields_and_the_latest_first(app: TestApp) {
        let actor = app.acting("sales");
        made(&app, &actor, "person", json!({"name": "Old Berg"})).await;
        made(&app, &actor, "person", json!({"name": "New Berg"})).await;
        made(&app, &actor, "person", json!({"name": "Clerk", "note": "met on the berg one sunny day of a long walk"})).await;
        made(&app, &actor, "person", json!({"name": "Bergmann"})).await;
        let hits = hits(&app, &actor, "berg").await;
        assert_eq!(hits.iter().map(|h| h.title.as_str()).collect::<Vec<_>>(), ["New Berg", "Old Berg", "Clerk", "Bergmann"]);
        assert_eq!((hits[2].field.as_str(), hits[2].snippet.as_deref()), ("note", Some("met on the berg one sunny day of a long walk")));
        assert_eq!((hits[0].field.as_str(), hits[0].snippet.as_deref()), ("name", None));
        let permit = actor.permit::<ReadRecords>().unwrap();
        let suggested = app.read(&actor, move |unit| suggest(unit, &permit, "be", &[])).await.unwrap();
        assert_eq!(suggested.len(), 3);
        let permit = actor.permit::<ReadRecords>().unwrap();
        assert!(app.read(&actor, move |unit| suggest(unit, &permit, "b", &[])).await.unwrap().is_empty());
    }

    async fn a_token_that_matches_by_chance_is_never_shown(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "company", json!({"name": "Ada"})).await;
        let forged = vec![app.keyring().tokens().word("company.name", "eve"), app.keyring().tokens().exact("company.domain", "eve")];
        app.write(&actor, move |unit| {
            unit.witness(Event::new("test.forged"))?;
            let row = records::find(unit, ada)?.unwrap();
            let record = records::open(unit, row)?.unwrap();
            let true_tokens = index::tokens(&unit.app().keyring().tokens(), &record.row.kind, &record.body.sealed, None);
            store::tokens::remove(unit.dialect(), record.row.doc, &true_tokens)?;
            store::tokens::put(unit.dialect(), record.row.doc, &[true_tokens, forged.clone()].concat())
        }).await.unwrap();
        assert_eq!(found(&app, &actor, "eve").await, Vec::<String>::new());
        assert_eq!(found(&app, &actor, "ada").await, ["Ada"]);
    }

    async fn nothing_outside_ones_scope_class_or_purpose_is_found(app: TestApp) {
        let admin = app.acting("administration");
        made(&app, &admin, "person", json!({"name": "Ada Quell", "tax_id": "X99", "address": {"city": "Kiel"}})).await;
        assert_eq!(found(&app, &admin, "X99").await, ["Ada Quell"]);
        assert_eq!(found(&app, &app.acting("sales"), "X99").await, Vec::<String>::new());
        assert_eq!(found(&app, &app.acting("sales"), "kiel").await, ["Ada Quell"]);
        assert_eq!(found(&app, &app.acting("marketing"), "ada").await, Vec::<String>::new());
        let staff = |class, reach, kind: &str| {
            let grant = Grant { class, reach, kind: kind.to_owned(), purposes: Purposes::all(), ..Grant::everything("read") };
            Actor::new(Who::Staff(UserId::mint(app.env())), Purpose::find("sales").unwrap(), "page", vec![grant])
        };
        assert_eq!(found(&app, &staff(Class::Personal, Reach::All, "*"), "kiel").await, Vec::<String>::new());
        assert_eq!(found(&app, &staff(Class::Personal, Reach::All, "person"), "ada").await, ["Ada Quell"]);
        assert_eq!(found(&app, &staff(Class::Special, Reach::Own, "*"), "ada").await, Vec::<String>::new());
        assert_eq!(found(&app, &staff(Class::Special, Reach::All, "deal"), "ada").await, Vec::<String>::new());
    }

    async fn the_event_names_what_was_found_and_not_what_was_looked_for(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada Quell"})).await;
        found(&app, &actor, "quell").await;
        let recorded = app.read(&actor, move |unit| {
            let id = unit.one("SELECT id FROM event WHERE name = 'record.searched'", &[], |row| row.get(0))?;
            let recorded = unit.recorded(id)?.unwrap();
            unit.plain(recorded)
        }).await.unwrap();
        assert_eq!(recorded.records, [(ada, 1)]);
        assert!(recorded.fields().contains(&"person.name"));
        assert!(!format!("{:?}", recorded.detail()).contains("quell"));
    }

    async fn a_search_without_a_word_or_of_an_unknown_kind_is_refused(app: TestApp) {
        let actor = app.acting("sales");
        for (words, kind, limit, code) in [
            ("  –  ", "person", 5, Code::InvalidInput),
            ("ada", "unicorn", 5, Code::NotFound),
            ("ada", "person", 0, Code::InvalidInput),
        ] {
            let permit = actor.permit::<ReadRecords>().unwrap();
            let refused = app.read(&actor, move |unit| find(unit, &permit, words, &[kind.to_owned()], limit)).await.unwrap_err();
            assert_eq!(refused.code(), code);
        }
    }

    async fn a_kept_search_is_its_owners_for_an_hour_and_unreadable_in_the_files(app: TestApp) {
        let actor = app.acting("sales");
        let id = app.write(&actor, |unit| remember(unit, &json!({"words": "Quellenbrunn"}))).await.unwrap();
        let kept: serde_json::Value = app.read(&actor, move |unit| recall(unit, id)).await.unwrap();
        assert_eq!(kept, json!({"words": "Quellenbrunn"}));
        assert_eq!(app.bytes_found(b"Quellenbrunn"), Vec::<String>::new());
        let other = Actor::new(Who::Staff(UserId::mint(app.env())), actor.purpose, "page", vec![Grant::everything("read")]);
        let recalled = |actor: Actor| { let app = app.clone(); async move { app.read(&actor, move |unit| recall::<serde_json::Value>(unit, id)).await } };
        assert_eq!(recalled(other).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(purge(&app, &actor).await.unwrap(), 0);
        app.clock.advance(Duration::from_secs(3601));
        assert_eq!(recalled(actor.clone()).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(purge(&app, &actor).await.unwrap(), 1);
    }

    async fn a_possible_duplicate_is_named_by_address_or_number_within_scope_only(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "email": ["ada@b.example"], "phone": "+49 30 1234567"})).await;
        for (json, expected) in [
            (json!({"name": "A.", "email": ["x@b.example", "ADA@B.example"]}), vec![ada]),
            (json!({"name": "A.", "phone": "030 1234567", "country": "DE"}), vec![ada]),
            (json!({"name": "Ada", "email": ["eve@b.example"]}), vec![]),
        ] {
            for (purpose, seen) in [("sales", true), ("marketing", false)] {
                let (fields, actor) = (fields(&app, "person", &json), app.acting(purpose));
                let permit = actor.permit::<ReadRecords>().unwrap();
                let same = app.read(&actor, move |unit| duplicates(unit, &permit, "person", &fields)).await.unwrap();
                assert_eq!(same, if seen { expected.clone() } else { vec![] });
            }
        }
    }

    async fn every_statement_of_search_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
