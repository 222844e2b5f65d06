use std::collections::BTreeMap;

use ledger::{
    canonical::{Value, encode},
    commit::{FIELD, META, SUBJECT},
    *,
};
use proptest::prelude::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn salt(n: u8) -> Salt {
    derive_salt(&[0x5a; 32], &[n])
}

fn log() -> Signer {
    Signer::new("log.example/crm", [3; 32]).unwrap()
}

fn witness() -> Signer {
    Signer::new("witness.example/w1", [4; 32]).unwrap()
}

fn keys() -> [Verifier; 2] {
    [log().verifier(), witness().witness_verifier()]
}

/// A small log, written leaf by leaf, and what an exporter would show of it.
#[derive(Default)]
struct Story {
    tiles: MemoryTiles,
    shown: Vec<Item>,
}

impl Story {
    fn add(&mut self, kind: LeafKind, fields: BTreeMap<String, Value>, previous: Option<Hash>, sealed: Option<&[u8]>) -> Hash {
        let index = self.tiles.size();
        let parts: BTreeMap<_, _> = fields.iter().zip(0u8..).map(|((key, value), n)| (key.clone(), Part::open(salt(n), value))).collect();
        let payload = Payload { fields: parts, previous };
        let (meta, subject) = (Part::open(salt(100), &text("made")), Part::open(salt(101), &Value::Bytes(vec![1; 16])));
        let leaf = Leaf {
            kind,
            at: 1_795_000_000_000_000 + i64::try_from(index).unwrap(),
            meta: meta.commitment(META),
            subjects: subjects_root(&[subject.commitment(SUBJECT)]),
            payload: payload.root().unwrap(),
            box_hash: sealed.map_or(ABSENT, sha256),
        };
        self.tiles.push(leaf.hash()).unwrap();
        self.shown.push(Item {
            index,
            leaf: leaf.encode().to_vec(),
            proof: vec![],
            meta: Some(meta),
            subjects: vec![subject],
            payload: Some(payload),
            stored: sealed.map_or(Stored::Nothing, |bytes| Stored::Sealed { bytes: bytes.to_vec(), resealed: None }),
            destruction: None,
        });
        leaf.hash()
    }

    fn record(&mut self, name: &str, previous: Option<Hash>) -> Hash {
        let fields = [("email".to_owned(), text("ada@example.org")), ("name".to_owned(), text(name))].into();
        self.add(LeafKind::Record, fields, previous, Some(format!("box of {name}").as_bytes()))
    }

    /// Approval, order and certificate over a leaf; the item is left with what a destroyed one has.
    fn destroy(&mut self, index: usize, leaf: Hash, outcome: Outcome, fields: &[&str]) {
        let id = vec![self.tiles.size() as u8; 16];
        let scope = Some(Scope { records: vec![vec![1; 16]], fields: fields.iter().map(|&field| field.to_owned()).collect() });
        let said = Approval { order: id.clone(), by: "usr_1".to_owned(), scope };
        let approval = self.add(LeafKind::Approval, said.to_fields(), None, None);
        let covered = [[8; 32], leaf, [9; 32]];
        let order = Order {
            id,
            by: "usr_2".to_owned(),
            outcome,
            cover: Cover::of(&covered),
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
            records: vec![vec![1; 16]],
            approvals: vec![approval],
            keys: vec![vec![7; 16]],
            facts: text("due"),
        };
        let at = self.tiles.size();
        let order_leaf = self.add(LeafKind::Order, order.to_fields(), None, None);
        let certificate = Certificate { order: order_leaf, keys: order.keys };
        self.add(LeafKind::Certificate, certificate.to_fields(), None, None);
        let item = &mut self.shown[index];
        item.destruction = Some(Destruction { order: at, certificate: at + 1, position: 1, path: Cover::prove(&covered, 1) });
        if fields.is_empty() {
            (item.payload, item.meta, item.subjects, item.stored) = (None, None, vec![], Stored::Nothing);
        } else {
            let payload = item.payload.as_mut().unwrap();
            fields.iter().for_each(|&field| withhold(payload, field));
        }
    }

    fn bundle(mut self) -> Bundle {
        let head = Checkpoint { origin: "log.example/crm".into(), size: self.tiles.size(), root: self.tiles.root(), extensions: vec![] };
        let mut bundle = Bundle::new(&head, &log()).unwrap();
        bundle.checkpoint = cosign(&bundle.checkpoint, &witness(), 1_795_000_000).unwrap();
        for item in &mut self.shown {
            item.proof = inclusion_proof(&self.tiles, item.index, head.size).unwrap();
        }
        bundle.items = self.shown;
        bundle
    }
}

fn withhold(payload: &mut Payload, field: &str) {
    let part = payload.fields.get_mut(field).unwrap();
    *part = Part::Withheld { commitment: part.commitment(FIELD) };
}

/// Two versions open, one sealed under a re-seal, one erased, one expired, one with a field erased; a file beside them.
fn whole() -> Bundle {
    let mut story = Story::default();
    let first = story.record("Ada", None);
    story.record("Ada L.", Some(first));
    withhold(story.shown[1].payload.as_mut().unwrap(), "email");
    let resealed = story.record("Grace", None);
    let erased = story.record("Alan", None);
    let expired = story.record("Edsger", None);
    let partly = story.record("Barbara", None);
    story.add(LeafKind::Reseal, [("leaf".to_owned(), Value::Bytes(resealed.to_vec()))].into(), None, Some(b"box two"));
    story.shown[2].payload = None;
    story.shown[2].stored = Stored::Sealed { bytes: b"box two".to_vec(), resealed: Some(6) };
    story.destroy(3, erased, Outcome::Erased, &[]);
    story.destroy(4, expired, Outcome::Expired, &[]);
    story.destroy(5, partly, Outcome::Erased, &["email"]);
    let mut bundle = story.bundle();
    bundle.attach("note.txt", b"beside the evidence".to_vec());
    bundle
}

fn report(bundle: &Bundle) -> Report {
    verify_bundle(&bundle.to_bytes().unwrap(), Some(&keys()))
}

#[track_caller]
fn assert_fault(bundle: &Bundle, words: &str) {
    let report = report(bundle);
    assert!(report.faults.iter().any(|fault| fault.what.contains(words)), "{words}: {:?}", report.faults);
}

#[test]
fn a_whole_bundle_has_a_verdict_per_leaf_and_no_fault() {
    let report = report(&whole());
    assert_eq!(report.faults, []);
    assert_eq!((report.leaves, report.open, report.sealed, report.erased, report.expired, report.missing), (16, 13, 1, 1, 1, 0));
    assert_eq!(report.witnesses, ["witness.example/w1"]);
    assert!(!report.unanchored);
    let json = serde_json::to_value(&report).unwrap();
    let expected = ["checkpoint", "erased", "expired", "faults", "leaves", "missing", "open", "sealed", "unanchored", "witnesses"];
    assert_eq!(json.as_object().unwrap().keys().collect::<std::collections::BTreeSet<_>>(), expected.map(String::from).iter().collect());
}

#[test]
fn without_keys_or_without_a_known_witness_a_bundle_is_unanchored() {
    let bytes = whole().to_bytes().unwrap();
    for keys in [None, Some(&keys()[..1])] {
        let report = verify_bundle(&bytes, keys);
        assert!(report.is_clean() && report.unanchored && report.witnesses.is_empty());
    }
}

#[test]
fn a_bundle_of_a_log_the_caller_does_not_know_is_a_fault() {
    let stranger = Signer::new("log.example/crm", [99; 32]).unwrap().verifier();
    let report = verify_bundle(&whole().to_bytes().unwrap(), Some(&[stranger]));
    assert!(!report.is_clean() && report.checkpoint.is_none() && report.unanchored);
    assert_eq!(report.missing, report.leaves);
    // Nor does it help to bring one's own key along.
    let mut bundle = whole();
    bundle.vkey = Signer::new("log.example/crm", [99; 32]).unwrap().verifier().vkey();
    assert_fault(&bundle, "not among the keys you trust");
    bundle = whole();
    bundle.origin = "other.example".into();
    assert_fault(&bundle, "another origin");
}

#[test]
fn a_bundle_reads_back_as_written_and_always_in_the_same_bytes() {
    let bundle = whole();
    let bytes = bundle.to_bytes().unwrap();
    assert_eq!(bytes, bundle.to_bytes().unwrap());
    assert_eq!(Bundle::from_bytes(&bytes).unwrap(), bundle);
    assert!(bytes.starts_with(b"PK\x03\x04"));
}

#[test]
fn a_lost_body_is_missing_and_a_fault() {
    let mut bundle = whole();
    (bundle.items[0].payload, bundle.items[0].stored) = (None, Stored::Nothing);
    assert_fault(&bundle, "body is missing");
    assert_eq!(report(&bundle).missing, 1);
}

#[test]
fn a_body_that_does_not_match_is_a_fault_certificate_or_not() {
    for index in [0, 2, 3] {
        let mut bundle = whole();
        bundle.items[index].stored = Stored::Sealed { bytes: b"forged".to_vec(), resealed: None };
        assert_fault(&bundle, "stored box does not match");
    }
    let mut bundle = whole();
    bundle.items[0].payload.as_mut().unwrap().fields.insert("name".into(), Part::open(salt(1), &text("Eve")));
    assert_fault(&bundle, "fields do not match");
}

#[test]
fn a_body_that_is_still_there_contradicts_its_certificate() {
    let mut bundle = whole();
    bundle.items[3].stored = Stored::Sealed { bytes: b"box of Alan".to_vec(), resealed: None };
    assert_fault(&bundle, "yet its body is here");
    let mut bundle = whole();
    let fields = &mut bundle.items[5].payload.as_mut().unwrap().fields;
    fields.insert("email".into(), Part::open(salt(0), &text("ada@example.org")));
    assert_fault(&bundle, "yet its value is here");
}

#[test]
fn an_erasure_needs_its_own_order_certificate_and_approval_in_the_tree() {
    let item = |bundle: &Bundle, index: u64| bundle.items.iter().position(|item| item.index == index).unwrap();
    for (gone, words) in [(8, "order of its destruction is not"), (9, "certificate of its destruction is not"), (7, "approval")] {
        let mut bundle = whole();
        let at = item(&bundle, gone);
        bundle.items.remove(at);
        assert_fault(&bundle, words);
        assert!(report(&bundle).missing >= 1);
    }
    // The order of another leaf, and its certificate, do not explain this one.
    let mut bundle = whole();
    let other = bundle.items[4].destruction.clone();
    bundle.items[3].destruction = other;
    assert_fault(&bundle, "does not cover this leaf");
    // Order and certificate of different destructions.
    let mut bundle = whole();
    bundle.items[3].destruction.as_mut().unwrap().certificate = 12;
    assert_fault(&bundle, "certificate is that of another order");
    let mut bundle = whole();
    bundle.items[3].destruction.as_mut().unwrap().order = 9; // its certificate
    assert_fault(&bundle, "something else");
    // A certificate for other keys than the order's.
    let mut story = Story::default();
    let leaf = story.record("Alan", None);
    story.destroy(0, leaf, Outcome::Erased, &[]);
    story.tiles = MemoryTiles::new();
    let other = Certificate { order: Leaf::decode(&story.shown[2].leaf).unwrap().hash(), keys: vec![vec![1; 16]] };
    story.shown.pop();
    story.shown.iter().for_each(|item| story.tiles.push(leaf_hash(&item.leaf)).unwrap());
    story.add(LeafKind::Certificate, other.to_fields(), None, None);
    assert_fault(&story.bundle(), "other keys than its order");
    // An order over one field does not excuse the loss of the rest.
    let mut bundle = whole();
    (bundle.items[5].payload, bundle.items[5].stored) = (None, Stored::Nothing);
    assert_fault(&bundle, "body is missing");
}

#[test]
fn an_order_that_the_rules_refuse_explains_nothing() {
    let bytes = whole().to_bytes().unwrap();
    let seen = std::cell::Cell::new(0);
    let permitted = verify_bundle_with(
        &bytes,
        Some(&keys()),
        Some(&|order, approvers| seen.replace(seen.get() + 1) < 99 && order.facts == text("due") && approvers == 1),
    );
    assert!(permitted.is_clean());
    assert_eq!(seen.get(), 3);
    let refused = verify_bundle_with(&bytes, Some(&keys()), Some(&|_, _| false));
    assert_eq!((refused.erased, refused.expired, refused.missing), (0, 0, 2));
    assert!(refused.faults.iter().any(|fault| fault.what.contains("rules do not permit")));
}

#[test]
fn an_approval_counts_for_its_own_order_and_never_for_whoever_ordered() {
    let order = Order {
        id: vec![1; 16],
        by: "usr_1".to_owned(),
        outcome: Outcome::Expired,
        cover: Cover::of(&[]),
        fields: vec![],
        records: vec![],
        approvals: vec![],
        keys: vec![],
        facts: Value::Null,
    };
    let approval = |order: u8, by: &str| Approval { order: vec![order; 16], by: by.to_owned(), scope: None };
    assert_eq!(order.approvers(&[approval(1, "usr_2"), approval(1, "usr_3"), approval(1, "usr_2"), approval(1, "usr_1")]), Ok(2));
    assert_eq!(order.approvers(&[]), Ok(0));
    assert!(order.approvers(&[approval(1, "usr_2"), approval(2, "usr_3")]).unwrap_err().contains("another order"));
}

#[test]
fn an_approval_of_some_fields_of_a_record_holds_for_no_other_field_no_other_record_and_not_for_the_whole() {
    let order = |records: &[u8], fields: &[&str]| Order {
        id: vec![1; 16],
        by: "usr_1".to_owned(),
        outcome: Outcome::Expired,
        cover: Cover::of(&[]),
        fields: fields.iter().map(|&field| field.to_owned()).collect(),
        records: records.iter().map(|n| vec![*n; 16]).collect(),
        approvals: vec![],
        keys: vec![],
        facts: Value::Null,
    };
    let approval = |records: &[u8], fields: &[&str]| {
        let scope = Scope {
            records: records.iter().map(|n| vec![*n; 16]).collect(),
            fields: fields.iter().map(|&field| field.to_owned()).collect(),
        };
        Approval { order: vec![1; 16], by: "usr_2".to_owned(), scope: Some(scope) }
    };
    let given = approval(&[5], &["birthday", "note"]);
    assert_eq!(Approval::from_fields(&given.to_fields()).unwrap(), given);
    assert_eq!(
        order(&[5], &["note"]).approvers(std::slice::from_ref(&given)),
        Ok(1),
        "where one of the fields was empty, the order names the other"
    );
    for (records, fields) in [(&[5][..], &["email"][..]), (&[5], &["note", "email"]), (&[6], &["note"]), (&[5, 6], &["note"]), (&[5], &[])]
    {
        assert!(
            order(records, fields).approvers(std::slice::from_ref(&given)).unwrap_err().contains("other records or fields"),
            "{records:?} {fields:?}"
        );
    }
    assert_eq!(order(&[5, 6], &[]).approvers(&[approval(&[6, 5], &[])]), Ok(1));
    assert!(order(&[5], &["note"]).approvers(&[approval(&[5], &[])]).is_err(), "of the whole record, and not of this");
    assert!(order(&[5], &["note"]).approvers(&[Approval { scope: None, ..given }]).is_err());
}

#[test]
fn a_gap_between_versions_is_a_fault() {
    let mut bundle = whole();
    bundle.items.remove(0);
    assert_fault(&bundle, "version before this one is not in the bundle");
    let mut story = Story::default();
    let first = story.record("Ada", None);
    story.record("Ada L.", Some(first));
    story.record("Ada Lovelace", Some(first));
    assert_fault(&story.bundle(), "two versions follow the same one");
}

#[test]
fn a_reseal_of_another_leaf_is_refused() {
    let mut bundle = whole();
    bundle.items[0].stored = Stored::Sealed { bytes: b"box two".to_vec(), resealed: Some(6) };
    assert_fault(&bundle, "re-seal it names is that of another leaf");
    bundle.items[0].stored = Stored::Sealed { bytes: b"box two".to_vec(), resealed: Some(1) };
    assert_fault(&bundle, "re-seal it names is not in the bundle");
}

#[test]
fn names_order_and_format_of_a_bundle_are_checked() {
    for name in ["", "..", "a/b", "a\\b", "a\nb", "note.txt"] {
        let mut bundle = whole();
        bundle.attach(name, vec![]);
        assert!(bundle.to_bytes().is_err(), "{name:?}");
    }
    let mut bundle = whole();
    bundle.items.swap(0, 1);
    assert!(bundle.to_bytes().is_err());
    bundle = whole();
    bundle.format = "probity-bundle/2".into();
    assert!(bundle.to_bytes().is_err());
    bundle = whole();
    bundle.items[0].leaf.pop();
    assert!(bundle.to_bytes().is_err());
}

#[test]
fn a_value_that_is_not_canonical_is_a_fault_even_when_its_commitment_matches() {
    let mut story = Story::default();
    story.record("Ada", None);
    let odd = Part::Open { salt: salt(9), value: vec![0x18, 0x00] };
    let payload = Payload { fields: [("n".to_owned(), odd)].into(), previous: None };
    let mut leaf = Leaf::decode(&story.shown[0].leaf).unwrap();
    leaf.payload = payload.root().unwrap();
    story.tiles = MemoryTiles::new();
    story.tiles.push(leaf.hash()).unwrap();
    (story.shown[0].leaf, story.shown[0].payload) = (leaf.encode().to_vec(), Some(payload));
    assert_fault(&story.bundle(), "canonical CBOR");
}

#[test]
fn each_flipped_byte_of_a_bundle_is_a_fault() {
    let bytes = whole().to_bytes().unwrap();
    for at in (0..bytes.len()).step_by(11) {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(!verify_bundle(&changed, Some(&keys())).is_clean(), "byte {at}");
    }
}

#[test]
fn a_truncated_or_extended_bundle_is_a_fault() {
    let bytes = whole().to_bytes().unwrap();
    for end in (0..bytes.len()).step_by(97) {
        assert!(!verify_bundle(&bytes[..end], None).is_clean());
    }
    assert!(!verify_bundle(&[&bytes[..], &[0]].concat(), None).is_clean());
}

/// A forger who also repairs the archive's checksums: every text and number of bundle.json changed in turn.
#[test]
fn each_changed_value_of_a_repacked_bundle_is_a_fault() {
    let bundle = whole();
    let json = serde_json::to_value(&bundle).unwrap();
    let mut places = Vec::new();
    collect(&json, String::new(), &mut places);
    assert!(places.len() > 200, "{}", places.len());
    for place in places.iter().filter(|place| *place != "/files/0/name") {
        let mut changed = json.clone();
        alter(changed.pointer_mut(place).unwrap());
        let Ok(mut forged) = serde_json::from_value::<Bundle>(changed) else { continue };
        forged.files[0].content.clone_from(&bundle.files[0].content);
        let Ok(bytes) = forged.to_bytes() else { continue };
        assert!(!verify_bundle(&bytes, Some(&keys())).is_clean(), "{place}");
    }
}

fn collect(value: &serde_json::Value, at: String, out: &mut Vec<String>) {
    match value {
        serde_json::Value::Array(list) => list.iter().enumerate().for_each(|(n, value)| collect(value, format!("{at}/{n}"), out)),
        serde_json::Value::Object(map) => map.iter().for_each(|(key, value)| collect(value, format!("{at}/{key}"), out)),
        serde_json::Value::String(_) | serde_json::Value::Number(_) => out.push(at),
        _ => {}
    }
}

fn alter(value: &mut serde_json::Value) {
    *value = match &*value {
        serde_json::Value::Number(n) => (n.as_u64().unwrap() + 1).into(),
        serde_json::Value::String(text) => {
            let (head, last) = text.split_at(text.len() / 2);
            let first = if last.starts_with('1') { '2' } else { '1' };
            format!("{head}{first}{}", last.get(1..).unwrap_or_default()).into()
        }
        other => other.clone(),
    };
}

#[test]
fn a_field_added_to_the_payload_of_a_leaf_must_be_read_back() {
    let value = Value::Map([("k".to_owned(), Value::Int(1))].into());
    let part = Part::open(salt(1), &value);
    assert_eq!(part.value().unwrap(), Some(value.clone()));
    assert_eq!(part.commitment(FIELD), commit(&salt(1), FIELD, &encode(&value)));
    assert_eq!(part.commitment(FIELD), commit_field(&salt(1), &value));
}

proptest! {
    #[test]
    fn any_bytes_are_a_bundle_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        prop_assert!(!verify_bundle(&bytes, None).is_clean());
        prop_assert!(!verify_bundle(&[b"PK\x03\x04", &bytes[..]].concat(), None).is_clean());
    }

    #[test]
    fn orders_and_certificates_read_back_as_written(keys in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..4), hash: [u8; 32], count in 0u64..u64::MAX / 2) {
        let order = Order {
            id: vec![4; 16],
            by: "usr_2".to_owned(),
            outcome: Outcome::Expired,
            cover: Cover { root: hash, count },
            fields: vec!["email".into()],
            records: vec![vec![3; 16]],
            approvals: vec![hash],
            keys: keys.clone(),
            facts: Value::Null,
        };
        prop_assert_eq!(Order::from_fields(&order.to_fields()).unwrap(), order);
        let certificate = Certificate { order: hash, keys };
        prop_assert_eq!(Certificate::from_fields(&certificate.to_fields()).unwrap(), certificate);
    }
}
