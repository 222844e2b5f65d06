//! The promises of consent. The fold itself is promised in `rules::consent`.

use std::time::Duration;

use catalogue::{Purpose, Purposes};
use kernel::{Code, Instant, RecordId, Result};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Manage, ReadRecords, WriteRecords};

use super::{
    notice::{NoticeId, Wording},
    *,
};
use crate::{
    duplicates,
    records::{self, NewRecord},
    requests,
};

fn purpose(key: &str) -> &'static Purpose {
    Purpose::find(key).unwrap()
}

async fn person(app: &TestApp, name: &str, email: &str) -> RecordId {
    let kind = app.catalogue().need("person").unwrap();
    let json = json!({"name": name, "email": [email]});
    let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("person", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn asked(app: &TestApp) -> NoticeId {
    let wording = Wording { title: "Newsletter".into(), text: "We write to you once a month about new pillows.".into() };
    let actor = app.operator();
    let permit = actor.permit::<Manage>().unwrap();
    app.write(&actor, move |unit| notice::make(unit, &permit, purpose("marketing"), "en", &wording)).await.unwrap()
}

fn says(act: Act, key: &str) -> Said {
    Said { purpose: purpose(key), act, at: None, ends: None, channel: "phone".into(), notice: None, evidence: None }
}

async fn enters(app: &TestApp, person: RecordId, said: Said) -> Result<ConsentId> {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(&actor, move |unit| record(unit, &permit, person, &said)).await
}

async fn consents(app: &TestApp, person: RecordId, notice: NoticeId) {
    enters(app, person, Said { notice: Some((notice, None)), ..says(Act::Given, "marketing") }).await.unwrap();
}

async fn usable(app: &TestApp, id: RecordId) -> Purposes {
    let found = app.read(&app.operator(), move |unit| records::find(unit, id).and_then(|row| unit.plain(row))).await.unwrap();
    found.unwrap().usable
}

async fn opens(app: &TestApp, id: RecordId, key: &str) -> bool {
    usable(app, id).await.serve(purpose(key))
}

async fn seen(app: &TestApp, person: RecordId) -> Held {
    let actor = app.operator();
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(&actor, move |unit| held(unit, &permit, person)).await.unwrap()
}

async fn code(done: Result<ConsentId>) -> (&'static str, String) {
    let error = done.unwrap_err();
    error.problems().first().map_or((error.code().as_str(), String::new()), |problem| (problem.code, problem.pointer.clone()))
}

/// Something they did on the web site, as a program tells it.
async fn clicks(app: &TestApp, person: RecordId) -> Result<RecordId> {
    let kind = app.catalogue().need("web_event").unwrap();
    let json = json!({"name": "Pillow page", "person": person.to_string()});
    let fields = records::parse_fields(&kind, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new("web_event", fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await
}

store_test! {
    async fn a_proven_consent_opens_a_purpose_at_once_and_its_withdrawal_closes_it_at_once(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        assert!(!opens(&app, ada, "marketing").await);
        consents(&app, ada, notice).await;
        assert!(opens(&app, ada, "marketing").await && opens(&app, ada, "sales").await);
        enters(&app, ada, says(Act::Withdrawn, "marketing")).await.unwrap();
        assert!(!opens(&app, ada, "marketing").await && opens(&app, ada, "sales").await);
        let held = seen(&app, ada).await;
        assert_eq!(held.entries.iter().map(|one| one.act).collect::<Vec<_>>(), [Act::Withdrawn, Act::Given]);
        assert_eq!(held.entries[1].notice, Some((notice, 1)));
        let (_, standing) = held.standing.iter().find(|(one, _)| one.key == "marketing").unwrap();
        assert_eq!((standing.allowed, standing.by.unwrap().0), (false, Act::Withdrawn));
    }

    async fn a_consent_without_the_words_that_were_shown_is_kept_and_opens_nothing(app: TestApp) {
        let ada = person(&app, "Ada", "ada@q.example").await;
        enters(&app, ada, says(Act::Given, "marketing")).await.unwrap();
        assert!(!opens(&app, ada, "marketing").await);
        assert!(!seen(&app, ada).await.entries[0].is_proven());
    }

    async fn a_consent_entered_late_does_not_undo_a_withdrawal_that_came_after_it(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        let before = app.env().now();
        enters(&app, ada, says(Act::Withdrawn, "marketing")).await.unwrap();
        enters(&app, ada, Said { at: Some(before), notice: Some((notice, None)), ..says(Act::Given, "marketing") }).await.unwrap();
        assert!(!opens(&app, ada, "marketing").await);
    }

    async fn an_objection_closes_what_rests_on_an_interest_and_nothing_that_rests_on_a_duty(app: TestApp) {
        let ada = person(&app, "Ada", "ada@q.example").await;
        enters(&app, ada, says(Act::Objected, "sales")).await.unwrap();
        assert!(!opens(&app, ada, "sales").await && opens(&app, ada, "support").await && opens(&app, ada, "billing").await);
        assert_eq!(code(enters(&app, ada, says(Act::Objected, "billing")).await).await, ("not_objectable", "/act".into()));
        assert_eq!(code(enters(&app, ada, says(Act::Withdrawn, "sales")).await).await, ("needs_no_consent", "/act".into()));
        enters(&app, ada, says(Act::Lifted, "sales")).await.unwrap();
        assert!(opens(&app, ada, "sales").await);
    }

    async fn what_cannot_have_been_said_is_refused_and_nothing_is_entered(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        let later = app.env().now().plus(Duration::from_secs(86_400));
        let wrong = [
            (Said { at: Some(later), ..says(Act::Withdrawn, "marketing") }, "in_the_future"),
            (says(Act::Expired, "marketing"), "not_said"),
            (Said { channel: "telepathy".into(), ..says(Act::Withdrawn, "marketing") }, "unknown"),
            (Said { ends: Some(Instant::EPOCH), ..says(Act::Given, "marketing") }, "before_it_began"),
            (Said { ends: Some(later), ..says(Act::Withdrawn, "marketing") }, "not_a_consent"),
            (Said { notice: Some((notice, Some(7))), ..says(Act::Given, "marketing") }, "unknown"),
            (Said { notice: Some((notice, None)), ..says(Act::Objected, "sales") }, "other_purpose"),
            (Said { evidence: Some(RecordId::mint(app.env())), ..says(Act::Withdrawn, "marketing") }, "not_a_record"),
        ];
        for (said, expected) in wrong {
            assert_eq!(code(enters(&app, ada, said).await).await.0, expected);
        }
        assert!(seen(&app, ada).await.entries.is_empty());
        let nobody = RecordId::mint(app.env());
        assert_eq!(enters(&app, nobody, says(Act::Withdrawn, "marketing")).await.unwrap_err().code(), Code::NotFound);
    }

    async fn a_consent_given_for_a_time_ends_with_it_unless_it_was_given_anew(app: TestApp) {
        let (ada, bea, notice) = (person(&app, "Ada", "ada@q.example").await, person(&app, "Bea", "bea@q.example").await, asked(&app).await);
        let ends = Some(app.env().now().plus(Duration::from_secs(3_600)));
        for one in [ada, bea] {
            enters(&app, one, Said { ends, notice: Some((notice, None)), ..says(Act::Given, "marketing") }).await.unwrap();
        }
        consents(&app, bea, notice).await;
        assert_eq!(expire(&app, &app.operator()).await.unwrap(), 0);
        app.clock.advance(Duration::from_secs(7_200));
        assert_eq!(expire(&app, &app.operator()).await.unwrap(), 1);
        assert!(!opens(&app, ada, "marketing").await && opens(&app, bea, "marketing").await);
        assert_eq!(expire(&app, &app.operator()).await.unwrap(), 0, "once");
    }

    async fn what_is_kept_by_consent_is_kept_of_nobody_else_and_closed_when_it_is_withdrawn(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        let refused = clicks(&app, ada).await.unwrap_err();
        assert_eq!((refused.problems()[0].pointer.as_str(), refused.problems()[0].code), ("/person", records::NO_CONSENT));
        consents(&app, ada, notice).await;
        let event = clicks(&app, ada).await.unwrap();
        let kept = usable(&app, event).await;
        assert!(kept.serve(purpose("marketing")) && kept.serve(purpose("legal")) && !kept.serve(purpose("sales")));
        enters(&app, ada, says(Act::Withdrawn, "marketing")).await.unwrap();
        assert!(!opens(&app, event, "marketing").await && opens(&app, event, "legal").await);
        assert_eq!(clicks(&app, ada).await.unwrap_err().problems()[0].code, records::NO_CONSENT);
        consents(&app, ada, notice).await;
        assert!(!opens(&app, event, "marketing").await, "a later consent opens what comes after it");
        assert!(clicks(&app, ada).await.is_ok());
    }

    async fn what_is_made_beside_a_withdrawal_is_refused_or_closed_with_it(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        for _ in 0..12 {
            consents(&app, ada, notice).await;
            let (made, again, withdrawn) = tokio::join!(clicks(&app, ada), clicks(&app, ada), enters(&app, ada, says(Act::Withdrawn, "marketing")));
            withdrawn.unwrap();
            for event in [made, again] {
                match event {
                    Ok(event) => assert!(!opens(&app, event, "marketing").await, "it was made before, and is closed"),
                    Err(refused) => assert_eq!(refused.problems()[0].code, records::NO_CONSENT),
                }
            }
        }
    }

    async fn who_is_merged_brings_what_they_said_and_takes_it_along_again(app: TestApp) {
        let (ada, twin, notice) = (person(&app, "Ada", "ada@q.example").await, person(&app, "Ada Q", "ada@q.example").await, asked(&app).await);
        consents(&app, ada, notice).await;
        enters(&app, twin, says(Act::Objected, "marketing")).await.unwrap();
        let actor = app.operator();
        let permit = actor.permit::<WriteRecords>().unwrap();
        let merge = permit.clone();
        let asked = duplicates::Asked { survivor: ada, other: twin, choices: Default::default(), versions: (None, None) };
        app.write(&actor, move |unit| duplicates::merge(unit, &merge, &asked)).await.unwrap();
        assert!(!opens(&app, ada, "marketing").await, "the later no of the other counts");
        assert_eq!(seen(&app, ada).await.entries.len(), 2);
        app.write(&actor, move |unit| duplicates::unmerge(unit, &permit, twin)).await.unwrap();
        assert!(opens(&app, ada, "marketing").await && !opens(&app, twin, "marketing").await);
    }

    async fn the_access_package_tells_what_they_allowed_with_the_words_they_were_shown(app: TestApp) {
        let (ada, notice) = (person(&app, "Ada", "ada@q.example").await, asked(&app).await);
        consents(&app, ada, notice).await;
        let actor = app.operator();
        let out = app.folder().join("ada.zip");
        requests::package(&app, &actor, ada, None, &requests::Target::File(out.clone())).await.unwrap();
        let mut zip = zip::ZipArchive::new(std::fs::File::open(out).unwrap()).unwrap();
        let document: serde_json::Value = serde_json::from_reader(zip.by_name("package.json").unwrap()).unwrap();
        let told = &document["consents"][0];
        assert_eq!((told["act"].as_str(), told["purpose"].as_str()), (Some("given"), Some("marketing")));
        assert_eq!(told["notice"]["text"], "We write to you once a month about new pillows.");
        let page = std::io::read_to_string(zip.by_name("index.html").unwrap()).unwrap();
        assert!(page.contains("We write to you once a month about new pillows."));
    }

    async fn a_notice_is_never_changed_only_followed_by_its_next_version(app: TestApp) {
        let notice = asked(&app).await;
        let actor = app.operator();
        let permit = actor.permit::<Manage>().unwrap();
        let wording = Wording { title: "Newsletter".into(), text: "We write to you once a week.".into() };
        let (again, manage) = (wording.clone(), permit.clone());
        assert_eq!(app.write(&actor, move |unit| notice::change(unit, &manage, notice, &wording)).await.unwrap(), 2);
        let manage = permit.clone();
        assert_eq!(app.write(&actor, move |unit| notice::change(unit, &manage, notice, &again)).await.unwrap(), 2, "the same words");
        let all = app.read(&actor, move |unit| notice::versions(unit, notice)).await.unwrap();
        assert_eq!(all.iter().map(|one| one.version).collect::<Vec<_>>(), [2, 1]);
        assert_eq!(all[1].text, "We write to you once a month about new pillows.");
        let empty = Wording { title: String::new(), text: "x".into() };
        let manage = permit.clone();
        assert_eq!(app.write(&actor, move |unit| notice::change(unit, &manage, notice, &empty)).await.unwrap_err().code(), Code::InvalidInput);
        let good = Wording { title: "Bills".into(), text: "x".into() };
        let refused = app.write(&actor, move |unit| notice::make(unit, &permit, purpose("billing"), "en", &good)).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "not_asked");
    }

    async fn every_statement_of_consent_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
