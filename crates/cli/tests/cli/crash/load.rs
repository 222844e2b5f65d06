//! The load: programs that call the API until the server is gone, each remembering what it was told.

use std::{
    io,
    sync::atomic::{AtomicUsize, Ordering},
};

use serde_json::{Value, json};

use super::{
    dice::Dice,
    known::{Fate, Found, Known, Loose, Received, content},
};
use crate::server::{Answer, Caller};

/// One program. Its records are its own, so that it knows what each must be.
pub struct Program {
    pub dice: Dice,
    /// A word that no other program of any cycle has.
    pub word: String,
    pub made: usize,
    pub known: Vec<Known>,
    pub loose: Vec<Loose>,
    pub received: Vec<Received>,
}

impl Program {
    pub const fn new(dice: Dice, word: String, known: Vec<Known>) -> Self {
        Self { dice, word, made: 0, known, loose: Vec::new(), received: Vec::new() }
    }

    /// Calls until the connection ends, counting the answers.
    pub fn run(mut self, address: &str, key: &str, answers: &AtomicUsize) -> Self {
        // A server that is gone before the first call has acknowledged nothing.
        let Ok(mut caller) = Caller::connect(address, key) else { return self };
        loop {
            match self.one(&mut caller) {
                Ok(()) => {
                    answers.fetch_add(1, Ordering::Relaxed);
                }
                Err(cause) => {
                    assert!(
                        !matches!(cause.kind(), io::ErrorKind::WouldBlock | io::ErrorKind::TimedOut | io::ErrorKind::InvalidData),
                        "{cause}"
                    );
                    return self;
                }
            }
        }
    }

    fn one(&mut self, caller: &mut Caller) -> io::Result<()> {
        match self.dice.below(100) {
            0..25 => self.create(caller),
            25..50 => self.update(caller),
            50..58 => self.batch(caller),
            58..78 => self.read(caller),
            78..85 => self.list(caller),
            85..94 => self.search(caller),
            _ => self.erase(caller),
        }
    }

    fn mark(&mut self) -> String {
        self.made += 1;
        format!("{}n{} Quill", self.word, self.made)
    }

    /// One of its records whose state is known.
    fn pick(&mut self) -> Option<usize> {
        let sure: Vec<usize> =
            self.known.iter().enumerate().filter(|(_, one)| one.fate == Fate::Stays && one.perhaps.is_none()).map(|(n, _)| n).collect();
        (!sure.is_empty()).then(|| sure[self.dice.below(sure.len())])
    }

    fn receive(&mut self, event: &'static str, shown: &[Value]) {
        let mut records: Vec<(String, i64)> = shown.iter().map(|one| (text(&one["id"]), one["version"].as_i64().unwrap())).collect();
        records.sort_unstable();
        self.received.push((event, records));
    }

    fn create(&mut self, caller: &mut Caller) -> io::Result<()> {
        let path = if self.dice.below(4) == 0 { "companies" } else { "people" };
        let mark = self.mark();
        self.loose.push(Loose { path, marks: vec![mark.clone()], whole: true, acknowledged: false });
        let answer = caller.post(&format!("/{path}"), &json!({ "fields": content(&mark) }))?;
        need(&answer, 201);
        self.loose.pop();
        // What was given is answered under the event of its making.
        self.receive("record.created", std::slice::from_ref(&answer.body));
        self.known.push(Known::new(path, text(&answer.body["id"]), mark));
        Ok(())
    }

    fn update(&mut self, caller: &mut Caller) -> io::Result<()> {
        let Some(n) = self.pick() else { return self.create(caller) };
        let mark = self.mark();
        let one = &mut self.known[n];
        one.perhaps = Some(mark.clone());
        let answer =
            caller.call("PATCH", &format!("/{}/{}", one.path, one.id), Some(one.version), Some(&json!({ "fields": content(&mark) })))?;
        need(&answer, 200);
        one.version += 1;
        (one.mark, one.perhaps) = (mark, None);
        assert_eq!(answer.body["version"], one.version);
        self.receive("record.read", std::slice::from_ref(&answer.body));
        Ok(())
    }

    fn batch(&mut self, caller: &mut Caller) -> io::Result<()> {
        let marks: Vec<String> = (0..1 + self.dice.below(12)).map(|_| self.mark()).collect();
        let mut rows: Vec<Value> = marks.iter().map(|mark| json!({ "op": "create", "fields": content(mark) })).collect();
        let changed = self.pick().filter(|n| self.known[*n].path == "people");
        if let Some(n) = changed {
            let mark = self.mark();
            let one = &mut self.known[n];
            rows.push(json!({ "op": "update", "id": one.id, "version": one.version, "fields": content(&mark) }));
            one.perhaps = Some(mark);
        }
        self.loose.push(Loose { path: "people", marks: marks.clone(), whole: true, acknowledged: false });
        let answer = caller.post("/people/batch", &json!({ "items": rows }))?;
        need(&answer, 200);
        assert_eq!(answer.body["failed"], 0, "{}", answer.body);
        self.loose.pop();
        self.known.extend(marks.into_iter().enumerate().map(|(n, mark)| Known::new("people", text(&answer.body["items"][n]["id"]), mark)));
        if let Some(one) = changed.map(|n| &mut self.known[n]) {
            one.version += 1;
            one.mark = one.perhaps.take().unwrap();
        }
        Ok(())
    }

    fn read(&mut self, caller: &mut Caller) -> io::Result<()> {
        let Some(n) = self.pick() else { return self.create(caller) };
        let one = &self.known[n];
        let answer = caller.get(&format!("/{}/{}", one.path, one.id))?;
        need(&answer, 200);
        assert_eq!(one.judge(Some(&Found::read(one.path, &answer.body))), None);
        self.receive("record.read", std::slice::from_ref(&answer.body));
        Ok(())
    }

    fn list(&mut self, caller: &mut Caller) -> io::Result<()> {
        let sort = ["-updated", "created", "name"][self.dice.below(3)];
        let answer = caller.get(&format!("/people?limit=20&sort={sort}"))?;
        need(&answer, 200);
        self.receive("record.listed", answer.body["items"].as_array().unwrap());
        Ok(())
    }

    fn search(&mut self, caller: &mut Caller) -> io::Result<()> {
        let Some(n) = self.pick() else { return self.create(caller) };
        let one = &self.known[n];
        let answer = caller.post("/search", &json!({ "words": one.mark }))?;
        need(&answer, 200);
        let found = answer.body["items"].as_array().unwrap();
        assert!(found.iter().any(|hit| hit["id"] == *one.id), "{:?} is acknowledged and not found", one.mark);
        self.receive("record.searched", found);
        Ok(())
    }

    fn erase(&mut self, caller: &mut Caller) -> io::Result<()> {
        let Some(n) = self.pick().filter(|n| self.known[*n].path == "people") else { return self.create(caller) };
        let person = self.known[n].id.clone();
        let answer = caller.post("/requests", &json!({ "person": person, "right": "erase", "reason": "asked by letter" }))?;
        need(&answer, 201);
        self.receive("request.read", &[]);
        let request = format!("/requests/{}", text(&answer.body["id"]));
        let answer = caller.post(&format!("{request}/verify"), &json!({ "how": "known to us" }))?;
        need(&answer, 200);
        self.receive("request.read", &[]);
        let plan = caller.get(&format!("{request}/plan"))?;
        need(&plan, 200);
        let one = &mut self.known[n];
        one.fate = Fate::Perhaps;
        let order = json!({ "fingerprint": plan.body["fingerprint"], "count": plan.body["count"] });
        let answer = caller.post(&format!("{request}/erase"), &order)?;
        need(&answer, 200);
        assert_eq!(answer.body["erased"], 1, "{}", answer.body);
        one.fate = Fate::Erased;
        self.received.push(("erasure.planned", vec![(person, one.version)]));
        Ok(())
    }
}

fn need(answer: &Answer, status: u16) {
    assert_eq!(answer.status, status, "{}", answer.body);
}

fn text(value: &Value) -> String {
    value.as_str().unwrap().to_owned()
}
