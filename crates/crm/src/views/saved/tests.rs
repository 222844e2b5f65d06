//! The promises of saved views.

use catalogue::{Class, Purpose, Purposes};
use kernel::{Code, Personal, UserId};
use serde_json::json;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Reach, Unit, Who, permit::ReadRecords};

use super::*;
use crate::{records::kinds, views::*};

fn member(app: &TestApp, privileges: &[&str], class: Class) -> Actor {
    let grants: Vec<Grant> =
        privileges.iter().map(|p| Grant { class, reach: Reach::All, purposes: Purposes::all(), ..Grant::everything(p) }).collect();
    Actor::new(Who::Staff(UserId::mint(app.env())), Purpose::find("sales").unwrap(), "page", grants)
}

fn look(filter: serde_json::Value) -> Look {
    Look {
        filter: serde_json::from_value(filter).unwrap(),
        sort: Sort { by: "name".into(), descending: false },
        columns: vec!["relation".into(), "email".into()],
        ..Look::default()
    }
}

fn new(name: &str, look: Look) -> NewView {
    NewView { kind: "person".into(), name: Personal::new(name.to_owned()), look, shared: false, first_for_me: false, first_for_all: false }
}

async fn keep(app: &TestApp, actor: &Actor, new: NewView) -> Result<ViewId> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.write(actor, move |unit| save(unit, &permit, &new)).await
}

async fn patched(app: &TestApp, actor: &Actor, id: ViewId, expected: Option<Vec<i64>>, patch: ViewPatch) -> Result<i64> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.write(actor, move |unit| change(unit, &permit, id, expected.as_deref(), &patch)).await
}

async fn deleted(app: &TestApp, actor: &Actor, id: ViewId) -> Result<()> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.write(actor, move |unit| delete(unit, &permit, id)).await
}

async fn seen(app: &TestApp, actor: &Actor) -> Vec<SavedView> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| all_saved(unit, &permit, Some("person"))).await.unwrap()
}

async fn one(app: &TestApp, actor: &Actor, id: ViewId) -> Result<SavedView> {
    let permit = actor.permit::<ReadRecords>().unwrap();
    app.read(actor, move |unit| saved(unit, &permit, id)).await
}

fn names(views: &[SavedView]) -> Vec<&str> {
    views.iter().map(|view| view.name.expose().as_str()).collect()
}

async fn events(app: &TestApp, name: &'static str) -> i64 {
    app.store().read(move |tx| tx.one("SELECT COUNT(*) FROM event WHERE name = ?1", &[name.into()], |row| row.get::<i64>(0))).await.unwrap()
}

store_test! {
    async fn a_view_is_its_authors_until_it_is_shared_and_sharing_takes_the_right_to(app: TestApp) {
        let (agent, manager, other) = (member(&app, &["read"], Class::Personal), member(&app, &["read", "share"], Class::Sensitive), member(&app, &["read"], Class::Personal));
        let own = keep(&app, &agent, new("Mine", look(json!(null)))).await.unwrap();
        assert_eq!((names(&seen(&app, &agent).await), seen(&app, &other).await.len()), (vec!["Mine"], 0));
        assert_eq!(one(&app, &other, own).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(deleted(&app, &other, own).await.unwrap_err().code(), Code::NotFound);
        let refused = keep(&app, &agent, NewView { shared: true, ..new("For all", look(json!(null))) }).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let refused = patched(&app, &agent, own, None, ViewPatch { shared: Some(true), ..ViewPatch::default() }).await.unwrap_err();
        assert_eq!(refused.code(), Code::Forbidden);
        let shared = keep(&app, &manager, NewView { shared: true, ..new("For all", look(json!(null))) }).await.unwrap();
        assert_eq!(names(&seen(&app, &agent).await), ["For all", "Mine"]);
        assert!(!one(&app, &agent, shared).await.unwrap().own);
        let rename = ViewPatch { name: Some(Personal::new("Other".into())), ..ViewPatch::default() };
        assert_eq!(patched(&app, &agent, shared, None, rename.clone()).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(deleted(&app, &agent, shared).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(patched(&app, &manager, shared, Some(vec![1]), rename.clone()).await.unwrap(), 2);
        assert_eq!(patched(&app, &manager, shared, Some(vec![1]), rename).await.unwrap_err().code(), Code::VersionConflict);
        assert_eq!(names(&seen(&app, &other).await), ["Other"]);
        deleted(&app, &manager, shared).await.unwrap();
        assert!(seen(&app, &other).await.is_empty());
        assert_eq!((events(&app, "view.saved").await, events(&app, "view.changed").await, events(&app, "view.deleted").await), (2, 1, 1));
        assert_eq!(keep(&app, &app.operator(), new("Nobody's", look(json!(null)))).await.unwrap_err().code(), Code::Forbidden);
    }

    async fn ones_own_first_view_stands_before_everybodys(app: TestApp) {
        let (agent, manager) = (member(&app, &["read"], Class::Personal), member(&app, &["read", "share"], Class::Sensitive));
        let unshared = NewView { first_for_all: true, ..new("House", look(json!(null))) };
        assert_eq!(keep(&app, &manager, unshared.clone()).await.unwrap_err().code(), Code::InvalidInput);
        let house = keep(&app, &manager, NewView { shared: true, ..unshared }).await.unwrap();
        let first = |views: &[SavedView]| SavedView::first(views, "person").map(|view| view.id);
        assert_eq!(first(&seen(&app, &agent).await), Some(house));
        let mine = keep(&app, &agent, NewView { first_for_me: true, ..new("Mine", look(json!(null))) }).await.unwrap();
        assert_eq!((first(&seen(&app, &agent).await), first(&seen(&app, &manager).await)), (Some(mine), Some(house)));
        let for_me = |yes| ViewPatch { first_for_me: Some(yes), ..ViewPatch::default() };
        patched(&app, &agent, house, None, for_me(true)).await.unwrap();
        assert_eq!(first(&seen(&app, &agent).await), Some(house), "one first view a person and kind");
        patched(&app, &agent, mine, None, for_me(true)).await.unwrap();
        deleted(&app, &agent, mine).await.unwrap();
        assert_eq!(first(&seen(&app, &agent).await), Some(house), "a deleted view opens nothing");
        patched(&app, &manager, house, None, ViewPatch { shared: Some(false), ..ViewPatch::default() }).await.unwrap();
        assert_eq!((first(&seen(&app, &agent).await), first(&seen(&app, &manager).await)), (None, None));
    }

    async fn what_a_view_asks_is_sealed_and_dies_with_it(app: TestApp) {
        let agent = member(&app, &["read"], Class::Personal);
        let asks = json!({"any": [{"field": "email", "op": "eq", "value": "chiara@lombardi.example"}, {"all": [{"field": "relation", "op": "eq", "value": "lead"}, {"field": "name", "op": "starts", "value": "lomb"}]}]});
        let id = keep(&app, &agent, new("Lombardi's", look(asks.clone()))).await.unwrap();
        let view = one(&app, &agent, id).await.unwrap();
        assert_eq!(serde_json::to_value(&view.look.filter).unwrap(), asks);
        assert!(app.bytes_found(b"lombardi").is_empty() && app.bytes_found(b"Lombardi").is_empty());
        assert!(!format!("{view:?}").to_lowercase().contains("lomb"));
        let key = app.store().read(|tx| tx.one("SELECT vault_key FROM list_view", &[], |row| row.get::<kernel::KeyId>(0))).await.unwrap();
        deleted(&app, &agent, id).await.unwrap();
        let gone = app.write(&agent, move |unit: &mut Unit| unit.with_key(key, |_| Ok(()))).await.unwrap();
        assert!(gone.is_none(), "its key is destroyed");
    }

    async fn whoever_may_not_ask_what_a_shared_view_asks_does_not_see_it(app: TestApp) {
        let (agent, manager) = (member(&app, &["read"], Class::Personal), member(&app, &["read", "share"], Class::Sensitive));
        let billing = manager.acting_for(Purpose::find("billing").unwrap());
        let asks = look(json!({"field": "tax_id", "op": "eq", "value": "LMBCHR80A41F205X"}));
        assert_eq!(keep(&app, &manager, new("Tax", asks.clone())).await.unwrap_err().code(), Code::Forbidden, "not for sales");
        let id = keep(&app, &billing, NewView { shared: true, first_for_all: true, ..new("Tax", asks) }).await.unwrap();
        assert_eq!(one(&app, &agent.acting_for(billing.purpose), id).await.unwrap_err().code(), Code::NotFound, "the class");
        let for_sales = one(&app, &manager, id).await.unwrap();
        assert!(!for_sales.usable, "its author sees it, and that another purpose is needed");
        assert!(SavedView::first(&[for_sales], "person").is_none());
    }

    async fn a_view_works_without_a_field_that_went_away_and_says_so(app: TestApp) {
        let agent = member(&app, &["read"], Class::Personal);
        let mut kind = (*app.catalogue().need("deal").unwrap()).clone();
        let asks = json!({"all": [{"field": "stage", "op": "eq", "value": "lead"}, {"any": [{"field": "probability", "op": "ge", "value": 50}]}]});
        let look = Look { filter: serde_json::from_value(asks).unwrap(), sort: Sort { by: "probability".into(), descending: true }, columns: vec!["probability".into(), "stage".into()], layout: Layout::Board("stage".into()) };
        let id = keep(&app, &agent, NewView { kind: "deal".into(), ..new("Likely", look) }).await.unwrap();
        assert!(one(&app, &agent, id).await.unwrap().missing.is_empty());
        kind.fields.iter_mut().find(|f| f.key == "probability").unwrap().retired = true;
        kinds::define(&app, &app.operator(), kind).await.unwrap();
        let view = one(&app, &agent, id).await.unwrap();
        assert_eq!(view.missing, ["probability"]);
        assert_eq!((view.look.columns.as_slice(), view.look.sort.by.as_str()), (&["stage".to_owned()][..], "updated"));
        assert_eq!(serde_json::to_value(&view.look.filter).unwrap(), json!({"all": [{"field": "stage", "op": "eq", "value": "lead"}]}));
        let (permit, query) = (agent.permit::<ReadRecords>().unwrap(), view.look.query("deal"));
        app.read(&agent, move |unit| list(unit, &permit, &query, Detail::Masked)).await.unwrap();
    }

    async fn a_view_that_says_nothing_sensible_is_refused(app: TestApp) {
        let agent = member(&app, &["read"], Class::Personal);
        let bad = |change: fn(&mut NewView)| { let mut view = new("Fine", look(json!(null))); change(&mut view); view };
        for view in [
            bad(|v| v.name = Personal::new("  ".into())),
            bad(|v| v.name = Personal::new("x".repeat(81))),
            bad(|v| v.look.columns.push("relation".into())),
            bad(|v| v.look.columns.push("unicorn".into())),
            bad(|v| v.look.sort.by = "email".into()),
            bad(|v| v.look.layout = Layout::Board("name".into())),
            bad(|v| v.look = look(json!({"field": "relation", "op": "eq", "value": "unicorn"}))),
        ] {
            assert_eq!(keep(&app, &agent, view).await.unwrap_err().code(), Code::InvalidInput);
        }
        assert_eq!(keep(&app, &agent, bad(|v| v.kind = "unicorn".into())).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(events(&app, "view.saved").await, 0);
    }
}
