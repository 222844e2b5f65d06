//! The promises of lists.

use std::{collections::HashSet, time::Duration};

use catalogue::{Class, Purpose, Purposes};
use kernel::{Code, UserId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Grant, Reach, Who, permit::WriteRecords};

use super::*;
use crate::records::{NewRecord, parse_fields};

async fn made(app: &TestApp, actor: &Actor, kind: &str, json: serde_json::Value) -> RecordId {
    let described = app.catalogue().need(kind).unwrap();
    let fields = parse_fields(&described, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(k, v)| v.map(|v| (k, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.clock.advance(Duration::from_secs(1));
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn page(app: &TestApp, actor: &Actor, query: ListQuery, bucket: usize) -> Result<ListPage> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| list_by(unit, &permit, &query, Detail::Whole, bucket)).await
}

fn titles(page: &ListPage) -> Vec<String> {
    page.rows.iter().map(|row| row.shown.title.clone()).collect()
}

async fn found(app: &TestApp, actor: &Actor, kind: &str, filter: serde_json::Value) -> Result<Vec<String>> {
    let filter = Some(serde_json::from_value(filter).unwrap());
    let sort = Sort { by: "created".into(), descending: false };
    Ok(titles(&page(app, actor, ListQuery { filter, sort, via_body: true, ..ListQuery::of(kind) }, BUCKET).await?))
}

/// Every page of a list, small ones, as titles and ids in order.
async fn walked(app: &TestApp, actor: &Actor, mut query: ListQuery, bucket: usize) -> Vec<(String, RecordId)> {
    let mut all = Vec::new();
    for _ in 0..200 {
        let page = page(app, actor, query.clone(), bucket).await.unwrap();
        assert!(page.rows.len() <= query.limit);
        all.extend(page.rows.iter().map(|row| (row.shown.title.clone(), row.shown.id)));
        match page.next {
            Some(next) => query.cursor = Some(next),
            None => return all,
        }
    }
    panic!("the list does not end");
}

fn member(app: &TestApp, purpose: &str, reach: Reach, team: Option<[u8; 16]>) -> Actor {
    let grant = |privilege| Grant { reach, class: Class::Sensitive, purposes: Purposes::all(), ..Grant::everything(privilege) };
    let who = Who::Staff(UserId::mint(app.env()));
    let mut actor = Actor::new(who, Purpose::find(purpose).unwrap(), "page", vec![grant("read"), grant("write")]);
    actor.team = team;
    actor
}

async fn deals(app: &TestApp, actor: &Actor) {
    for (name, more) in [
        ("Alder", json!({"stage": "lead", "amount": "100.00 EUR", "probability": 10, "expected_close": "2026-12-01"})),
        ("Birch", json!({"stage": "offer", "amount": "250.50 EUR", "probability": 50, "expected_close": "2027-01-15"})),
        ("Cedar", json!({"stage": "won", "amount": "100.00 USD", "probability": 100})),
        ("Dogwood", json!({"stage": "lost"})),
        ("Elm", json!({})),
    ] {
        let mut fields = more.as_object().unwrap().clone();
        fields.insert("name".into(), json!(name));
        made(app, actor, "deal", fields.into()).await;
    }
}

/// How the engine would go about a statement, a step a line.
fn plan_of(unit: &mut Unit, text: &str, args: &[store::Value]) -> Vec<String> {
    let (explain, column) = match unit.dialect().engine() {
        store::Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        store::Engine::Postgres => ("EXPLAIN (COSTS OFF)", 0),
    };
    unit.all(&format!("{explain} {text}"), args, |row| row.get::<String>(column)).unwrap()
}

/// The steps that read a whole table or index.
fn full_scans(plan: &[String]) -> Vec<&String> {
    let bounded = |line: &str| line.starts_with("SCAN d") || line.contains("VIRTUAL TABLE");
    let hashed = |line: &str| line.contains("hashed") || (line.contains("Hash") && line.contains("Join"));
    plan.iter().filter(|line| line.contains("Seq Scan") || hashed(line) || (line.starts_with("SCAN") && !bounded(line))).collect()
}

store_test! {
    async fn every_list_goes_by_indexes_and_reads_no_whole_table(app: TestApp) {
        let actor = app.acting("sales");
        let mine = member(&app, "sales", Reach::Team, Some(app.env().bytes()));
        let firm = made(&app, &actor, "company", json!({"name": "Nordwind"})).await;
        made(&app, &actor, "person", json!({"name": "Ada", "relation": "lead", "company": firm})).await;
        let owner = UserId::mint(app.env()).to_string();
        let filters = [
            json!(null),
            json!({"field": "relation", "op": "eq", "value": "lead"}),
            json!({"field": "company", "op": "eq", "value": firm.to_string()}),
            json!({"field": "owner", "op": "eq", "value": owner}),
            json!({"field": "captured", "op": "ge", "value": "2026-11-21"}),
            json!({"field": "email", "op": "eq", "value": "ada@b.example"}),
            json!({"all": [{"field": "relation", "op": "ne", "value": "lead"}, {"field": "name", "op": "starts", "value": "ad"}]}),
        ];
        for (actor, filter) in [&actor, &mine].iter().flat_map(|actor| filters.iter().map(move |filter| (*actor, filter.clone()))) {
            let permit = actor.permit::<ReadRecords>().unwrap();
            app.read(actor, move |unit| {
                let kind = unit.app().catalogue().need("person")?;
                let (keyring, scope) = (unit.app().keyring(), permit.need(&kind)?);
                let mut check = filter::Check { kind: &kind, scope, purpose: permit.actor.purpose, via_body: true, tokens: keyring.tokens(), met: 0 };
                let asked: Option<Filter> = serde_json::from_value(filter.clone()).unwrap();
                let cond = asked.map_or_else(|| Ok(filter::Cond::All(Vec::new())), |f| check.filter(&f, 0))?;
                for by in ["updated", "created", "captured", "relation", "name"] {
                    let (order, _) = page::Order::of(&kind, &Sort { by: by.into(), descending: false })?;
                    let plan = page::Plan::new(unit, &kind, &permit, scope, &cond, &order, false, BUCKET);
                    let mut statements = vec![plan.walk.along(order.sorted(), &heads::Begin::Start, 1, None)];
                    statements.extend(plan.walk.drivers().iter().map(|d| plan.walk.by_index(d, order.sorted(), &heads::Begin::Start, 51, None)));
                    for q in statements {
                        let steps = plan_of(unit, q.text(), q.args());
                        assert_eq!(full_scans(&steps), Vec::<&String>::new(), "{filter} by {by}: {} {steps:#?}", q.text());
                    }
                }
                // What has no index is told apart.
                let steps = plan_of(unit, "SELECT r.id FROM record r WHERE r.facts = ?1", &[store::Value::from("{}")]);
                assert_eq!(full_scans(&steps).len(), 1, "{steps:#?}");
                unit.plain(())
            }).await.unwrap();
        }
    }

    async fn a_list_begins_from_few_matches_and_walks_along_many(app: TestApp) {
        let actor = app.acting("sales");
        for n in 0..120 {
            made(&app, &actor, "deal", json!({"name": format!("Deal {n:03}"), "stage": if n % 40 == 7 { "won" } else { "lead" }})).await;
        }
        for by in ["updated", "created", "name"] {
            for (stage, count) in [("won", 3), ("lead", 117), ("lost", 0)] {
                let filter: Option<Filter> = Some(serde_json::from_value(json!({"field": "stage", "op": "eq", "value": stage})).unwrap());
                let query = ListQuery { filter, sort: Sort { by: by.into(), descending: false }, limit: 10, ..ListQuery::of("deal") };
                let first = page(&app, &actor, query.clone(), 5).await.unwrap();
                assert_eq!((first.rows.len(), first.total), (count.min(10), Some(i64::try_from(count).unwrap())), "{by} {stage}");
                let ids: HashSet<RecordId> = walked(&app, &actor, query, 5).await.into_iter().map(|(_, id)| id).collect();
                assert_eq!(ids.len(), count, "{by} {stage}");
            }
        }
    }

    async fn every_operator_finds_what_it_says_and_nothing_else(app: TestApp) {
        let actor = app.acting("sales");
        deals(&app, &actor).await;
        for (filter, expected) in [
            (json!({"field": "stage", "op": "eq", "value": "offer"}), vec!["Birch"]),
            (json!({"field": "stage", "op": "ne", "value": "offer"}), vec!["Alder", "Cedar", "Dogwood", "Elm"]),
            (json!({"field": "stage", "op": "in", "value": ["won", "lost"]}), vec!["Cedar", "Dogwood"]),
            (json!({"field": "stage", "op": "is_empty"}), vec!["Elm"]),
            (json!({"field": "amount", "op": "not_empty"}), vec!["Alder", "Birch", "Cedar"]),
            (json!({"field": "amount", "op": "eq", "value": "100.00 EUR"}), vec!["Alder"]),
            (json!({"field": "amount", "op": "gt", "value": "100.00 EUR"}), vec!["Birch"]),
            (json!({"field": "amount", "op": "ge", "value": "100.00 EUR"}), vec!["Alder", "Birch"]),
            (json!({"field": "probability", "op": "lt", "value": 50}), vec!["Alder"]),
            (json!({"field": "probability", "op": "le", "value": 50}), vec!["Alder", "Birch"]),
            (json!({"field": "expected_close", "op": "ge", "value": "2027-01-15"}), vec!["Birch"]),
            (json!({"field": "expected_close", "op": "lt", "value": "2027-01-15"}), vec!["Alder"]),
            (json!({"field": "created", "op": "eq", "value": "2026-11-21"}), vec!["Alder", "Birch", "Cedar", "Dogwood", "Elm"]),
            (json!({"field": "created", "op": "gt", "value": "2026-11-21"}), vec![]),
            (json!({"field": "kept_until", "op": "is_empty"}), vec!["Alder", "Birch", "Cedar", "Dogwood", "Elm"]),
            (json!({"field": "state", "op": "eq", "value": "restricted"}), vec![]),
            (json!({"field": "owner", "op": "is_empty"}), vec!["Alder", "Birch", "Cedar", "Dogwood", "Elm"]),
            (json!({"any": [{"field": "stage", "op": "eq", "value": "won"}, {"all": [{"field": "probability", "op": "ge", "value": 10},
                {"field": "amount", "op": "le", "value": "100.00 EUR"}]}]}), vec!["Alder", "Cedar"]),
            (json!({"field": "name", "op": "eq", "value": "bïrch"}), vec!["Birch"]),
            (json!({"field": "name", "op": "starts", "value": "dogw"}), vec!["Dogwood"]),
            (json!({"any": [{"field": "name", "op": "contains", "value": "ELM"}, {"field": "stage", "op": "eq", "value": "won"}]}), vec!["Cedar", "Elm"]),
        ] {
            assert_eq!(found(&app, &actor, "deal", filter.clone()).await.unwrap(), expected, "{filter}");
        }
    }

    async fn what_cannot_be_asked_is_refused_in_words(app: TestApp) {
        let actor = app.acting("sales");
        for (filter, code) in [
            (json!({"field": "shoe", "op": "eq", "value": 1}), Code::InvalidInput),
            (json!({"field": "stage", "op": "is_empty", "value": "offer"}), Code::InvalidInput),
            (json!({"field": "stage", "op": "lt", "value": "won"}), Code::InvalidInput),
            (json!({"field": "stage", "op": "eq", "value": "nowhere"}), Code::InvalidInput),
            (json!({"field": "lost_reason", "op": "eq", "value": "price"}), Code::InvalidInput),
            (json!({"field": "name", "op": "gt", "value": "a"}), Code::InvalidInput),
            (json!({"field": "name", "op": "starts", "value": "a"}), Code::InvalidInput),
            (json!({"field": "owner", "op": "eq", "value": "me"}), Code::InvalidInput),
            (json!({"any": [{"any": [{"any": [{"any": [{"any": [{"any": [{"any": []}]}]}]}]}]}]}), Code::InvalidInput),
        ] {
            assert_eq!(found(&app, &actor, "deal", filter.clone()).await.unwrap_err().code(), code, "{filter}");
        }
        // A field that the acting purpose does not serve is no oracle either.
        let birthday = json!({"field": "tax_id", "op": "eq", "value": "1990-02-03"});
        assert_eq!(found(&app, &actor, "person", birthday).await.unwrap_err().code(), Code::Forbidden);
    }

    async fn a_sealed_value_in_an_address_is_refused_and_found_when_sent_in_a_body(app: TestApp) {
        let actor = app.acting("sales");
        made(&app, &actor, "person", json!({"name": "Ada", "email": ["Ada@B.example"], "phone": "030 1234567", "country": "DE"})).await;
        made(&app, &actor, "person", json!({"name": "Eve", "email": ["eve@b.example"]})).await;
        let filter = Some(Condition::new("email", Op::Eq, "ada@b.example").into());
        let query = ListQuery { filter, ..ListQuery::of("person") };
        assert_eq!(page(&app, &actor, query.clone(), BUCKET).await.unwrap_err().code(), Code::SealedInUrl);
        assert_eq!(titles(&page(&app, &actor, ListQuery { via_body: true, ..query }, BUCKET).await.unwrap()), ["Ada"]);
        for number in ["+49 30 1234567", "(030) 123-4567", "0049301234567"] {
            assert_eq!(found(&app, &actor, "person", json!({"field": "phone", "op": "eq", "value": number})).await.unwrap(), ["Ada"], "{number}");
        }
    }

    async fn a_token_that_matches_by_chance_is_not_believed(app: TestApp) {
        let actor = app.acting("sales");
        let ada = made(&app, &actor, "person", json!({"name": "Ada"})).await;
        let false_token = app.keyring().tokens().word("person.name", "eve");
        app.write(&actor, move |unit| {
            unit.witness(Event::new("test.forged"))?;
            let doc = records::find(unit, ada)?.unwrap().doc;
            let true_tokens: Vec<i64> = {
                let keyring = unit.app().keyring();
                let tokens = keyring.tokens();
                tokens.words("person.name", "Ada").into_iter().chain(tokens.prefixes("person.name", "Ada", 2, 8)).collect()
            };
            store::tokens::remove(unit.dialect(), doc, &true_tokens)?;
            store::tokens::put(unit.dialect(), doc, &[true_tokens, vec![false_token]].concat())
        }).await.unwrap();
        assert_eq!(found(&app, &actor, "person", json!({"field": "name", "op": "contains", "value": "Eve"})).await.unwrap(), Vec::<String>::new());
        assert_eq!(found(&app, &actor, "person", json!({"field": "name", "op": "contains", "value": "Ada"})).await.unwrap(), ["Ada"]);
    }

    async fn nobody_sees_beyond_their_reach_or_purpose(app: TestApp) {
        let team = app.env().bytes();
        let (mine, other) = (member(&app, "sales", Reach::Own, Some(team)), member(&app, "sales", Reach::Own, Some(team)));
        let stranger = member(&app, "sales", Reach::Own, None);
        for (actor, name) in [(&mine, "Mine"), (&other, "Team"), (&stranger, "Strange")] {
            made(&app, actor, "person", json!({"name": name})).await;
        }
        let by_name = || ListQuery { sort: Sort { by: "name".into(), descending: false }, ..ListQuery::of("person") };
        let mut teamed = mine.clone();
        teamed = Actor::new(teamed.who, teamed.purpose, "page", vec![Grant { reach: Reach::Team, ..Grant::everything("read") }]);
        teamed.team = Some(team);
        for (actor, expected) in [
            (mine.clone(), vec!["Mine"]),
            (teamed, vec!["Mine", "Team"]),
            (app.acting("sales"), vec!["Mine", "Strange", "Team"]),
            (app.acting("marketing"), vec![]),
            (Actor::new(Who::Operator, Purpose::find("sales").unwrap(), "cli", vec![Grant { reach: Reach::Own, ..Grant::everything("read") }]), vec![]),
        ] {
            let seen = page(&app, &actor, by_name(), BUCKET).await.unwrap();
            assert_eq!((titles(&seen), seen.total), (expected.iter().map(|&t| t.to_owned()).collect(), Some(i64::try_from(expected.len()).unwrap())));
        }
        let nobody = Actor::new(Who::Operator, Purpose::find("sales").unwrap(), "cli", vec![Grant { kind: "deal".into(), ..Grant::everything("read") }]);
        assert_eq!(page(&app, &nobody, by_name(), BUCKET).await.unwrap_err().code(), Code::Forbidden);
    }

    async fn what_is_ones_own_is_counted_and_listed_from_the_owners_index(app: TestApp) {
        let me = member(&app, "sales", Reach::All, None);
        let all = app.acting("sales");
        for n in 0..12 {
            made(&app, if n % 4 == 0 { &me } else { &all }, "deal", json!({"name": format!("d{n}"), "stage": "offer"})).await;
        }
        made(&app, &me, "person", json!({"name": "Not a deal"})).await;
        let mine = Filter::One(Condition::new("owner", Op::Eq, me.staff().unwrap().to_string()));
        let open = Filter::One(Condition::new("stage", Op::Eq, "offer"));
        let query = ListQuery { filter: Some(Filter::All { all: vec![mine, open] }), sort: Sort { by: "stage".into(), descending: false }, ..ListQuery::of("deal") };
        let seen = page(&app, &all, query.clone(), BUCKET).await.unwrap();
        let mut found = titles(&seen);
        found.sort_unstable();
        assert_eq!((found, seen.total), (vec!["d0".to_owned(), "d4".to_owned(), "d8".to_owned()], Some(3)));
        let permit = all.permit::<ReadRecords>().unwrap();
        let counted = app.read(&all, move |unit| {
            let counted = count(unit, &permit, &query)?;
            unit.plain(counted)
        });
        assert_eq!(counted.await.unwrap(), Some(3), "counted without opening one");
    }

    async fn walking_the_pages_meets_each_record_once_and_in_order(app: TestApp) {
        let actor = app.acting("sales");
        let stages = ["lead", "talk", "offer"];
        let names = ["Muller", "Müller", "Mulder", "Mu", "mull", "Mul", "Mulla Anna", "Zoë", "aa", "ab"];
        let mut all = HashSet::new();
        for n in 0..40_usize {
            let mut fields = json!({"name": format!("{} {}", names[n % names.len()], ["", "B", "a"][n % 3])});
            if n % 4 != 0 {
                fields["stage"] = json!(stages[n % 3]);
                fields["amount"] = json!(format!("{}.00 EUR", (n * 7) % 10));
            }
            all.insert(made(&app, &actor, "deal", fields).await);
        }
        let folded = |title: &str| vault::name_sort(title, usize::MAX);
        for by in ["updated", "created", "stage", "amount", "name"] {
            for descending in [false, true] {
                let query = ListQuery { sort: Sort { by: by.into(), descending }, limit: 3, ..ListQuery::of("deal") };
                for bucket in [2, 5, BUCKET] {
                    let seen = walked(&app, &actor, query.clone(), bucket).await;
                    let ids: HashSet<RecordId> = seen.iter().map(|(_, id)| *id).collect();
                    assert_eq!((seen.len(), &ids), (40, &all), "{by} {descending} {bucket}");
                    let keys: Vec<_> = seen.iter().map(|(title, id)| (folded(title), *id)).collect();
                    let mut sorted = keys.clone();
                    sorted.sort_unstable();
                    if descending { sorted.reverse(); }
                    assert!(by != "name" || bucket != BUCKET || keys == sorted, "{descending}");
                }
            }
        }
    }

    async fn a_crowded_beginning_of_names_says_so_and_is_put_in_order_by_a_job(app: TestApp) {
        let actor = app.acting("sales");
        for n in 0..30 {
            made(&app, &actor, "person", json!({"name": format!("{}{}", ["Annz", "Annb", "Ann", "Anny", "Annya"][n % 5], if n % 2 == 0 { "" } else { "k" })})).await;
        }
        let query = ListQuery { sort: Sort { by: "name".into(), descending: false }, limit: 4, ..ListQuery::of("person") };
        let first = page(&app, &actor, query.clone(), 5).await.unwrap();
        assert!(!first.exact_order && first.crowded);
        lengthen_later(&app, &actor, "person", 5).await.unwrap();
        app.clock.advance(Duration::from_secs(1));
        assert_eq!(app.work_off(&handlers()).await.unwrap(), 1);
        // Who comes later stands among the longer prefixes at once.
        made(&app, &actor, "person", json!({"name": "Annc"})).await;
        let first = page(&app, &actor, query.clone(), 5).await.unwrap();
        assert!(first.exact_order && !first.crowded);
        let seen = walked(&app, &actor, query, 5).await;
        let keys: Vec<_> = seen.iter().map(|(title, id)| (vault::name_sort(title, usize::MAX), *id)).collect();
        assert_eq!(keys.len(), 31);
        assert!(keys.is_sorted());
    }

    async fn a_cursor_serves_its_own_list_actor_and_day_alone(app: TestApp) {
        let actor = app.acting("sales");
        deals(&app, &actor).await;
        let query = ListQuery { limit: 2, ..ListQuery::of("deal") };
        let cursor = page(&app, &actor, query.clone(), BUCKET).await.unwrap().next.unwrap();
        let with = |cursor: &str| ListQuery { cursor: Some(cursor.to_owned()), ..query.clone() };
        assert_eq!(titles(&page(&app, &actor, with(&cursor), BUCKET).await.unwrap()), ["Cedar", "Birch"]);
        let mut tampered = cursor.clone().into_bytes();
        tampered[20] = if tampered[20] == b'A' { b'B' } else { b'A' };
        let other_sort = ListQuery { sort: Sort { by: "amount".into(), descending: true }, ..with(&cursor) };
        for (actor, query) in [
            (actor.clone(), with(&String::from_utf8(tampered).unwrap())),
            (actor.clone(), with("nonsense!")),
            (actor.clone(), with("")),
            (actor.clone(), other_sort),
            (app.acting("support"), with(&cursor)),
        ] {
            assert_eq!(page(&app, &actor, query, BUCKET).await.unwrap_err().code(), Code::Malformed);
        }
        app.clock.advance(Duration::from_secs(25 * 3600));
        assert_eq!(page(&app, &actor, with(&cursor), BUCKET).await.unwrap_err().code(), Code::Malformed);
    }

    async fn the_event_names_what_was_shown_and_never_what_was_asked_for(app: TestApp) {
        let actor = app.acting("sales");
        let firm = made(&app, &actor, "company", json!({"name": "Nordwind"})).await;
        let ada = made(&app, &actor, "person", json!({"name": "Ada", "company": firm, "job_title": "Clerk", "birthday": "1990-02-03"})).await;
        made(&app, &actor, "person", json!({"name": "Eve"})).await;
        let filter = Some(Condition::new("name", Op::Contains, "ada").into());
        let columns = vec!["company".to_owned(), "birthday".to_owned()];
        let seen = page(&app, &actor, ListQuery { filter, columns, via_body: true, ..ListQuery::of("person") }, BUCKET).await.unwrap();
        assert_eq!(seen.rows[0].links[&firm].title, "Nordwind");
        assert!(seen.rows[0].shown.cell("job_title").is_none());
        app.settle().await.unwrap();
        let recorded = app.read(&actor, move |unit| {
            let id = unit.one("SELECT id FROM event WHERE name = 'record.listed'", &[], |row| row.get(0))?;
            let recorded = unit.recorded(id)?.unwrap();
            unit.plain(recorded)
        }).await.unwrap();
        let mut named: Vec<_> = recorded.records.clone();
        named.sort_unstable();
        assert_eq!(named, [(firm, 1), (ada, 1)]);
        assert_eq!(recorded.fields(), ["company", "name"]);
        let words = format!("{:?}", recorded.detail());
        assert!(words.contains("name contains") && !words.contains("ada"), "{words}");
    }

    async fn every_statement_of_lists_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
