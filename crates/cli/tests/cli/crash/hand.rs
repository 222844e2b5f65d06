//! The hand at the keyboard: imports, captures and sweeps by command, while the server runs and until it is gone.

use std::{
    fs,
    path::PathBuf,
    process::{Child, Command, Stdio},
    sync::{Mutex, PoisonError},
};

use serde_json::Value;

use super::{
    House,
    dice::Dice,
    known::{Loose, note},
};

const ROWS: usize = 25;
const MAILS: usize = 6;

/// The command that runs now, to be killed with the server.
#[derive(Default)]
pub struct Running(Mutex<(Option<Child>, bool)>);

impl Running {
    /// Kills what runs; nothing starts after it.
    pub fn kill(&self) {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        held.1 = true;
        if let Some(child) = &mut held.0 {
            // It may have ended already.
            drop(child.kill());
        }
    }

    /// Runs a command to its end. `None` when it did not get there.
    fn run(&self, mut command: Command, answer: &PathBuf) -> Option<Value> {
        let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if held.1 {
            return None;
        }
        let child = command.stdin(Stdio::null()).stdout(fs::File::create(answer).unwrap()).stderr(Stdio::null()).spawn().unwrap();
        held.0 = Some(child);
        drop(held);
        let status = loop {
            let mut held = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(status) = held.0.as_mut().unwrap().try_wait().unwrap() {
                held.0 = None;
                break status;
            }
            drop(held);
            std::thread::sleep(std::time::Duration::from_millis(2));
        };
        status.success().then(|| serde_json::from_str(&fs::read_to_string(answer).unwrap()).unwrap())
    }
}

/// Gives commands until one does not get to its end.
pub fn work(house: &House, running: &Running, mut dice: Dice, word: &str) -> Vec<Loose> {
    let mut loose = Vec::new();
    for n in 0.. {
        let name = format!("{word}h{n}");
        let (words, path, marks) = match dice.below(5) {
            0..2 => import(house, &name),
            2..4 => capture(house, &name),
            _ => (vec!["sweep".to_owned()], "people", Vec::new()),
        };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let told = running.run(house.command(&words), &house.folder.path().join(format!("{name}.out")));
        let (count, key) = (marks.len(), if path == "messages" { "captured" } else { "created" });
        assert!(count == 0 || told.as_ref().is_none_or(|told| told[key] == count), "{told:?}");
        if count > 0 {
            loose.push(Loose { path, marks, whole: false, acknowledged: told.is_some() });
        }
        if told.is_none() {
            break;
        }
    }
    loose
}

fn import(house: &House, name: &str) -> (Vec<String>, &'static str, Vec<String>) {
    let marks: Vec<String> = (0..ROWS).map(|row| format!("{name}r{row} Quill")).collect();
    let rows: String = marks.iter().map(|mark| format!("{mark},{}\n", note(mark))).collect();
    let file = format!("{name}.csv");
    fs::write(house.folder.path().join(&file), format!("Name,Note\n{rows}")).unwrap();
    (vec!["import".to_owned(), file, "--kind".to_owned(), "person".to_owned()], "people", marks)
}

fn capture(house: &House, name: &str) -> (Vec<String>, &'static str, Vec<String>) {
    let marks: Vec<String> = (0..MAILS).map(|mail| format!("{name}m{mail} Quill")).collect();
    let folder = house.folder.path().join(name);
    fs::create_dir(&folder).unwrap();
    for (n, mark) in marks.iter().enumerate() {
        let mail = format!(
            "From: Grace <grace@example.org>\r\nTo: Office <office@example.net>\r\nSubject: {mark}\r\nDate: Fri, 20 Nov 2026 10:00:00 +0000\r\nMessage-ID: <{name}.{n}@example.org>\r\n\r\n{}\r\n",
            note(mark)
        );
        fs::write(folder.join(format!("{n}.eml")), mail).unwrap();
    }
    (vec!["capture".to_owned(), name.to_owned(), "--channel".to_owned(), "email".to_owned()], "messages", marks)
}
