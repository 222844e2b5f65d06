//! The promises of mail, with a mailbox server and a mail server that nobody here wrote.

use std::time::Duration;

use catalogue::{Class, Purpose, Purposes, message};
use kernel::{Code, Personal, RecordId, UserId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{
    Actor, Grant, Reach, Who,
    permit::{Manage, ReadRecords, WriteRecords},
};

use super::{testing::Servers, *};
use crate::{
    identity::{Doorkeeper, NewStaff, setup, staff},
    notices::{self, Why},
    records::{self, Detail, NewRecord, Shown},
    requests::erasure,
};

const ADA: &str = "ada@quellenbrunn.example";
const DESK: &str = "desk@ours.example";

fn word(text: &str) -> Personal<String> {
    Personal::new(text.to_owned())
}

fn with_grants(id: UserId, purpose: &str) -> Actor {
    let grants = ["read", "write", "share"].map(Grant::everything);
    Actor::new(Who::Staff(id), Purpose::find(purpose).unwrap(), "page", grants.to_vec())
}

/// Somebody who works here.
async fn colleague(app: &TestApp) -> Actor {
    let door = Doorkeeper::new();
    let code = setup::begin(app).await.unwrap().unwrap();
    let id = door.set_up(app, None, code, (word("Kim"), word("kim@house.example")), word("seven quiet herons by the mill")).await.unwrap();
    with_grants(id, "sales")
}

async fn person(app: &TestApp, email: &str) -> RecordId {
    let permit = app.operator().permit::<WriteRecords>().unwrap();
    let kind = app.catalogue().need("person").unwrap();
    let json = json!({"name": "Ada Quellenbrunn", "email": [email]});
    let fields =
        records::parse_fields(&kind, json.as_object().unwrap()).unwrap().into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect();
    let new = NewRecord::new("person", fields);
    app.write(&app.operator(), move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

fn settings(servers: &Servers, address: &str) -> Settings {
    let server = |port: &str| Server { host: "localhost".to_owned(), port: servers.port(port), tls: Tls::Implicit };
    Settings {
        address: address.to_owned(),
        aliases: Vec::new(),
        name: "Kim Desk".to_owned(),
        imap: server("imap"),
        smtp: server("smtp"),
        login: String::new(),
        signature: "Kim, Ours Ltd".to_owned(),
        folders: vec!["INBOX".to_owned()],
        sent: String::new(),
        since: "2026-01-01".parse().unwrap(),
        ca: servers.text("ca"),
    }
}

fn new(servers: &Servers, address: &str, share: Share) -> NewAccount {
    NewAccount {
        house: false,
        team: None,
        share,
        settings: settings(servers, address),
        password: Some(Personal::new(servers.text("password"))),
    }
}

async fn saved(app: &TestApp, actor: &Actor, new: NewAccount) -> Result<AccountId> {
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| save(unit, &permit, &new)).await
}

async fn put(app: &TestApp, actor: &Actor, draft: Draft) -> Result<LetterId> {
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| queue(unit, &permit, &draft)).await
}

fn draft(account: AccountId, to: &str) -> Draft {
    Draft {
        account: Some(account),
        to: vec![to.to_owned()],
        subject: "Größe & Preis".into(),
        text: "Good day,\n\n.\nKirschkernkissen <b>".into(),
        ..Draft::default()
    }
}

/// Does everything that is due now.
async fn turns(app: &TestApp) {
    app.clock.advance(Duration::from_secs(1));
    while turn(app).await.unwrap() > 0 {
        // What was done is due later.
    }
}

async fn accounts(app: &TestApp, actor: &Actor) -> Vec<Account> {
    app.read(actor, list).await.unwrap()
}

async fn outbox(app: &TestApp, actor: &Actor) -> Vec<Letter> {
    app.read(actor, letters).await.unwrap()
}

async fn messages(app: &TestApp, actor: &Actor) -> Vec<Shown> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    let ids = app
        .store()
        .read(|tx| tx.all("SELECT id FROM record WHERE kind = 'message' ORDER BY id", &[], |row| row.get::<RecordId>(0)))
        .await
        .unwrap();
    let mut all = Vec::new();
    for id in ids {
        let permit = permit.clone();
        all.extend(app.read(actor, move |unit| records::show(unit, &permit, id, Detail::Whole)).await.ok());
    }
    all
}

fn text(shown: &Shown, key: &str) -> serde_json::Value {
    shown.cell(key).map(records::Cell::to_json).unwrap_or_default()
}

fn letter_from_ada(n: u32) -> String {
    format!(
        "From: Ada Quellenbrunn <{ADA}>\r\nTo: {DESK}\r\nSubject: Question {n}\r\nDate: Sun, 22 Nov 2026 09:00:0{n} +0000\r\nMessage-ID: <q{n}@quellenbrunn.example>\r\n\r\nWhat does the Zirkelkasten cost?\r\n"
    )
}

async fn usable(app: &TestApp, person: RecordId, bits: Purposes, state: &'static str) {
    let bits = bits.bits();
    app.store()
        .write(move |tx| tx.run("UPDATE record SET usable = ?2, state = ?3 WHERE id = ?1", &store::args![person, bits, state]))
        .await
        .unwrap();
}

store_test! {
    async fn a_question_comes_in_is_answered_and_the_answer_to_that_joins_the_same_conversation(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let ada = person(&app, ADA).await;
        servers.deliver(DESK, &letter_from_ada(1));
        let account = saved(&app, &kim, new(&servers, DESK, Share::Own)).await.unwrap();
        turns(&app).await;
        let found = messages(&app, &kim).await;
        assert_eq!(found.len(), 1);
        let question = &found[0];
        assert_eq!(text(question, message::SUBJECT), json!("Question 1"));
        assert_eq!((text(question, message::DIRECTION), text(question, message::SOURCE)), (json!("in"), json!("mailbox")));
        assert_eq!((text(question, message::PARTICIPANTS), question.owner), (json!([ada]), kim.staff()));
        let shown = &accounts(&app, &kim).await[0];
        assert_eq!(shown.counts, Counts { seen: 1, captured: 1, duplicate: 0, failed: 0 });
        assert!(shown.fetched.is_some() && shown.fault.is_none());

        // Kim answers, and Ada's own mailbox has it, with what a mail program needs to put it under her question.
        let reply = Draft { reply_to: Some(question.id), cc: vec!["Boss <boss@quellenbrunn.example>".into()], bcc: vec!["hidden@ours.example".into()], ..draft(account, ADA) };
        put(&app, &kim, reply).await.unwrap();
        turns(&app).await;
        let sent = &outbox(&app, &kim).await[0];
        assert_eq!((sent.state, sent.reason, sent.to.len()), (State::Sent, None, 0));
        let arrived = servers.read(ADA, "INBOX");
        assert_eq!(arrived.len(), 1, "{arrived:?}");
        let mail = parse::mail::parse(arrived[0].as_bytes()).unwrap();
        assert_eq!(mail.subject.as_deref(), Some("Größe & Preis"));
        assert_eq!((mail.in_reply_to.clone(), mail.references.clone()), (vec!["q1@quellenbrunn.example".into()], vec!["q1@quellenbrunn.example".into()]));
        assert_eq!(mail.from[0].name.as_deref(), Some("Kim Desk"));
        assert_eq!((mail.to.len(), mail.cc.len(), mail.bcc.len()), (1, 1, 0), "who is hidden is not named");
        assert!(mail.text.contains("\n.\nKirschkernkissen <b>") && mail.text.contains("-- \nKim, Ours Ltd"), "{}", mail.text);
        assert!(mail.html.unwrap().contains("Kirschkernkissen &lt;b&gt;"));
        assert_eq!(servers.read("sink", "INBOX").len(), 2, "the other two have it as well");

        // The sent one is a record of the same conversation, and its copy is filed once; fetching that makes no second record.
        let answer = messages(&app, &kim).await.into_iter().find(|one| Some(one.id) == sent.record).unwrap();
        assert_eq!((text(&answer, message::DIRECTION), text(&answer, message::THREAD)), (json!("out"), json!("q1@quellenbrunn.example")));
        assert_eq!(text(&answer, message::PARTICIPANTS), json!([ada]));
        assert_eq!(text(&answer, message::CC), json!(["Boss <boss@quellenbrunn.example>", "hidden@ours.example"]), "the record says who got it");
        assert_eq!(servers.read(DESK, "Sent").len(), 1);

        // Ada answers from another program.
        let again = format!("From: {ADA}\r\nTo: {DESK}\r\nSubject: Re: Offer\r\nMessage-ID: <q2@quellenbrunn.example>\r\nIn-Reply-To: <{id}>\r\nReferences: <q1@quellenbrunn.example> <{id}>\r\n\r\nThank you.\r\n", id = mail.message_id.unwrap());
        servers.deliver(DESK, &again);
        app.write(&kim, move |unit| fetch_now(unit, account)).await.unwrap();
        turns(&app).await;
        let all = messages(&app, &kim).await;
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|one| text(one, message::THREAD) == json!("q1@quellenbrunn.example")));
        assert_eq!(accounts(&app, &kim).await[0].counts, Counts { seen: 3, captured: 2, duplicate: 1, failed: 0 }, "its copy in Sent is known");

        // The box of what was sent lost its key, and the log knows by which event.
        app.settle().await.unwrap();
        let audit = app.operator().permit::<trail::permit::Audit>().unwrap();
        let report = crate::evidence::verify(&app, &audit, crate::evidence::Options::default(), None).await.unwrap();
        assert_eq!(report.faults, vec![]);

        // Nothing of it lies readable in what the house stores.
        for word in ["Zirkelkasten", "Kirschkernkissen", "Korrekt-Pferd", "quellenbrunn", "desk@ours", "Kim, Ours", "Kim Desk", "localhost"] {
            assert_eq!(app.bytes_found(word.as_bytes()), Vec::<String>::new(), "{word}");
        }
    }

    async fn nothing_is_lost_or_doubled_when_the_server_numbers_its_messages_anew(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        (1..=3).for_each(|n| servers.deliver(DESK, &letter_from_ada(n)));
        let account = saved(&app, &kim, new(&servers, DESK, Share::Own)).await.unwrap();
        turns(&app).await;
        assert_eq!(messages(&app, &kim).await.len(), 3);
        servers.renumber(DESK);
        servers.deliver(DESK, &letter_from_ada(4));
        servers.deliver(DESK, "this is no message at all");
        app.write(&kim, move |unit| fetch_now(unit, account)).await.unwrap();
        turns(&app).await;
        assert_eq!(messages(&app, &kim).await.len(), 4);
        let counts = accounts(&app, &kim).await[0].counts;
        assert_eq!(counts.seen, counts.captured + counts.duplicate + counts.failed);
        assert_eq!((counts.captured, counts.duplicate, counts.failed), (4, 3, 1));
        // A second fetch finds nothing new.
        app.clock.advance(Duration::from_secs(130));
        turns(&app).await;
        assert_eq!(accounts(&app, &kim).await[0].counts, counts);
    }

    async fn each_thing_that_can_be_wrong_with_a_server_has_its_words(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let good = new(&servers, DESK, Share::Own);
        let tried = test(&app, &kim, good.clone(), None).await.unwrap();
        assert!(tried.error().is_none());
        let folders = tried.imap.unwrap();
        assert!(folders.contains(&("Sent".to_owned(), true)) && folders.contains(&("INBOX".to_owned(), false)), "{folders:?}");
        let change = |f: &dyn Fn(&mut NewAccount)| { let mut new = good.clone(); f(&mut new); new };
        let cases = [
            ("login_refused", "login_refused", change(&|new| new.password = Some(word("wrong")))),
            ("tls_certificate", "tls_certificate", change(&|new| new.settings.ca = servers.text("other_ca"))),
            ("refused", "refused", change(&|new| { new.settings.imap.port = servers.port("closed"); new.settings.smtp.port = servers.port("closed"); })),
            ("name_not_found", "name_not_found", change(&|new| { new.settings.imap.host = "nowhere.invalid".into(); new.settings.smtp.host = "nowhere.invalid".into(); })),
            ("tls", "tls", change(&|new| { new.settings.imap.port = servers.port("imap_plain"); new.settings.smtp.port = servers.port("smtp_starttls"); })),
            ("folder_missing", "", change(&|new| new.settings.folders = vec!["INBOX".into(), "Nirgendwo".into()])),
        ];
        for (imap, smtp, new) in cases {
            let tried = test(&app, &kim, new, None).await.unwrap();
            assert_eq!(tried.imap.as_ref().map_err(|fault| fault.code).err().unwrap_or_default(), imap);
            assert_eq!(tried.smtp.as_ref().map_err(|fault| fault.code).err().unwrap_or_default(), smtp, "{imap}");
            assert!(!Fault::words(tried.error().unwrap().problems()[0].code).is_empty());
        }
        // STARTTLS, on both.
        let starttls = change(&|new| {
            new.settings.imap = Server { host: "localhost".into(), port: servers.port("imap_plain"), tls: Tls::Starttls };
            new.settings.smtp = Server { host: "localhost".into(), port: servers.port("smtp_starttls"), tls: Tls::Starttls };
        });
        assert!(test(&app, &kim, starttls, None).await.unwrap().error().is_none());
        // Plain text reaches this machine and no other.
        let plain = change(&|new| new.settings.imap = Server { host: "mail.example.org".into(), port: 143, tls: Tls::None });
        assert_eq!(saved(&app, &kim, plain).await.unwrap_err().problems()[0].code, "plain_refused");

        // What fails later stands with the account, its owner is told at the third time, and it is tried less often.
        let account = saved(&app, &kim, change(&|new| new.password = Some(word("wrong")))).await.unwrap();
        for _ in 0..3 {
            turns(&app).await;
            app.clock.advance(Duration::from_secs(3_700));
        }
        let shown = &accounts(&app, &kim).await[0];
        assert_eq!((shown.fault, shown.failures), (Some("login_refused"), 3));
        let told = app.read(&kim, |unit| notices::mine(unit, true, None, 5).and_then(|all| unit.plain(all))).await.unwrap();
        assert_eq!(told.iter().map(|notice| (notice.why, *notice.record.bytes())).collect::<Vec<_>>(), [(Why::Mail, *account.bytes())]);
        // With the right password it works again.
        let permit = kim.permit::<WriteRecords>().unwrap();
        let right = good.clone();
        app.write(&kim, move |unit| super::change(unit, &permit, account, &right)).await.unwrap();
        turns(&app).await;
        assert_eq!(accounts(&app, &kim).await[0].fault, None);
    }

    async fn where_an_account_logs_in_changes_only_with_its_password(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let good = new(&servers, DESK, Share::Own);
        let account = saved(&app, &kim, good.clone()).await.unwrap();
        let mut elsewhere = NewAccount { password: None, ..good.clone() };
        elsewhere.settings.imap.host = "mail.thief.example".into();
        let permit = kim.permit::<WriteRecords>().unwrap();
        let refused = app.write(&kim, { let permit = permit.clone(); move |unit| change(unit, &permit, account, &elsewhere) }).await.unwrap_err();
        assert_eq!(refused.problems()[0].pointer, "/password");
        let mut renamed = NewAccount { password: None, ..good };
        renamed.settings.name = "Kim".into();
        app.write(&kim, { let permit = permit.clone(); move |unit| change(unit, &permit, account, &renamed) }).await.unwrap();
        // Nobody else sees, changes or uses it.
        let eve = with_grants(UserId::mint(app.env()), "sales");
        assert!(accounts(&app, &eve).await.is_empty());
        assert_eq!(app.read(&eve, move |unit| one(unit, account)).await.err().unwrap().code(), Code::NotFound);
        assert_eq!(app.write(&eve, move |unit| delete(unit, account)).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(put(&app, &eve, draft(account, ADA)).await.unwrap_err().code(), Code::NotFound);
        app.write(&kim, move |unit| delete(unit, account)).await.unwrap();
        assert!(accounts(&app, &kim).await.is_empty());
    }

    async fn consent_withdrawn_between_writing_and_sending_stops_the_letter(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let marketing = with_grants(kim.staff().unwrap(), "marketing");
        let ada = person(&app, ADA).await;
        let account = saved(&app, &kim, new(&servers, DESK, Share::Own)).await.unwrap();
        // Without consent it cannot even be put into the outbox; nor can one to somebody who is nobody here.
        for (to, rule) in [(ADA, "consent"), ("stranger@quellenbrunn.example", "consent")] {
            assert_eq!(put(&app, &marketing, draft(account, to)).await.unwrap_err().problems()[0].code, rule);
        }
        usable(&app, ada, Purposes::all(), "live").await;
        put(&app, &marketing, draft(account, ADA)).await.unwrap();
        usable(&app, ada, Purposes::without_consent(), "live").await;
        turns(&app).await;
        let letter = &outbox(&app, &kim).await[0];
        assert_eq!((letter.state, letter.reason), (State::Refused, Some("consent")));
        // An objection and a restriction stop any purpose.
        for (bits, state, rule) in [(Purposes::NONE, "live", "purpose"), (Purposes::all(), "restricted", "restricted")] {
            usable(&app, ada, Purposes::all(), "live").await;
            let id = put(&app, &kim, draft(account, ADA)).await.unwrap();
            usable(&app, ada, bits, state).await;
            turns(&app).await;
            let letter = outbox(&app, &kim).await.into_iter().find(|letter| letter.id == id).unwrap();
            assert_eq!((letter.state, letter.reason), (State::Refused, Some(rule)));
            assert!(!rule_words(rule).is_empty());
        }
        assert_eq!(servers.read(ADA, "INBOX").len(), 0, "nothing arrived");
        // With the consent given again, the same letter may be sent again.
        usable(&app, ada, Purposes::all(), "live").await;
        let id = outbox(&app, &kim).await.last().unwrap().id;
        app.write(&kim, move |unit| send_again(unit, id)).await.unwrap();
        turns(&app).await;
        assert_eq!(servers.read(ADA, "INBOX").len(), 1);
    }

    async fn what_a_server_refuses_for_good_fails_with_its_words_and_what_it_refuses_for_now_is_tried_again(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let account = saved(&app, &kim, new(&servers, DESK, Share::Own)).await.unwrap();
        for (to, state, reason, said) in [
            ("gone@elsewhere.example", State::Failed, "recipient_refused", "gone@elsewhere.example: 550 5.1.1 No such user here"),
            ("brimful@elsewhere.example", State::Failed, "mailbox_full", "brimful@elsewhere.example: 552 5.2.2 Mailbox is full"),
            ("later@elsewhere.example", State::Queued, "later", "later@elsewhere.example: 451 4.7.1 Greylisted, come again"),
        ] {
            let both = Draft { cc: vec![ADA.into()], ..draft(account, to) };
            let id = put(&app, &kim, both).await.unwrap();
            turns(&app).await;
            let letter = outbox(&app, &kim).await.into_iter().find(|letter| letter.id == id).unwrap();
            assert_eq!((letter.state, letter.reason, letter.said.as_str()), (state, Some(reason), said));
            assert_eq!(letter.next.is_some(), state == State::Queued);
        }
        assert_eq!(servers.read(ADA, "INBOX").len(), 0, "nobody gets what one recipient was refused");
        let failed = outbox(&app, &kim).await.into_iter().filter(|letter| letter.state == State::Failed).map(|letter| letter.id).collect::<Vec<_>>();
        for id in failed {
            app.write(&kim, move |unit| drop_letter(unit, id)).await.unwrap();
        }
        for _ in 0..14 {
            app.clock.advance(Duration::from_secs(6 * 3_600 + 60));
            turns(&app).await;
        }
        let left = outbox(&app, &kim).await;
        assert_eq!(left.iter().map(|letter| letter.state).collect::<Vec<_>>(), [State::Failed], "after two days it is given up");
    }

    async fn a_process_that_dies_between_the_servers_answer_and_its_commit_sends_nothing_twice(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let account = saved(&app, &kim, new(&servers, DESK, Share::Own)).await.unwrap();
        turns(&app).await;
        // The server takes the message and never says so; the process is killed while it waits.
        put(&app, &kim, Draft { cc: vec![ADA.into()], ..draft(account, "silence@elsewhere.example") }).await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        let dying = tokio::spawn({ let app: App = (*app).clone(); async move { turn(&app).await } });
        for _ in 0..200 {
            if !servers.read(ADA, "INBOX").is_empty() {
                break;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        dying.abort();
        let _ = dying.await;
        assert_eq!(servers.read(ADA, "INBOX").len(), 1);
        turns(&app).await;
        let letter = &outbox(&app, &kim).await[0];
        assert_eq!(letter.state, State::Sending, "nobody else touches it while it may still be alive");
        app.clock.advance(Duration::from_secs(600));
        turns(&app).await;
        let letter = &outbox(&app, &kim).await[0];
        assert_eq!(letter.state, State::Unknown);
        assert_eq!(servers.read(ADA, "INBOX").len(), 1, "it was not sent again");
        // Kim says that it was sent: it is kept, and nothing goes out.
        let id = letter.id;
        app.write(&kim, move |unit| was_sent(unit, id)).await.unwrap();
        turns(&app).await;
        let letter = &outbox(&app, &kim).await[0];
        assert_eq!(letter.state, State::Sent);
        assert!(letter.record.is_some());
        assert_eq!(servers.read(ADA, "INBOX").len(), 1);
    }

    async fn a_letter_that_nobody_sends_goes_and_so_does_one_to_somebody_who_was_erased(app: TestApp) {
        let kim = colleague(&app).await;
        // Nobody listens there: what is written waits.
        let nowhere = Server { host: "localhost".to_owned(), port: 9, tls: Tls::Implicit };
        let settings = Settings {
            address: DESK.to_owned(), aliases: Vec::new(), name: "Kim Desk".to_owned(), imap: nowhere.clone(), smtp: nowhere, login: String::new(),
            signature: String::new(), folders: vec!["INBOX".to_owned()], sent: String::new(), since: "2026-01-01".parse().unwrap(), ca: String::new(),
        };
        let password = Some(word("seven quiet herons"));
        let account = saved(&app, &kim, NewAccount { house: false, team: None, share: Share::Own, settings, password }).await.unwrap();
        let ada = person(&app, ADA).await;
        person(&app, "bob@fremd.example").await;
        put(&app, &kim, draft(account, ADA)).await.unwrap();
        let bobs = put(&app, &kim, draft(account, "bob@fremd.example")).await.unwrap();
        assert_eq!(forget(&app, &app.operator()).await.unwrap(), 0);

        let erasing = app.operator();
        let plan = erasure::plan(&app, &erasing, ada).await.unwrap();
        erasure::execute(&app, &erasing, ada, None, "Asked by letter.", &plan.fingerprint, plan.count).await.unwrap();
        assert_eq!(forget(&app, &app.operator()).await.unwrap(), 1);
        assert_eq!(outbox(&app, &kim).await.iter().map(|letter| letter.id).collect::<Vec<_>>(), [bobs]);

        app.clock.advance(Duration::from_secs(31 * 24 * 3_600));
        assert_eq!(forget(&app, &app.operator()).await.unwrap(), 1);
        assert!(outbox(&app, &kim).await.is_empty());
        let permit = app.operator().permit::<trail::permit::Audit>().unwrap();
        let report = crate::evidence::verify(&app, &permit, crate::evidence::Options::default(), None).await.unwrap();
        assert_eq!(report.faults, []);
    }

    async fn whoever_may_no_longer_write_sends_nothing(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let new_colleague = NewStaff { name: word("Lee"), email: word("lee@house.example"), role: "agent".into(), team: None, purposes: Purposes::all() };
        let hashed = Doorkeeper::new().hash(&app, word("nine loud geese on a barge"), Vec::new()).await.unwrap();
        let operator = app.operator();
        let permit = operator.permit::<Manage>().unwrap();
        let id = app.write(&operator, move |unit| staff::add(unit, &permit, &new_colleague, &hashed)).await.unwrap();
        let lee = with_grants(id, "sales");
        let account = saved(&app, &lee, new(&servers, DESK, Share::Own)).await.unwrap();
        put(&app, &lee, draft(account, ADA)).await.unwrap();
        let permit = operator.permit::<Manage>().unwrap();
        app.write(&operator, move |unit| staff::disable(unit, &permit, id)).await.unwrap();
        servers.deliver(DESK, &letter_from_ada(1));
        turns(&app).await;
        let letter = &outbox(&app, &lee).await[0];
        assert_eq!((letter.state, letter.reason), (State::Refused, Some("sender")));
        assert_eq!(servers.read(ADA, "INBOX").len(), 0);
        assert_eq!(messages(&app, &kim).await.len(), 0, "nor is the mailbox of somebody who left read");
    }

    async fn an_accounts_messages_are_seen_as_far_as_it_is_shared(app: TestApp) {
        let Some(servers) = Servers::start() else { return };
        let kim = colleague(&app).await;
        let team = [7_u8; 16];
        let reaching = |id: UserId, reach: Reach, team: Option<[u8; 16]>| {
            let grant = Grant { reach, class: Class::Sensitive, ..Grant::everything("read") };
            let mut actor = Actor::new(Who::Staff(id), Purpose::find("sales").unwrap(), "page", vec![grant]);
            actor.team = team;
            actor
        };
        let mut in_team = kim.clone();
        in_team.team = Some(team);
        for (address, share, n) in [("desk@ours.example", Share::Own, 1), ("sales@ours.example", Share::Team, 2)] {
            servers.deliver(address, &letter_from_ada(n));
            saved(&app, &in_team, new(&servers, address, share)).await.unwrap();
        }
        let mut house = NewAccount { house: true, ..new(&servers, "kim@ours.example", Share::All) };
        servers.deliver("kim@ours.example", &letter_from_ada(3));
        assert_eq!(saved(&app, &kim, house.clone()).await.unwrap_err().code(), Code::Forbidden, "the house's are of those who manage it");
        let mut manager = Actor::new(kim.who, kim.purpose, "page", trail::permit::every_grant());
        manager.team = Some(team);
        house.share = Share::Own;
        assert_eq!(saved(&app, &manager, house.clone()).await.unwrap_err().code(), Code::InvalidInput);
        house.share = Share::All;
        saved(&app, &manager, house).await.unwrap();
        turns(&app).await;
        let subjects = async |actor: &Actor| {
            let mut all: Vec<String> = messages(&app, actor).await.iter().map(|one| one.title.clone()).collect();
            all.sort();
            all
        };
        let (me, other) = (kim.staff().unwrap(), UserId::mint(app.env()));
        assert_eq!(subjects(&reaching(me, Reach::Own, Some(team))).await, ["Question 1", "Question 2"]);
        assert_eq!(subjects(&reaching(other, Reach::Team, Some(team))).await, ["Question 2"]);
        assert_eq!(subjects(&reaching(other, Reach::Team, None)).await, Vec::<String>::new());
        assert_eq!(subjects(&reaching(other, Reach::All, None)).await.len(), 3);
    }

    async fn a_template_takes_only_what_may_be_opened_and_a_withheld_field_is_named(app: TestApp) {
        let kim = colleague(&app).await;
        let ada = person(&app, ADA).await;
        let make = async |subject: &str, text: &str| {
            let words = template::Words { name: "Hello".into(), subject: subject.into(), text: text.into() };
            app.write(&kim, move |unit| template::make(unit, &words, false)).await
        };
        let fill = async |actor: &Actor, id: TemplateId| {
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(actor, move |unit| template::fill(unit, &permit, id, ada)).await.map(Personal::into_inner)
        };
        let good = make("For {{ person.name }}", "Dear {{ person.name }},\n{{ person.phone | default(\"no telephone\") }}").await.unwrap();
        let (subject, text) = fill(&kim, good).await.unwrap();
        assert_eq!((subject.as_str(), text.as_str()), ("For Ada Quellenbrunn", "Dear Ada Quellenbrunn,\nno telephone"));
        // A day of birth serves billing and not sales: the error says which field, and nothing is filled.
        let birthday = make("", "Born {{ person.birthday | default(\"some day\") }}").await.unwrap();
        let refused = fill(&kim, birthday).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "withheld");
        assert!(refused.problems()[0].detail.contains("birthday"));
        assert_eq!(fill(&with_grants(kim.staff().unwrap(), "billing"), birthday).await.unwrap().1, "Born some day");
        for (text, code) in [("{{ person.phone }}", "empty"), ("{{ person.shoe }}", "unknown"), ("{{ secret }}", "unknown"), ("{% for i in range(9999) %}{% for j in range(9999) %}x{% endfor %}{% endfor %}", "too_long")] {
            let id = make("", text).await.unwrap();
            assert_eq!(fill(&kim, id).await.unwrap_err().problems()[0].code, code, "{text}");
        }
        assert_eq!(make("", "{{ broken").await.unwrap_err().problems()[0].code, "not_a_template");
        app.write(&kim, move |unit| template::delete(unit, good)).await.unwrap();
        assert_eq!(fill(&kim, good).await.unwrap_err().code(), Code::NotFound);
    }

    async fn every_statement_of_mail_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
