//! The promises of segments.

use std::time::Duration;

use catalogue::{Class, Purposes};
use serde_json::json;
use store::args;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Reach, Who, permit::WriteRecords};

use super::*;
use crate::{
    consent,
    export::{self, Format},
    identity::{Doorkeeper, setup},
    records::{self, Detail, NewRecord},
    views::{Look, NewView},
};
use kernel::{RecordId, UserId};

/// A member of staff, acting for a purpose, with these reach and class.
async fn colleague(app: &TestApp) -> UserId {
    let door = Doorkeeper::new();
    let code = setup::begin(app).await.unwrap().unwrap();
    let word = |text: &str| Personal::new(text.to_owned());
    door.set_up(app, None, code, (word("Kim"), word("kim@house.example")), word("seven quiet herons by the mill")).await.unwrap()
}

fn acting(id: UserId, purpose: &str, reach: Reach) -> Actor {
    let grants = ["read", "write", "share", "export"].map(|key| Grant { reach, ..Grant::everything(key) });
    Actor::new(Who::Staff(id), Purpose::find(purpose).unwrap(), "page", grants.to_vec())
}

async fn person(app: &TestApp, name: &str, more: serde_json::Value) -> RecordId {
    let mut json = json!({"name": name, "relation": "customer"});
    json.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let kind = app.catalogue().need("person").unwrap();
    let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn stand(app: &TestApp, id: RecordId, usable: Purposes, state: &'static str) {
    let bits = usable.bits();
    app.store().write(move |tx| tx.run("UPDATE record SET usable = ?2, state = ?3 WHERE id = ?1", &args![id, bits, state])).await.unwrap();
}

async fn view(app: &TestApp, actor: &Actor, kind: &str, filter: serde_json::Value) -> ViewId {
    let look = Look { filter: Some(serde_json::from_value(filter).unwrap()), ..Look::default() };
    let name = Personal::new("Customers".to_owned());
    let new = NewView { kind: kind.to_owned(), name, look, shared: false, first_for_me: false, first_for_all: false };
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.write(actor, move |unit| views::save(unit, &permit, &new)).await.unwrap()
}

async fn segment(app: &TestApp, actor: &Actor, filter: serde_json::Value) -> SegmentId {
    let (view, purpose) = (view(app, actor, "person", filter).await, actor.purpose);
    app.write(actor, move |unit| make(unit, view, purpose)).await.unwrap()
}

fn customers() -> serde_json::Value {
    json!({"field": "relation", "op": "eq", "value": "customer"})
}

async fn names(app: &TestApp, actor: &Actor, id: SegmentId, limit: usize) -> Result<Vec<String>> {
    let permit = actor.permit::<ReadRecords>()?;
    let (mut names, mut cursor) = (Vec::new(), None::<String>);
    loop {
        let (permit, at) = (permit.clone(), cursor.clone());
        let page = app.read(actor, move |unit| members(unit, &permit, id, at.as_deref(), limit, Detail::Whole)).await?;
        assert!(page.people.len() <= limit);
        names.extend(page.people.into_iter().map(|one| one.title));
        match page.next {
            Some(next) => cursor = Some(next),
            None => return Ok(names),
        }
    }
}

fn consenting() -> Purposes {
    Purposes::all()
}

store_test! {
    async fn a_segment_yields_only_whom_its_purpose_allows_and_says_of_the_rest_how_many_and_why(app: TestApp) {
        let kim = acting(colleague(&app).await, "marketing", Reach::All);
        let mut yes = Vec::new();
        for name in ["Ada", "Bea", "Cis"] {
            let id = person(&app, name, json!({"email": [format!("{name}@q.example")]})).await;
            stand(&app, id, consenting(), "live").await;
            yes.push(id);
        }
        person(&app, "Dan", json!({"email": ["dan@q.example"]})).await;
        let restricted = person(&app, "Eve", json!({"email": ["eve@q.example"]})).await;
        stand(&app, restricted, Purposes::only(Purpose::find("legal").unwrap()), "restricted").await;
        let nowhere = person(&app, "Fay", json!({})).await;
        stand(&app, nowhere, consenting(), "live").await;
        let erased = person(&app, "Gus", json!({"email": ["gus@q.example"]})).await;
        stand(&app, erased, consenting(), "live").await;
        let hash = app.keyring().tokens().suppression("gus@q.example").to_be_bytes();
        app.store().write(move |tx| tx.run("INSERT INTO suppression (hash, at, destroy_order) VALUES (?1, 0, ?2)", &args![hash, [0_u8; 16]])).await.unwrap();
        let gone = person(&app, "Hal", json!({"email": ["hal@q.example"]})).await;
        stand(&app, gone, Purposes::NONE, "destroying").await;
        person(&app, "Ivy", json!({"email": ["ivy@q.example"], "relation": "lead"})).await;

        let id = segment(&app, &kim, customers()).await;
        let counts = count(&app, &kim, id).await.unwrap();
        let barred = [(Why::Restricted, 1), (Why::Consent, 1), (Why::Suppressed, 1), (Why::NoEmail, 1)];
        assert_eq!(counts, Counts { allowed: 3, barred: barred.into_iter().collect(), whole: true });
        assert_eq!(names(&app, &kim, id, 2).await.unwrap(), ["Ada", "Bea", "Cis"]);

        // What is withdrawn a moment ago counts.
        stand(&app, yes[1], Purposes::without_consent(), "live").await;
        assert_eq!(names(&app, &kim, id, 50).await.unwrap(), ["Ada", "Cis"]);
        assert_eq!(count(&app, &kim, id).await.unwrap().barred[&Why::Consent], 2);
    }

    async fn a_purpose_without_consent_tells_objections_from_restrictions(app: TestApp) {
        let kim = acting(colleague(&app).await, "sales", Reach::All);
        person(&app, "Ada", json!({"email": ["ada@q.example"]})).await;
        let objects = person(&app, "Bea", json!({"email": ["bea@q.example"]})).await;
        stand(&app, objects, Purposes::without_consent().without(Purpose::find("sales").unwrap()), "live").await;
        let id = segment(&app, &kim, customers()).await;
        let counts = count(&app, &kim, id).await.unwrap();
        assert_eq!((counts.allowed, counts.barred), (1, [(Why::Objected, 1)].into_iter().collect()));
    }

    async fn those_whom_the_purpose_does_not_allow_are_counted_and_not_opened(app: TestApp) {
        let kim = acting(colleague(&app).await, "marketing", Reach::All);
        let yes = person(&app, "Ada Quell", json!({"email": ["ada@q.example"]})).await;
        stand(&app, yes, consenting(), "live").await;
        let no = person(&app, "Ada Zirkel", json!({"email": ["zirkel@q.example"]})).await;
        // Its box opens no more: whoever tried would fail.
        app.store().write(move |tx| tx.run("UPDATE record SET sealed = ?2 WHERE id = ?1", &args![no, vec![0_u8; 64]])).await.unwrap();
        let id = segment(&app, &kim, json!({"field": "name", "op": "contains", "value": "ada"})).await;
        let counts = count(&app, &kim, id).await.unwrap();
        assert_eq!((counts.allowed, counts.barred), (1, [(Why::Consent, 1)].into_iter().collect()));
        assert_eq!(names(&app, &kim, id, 50).await.unwrap(), ["Ada Quell"]);
    }

    async fn a_segment_reaches_no_further_than_whoever_asks_in_reach_class_and_purpose(app: TestApp) {
        let me = colleague(&app).await;
        let kim = acting(me, "sales", Reach::All);
        let mine = person(&app, "Ada", json!({"email": ["ada@q.example"]})).await;
        person(&app, "Bea", json!({"email": ["bea@q.example"]})).await;
        app.store().write(move |tx| tx.run("UPDATE record SET owner = ?2 WHERE id = ?1", &args![mine, me])).await.unwrap();
        let id = segment(&app, &kim, customers()).await;
        let own = acting(me, "sales", Reach::Own);
        assert_eq!(count(&app, &own, id).await.unwrap().allowed, 1);
        assert_eq!(names(&app, &own, id, 50).await.unwrap(), ["Ada"]);
        let elsewhere = acting(me, "support", Reach::All);
        assert_eq!(count(&app, &elsewhere, id).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(names(&app, &elsewhere, id, 50).await.unwrap_err().code(), Code::Forbidden);
        let stranger = acting(UserId::mint(app.env()), "sales", Reach::All);
        assert_eq!(count(&app, &stranger, id).await.unwrap_err().code(), Code::NotFound);
        let low = Grant { class: Class::Public, ..Grant::everything("read") };
        let low = Actor::new(Who::Staff(me), Purpose::find("sales").unwrap(), "page", vec![low]);
        assert_eq!(count(&app, &low, id).await.unwrap_err().code(), Code::Conflict, "the condition itself is above their class");
    }

    async fn a_segment_is_made_of_a_view_of_people_once_for_a_purpose_and_goes_with_it(app: TestApp) {
        let kim = acting(colleague(&app).await, "sales", Reach::All);
        let deals = view(&app, &kim, "deal", json!({"field": "stage", "op": "eq", "value": "won"})).await;
        let purpose = kim.purpose;
        let of = |view| app.write(&kim, move |unit| make(unit, view, purpose));
        assert_eq!(of(deals).await.unwrap_err().problems()[0].code, "not_people");
        let people = view(&app, &kim, "person", customers()).await;
        let id = of(people).await.unwrap();
        assert_eq!(of(people).await.unwrap_err().problems()[0].code, "taken");
        let other = view(&app, &kim, "person", json!({"field": "relation", "op": "eq", "value": "lead"})).await;
        app.write(&kim, move |unit| change(unit, id, other)).await.unwrap();
        assert_eq!(app.read(&kim, list).await.unwrap().iter().map(|one| (one.id, one.view, one.version)).collect::<Vec<_>>(), [(id, other, 2)]);
        let reads = kim.permit::<ReadRecords>().unwrap();
        app.write(&kim, move |unit| views::delete(unit, &reads, other)).await.unwrap();
        assert!(app.read(&kim, list).await.unwrap().is_empty());
        assert_eq!(count(&app, &kim, id).await.unwrap_err().code(), Code::NotFound);
        let again = of(people).await.unwrap();
        app.write(&kim, move |unit| delete(unit, again)).await.unwrap();
        assert_eq!(app.write(&kim, move |unit| delete(unit, again)).await.unwrap_err().code(), Code::NotFound);
    }

    async fn an_export_of_a_segment_has_its_people_and_no_others(app: TestApp) {
        let kim = acting(colleague(&app).await, "sales", Reach::All);
        person(&app, "Ada", json!({"email": ["ada@q.example"]})).await;
        person(&app, "Bea", json!({})).await;
        let objects = person(&app, "Cis", json!({"email": ["cis@q.example"]})).await;
        let id = segment(&app, &kim, customers()).await;
        let (file, _) = export(&app, &kim, id, Format::Csv).await.unwrap();
        stand(&app, objects, Purposes::without_consent().without(kim.purpose), "live").await;
        app.clock.advance(Duration::from_secs(1));
        app.work_off(&export::handlers()).await.unwrap();
        let text = String::from_utf8(export::fetch(&app, &kim, file).await.unwrap().to_vec()).unwrap();
        assert!(text.contains("Ada") && !text.contains("Bea") && !text.contains("Cis"), "{text}");
    }

    async fn every_statement_of_segments_and_consent_prepares(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
        app.store().write(|tx| store::prepare_all(tx, false, consent::sql::ALL)).await.unwrap();
        app.store().write(|tx| store::prepare_all(tx, false, crate::campaigns::sql::ALL)).await.unwrap();
    }
}
