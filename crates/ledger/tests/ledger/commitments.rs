use ledger::canonical::{Value, encode};
use ledger::*;

const SALT: Salt = [0x0b; 32];

#[test]
fn a_commitment_is_the_hmac_of_the_prefixed_domain_and_the_bytes() {
    // Built here from RFC 2104's definition, not from the code under test.
    let message = [&10u64.to_be_bytes()[..], b"probity/xy", b"\xf6"].concat();
    let pad = |byte: u8| [SALT.map(|b| b ^ byte).to_vec(), vec![byte; 32]].concat();
    let inner = sha256(&[pad(0x36), message].concat());
    let expected = sha256(&[pad(0x5c), inner.to_vec()].concat());
    assert_eq!(commit(&SALT, "probity/xy", b"\xf6"), expected);
}

#[test]
fn domain_salt_and_bytes_all_count_and_do_not_run_together() {
    let one = commit(&SALT, "ab", b"c");
    assert_ne!(one, commit(&SALT, "a", b"bc"));
    assert_ne!(one, commit(&[0; 32], "ab", b"c"));
    assert_ne!(one, commit(&SALT, "ab", b"d"));
    assert_ne!(derive_salt(&SALT, b"a"), derive_salt(&SALT, b"b"));
    assert_ne!(derive_salt(&SALT, b"a"), commit(&SALT, "a", b""));
}

fn fields(keys: &[&str]) -> FieldCommitments {
    let mut fields = FieldCommitments::new();
    for key in keys {
        fields.insert(*key, commit_field(&SALT, &Value::Text((*key).to_owned()))).unwrap();
    }
    fields
}

#[test]
fn one_field_is_proved_without_the_others() {
    let fields = fields(&["email", "name", "notes", "phone", "title"]);
    for previous in [None, Some([7; 32])] {
        let root = payload_root(&fields, previous);
        for (key, commitment) in fields.iter() {
            let proof = fields.prove(key, previous).unwrap();
            proof.verify(key, commitment, &root).unwrap();
            assert!(proof.verify("other", commitment, &root).is_err());
            assert!(proof.verify(key, &[0; 32], &root).is_err());
            assert!(proof.verify(key, commitment, &[0; 32]).is_err());
        }
        assert!(fields.prove("absent", previous).is_none());
    }
}

#[test]
fn the_predecessor_is_part_of_the_root_and_no_field_can_pose_as_it() {
    let mut fields = fields(&["name"]);
    assert_ne!(payload_root(&fields, None), payload_root(&fields, Some([0; 32])));
    assert_eq!(fields.root(), payload_root(&fields, None));
    assert!(fields.insert("\0previous", [1; 32]).is_err());
    assert!(fields.insert("", [1; 32]).is_ok());
}

#[test]
fn the_order_of_subjects_does_not_matter_and_each_counts() {
    let (a, b) = (commit(&SALT, "s", &encode(&Value::Int(1))), commit(&SALT, "s", &encode(&Value::Int(2))));
    assert_eq!(subjects_root(&[a, b]), subjects_root(&[b, a]));
    assert_ne!(subjects_root(&[a]), subjects_root(&[a, b]));
    assert_eq!(subjects_root(&[]), ABSENT);
}

#[test]
fn a_gap_or_an_exchange_changes_the_end_of_a_chain() {
    let end = |events: &[(u64, u8)]| events.iter().fold([0; 32], |link, (seq, event)| chain(&link, *seq, &[*event; 32]));
    let whole = end(&[(1, 10), (2, 20), (3, 30)]);
    assert_ne!(whole, end(&[(1, 10), (3, 30)]));
    assert_ne!(whole, end(&[(1, 10), (2, 30), (3, 20)]));
    assert_ne!(whole, end(&[(1, 10), (2, 20), (4, 30)]));
    assert_eq!(whole, end(&[(1, 10), (2, 20), (3, 30)]));
}

#[test]
fn an_order_covers_each_of_its_leaves_and_no_other() {
    let leaves: Vec<Hash> = (0..11).map(|n| [n; 32]).collect();
    let cover = Cover::of(&leaves);
    for (position, leaf) in leaves.iter().enumerate() {
        let path = Cover::prove(&leaves, position);
        cover.verify(leaf, position as u64, &path).unwrap();
        assert!(cover.verify(&[99; 32], position as u64, &path).is_err());
        assert!(cover.verify(leaf, position as u64 + 1, &path).is_err());
    }
}
