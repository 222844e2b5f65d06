//! The promises of duplicates.

use std::collections::{BTreeMap, BTreeSet};

use catalogue::{Class, Purpose, Purposes, Value};
use kernel::{Code, RecordId, RequestId, UserId};
use serde_json::{Value as Json, json};
use store::args;
use testkit::{TestApp, store_test};
use trail::{
    Actor, Event, Grant, Reach, Who,
    permit::{Audit, Hold, ReadRecords, WriteRecords},
};

use super::{
    scan::{handlers, scanned},
    *,
};
use crate::{
    evidence,
    holds::{
        self,
        testing::{fields, insert_request, row},
    },
    import,
    records::{self, Detail, NewRecord, RecordPatch, State},
    search, timeline,
};

async fn made_by(app: &TestApp, actor: &Actor, kind: &str, json: Json) -> RecordId {
    let new = NewRecord::new(kind, fields(app, kind, json));
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn made(app: &TestApp, kind: &str, json: Json) -> RecordId {
    made_by(app, &app.operator(), kind, json).await
}

async fn changed(app: &TestApp, id: RecordId, kind: &str, json: Json) -> i64 {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    let fields: BTreeMap<_, _> = fields(app, kind, json).into_iter().map(|(key, value)| (key, Some(value))).collect();
    let patch = RecordPatch { fields, owner: None };
    app.write(&actor, move |unit| records::update(unit, &permit, id, None, patch.clone())).await.unwrap()
}

async fn merged(app: &TestApp, actor: &Actor, survivor: RecordId, other: RecordId, choices: &[(&str, Choice)]) -> kernel::Result<Merged> {
    let permit = actor.permit::<WriteRecords>()?;
    let choices = choices.iter().map(|(key, choice)| ((*key).to_owned(), *choice)).collect();
    let asked = Asked { survivor, other, choices, versions: (None, None) };
    app.write(actor, move |unit| merge(unit, &permit, &asked)).await
}

async fn taken_back(app: &TestApp, other: RecordId) -> kernel::Result<Back> {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>()?;
    app.write(&actor, move |unit| unmerge(unit, &permit, other)).await
}

async fn seen(app: &TestApp, id: RecordId) -> kernel::Result<records::Shown> {
    let actor = app.operator();
    let permit = actor.permit::<ReadRecords>()?;
    app.read(&actor, move |unit| records::show(unit, &permit, id, Detail::Whole)).await
}

async fn value(app: &TestApp, id: RecordId, field: &str) -> Json {
    seen(app, id).await.unwrap().cell(field).map(records::Cell::to_json).unwrap_or_default()
}

async fn values(app: &TestApp, id: RecordId) -> BTreeMap<String, Json> {
    seen(app, id).await.unwrap().cells.iter().map(|(key, cell)| (key.clone(), cell.to_json())).collect()
}

async fn links_to(app: &TestApp, id: RecordId) -> BTreeSet<(String, RecordId)> {
    app.read(&app.operator(), move |unit| {
        let links = records::links_to(unit, id)?;
        unit.plain(links.into_iter().collect())
    })
    .await
    .unwrap()
}

async fn entries(app: &TestApp, id: RecordId) -> kernel::Result<BTreeSet<(String, RecordId)>> {
    let actor = app.operator();
    let permit = actor.permit::<ReadRecords>()?;
    let page = app.read(&actor, move |unit| timeline::of(unit, &permit, id, &[], timeline::Start::Newest, 200)).await?;
    Ok(page.entries.into_iter().filter(|entry| entry.record != id).map(|entry| (entry.what, entry.record)).collect())
}

async fn found(app: &TestApp, words: &'static str) -> Vec<RecordId> {
    let actor = app.operator();
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(&actor, move |unit| search::find(unit, &permit, words, &[], 20)).await.unwrap().into_iter().map(|hit| hit.id).collect()
}

async fn is_sound(app: &TestApp) {
    let permit = app.operator().permit::<Audit>().unwrap();
    let report = evidence::verify(app, &permit, evidence::Options::default(), None).await.unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
}

async fn pairs(app: &TestApp, actor: &Actor, kind: &'static str) -> Vec<Listed> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| list(unit, &permit, kind, None, 100)).await.unwrap().pairs
}

async fn worked_off(app: &TestApp) {
    app.clock.advance(std::time::Duration::from_secs(1));
    app.work_off(&handlers()).await.unwrap();
}

async fn looked(app: &TestApp, everything: bool) {
    let actor = app.operator();
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| ask(unit, &permit, everything)).await.unwrap();
    worked_off(app).await;
    let job = scanned(app, &actor).await.unwrap().job.unwrap();
    assert_eq!((job.state.as_str(), job.error.as_str()), ("done", ""));
    assert_eq!(job.done, job.total);
}

fn ids(pair: &Listed) -> BTreeSet<RecordId> {
    BTreeSet::from([pair.records.0.id, pair.records.1.id])
}

fn member(app: &TestApp, reach: Reach, class: Class) -> Actor {
    let grant = |privilege| Grant { reach, class, purposes: Purposes::all(), ..Grant::everything(privilege) };
    Actor::new(Who::Staff(UserId::mint(app.env())), Purpose::find("sales").unwrap(), "page", vec![grant("read"), grant("write")])
}

/// Two Adas, with something of every sort that points to the second.
struct Adas {
    first: RecordId,
    second: RecordId,
    pointing: Vec<RecordId>,
}

async fn adas(app: &TestApp) -> Adas {
    let firm = made(app, "company", json!({"name": "Nordwind GmbH"})).await;
    let first = made(app, "person", json!({"name": "Ada Quell", "email": ["ada@quell.example"], "job_title": "Clerk"})).await;
    let second = made(
        app,
        "person",
        json!({"name": "Quell, Ada", "email": ["a.quell@nord.example"], "phone": ["+49 30 1234567"], "company": firm, "job_title": "Head"}),
    )
    .await;
    let mut pointing = Vec::new();
    for (kind, json) in [
        ("deal", json!({"name": "Barrels", "person": second, "stage": "lead"})),
        ("note", json!({"title": "Call", "person": second, "text": "Spoke."})),
        ("task", json!({"title": "Call back", "person": second})),
        ("message", json!({"subject": "Hello", "channel": "email", "participants": [second, first]})),
        ("message", json!({"subject": "Again", "channel": "email", "participants": [second]})),
        ("file", json!({"name": "plan.txt", "person": second})),
        ("order", json!({"number": "4711", "person": second})),
        ("case", json!({"title": "Leak", "person": second})),
    ] {
        pointing.push(made(app, kind, json).await);
    }
    Adas { first, second, pointing }
}

store_test! {
    async fn a_merge_moves_everything_that_points_to_the_other_and_takes_it_out_of_use(app: TestApp) {
        let Adas { first, second, pointing } = adas(&app).await;
        let before = entries(&app, second).await.unwrap();
        let done = merged(&app, &app.operator(), first, second, &[("job_title", Choice::Survivor)]).await.unwrap();
        assert!(done.job.is_none());
        assert_eq!(value(&app, first, "email").await, json!(["ada@quell.example", "a.quell@nord.example"]), "a field of several has both");
        assert_eq!(value(&app, first, "job_title").await, json!("Clerk"), "as chosen");
        assert_eq!(value(&app, first, "phone").await, json!(["+49 30 1234567"]), "what only the other has survives");
        let to: BTreeSet<RecordId> = links_to(&app, first).await.into_iter().map(|(_, from)| from).collect();
        assert_eq!(to, pointing.iter().copied().collect(), "every kind of link");
        assert!(links_to(&app, second).await.is_empty());
        assert_eq!(value(&app, pointing[3], "participants").await, json!([first]), "once, where both were in it");
        let now = entries(&app, first).await.unwrap();
        assert!(before.iter().filter(|(what, _)| what.ends_with(".created")).all(|entry| now.contains(entry)), "{before:?} {now:?}");
        let gone = seen(&app, second).await.unwrap_err();
        assert_eq!((gone.code(), gone.problems()[0].code, gone.problems()[0].detail.as_str()), (Code::Conflict, records::MERGED, first.to_string().as_str()));
        assert_eq!(found(&app, "quell").await, [first], "no search finds it");
        assert_eq!(entries(&app, second).await.unwrap_err().code(), Code::NotFound);
        let late = NewRecord::new("note", fields(&app, "note", json!({"title": "Late", "person": second})));
        let (actor, permit) = (app.operator(), app.operator().permit::<WriteRecords>().unwrap());
        let refused = app.write(&actor, move |unit| records::create(unit, &permit, late.clone())).await.unwrap_err();
        assert_eq!(refused.problems()[0].code, "not_a_record", "nothing new points to it");
        let kept = row(&app, second).await;
        assert_eq!((kept.state, kept.facts.merged, kept.usable), (State::Live, Some(first), Purposes::NONE));
        is_sound(&app).await;
        assert_eq!(merged(&app, &app.operator(), first, second, &[]).await.unwrap_err().code(), Code::Conflict, "once");
    }

    async fn a_merge_taken_back_leaves_fields_and_links_as_they_were(app: TestApp) {
        let Adas { first, second, pointing } = adas(&app).await;
        let all: Vec<RecordId> = pointing.iter().copied().chain([first, second]).collect();
        let mut before = Vec::new();
        for id in &all {
            before.push((values(&app, *id).await, links_to(&app, *id).await, entries(&app, *id).await.unwrap()));
        }
        let rows = (row(&app, first).await, row(&app, second).await);
        // The same over and over: every choice, either way round.
        for (n, choices) in [vec![], vec![("email", Choice::Survivor)], vec![("email", Choice::Other), ("name", Choice::Other)], vec![("job_title", Choice::Other)]].into_iter().enumerate() {
            let (survivor, other) = if n % 2 == 0 { (first, second) } else { (second, first) };
            merged(&app, &app.operator(), survivor, other, &choices).await.unwrap();
            let back = taken_back(&app, other).await.unwrap();
            assert_eq!((back.left, back.stuck), (Vec::new(), 0), "{n}");
            for (id, (values_before, links_before, entries_before)) in all.iter().zip(&before) {
                assert_eq!(&values(&app, *id).await, values_before, "{n}");
                assert_eq!(&links_to(&app, *id).await, links_before, "{n}");
                let now: BTreeSet<_> = entries(&app, *id).await.unwrap().into_iter().filter(|(what, _)| what.ends_with(".created")).collect();
                assert_eq!(&now, &entries_before.iter().filter(|(what, _)| what.ends_with(".created")).cloned().collect(), "{n}");
            }
        }
        for (id, before) in [(first, rows.0), (second, rows.1)] {
            let now = row(&app, id).await;
            assert_eq!((now.usable, now.facts.merged, now.owner, now.law), (before.usable, None, before.owner, before.law));
        }
        let mut quells = found(&app, "quell").await;
        quells.sort_unstable();
        let mut both = vec![first, second];
        both.sort_unstable();
        assert_eq!(quells, both);
        is_sound(&app).await;
    }

    async fn what_was_changed_since_stays_when_a_merge_is_taken_back_and_is_named(app: TestApp) {
        let Adas { first, second, pointing } = adas(&app).await;
        merged(&app, &app.operator(), first, second, &[("job_title", Choice::Other)]).await.unwrap();
        changed(&app, first, "person", json!({"job_title": "Partner"})).await;
        let third = made(&app, "person", json!({"name": "Third"})).await;
        changed(&app, pointing[0], "deal", json!({"person": third})).await;
        let back = taken_back(&app, second).await.unwrap();
        assert_eq!(back.left, ["job_title"]);
        assert!(back.restored.contains(&"email".to_owned()));
        assert_eq!(value(&app, first, "job_title").await, json!("Partner"));
        assert_eq!(value(&app, first, "email").await, json!(["ada@quell.example"]));
        assert_eq!(value(&app, pointing[0], "person").await, json!(third));
        assert_eq!(value(&app, pointing[1], "person").await, json!(second));
        assert_eq!(back.stuck, 1);
        let again = taken_back(&app, second).await.unwrap_err();
        assert_eq!(again.code(), Code::Conflict, "once");
        is_sound(&app).await;
    }

    async fn what_is_held_restricted_or_asked_for_is_not_merged_and_says_why(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada Quell"})).await;
        let twin = made(&app, "person", json!({"name": "Ada Quell"})).await;
        let (actor, permit) = (app.operator(), app.operator().permit::<Hold>().unwrap());
        let placing = permit.clone();
        let hold = app.write(&actor, move |unit| holds::place(unit, &placing, &[twin], "Quell v. House", "Litigation.")).await.unwrap();
        for (survivor, other) in [(ada, twin), (twin, ada)] {
            let held = merged(&app, &actor, survivor, other, &[]).await.unwrap_err();
            assert_eq!(held.code(), Code::LegalHold);
            assert!(held.detail().contains(&hold.to_string()) && held.detail().contains(&twin.to_string()));
        }
        let told = (actor.permit::<ReadRecords>().unwrap(), actor.permit::<WriteRecords>().unwrap());
        let weighed = app.read(&actor, move |unit| preview(unit, (&told.0, &told.1), (ada, twin), &BTreeMap::new(), Detail::Masked)).await.unwrap();
        assert_eq!(weighed.refusals, [Refusal::Held(twin, hold, Some("Quell v. House".into()))], "by the matter's name");
        let clerk = member(&app, Reach::All, Class::Special);
        let told = (clerk.permit::<ReadRecords>().unwrap(), clerk.permit::<WriteRecords>().unwrap());
        let weighed = app.read(&clerk, move |unit| preview(unit, (&told.0, &told.1), (ada, twin), &BTreeMap::new(), Detail::Masked)).await.unwrap();
        assert_eq!(weighed.refusals, [Refusal::Held(twin, hold, None)], "the matter is for those who may place holds");
        let other = Actor::new(Who::Staff(UserId::mint(app.env())), actor.purpose, "page", trail::permit::every_grant());
        let release = other.permit::<Hold>().unwrap();
        app.write(&other, move |unit| holds::release(unit, &release, hold, "Settled.")).await.unwrap();

        let request = RequestId::mint(app.env());
        let now = app.env().now();
        app.write(&actor, move |unit| insert_request(unit, request, twin, "erase", now)).await.unwrap();
        let frozen = merged(&app, &actor, ada, twin, &[]).await.unwrap_err();
        assert_eq!(frozen.code(), Code::Conflict);
        assert!(frozen.detail().contains(&request.to_string()) && frozen.detail().contains("erase"));
        holds::testing::closed(&app, request).await;
        let restrict = async |state: &'static str| {
            app.write(&app.operator(), move |unit| {
                unit.witness(Event::new("test.restricted"))?;
                unit.run("UPDATE record SET state = ?2 WHERE id = ?1", &args![twin, state]).map(drop)
            })
            .await
        };
        restrict("restricted").await.unwrap();
        assert_eq!(merged(&app, &app.operator(), ada, twin, &[]).await.unwrap_err().code(), Code::Restricted);
        restrict("live").await.unwrap();
        merged(&app, &app.operator(), ada, twin, &[]).await.unwrap();
    }

    async fn a_merge_asks_for_two_of_one_kind_their_versions_and_choices_that_are_some(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada Quell", "email": ["ada@quell.example"]})).await;
        let twin = made(&app, "person", json!({"name": "Ada Quell", "job_title": "Clerk"})).await;
        let firm = made(&app, "company", json!({"name": "Nordwind"})).await;
        let note = made(&app, "note", json!({"title": "A"})).await;
        let other = made(&app, "note", json!({"title": "B"})).await;
        let actor = app.operator();
        for (survivor, other, choices, code) in [
            (ada, ada, vec![], Code::InvalidInput),
            (ada, firm, vec![], Code::InvalidInput),
            (note, other, vec![], Code::InvalidInput),
            (ada, RecordId::mint(app.env()), vec![], Code::NotFound),
            (ada, twin, vec![("unicorn", Choice::Other)], Code::InvalidInput),
            (ada, twin, vec![("job_title", Choice::Both)], Code::InvalidInput),
            (ada, twin, vec![("name", Choice::Other), ("phone", Choice::Other)], Code::InvalidInput),
        ] {
            assert_eq!(merged(&app, &actor, survivor, other, &choices).await.unwrap_err().code(), code);
        }
        let permit = actor.permit::<WriteRecords>().unwrap();
        for versions in [(Some(2), Some(1)), (Some(1), Some(2))] {
            let (permit, asked) = (permit.clone(), Asked { survivor: ada, other: twin, choices: BTreeMap::new(), versions });
            assert_eq!(app.write(&actor, move |unit| merge(unit, &permit, &asked)).await.unwrap_err().code(), Code::VersionConflict);
        }
        let clerk = member(&app, Reach::Own, Class::Special);
        assert_eq!(merged(&app, &clerk, ada, twin, &[]).await.unwrap_err().code(), Code::NotFound, "out of scope");
        let low = member(&app, Reach::All, Class::Personal);
        changed(&app, twin, "person", json!({"tax_id": "DE1"})).await;
        assert_eq!(merged(&app, &low, ada, twin, &[("tax_id", Choice::Other)]).await.unwrap_err().code(), Code::Forbidden, "unseen");
        merged(&app, &low, ada, twin, &[]).await.unwrap();
        assert_eq!(value(&app, ada, "tax_id").await, json!("DE1"), "what may not be seen is not lost");
        assert_eq!(unmerge_as(&app, &clerk, twin).await.unwrap_err().code(), Code::NotFound);
    }

    async fn what_was_merged_before_goes_along_and_comes_back_in_turn(app: TestApp) {
        let mut all = Vec::new();
        for n in 0..3 {
            all.push(made(&app, "person", json!({"name": format!("Ada {n}"), "email": [format!("ada{n}@quell.example")]})).await);
        }
        let [a, b, c] = all[..] else { unreachable!() };
        let note = made(&app, "note", json!({"title": "Of a", "person": a})).await;
        merged(&app, &app.operator(), b, a, &[]).await.unwrap();
        merged(&app, &app.operator(), c, b, &[]).await.unwrap();
        assert_eq!(row(&app, a).await.facts.merged, Some(c));
        assert_eq!(value(&app, note, "person").await, json!(c));
        assert_eq!(value(&app, c, "email").await.as_array().unwrap().len(), 3);
        let refused = taken_back(&app, a).await.unwrap_err();
        assert_eq!((refused.code(), refused.problems()[0].detail.as_str()), (Code::Conflict, b.to_string().as_str()), "the later one first");
        taken_back(&app, b).await.unwrap();
        assert_eq!((row(&app, a).await.facts.merged, value(&app, note, "person").await), (Some(b), json!(b)));
        taken_back(&app, a).await.unwrap();
        assert_eq!((row(&app, a).await.facts.merged, value(&app, note, "person").await), (None, json!(a)));
        is_sound(&app).await;
    }

    async fn a_large_merge_is_moved_by_a_job_that_goes_on_where_it_was_killed(app: TestApp) {
        let ada = made(&app, "person", json!({"name": "Ada"})).await;
        let twin = made(&app, "person", json!({"name": "Ada"})).await;
        let actor = app.operator();
        let mut news = Vec::new();
        for n in 0..230 {
            news.push(NewRecord::new("note", fields(&app, "note", json!({"title": format!("Note {n}"), "person": twin}))));
        }
        app.write(&actor, move |unit| {
            unit.witness(Event::new("test.made"))?;
            news.iter().try_for_each(|new| records::insert(unit, new.clone()).map(drop))
        })
        .await
        .unwrap();
        let done = merged(&app, &actor, ada, twin, &[]).await.unwrap();
        assert!(done.job.is_some());
        let refused = taken_back(&app, twin).await.unwrap_err();
        assert_eq!(refused.code(), Code::Conflict, "not while it moves");
        let moved = links_to(&app, ada).await.len();
        assert!(moved > 0 && moved < 230, "{moved}");
        worked_off(&app).await;
        assert_eq!((links_to(&app, ada).await.len(), links_to(&app, twin).await.len()), (230, 0));
        assert_eq!(entries(&app, ada).await.unwrap().len(), 200);
        let back = taken_back(&app, twin).await.unwrap();
        assert!(back.job.is_some());
        worked_off(&app).await;
        assert_eq!((links_to(&app, ada).await.len(), links_to(&app, twin).await.len()), (0, 230));
        is_sound(&app).await;
    }

    async fn what_an_import_brings_is_looked_at_when_it_is_over_once_all_was_looked_through(app: TestApp) {
        let actor = app.operator();
        made(&app, "person", json!({"name": "Zoë Müller", "email": ["zoe@mueller.example"]})).await;
        let path = app.folder().join("more.csv");
        std::fs::write(&path, "Name,E-mail\nZ. M.,ZOE@mueller.example\n").unwrap();
        let options = import::Options { mode: import::Mode::Create, ..import::Options::default() };
        let source = import::Source::Path(path.clone());
        let bring = || import::run(&app, &actor, "person", &source, None, options.clone(), |_| ());
        assert_eq!(bring().await.unwrap().created, 1);
        assert!(!after_import(&app, &actor).await.unwrap(), "nobody asked for it yet");
        looked(&app, true).await;
        assert!(!after_import(&app, &actor).await.unwrap(), "nothing came since");
        app.clock.advance(std::time::Duration::from_secs(1));
        std::fs::write(&path, "Name,E-mail\nOle,ole@berg.example\nO. B.,ole@berg.example\n").unwrap();
        bring().await.unwrap();
        assert!(after_import(&app, &actor).await.unwrap());
        worked_off(&app).await;
        assert_eq!(pairs(&app, &actor, "person").await.len(), 2);
        assert!(!after_import(&app, &actor).await.unwrap(), "once");
    }

    async fn a_scan_finds_what_was_planted_among_hundreds_and_nothing_else(app: TestApp) {
        let actor = app.operator();
        let mut news = Vec::new();
        for n in 0..590_u32 {
            // Namesakes without anything else in common are no pair.
            let json = json!({"name": format!("Person {}", n % 120), "email": [format!("p{n}@x{}.example", n % 7)], "phone": [format!("+49 30 {}", 1_000_000 + n)]});
            news.push(NewRecord::new("person", fields(&app, "person", json)));
        }
        for chunk in news.chunks(500) {
            let chunk = chunk.to_vec();
            app.write(&actor, move |unit| {
                unit.witness(Event::new("test.made"))?;
                let mut making = records::Making::default();
                for new in &chunk {
                    making.add(unit, new.clone())?;
                }
                making.write(unit)
            })
            .await
            .unwrap();
        }
        let firm = made(&app, "company", json!({"name": "Nordwind GmbH", "domain": "nordwind.example"})).await;
        let firm_again = made(&app, "company", json!({"name": "NORDWIND", "vat_id": "DE 123"})).await;
        let mut planted = BTreeSet::from([BTreeSet::from([firm, firm_again])]);
        for (a, b) in [
            (json!({"name": "Zoë Müller", "email": ["Zoe@Mueller.example"]}), json!({"name": "Z. M.", "email": ["zoe@mueller.example"]})),
            (json!({"name": "Kai Brandt", "company": firm}), json!({"name": "Brandt, Kai", "company": firm})),
            (json!({"name": "Eva Lind", "birthday": "1980-02-03"}), json!({"name": "eva lind", "birthday": "1980-02-03"})),
            (json!({"name": "Ole Berg", "phone": ["030 7654321"], "country": "DE"}), json!({"name": "O. Berg", "phone": ["+49 30 7654321"]})),
        ] {
            planted.insert(BTreeSet::from([made(&app, "person", a).await, made(&app, "person", b).await]));
        }
        looked(&app, true).await;
        let mut all: Vec<Listed> = pairs(&app, &actor, "person").await;
        all.extend(pairs(&app, &actor, "company").await);
        assert_eq!(all.iter().map(ids).collect::<BTreeSet<_>>(), planted);
        assert_eq!(all.len(), planted.len(), "each once");
        looked(&app, true).await;
        assert_eq!(pairs(&app, &actor, "person").await.len(), 4, "again the same");
        assert_eq!(app.bytes_found(b"nordwind"), Vec::<String>::new());

        let first = pairs(&app, &actor, "person").await.remove(0);
        let (id, permit) = (first.id, actor.permit::<WriteRecords>().unwrap());
        app.write(&actor, move |unit| dismiss(unit, &permit, id)).await.unwrap();
        looked(&app, true).await;
        assert!(pairs(&app, &actor, "person").await.iter().all(|pair| pair.id != first.id), "what was dismissed stays so");
        let one = first.records.0.id;
        changed(&app, one, "person", json!({"note": "Nothing that matters."})).await;
        looked(&app, false).await;
        assert!(pairs(&app, &actor, "person").await.iter().all(|pair| pair.id != first.id), "whatever else changes");
        changed(&app, one, "person", json!({"external_id": "77"})).await;
        looked(&app, false).await;
        assert!(pairs(&app, &actor, "person").await.iter().any(|pair| pair.id == first.id), "until what they look alike by does");
    }

    async fn pairs_are_shown_and_judged_within_scope_alone(app: TestApp) {
        let (mine, other) = (member(&app, Reach::Own, Class::Special), app.operator());
        let a = made_by(&app, &mine, "person", json!({"name": "Ada Quell", "email": ["ada@quell.example"], "tax_id": "DE1"})).await;
        let b = made_by(&app, &mine, "person", json!({"name": "A. Quell", "tax_id": "DE1"})).await;
        let c = made(&app, "person", json!({"name": "Ada Q.", "email": ["ada@quell.example"]})).await;
        looked(&app, false).await;
        assert_eq!(pairs(&app, &other, "person").await.len(), 2);
        assert!(pairs(&app, &mine, "person").await.is_empty(), "sales may not see tax numbers, and the other is out of reach");
        let admin = Actor::new(mine.who, app.operator().purpose, "page", mine.grants().to_vec());
        assert_eq!(pairs(&app, &admin, "person").await.iter().map(ids).collect::<Vec<_>>(), [BTreeSet::from([a, b])]);
        let strange = pairs(&app, &other, "person").await.into_iter().find(|pair| ids(pair).contains(&c)).unwrap().id;
        let permit = mine.permit::<WriteRecords>().unwrap();
        assert_eq!(app.write(&mine, move |unit| dismiss(unit, &permit, strange)).await.unwrap_err().code(), Code::NotFound);
    }

    async fn who_looks_like_whom_is_said_while_typing_by_what_may_be_seen(app: TestApp) {
        let firm = made(&app, "company", json!({"name": "Nordwind"})).await;
        let ada = made(&app, "person", json!({"name": "Ada Quell", "email": ["ada@quell.example"], "company": firm, "tax_id": "DE1"})).await;
        let looks = async |actor: &Actor, json: Json, own: Option<RecordId>| -> Vec<(RecordId, String)> {
            let (permit, fields) = (actor.permit::<ReadRecords>().unwrap(), fields(&app, "person", json));
            let found = app.read(actor, move |unit| check(unit, &permit, "person", &fields, own)).await.unwrap();
            found.into_iter().map(|alike| (alike.shown.id, alike.likeness.codes())).collect()
        };
        let all = app.operator();
        assert_eq!(looks(&all, json!({"email": ["ADA@quell.example "]}), None).await, [(ada, "same:email".to_owned())]);
        assert_eq!(looks(&all, json!({"name": "quell ADA"}), None).await, [(ada, "name".to_owned())]);
        assert_eq!(looks(&all, json!({"name": "Quell, Ada", "company": firm}), None).await, [(ada, "name_company".to_owned())]);
        assert_eq!(looks(&all, json!({"tax_id": "de1"}), None).await, [(ada, "same:tax_id".to_owned())]);
        for nobody in [json!({"name": "Ada"}), json!({"name": "Ada Quellen"}), json!({"email": ["b@quell.example"]}), json!({"country": "DE"})] {
            assert!(looks(&all, nobody.clone(), None).await.is_empty(), "{nobody}");
        }
        assert!(looks(&all, json!({"email": ["ada@quell.example"]}), Some(ada)).await.is_empty(), "nobody looks like themselves");
        assert!(looks(&app.acting("sales"), json!({"tax_id": "DE1"}), None).await.is_empty(), "what may not be seen tells nothing");
        assert!(looks(&member(&app, Reach::Own, Class::Special), json!({"name": "Ada Quell"}), None).await.is_empty(), "out of reach");
    }
}

async fn unmerge_as(app: &TestApp, actor: &Actor, other: RecordId) -> kernel::Result<Back> {
    let permit = actor.permit::<WriteRecords>()?;
    app.write(actor, move |unit| unmerge(unit, &permit, other)).await
}

#[test]
fn a_score_is_the_strongest_sign_and_never_more_than_a_hundred() {
    let catalogue = catalogue::Catalogue::new(1, catalogue::builtin().kinds().map(|kind| (**kind).clone()).collect()).unwrap();
    let kind = catalogue.need("person").unwrap();
    let person = |words: &[(&str, &str)]| {
        words.iter().map(|(key, text)| ((*key).to_owned(), Value::Text((*text).to_owned()))).collect::<records::Fields>()
    };
    let (a, b) = (
        person(&[("name", "Ada Quell"), ("tax_id", "1"), ("external_id", "2")]),
        person(&[("name", "quell ada"), ("tax_id", "1"), ("external_id", "2")]),
    );
    let all = signs::likeness(&kind, (&a, None), (&b, None), &|_| true);
    assert_eq!((all.score(), all.codes().as_str()), (100, "same:tax_id same:external_id name"));
    let numbered = |name: &str| person(&[("name", name), ("external_id", "1")]);
    let counted = signs::likeness(&kind, (&numbered("Jean M."), None), (&numbered("Maria Anders"), None), &|_| true);
    assert!(counted.score() < LIKELY, "two sources that both count from one");
    let both = signs::likeness(&kind, (&numbered("Jean M."), None), (&numbered("M. Jean"), None), &|_| true);
    assert!(both.score() >= LIKELY, "the same number and the same name");
    let none = signs::likeness(&kind, (&a, None), (&person(&[("name", "Bob")]), None), &|_| true);
    assert_eq!((none.score(), none.codes().as_str()), (0, ""));
}
