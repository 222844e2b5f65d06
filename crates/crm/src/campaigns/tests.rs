//! The promises of campaigns. What the outbox does with a letter is told by the tests of mail.

use std::time::Duration;

use catalogue::Purposes;
use kernel::RecordId;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Who};

use super::*;
use crate::{
    identity::{Doorkeeper, setup},
    mail::{NewAccount, Server, Settings, Share, Tls, template::Words as Letter},
    records::NewRecord,
    views::{self, Look, NewView},
};

async fn colleague(app: &TestApp) -> Actor {
    let door = Doorkeeper::new();
    let code = setup::begin(app).await.unwrap().unwrap();
    let word = |text: &str| Personal::new(text.to_owned());
    let id = door.set_up(app, None, code, (word("Kim"), word("kim@house.example")), word("seven quiet herons by the mill")).await.unwrap();
    let grants = ["read", "write", "share"].map(Grant::everything);
    Actor::new(Who::Staff(id), Purpose::find("sales").unwrap(), "page", grants.to_vec())
}

async fn person(app: &TestApp, name: &str, email: &str, title: Option<&str>) -> RecordId {
    let json = json!({"name": name, "relation": "customer", "email": [email], "job_title": title});
    let kind = app.catalogue().need("person").unwrap();
    let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn objects(app: &TestApp, id: RecordId) {
    let bits = Purposes::without_consent().without(Purpose::find("sales").unwrap()).bits();
    app.store().write(move |tx| tx.run("UPDATE record SET usable = ?2 WHERE id = ?1", &args![id, bits])).await.unwrap();
}

/// An account nobody connects to: no letter leaves the outbox here.
fn account() -> NewAccount {
    let server = || Server { host: "mail.house.example".to_owned(), port: 993, tls: Tls::Implicit };
    let settings = Settings {
        address: "desk@house.example".to_owned(),
        aliases: Vec::new(),
        name: "Desk".to_owned(),
        imap: server(),
        smtp: server(),
        login: String::new(),
        signature: String::new(),
        folders: vec!["INBOX".to_owned()],
        sent: String::new(),
        since: "2026-01-01".parse().unwrap(),
        ca: String::new(),
    };
    NewAccount { house: false, team: None, share: Share::Own, settings, password: Some(Personal::new("seven quiet herons".to_owned())) }
}

async fn campaign(app: &TestApp, kim: &Actor, text: &str) -> CampaignId {
    let (reads, writes) = (kim.permit::<ReadRecords>().unwrap(), kim.permit::<WriteRecords>().unwrap());
    let look = Look {
        filter: Some(serde_json::from_value(json!({"field": "relation", "op": "eq", "value": "customer"})).unwrap()),
        ..Look::default()
    };
    let named = |name: &str| Personal::new(name.to_owned());
    let new =
        NewView { kind: "person".to_owned(), name: named("Customers"), look, shared: false, first_for_me: false, first_for_all: false };
    let view = app.write(kim, move |unit| views::save(unit, &reads, &new)).await.unwrap();
    let purpose = kim.purpose;
    let segment = app.write(kim, move |unit| segments::make(unit, view, purpose)).await.unwrap();
    let words = Letter { name: "Spring".into(), subject: "News for {{ person.name }}".into(), text: text.to_owned() };
    let template = app.write(kim, move |unit| template::make(unit, &words, false)).await.unwrap();
    let (new, saves) = (account(), writes.clone());
    let account = app.write(kim, move |unit| mail::save(unit, &saves, &new)).await.unwrap();
    let new = NewCampaign { name: named("Spring news"), segment, template, account };
    app.write(kim, move |unit| make(unit, &writes, &new)).await.unwrap()
}

async fn begun(app: &TestApp, kim: &Actor, id: CampaignId) -> Result<JobId> {
    let permit = kim.permit::<WriteRecords>().unwrap();
    app.write(kim, move |unit| begin(unit, &permit, id)).await
}

async fn worked_off(app: &TestApp) {
    app.clock.advance(Duration::from_secs(1));
    app.work_off(&handlers()).await.unwrap();
}

async fn letters(app: &TestApp, kim: &Actor) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> =
        app.read(kim, mail::letters).await.unwrap().into_iter().map(|letter| (letter.to.join(","), letter.subject)).collect();
    all.sort();
    all
}

async fn came_of(app: &TestApp, kim: &Actor, id: CampaignId) -> (State, Outcome) {
    app.read(kim, move |unit| {
        let outcome = outcome(unit, id)?;
        Ok(one(unit, id)?.map(|one| (one.state, outcome)))
    })
    .await
    .unwrap()
}

store_test! {
    async fn a_campaign_writes_once_to_everybody_whom_its_segment_yields_and_counts_the_others_by_reason(app: TestApp) {
        let kim = colleague(&app).await;
        person(&app, "Ada", "ada@q.example", Some("Clerk")).await;
        person(&app, "Bea", "bea@q.example", Some("Head")).await;
        person(&app, "Cis", "cis@q.example", None).await;
        let no = person(&app, "Dan", "dan@q.example", Some("Head")).await;
        objects(&app, no).await;
        // Another record here has the same address, and that one may not be used.
        person(&app, "Eve", "dan@q.example", Some("Head")).await;
        let id = campaign(&app, &kim, "Dear {{ person.job_title }},").await;
        let reads = kim.permit::<ReadRecords>().unwrap();
        let shown = app.read(&kim, move |unit| preview(unit, &reads, id)).await.unwrap().unwrap();
        let (text, way_out) = shown.text.split_once("\n\nUnsubscribe: ").unwrap();
        assert_eq!((shown.to.as_str(), shown.subject.as_str(), text), ("ada@q.example", "News for Ada", "Dear Clerk,"));
        assert!(way_out.starts_with("https://crm.test.example/p/unsubscribe/") && !way_out.contains("ada"));
        assert!(letters(&app, &kim).await.is_empty(), "a preview writes nothing");
        begun(&app, &kim, id).await.unwrap();
        assert_eq!(begun(&app, &kim, id).await.unwrap_err().code(), Code::Conflict);
        worked_off(&app).await;
        let wrote = vec![("ada@q.example".to_owned(), "News for Ada".to_owned()), ("bea@q.example".to_owned(), "News for Bea".to_owned())];
        assert_eq!(letters(&app, &kim).await, wrote);
        let skipped = [("objected", 1), ("purpose", 1), ("template", 1)].map(|(why, n)| (why.to_owned(), n)).into_iter().collect();
        assert_eq!(came_of(&app, &kim, id).await, (State::Done, Outcome { waiting: 2, skipped, ..Outcome::default() }));
        assert!(SKIPS.contains(&"objected"));
        assert_eq!(begun(&app, &kim, id).await.unwrap_err().code(), Code::Conflict, "done is done");
    }

    async fn a_campaign_that_was_stopped_goes_on_with_those_it_did_not_write_to(app: TestApp) {
        let kim = colleague(&app).await;
        let ada = person(&app, "Ada", "ada@q.example", None).await;
        person(&app, "Bea", "bea@q.example", None).await;
        let id = campaign(&app, &kim, "Hello").await;
        let job = begun(&app, &kim, id).await.unwrap();
        cancel(&app, &kim, id).await.unwrap();
        worked_off(&app).await;
        assert_eq!((came_of(&app, &kim, id).await.0, letters(&app, &kim).await.len()), (State::Cancelled, 0));
        assert_eq!(cancel(&app, &kim, id).await.unwrap_err().code(), Code::Conflict);
        // One letter was written before the process ended.
        app.store().write(move |tx| tx.run(sql::PERSON_INSERT, &args![id, ada, "queued", "", store::Value::Null, 0_i64])).await.unwrap();
        let again = begun(&app, &kim, id).await.unwrap();
        assert_ne!(again, job);
        worked_off(&app).await;
        assert_eq!(letters(&app, &kim).await, [("bea@q.example".to_owned(), "News for Bea".to_owned())]);
        assert_eq!(came_of(&app, &kim, id).await, (State::Done, Outcome { waiting: 1, dropped: 1, ..Outcome::default() }));
    }

    async fn whoever_objects_between_beginning_and_writing_gets_no_letter(app: TestApp) {
        let kim = colleague(&app).await;
        let ada = person(&app, "Ada", "ada@q.example", None).await;
        let id = campaign(&app, &kim, "Hello").await;
        begun(&app, &kim, id).await.unwrap();
        objects(&app, ada).await;
        worked_off(&app).await;
        assert!(letters(&app, &kim).await.is_empty());
        assert_eq!(came_of(&app, &kim, id).await.1.skipped, [("objected".to_owned(), 1)].into_iter().collect());
    }

    async fn whoever_takes_the_way_out_of_one_letter_gets_no_other_campaign_and_stays_a_customer(app: TestApp) {
        let kim = colleague(&app).await;
        let ada = person(&app, "Ada", "ada@q.example", None).await;
        let id = campaign(&app, &kim, "Hello. To leave: {{ unsubscribe }}").await;
        let reads = kim.permit::<ReadRecords>().unwrap();
        let shown = app.read(&kim, move |unit| preview(unit, &reads, id)).await.unwrap().unwrap();
        let (_, token) = shown.text.rsplit_once('/').unwrap();
        assert_eq!(shown.text.matches("https://").count(), 1, "where the template says it, it is not said again");
        assert!(!reader(&app, token).await.unwrap().gone, "looking changes nothing");
        begun(&app, &kim, id).await.unwrap();
        // Between the letter's writing and its sending.
        worked_off(&app).await;
        assert_eq!(letters(&app, &kim).await.len(), 1);
        unsubscribe(&app, token).await.unwrap();
        unsubscribe(&app, token).await.unwrap();
        assert!(reader(&app, token).await.unwrap().gone);
        let entries = app.read(&kim, move |unit| crate::consent::statements_of(unit, ada).and_then(|all| unit.plain(all))).await.unwrap();
        assert_eq!(entries.iter().map(|one| (one.act.as_str(), one.channel.as_str())).collect::<Vec<_>>(), [("objected", "unsubscribe")]);
        let row = app.read(&kim, move |unit| records::find(unit, ada).and_then(|row| unit.plain(row))).await.unwrap().unwrap();
        assert!(row.usable.serve(kim.purpose), "the customer is still served");
        let next = app.write(&kim, {
            let writes = kim.permit::<WriteRecords>().unwrap();
            let found = app.read(&kim, move |unit| one(unit, id)).await.unwrap();
            let new = NewCampaign { name: Personal::new("Summer".to_owned()), segment: found.segment, template: found.template, account: found.account };
            move |unit| make(unit, &writes, &new)
        }).await.unwrap();
        begun(&app, &kim, next).await.unwrap();
        worked_off(&app).await;
        assert_eq!(came_of(&app, &kim, next).await.1.skipped, [("unsubscribed".to_owned(), 1)].into_iter().collect());
        let mut wrong = token.to_owned();
        wrong.replace_range(30..31, if token.as_bytes()[30] == b'A' { "B" } else { "A" });
        for wrong in [wrong.as_str(), "", "x", &"A".repeat(5_000)] {
            assert_eq!(unsubscribe(&app, wrong).await.unwrap_err().code(), Code::NotFound);
        }
    }

    async fn a_campaign_is_its_makers_alone_and_for_the_purpose_they_act_for(app: TestApp) {
        let kim = colleague(&app).await;
        person(&app, "Ada", "ada@q.example", None).await;
        let id = campaign(&app, &kim, "Hello").await;
        let grants = ["read", "write"].map(Grant::everything);
        let other = Actor::new(Who::Staff(UserId::mint(app.env())), kim.purpose, "page", grants.to_vec());
        assert_eq!(begun(&app, &other, id).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(app.read(&other, move |unit| one(unit, id)).await.unwrap_err().code(), Code::NotFound);
        let support = kim.acting_for(Purpose::find("support").unwrap());
        assert_eq!(begun(&app, &support, id).await.unwrap_err().code(), Code::Forbidden);
        app.write(&kim, move |unit| delete(unit, id)).await.unwrap();
        assert_eq!(app.read(&kim, move |unit| one(unit, id)).await.unwrap_err().code(), Code::NotFound);
    }
}
