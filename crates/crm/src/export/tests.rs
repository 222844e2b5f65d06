//! The promises of exports.

use catalogue::Class;
use kernel::RecordId;
use testkit::{TestApp, store_test};
use trail::{Grant, permit::WriteRecords};

use super::*;
use crate::{
    records::{self, NewRecord},
    views::{Condition, Filter, Op, Sort},
};

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let parsed = records::parse_fields(&app.catalogue().need(kind).unwrap(), json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, parsed.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

fn people(columns: &[&str]) -> ListQuery {
    ListQuery {
        sort: Sort { by: "name".into(), descending: false },
        columns: columns.iter().map(|&c| c.to_owned()).collect(),
        via_body: true,
        ..ListQuery::of("person")
    }
}

/// Lets a moment pass, in which the job runs.
async fn worked(app: &TestApp) {
    app.clock.advance(Duration::from_secs(1));
    app.work_off(&handlers()).await.unwrap();
}

async fn taken_out(app: &TestApp, actor: &Actor, order: &Order) -> Result<Vec<u8>> {
    let (id, job) = start(app, actor, order).await?;
    worked(app).await;
    let job = app.job(job).await?.unwrap();
    assert_eq!((job.state.as_str(), job.error.as_str()), ("done", ""));
    fetch(app, actor, id).await.map(|bytes| bytes.to_vec())
}

/// Reads a table back with the reader of imports.
fn read_back(bytes: Vec<u8>) -> Vec<Vec<String>> {
    let rows = parse::table::open(std::io::Cursor::new(bytes), parse::table::Options::default()).unwrap();
    let mut all = vec![rows.header().to_vec()];
    all.extend(rows.map(|row| row.unwrap().cells));
    all
}

async fn events(app: &TestApp, name: &'static str) -> Vec<trail::Recorded> {
    app.settle().await.unwrap();
    app.read(&app.operator(), move |unit| {
        let ids = unit.all("SELECT id FROM event WHERE name = ?1 ORDER BY id", &args![name], |row| row.get::<kernel::EventId>(0))?;
        let mut found = Vec::new();
        for id in ids {
            found.extend(unit.recorded(id)?);
        }
        unit.plain(found)
    })
    .await
    .unwrap()
}

async fn house(app: &TestApp, actor: &Actor) -> Vec<RecordId> {
    let firm = made(app, actor, "company", json!({"name": "Müller, Söhne"})).await;
    vec![
        made(
            app,
            actor,
            "person",
            json!({"name": "Ada \"Byron\", Countess", "given_name": "Ada", "family_name": "Byron; King",
            "email": ["ada@b.example", "a.king@b.example"], "company": firm, "job_title": "=cmd|'/c calc'!A1", "phone": ["+390255504417"]}),
        )
        .await,
        made(app, actor, "person", json!({"name": "Zoë 山田", "job_title": "-2+3", "birthday": "1990-02-03"})).await,
        made(app, actor, "person", json!({"name": "Bob", "job_title": "@sum", "relation": "lead"})).await,
    ]
}

store_test! {
    async fn what_is_written_reads_back_the_same_from_csv_and_xlsx_and_a_formula_is_none_any_more(app: TestApp) {
        let actor = app.acting("sales");
        house(&app, &actor).await;
        let query = people(&["job_title", "company", "email", "relation"]);
        for format in [Format::Csv, Format::Xlsx] {
            let bytes = taken_out(&app, &actor, &Order { query: query.clone(), format, unmasked: true, only: None }).await.unwrap();
            let rows = read_back(bytes);
            let defused = |text: &str| if format == Format::Csv { format!("'{text}") } else { text.to_owned() };
            assert_eq!(rows[0], ["Name", "Job title", "Company", "E-mail", "Relation"], "{format:?}");
            assert_eq!(rows[1], ["Ada \"Byron\", Countess", &defused("=cmd|'/c calc'!A1"), "Müller, Söhne", "ada@b.example, a.king@b.example", ""]);
            assert_eq!((rows[2][0].as_str(), rows[2][1].as_str(), rows[2][4].as_str()), ("Bob", defused("@sum").as_str(), "Lead"));
            assert_eq!((rows[3][0].as_str(), rows[3][1].as_str(), rows.len()), ("Zoë 山田", defused("-2+3").as_str(), 4));
        }
    }

    async fn cards_are_read_back_by_the_reader_of_cards_and_made_of_people_alone(app: TestApp) {
        let actor = app.acting("sales");
        house(&app, &actor).await;
        let query = people(&["given_name", "family_name", "email", "phone", "company", "job_title"]);
        let bytes = taken_out(&app, &actor, &Order { query, format: Format::Vcard, unmasked: true, only: None }).await.unwrap();
        assert!(bytes.split(|b| *b == b'\n').all(|line| line.len() <= 76), "folded");
        let cards: Vec<_> = parse::vcard::Cards::new(std::io::Cursor::new(bytes)).map(|card| card.unwrap()).collect();
        assert_eq!(cards.len(), 3);
        let ada = &cards[0];
        assert_eq!((ada.version.as_str(), ada.formatted_name.as_str()), ("4.0", "Ada \"Byron\", Countess"));
        assert_eq!((ada.name.given.as_str(), ada.name.family.as_str()), ("Ada", "Byron; King"));
        assert_eq!(ada.emails.iter().map(|e| e.value.as_str()).collect::<Vec<_>>(), ["ada@b.example", "a.king@b.example"]);
        assert_eq!((ada.organization.as_str(), ada.phones[0].value.as_str()), ("Müller, Söhne", "+390255504417"));
        assert_eq!(ada.warnings, Vec::<&str>::new());
        let deals = Order { query: ListQuery::of("deal"), format: Format::Vcard, unmasked: false, only: None };
        assert_eq!(start(&app, &actor, &deals).await.unwrap_err().code(), Code::InvalidInput);
    }

    async fn exactly_the_filtered_and_sorted_list_is_taken_out_under_one_event_without_what_was_asked_for(app: TestApp) {
        let actor = app.acting("sales");
        let ids = house(&app, &actor).await;
        let filter = Filter::Any { any: vec![Condition::new("name", Op::Contains, "Bob").into(), Condition::new("name", Op::Contains, "Zoë").into()] };
        let query = ListQuery { filter: Some(filter), sort: Sort { by: "name".into(), descending: true }, ..people(&["relation"]) };
        let rows = read_back(taken_out(&app, &actor, &Order { query, format: Format::Csv, unmasked: false, only: None }).await.unwrap());
        assert_eq!(rows, [vec!["Name", "Relation"], vec!["Zoë 山田", ""], vec!["Bob", "Lead"]]);
        let all = events(&app, "record.exported").await;
        assert_eq!(all.len(), 1);
        let mut named: Vec<RecordId> = all[0].records.iter().map(|(id, _)| *id).collect();
        named.sort_unstable();
        let mut expected = vec![ids[1], ids[2]];
        expected.sort_unstable();
        assert_eq!((named, all[0].text("purpose")), (expected, "sales"));
        let words = format!("{:?}", all[0].detail());
        assert!(words.contains("name contains") && words.contains("person") && !words.contains("Bob") && !words.contains("Zo"), "{words}");
        assert_eq!(all[0].fields(), ["name", "relation"]);
        assert!(app.bytes_found(b"Countess").is_empty(), "nothing of it lies readable");
    }

    async fn a_mask_stays_unless_it_is_asked_for_and_the_right_to_export_reaches_that_far(app: TestApp) {
        let all = app.acting("sales");
        house(&app, &all).await;
        let narrow = Actor::new(all.who, all.purpose, "page", vec![
            Grant::everything("read"),
            Grant { class: Class::Internal, ..Grant::everything("export") },
        ]);
        let order = |unmasked| Order { query: people(&["phone"]), format: Format::Csv, unmasked, only: None };
        for (actor, unmasked, whole) in [(&all, false, false), (&all, true, true), (&narrow, true, false)] {
            let text = String::from_utf8(taken_out(&app, actor, &order(unmasked)).await.unwrap()).unwrap();
            assert_eq!(text.contains("+390255504417"), whole, "{text}");
        }
    }

    async fn who_may_not_export_is_refused_and_a_file_is_its_makers_for_seven_days(app: TestApp) {
        let all = app.acting("sales");
        house(&app, &all).await;
        let order = Order { query: people(&[]), format: Format::Csv, unmasked: false, only: None };
        let reader = Actor::new(all.who, all.purpose, "page", vec![Grant::everything("read")]);
        assert_eq!(start(&app, &reader, &order).await.unwrap_err().code(), Code::Forbidden);
        let blind = Actor::new(all.who, all.purpose, "page", vec![Grant::everything("export")]);
        assert_eq!(start(&app, &blind, &order).await.unwrap_err().code(), Code::Forbidden);
        assert!(events(&app, "record.exported").await.is_empty());
        let other = Actor::new(trail::Who::Staff(kernel::UserId::mint(app.env())), all.purpose, "page", trail::permit::every_grant());
        let (id, job) = start(&app, &all, &order).await.unwrap();
        assert_eq!(fetch(&app, &all, id).await.unwrap_err().code(), Code::NotFound, "it is not whole yet");
        worked(&app).await;
        assert_eq!(fetch(&app, &other, id).await.unwrap_err().code(), Code::NotFound);
        assert!(!fetch(&app, &all, id).await.unwrap().is_empty());
        let standing = app.read(&all, move |unit| {
            let standing = find(unit, id)?;
            unit.plain(standing)
        }).await.unwrap();
        assert_eq!((standing.job, standing.size > 0), (job, true));
        app.clock.advance(Duration::from_secs(7 * 86_400 + 1));
        assert_eq!(fetch(&app, &all, id).await.unwrap_err().code(), Code::NotFound);
        crate::requests::expire(&app, &app.operator()).await.unwrap();
        assert!(app.blobs().list("artifacts/").await.unwrap().is_empty());
    }

    async fn a_cancelled_export_takes_nothing_out(app: TestApp) {
        let actor = app.acting("sales");
        house(&app, &actor).await;
        let (id, job) = start(&app, &actor, &Order { query: people(&[]), format: Format::Xlsx, unmasked: false, only: None }).await.unwrap();
        assert!(app.cancel_job(job).await.unwrap());
        worked(&app).await;
        assert_eq!(fetch(&app, &actor, id).await.unwrap_err().code(), Code::NotFound);
        assert!(events(&app, "record.exported").await.is_empty());
    }

    async fn every_statement_of_exports_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
