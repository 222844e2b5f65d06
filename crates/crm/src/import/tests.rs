//! The promises of import.

use std::path::PathBuf;

use catalogue::builtin;
use kernel::{Code, Personal, RecordId};
use proptest::prelude::*;
use serde_json::{Value as Json, json};
use store::args;
use testkit::{TestApp, store_test};
use trail::permit::ReadRecords;

use super::*;
use crate::capture::{Sent, Stored};
use crate::identity::{Doorkeeper, setup};
use crate::records::{self, Cell, Detail, Shown};

async fn sent(app: &TestApp, name: &str, bytes: &[u8]) -> Sent {
    Sent::new(Personal::new(name.to_owned()), Arc::new(Stored::of(app, bytes).await.unwrap()))
}

async fn upload(app: &TestApp, name: &str, text: &str) -> Source {
    Source::of(app, &sent(app, name, text.as_bytes()).await)
}

/// What a file of this text seems to hold.
fn prepared(kind: &str, text: &str) -> Result<Prepared> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("f.csv");
    std::fs::write(&path, text).unwrap();
    prepare(&builtin(), builtin().need(kind).unwrap().as_ref(), &Source::Path(path))
}

async fn import(app: &TestApp, kind: &str, text: &str, options: Options) -> Report {
    let report = run(app, &app.operator(), kind, &upload(app, "file.csv", text).await, None, options, |_| ()).await.unwrap();
    assert!(report.reconciles());
    report
}

fn by(match_by: &str, mode: Mode) -> Options {
    Options { match_by: Some(match_by.to_owned()), mode, ..Options::default() }
}

async fn all_of(app: &TestApp, kind: &'static str) -> Vec<Shown> {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    let sql = "SELECT id FROM record WHERE kind = ?1 AND state = 'live' ORDER BY id";
    let ids = app.store().read(move |tx| tx.all(sql, &args![kind], |row| row.get::<RecordId>(0))).await.unwrap();
    let mut all = Vec::new();
    for id in ids {
        let permit = permit.clone();
        all.push(app.read(&app.operator(), move |unit| records::show(unit, &permit, id, Detail::Whole)).await.unwrap());
    }
    all.sort_by(|a: &Shown, b| a.title.cmp(&b.title));
    all
}

/// The ids and versions of the records in use.
async fn ids(app: &TestApp, kind: &'static str) -> Vec<(RecordId, i64)> {
    let sql = "SELECT id, version FROM record WHERE kind = ?1 AND state = 'live' ORDER BY id";
    app.store().read(move |tx| tx.all(sql, &args![kind], |row| Ok((row.get(0)?, row.get(1)?)))).await.unwrap()
}

fn json_of(shown: &Shown, key: &str) -> Json {
    shown.cell(key).map(Cell::to_json).unwrap_or_default()
}

const PEOPLE: &str = "Vorname;Nachname;E-Mail;Telefon;Firma;Land;PLZ;Ort;Geburtsdatum;Haustier\n\
    Ada;Quellenbrunn;ada@quellenbrunn.example;030 1234567;Zirkelwerke GmbH;Deutschland;10115;Berlin;03.02.1990;Igel\n\
    Béla;Kőszegi;bela@zirkel.example;;Zirkelwerke GmbH;Ungarn;;;25.12.1985;\n";

store_test! {
    async fn rows_become_people_with_their_company_and_their_law_and_nothing_readable_is_left(app: TestApp) {
        let report = import(&app, "person", PEOPLE, Options::default()).await;
        assert_eq!((report.rows, report.created), (2, 2), "{report:?}");
        let people = all_of(&app, "person").await;
        let ada = &people[0];
        assert_eq!(ada.title, "Ada Quellenbrunn");
        assert_eq!(json_of(ada, "country"), json!("DE"));
        assert_eq!(json_of(ada, "address"), json!({"city": "Berlin", "postal_code": "10115", "country": "Deutschland"}));
        assert_eq!(json_of(ada, "birthday"), json!("1990-02-03"));
        let companies = all_of(&app, "company").await;
        assert_eq!((companies.len(), companies[0].title.as_str()), (1, "Zirkelwerke GmbH"));
        assert_eq!(json_of(&people[1], "company"), json!(companies[0].id));
        let kind = app.catalogue().need("person").unwrap();
        let found = app.read(&app.operator(), move |unit| {
            let found = records::with_any(unit, &kind, "phone", &["+49301234567".to_owned()])?.len();
            unit.release(trail::Event::new("record.searched"), found)
        }).await.unwrap();
        assert_eq!(found, 1);
        app.settle().await.unwrap();
        for word in ["Quellenbrunn", "quellenbrunn", "Zirkelwerke", "Igel", "file.csv"] {
            assert_eq!(app.bytes_found(word.as_bytes()), Vec::<String>::new(), "{word}");
        }
    }

    async fn a_match_is_a_duplicate_a_change_or_a_refusal_as_the_mode_says(app: TestApp) {
        let first = "Name,Email,Job Title\nAda,ada@a.example,Clerk\nAda again,ADA@A.example,Director\n";
        let made = import(&app, "person", first, by("email", Mode::Create)).await;
        assert_eq!((made.created, made.duplicate), (1, 1));
        let second = "Name,Email,Job Title\nAda,ada@a.example,Director\nAda,ada@a.example,Director\nEda,eda@a.example,\n";
        let updated = import(&app, "person", second, by("email", Mode::Update)).await;
        assert_eq!((updated.updated, updated.duplicate), (1, 1));
        assert_eq!(updated.failed, [Failure { row: 4, reason: "no_match".into() }]);
        let third = "Name,Email\nAda,ada@a.example; ada@b.example\nEda,eda@a.example\nAda,ADA@b.example\n";
        let both = import(&app, "person", third, by("email", Mode::Both)).await;
        assert_eq!((both.created, both.updated, both.duplicate), (1, 1, 1), "{both:?}");
        let people = all_of(&app, "person").await;
        assert_eq!(json_of(&people[0], "email"), json!(["ada@a.example", "ada@b.example"]));
        assert_eq!(json_of(&people[0], "job_title"), json!("Director"));
        let refused = run(&app, &app.operator(), "person", &upload(&app, "f", first).await, None, Options { mode: Mode::Update, ..Options::default() }, |_| ()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidInput);
    }

    async fn a_row_that_fails_says_why_and_harms_no_other(app: TestApp) {
        let text = "Name,Email,Relation\nAda,ada@a.example,Lead\nBad,not an address,\nEda,eda@a.example,Friend\n,,\n\"Open,x@a.example\nUna,una@a.example,Customer\n";
        let report = import(&app, "person", text, Options::default()).await;
        assert_eq!(report.created, 2, "{report:?}");
        let reasons: Vec<(u64, &str)> = report.failed.iter().map(|f| (f.row, f.reason.as_str())).collect();
        assert_eq!(reasons, [(3, "email:not_an_email"), (4, "relation:not_an_option"), (6, "broken_quoting")]);
    }

    async fn whoever_was_erased_does_not_come_back_by_a_file(app: TestApp) {
        let hash = app.keyring().tokens().suppression("ada@a.example").to_be_bytes();
        app.store().write(move |tx| tx.run("INSERT INTO suppression (hash, at, destroy_order) VALUES (?1, 0, ?2)", &args![hash, [0_u8; 16]])).await.unwrap();
        let report = import(&app, "person", "Name,Email\nAda,Ada@a.example\nEda,eda@a.example\n", Options::default()).await;
        assert_eq!(report.created, 1);
        assert_eq!(report.failed, [Failure { row: 2, reason: "suppressed".into() }]);
    }

    async fn a_dry_run_says_the_same_and_writes_nothing(app: TestApp) {
        let text = "Name,Email,Company\nAda,ada@a.example,Firm\nEda,eda@a.example,Firm\nAda,ada@a.example,Other\n";
        let dry = import(&app, "person", text, Options { dry_run: true, ..by("email", Mode::Create) }).await;
        assert!(all_of(&app, "person").await.is_empty() && all_of(&app, "company").await.is_empty());
        let wet = import(&app, "person", text, by("email", Mode::Create)).await;
        assert_eq!((dry.created, dry.duplicate), (wet.created, wet.duplicate));
        assert_eq!(dry.batch, None);
    }

    async fn a_mapping_decides_and_one_that_does_not_fit_is_refused_with_every_reason(app: TestApp) {
        let text = "A,B,C\nAda,01/02/2026,Firm\n";
        let mapping: Mapping = serde_json::from_value(json!({"columns": {"A": "name", "B": "birthday"}, "dates": {"B": "mdy"}, "constants": {"relation": "lead"}})).unwrap();
        let report = run(&app, &app.operator(), "person", &upload(&app, "f", text).await, Some(mapping), Options::default(), |_| ()).await.unwrap();
        assert_eq!(report.created, 1);
        let ada = &all_of(&app, "person").await[0];
        assert_eq!((json_of(ada, "birthday"), json_of(ada, "relation")), (json!("2026-01-02"), json!("lead")));
        assert!(all_of(&app, "company").await.is_empty());
        let wrong: Mapping = serde_json::from_value(json!({"columns": {"A": "shoe", "D": "name", "C": "last_contact"}, "dates": {"B": "ydm"}, "constants": {"relation": "friend"}})).unwrap();
        let refused = run(&app, &app.operator(), "person", &upload(&app, "f", text).await, Some(wrong), Options::default(), |_| ()).await.unwrap_err();
        let mut places: Vec<&str> = refused.problems().iter().map(|p| p.pointer.as_str()).collect();
        places.sort_unstable();
        assert_eq!(places, ["/columns", "/columns/A", "/columns/C", "/columns/D", "/constants/relation", "/dates/B"]);
        assert!(serde_json::from_value::<Mapping>(json!({"colums": {}})).is_err());
    }

    async fn an_import_is_taken_back_updates_included_and_what_was_opened_since_stays(app: TestApp) {
        import(&app, "person", "Name,Email,Job Title\nAda,ada@a.example,Clerk\n", Options::default()).await;
        let text = "Name,Email,Job Title,Company\nAda,ada@a.example,Director,\nEda,eda@a.example,,Firm\nUna,una@a.example,,\n";
        let report = import(&app, "person", text, by("email", Mode::Both)).await;
        assert_eq!((report.created, report.updated), (2, 1));
        app.clock.advance(std::time::Duration::from_secs(60));
        let permit = app.operator().permit::<ReadRecords>().unwrap();
        let kind = app.catalogue().need("person").unwrap();
        let una = app.read(&app.operator(), move |unit| {
            let found = records::with_any(unit, &kind, "email", &["una@a.example".to_owned()])?[0].1.row.id;
            unit.release(trail::Event::new("record.searched"), found)
        }).await.unwrap();
        app.read(&app.operator(), move |unit| records::show(unit, &permit, una, Detail::Whole)).await.unwrap();
        app.settle().await.unwrap();
        let batch = report.batch.unwrap();
        let undone = undo(&app, &app.operator(), batch, |_| ()).await.unwrap();
        assert_eq!((undone.restored, undone.removed), (1, 2), "{undone:?}");
        assert_eq!(undone.kept, [Kept { record: una, reason: "read" }]);
        let people = all_of(&app, "person").await;
        assert_eq!(json_of(&people[0], "job_title"), json!("Clerk"));
        assert_eq!(people.len(), 2);
        let again = undo(&app, &app.operator(), batch, |_| ()).await.unwrap();
        assert_eq!((again.restored, again.removed, again.kept.len()), (0, 0, 1));
    }

    async fn after_a_day_an_import_is_no_mistake_any_more_and_what_changed_since_stays(app: TestApp) {
        let report = import(&app, "person", "Name,Email\nAda,ada@a.example\nEda,eda@a.example\n", by("email", Mode::Both)).await;
        let changed = import(&app, "person", "Name,Email,Job Title\nAda,ada@a.example,Clerk\n", by("email", Mode::Both)).await;
        assert_eq!(changed.updated, 1);
        let undone = undo(&app, &app.operator(), report.batch.unwrap(), |_| ()).await.unwrap();
        assert_eq!((undone.removed, undone.kept.len(), undone.kept[0].reason), (1, 1, "changed_since"));
        let late = import(&app, "person", "Name,Email\nUna,una@a.example\n", Options::default()).await;
        // A leaf in between: over a silent day the clock would not be believed.
        app.clock.advance(std::time::Duration::from_secs(13 * 3600));
        import(&app, "person", "Name\nIda\n", Options::default()).await;
        app.settle().await.unwrap();
        app.clock.advance(std::time::Duration::from_secs(13 * 3600));
        let undone = undo(&app, &app.operator(), late.batch.unwrap(), |_| ()).await.unwrap();
        assert_eq!((undone.removed, undone.kept[0].reason), (0, "older_than_a_day"));
        let nowhere = undo(&app, &app.operator(), BatchId::mint(app.env()), |_| ()).await.unwrap_err();
        assert_eq!(nowhere.code(), Code::NotFound);
    }

    async fn an_upload_is_imported_in_the_background_and_its_bytes_are_gone_when_it_is_over(app: TestApp) {
        let people = sent(&app, "Quellenbrunn.csv", PEOPLE.as_bytes()).await;
        let (batch, job) = start(&app, &app.operator(), "person", &people, None, Options::default()).await.unwrap();
        assert_eq!(app.blobs().list("uploads/").await.unwrap().len(), 1);
        assert!(app.bytes_found(b"Quellenbrunn").is_empty());
        let waiting = undo_later(&app, &app.operator(), batch, None).await.unwrap_err();
        assert_eq!(waiting.code(), Code::Conflict);
        app.clock.advance(std::time::Duration::from_secs(1));
        let mut handlers = handlers();
        handlers.extend(crate::capture::handlers());
        assert_eq!(app.work_off(&handlers).await.unwrap(), 1);
        let row = app.job(job).await.unwrap().unwrap();
        assert_eq!((row.state.as_str(), row.done), ("done", 2), "{}", row.error);
        assert_eq!(ids(&app, "person").await.len(), 2);
        assert!(app.blobs().list("uploads/").await.unwrap().is_empty());
        undo_later(&app, &app.operator(), batch, None).await.unwrap();
        let mail = b"From: a@b.example\r\nSubject: x\r\n\r\ny\r\n";
        let mail = sent(&app, "x.eml", mail).await;
        crate::capture::start(&app, &app.operator(), &mail, "email", crate::capture::Options::default()).await.unwrap();
        app.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(app.work_off(&handlers).await.unwrap(), 2);
        assert!(ids(&app, "person").await.is_empty() && ids(&app, "company").await.is_empty());
        assert_eq!(ids(&app, "message").await.len(), 1);
    }

    async fn orders_find_their_customer_by_address_or_number_and_a_row_without_one_fails(app: TestApp) {
        let people = "Name,Email,Customer ID\nAda,ada@a.example,K1\nBob,bob@b.example,K2\nTwin,twin@c.example,K3\nTwin,twin2@c.example,K3\n";
        assert_eq!(import(&app, "person", people, Options::default()).await.created, 4);
        let orders = "Bestellnummer;Kunden-E-Mail;Kundennummer;Datum;Gesamtbetrag\n\
            100;ADA@a.example;;2026-01-02;10,50 EUR\n101;;K2;2026-01-03;20 EUR\n102;nobody@d.example;;;\n103;;K3;;\n104;ada@a.example;K2;;\n105;;;;5 EUR\n";
        let report = import(&app, "order", orders, by("number", Mode::Both)).await;
        let reasons: Vec<_> = report.failed.iter().map(|f| (f.row, f.reason.as_str())).collect();
        assert_eq!(reasons, [(4, "person:not_found"), (5, "person:ambiguous"), (6, "person:ambiguous")], "{report:?}");
        assert_eq!(report.created, 3);
        let made = all_of(&app, "order").await;
        let people = all_of(&app, "person").await;
        let customer = |at: usize| json_of(&made[at], "person");
        assert_eq!((customer(0), customer(1), customer(2)), (json!(people[0].id), json!(people[1].id), Json::Null));
        // Again, with another customer for the first: by its number it is changed, not made.
        let again = import(&app, "order", "Order Number,Customer Email\n100,bob@b.example\n101,bob@b.example\n", by("number", Mode::Both)).await;
        assert_eq!((again.updated, again.duplicate), (1, 1), "{again:?}");
        assert_eq!(json_of(&all_of(&app, "order").await[0], "person"), json!(people[1].id));
    }

    async fn what_was_chosen_for_a_column_is_remembered(app: TestApp) {
        let text = "Wer,Mail,Herkunft\nAda,ada@a.example,Messe\n";
        let fresh = prepared("person", text).unwrap();
        assert_eq!(fresh.mapping.columns["Wer"], SKIP);
        assert!(remembered(&app, &app.operator(), "person", &fresh).await.unwrap().is_none());
        let columns = [("Wer", "name"), ("Mail", "email"), ("Herkunft", "note")].map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        let chosen = Mapping { columns, constants: [("source".to_owned(), "Messe".to_owned())].into(), ..Mapping::default() };
        let source = upload(&app, "f", text).await;
        run(&app, &app.operator(), "person", &source, Some(chosen.clone()), by("email", Mode::Update), |_| ()).await.unwrap();
        let same = remembered(&app, &app.operator(), "person", &fresh).await.unwrap().unwrap();
        assert_eq!((same.mapping, same.options), (chosen, Some(by("email", Mode::Update))));
        // Other columns beside them: each that is known, and nothing of how it was imported.
        let other = prepared("person", "Name,Wer,Phone\nx,Ada,+49301234567\n").unwrap();
        let part = remembered(&app, &app.operator(), "person", &other).await.unwrap().unwrap();
        let words: Vec<&str> = ["Name", "Wer", "Phone"].map(|c| part.mapping.columns[c].as_str()).into();
        assert_eq!((words, part.options), (vec![SKIP, "name", "phone"], None));
        assert!(remembered(&app, &app.operator(), "company", &prepared("company", text).unwrap()).await.unwrap().is_none());
    }

    async fn a_sent_file_is_read_in_pieces_and_a_changed_one_is_noticed(app: TestApp) {
        let line = "Ada Quellenbrunn,ada@quellenbrunn.example,padding padding padding padding padding padding padding\n";
        let text = "Name,Email,Nickname\n".to_owned() + &line.repeat(100_000);
        let file = sent(&app, "f", text.as_bytes()).await;
        assert!(app.blobs().list("uploads/").await.unwrap().len() > 1 && app.bytes_found(b"Quellenbrunn").is_empty());
        assert_eq!(file.file.bytes(&app).await.unwrap(), text.as_bytes());
        let source = Source::of(&app, &file);
        let rows = tokio::task::spawn_blocking(move || Table::open(&source).unwrap().filter(|row| row.cells.is_ok()).count());
        assert_eq!(rows.await.unwrap(), 100_000);
        let names = app.blobs().list("uploads/").await.unwrap();
        let (first, second) = (app.blobs().get(&names[0]).await.unwrap(), app.blobs().get(&names[1]).await.unwrap());
        app.blobs().put(&names[0], second).await.unwrap();
        app.blobs().put(&names[1], first).await.unwrap();
        assert_eq!(file.file.bytes(&app).await.unwrap_err().code(), Code::Internal);
        file.file.delete(&app).await.unwrap();
        assert!(app.blobs().list("uploads/").await.unwrap().is_empty());
    }

    async fn a_dry_run_of_the_first_rows_looks_at_no_more(app: TestApp) {
        let options = Options { dry_run: true, first: Some(1), ..by("email", Mode::Both) };
        assert_eq!(import(&app, "person", PEOPLE, options.clone()).await.rows, 1);
        let source = upload(&app, "f", PEOPLE).await;
        let wet = run(&app, &app.operator(), "person", &source, None, Options { dry_run: false, ..options }, |_| ()).await.unwrap_err();
        assert_eq!(wet.code(), Code::InvalidInput);
    }

    async fn a_column_names_who_is_to_own_a_record_and_its_words_mean_choices_of_ours(app: TestApp) {
        let word = |text: &str| Personal::new(text.to_owned());
        let code = setup::begin(&app).await.unwrap().unwrap();
        let kim = Doorkeeper::new().set_up(&app, None, code, (word("Kim Röwer"), word("kim@house.example")), word("seven quiet herons by the mill")).await.unwrap();
        let text = "Deal,Owner,Phase\nPumps,KIM RÖWER,Closed Won\nValves,kim@house.example,New\nPipes,Somebody Else,new\nBolts,,Elsewhere\n";
        let mapping: Mapping = serde_json::from_value(json!({
            "columns": {"Deal": "name", "Owner": "owner", "Phase": "stage"}, "values": {"Phase": {"closed won": "won", "NEW": "lead"}},
        })).unwrap();
        let source = upload(&app, "f", text).await;
        let report = run(&app, &app.operator(), "deal", &source, Some(mapping.clone()), Options::default(), |_| ()).await.unwrap();
        assert_eq!((report.created, report.failed.len()), (2, 2));
        let reasons: Vec<&str> = report.failed.iter().map(|one| one.reason.as_str()).collect();
        assert!(reasons[0] == "owner:not_staff" && reasons[1].starts_with("stage:"), "{reasons:?}");
        let owners = app.store().read(|tx| tx.all("SELECT owner FROM record WHERE kind = 'deal'", &[], |row| row.get::<Option<kernel::UserId>>(0))).await.unwrap();
        assert_eq!(owners, [Some(kim), Some(kim)]);
        let stages: Vec<String> = all_of(&app, "deal").await.iter().map(|deal| deal.cell("stage").unwrap().to_json().as_str().unwrap().to_owned()).collect();
        assert_eq!(stages, ["won", "lead"]);
        let wrong = Mapping { values: [("Phase".to_owned(), [("x".to_owned(), "nowhere".to_owned())].into())].into(), ..mapping };
        let refused = run(&app, &app.operator(), "deal", &source, Some(wrong), Options::default(), |_| ()).await.unwrap_err();
        assert_eq!((refused.problems()[0].pointer.as_str(), refused.problems()[0].code), ("/values/Phase", "unknown_choice"));
    }

    async fn a_run_goes_on_where_it_was_cut_off(app: TestApp) {
        let source = upload(&app, "f", PEOPLE).await;
        let kind = app.catalogue().need("person").unwrap();
        let (plan, _) = planned(&app, &app.operator(), Arc::clone(&kind), source.clone(), None).await.unwrap();
        let batch = batch::open(&app, &app.operator(), "import", "person", batch::Details::default()).await.unwrap();
        let run = write::Run { kind, plan, options: Options::default(), batch: Some(batch) };
        let actor = app.operator();
        let first = write::go_on(&app, &actor, run.clone(), source, |_| ()).await.unwrap();
        let longer = upload(&app, "f", &format!("{PEOPLE}Una;Weil;una@a.example;;;;;;;\n")).await;
        let rest = write::go_on(&app, &actor, run, longer, |_| ()).await.unwrap();
        assert_eq!((first.rows, rest.rows, rest.created), (2, 1, 1));
    }

    async fn cards_are_rows_too(app: TestApp) {
        let text = "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Quellenbrunn;Ada\r\nFN:Ada Quellenbrunn\r\nEMAIL:ada@a.example\r\nTEL;TYPE=cell:+49 170 1234567\r\n\
            ORG:Firm;Lab\r\nBDAY:--0203\r\nADR:;;Weg 1;Ulm;;89073;Germany\r\nEND:VCARD\r\n";
        let report = import(&app, "person", text, by("email", Mode::Both)).await;
        assert_eq!(report.created, 1, "{report:?}");
        let ada = &all_of(&app, "person").await[0];
        assert_eq!((json_of(ada, "country"), json_of(ada, "phone")), (json!("DE"), json!(["+49 170 1234567"])));
    }

    async fn companies_and_other_kinds_come_in_by_the_same_way(app: TestApp) {
        let report = import(&app, "company", "Company Name,Number of Employees,Country\nZirkelwerke,1.234,France\n", Options::default()).await;
        assert_eq!(report.created, 1);
        assert_eq!(json_of(&all_of(&app, "company").await[0], "country"), json!("FR"));
        let report = import(&app, "note", "Title,Text\nCall,Long talk\n", Options::default()).await;
        assert_eq!(report.created, 1, "{report:?}");
        assert_eq!(import(&app, "company", "Company Name\nZirkelwerke\n", by("email", Mode::Both)).await.created, 1);
    }

    async fn lines_find_their_order_by_number_and_their_product_by_code(app: TestApp) {
        import(&app, "product", "code,name,price\n11,Cheese,14.00 EUR\n42,Noodles,9.80 EUR\n", Options::default()).await;
        import(&app, "order", "number,placed\n10248,1996-07-04\n10249,1996-07-05\n", Options::default()).await;
        let columns = json!({"orderID": "order.number", "productID": "product.code", "unitPrice": "price", "quantity": "quantity", "discount": "discount.fraction"});
        let mapping: Mapping = serde_json::from_value(json!({"columns": columns, "constants": {"currency": "EUR"}})).unwrap();
        let text = "orderID,productID,unitPrice,quantity,discount\n10248,11,14.00,12,0\n10248,42,9.80,10,0.15\n10249,42,7.70,35,0.15\n10250,11,1.00,1,0\n10249,11,1.00 USD,1,0\n";
        let file = upload(&app, "lines.csv", text).await;
        let report = run(&app, &app.operator(), "line", &file, Some(mapping), Options::default(), |_| ()).await.unwrap();
        assert!(report.reconciles() && report.created == 3);
        let reasons: Vec<&str> = report.failed.iter().map(|failure| failure.reason.as_str()).collect();
        assert_eq!(reasons, ["order:not_found", "price:mixed_currencies"]);
        let total = |order: &Shown| match order.cell("total") {
            Some(Cell::Shown(value)) => value.display(),
            _ => String::new(),
        };
        let orders = all_of(&app, "order").await;
        assert_eq!(orders.iter().map(total).collect::<Vec<_>>(), ["251.30 EUR", "229.08 EUR"]);
        let undone = undo(&app, &app.operator(), report.batch.unwrap(), |_| ()).await.unwrap();
        assert_eq!((undone.removed, undone.kept.len()), (3, 0), "{undone:?}");
        assert_eq!(all_of(&app, "order").await.iter().map(total).collect::<Vec<_>>(), ["", ""], "nothing stands on them any more");
    }
}

#[test]
fn a_file_is_described_before_anything_is_stored() {
    let found = prepared("person", PEOPLE).unwrap();
    assert_eq!((found.format, found.delimiter, found.rows), ("csv", Some(';'), 2));
    let targets: Vec<&str> = found.columns.iter().map(|c| c.target.as_str()).collect();
    assert_eq!(
        targets,
        ["given_name", "family_name", "email", "phone", "company", "country", "address.postal_code", "address.city", "birthday", "skip"]
    );
    assert_eq!(found.mapping.dates["Geburtsdatum"], "dmy");
    let vague = prepared("person", "Name,Birthday\nAda,01/02/1990\n").unwrap();
    assert_eq!(vague.problems, ["Birthday: dates_uncertain"]);
    assert_eq!(prepared("person", "").err().unwrap().code(), Code::Malformed);
}

#[test]
fn a_column_whose_values_are_not_what_its_header_says_is_not_suggested() {
    let found = prepared("person", "Name,Email Opt Out,Email\nAda,true,ada@a.example\n").unwrap();
    assert_eq!(found.mapping.columns["Email Opt Out"], SKIP);
    assert_eq!(found.mapping.columns["Email"], "email");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]
    #[test]
    fn any_bytes_as_a_file_are_accounted_for(bytes in prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..600),
        "(Name|Email|Phone|Birthday|Company|Country)([,;\n\"](Name|Email|Phone|[a-z@.0-9/ \"]{0,12})){0,40}".prop_map(String::into_bytes),
    ]) {
        testkit::run(testkit::Engine::Sqlite, |app| async move {
            let source = Source::of(&app, &sent(&app, "f", &bytes).await);
            if let Ok(report) = run(&app, &app.operator(), "person", &source, None, by("email", Mode::Both), |_| ()).await {
                assert!(report.reconciles());
                assert_eq!(all_of(&app, "person").await.len(), report.created);
            }
            let source = crate::capture::Source::Upload { name: Personal::new("f".to_owned()), bytes: Arc::new(bytes) };
            let report = crate::capture::run(&app, &app.operator(), source, "email", crate::capture::Options::default(), |_| ()).await.unwrap();
            assert!(report.reconciles());
        });
    }
}

/// Counts over the shared corpus, file by file: no crash, no loss, every failure with a reason.
#[test]
fn every_table_and_card_of_the_corpus_is_accounted_for() {
    let root = std::env::var("PROBITY_CORPUS")
        .map_or_else(|_| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), PathBuf::from);
    if !root.is_dir() {
        println!("corpus absent");
        return;
    }
    let mut files = Vec::new();
    let mut folders = vec![root.join("crm"), root.join("vcard")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| ["csv", "xlsx", "vcf", "vcard"].iter().any(|x| e.eq_ignore_ascii_case(x))) {
                files.push(path);
            }
        }
    }
    files.sort();
    testkit::run(testkit::Engine::Sqlite, |app| async move {
        for path in files {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            let kind = if ["compan", "account", "customers", "suppliers"].iter().any(|w| name.contains(w)) { "company" } else { "person" };
            let options = by("email", Mode::Both);
            match run(&app, &app.operator(), kind, &Source::Path(path), None, options, |_| ()).await {
                Ok(report) => {
                    let mut reasons = std::collections::BTreeMap::<&str, usize>::new();
                    report.failed.iter().for_each(|f| *reasons.entry(&f.reason).or_default() += 1);
                    println!(
                        "{name} as {kind}: rows {} created {} updated {} duplicate {} failed {reasons:?}",
                        report.rows, report.created, report.updated, report.duplicate
                    );
                    assert!(report.reconciles());
                    assert!(!reasons.keys().any(|r| r.contains("internal")), "{reasons:?}");
                }
                Err(error) => {
                    println!("{name} as {kind}: refused {error}");
                    assert_ne!(error.code(), Code::Internal);
                }
            }
        }
    });
}
