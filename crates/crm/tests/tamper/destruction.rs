//! What was destroyed, and the papers on it: orders, approvals, certificates, tombstones, re-seals.

use crm::{
    disposal::{self, Cause},
    retention,
};
use kernel::{Instant, OrderId, RecordId, Result};
use ledger::canonical::{self, Value as Cbor};
use serde_json::json;
use store::{Tx, args};
use testkit::TestApp;
use trail::{
    Actor, Who,
    permit::{Dispose, ManageRules},
};

use super::{Case, change, done, flip, make_on, run, swap};

fn staff(n: u8) -> Actor {
    Actor::new(Who::Staff(kernel::UserId::from_bytes([n; 16])), retention::administration(), "page", trail::permit::every_grant())
}

async fn rule(app: &TestApp, id: &str, kind: &str, more: serde_json::Value) {
    let mut body = json!({"id": id, "version": 1, "kind": "min", "strength": "policy", "trigger": "created", "citation": "Ours", "period": "P2Y",
        "applies_to": {"kind": {"any": [kind]}}});
    body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
    let rule: rules::retention::Rule = serde_json::from_value(body).unwrap();
    let permit = app.operator().permit::<ManageRules>().unwrap();
    app.write(&app.operator(), move |unit| retention::add_rule(unit, &permit, rule.clone(), None)).await.unwrap();
}

/// Two tasks swept away, two cases destroyed after a review, a field gone from a person of two versions, another from Eve after a review, and
/// one of Kim's approved and not carried out; others stay.
pub async fn story(app: TestApp) -> TestApp {
    let tick = |app: &TestApp| app.clock.advance(std::time::Duration::from_secs(7));
    rule(&app, "task", "task", json!({})).await;
    rule(&app, "case", "case", json!({"then": "review"})).await;
    rule(&app, "lead", "person", json!({"period": "P9Y"})).await;
    rule(&app, "notes", "person", json!({"kind": "max", "period": "P1Y", "fields": ["note"]})).await;
    rule(&app, "born", "person", json!({"kind": "max", "period": "P1Y", "fields": ["birthday", "website"], "then": "review"})).await;
    let then = Some(Instant::parse("2022-01-01T00:00:00Z").unwrap());
    make_on(&app, "task", then, vec![json!({"title": "One"}), json!({"title": "Two"})]).await;
    make_on(&app, "task", None, vec![json!({"title": "Stays"})]).await;
    let cases = make_on(&app, "case", then, vec![json!({"title": "First"}), json!({"title": "Second"})]).await;
    let ada = make_on(&app, "person", then, vec![json!({"name": "Ada", "note": "likes tea"}), json!({"name": "Bob"})]).await[0];
    change(&app, ada, "Clerk").await;
    app.settle().await.unwrap();
    tick(&app);
    disposal::sweep(&app, &app.operator()).await.unwrap();
    for case in cases {
        reviewed(&app, case).await;
        app.settle().await.unwrap();
        tick(&app);
    }
    let born = |name: &str| json!({"name": name, "birthday": "1990-01-01"});
    let people = make_on(&app, "person", then, vec![born("Eve"), born("Kim")]).await;
    let eve = proposed(&app, people[0]).await;
    carried_out(&app, eve).await;
    proposed(&app, people[1]).await;
    app.settle().await.unwrap();
    app
}

/// A birthday, proposed by one and approved by another.
async fn proposed(app: &TestApp, record: RecordId) -> OrderId {
    let cause = Cause::expiry(&app.operator().permit::<Dispose>().unwrap());
    let fields = ["birthday".to_owned()];
    let proposal = app.write(&staff(1), move |unit| disposal::propose_fields(unit, &cause, record, &fields, "over")).await.unwrap();
    let second = staff(2).permit::<Dispose>().unwrap();
    app.write(&staff(2), move |unit| disposal::approve(unit, &second, proposal, "agreed")).await.unwrap();
    proposal
}

async fn carried_out(app: &TestApp, proposal: OrderId) {
    let first = staff(1).permit::<Dispose>().unwrap();
    app.write(&staff(1), move |unit| disposal::order_proposed(unit, &first, proposal)).await.unwrap();
    disposal::destroy(app, &staff(1), proposal).await.unwrap();
}

/// Changes what a proposal's row says.
fn say(tx: &mut Tx, proposal: &str, key: &str, value: Cbor) -> Result<()> {
    let body: Vec<u8> = tx.one(&format!("SELECT body FROM proposal WHERE id = {proposal}"), &[], |row| row.get(0))?;
    let Cbor::Map(mut map) = canonical::decode(&body)? else { panic!("no map") };
    map.insert(key.to_owned(), value);
    done(tx.run(&format!("UPDATE proposal SET body = ?1 WHERE id = {proposal}"), &args![canonical::encode(&Cbor::Map(map))]))
}

async fn reviewed(app: &TestApp, record: RecordId) {
    let cause = Cause::expiry(&app.operator().permit::<Dispose>().unwrap());
    let proposal = app.write(&staff(1), move |unit| disposal::propose(unit, &cause, &[record], "over")).await.unwrap();
    let second = staff(2).permit::<Dispose>().unwrap();
    app.write(&staff(2), move |unit| disposal::approve(unit, &second, proposal, "agreed")).await.unwrap();
    carried_out(app, proposal).await;
}

const TASK: &str = "id = (SELECT id FROM record WHERE kind = 'task' AND state = 'gone' ORDER BY id LIMIT 1)";
const STAYS: &str = "id = (SELECT id FROM record WHERE kind = 'task' AND state = 'live')";
const ADA: &str = "id = (SELECT id FROM record WHERE kind = 'person' AND version = 2)";
/// The order over the two tasks, over the first case, and over Ada's field.
const SWEPT: &str = "(SELECT i.destroy_order FROM destroy_item i JOIN record r ON r.id = i.record WHERE r.kind = 'task' LIMIT 1)";
const REVIEWED: &str =
    "(SELECT i.destroy_order FROM destroy_item i JOIN record r ON r.id = i.record WHERE r.kind = 'case' ORDER BY r.id LIMIT 1)";
const FIELD: &str = "(SELECT destroy_order FROM destroy_item WHERE fields = '[\"note\"]')";
/// The order over Eve's birthday, and the proposal over Kim's.
const REVIEWED_FIELD: &str = "(SELECT destroy_order FROM destroy_item WHERE fields = '[\"birthday\"]')";
const PROPOSED: &str = "(SELECT id FROM proposal WHERE state = 'open')";
const EVE: &str = "id = (SELECT record FROM destroy_item WHERE fields = '[\"birthday\"]')";

pub const CHANGES: &[Case] = &[
    ("an order's content is changed", "its stored content is not what the ledger committed to", |tx| {
        flip(tx, "destroy_order", "body", &format!("id = {SWEPT}"))
    }),
    ("an order is deleted", "it was deleted", |tx| run(tx, &format!("DELETE FROM destroy_order WHERE id = {SWEPT}"))),
    ("an order is deleted with its certificate and items", "it was deleted", |tx| {
        run(tx, &format!("DELETE FROM destroy_order WHERE id = {REVIEWED}"))?;
        run(tx, &format!("DELETE FROM certificate WHERE destroy_order = {REVIEWED}"))
    }),
    ("an order names another leaf", "its row names another leaf", |tx| flip(tx, "destroy_order", "leaf", &format!("id = {SWEPT}"))),
    ("an order is backdated", "its time is not that of its leaf", |tx| {
        run(tx, &format!("UPDATE destroy_order SET at = at - 1 WHERE id = {SWEPT}"))
    }),
    ("two orders are exchanged", "its stored content is not", |tx| swap(tx, "destroy_order", "id", "body", "1 = 1")),
    ("a certificate's content is changed", "its stored content is not", |tx| {
        flip(tx, "certificate", "body", &format!("destroy_order = {SWEPT}"))
    }),
    ("a certificate is deleted", "has no certificate", |tx| run(tx, &format!("DELETE FROM certificate WHERE destroy_order = {SWEPT}"))),
    ("a certificate is backdated", "its time is not that of its leaf", |tx| {
        run(tx, &format!("UPDATE certificate SET at = at - 1 WHERE destroy_order = {SWEPT}"))
    }),
    ("a certificate names another leaf", "its row names another leaf", |tx| {
        flip(tx, "certificate", "leaf", &format!("destroy_order = {SWEPT}"))
    }),
    ("two certificates are exchanged", "its stored content is not", |tx| swap(tx, "certificate", "destroy_order", "body", "1 = 1")),
    ("a certificate is given to another order", "is not there", |tx| {
        done(tx.run(&format!("UPDATE certificate SET destroy_order = ?1 WHERE destroy_order = {SWEPT}"), &args![[2u8; 16]]))
    }),
    ("what an order covers is deleted", "no order to destroy it is known", |tx| {
        run(tx, &format!("DELETE FROM destroy_item WHERE destroy_order = {SWEPT}"))
    }),
    ("an order is stretched to a record it does not cover, and that is emptied", "does not cover this leaf", |tx| {
        run(
            tx,
            &format!(
                "INSERT INTO destroy_item SELECT i.destroy_order, r.id, r.doc, r.vault_key, '[]' FROM destroy_item i, record r WHERE r.kind = 'task' AND r.state = 'live' AND i.destroy_order = {SWEPT} LIMIT 1"
            ),
        )?;
        done(tx.run(&format!("UPDATE record SET state = 'gone', open = '{{}}', sealed = ?1 WHERE {STAYS}"), &args![Vec::<u8>::new()]))
    }),
    ("an order over a field is stretched to the whole record, and that is emptied", "destroys fields alone", |tx| {
        run(tx, &format!("UPDATE destroy_item SET fields = '[]' WHERE destroy_order = {FIELD}"))?;
        done(tx.run(&format!("UPDATE record SET state = 'gone', open = '{{}}', sealed = ?1 WHERE {ADA}"), &args![Vec::<u8>::new()]))
    }),
    ("the proposal that was approved is deleted", "no proposal holds the approval", |tx| {
        run(tx, &format!("DELETE FROM proposal WHERE id = {REVIEWED}"))
    }),
    ("two proposals' approvals are exchanged", "no proposal holds the approval", |tx| swap(tx, "proposal", "id", "body", "1 = 1")),
    ("a tombstone is deleted", "no tombstone for the key", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {TASK}"), &[], |row| row.get(0))?;
        done(tx.vault().run("DELETE FROM tombstone WHERE id = ?1", &args![key]))
    }),
    ("a destroyed key is put back", "has a tombstone and is there", |tx| {
        let key: Vec<u8> = tx.one(&format!("SELECT vault_key FROM record WHERE {TASK}"), &[], |row| row.get(0))?;
        done(tx.vault().run("INSERT INTO vault_key SELECT ?1, epoch, bytes, what, made FROM vault_key LIMIT 1", &args![key]))
    }),
    ("a destroyed record gets a body", "the stored box is not the one", |tx| {
        run(tx, &format!("UPDATE record SET sealed = (SELECT sealed FROM record WHERE {STAYS}) WHERE {TASK}"))
    }),
    ("a destroyed record is said to be in use", "nothing is in it", |tx| {
        run(tx, &format!("UPDATE record SET state = 'live' WHERE {TASK}"))
    }),
    ("a box that was sealed again is changed", "the stored box is not the one", |tx| flip(tx, "record", "sealed", ADA)),
    ("an earlier box that was sealed again is changed", "the stored box is not the one", |tx| {
        flip(tx, "record_version", "sealed", &format!("record = (SELECT id FROM record WHERE {ADA})"))
    }),
    ("the order over a field is deleted", "it was deleted", |tx| run(tx, &format!("DELETE FROM destroy_order WHERE id = {FIELD}"))),
    ("the certificate over a field is deleted", "was deleted", |tx| {
        run(tx, &format!("DELETE FROM certificate WHERE destroy_order = {FIELD}"))
    }),
    ("a proposal that was approved is changed to name another field", "names other records or fields than were approved", |tx| {
        say(tx, PROPOSED, "fields", Cbor::Array(vec![Cbor::Text("website".to_owned())]))
    }),
    ("a proposal over a field is stretched to the whole record", "names other records or fields than were approved", |tx| {
        say(tx, PROPOSED, "fields", Cbor::Array(vec![]))
    }),
    ("a proposal over a field is given to another record", "names other records or fields than were approved", |tx| {
        let other: Vec<u8> = tx.one(&format!("SELECT id FROM record WHERE {EVE}"), &[], |row| row.get(0))?;
        say(tx, PROPOSED, "records", Cbor::Array(vec![Cbor::Bytes(other)]))
    }),
    ("the approvals of two proposals over fields are exchanged", "no proposal holds the approval", |tx| {
        let body: Vec<u8> = tx.one(&format!("SELECT body FROM proposal WHERE id = {REVIEWED_FIELD}"), &[], |row| row.get(0))?;
        let Cbor::Map(mut map) = canonical::decode(&body)? else { panic!("no map") };
        say(tx, PROPOSED, "approvals", map.remove("approvals").unwrap())
    }),
    ("the order over a field that was approved is changed", "its stored content is not what the ledger committed to", |tx| {
        flip(tx, "destroy_order", "body", &format!("id = {REVIEWED_FIELD}"))
    }),
    ("the order over a field that was approved is stretched to the whole record, and that is emptied", "destroys fields alone", |tx| {
        run(tx, &format!("UPDATE destroy_item SET fields = '[]' WHERE destroy_order = {REVIEWED_FIELD}"))?;
        let emptied = "UPDATE record SET state = 'gone', open = '{}', sealed = ?1 WHERE id = (SELECT record FROM destroy_item i \
            JOIN destroy_order o ON o.id = i.destroy_order JOIN proposal p ON p.id = o.id JOIN record r ON r.id = i.record WHERE r.kind = 'person')";
        done(tx.run(emptied, &args![Vec::<u8>::new()]))
    }),
    ("a record is said to have been anonymised that was not", "no order anonymised it", |tx| {
        run(tx, &format!("UPDATE record SET facts = '{{\"anonymised\":\"2026-01-01\"}}' WHERE {STAYS}"))
    }),
];
