//! Retention as pages, for those who may dispose and for those who may not.

use crm::{permits::ManageRules, retention};
use http::StatusCode;
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

store_test! {
    async fn rules_are_shown_with_their_source_and_statute_apart_from_advice(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let actor = app.operator();
        let permit = actor.permit::<ManageRules>().unwrap();
        app.write(&actor, move |unit| retention::adopt(unit, &permit, "DE", "trade")).await.unwrap();
        let page = text(browser.get("/retention").await).await;
        let statutory = page.find("Required by statute").unwrap();
        let recommended = page.find(">Recommended<").unwrap();
        let packs = page.find("Rule packs").unwrap();
        assert!(statutory < recommended && recommended < packs);
        assert!(page[statutory..recommended].contains("HGB"), "the German Commercial Code's floors are statutory");
        assert!(page[recommended..packs].contains("policy") && page[packs..].contains("adopted"));
        assert!(!page.contains("Looked at"), "counts only when they are asked for");
    }

    async fn a_plan_counts_and_changes_nothing_and_a_sweep_tells_its_counts(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let form = format!("csrf={}", browser.session_csrf());
        let planned = browser.post("/retention/plan", &form).await;
        assert_eq!(planned.status(), StatusCode::OK);
        let planned = text(planned).await;
        assert!(planned.contains("Nothing was changed.") && planned.contains("Looked at"));
        let before = text(browser.get("/retention/sweep").await).await;
        assert!(before.contains("nothing has happened yet") && before.contains("Nothing goes") && before.contains("Back, change nothing"));
        let swept = browser.post("/retention/sweep", &form).await;
        assert_eq!(location(&swept), "/retention?swept=0");
        assert!(text(browser.get("/retention?swept=0").await).await.contains("Swept. 0 records were disposed of."));
    }

    async fn a_clock_that_leapt_is_told_and_confirmed_once_by_each(app: TestApp) {
        let permit = app.operator().permit::<ManageRules>().unwrap();
        app.write(&app.operator(), move |unit| retention::adopt(unit, &permit, "DE", "trade")).await.unwrap();
        app.settle().await.unwrap();
        app.clock.let_go();
        app.clock.advance(std::time::Duration::from_secs(48 * 3600));
        let mut browser = Browser::set_up(&app).await;
        let page = text(browser.get("/retention").await).await;
        assert!(page.contains("until the time is confirmed") && page.contains(" 2026, 12:00") && page.contains("2 people"), "{page}");
        let form = format!("csrf={}&reason=my+watch", browser.session_csrf());
        assert_eq!(location(&browser.post("/retention/clock", &form).await), "/retention");
        let page = text(browser.get("/retention").await).await;
        assert!(page.contains("One more person") && !page.contains("The time is right"));
        assert_eq!(browser.post("/retention/clock", &form).await.status(), StatusCode::CONFLICT);
        let permit = app.operator().permit::<ManageRules>().unwrap();
        app.write(&app.operator(), move |unit| retention::confirm_clock(unit, &permit, "the church's bell")).await.unwrap();
        assert!(!text(browser.get("/retention").await).await.contains("until the time is confirmed"));
    }

    async fn whoever_may_not_dispose_is_refused(app: TestApp) {
        let mut admin = Browser::set_up(&app).await;
        let mut agent = agent(&app, &mut admin).await;
        let form = format!("csrf={}", agent.session_csrf());
        assert_eq!(agent.get("/retention").await.status(), StatusCode::FORBIDDEN);
        assert_eq!(agent.get("/retention/sweep").await.status(), StatusCode::FORBIDDEN);
        for path in ["/retention/plan", "/retention/sweep", "/retention/propose", "/retention/clock"] {
            assert_eq!(agent.post(path, &form).await.status(), StatusCode::FORBIDDEN, "{path}");
        }
    }
}
