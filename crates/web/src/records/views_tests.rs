//! Lists as people arrange them: columns, groups of conditions, saved views; by page and by program.

use http::{Method, Request, StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use crate::{
    evidence::tests::agent,
    identity::tests::{Browser, location, text},
};

async fn people(browser: &mut Browser) -> String {
    let csrf = browser.session_csrf();
    browser.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
    for (name, relation, email) in [
        ("Chiara Lombardi", "customer", "chiara@lombardi.example"),
        ("Amara Okafor", "lead", "amara@okafor.example"),
        ("Zoe Reyes", "former", "zoe@reyes.example"),
    ] {
        let made =
            browser.api(Method::POST, "/api/v1/people", &json!({"fields": {"name": name, "relation": relation, "email": [email]}})).await;
        assert_eq!(made.status(), StatusCode::CREATED);
    }
    csrf
}

async fn page(browser: &mut Browser, address: &str) -> String {
    let answer = browser.get(address).await;
    assert_eq!(answer.status(), StatusCode::OK, "{address}");
    text(answer).await
}

async fn answered(browser: &mut Browser, method: Method, path: &str, body: &Value, status: StatusCode) -> Value {
    let answer = browser.api(method, path, body).await;
    let (got, body) = (answer.status(), text(answer).await);
    assert_eq!(got, status, "{body}");
    serde_json::from_str(&body).unwrap_or_default()
}

async fn patched(browser: &mut Browser, path: &str, version: &str, body: &Value) -> (StatusCode, Value) {
    let request = Request::patch(path).header("x-csrf-token", browser.session_csrf()).header(header::IF_MATCH, version);
    let answer = browser.send(request.header(header::CONTENT_TYPE, "application/json").body(body.to_string().into()).unwrap()).await;
    let status = answer.status();
    (status, serde_json::from_str(&text(answer).await).unwrap())
}

store_test! {
    async fn conditions_in_groups_are_asked_by_a_form_alone_and_sealed_ones_never_stand_in_the_address(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let open = "match=any:0&field=relation&op=eq&value=Lead&in=0&match=all:1&field=relation&op=eq&value=former&in=1&field=created&op=ge&value=2026-01-01&in=1";
        let to = location(&ada.post("/people/search", &format!("csrf={csrf}&{open}")).await);
        assert!(to.starts_with("/people?match=any%3A0&field=relation&op=eq&value=Lead&in=0"), "{to}");
        let list = page(&mut ada, &to).await;
        assert!(list.contains("Amara Okafor") && list.contains("Zoe Reyes") && !list.contains("Chiara Lombardi"));
        assert!(list.contains("Relation is Lead") && list.contains("Relation is Former customer and Created is at least 2026-01-01") && list.contains("Any of:"));
        let sealed = "match=any:0&field=email&op=eq&value=chiara%40lombardi.example&in=0&field=relation&op=eq&value=former&in=0";
        let to = location(&ada.post("/people/search", &format!("csrf={csrf}&{sealed}")).await);
        assert!(to.starts_with("/people?query=qry_") && !to.contains("lombardi"), "{to}");
        let list = page(&mut ada, &to).await;
        assert!(list.contains("Chiara Lombardi") && list.contains("Zoe Reyes") && !list.contains("Amara Okafor"));
        let query = to.split_once('=').unwrap().1.to_owned();
        let to = location(&ada.post("/people/search", &format!("csrf={csrf}&query={query}&leave_out=0")).await);
        assert_eq!(to, "/people?match=any%3A0&field=relation&op=eq&value=former", "what is left is open, and stands in the address");
        let searched = location(&ada.post("/people/search", &format!("csrf={csrf}&field=relation&op=eq&value=former&q=reyes")).await);
        let list = page(&mut ada, &searched).await;
        assert!(list.contains("Zoe Reyes") && list.contains("Relation is Former customer"), "a search stays within the conditions");
        let nobody = location(&ada.post("/people/search", &format!("csrf={csrf}&field=relation&op=eq&value=former&q=chiara")).await);
        assert!(page(&mut ada, &nobody).await.contains("Nothing matches"));
    }

    async fn columns_are_chosen_ordered_and_exported_as_they_are_shown(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let to = location(&ada.post("/people/columns", &format!("csrf={csrf}&sort=name&column=email&column=relation&column=created_by&later=email")).await);
        assert_eq!(to, "/people?sort=name&columns=relation%2Cemail&moved=email");
        let list = page(&mut ada, &to).await;
        let heads: Vec<&str> = list.split("<th scope=\"col\"").skip(1).map(|th| th.split("</th>").next().unwrap()).collect();
        assert!(heads.len() == 5 && heads[2].contains("Relation") && heads[3].contains("E-mail"), "{heads:?}");
        assert!(list.contains("autofocus"), "the focus returns to what was moved");
        let form = format!("csrf={csrf}&sort=name&columns=relation%2Cemail&format=csv&purpose=sales");
        let address = location(&ada.post("/people/export", &form).await);
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crm::export::handlers()).await.unwrap();
        let file = text(ada.post(&format!("{address}/download"), &format!("csrf={csrf}")).await).await;
        assert_eq!(file.lines().next().unwrap(), "\u{feff}Name,Relation,E-mail");
    }

    async fn a_view_is_saved_opened_changed_and_deleted_by_forms_alone(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let sealed = location(&ada.post("/people/search", &format!("csrf={csrf}&match=any:0&field=email&op=eq&value=chiara%40lombardi.example&field=relation&op=eq&value=lead")).await);
        let query = sealed.split_once("query=").unwrap().1;
        let form = format!("csrf={csrf}&query={query}&sort=name&columns=relation&act=new");
        assert_eq!(ada.post("/people/views", &format!("{form}&name=+")).await.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let to = location(&ada.post("/people/views", &format!("{form}&name=My+two&first_for_me=true")).await);
        assert!(to.starts_with("/people?view=vie_") && to.ends_with("&done=saved"), "{to}");
        let view = to.split(['=', '&']).nth(1).unwrap().to_owned();
        // It opens by itself, with its order and columns, and every link of it says so.
        let list = page(&mut ada, "/people").await;
        assert!(list.contains("Chiara Lombardi") && list.contains("Amara Okafor") && !list.contains("Zoe Reyes"));
        assert!(list.find("Amara Okafor") < list.find("Chiara Lombardi") && !list.contains("E-mail</th>"));
        assert!(list.contains("My two") && list.contains(&format!("name=\"view\" value=\"{view}\"")) && !list.contains("columns=relation"));
        assert!(page(&mut ada, "/people?view=all").await.contains("Zoe Reyes"));
        // Changed a little, then saved.
        let changed = page(&mut ada, &format!("/people?view={view}&sort=-name")).await;
        assert!(changed.contains("changed") && changed.find("Chiara Lombardi") < changed.find("Amara Okafor"));
        let to = location(&ada.post("/people/views", &format!("csrf={csrf}&view={view}&sort=-name&name=Ours&shared=true&first_for_me=true&act=change")).await);
        let list = page(&mut ada, &to).await;
        assert!(list.contains("The view is saved.") && list.contains("Ours") && list.find("Chiara Lombardi") < list.find("Amara Okafor"));
        // A colleague without the right to share sees it and cannot change it.
        let mut grace = agent(&app, &mut ada).await;
        let theirs = grace.session_csrf();
        grace.post("/purpose", &format!("csrf={theirs}&purpose=sales&return=/")).await;
        let list = page(&mut grace, &format!("/people?view={view}")).await;
        assert!(list.contains("Ours") && !list.contains("name=\"shared\"") && !list.contains("Delete the view"));
        assert_eq!(grace.post("/people/views", &format!("csrf={theirs}&view={view}&name=Mine&act=change")).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(grace.post("/people/views", &format!("csrf={theirs}&view={view}&name=Ours&first_for_me=true&act=change")).await.status(), StatusCode::SEE_OTHER);
        assert!(page(&mut grace, "/people").await.contains("aria-current=\"page\">Ours"));
        assert_eq!(grace.post("/people/views", &format!("csrf={theirs}&view={view}&act=delete")).await.status(), StatusCode::FORBIDDEN);
        assert_eq!(location(&ada.post("/people/views", &format!("csrf={csrf}&view={view}&act=delete")).await), "/people?view=all&done=deleted");
        assert_eq!(ada.get(&format!("/people?view={view}")).await.status(), StatusCode::NOT_FOUND);
        assert!(page(&mut grace, "/people").await.contains("Zoe Reyes"));
    }

    async fn an_export_takes_out_exactly_what_its_view_shows_and_says_through_which(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let asks = json!({"kind": "person", "name": "Two", "fields": ["relation"], "sort": {"by": "name", "descending": true},
            "filter": {"any": [{"field": "email", "op": "eq", "value": "chiara@lombardi.example"}, {"field": "relation", "op": "eq", "value": "former"}]}});
        let view = answered(&mut ada, Method::POST, "/api/v1/views", &asks, StatusCode::CREATED).await;
        let address = location(&ada.post("/people/export", &format!("csrf={csrf}&view={}&format=csv&purpose=sales", view["id"].as_str().unwrap())).await);
        app.clock.advance(std::time::Duration::from_secs(1));
        app.work_off(&crm::export::handlers()).await.unwrap();
        let file = text(ada.post(&format!("{address}/download"), &format!("csrf={csrf}")).await).await;
        assert_eq!(file, "\u{feff}Name,Relation\r\nZoe Reyes,Former customer\r\nChiara Lombardi,Customer\r\n");
    }

    async fn a_list_is_a_board_whose_cards_are_moved_by_a_form_and_a_view_remembers_it(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let list = page(&mut ada, "/people?as=board.relation").await;
        assert!(list.contains("data-column=\"lead\"") && list.contains("class=\"board\"") && !list.contains("<table"));
        assert!(list.find("Amara Okafor") < list.find("data-column=\"customer\"") && list.contains("naming these 3 records"));
        assert!(page(&mut ada, "/people?as=board.name").await.contains("<table"), "by a field without choices there is no board");
        let card = list.split("data-card=\"").skip(1).map(|rest| rest.split_once('"').unwrap()).find(|(_, rest)| rest.split("</li>").next().unwrap().contains("Amara Okafor")).unwrap().0.to_owned();
        let to = location(&ada.post("/people/move", &format!("csrf={csrf}&as=board.relation&move={card}.customer")).await);
        assert_eq!(to, format!("/people?as=board.relation&moved={}", card.split('.').next().unwrap()));
        let list = page(&mut ada, &to).await;
        assert!(list.contains("Moved, as a new version.") && list.find("Amara Okafor") > list.find("data-column=\"customer\"") && list.contains("autofocus"));
        let stale = ada.post("/people/move", &format!("csrf={csrf}&as=board.relation&move={card}.former")).await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED, "of the version that was seen");
        for bad in ["x", &format!("{card}.unicorn")] {
            assert!(ada.post("/people/move", &format!("csrf={csrf}&as=board.relation&move={bad}")).await.status().is_client_error());
        }
        let to = location(&ada.post("/people/views", &format!("csrf={csrf}&as=board.relation&name=Board&act=new")).await);
        assert!(page(&mut ada, &to).await.contains("class=\"board\""));
        let views = answered(&mut ada, Method::GET, "/api/v1/views?kind=person", &json!(null), StatusCode::OK).await;
        assert_eq!(views["items"][0]["board"], json!("relation"));
    }

    async fn a_list_is_a_calendar_whose_cards_keep_their_time_of_day_when_they_are_moved(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        let csrf = people(&mut ada).await;
        let fields = json!({"title": "Call the harbour", "due": "2026-11-10", "due_at": "2026-11-10T09:30:00Z"});
        let made = answered(&mut ada, Method::POST, "/api/v1/tasks", &json!({ "fields": fields }), StatusCode::CREATED).await;
        let (id, path) = (made["id"].as_str().unwrap().to_owned(), format!("/api/v1/tasks/{}", made["id"].as_str().unwrap()));
        let list = page(&mut ada, "/records/task?as=calendar.due&month=2026-11").await;
        assert!(list.contains("November 2026") && list.contains(&format!("data-card=\"{id}.1\"")) && list.contains("naming this one record"));
        assert!(list.find("data-column=\"2026-11-10\"") < list.find(&id) && list.find(&id) < list.find("data-column=\"2026-11-11\""));
        assert!(!page(&mut ada, "/records/task?as=calendar.due&month=2026-12").await.contains(&id));
        assert!(page(&mut ada, "/records/task?as=calendar.title").await.contains("<table"), "by a field without days there is no calendar");
        let moved = |what: &str| format!("csrf={csrf}&as=calendar.due&month=2026-11&move={what}");
        let to = location(&ada.post("/records/task/move", &moved(&format!("{id}.1.2026-11-12"))).await);
        assert_eq!(to, format!("/records/task?as=calendar.due&month=2026-11&moved={id}"));
        let stale = ada.post("/records/task/move", &moved(&format!("{id}.1.2026-11-13"))).await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
        for bad in [format!("{id}.2.tomorrow"), "x".to_owned()] {
            assert!(ada.post("/records/task/move", &moved(&bad)).await.status().is_client_error(), "{bad}");
        }
        ada.post("/records/task/move", &format!("csrf={csrf}&as=calendar.due_at&move={id}.2.09:30:00&to=2026-11-20")).await;
        let now = answered(&mut ada, Method::GET, &path, &json!(null), StatusCode::OK).await;
        assert_eq!((&now["fields"]["due"], &now["fields"]["due_at"]), (&json!("2026-11-12"), &json!("2026-11-20T09:30:00.000000Z")));
        ada.post("/records/task/move", &moved(&format!("{id}.3"))).await;
        let now = answered(&mut ada, Method::GET, &path, &json!(null), StatusCode::OK).await;
        assert_eq!(now["fields"].get("due"), None, "left without a day");
        let refused = ada.post("/records/task/move", &format!("csrf={csrf}&as=groups.done&move={id}.4.x")).await;
        assert!(refused.status().is_client_error());
    }

    async fn a_list_is_put_under_headings_and_its_sums_stand_below(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        people(&mut ada).await;
        for (name, stage, minor, currency) in [("Alder", "lead", 100_000, "EUR"), ("Birch", "won", 25_050, "EUR"), ("Cedar", "won", 1_000, "USD")] {
            let fields = json!({"name": name, "stage": stage, "amount": {"minor": minor, "currency": currency}});
            answered(&mut ada, Method::POST, "/api/v1/deals", &json!({ "fields": fields }), StatusCode::CREATED).await;
        }
        let list = page(&mut ada, "/records/deal").await;
        let foot = list.split("<tfoot>").nth(1).unwrap().split("</tfoot>").next().unwrap();
        assert!(foot.contains("Sum of 3") && foot.contains("1,250.50 EUR") && foot.contains("10.00 USD"), "{foot}");
        let list = page(&mut ada, "/records/deal?as=groups.stage").await;
        assert!(list.find("rowgroup") < list.find("Alder") && list.find("Alder") < list.find("<b>Won</b>") && !list.contains("<tfoot>"));
        assert!(list.contains("250.50 EUR") && list.contains("10.00 USD"));
        assert_eq!(list.matches("scope=\"rowgroup\"").count(), 2, "an empty group has no heading");
        let look = |body: Value| json!({"kind": "deal", "name": "L"}).as_object().unwrap().clone().into_iter().chain(body.as_object().unwrap().clone()).collect::<Value>();
        let made = answered(&mut ada, Method::POST, "/api/v1/views", &look(json!({"calendar": "expected_close"})), StatusCode::CREATED).await;
        let path = format!("/api/v1/views/{}", made["id"].as_str().unwrap());
        assert_eq!((&made["groups"], &made["board"], &made["calendar"]), (&json!(null), &json!(null), &json!("expected_close")));
        for bad in [json!({"calendar": "stage"}), json!({"groups": "amount"}), json!({"groups": "stage", "board": "stage"})] {
            answered(&mut ada, Method::POST, "/api/v1/views", &look(bad), StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        assert_eq!(patched(&mut ada, &path, "*", &json!({"board": null})).await.1["calendar"], json!("expected_close"), "nothing else is taken away");
        assert_eq!(patched(&mut ada, &path, "*", &json!({"groups": "stage"})).await.1["groups"], json!("stage"));
        assert_eq!(patched(&mut ada, &path, "*", &json!({"groups": null})).await.1["groups"], json!(null));
    }

    async fn a_program_saves_lists_changes_and_deletes_views(app: TestApp) {
        let mut ada = Browser::set_up(&app).await;
        people(&mut ada).await;
        let asks = json!({"kind": "person", "name": "Leads", "filter": {"field": "relation", "op": "eq", "value": "lead"}, "fields": ["email"], "shared": true});
        let made = answered(&mut ada, Method::POST, "/api/v1/views", &asks, StatusCode::CREATED).await;
        let path = format!("/api/v1/views/{}", made["id"].as_str().unwrap());
        assert_eq!((&made["shared"], &made["fields"], &made["version"], &made["own"]), (&json!(true), &json!(["email"]), &json!(1), &json!(true)));
        assert_eq!(answered(&mut ada, Method::GET, "/api/v1/views?kind=person", &json!(null), StatusCode::OK).await["items"], json!([made]));
        assert_eq!(answered(&mut ada, Method::GET, "/api/v1/views?kind=deal", &json!(null), StatusCode::OK).await["items"], json!([]));
        let more = json!({"sort": {"by": "name"}, "first_for_all": true});
        assert_eq!(answered(&mut ada, Method::PATCH, &path, &more, StatusCode::PRECONDITION_REQUIRED).await["code"], "precondition_required");
        let (status, now) = patched(&mut ada, &path, "\"v1\"", &more).await;
        assert_eq!((status, &now["version"], &now["filter"], &now["sort"]["by"], &now["first_for_all"]), (StatusCode::OK, &json!(2), &asks["filter"], &json!("name"), &json!(true)));
        assert_eq!(patched(&mut ada, &path, "\"v1\"", &more).await.0, StatusCode::PRECONDITION_FAILED);
        let (_, now) = patched(&mut ada, &path, "*", &json!({"filter": null})).await;
        assert_eq!(now["filter"], json!(null));
        for bad in [json!({"kind": "unicorn", "name": "x"}), json!({"kind": "person", "name": " "}), json!({"kind": "person", "name": "x", "fields": ["unicorn"]}),
            json!({"kind": "person", "name": "x", "first_for_all": true}), json!({"kind": "person", "name": "x", "filter": {"field": "phone", "op": "lt", "value": "1"}})] {
            answered(&mut ada, Method::POST, "/api/v1/views", &bad, StatusCode::UNPROCESSABLE_ENTITY).await;
        }
        let mut grace = agent(&app, &mut ada).await;
        let csrf = grace.session_csrf();
        grace.post("/purpose", &format!("csrf={csrf}&purpose=sales&return=/")).await;
        assert_eq!(answered(&mut grace, Method::POST, "/api/v1/views", &asks, StatusCode::FORBIDDEN).await["code"], "forbidden");
        assert_eq!(answered(&mut grace, Method::GET, &path, &json!(null), StatusCode::OK).await["own"], json!(false));
        answered(&mut grace, Method::DELETE, &path, &json!(null), StatusCode::FORBIDDEN).await;
        answered(&mut ada, Method::DELETE, &path, &json!(null), StatusCode::NO_CONTENT).await;
        answered(&mut ada, Method::GET, &path, &json!(null), StatusCode::NOT_FOUND).await;
    }
}
