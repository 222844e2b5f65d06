//! The promises of timelines.

use std::time::Duration;

use catalogue::{Purposes, Value};
use kernel::UserId;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Reach, Who, permit::WriteRecords};

use super::*;
use crate::records::{NewRecord, RecordPatch, parse_fields};

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let parsed = parse_fields(&app.catalogue().need(kind).unwrap(), json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, parsed.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn retitled(app: &TestApp, actor: &Actor, id: RecordId, field: &str, text: &str) {
    let patch = RecordPatch { fields: [(field.to_owned(), Some(Value::Text(text.to_owned())))].into(), owner: None };
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap();
}

async fn page(app: &TestApp, actor: &Actor, subject: RecordId, kinds: &[&str], before: Option<String>, limit: usize) -> Result<Page> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    let kinds: Vec<String> = kinds.iter().map(|&k| k.to_owned()).collect();
    let read = move |unit: &mut Unit| {
        let start = before.as_deref().map_or(Start::Newest, Start::After);
        of(unit, &permit, subject, &kinds, start, limit)
    };
    app.read(actor, read).await
}

fn told(page: &Page) -> Vec<String> {
    page.entries.iter().map(|e| format!("{} {}", e.what, e.title)).collect()
}

store_test! {
    async fn a_companys_timeline_tells_what_happened_to_its_people_newest_first(app: TestApp) {
        let actor = app.acting("sales");
        let firm = made(&app, &actor, "company", json!({"name": "Nordwind"})).await;
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "company": firm})).await;
        let note = made(&app, &actor, "note", json!({"title": "Call", "text": "She  asked\nfor an offer.", "person": ada})).await;
        let seen = page(&app, &actor, firm, &[], None, 10).await.unwrap();
        assert_eq!(told(&seen), ["note.created Call", "person.created Ada", "company.created Nordwind"]);
        assert_eq!(seen.entries[0].excerpt.as_deref(), Some("She asked for an offer."));
        assert_eq!((seen.entries[0].actor.as_deref(), seen.withheld, seen.next), (Some("operator"), 0, None));
        assert_eq!(told(&page(&app, &actor, firm, &["note", "deal"], None, 10).await.unwrap()), ["note.created Call"]);
        assert_eq!(told(&page(&app, &actor, ada, &[], None, 10).await.unwrap()), ["note.created Call", "person.created Ada"]);
        let _ = note;
    }

    async fn a_timeline_is_read_from_a_moment_back_page_by_page(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada"})).await;
        let permit = actor.permit::<ReadRecords>().unwrap();
        let mut moments = Vec::new();
        for n in 0..3 {
            app.clock.advance(Duration::from_secs(3_600));
            moments.push(app.env().now());
            made(&app, &actor, "note", json!({"title": format!("Note {n}"), "person": ada})).await;
        }
        let moment = moments[2];
        let read = move |unit: &mut Unit| of(unit, &permit, ada, &[], Start::Before(moment), 1);
        let first = app.read(&actor, read).await.unwrap();
        assert_eq!(told(&first), ["note.created Note 1"], "what happened at that very moment is not before it");
        let rest = page(&app, &actor, ada, &[], first.next, 10).await.unwrap();
        assert_eq!(told(&rest), ["note.created Note 0", "person.created Ada"]);
        let permit = actor.permit::<ReadRecords>().unwrap();
        let none = app.read(&actor, move |unit| of(unit, &permit, ada, &[], Start::Before(Instant::EPOCH), 5)).await.unwrap();
        assert!(none.entries.is_empty() && none.next.is_none());
    }

    async fn a_change_is_told_by_the_labels_of_what_changed(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "job_title": "Clerk"})).await;
        retitled(&app, &actor, ada, "job_title", "Director").await;
        retitled(&app, &actor, ada, "name", "Ada King").await;
        app.settle().await.unwrap();
        let seen = page(&app, &actor, ada, &[], None, 10).await.unwrap();
        let changes: Vec<_> = seen.entries.iter().map(|e| (e.version, e.changed.join(", "), e.actor.clone())).collect();
        let by = || Some("operator".to_owned());
        assert_eq!(changes, [(3, "Name".to_owned(), by()), (2, "Job title".to_owned(), by()), (1, String::new(), by())]);
        let recorded = app.read(&actor, move |unit| {
            let id = unit.one("SELECT id FROM event WHERE name = 'record.read'", &[], |row| row.get(0))?;
            let recorded = unit.recorded(id)?.unwrap();
            unit.plain(recorded)
        }).await.unwrap();
        assert_eq!(recorded.records, [(ada, 1), (ada, 2), (ada, 3)]);
        assert_eq!(recorded.fields(), ["name"]);
    }

    async fn the_history_tells_each_versions_changes_and_withholds_what_the_purpose_does_not_serve(app: TestApp) {
        let sales = app.acting("sales");
        let ada = made(&app, &sales, "person", json!({"name": "Ada", "job_title": "Clerk", "phone": ["+390255504417"]})).await;
        retitled(&app, &sales, ada, "job_title", "Director").await;
        retitled(&app, &app.acting("billing"), ada, "tax_id", "LMBCHR80A41F205X").await;
        let read = async |actor: &Actor, below: Option<i64>| {
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(actor, move |unit| history(unit, &permit, ada, below, 2)).await.unwrap()
        };
        let first = read(&sales, None).await;
        assert_eq!(first.iter().map(|s| (s.version, s.actor.clone())).collect::<Vec<_>>(), [(3, Some("operator".into())), (2, Some("operator".into()))]);
        let tax = &first[0].changes.as_ref().unwrap()[0];
        assert_eq!((tax.field.as_str(), tax.before.clone(), tax.after.clone()), ("tax_id", None, Some(Cell::WithheldPurpose)));
        let title = &first[1].changes.as_ref().unwrap()[0];
        let shown = |text: &str| Some(Cell::Shown(Value::Text(text.into())));
        assert_eq!((title.before.clone(), title.after.clone()), (shown("Clerk"), shown("Director")));
        let rest = read(&sales, Some(2)).await;
        assert_eq!(rest.len(), 1);
        let phone = rest[0].changes.as_ref().unwrap().iter().find(|c| c.field == "phone").unwrap();
        assert!(matches!(&phone.after, Some(Cell::Masked(mask)) if !mask.contains("5550")), "a mask stays a mask");
        let billing = read(&app.acting("billing"), None).await;
        assert!(matches!(&billing[0].changes.as_ref().unwrap()[0].after, Some(Cell::Masked(_) | Cell::Shown(_))));
    }

    async fn walking_a_timeline_meets_each_entry_once(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada"})).await;
        for n in 0..11 {
            made(&app, &actor, "note", json!({"title": format!("n{n}"), "person": ada})).await;
        }
        let (mut all, mut before) = (Vec::new(), None);
        loop {
            let seen = page(&app, &actor, ada, &[], before, 3).await.unwrap();
            all.extend(seen.entries.iter().map(|e| e.title.clone()));
            before = seen.next;
            if before.is_none() { break; }
        }
        let expected: Vec<String> = (0..11).rev().map(|n| format!("n{n}")).chain(["Ada".to_owned()]).collect();
        assert_eq!(all, expected);
        let cursor = page(&app, &actor, ada, &[], None, 3).await.unwrap().next;
        assert_eq!(page(&app, &actor, ada, &["note"], cursor.clone(), 3).await.unwrap_err().code(), Code::Malformed);
        assert_eq!(page(&app, &app.acting("support"), ada, &[], cursor, 3).await.unwrap_err().code(), Code::Malformed);
    }

    async fn what_is_out_of_reach_is_counted_and_not_told(app: TestApp) {
        let grant = |privilege, reach| Grant { reach, purposes: Purposes::all(), ..Grant::everything(privilege) };
        let sales = catalogue::Purpose::find("sales").unwrap();
        let mine = Actor::new(Who::Staff(UserId::mint(app.env())), sales, "page", vec![grant("read", Reach::Own), grant("write", Reach::All)]);
        let all = app.acting("sales");
        let ada = made(&app, &mine, "person", json!({"name": "Ada"})).await;
        made(&app, &all, "note", json!({"title": "Not mine", "person": ada})).await;
        made(&app, &mine, "note", json!({"title": "Mine", "person": ada})).await;
        let seen = page(&app, &mine, ada, &[], None, 10).await.unwrap();
        assert_eq!((told(&seen), seen.withheld), (vec!["note.created Mine".to_owned(), "person.created Ada".to_owned()], 1));
        let stranger = Actor::new(Who::Staff(UserId::mint(app.env())), sales, "page", vec![grant("read", Reach::Own)]);
        assert_eq!(page(&app, &stranger, ada, &[], None, 10).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(page(&app, &app.acting("marketing"), ada, &[], None, 10).await.unwrap_err().code(), Code::NotFound);
    }

    async fn what_changed_in_ones_own_records_is_told_newest_first_and_nobody_elses(app: TestApp) {
        let sales = catalogue::Purpose::find("sales").unwrap();
        let grants = || vec![Grant::everything("read"), Grant::everything("write")];
        let me = Actor::new(Who::Staff(UserId::mint(app.env())), sales, "page", grants());
        let other = Actor::new(Who::Staff(UserId::mint(app.env())), sales, "page", grants());
        let ada = made(&app, &me, "person", json!({"name": "Ada", "job_title": "Clerk"})).await;
        let deal = made(&app, &me, "deal", json!({"name": "Showroom"})).await;
        made(&app, &other, "person", json!({"name": "Eve"})).await;
        retitled(&app, &other, ada, "job_title", "Director").await;
        app.settle().await.unwrap();
        let read = async |actor: &Actor, limit: usize| {
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(actor, move |unit| mine(unit, &permit, limit)).await
        };
        let seen = read(&me, 8).await.unwrap();
        let told: Vec<_> = seen.iter().map(|e| (e.what.as_str(), e.title.as_str(), e.changed.join(", "))).collect();
        assert_eq!(told, [("person.changed", "Ada", "Job title".to_owned()), ("deal.created", "Showroom", String::new())]);
        assert_eq!(seen[0].actor, Some(other.who.to_string()));
        assert_eq!(read(&me, 1).await.unwrap().len(), 1);
        assert_eq!(read(&app.acting("sales"), 8).await.unwrap_err().code(), Code::Unauthenticated, "the operator owns nothing");
        // Under a purpose that the records do not serve there is nothing to tell.
        let marketing = Actor::new(me.who, catalogue::Purpose::find("marketing").unwrap(), "page", grants());
        assert!(read(&marketing, 8).await.unwrap().iter().all(|entry| entry.record != ada));
        let recorded = app.read(&me, move |unit| {
            let id = unit.one("SELECT id FROM event WHERE name = 'record.read' ORDER BY at LIMIT 1", &[], |row| row.get(0))?;
            let recorded = unit.recorded(id)?.unwrap();
            unit.plain(recorded)
        }).await.unwrap();
        let mut named = recorded.records.clone();
        named.sort_unstable();
        let mut expected = vec![(ada, 1), (ada, 2), (deal, 1)];
        expected.sort_unstable();
        assert_eq!(named, expected, "every version that was opened to say what changed is named");
    }

    async fn every_statement_of_timelines_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
