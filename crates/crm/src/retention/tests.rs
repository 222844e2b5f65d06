//! The promises of retention.

use jiff::civil::Date;
use kernel::Code;
use rules::retention::Outcome;
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::permit::{Dispose, Hold};

use super::*;
use crate::{
    disposal::sweep,
    holds::{self, testing::*},
    records::{NewRecord, State},
};

async fn explained(app: &TestApp, id: RecordId) -> Explained {
    let permit = app.operator().permit::<ReadRecords>().unwrap();
    app.read(&app.operator(), move |unit| explain(unit, &permit, id)).await.unwrap()
}

async fn adopted(app: &TestApp, country: &'static str, industry: &'static str) -> Result<usize> {
    let permit = app.operator().permit::<ManageRules>().unwrap();
    app.write(&app.operator(), move |unit| adopt(unit, &permit, country, industry)).await
}

fn dates(explained: &Explained) -> (Outcome, Option<Date>, Option<Date>) {
    (explained.decision.outcome, explained.decision.earliest, explained.decision.latest)
}

store_test! {
    async fn every_statement_is_valid_on_both_engines(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }

    // HGB §257(4): six years, from the end of the calendar year in which it came into being.
    async fn a_german_business_letter_is_kept_through_the_sixth_year_end(app: TestApp) {
        adopted(&app, "DE", "trade").await.unwrap();
        let new = NewRecord {
            created: Some(kernel::Instant::start_of(date("2026-03-01"))), facts: tagged(&["class:commercial-letter"]),
            ..NewRecord::new("message", fields(&app, "message", json!({"subject": "Offer"})))
        };
        let letter = made(&app, new).await;
        let said = explained(&app, letter).await;
        assert_eq!(dates(&said), (Outcome::Retain, Some(date("2033-01-01")), Some(date("2033-01-30"))));
        assert!(said.line.starts_with("Keep through 31 Dec 2032: German business letter, HGB §257"), "{}", said.line);
        assert!(said.line.ends_with("; then disposed"), "{}", said.line);
        assert!(said.reasons.iter().any(|reason| reason.contains("HGB")));
    }

    async fn every_built_in_kind_has_a_rule_once_packs_are_adopted_and_none_before(app: TestApp) {
        let task = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Unclassified);
        assert!(adopted(&app, "DE", "trade").await.unwrap() > 10);
        assert_eq!(adopted(&app, "DE", "trade").await.unwrap(), 0);
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Retain);
        assert_eq!(adopted(&app, "DE", "alchemy").await.unwrap_err().code(), Code::InvalidInput);
    }

    async fn a_rule_changes_only_by_a_further_version_and_an_ignored_one_does_not_count(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        let task = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        assert_eq!(explained(&app, task).await.decision.floor, Some(date("2028-01-01")));
        let permit = app.operator().permit::<ManageRules>().unwrap();
        let again: rules::retention::Rule = serde_json::from_value(json!({
            "id": "task", "version": 1, "kind": "min", "strength": "policy", "trigger": "created", "period": "P9Y", "citation": "Ours"})).unwrap();
        let (same, p) = (again.clone(), permit.clone());
        let refused = app.write(&app.operator(), move |unit| add_rule(unit, &p, same.clone(), None)).await.unwrap_err();
        assert_eq!(refused.code(), Code::Duplicate);
        let (longer, p) = (rules::retention::Rule { version: 2, ..again }, permit.clone());
        app.write(&app.operator(), move |unit| add_rule(unit, &p, longer.clone(), None)).await.unwrap();
        assert_eq!(explained(&app, task).await.decision.floor, Some(date("2035-01-01")));
        app.write(&app.operator(), move |unit| set_active(unit, &permit, "task", false)).await.unwrap();
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Unclassified);
    }

    async fn last_activity_is_the_newest_entry_of_the_timeline(app: TestApp) {
        rule(&app, "lead", json!({"applies_to": over("person"), "trigger": "last_activity", "period": "P2Y"})).await;
        let ada = made_on(&app, "person", "2020-05-01", json!({"name": "Ada"})).await;
        assert_eq!(explained(&app, ada).await.decision.floor, Some(date("2022-05-01")));
        made_on(&app, "note", "2025-06-30", json!({"title": "Call", "person": ada})).await;
        assert_eq!(explained(&app, ada).await.decision.floor, Some(date("2027-06-30")));
    }

    async fn a_trigger_that_is_made_known_starts_its_period(app: TestApp) {
        rule(&app, "file", json!({"applies_to": over("person"), "trigger": "relationship_ended", "period": "P5Y"})).await;
        let ada = made_on(&app, "person", "2020-05-01", json!({"name": "Ada"})).await;
        assert_eq!(explained(&app, ada).await.decision.outcome, Outcome::RetainOpen);
        let permit = app.operator().permit::<ManageRules>().unwrap();
        let known = Known { events: [("relationship_ended".to_owned(), Some(date("2022-09-30")))].into(), ..Known::default() };
        app.write(&app.operator(), move |unit| classify(unit, &permit, ada, &known)).await.unwrap();
        assert_eq!(dates(&explained(&app, ada).await), (Outcome::Retain, Some(date("2027-10-01")), Some(date("2027-10-30"))));
    }

    // retention.md #32: a sender cannot shorten retention.
    async fn a_claimed_date_far_from_the_capture_is_not_believed(app: TestApp) {
        rule(&app, "mail", json!({"applies_to": over("message"), "period": "P3Y"})).await;
        let facts = records::Facts { claimed: Some(date("2001-01-01")), ..records::Facts::default() };
        let mail = made(&app, NewRecord { facts, ..NewRecord::new("message", fields(&app, "message", json!({"subject": "Hi"}))) }).await;
        assert_eq!(explained(&app, mail).await.decision.floor, Some(date("2029-11-21")));
    }

    async fn an_attachment_keeps_its_message_as_long_as_itself(app: TestApp) {
        rule(&app, "mail", json!({"applies_to": over("message"), "period": "P1Y"})).await;
        rule(&app, "file", json!({"applies_to": over("file"), "period": "P9Y"})).await;
        let mail = made_on(&app, "message", "2026-01-01", json!({"subject": "Offer"})).await;
        assert_eq!(explained(&app, mail).await.decision.floor, Some(date("2027-01-01")));
        let file = made_on(&app, "file", "2026-01-01", json!({"name": "offer.pdf", "message": mail})).await;
        assert_eq!(explained(&app, mail).await.decision.floor, Some(date("2035-01-01")));
        assert_eq!(explained(&app, file).await.decision.floor, Some(date("2035-01-01")));
    }

    async fn the_sweep_disposes_of_what_is_due_and_goes_by_itself_alone(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        rule(&app, "note", json!({"applies_to": over("note"), "period": "P2Y", "then": "review"})).await;
        let old = made_on(&app, "task", "2022-01-01", json!({"title": "Old"})).await;
        let young = made_on(&app, "task", "2026-01-01", json!({"title": "Young"})).await;
        let reviewed = made_on(&app, "note", "2022-01-01", json!({"title": "Old"})).await;
        let deal = made_on(&app, "deal", "2022-01-01", json!({"name": "No rule"})).await;
        settled(&app).await;
        let plan = crate::disposal::preview(&app, &app.operator()).await.unwrap();
        assert_eq!((plan.decided, plan.due, plan.review, plan.unclassified, plan.disposed), (4, 2, 1, 1, 0));
        assert_eq!(state(&app, old).await, State::Live);
        let counts = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!(counts, Counts { disposed: 1, ..plan });
        assert_eq!(state(&app, old).await, State::Gone);
        for kept in [young, deal] {
            assert_eq!(state(&app, kept).await, State::Live);
        }
        // Overdue: restricted until people have looked at it.
        assert_eq!(state(&app, reviewed).await, State::Restricted);
        assert_eq!(row(&app, young).await.kept_until.unwrap().day(), date("2028-01-01"));
        assert_eq!(sweep(&app, &app.operator()).await.unwrap(), Counts::default());
        let permit = app.operator().permit::<Dispose>().unwrap();
        let queue = app.read(&app.operator(), move |unit| waiting(unit, &permit, 10)).await.unwrap();
        assert_eq!((queue.counts["note"], queue.first[0].record), (1, reviewed));
        on(&app, "2028-01-02").await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
        assert_eq!(state(&app, young).await, State::Gone);
    }

    async fn a_clock_that_leapt_ahead_destroys_nothing(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        let task = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        settled(&app).await;
        app.clock.set(kernel::Instant::parse("2030-01-01T12:00:00Z").unwrap());
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Suspend);
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        assert_eq!(state(&app, task).await, State::Live);
    }

    async fn a_quiet_day_is_seen_to_pass_and_a_leap_is_not_made_good(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        let task = made_on(&app, "task", "2026-01-01", json!({"title": "Call"})).await;
        settled(&app).await;
        for _ in 0..6 {
            app.clock.advance(std::time::Duration::from_secs(7 * 3600));
            assert!(keep_time(&app, &app.operator()).await.unwrap());
            settled(&app).await;
            assert!(!keep_time(&app, &app.operator()).await.unwrap(), "once is enough");
        }
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Retain);
        app.clock.advance(std::time::Duration::from_secs(25 * 3600));
        assert!(!keep_time(&app, &app.operator()).await.unwrap());
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Suspend);
    }

    // retention.md, rule 16: a leap suspends disposal until two people confirm, and no other write ends it.
    async fn a_clock_that_leapt_destroys_nothing_until_two_people_confirm_it(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        let task = made_on(&app, "task", "2026-01-01", json!({"title": "Young"})).await;
        settled(&app).await;
        let confirm = async |who: u8| {
            let permit = staff(who).permit::<ManageRules>().unwrap();
            app.write(&staff(who), move |unit| confirm_clock(unit, &permit, "my watch agrees")).await
        };
        assert_eq!(confirm(1).await.unwrap_err().code(), Code::Conflict);
        app.clock.let_go();
        app.clock.advance(std::time::Duration::from_secs(1000 * 24 * 3600));
        for _ in 0..3 {
            assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
            settled(&app).await;
            assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Suspend);
        }
        let standing = app.read(&app.operator(), |unit| { let leap = leap(unit)?; unit.plain(leap) }).await.unwrap().unwrap();
        assert_eq!((standing.from.day(), standing.to.day()), (date("2026-11-21"), date("2029-08-17")));
        assert_eq!(confirm(1).await.unwrap(), 1);
        assert_eq!(confirm(1).await.unwrap_err().code(), Code::SecondPersonRequired);
        settled(&app).await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        assert_eq!(confirm(2).await.unwrap(), 0);
        // What was suspended is looked at again the next day, or when the job that decides everything again comes by.
        app.clock.advance(std::time::Duration::from_secs(13 * 3600));
        settled(&app).await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
        // Set back by an hour, it is behind the ledger; a write does not make that good either.
        app.clock.set(app.clock.now().minus(std::time::Duration::from_secs(3600)));
        settled(&app).await;
        let other = made_on(&app, "task", "2020-01-01", json!({"title": "Old"})).await;
        settled(&app).await;
        assert_eq!(explained(&app, other).await.decision.outcome, Outcome::Suspend);
    }

    // retention.md #10: GDPR 17(3)(b) restricts what law keeps; the restriction ends with its ground.
    async fn an_erasure_request_restricts_what_law_keeps_and_lifts_with_it(app: TestApp) {
        rule(&app, "books", json!({"applies_to": over("person"), "strength": "law", "obligation_law": "DE", "period": "P6Y",
            "anchor": "calendar-year-end"})).await;
        let ada = made_on(&app, "person", "2021-07-01", json!({"name": "Ada"})).await;
        let usable = row(&app, ada).await.usable;
        let request = requested(&app, ada, "erase").await;
        settled(&app).await;
        assert_eq!(dates(&explained(&app, ada).await), (Outcome::Restrict, Some(date("2028-01-01")), Some(date("2028-01-30"))));
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().restricted, 1);
        let restricted = row(&app, ada).await;
        assert_eq!(restricted.state, State::Restricted);
        let readable_for = |purpose: &str| restricted.usable.serve(catalogue::Purpose::find(purpose).unwrap());
        assert!(readable_for("legal") && readable_for("administration") && !readable_for("sales"));
        closed(&app, request).await;
        app.clock.advance(std::time::Duration::from_secs(3600));
        sweep(&app, &app.operator()).await.unwrap();
        let lifted = row(&app, ada).await;
        assert_eq!((lifted.state, lifted.usable), (State::Live, usable));
    }

    async fn a_released_hold_cools_off_before_anything_is_decided(app: TestApp) {
        rule(&app, "task", json!({"applies_to": over("task"), "period": "P2Y"})).await;
        let task = made_on(&app, "task", "2022-01-01", json!({"title": "Old"})).await;
        let actor = staff(1);
        let permit = actor.permit::<Hold>().unwrap();
        let p = permit.clone();
        let hold = app.write(&actor, move |unit| holds::place(unit, &p, &[task], "A matter", "a letter")).await.unwrap();
        settled(&app).await;
        assert_eq!(explained(&app, task).await.decision.outcome, Outcome::Hold);
        let held = sweep(&app, &app.operator()).await.unwrap();
        assert_eq!((held.held, held.disposed), (1, 0));
        app.write(&actor, move |unit| holds::release(unit, &permit, hold, "settled")).await.unwrap();
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        assert_eq!(row(&app, task).await.kept_until.unwrap().day(), date("2026-12-21"));
        on(&app, "2026-12-21").await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        on(&app, "2026-12-22").await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
    }

    async fn an_open_access_request_keeps_what_is_due(app: TestApp) {
        rule(&app, "lead", json!({"applies_to": over("person"), "period": "P2Y"})).await;
        let ada = made_on(&app, "person", "2022-01-01", json!({"name": "Ada"})).await;
        let request = requested(&app, ada, "access").await;
        settled(&app).await;
        assert_eq!(explained(&app, ada).await.decision.outcome, Outcome::Freeze);
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 0);
        closed(&app, request).await;
        assert_eq!(sweep(&app, &app.operator()).await.unwrap().disposed, 1);
    }
}
