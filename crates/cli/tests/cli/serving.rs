//! A running `serve`: what it says, what it answers, how it ends.

use std::net::TcpListener;

use tempfile::tempdir;

use crate::{code, err, object, out, probity, server::Server};

#[test]
fn serve_makes_an_installation_prints_the_code_answers_and_ends_when_asked() {
    let folder = tempdir().unwrap();
    let server = Server::start(folder.path());
    assert!(server.said.iter().any(|line| line.contains("root.key") && line.contains("Copy it")), "{:?}", server.said);
    assert!(server.said.iter().any(|line| line.contains("/setup and type this code: ")), "{:?}", server.said);
    let page = server.get("/setup");
    assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
    for header in ["content-security-policy: default-src 'none'", "x-content-type-options: nosniff", "cache-control: no-store"] {
        assert!(page.contains(header), "{header}: {page}");
    }
    let beside = probity(folder.path(), &["sweep", "--json"]);
    assert_eq!(code(&beside), 0, "{}", err(&beside));
    assert_eq!(object(&beside)["decided"], 0);
    let second = probity(folder.path(), &["serve", "--listen", "127.0.0.1:0"]);
    assert_eq!(code(&second), 2);
    assert!(err(&second).contains("Stop the process that holds it"), "{}", err(&second));
    let (status, rest) = server.end();
    assert_eq!((status, rest.as_str()), (Some(0), ""));
    let verified = probity(folder.path(), &["verify"]);
    assert_eq!(code(&verified), 0, "{}", out(&verified));
}

#[test]
fn an_installation_that_is_set_up_prints_no_code_and_asks_to_sign_in() {
    let folder = tempdir().unwrap();
    std::fs::write(folder.path().join("ada.txt"), "correct horse battery staple 7").unwrap();
    let made = probity(folder.path(), &["init", "--admin", "ada@example.org", "--password-file", "ada.txt"]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    let server = Server::start(folder.path());
    assert_eq!(server.said.len(), 1, "{:?}", server.said);
    assert!(server.get("/sign-in").starts_with("HTTP/1.1 200 "));
    assert_eq!(server.end().0, Some(0));
}

#[test]
fn a_port_that_is_taken_is_refused_before_anything_is_made() {
    let folder = tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let refused = probity(folder.path(), &["serve", "--listen", &address.to_string()]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains(&address.port().to_string()) && err(&refused).contains("--listen"), "{}", err(&refused));
    assert!(!folder.path().join("probity-data").exists());
}

#[test]
fn the_demonstration_is_sound_has_forgotten_somebody_and_is_served_again_as_it_is() {
    let folder = tempdir().unwrap();
    let server = Server::start_with(folder.path(), &["--demo"]);
    assert!(server.said.iter().any(|line| line.contains("Sign in as admin")), "{:?}", server.said);
    let report = object(&probity(folder.path(), &["verify", "--json"]));
    assert!(report["faults"].as_array().unwrap().is_empty() && report["erased"].as_u64().unwrap() > 0, "{report}");
    assert_eq!(server.end().0, Some(0));
    let again = Server::start_with(folder.path(), &["--demo"]);
    assert_eq!(again.said.len(), 1, "{:?}", again.said);
    assert_eq!(again.end().0, Some(0));
}
