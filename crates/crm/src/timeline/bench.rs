//! How long lists, search and timelines take: run by hand, `cargo test -p probity-crm --lib bench -- --ignored --nocapture`.

use std::time::Duration;

use catalogue::Value;
use kernel::RecordId;
use testkit::{Engine, TestApp};
use tokio::time::Instant;
use trail::{Actor, Event, permit::ReadRecords};

use crate::{
    records::{self, Detail, NewRecord},
    search, timeline,
    views::{self, Condition, ListQuery, Op, Sort},
};

const PEOPLE: usize = 20_000;
const ROUNDS: usize = 40;
const GIVEN: [&str; 24] = [
    "Anna",
    "Antonia",
    "Andreas",
    "Berta",
    "Björn",
    "Carla",
    "Christian",
    "Dora",
    "Emil",
    "Frieda",
    "Georg",
    "Hanna",
    "Ida",
    "Jan",
    "Karl",
    "Lena",
    "Maria",
    "Martin",
    "Nora",
    "Otto",
    "Paula",
    "Quentin",
    "Rosa",
    "Zoë",
];
const FAMILY: [&str; 20] = [
    "Müller",
    "Schmidt",
    "Schneider",
    "Fischer",
    "Weber",
    "Meyer",
    "Wagner",
    "Becker",
    "Schulz",
    "Hoffmann",
    "Koch",
    "Bauer",
    "Richter",
    "Klein",
    "Wolf",
    "Neumann",
    "Schwarz",
    "Zimmermann",
    "Braun",
    "Krüger",
];

fn person(n: usize, firm: RecordId) -> NewRecord {
    let text = |text: String| Value::Text(text);
    let name = format!("{} {} {}", GIVEN[n * 7 % GIVEN.len()], FAMILY[n * 13 / 24 % FAMILY.len()], n);
    let email = Value::List(vec![text(format!("p{n}@firm{}.example", n % 900))]);
    let mut fields: records::Fields = [("name".to_owned(), text(name)), ("email".to_owned(), email)].into();
    fields.insert("relation".into(), text(["lead", "customer", "partner"][n % 3].to_owned()));
    fields.insert("job_title".into(), text(["Director", "Clerk", "Buyer of goods"][n % 3].to_owned()));
    if n.is_multiple_of(100) {
        fields.insert("company".into(), Value::Link(firm));
    }
    NewRecord::new("person", fields)
}

async fn filled(app: &TestApp, actor: &Actor) -> RecordId {
    let firm = app.write(actor, |unit| {
        unit.witness(Event::new("record.created"))?;
        records::insert(unit, NewRecord::new("company", [("name".to_owned(), Value::Text("Nordwind".into()))].into()))
    });
    let firm = firm.await.unwrap();
    for from in (0..PEOPLE).step_by(200) {
        app.clock.advance(Duration::from_secs(1));
        app.write(actor, move |unit| {
            unit.witness(Event::new("record.created"))?;
            (from..from + 200).try_for_each(|n| records::insert(unit, person(n, firm)).map(drop))
        })
        .await
        .unwrap();
    }
    firm
}

fn report(what: &str, mut times: Vec<Duration>, size: usize) {
    times.sort_unstable();
    let at = |share: usize| times[(times.len() * share / 100).min(times.len() - 1)].as_secs_f64() * 1e3;
    println!("{what:<28} p50 {:6.1} ms   p95 {:6.1} ms   ({size} shown)", at(50), at(95));
}

async fn lists(app: &TestApp, actor: &Actor, what: &str, query: ListQuery) {
    let (mut times, mut size, mut cursor) = (Vec::new(), 0, None);
    for _ in 0..ROUNDS {
        let (query, permit) = (ListQuery { cursor: cursor.take(), ..query.clone() }, actor.permit::<ReadRecords>().unwrap());
        let start = Instant::now();
        let page = app.read(actor, move |unit| views::list(unit, &permit, &query, Detail::Masked)).await.unwrap();
        times.push(start.elapsed());
        (size, cursor) = (page.rows.len(), page.next);
        assert!(!page.rows.is_empty());
    }
    report(what, times, size);
}

#[test]
#[ignore = "a measurement"]
fn lists_search_and_timelines_over_twenty_thousand_people() {
    testkit::run(Engine::Sqlite, |app: TestApp| async move {
        let actor = app.acting("sales");
        let start = Instant::now();
        let firm = filled(&app, &actor).await;
        println!("{PEOPLE} people made in {:.1} s", start.elapsed().as_secs_f64());
        let by = |by: &str| ListQuery { sort: Sort { by: by.into(), descending: by != "name" }, ..ListQuery::of("person") };
        let with = |field: &str, op, value: &str, sort: &str| ListQuery {
            filter: Some(Condition::new(field, op, value).into()),
            via_body: true,
            ..by(sort)
        };
        lists(&app, &actor, "list by updated", by("updated")).await;
        lists(&app, &actor, "list by name, 3 letters", by("name")).await;
        views::lengthen_later(&app, &actor, "person", 500).await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        let start = Instant::now();
        app.work_off(&views::handlers()).await.unwrap();
        println!("prefixes lengthened in {:.1} s", start.elapsed().as_secs_f64());
        lists(&app, &actor, "list by name, lengthened", by("name")).await;
        lists(&app, &actor, "relation = lead, by updated", with("relation", Op::Eq, "lead", "updated")).await;
        lists(&app, &actor, "relation = lead, by name", with("relation", Op::Eq, "lead", "name")).await;
        lists(&app, &actor, "name has müller, by updated", with("name", Op::Contains, "müller", "updated")).await;
        lists(&app, &actor, "company = firm, by updated", with("company", Op::Eq, &firm.to_string(), "updated")).await;
        for words in ["müller", "anna müller", "zo", "p77@firm77.example", "krüger 1234"] {
            let (mut times, mut size) = (Vec::new(), 0);
            for _ in 0..ROUNDS {
                let permit = actor.permit::<ReadRecords>().unwrap();
                let start = Instant::now();
                size = app.read(&actor, move |unit| search::find(unit, &permit, words, &[], 20)).await.unwrap().len();
                times.push(start.elapsed());
            }
            report(&format!("search {words}"), times, size);
        }
        let (mut times, mut size) = (Vec::new(), 0);
        for _ in 0..ROUNDS {
            let permit = actor.permit::<ReadRecords>().unwrap();
            let start = Instant::now();
            let page = app.read(&actor, move |unit| timeline::of(unit, &permit, firm, &[], None, 50)).await.unwrap();
            times.push(start.elapsed());
            size = page.entries.len();
        }
        report("timeline of a company", times, size);
    });
}
