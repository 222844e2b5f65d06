//! Pages of records from outside: what they show, what they withhold, what stands in their addresses, and how many events they leave.

use axum::{
    Router,
    body::{Body, to_bytes},
    response::Response,
};
use http::{Request, StatusCode, header};
use serde_json::json;
use testkit::{TestApp, store_test};
use tower::ServiceExt as _;

use crm::permits::WriteRecords;
use crm::records::{self, NewRecord};
use kernel::RecordId;

use crate::router::{Settings, Web, router};

const PASSWORD: &str = "seven quiet herons by the mill";

struct Browser {
    router: Router,
    cookies: Vec<(String, String)>,
}

impl Browser {
    async fn set_up(app: &TestApp) -> Self {
        let mut browser = Self { router: router(Web::new((**app).clone(), Settings::default())), cookies: Vec::new() };
        let code = crm::identity::setup::begin(app).await.unwrap().unwrap();
        let page = text(browser.get("/setup").await).await;
        let csrf = page.split("name=\"csrf\" value=\"").nth(1).unwrap().split('"').next().unwrap().to_owned();
        let form =
            format!("csrf={csrf}&code={}&name=Ada+Byron&email=ada@house.example&password={}", code.expose(), PASSWORD.replace(' ', "+"));
        assert_eq!(browser.send("/setup", Some(form), "text/html").await.status(), StatusCode::SEE_OTHER);
        browser.acting("sales").await;
        browser
    }

    async fn send(&mut self, path: &str, form: Option<String>, accept: &str) -> Response {
        let line = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect::<Vec<_>>().join("; ");
        let request = match &form {
            Some(_) => Request::post(path).header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
            None => Request::get(path),
        };
        let request =
            request.header(header::ACCEPT, accept).header(header::COOKIE, line).body(Body::from(form.unwrap_or_default())).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        for cookie in response.headers().get_all(header::SET_COOKIE) {
            let (name, rest) = cookie.to_str().unwrap().split_once('=').unwrap();
            self.cookies.retain(|(k, _)| k != name);
            self.cookies.push((name.to_owned(), rest.split(';').next().unwrap().to_owned()));
        }
        response
    }

    async fn get(&mut self, path: &str) -> Response {
        self.send(path, None, "text/html").await
    }

    async fn page(&mut self, path: &str) -> String {
        let response = self.get(path).await;
        let status = response.status();
        let page = text(response).await;
        assert_eq!(status, StatusCode::OK, "{path}: {page}");
        page
    }

    async fn post(&mut self, path: &str, form: &str) -> Response {
        let token = self.cookies.iter().find(|(name, _)| name == "probity_session").unwrap();
        let csrf = crm::identity::session::csrf_of(&token.1).unwrap();
        self.send(path, Some(format!("csrf={csrf}&{form}")), "text/html").await
    }

    /// What a script of ours sends to get a part of a page.
    async fn script(&mut self, path: &str, form: &str) -> Response {
        let token = self.cookies.iter().find(|(name, _)| name == "probity_session").unwrap();
        let csrf = crm::identity::session::csrf_of(&token.1).unwrap();
        self.send(path, Some(format!("csrf={csrf}&{form}")), "text/html; fragment").await
    }

    async fn acting(&mut self, purpose: &str) {
        let switched = self.post("/purpose", &format!("purpose={purpose}&return=/")).await;
        assert_eq!(switched.status(), StatusCode::SEE_OTHER);
    }
}

async fn text(response: Response) -> String {
    String::from_utf8(to_bytes(response.into_body(), 4 << 20).await.unwrap().to_vec()).unwrap()
}

fn location(response: &Response) -> String {
    response.headers().get(header::LOCATION).map(|v| v.to_str().unwrap().to_owned()).unwrap_or_default()
}

async fn made(app: &TestApp, kind: &str, json: serde_json::Value) -> RecordId {
    let actor = app.operator();
    let described = app.catalogue().need(kind).unwrap();
    let fields = records::parse_fields(&described, json.as_object().unwrap()).unwrap();
    let new = NewRecord::new(kind, fields.into_iter().filter_map(|(key, value)| value.map(|v| (key, v))).collect());
    let permit = actor.permit::<WriteRecords>().unwrap();
    app.write(&actor, move |unit| records::create(unit, &permit, new.clone())).await.unwrap()
}

async fn events(app: &TestApp) -> i64 {
    app.store().read(|tx| tx.one("SELECT COUNT(*) FROM event", &[], |row| row.get::<i64>(0))).await.unwrap()
}

store_test! {
    async fn a_list_shows_names_and_masks_and_leaves_one_event(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        assert!(browser.page("/people").await.contains("Nothing here yet"));
        let company = made(&app, "company", json!({"name": "Studio Lombardi"})).await;
        for name in ["Chiara Lombardi", "Amara Okafor"] {
            made(&app, "person", json!({"name": name, "email": ["chiara@lombardi.example"], "company": company.to_string(), "relation": "lead"})).await;
        }
        let before = events(&app).await;
        let page = browser.page("/people?sort=name").await;
        assert_eq!(events(&app).await, before + 1, "one event for one page");
        for shown in ["Chiara Lombardi", "c•••••@lombardi.example", "Studio Lombardi", "naming these 2 records", "Relation", "Kept"] {
            assert!(page.contains(shown), "{shown}");
        }
        assert!(!page.contains("chiara@lombardi.example"));
        assert!(page.find("Amara Okafor") < page.find("Chiara Lombardi"), "by name");
        let down = browser.page("/people?sort=-name").await;
        assert!(down.find("Chiara Lombardi") < down.find("Amara Okafor"));
        assert!(browser.page("/companies").await.contains("Studio Lombardi"));
        assert!(browser.page("/records/task").await.contains("What is to be done"));
        assert_eq!(browser.get("/records/unicorn").await.status(), StatusCode::NOT_FOUND);
    }

    async fn an_open_filter_stands_in_the_address_and_a_sealed_one_is_refused_there(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        made(&app, "person", json!({"name": "Ina Lead", "relation": "lead"})).await;
        made(&app, "person", json!({"name": "Otto Customer", "relation": "customer"})).await;
        let page = browser.page("/people?field=relation&op=eq&value=Customer").await;
        assert!(page.contains("Otto Customer") && !page.contains("Ina Lead") && page.contains("Relation is Customer"));
        let none = browser.page("/people?field=relation&op=eq&value=supplier").await;
        assert!(none.contains("Nothing matches"));
        let refused = browser.get("/people?field=name&op=eq&value=Otto").await;
        let (status, page) = (refused.status(), text(refused).await);
        assert!(status.is_client_error() && page.contains("sealed_in_url"), "{status}");
    }

    async fn a_search_in_a_list_comes_back_under_an_id_that_says_nothing(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        made(&app, "person", json!({"name": "Chiara Lombardi", "email": ["chiara@lombardi.example"]})).await;
        made(&app, "person", json!({"name": "Amara Okafor"})).await;
        for words in ["lomb", "Lombardi+chiara", "chiara%40lombardi.example"] {
            let found = browser.post("/people/search", &format!("q={words}")).await;
            let to = location(&found);
            assert!(to.starts_with("/people?query=") && !to.to_lowercase().contains("lomb"), "{to}");
            let page = browser.page(&to).await;
            assert!(page.contains("Chiara Lombardi") && !page.contains("Amara Okafor"), "{words}");
        }
        let sealed = browser.post("/people/search", "field=name&op=contains&value=okafor").await;
        let page = browser.page(&location(&sealed)).await;
        assert!(page.contains("Amara Okafor") && !page.contains("Chiara Lombardi"));
        let anywhere = browser.post("/search", "q=lombardi").await;
        let page = browser.page(&location(&anywhere)).await;
        assert!(page.contains("1 found") && page.contains("Chiara Lombardi"));
        let fragment = text(browser.post("/palette", "q=lomb").await).await;
        assert!(fragment.contains("Chiara Lombardi") && !fragment.contains("<html"));
    }

    async fn a_list_goes_on_page_by_page_and_back(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        for n in 0..60 {
            made(&app, "company", json!({"name": format!("Company {n:02}")})).await;
        }
        let first = browser.page("/companies?sort=name").await;
        assert!(first.contains("Company 00") && first.contains("60 · 50 shown") && !first.contains("Company 55"));
        let next = first.split("rel=\"next\" href=\"").nth(1).unwrap().split('"').next().unwrap().replace("&#38;", "&").replace("&amp;", "&");
        let second = browser.page(&next).await;
        assert!(second.contains("Company 55") && !second.contains("Company 00") && second.contains("60 · 10 shown"));
        assert!(second.contains("rel=\"prev\" href=\"/companies?sort=name\""));
    }

    async fn a_page_of_a_person_says_everything_once_and_withholds_what_the_purpose_does_not_serve(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let company = made(&app, "company", json!({"name": "Studio Lombardi"})).await;
        let fields = json!({"name": "Chiara Lombardi", "phone": ["+390255504417"], "company": company.to_string(), "tax_id": "LMBCHR80A41F205X", "relation": "lead"});
        let id = made(&app, "person", fields).await;
        made(&app, "deal", json!({"name": "Showroom Milano", "stage": "offer", "person": id.to_string(), "amount": "48500.00 EUR"})).await;
        made(&app, "note", json!({"title": "Call", "text": "Prefers the second variant", "person": id.to_string()})).await;
        // The frame's own name is read once a session.
        browser.acting("sales").await;
        browser.page("/keys").await;
        let before = events(&app).await;
        let page = browser.page(&format!("/people/{id}")).await;
        assert_eq!(events(&app).await, before + 1, "opening a person leaves one event");
        for shown in ["Chiara Lombardi", "••• 4417", "Studio Lombardi", "Showroom Milano", "48,500.00 EUR", "Prefers the second variant", "withheld, needs Billing",
            "One field is withheld", "Why we may keep this", "May be used for", "Opening this page was recorded", "Make access package", "with Ada Byron"] {
            // The operator owns what was made here, not the one who is signed in.
            if shown != "with Ada Byron" { assert!(page.contains(shown), "{shown}"); }
        }
        assert!(!page.contains("LMBCHR80A41F205X") && !page.contains("+390255504417"));
        let fragment = browser.post(&format!("/people/{id}/reveal"), "field=phone").await;
        assert!(text(fragment).await.contains("+390255504417"), "without a script the page comes back with it");
        let refused = browser.post(&format!("/people/{id}/reveal"), "field=tax_id").await;
        assert_eq!(refused.status(), StatusCode::FORBIDDEN);
        browser.acting("billing").await;
        assert!(text(browser.post(&format!("/people/{id}/reveal"), "field=tax_id").await).await.contains("LMBCHR80A41F205X"));
        assert!(browser.page(&format!("/people/{id}?show=notes")).await.contains("Prefers the second variant"));
        assert_eq!(location(&browser.get(&format!("/companies/{id}")).await), format!("/people/{id}"));
        assert_eq!(browser.get(&format!("/people/{}", RecordId::from_bytes([7; 16]))).await.status(), StatusCode::NOT_FOUND);
    }

    async fn a_record_is_made_changed_and_noted_by_forms_alone(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let company = made(&app, "company", json!({"name": "Studio Lombardi"})).await;
        assert!(browser.page("/people/new").await.contains("field.name"));
        let refused = browser.post("/people", "field.name=&field.email=chiara&field.job_title=Owner").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        assert!(page.contains("value=\"Owner\"") && page.contains("chiara") && page.contains("Your text is kept"));
        let unclear = text(browser.post("/people", "field.name=Chiara&field.company=Nobody+Knows").await).await;
        assert!(unclear.contains("There is no company of this name"));
        let form = "field.name=Chiara+Lombardi&field.email=chiara%40lombardi.example&field.company=studio+lombardi&field.relation=lead&field.address.city=Milano&field.birthday=";
        let made = browser.post("/people", form).await;
        let to = location(&made);
        assert!(to.starts_with("/people/rec_") && to.ends_with("?saved=1"), "{to}");
        let href = to.trim_end_matches("?saved=1").to_owned();
        let page = browser.page(&to).await;
        assert!(page.contains("Saved as version 1.") && page.contains("Milano") && page.contains(&format!("/companies/{company}")) && page.contains("with Ada Byron"));
        let edit = browser.page(&format!("{href}/edit")).await;
        assert!(edit.contains("value=\"Milano\"") && edit.contains("name=\"version\" value=\"1\"") && !edit.contains("chiara@lombardi.example"));
        let form = format!("version=1&field.name=Chiara+L.&field.email=&field.company=Studio+Lombardi&field.company_id={company}&field.relation=lead&field.address.city=Milano");
        assert_eq!(location(&browser.post(&href, &form).await), format!("{href}?saved=2"));
        let stale = browser.post(&href, &form.replace("Chiara+L.", "Chiara+Rossi")).await;
        assert_eq!(stale.status(), StatusCode::CONFLICT);
        let page = text(stale).await;
        assert!(page.contains("Not saved: version 2") && page.contains("Chiara Rossi") && page.contains("Saved meanwhile") && page.contains("name=\"version\" value=\"2\""));
        assert_eq!(location(&browser.post(&href, "version=2&field.name=Chiara+L.&field.email=&field.company=Studio+Lombardi&field.relation=lead&field.address.city=Milano").await), href, "nothing changed, nothing written");
        let noted = browser.post(&format!("{href}/log"), "as=note&text=Wants+the+second+variant").await;
        assert_eq!(location(&noted), format!("{href}?logged=note#time"));
        let page = browser.page(&format!("{href}?logged=note")).await;
        assert!(page.contains("Wants the second variant") && page.contains("Note saved."));
        browser.acting("billing").await;
        assert!(text(browser.post(&format!("{href}/reveal"), "field=email").await).await.contains("chiara@lombardi.example"), "an empty input kept the masked value");
    }

    async fn a_task_is_ticked_from_home(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let made = browser.post("/records/task", "field.title=Send+the+offer&field.due=2026-11-22").await;
        let href = location(&made).replace("?saved=1", "");
        let home = browser.page("/").await;
        assert!(home.contains("Mark as done: Send the offer") && home.contains("1 day left"));
        let done = location(&browser.post(&format!("{href}/done"), "").await);
        assert!(done.starts_with("/?ticked=rec_") && done.ends_with("&version=2"), "{done}");
        let page = browser.page(&done).await;
        assert!(!page.contains("Mark as done: Send the offer") && page.contains("data-undo"));
        let back = browser.post(&format!("{href}/undo"), "version=2&return=/").await;
        assert_eq!(location(&back), "/?undone=1");
        assert!(browser.page("/?undone=1").await.contains("Mark as done: Send the offer"), "taken back, it is open again");
        let stale = browser.post(&format!("{href}/undo"), "version=2&return=/").await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED, "what somebody changed since is not taken back with it");
        assert!(browser.page("/keys").await.contains("keys-list"));
    }

    async fn what_is_written_on_a_records_page_stands_in_its_timeline_at_once(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = made(&app, "person", json!({"name": "Chiara Lombardi"})).await;
        let company = made(&app, "company", json!({"name": "Studio Lombardi"})).await;
        let deal = made(&app, "deal", json!({"name": "Showroom"})).await;
        let case = made(&app, "case", json!({"title": "Late delivery"})).await;
        for href in [format!("/people/{person}"), format!("/companies/{company}"), format!("/records/deal/{deal}"), format!("/records/case/{case}")] {
            let page = browser.page(&href).await;
            for words in ["value=\"note\" checked", "value=\"task\"", "value=\"comment\"", "name=\"text\""] {
                assert!(page.contains(words), "{href}: {words}");
            }
            let call = browser.post(&format!("{href}/log"), "as=note&log.type=call&text=She+asked%0D%0Afor+the+second+variant").await;
            assert_eq!(location(&call), format!("{href}?logged=note#time"));
            let form = "as=task&text=Send+the+offer&log.due=2027-01-11&log.time=14%3A30&log.remind=hour";
            assert_eq!(location(&browser.post(&format!("{href}/log"), form).await), format!("{href}?logged=task#time"));
            let page = browser.page(&format!("{href}?logged=task")).await;
            for words in ["Task saved.", "Call ", "She asked", "for the second variant", "Send the offer", "Mon 11 Jan 2027", "14:30", "For Ada Byron", "Mark as done: Send the offer"] {
                assert!(page.contains(words), "{href}: {words}");
            }
            assert!(browser.page(&format!("{href}?show=tasks")).await.contains("Send the offer"));
        }
        let reminders = app.store().read(|tx| tx.one("SELECT COUNT(*) FROM job WHERE kind = 'task.remind'", &[], |row| row.get::<i64>(0))).await.unwrap();
        assert_eq!(reminders, 4);
        assert_eq!(browser.post(&format!("/people/{}/log", RecordId::from_bytes([7; 16])), "as=note&text=x").await.status(), StatusCode::NOT_FOUND);
        assert_eq!(browser.post(&format!("/people/{person}/log"), "as=song&text=x").await.status(), StatusCode::NOT_FOUND);
    }

    async fn a_refused_text_is_kept_and_every_fault_is_named_at_its_field(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = made(&app, "person", json!({"name": "Chiara Lombardi"})).await;
        let log = format!("/people/{person}/log");
        let refused = browser.post(&log, "as=task&text=Send+the+offer&log.due=soon&log.time=25%3A99&log.owner=usr_00000000000000000000000001&log.remind=week").await;
        assert_eq!(refused.status(), StatusCode::UNPROCESSABLE_ENTITY);
        let page = text(refused).await;
        for words in [">Send the offer</textarea>", "value=\"task\" checked", "Write the date as", "Write the time as", "Choose somebody who works here", "counted from the due date", "value=\"week\" selected"] {
            assert!(page.contains(words), "{words}");
        }
        let empty = text(browser.post(&log, "as=task&text=+&log.due=2027-01-11").await).await;
        assert!(empty.contains("Write something first") && empty.contains("value=\"2027-01-11\""));
        let odd = text(browser.post(&log, "as=note&text=Call&log.type=song").await).await;
        assert!(odd.contains(">Call</textarea>") && odd.contains("Choose one of"));
        assert!(!browser.page(&format!("/people/{person}")).await.contains("Send the offer"), "nothing of it was written");
    }

    async fn a_task_is_ticked_in_the_timeline_and_the_last_version_is_taken_back(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let person = made(&app, "person", json!({"name": "Chiara Lombardi", "job_title": "Clerk"})).await;
        let task = made(&app, "task", json!({"title": "Send the offer", "person": person.to_string()})).await;
        let href = format!("/people/{person}");
        let done = location(&browser.post(&format!("/records/task/{task}/done"), &format!("done=true&return={href}%23time")).await);
        assert_eq!(done, format!("{href}?ticked={task}&version=2#time"));
        let page = browser.page(&done).await;
        assert!(page.contains("Open again: Send the offer") && page.contains("data-undo"));
        assert_eq!(location(&browser.post(&format!("/records/task/{task}/undo"), &format!("version=2&return={href}")).await), format!("{href}?undone=1"));
        assert!(browser.page(&href).await.contains("Mark as done: Send the offer"));
        // Elsewhere there is no way out of the house.
        let away = browser.post(&format!("/records/task/{task}/done"), "return=//evil.example").await;
        assert!(location(&away).starts_with("/?ticked="));
        let form = "version=1&field.name=Chiara+Lombardi&field.job_title=Director";
        assert_eq!(location(&browser.post(&href, form).await), format!("{href}?saved=2"));
        assert!(browser.page(&format!("{href}?saved=2")).await.contains("data-undo"));
        browser.post(&format!("{href}/undo"), "version=2").await;
        let page = browser.page(&href).await;
        assert!(page.contains("Clerk") && page.contains("Version 3"), "going back is a version of its own");
    }

    async fn one_field_is_edited_where_it_stands_by_a_form_and_by_a_script(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let id = made(&app, "person", json!({"name": "Chiara Lombardi", "job_title": "Clerk", "phone": ["+390255504417"], "tax_id": "LMBCHR80A41F205X"})).await;
        let href = format!("/people/{id}");
        let page = browser.page(&href).await;
        for words in ["edit?field=job_title", "edit?field=name", "edit?field=relation", "aria-label=\"Edit Job title\""] {
            assert!(page.contains(words), "{words}");
        }
        assert!(!page.contains("edit?field=tax_id"), "what is withheld is not edited");
        let form = browser.page(&format!("{href}/edit?field=job_title")).await;
        assert!(form.contains("value=\"Clerk\"") && form.contains("name=\"field\" value=\"job_title\"") && !form.contains("field.relation"));
        for field in ["tax_id", "unicorn", "source_system"] {
            assert_eq!(browser.get(&format!("{href}/edit?field={field}")).await.status(), StatusCode::NOT_FOUND, "{field}");
        }
        let saved = browser.post(&format!("{href}/field"), "field=job_title&version=1&field.job_title=Director").await;
        assert_eq!(location(&saved), format!("{href}?saved=2"));
        let same = browser.post(&format!("{href}/field"), "field=job_title&version=2&field.job_title=Director").await;
        assert_eq!(location(&same), href, "nothing changed, nothing written");
        // A script gets the field alone, with its Undo, and the mask stays a mask.
        let fragment = browser.script(&format!("{href}/field"), "field=phone&version=2&field.phone=%2B39025550999").await;
        let (status, body) = (fragment.status(), text(fragment).await);
        assert_eq!(status, StatusCode::OK);
        assert!(body.contains("data-saved") && body.contains("data-undo") && body.contains("Version 3") && !body.contains("<html"), "{body}");
        assert!(body.contains("0999") && !body.contains("+39025550999"));
        let wrong = browser.script(&format!("{href}/field"), "field=email&version=3&field.email=chiara").await;
        let (status, body) = (wrong.status(), text(wrong).await);
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(body.contains("data-inline") && body.contains("chiara</textarea>") && body.contains("Write an address"), "{body}");
    }

    async fn a_stale_field_shows_both_values_and_who_changed_it_and_other_fields_are_no_conflict(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let id = made(&app, "person", json!({"name": "Chiara Lombardi", "job_title": "Clerk"})).await;
        let field = format!("/people/{id}/field");
        browser.post(&field, "field=job_title&version=1&field.job_title=Director").await;
        let other = browser.script(&field, "field=relation&version=1&field.relation=lead").await;
        assert_eq!(other.status(), StatusCode::OK, "another field was changed meanwhile, this one was not");
        let stale = browser.script(&field, "field=job_title&version=1&field.job_title=Owner").await;
        let (status, body) = (stale.status(), text(stale).await);
        assert_eq!(status, StatusCode::CONFLICT);
        for words in ["Ada Byron changed Job title", "value=\"Owner\"", "Director", "name=\"version\" value=\"3\"", "Save my version"] {
            assert!(body.contains(words), "{words}: {body}");
        }
        assert_eq!(browser.script(&field, "field=job_title&version=3&field.job_title=Owner").await.status(), StatusCode::OK);
    }

    async fn an_earlier_version_is_looked_at_before_it_is_restored_as_a_new_one(app: TestApp) {
        let mut browser = Browser::set_up(&app).await;
        let id = made(&app, "person", json!({"name": "Chiara Lombardi", "job_title": "Clerk"})).await;
        let href = format!("/people/{id}");
        browser.post(&format!("{href}/field"), "field=job_title&version=1&field.job_title=Director").await;
        browser.post(&format!("{href}/field"), "field=relation&version=2&field.relation=lead").await;
        let all = browser.page(&format!("{href}/versions")).await;
        assert!(all.contains("versions/1") && all.contains("versions/2") && !all.contains("versions/3\""), "the one in use is not restored");
        let preview = browser.page(&format!("{href}/versions/1")).await;
        for words in ["2 fields change", "Director", "Clerk", "Lead", "Restore this version", "Nothing has changed yet"] {
            assert!(preview.contains(words), "{words}");
        }
        assert!(browser.page(&href).await.contains("Version 3"), "looking changes nothing");
        let stale = browser.post(&format!("{href}/versions/1/restore"), "version=2").await;
        assert_eq!(stale.status(), StatusCode::PRECONDITION_FAILED);
        assert_eq!(location(&browser.post(&format!("{href}/versions/1/restore"), "version=3").await), format!("{href}?saved=4"));
        let page = browser.page(&href).await;
        assert!(page.contains("Clerk") && !page.contains("Director") && page.contains("Version 4"));
        assert!(browser.page(&format!("{href}/versions")).await.contains("Director"), "nothing is forgotten");
        for version in ["4", "9", "0", "x"] {
            assert_eq!(browser.get(&format!("{href}/versions/{version}")).await.status(), StatusCode::NOT_FOUND, "{version}");
        }
    }
}
