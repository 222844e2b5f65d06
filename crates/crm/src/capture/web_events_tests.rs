//! The promises of web events that a program sends.

use std::time::Duration;

use catalogue::Purpose;
use kernel::{Code, RecordId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Manage, WriteRecords};

use super::web_events::*;
use crate::{
    consent::{self, Act, Said, notice},
    records::{self, NewRecord},
};

async fn person(app: &TestApp, email: &str, consents: bool) -> RecordId {
    let kind = app.catalogue().need("person").unwrap();
    let json = json!({"name": "Ada", "email": [email]});
    let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    let writes = permit.clone();
    let id = app.write(&actor, move |unit| records::create(unit, &writes, new.clone())).await.unwrap();
    if consents {
        let purpose = Purpose::find("marketing").unwrap();
        let manage = actor.permit::<Manage>().unwrap();
        let words = notice::Wording { title: "Site".into(), text: "We follow what you do here.".into() };
        let shown = app.write(&actor, move |unit| notice::make(unit, &manage, purpose, "en", &words)).await.unwrap();
        let said = Said {
            purpose,
            act: Act::Given,
            at: None,
            ends: None,
            channel: "web_form".into(),
            notice: Some((shown, None)),
            evidence: None,
        };
        app.write(&actor, move |unit| consent::record(unit, &permit, id, &said)).await.unwrap();
    }
    id
}

fn visit(email: &str, gpc: bool) -> Seen {
    Seen {
        name: "Opened prices".into(),
        at: None,
        url: Some("https://shop.example/prices".into()),
        referrer: None,
        who: Whom::Email(email.into()),
        gpc,
    }
}

async fn sent(app: &TestApp, seen: Vec<Seen>) -> kernel::Result<Vec<Fate>> {
    let permit = app.operator().permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    collect(app, &permit, seen).await
}

async fn noes(app: &TestApp) -> i64 {
    app.store().read(|tx| tx.one("SELECT COUNT(*) FROM consent WHERE channel = 'signal'", &[], |row| row.get(0))).await.unwrap()
}

store_test! {
    async fn an_event_is_kept_of_whoever_consented_and_of_nobody_else(app: TestApp) {
        let ada = person(&app, "ada@q.example", true).await;
        person(&app, "bea@q.example", false).await;
        let fates = sent(&app, vec![visit("ADA@q.example", false), visit("bea@q.example", false), visit("cis@q.example", false)]).await.unwrap();
        let kept = fates[0].unwrap();
        assert_eq!(fates[1..], [Err("no_consent"), Err("no_consent")], "known without consent, or not known: one answer");
        let row = app.read(&app.operator(), move |unit| records::find(unit, kept).and_then(|row| unit.plain(row))).await.unwrap().unwrap();
        assert_eq!(row.open.get("person"), Some(&catalogue::Value::Link(ada)));
    }

    async fn a_browser_that_says_no_says_it_for_its_person_from_then_on(app: TestApp) {
        person(&app, "ada@q.example", true).await;
        assert_eq!(sent(&app, vec![visit("ada@q.example", true)]).await.unwrap(), [Err("gpc")]);
        assert_eq!(sent(&app, vec![visit("ada@q.example", false)]).await.unwrap(), [Err("no_consent")], "without the header too");
        assert_eq!(noes(&app).await, 1);
        sent(&app, vec![visit("ada@q.example", true)]).await.unwrap();
        assert_eq!(noes(&app).await, 1, "said once");
    }

    async fn what_is_wrong_with_one_event_is_named_and_none_is_taken(app: TestApp) {
        person(&app, "ada@q.example", true).await;
        let wrong = Seen { name: String::new(), ..visit("ada@q.example", false) };
        let refused = sent(&app, vec![visit("ada@q.example", false), wrong]).await.unwrap_err();
        assert_eq!((refused.code(), refused.problems()[0].pointer.as_str()), (Code::InvalidInput, "/events/1/name"));
        let count = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM record WHERE kind = 'web_event'", &[], |row| row.get::<i64>(0)));
        assert_eq!(count.await.unwrap(), 0);
        assert_eq!(sent(&app, Vec::new()).await.unwrap_err().code(), Code::InvalidInput);
    }
}
