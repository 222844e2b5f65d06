//! What the clients were told, and what must therefore be there.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Value, json};

/// A record that was acknowledged.
pub struct Known {
    pub path: &'static str,
    pub id: String,
    /// The version that was acknowledged last.
    pub version: i64,
    /// The mark of its content at that version.
    pub mark: String,
    /// The mark of a change that was sent and never answered. Such a record is left alone from then on.
    pub perhaps: Option<String>,
    pub fate: Fate,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    Stays,
    /// Its erasure was ordered and never answered.
    Perhaps,
    Erased,
}

/// Records that are known by their marks alone, because the answer with their ids never came or names none.
pub struct Loose {
    pub path: &'static str,
    pub marks: Vec<String>,
    /// All of them or none: they were sent as one unit.
    pub whole: bool,
    pub acknowledged: bool,
}

/// An answer that was received: the event that stands for it, and the records that it showed with their versions, sorted.
pub type Received = (&'static str, Vec<(String, i64)>);

/// A record as it is found.
pub struct Found {
    pub version: i64,
    /// Its mark, when every field is of the same mark.
    pub mark: Option<String>,
}

/// The content that a mark stands for: a record whose fields are of two marks is torn.
pub fn content(mark: &str) -> Value {
    json!({ "name": mark, "note": note(mark) })
}

pub fn note(mark: &str) -> String {
    format!("All that is said of {mark} is said here.")
}

impl Found {
    /// A record as the API shows it. A message's mark is its subject.
    pub fn read(path: &str, shown: &Value) -> Self {
        let fields = &shown["fields"];
        let mark = match path {
            "messages" => {
                fields["subject"].as_str().filter(|subject| fields["text"].as_str().is_some_and(|text| text.contains(&note(subject))))
            }
            _ => fields["name"].as_str().filter(|name| fields["note"] == note(name)),
        };
        Self { version: shown["version"].as_i64().unwrap(), mark: mark.map(str::to_owned) }
    }
}

impl Known {
    pub const fn new(path: &'static str, id: String, mark: String) -> Self {
        Self { path, id, version: 1, mark, perhaps: None, fate: Fate::Stays }
    }

    /// What is wrong with the record as found.
    pub fn judge(&self, found: Option<&Found>) -> Option<String> {
        let place = format!("/{}/{}, acknowledged at version {}", self.path, self.id, self.version);
        let Some(found) = found else {
            return (self.fate == Fate::Stays).then(|| format!("{place}: it is not there"));
        };
        if self.fate == Fate::Erased {
            return Some(format!("{place}: its erasure was acknowledged and it is there"));
        }
        let mark = found.mark.as_deref();
        let as_acknowledged = found.version == self.version && mark == Some(&self.mark);
        let as_asked = found.version == self.version + 1 && mark.is_some() && mark == self.perhaps.as_deref();
        (!as_acknowledged && !as_asked).then(|| format!("{place} as {:?}: version {} as {mark:?}", self.mark, found.version))
    }
}

/// What is wrong with everything that is there.
pub fn judge_all(known: &[Known], loose: &[Loose], there: &HashMap<&'static str, BTreeMap<String, Found>>) -> Vec<String> {
    let mut wrong: Vec<String> = known.iter().filter_map(|one| one.judge(there[one.path].get(&one.id))).collect();
    let acknowledged: HashSet<&str> = known.iter().map(|one| one.id.as_str()).collect();
    let mut unknown: HashMap<(&str, &str), &str> = HashMap::new();
    for (path, all) in there {
        for (id, found) in all.iter().filter(|(id, _)| !acknowledged.contains(id.as_str())) {
            let Some(mark) = &found.mark else {
                wrong.push(format!("/{path}/{id}: nobody acknowledged it, and it is torn"));
                continue;
            };
            if let Some(other) = unknown.insert((path, mark), id) {
                wrong.push(format!("/{path}/{id} and {other} came of one request"));
            }
        }
    }
    for group in loose {
        let present = group.marks.iter().filter(|mark| unknown.remove(&(group.path, mark.as_str())).is_some()).count();
        let (all, named) = (group.marks.len(), &group.marks[0]);
        if present < all && group.acknowledged {
            wrong.push(format!("/{}: of the {all} acknowledged from {named:?} on {present} are there", group.path));
        } else if group.whole && present > 0 && present < all {
            wrong.push(format!("/{}: of one unit of {all} from {named:?} on {present} are there", group.path));
        }
    }
    wrong.extend(unknown.iter().map(|((path, mark), id)| format!("/{path}/{id} as {mark:?}: nobody asked for it")));
    wrong
}

/// Answers that were received and whose event is not there.
pub fn unrecorded(received: &[Received], events: &[Value]) -> Vec<String> {
    let mut recorded: HashMap<(String, Vec<(String, i64)>), usize> = HashMap::new();
    for event in events {
        let records = event["records"].as_array().unwrap().iter();
        let mut records: Vec<(String, i64)> =
            records.map(|pair| (pair[0].as_str().unwrap().to_owned(), pair[1].as_i64().unwrap())).collect();
        records.sort_unstable();
        *recorded.entry((event["name"].as_str().unwrap().to_owned(), records)).or_default() += 1;
    }
    let mut missing = Vec::new();
    for (name, records) in received {
        match recorded.get_mut(&((*name).to_owned(), records.clone())) {
            Some(left) if *left > 0 => *left -= 1,
            _ => missing.push(format!("an answer was received without its event: {name} of {records:?}")),
        }
    }
    missing
}

mod the_judge {
    use super::*;

    fn found(version: i64, mark: &str) -> Found {
        Found { version, mark: Some(mark.to_owned()) }
    }

    #[test]
    fn of_a_crash_misses_no_lost_write_no_torn_one_and_no_unrecorded_read() {
        let mut one = Known::new("people", "rec_1".to_owned(), "a".to_owned());
        assert!(one.judge(Some(&found(1, "a"))).is_none());
        assert!(one.judge(None).is_some() && one.judge(Some(&found(1, "b"))).is_some() && one.judge(Some(&found(2, "b"))).is_some());
        assert!(one.judge(Some(&Found { version: 1, mark: None })).is_some());
        one.perhaps = Some("b".to_owned());
        assert!(one.judge(Some(&found(1, "a"))).is_none() && one.judge(Some(&found(2, "b"))).is_none());
        assert!(one.judge(Some(&found(2, "a"))).is_some() && one.judge(Some(&found(3, "b"))).is_some());
        one.fate = Fate::Erased;
        assert!(one.judge(None).is_none() && one.judge(Some(&found(1, "a"))).is_some());

        let there = |marks: &[&str]| {
            let all = marks.iter().enumerate().map(|(n, mark)| (format!("rec_{n}"), found(1, mark))).collect();
            HashMap::from([("people", all)])
        };
        let group = |whole, acknowledged| [Loose { path: "people", marks: vec!["a".to_owned(), "b".to_owned()], whole, acknowledged }];
        assert!(judge_all(&[], &group(true, false), &there(&[])).is_empty());
        assert!(judge_all(&[], &group(true, true), &there(&["a", "b"])).is_empty());
        assert!(judge_all(&[], &group(false, false), &there(&["b"])).is_empty());
        assert_eq!(judge_all(&[], &group(true, false), &there(&["b"])).len(), 1, "half of one unit");
        assert_eq!(judge_all(&[], &group(false, true), &there(&["b"])).len(), 1, "acknowledged and lost");
        assert_eq!(judge_all(&[], &[], &there(&["a"])).len(), 1, "nobody asked for it");
        assert_eq!(judge_all(&[], &group(false, false), &there(&["a", "a"])).len(), 1, "made twice");

        let event = json!({ "name": "record.read", "records": [["rec_1", 1]] });
        let read: Received = ("record.read", vec![("rec_1".to_owned(), 1)]);
        assert!(unrecorded(std::slice::from_ref(&read), std::slice::from_ref(&event)).is_empty());
        assert_eq!(unrecorded(&[read.clone(), read.clone()], &[event]).len(), 1);
        assert_eq!(unrecorded(&[read], &[]).len(), 1);
    }
}
