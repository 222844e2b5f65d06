//! Evidence over the API: audit, verification, bundles, and who is refused.

use crm::evidence;
use http::{StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use crate::records::tests::{Answer, Program, code};

fn names(answer: &Answer) -> Vec<String> {
    answer.body["items"]
        .as_array()
        .unwrap_or_else(|| panic!("{}", answer.body))
        .iter()
        .map(|e| e["name"].as_str().unwrap().to_owned())
        .collect()
}

store_test! {
    async fn an_auditor_pages_through_who_saw_and_changed_a_record_and_takes_the_signed_answer(app: TestApp) {
        let sales = Program::new(&app, "sales", &["read", "write"]).await;
        let auditor = Program::new(&app, "administration", &["audit"]).await;
        let made = sales.post("/people", &json!({"fields": {"name": "Ada Quell"}})).await;
        let id = made.body["id"].as_str().unwrap().to_owned();
        for _ in 0..3 {
            assert_eq!(sales.get(&format!("/people/{id}")).await.status, StatusCode::OK);
        }
        let all = auditor.get(&format!("/audit?record={id}")).await;
        assert_eq!(names(&all)[0], "record.created");
        assert_eq!(names(&all).iter().filter(|name| *name == "record.read").count(), 3, "{:?}", names(&all));
        assert!(all.body["next"].is_null() && !all.body.to_string().contains("Quell"), "events name no values");
        let mut paged = Vec::new();
        let mut address = format!("/audit?record={id}&limit=2&until=2999-01-01");
        loop {
            let page = auditor.get(&address).await;
            paged.extend(names(&page));
            let Some(next) = page.body["next"].as_str() else { break };
            address = format!("/audit?record={id}&limit=2&until=2999-01-01&cursor={next}");
        }
        // To ask left events of its own.
        assert_eq!(paged[..4], names(&all)[..4]);
        assert!(paged[4..].iter().all(|name| name == "audit.read"), "{paged:?}");

        let shown = auditor.get(&format!("/people/{id}/seen")).await;
        assert_eq!(names(&shown), ["record.read"; 3]);
        let actor = shown.body["items"][0]["actor"].as_str().unwrap();
        assert!(names(&auditor.get(&format!("/audit?actor={actor}")).await).contains(&"record.created".to_owned()));
        assert!(names(&auditor.get(&format!("/audit?record={id}&since=2999-01-01")).await).is_empty());
        let signed = auditor.get(&format!("/audit/signed?record={id}")).await;
        assert_eq!(signed.status, StatusCode::OK);
        assert!(signed.headers[header::CONTENT_DISPOSITION].to_str().unwrap().contains("audit.note"));

        for wrong in ["", "?record=x", "?actor=ada", &format!("?record={id}&actor=operator"), &format!("?record={id}&limit=0"), &format!("?record={id}&since=soon")] {
            assert_eq!(code(&auditor.get(&format!("/audit{wrong}")).await), "invalid_input", "{wrong}");
        }
        assert_eq!(code(&auditor.get(&format!("/audit?record={id}&cursor=nonsense")).await), "not_found");
    }

    async fn a_verification_is_ordered_once_and_its_report_is_kept(app: TestApp) {
        let auditor = Program::new(&app, "administration", &["audit"]).await;
        assert_eq!(code(&auditor.get("/verify").await), "not_found");
        let keyed = auditor.with("idempotency-key", "nightly-1");
        let first = keyed.post("/verify", &json!({})).await;
        assert_eq!((first.status, &keyed.post("/verify", &json!({})).await.body), (StatusCode::ACCEPTED, &first.body));
        app.clock.advance(std::time::Duration::from_secs(1));
        assert_eq!(app.work_off(&evidence::handlers()).await.unwrap(), 1);
        let address = first.headers[header::LOCATION].to_str().unwrap().strip_prefix("/api/v1").unwrap();
        let job = auditor.get(address).await.body;
        let report = auditor.get("/verify").await.body;
        assert_eq!((&job["state"], &job["done"]), (&json!("done"), &report["leaves"]), "{job}");
        assert_eq!((&report["faults"], &report["missing"], &report["unanchored"]), (&json!([]), &json!(0), &json!(true)));
        assert!(report["leaves"].as_u64().unwrap() > 0 && report["at"].is_string() && report["checkpoint"].is_string());
    }

    async fn a_records_bundle_is_fetched_as_a_file_and_agrees_with_itself(app: TestApp) {
        let sales = Program::new(&app, "sales", &["read", "write"]).await;
        let auditor = Program::new(&app, "administration", &["audit"]).await;
        let id = sales.post("/people", &json!({"fields": {"name": "Ada Quell"}})).await.body["id"].as_str().unwrap().to_owned();
        let got = auditor.get(&format!("/records/person/{id}/evidence")).await;
        assert_eq!((got.status, got.headers[header::CONTENT_TYPE].to_str().unwrap()), (StatusCode::OK, "application/zip"));
        assert!(got.headers[header::CONTENT_DISPOSITION].to_str().unwrap().starts_with("attachment; filename=\"evidence-rec_"));
        assert_eq!(got.body, Value::Null, "it is no JSON");
        for path in [format!("/companies/{id}/evidence"), format!("/companies/{id}/seen"), "/people/rec_00000000000000000000000001/evidence".to_owned()] {
            assert_eq!(code(&auditor.get(&path).await), "not_found", "{path}");
        }
    }

    async fn whoever_may_not_audit_is_refused_all_of_it(app: TestApp) {
        let sales = Program::new(&app, "sales", &["read", "write"]).await;
        let id = sales.post("/people", &json!({"fields": {"name": "Ada Quell"}})).await.body["id"].as_str().unwrap().to_owned();
        for path in [format!("/audit?record={id}"), format!("/audit/signed?record={id}"), "/verify".to_owned(), format!("/people/{id}/seen"), format!("/people/{id}/evidence")] {
            assert_eq!(code(&sales.get(&path).await), "forbidden", "{path}");
        }
        assert_eq!(code(&sales.post("/verify", &json!({})).await), "forbidden");
    }
}
