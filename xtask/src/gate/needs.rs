//! What the steps need that cargo does not bring: a database server, a mailbox server, a browser, node, python and the foreign judges.

use std::{fs, path::Path};

use super::{Gate, Outcome, Tool, disk, run::find};

/// Whether something is there.
type Seen = fn() -> bool;

/// A Debian package and how to see that what it brings is there.
const PACKAGES: [(&str, Seen); 8] = [
    ("postgresql", || postgres_folder().is_some()),
    ("dovecot-imapd", || Path::new("/usr/sbin/dovecot").is_file()),
    ("chromium", || find("chromium").is_some()),
    ("nodejs", || find("node").is_some()),
    ("npm", || find("npm").is_some()),
    ("python3-venv", || Tool::new("python3", ["-c", "import venv, ensurepip"]).quiet().run().ok),
    ("fonts-dejavu-core", || Tool::new("fc-list", ["DejaVu Sans"]).quiet().run().last_words().contains("DejaVu")),
    ("fontconfig", || find("fc-list").is_some()),
];

/// Where `initdb` lives: Debian keeps it out of the path, a folder for each version.
pub fn postgres_folder() -> Option<std::path::PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten().map(|entry| entry.path().join("bin"));
    versions.chain(find("initdb").and_then(|file| file.parent().map(Path::to_path_buf))).find(|folder| folder.join("initdb").is_file())
}

fn missing() -> Vec<&'static str> {
    PACKAGES.iter().filter(|(_, there)| !there()).map(|(package, _)| *package).collect()
}

/// Installs what is missing where it may, otherwise says how.
pub fn system(gate: &mut Gate) -> Outcome {
    if let Some(left) = disk::left(&gate.target) {
        println!("{} where {} is", disk::told(left), gate.target.display());
    }
    let due = missing();
    if due.is_empty() {
        return Outcome::Held;
    }
    let root = Tool::new("id", ["-u"]).quiet().run().text.trim() == "0";
    if root && find("apt-get").is_some() {
        println!("installing {}", due.join(" "));
        let apt = |words: &[&str]| {
            Tool::new("apt-get", words.iter().copied()).at(&gate.root).env("DEBIAN_FRONTEND", "noninteractive").within(15).quiet().run()
        };
        apt(&["update", "-qq"]);
        let ran = apt(&[&["install", "-y", "-qq", "--no-install-recommends"], due.as_slice()].concat());
        if !ran.ok {
            println!("{}", ran.text);
        }
    }
    let still = missing();
    if still.is_empty() {
        Outcome::Held
    } else {
        Outcome::NotRun { why: format!("as root: apt-get install {}", still.join(" ")), excused: false }
    }
}

/// A Python environment with exactly what tests/judges/requirements.txt lists; made again when that list changes.
pub fn judges(gate: &mut Gate) -> Outcome {
    let list = gate.root.join("tests/judges/requirements.txt");
    let folder = gate.target.join("judges");
    let mark = folder.join("requirements.txt");
    let Ok(wanted) = fs::read_to_string(&list) else { return Outcome::Broken("tests/judges/requirements.txt cannot be read".to_owned()) };
    if fs::read_to_string(&mark).is_ok_and(|installed| installed == wanted) {
        return Outcome::Held;
    }
    let made = Tool::new("python3", ["-m", "venv", "--clear"]).arg(&folder).within(5).run();
    if !made.ok {
        return Outcome::NotRun { why: format!("no Python environment: {}", made.last_words()), excused: false };
    }
    // The list names every dependency, so none is looked up. aics-tlog asks for Python 3.12 and runs on 3.11.
    let words = [
        "install",
        "--quiet",
        "--disable-pip-version-check",
        "--no-deps",
        "--ignore-requires-python",
        "--only-binary",
        ":all:",
        "--requirement",
    ];
    let ran = Tool::new(gate.judge("pip"), words).arg(&list).within(15).run();
    if !ran.ok || fs::write(&mark, wanted).is_err() {
        return Outcome::NotRun { why: format!("tests/judges/requirements.txt cannot be installed: {}", ran.last_words()), excused: false };
    }
    Outcome::Held
}
