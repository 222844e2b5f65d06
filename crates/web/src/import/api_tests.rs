//! Imports and captures over the API: what they promise and what they refuse.

use http::{Method, StatusCode, header};
use serde_json::{Value, json};
use testkit::store_test;

use super::pages_tests::work;
use crate::records::tests::{Answer, Program, code};

const PEOPLE: &[u8] = b"Name,Email\nAda Quellenbrunn,ada@quelle.example\n\nIda Bach,ida@bach.example\nUwe Feld,no address\n";
const BOX: &[u8] = b"From a@b.example Thu Jan  1 00:00:00 2026\nFrom: a@b.example\nSubject: one\nMessage-ID: <1@b.example>\n\nOne.\n\n\
    From a@b.example Thu Jan  1 00:00:00 2026\nFrom: a@b.example\nSubject: one\nMessage-ID: <1@b.example>\n\nOne.\n\n\
    From a@b.example Thu Jan  1 00:00:00 2026\nNothing: of a mail\n\nx\n";

/// Sends a form; a part with a file's name is the file.
async fn send(api: &Program, path: &str, parts: &[(&str, &str)], file: Option<(&str, &[u8])>) -> Answer {
    let mut body = Vec::new();
    for (name, value) in parts {
        body.extend_from_slice(format!("--xx\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n").as_bytes());
    }
    if let Some((name, bytes)) = file {
        body.extend_from_slice(format!("--xx\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n").as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--xx--\r\n");
    api.raw(Method::POST, path, "multipart/form-data; boundary=xx", body).await
}

fn place(answer: &Answer) -> String {
    answer.headers[header::LOCATION].to_str().unwrap().strip_prefix("/api/v1").unwrap().to_owned()
}

fn column(answer: &Answer, key: &str) -> Vec<Value> {
    answer.body["items"].as_array().unwrap().iter().map(|item| item[key].clone()).collect()
}

store_test! {
    async fn a_file_is_looked_at_before_it_is_imported_and_what_was_chosen_comes_back(app: TestApp) {
        let api = Program::new(&app, "administration", &["import"]).await;
        let text: &[u8] = b"Wer,Mail\nAda,ada@quelle.example\n";
        let fresh = send(&api, "/imports/prepare", &[("kind", "person")], Some(("f.csv", text))).await;
        assert_eq!(fresh.status, StatusCode::OK, "{}", fresh.body);
        assert_eq!((&fresh.body["rows"], &fresh.body["mapping"]["columns"]), (&json!(1), &json!({"Wer": "skip", "Mail": "email"})));
        assert_eq!(fresh.body["remembered"], Value::Null);
        let mapping = json!({"columns": {"Wer": "name", "Mail": "email"}}).to_string();
        let begun = send(&api, "/imports", &[("kind", "person"), ("mapping", &mapping)], Some(("f.csv", text))).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.body);
        let again = send(&api, "/imports/prepare", &[("kind", "person")], Some(("f.csv", text))).await;
        assert_eq!(again.body["mapping"]["columns"]["Wer"], "name");
        assert!(again.body["remembered"]["when"].is_string() && again.body["columns"][0]["target"] == "name", "{}", again.body);
        assert_eq!(work(&app).await, 1);
        assert!(app.blobs().list("uploads/").await.unwrap().is_empty());
        let wrong = send(&api, "/imports", &[("kind", "person"), ("match", "note")], Some(("f.csv", text))).await;
        assert_eq!((wrong.status, code(&wrong)), (StatusCode::UNPROCESSABLE_ENTITY, "invalid_input"));
        let reader = Program::new(&app, "administration", &["read"]).await;
        assert_eq!(code(&send(&reader, "/imports/prepare", &[("kind", "person")], Some(("f.csv", text))).await), "forbidden");
        assert!(app.blobs().list("uploads/").await.unwrap().is_empty(), "nothing of whoever may not import is kept");
    }

    async fn a_sheet_sent_over_the_api_is_rehearsed_imported_once_told_row_by_row_and_taken_back(app: TestApp) {
        let api = Program::new(&app, "administration", &["import", "read"]).await;
        let said = [("kind", "person"), ("match", "email"), ("mode", "both")];
        let dry = send(&api, "/imports", &[said[0], said[1], ("dry_run", "true")], Some(("fair.csv", PEOPLE))).await;
        assert_eq!((dry.status, &dry.body["rows"], &dry.body["created"], &dry.body["batch"]), (StatusCode::OK, &json!(3), &json!(2), &Value::Null));
        assert_eq!(dry.body["failed"], json!([{"row": 5, "reason": "email:not_an_email"}]));
        assert_eq!(api.get("/people").await.body["total"], 0);

        let keyed = api.with("idempotency-key", "fair-1");
        let begun = send(&keyed, "/imports", &said, Some(("fair.csv", PEOPLE))).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.body);
        let again = send(&keyed, "/imports", &said, Some(("fair.csv", PEOPLE))).await;
        assert_eq!((again.status, &again.body), (StatusCode::ACCEPTED, &begun.body));
        let other = send(&keyed, "/imports", &said, Some(("fair.csv", b"Name\nZoe\n"))).await;
        assert_eq!(code(&other), "conflict");
        let address = place(&begun);
        let waiting = api.get(&address).await;
        assert_eq!((&waiting.body["state"], &waiting.body["job"]["state"]), (&json!("running"), &json!("ready")));
        assert_eq!(code(&api.post(&format!("{address}/undo"), &json!({})).await), "conflict");
        assert_eq!(work(&app).await, 1);

        let done = api.get(&address).await.body;
        assert_eq!((&done["state"], &done["file"], &done["job"]["state"]), (&json!("done"), &json!("fair.csv"), &json!("done")));
        assert_eq!((&done["rows"], &done["created"], &done["failures"], &done["undo"]), (&json!(3), &json!(2), &json!(1), &Value::Null));
        assert_eq!(done["failed"], json!([{"row": 5, "reason": "email:not_an_email"}]), "the number that a spreadsheet shows");
        let rows = api.get(&format!("{address}/rows?limit=2")).await;
        assert_eq!((column(&rows, "row"), column(&rows, "outcome")), (vec![json!(2), json!(4)], vec![json!("created"), json!("created")]));
        let rest = api.get(&format!("{address}/rows?after={}", rows.body["next"])).await;
        assert_eq!((column(&rest, "row"), &rest.body["next"]), (vec![json!(5)], &Value::Null));
        assert_eq!(column(&api.get("/imports").await, "batch"), [begun.body["batch"].clone()]);

        let undone = api.with("idempotency-key", "back-1").post(&format!("{address}/undo"), &json!({})).await;
        assert_eq!((undone.status, place(&undone)), (StatusCode::ACCEPTED, address.clone()));
        assert!(work(&app).await >= 1);
        let back = api.get(&address).await.body;
        assert_eq!((&back["state"], &back["undo"]), (&json!("undone"), &json!({"restored": 0, "removed": 2, "kept": []})), "{back}");
        assert_eq!(api.get("/people").await.body["total"], 0);
    }

    async fn a_mailbox_sent_over_the_api_is_captured_and_reconciles(app: TestApp) {
        let api = Program::new(&app, "administration", &["import"]).await;
        let keyed = api.with("idempotency-key", "box-1");
        let begun = send(&keyed, "/captures", &[], Some(("box.mbox", BOX))).await;
        assert_eq!(begun.status, StatusCode::ACCEPTED, "{}", begun.body);
        assert_eq!(send(&keyed, "/captures", &[], Some(("box.mbox", BOX))).await.body, begun.body);
        assert_eq!(work(&app).await, 1);
        let done = api.get(&place(&begun)).await.body;
        assert_eq!((&done["seen"], &done["captured"], &done["duplicate"], &done["failures"]), (&json!(3), &json!(1), &json!(1), &json!(1)), "{done}");
        assert_eq!(done["failed"], json!([{"item": 3, "reason": "not_a_message"}]));
        let items = api.get(&format!("{}/items", place(&begun))).await;
        assert_eq!(column(&items, "outcome"), ["captured", "duplicate", "failed"]);
        assert_eq!(api.get(&place(&begun).replace("captures", "imports")).await.status, StatusCode::NOT_FOUND);
    }

    async fn what_is_no_import_is_refused_by_name_and_nothing_waits(app: TestApp) {
        let api = Program::new(&app, "administration", &["import"]).await;
        let csv = Some(("a.csv", PEOPLE));
        let person = ("kind", "person");
        let pointer = |answer: &Answer| answer.body["errors"][0]["pointer"].as_str().unwrap_or_default().to_owned();
        let cases = [
            (vec![person], None, "/file"),
            (vec![person], Some(("a.csv", &b""[..])), "/file"),
            (vec![], csv, "/kind"),
            (vec![("kind", "ship")], csv, "/kind"),
            (vec![person, ("match", "name")], csv, "/match"),
            (vec![person, ("mode", "update")], csv, "/match"),
            (vec![person, ("dry_run", "yes")], csv, "/dry_run"),
            (vec![person, ("mapping", "{\"rows\":{}}")], csv, "/mapping/rows"),
            (vec![person, ("colour", "red")], csv, ""),
        ];
        for (parts, file, at) in cases {
            let answer = send(&api, "/imports", &parts, file).await;
            assert_eq!((answer.status, pointer(&answer).as_str()), (StatusCode::UNPROCESSABLE_ENTITY, at), "{parts:?}: {}", answer.body);
        }
        assert_eq!(code(&send(&api, "/imports", &[person, person], csv).await), "malformed");
        assert_eq!(code(&api.post("/imports", &json!({"kind": "person"})).await), "unsupported_media_type");
        assert_eq!(code(&send(&api, "/captures", &[("channel", "pigeon")], csv).await), "invalid_input");
        let large = vec![b'x'; 66 << 20];
        assert_eq!(code(&send(&api, "/captures", &[], Some(("box.mbox", &large))).await), "too_large");
        assert_eq!(work(&app).await, 0);
        assert!(api.get("/imports").await.body["items"].as_array().unwrap().is_empty());
        let reader = Program::new(&app, "administration", &["read"]).await;
        assert_eq!(code(&send(&reader, "/imports", &[person], csv).await), "forbidden");
        for path in ["/imports", "/captures", "/imports/bat_00000000000000000000000001", "/captures/bat_00000000000000000000000001/items"] {
            assert_eq!(code(&reader.get(path).await), "forbidden", "{path}");
            assert!(matches!(api.get(path).await.status, StatusCode::OK | StatusCode::NOT_FOUND), "{path}");
        }
    }
}
