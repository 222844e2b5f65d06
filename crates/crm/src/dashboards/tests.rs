//! The promises of dashboards.

use jiff::civil::date;
use testkit::{TestApp, store_test};
use trail::{Actor, Grant, Who};

use super::*;

fn somebody(app: &TestApp, n: u8, team: Option<u8>, shares: bool) -> Actor {
    let mut grants = vec![Grant::everything("read")];
    grants.extend(shares.then(|| Grant::everything("share")));
    let mut actor = Actor::new(Who::Staff(UserId::from_bytes([n; 16])), app.acting("sales").purpose, "page", grants);
    actor.team = team.map(|team| [team; 16]);
    actor
}

fn tile(show: Show) -> Tile {
    Tile { show, period: None, pipeline: None, view: None }
}

fn new(name: &str, shared: Shared, tiles: &[Tile]) -> NewDashboard {
    NewDashboard { name: Personal::new(name.to_owned()), shared, tiles: tiles.to_vec() }
}

async fn made(app: &TestApp, actor: &Actor, new: NewDashboard) -> Result<DashboardId> {
    let permit = actor.permit::<ReadRecords>()?;
    app.write(actor, move |unit| make(unit, &permit, &new)).await
}

async fn changed(app: &TestApp, actor: &Actor, id: DashboardId, expected: Option<i64>, new: NewDashboard) -> Result<i64> {
    let permit = actor.permit::<ReadRecords>()?;
    app.write(actor, move |unit| change(unit, &permit, id, expected, &new)).await
}

async fn seen(app: &TestApp, actor: &Actor) -> Vec<String> {
    app.read(actor, list).await.unwrap().into_iter().map(|one| one.name.expose().clone()).collect()
}

#[test]
fn a_span_is_counted_from_the_day_it_is_looked_at() {
    let of = |span: Span, today| {
        let Period { from, to } = span.seen_from(today);
        (from, to)
    };
    assert_eq!(of(Span::ThisMonth, date(2026, 11, 21)), (date(2026, 11, 1), date(2026, 11, 21)));
    assert_eq!(of(Span::LastMonth, date(2026, 3, 31)), (date(2026, 2, 1), date(2026, 2, 28)));
    assert_eq!(of(Span::LastMonth, date(2026, 1, 15)), (date(2025, 12, 1), date(2025, 12, 31)));
    assert_eq!(of(Span::ThisQuarter, date(2026, 12, 31)), (date(2026, 10, 1), date(2026, 12, 31)));
    assert_eq!(of(Span::ThisYear, date(2026, 2, 3)), (date(2026, 1, 1), date(2026, 2, 3)));
    assert_eq!(of(Span::Days30, date(2026, 11, 30)), (date(2026, 11, 1), date(2026, 11, 30)));
}

store_test! {
    async fn every_statement_is_valid_on_both_engines(app: TestApp) {
        app.store().write(|tx| store::prepare_all(tx, false, sql::ALL)).await.unwrap();
    }

    async fn a_dashboard_is_seen_by_those_it_is_shared_with_and_changed_by_its_maker_alone(app: TestApp) {
        let (ada, bob, eve) = (somebody(&app, 1, Some(1), true), somebody(&app, 2, Some(1), false), somebody(&app, 3, None, false));
        let id = made(&app, &ada, new("Quellwochen", Shared::Team, &[tile(Show::Forecast), tile(Show::WinRate)])).await.unwrap();
        assert_eq!((seen(&app, &ada).await, seen(&app, &bob).await, seen(&app, &eve).await), (vec!["Quellwochen".into()], vec!["Quellwochen".into()], vec![]));
        assert_eq!(app.read(&eve, move |unit| one(unit, id)).await.unwrap_err().code(), Code::NotFound);
        assert_eq!(changed(&app, &bob, id, None, new("Mine", Shared::No, &[])).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(changed(&app, &ada, id, Some(7), new("X", Shared::No, &[])).await.unwrap_err().code(), Code::VersionConflict);
        assert_eq!(changed(&app, &ada, id, Some(1), new("Quellwochen", Shared::All, &[tile(Show::Sales)])).await.unwrap(), 2);
        assert_eq!(seen(&app, &eve).await, ["Quellwochen"]);
        app.write(&eve, move |unit| place(unit, id, true)).await.unwrap();
        assert!(app.read(&eve, on_desk).await.unwrap().is_some_and(|one| one.home && !one.own));
        changed(&app, &ada, id, None, new("Quellwochen", Shared::No, &[])).await.unwrap();
        assert!(app.read(&eve, on_desk).await.unwrap().is_none(), "what is shared no more stands on no other desk");
        app.settle().await.unwrap();
        assert_eq!(app.bytes_found(b"Quellwochen"), Vec::<String>::new());
        assert_eq!(app.write(&eve, move |unit| delete(unit, id)).await.unwrap_err().code(), Code::NotFound);
        app.write(&ada, move |unit| delete(unit, id)).await.unwrap();
        assert_eq!(seen(&app, &ada).await, Vec::<String>::new());
    }

    async fn a_dashboard_that_cannot_be_is_refused_where_it_is_wrong(app: TestApp) {
        let (ada, bob) = (somebody(&app, 1, None, true), somebody(&app, 2, Some(1), false));
        let view = ViewId::mint(app.env());
        for (wanted, at) in [
            (new(" ", Shared::No, &[]), "/name"),
            (new("X", Shared::Team, &[]), "/shared"),
            (new("X", Shared::No, &vec![tile(Show::Sales); TILES_MAX + 1]), "/tiles"),
            (new("X", Shared::No, &[tile(Show::ViewRows)]), "/tiles/0/view"),
            (new("X", Shared::No, &[Tile { view: Some(view), ..tile(Show::ViewCount) }]), "/tiles/0/view"),
            (new("X", Shared::No, &[Tile { view: Some(view), ..tile(Show::Sales) }]), "/tiles/0/view"),
            (new("X", Shared::No, &[Tile { period: Some(Span::Days30), ..tile(Show::Forecast) }]), "/tiles/0/period"),
            (new("X", Shared::No, &[Tile { pipeline: Some("nowhere".into()), ..tile(Show::Funnel) }]), "/tiles/0/pipeline"),
            (new("X", Shared::No, &[Tile { pipeline: Some("sales".into()), ..tile(Show::Activity) }]), "/tiles/0/pipeline"),
        ] {
            let refused = made(&app, &ada, wanted).await.unwrap_err();
            assert_eq!((refused.code(), refused.problems()[0].pointer.as_str()), (Code::InvalidInput, at));
        }
        assert_eq!(made(&app, &bob, new("X", Shared::All, &[])).await.unwrap_err().code(), Code::Forbidden);
        assert_eq!(made(&app, &app.operator(), new("X", Shared::No, &[])).await.unwrap_err().code(), Code::Forbidden, "nobody's desk");
    }
}
