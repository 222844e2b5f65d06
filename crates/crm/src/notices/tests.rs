//! The promises of notices.

use std::time::Duration;

use catalogue::Purpose;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Who};

use super::*;

fn colleague(app: &TestApp) -> (UserId, Actor) {
    let id = UserId::mint(app.env());
    (id, Actor::new(Who::Staff(id), Purpose::find("sales").unwrap(), "page", vec![Grant::everything("read")]))
}

async fn told(app: &TestApp, by: &Actor, staff: UserId, why: Why) -> RecordId {
    let record = RecordId::mint(app.env());
    app.clock.advance(Duration::from_secs(1));
    let tell = move |unit: &mut Unit| {
        unit.witness(Event::new("notice.told"))?;
        tell(unit, staff, why, record)
    };
    app.write(by, tell).await.unwrap();
    record
}

async fn list(app: &TestApp, actor: &Actor, unread: bool) -> Vec<Notice> {
    app.read(actor, move |unit| mine(unit, unread, None, 10).and_then(|all| unit.plain(all))).await.unwrap()
}

async fn count(app: &TestApp, actor: &Actor) -> i64 {
    app.read(actor, |unit| unread(unit).and_then(|n| unit.plain(n))).await.unwrap()
}

store_test! {
    async fn everybody_reads_their_own_notices_newest_first_and_nobody_elses(app: TestApp) {
        let ((ada, as_ada), (eve, as_eve)) = (colleague(&app), colleague(&app));
        let first = told(&app, &as_eve, ada, Why::Mention).await;
        let second = told(&app, &as_eve, ada, Why::Assigned).await;
        told(&app, &as_ada, eve, Why::Mention).await;
        let seen = list(&app, &as_ada, false).await;
        let kept: Vec<_> = seen.iter().map(|n| (n.record, n.why, n.actor.clone(), n.seen)).collect();
        assert_eq!(kept, [(second, Why::Assigned, eve.to_string(), None), (first, Why::Mention, eve.to_string(), None)]);
        assert_eq!((count(&app, &as_ada).await, count(&app, &as_eve).await, count(&app, &app.operator()).await), (2, 1, 0));
        let older = app.read(&as_ada, { let from = seen[0].id; move |unit| mine(unit, false, Some(from), 10).and_then(|all| unit.plain(all)) }).await.unwrap();
        assert_eq!(older.iter().map(|n| n.record).collect::<Vec<_>>(), [first]);
        let refused = app.read(&app.operator(), |unit| mine(unit, false, None, 10).and_then(|all| unit.plain(all))).await.unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        for limit in [0, LIMIT_MAX + 1] {
            let refused = app.read(&as_ada, move |unit| mine(unit, false, None, limit).and_then(|all| unit.plain(all))).await.unwrap_err();
            assert_eq!(refused.code(), Code::InvalidInput);
        }
    }

    async fn nobody_is_told_of_their_own_act(app: TestApp) {
        let (ada, as_ada) = colleague(&app);
        told(&app, &as_ada, ada, Why::Assigned).await;
        assert_eq!(count(&app, &as_ada).await, 0);
    }

    async fn what_came_meanwhile_stays_unread_and_others_notices_cannot_be_marked(app: TestApp) {
        let ((ada, as_ada), (_, as_eve)) = (colleague(&app), colleague(&app));
        told(&app, &as_eve, ada, Why::Mention).await;
        let newest = list(&app, &as_ada, true).await[0].id;
        let late = told(&app, &as_eve, ada, Why::Mention).await;
        let stolen = app.write(&as_eve, move |unit| see(unit, &Which::These(vec![newest]))).await.unwrap();
        assert_eq!((stolen, count(&app, &as_ada).await), (0, 2));
        assert_eq!(app.write(&as_ada, move |unit| see(unit, &Which::UpTo(newest))).await.unwrap(), 1);
        let left = list(&app, &as_ada, true).await;
        assert_eq!(left.iter().map(|n| n.record).collect::<Vec<_>>(), [late]);
        assert_eq!(list(&app, &as_ada, false).await.len(), 2, "what was read stays in the list");
        let id = left[0].id;
        assert_eq!(app.write(&as_ada, move |unit| see(unit, &Which::These(vec![id]))).await.unwrap(), 1);
        assert_eq!(app.write(&as_ada, move |unit| see(unit, &Which::These(vec![id]))).await.unwrap(), 0, "once");
        app.clock.advance(Duration::from_secs(91 * 24 * 3600));
        told(&app, &as_eve, ada, Why::Mention).await;
        assert_eq!(list(&app, &as_ada, false).await.len(), 1, "what was read long ago is forgotten");
    }

    async fn every_statement_of_notices_is_valid_on_this_engine(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }
}
