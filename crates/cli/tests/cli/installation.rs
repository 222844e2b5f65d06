//! Making, finding and opening an installation.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt,
};

use rustix::fs::{FlockOperation, flock};
use tempfile::tempdir;

use crate::{code, err, object, out, probity, probity_with, refusal};

#[test]
fn init_makes_a_private_installation_and_says_where_its_key_is() {
    let folder = tempdir().unwrap();
    let made = probity(folder.path(), &["init"]);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert!(out(&made).contains("root.key") && out(&made).contains("Copy it"), "{}", out(&made));
    let data = folder.path().join("probity-data");
    let mode = |name: &str| fs::metadata(data.join(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode("."), 0o700);
    for name in ["root.key", "keyring", "data.db", "vault.db"] {
        assert_eq!(mode(name), 0o600, "{name}");
    }
}

#[test]
fn init_never_touches_an_installation_that_is_there() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let key = fs::read(folder.path().join("probity-data/root.key")).unwrap();
    assert_eq!(refusal(&probity(folder.path(), &["init", "--json"]))["code"], "duplicate");
    assert_eq!(fs::read(folder.path().join("probity-data/root.key")).unwrap(), key);
}

#[test]
fn without_an_installation_other_commands_say_what_to_do_and_make_nothing() {
    let folder = tempdir().unwrap();
    let refused = probity(folder.path(), &["doctor"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("probity init") && err(&refused).contains("--data"), "{}", err(&refused));
    assert!(!folder.path().join("probity-data").exists());
}

#[test]
fn another_key_file_opens_nothing_and_says_so() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let path = folder.path().join("probity-data/root.key");
    fs::write(&path, "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\n").unwrap();
    let refused = probity(folder.path(), &["doctor"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("not the root key that sealed it"), "{}", err(&refused));
    fs::remove_file(&path).unwrap();
    let refused = probity(folder.path(), &["doctor"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("There is no key file at"), "{}", err(&refused));
}

#[test]
fn data_without_their_keyring_get_no_new_keys() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    fs::remove_file(folder.path().join("probity-data/keyring")).unwrap();
    let refused = probity(folder.path(), &["init"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("no keyring"), "{}", err(&refused));
    assert!(!folder.path().join("probity-data/keyring").exists());
}

#[test]
fn a_folder_that_another_process_holds_is_refused_in_words() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let lock = File::open(folder.path().join("probity-data/data.db.lock")).unwrap();
    flock(&lock, FlockOperation::NonBlockingLockExclusive).unwrap();
    let refused = probity(folder.path(), &["doctor"]);
    assert_eq!(code(&refused), 2);
    assert!(err(&refused).contains("Another process holds the data folder"), "{}", err(&refused));
}

#[test]
fn doctor_is_red_over_a_key_that_others_can_read() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let sound = probity(folder.path(), &["doctor", "--json"]);
    assert_eq!(code(&sound), 0, "{}", out(&sound));
    fs::set_permissions(folder.path().join("probity-data/root.key"), fs::Permissions::from_mode(0o644)).unwrap();
    let examined = probity(folder.path(), &["doctor", "--json"]);
    assert_eq!(code(&examined), 1);
    assert!(object(&examined)["findings"].as_array().unwrap().iter().any(|f| f["level"] == "red"));
}

#[test]
fn a_passphrase_from_a_file_makes_and_opens_an_installation() {
    let folder = tempdir().unwrap();
    fs::write(folder.path().join("pass"), "correct horse battery\n").unwrap();
    fs::write(folder.path().join("probity.toml"), "[keys]\nprovider = \"passphrase\"\npassphrase_file = \"pass\"\n").unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    assert!(!folder.path().join("probity-data/root.key").exists());
    assert_eq!(code(&probity(folder.path(), &["doctor"])), 0);
    let wrong = [("PROBITY_KEYS__PASSPHRASE_FILE", "other")];
    fs::write(folder.path().join("other"), "another horse battery\n").unwrap();
    assert_eq!(code(&probity_with(folder.path(), &["doctor"], &wrong)), 2);
}

/// A process that holds an installation, ended with the test.
struct Holding(std::process::Child);

impl Holding {
    fn folder(folder: &std::path::Path) -> Self {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_probity"));
        let child = command.arg("worker").current_dir(folder).stdin(std::process::Stdio::null()).spawn().unwrap();
        let holding = Self(child);
        let socket = folder.join("probity-data/probity.sock");
        for _ in 0..400 {
            if std::os::unix::net::UnixStream::connect(&socket).is_ok() {
                return holding;
            }
            std::thread::sleep(std::time::Duration::from_millis(50));
        }
        panic!("the worker did not begin");
    }

    fn end(mut self) -> i32 {
        let pid = rustix::process::Pid::from_child(&self.0);
        rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
        self.0.wait().unwrap().code().expect("it ends by itself")
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        drop(self.0.kill());
        drop(self.0.wait());
    }
}

#[test]
fn beside_a_running_process_commands_go_through_its_socket() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let holding = Holding::folder(folder.path());
    let socket = folder.path().join("probity-data/probity.sock");
    assert_eq!(fs::metadata(&socket).unwrap().permissions().mode() & 0o777, 0o600);
    // A relative path means the asking process's folder.
    fs::create_dir(folder.path().join("elsewhere")).unwrap();
    fs::write(folder.path().join("elsewhere/ada.txt"), "a lantern over quiet water\n").unwrap();
    let data = ["--data", "../probity-data"];
    let words = [&["init", "--admin", "ada@example.org", "--password-file", "ada.txt", "--json"][..], &data].concat();
    let made = probity(&folder.path().join("elsewhere"), &words);
    assert_eq!(code(&made), 0, "{}", err(&made));
    assert_eq!(object(&made)["admin"], "ada@example.org");
    assert!(out(&probity(folder.path(), &["user", "list"])).contains("ada@example.org"));
    // Refusals and their exit codes come through as well.
    assert_eq!(refusal(&probity(folder.path(), &["user", "disable", "ada@example.org", "--json"]))["code"], "conflict");
    assert_eq!(refusal(&probity(folder.path(), &["worker", "--json"]))["code"], "conflict");
    assert_eq!(holding.end(), 0);
    assert!(!socket.exists());
    assert!(out(&probity(folder.path(), &["user", "list"])).contains("ada@example.org"), "what was done stays");
}

#[test]
fn a_socket_that_was_left_behind_is_no_obstacle() {
    let folder = tempdir().unwrap();
    assert_eq!(code(&probity(folder.path(), &["init"])), 0);
    let mut holding = Holding::folder(folder.path());
    holding.0.kill().unwrap();
    holding.0.wait().unwrap();
    assert!(folder.path().join("probity-data/probity.sock").exists());
    assert_eq!(code(&probity(folder.path(), &["doctor"])), 0);
    assert_eq!(Holding::folder(folder.path()).end(), 0);
}
