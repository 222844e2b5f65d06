use ledger::note::{Note, ed25519_verifies};
use ledger::*;
use proptest::prelude::*;

/// The secret and public key of RFC 8032 §7.1, test 1.
const SEED: &str = "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60";
const PUBLIC: &str = "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a";

fn seed() -> [u8; 32] {
    hex::decode(SEED).unwrap().try_into().unwrap()
}

fn log() -> Signer {
    Signer::new("log.example/crm", seed()).unwrap()
}

fn witness() -> Signer {
    Signer::new("witness.example/w1", [7; 32]).unwrap()
}

fn head() -> Checkpoint {
    Checkpoint { origin: "log.example/crm".into(), size: 42, root: [5; 32], extensions: vec![] }
}

#[test]
fn the_key_is_that_of_rfc_8032() {
    let public: [u8; 32] = hex::decode(PUBLIC).unwrap().try_into().unwrap();
    let signature =
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b";
    assert!(ed25519_verifies(&public, b"", &hex::decode(signature).unwrap()));
    assert!(!ed25519_verifies(&public, b"x", &hex::decode(signature).unwrap()));
    assert!(!ed25519_verifies(&public, b"", &[]));
}

#[test]
fn a_checkpoint_reads_back_as_signed() {
    let mut checkpoint = head();
    for extensions in [vec![], vec!["one".to_owned(), "two words".to_owned()]] {
        checkpoint.extensions = extensions;
        let note = sign(&checkpoint, &log()).unwrap();
        assert!(note.starts_with("log.example/crm\n42\nBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=\n"));
        let (opened, keys) = open(&note, &[log().verifier()]).unwrap();
        assert_eq!(opened, checkpoint);
        assert_eq!((keys.len(), keys[0].name.as_str(), keys[0].at), (1, "log.example/crm", None));
    }
}

#[test]
fn a_verifier_key_reads_back_as_written_and_a_wrong_hash_is_refused() {
    for key in [log().verifier(), log().witness_verifier()] {
        assert_eq!(Verifier::parse(&key.vkey()).unwrap(), key);
    }
    let vkey = log().verifier().vkey();
    assert_ne!(vkey, log().witness_verifier().vkey());
    for bad in [
        "",
        "a+b",
        "log.example/crm+00000000+AdeYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo=",
        &vkey.replace("log.", "lag."),
        &vkey.to_uppercase(),
        &format!(" {vkey}"),
        &vkey[..vkey.len() - 1],
    ] {
        assert!(Verifier::parse(bad).is_err(), "{bad}");
    }
}

#[test]
fn a_witness_cosigns_with_its_time_and_only_beside_the_log() {
    let note = cosign(&sign(&head(), &log()).unwrap(), &witness(), 1_679_315_147).unwrap();
    let (_, keys) = open(&note, &[log().verifier(), witness().witness_verifier()]).unwrap();
    assert_eq!(keys[1].at, Some(1_679_315_147));
    assert_eq!(keys[1].kind, KeyKind::Witness);
    // A stranger's signature is ignored, the log's alone suffices.
    assert_eq!(open(&note, &[log().verifier()]).unwrap().1.len(), 1);
    // A witness's word alone is not the log's.
    assert!(open(&note, &[witness().witness_verifier()]).is_err());
    // Nor does a log's key under a witness's type, or the other way round, verify.
    assert!(open(&note, &[log().witness_verifier()]).is_err());
    assert!(open(&note, &[]).is_err());
    assert!(cosign(&note, &witness(), u64::MAX).is_err());
}

#[test]
fn a_known_key_that_signs_wrongly_or_twice_spoils_the_note() {
    let good = sign(&head(), &log()).unwrap();
    let other = sign(&Checkpoint { size: 43, ..head() }, &log()).unwrap();
    let (text, _) = good.split_once("\n\n").unwrap();
    let line = |note: &str| note.split_once("\n\n").unwrap().1.to_owned();
    let keys = [log().verifier(), witness().witness_verifier()];
    assert!(open(&format!("{text}\n\n{}", line(&other)), &keys).is_err());
    assert!(open(&format!("{good}{}", line(&good)), &keys).is_err());
    let spoiled = cosign(&good, &witness(), 5).unwrap();
    let foreign = cosign(&other, &witness(), 5).unwrap();
    let wrong = line(&foreign).lines().nth(1).unwrap().to_owned();
    assert!(open(&spoiled, &keys).is_ok());
    assert!(open(&format!("{good}{wrong}\n"), &keys).is_err());
}

#[test]
fn a_checkpoint_that_is_not_exactly_one_is_refused() {
    let root = "BQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQU=";
    assert!(Checkpoint::parse(&format!("o\n0\n{root}\n")).is_ok());
    assert!(Checkpoint::parse(&format!("o\n18446744073709551615\n{root}\nmore\n")).is_ok());
    for bad in [
        format!("o\n0\n{root}"),
        format!("\n0\n{root}\n"),
        format!("o\n00\n{root}\n"),
        format!("o\n+1\n{root}\n"),
        format!("o\n-1\n{root}\n"),
        format!("o\n18446744073709551616\n{root}\n"),
        format!("o\n1\n{root}\n\n"),
        format!("o\n1\n{root}A\n"),
        "o\n1\nBQU=\n".to_owned(),
        "o\n1\n".to_owned(),
        String::new(),
    ] {
        assert!(Checkpoint::parse(&bad).is_err(), "{bad:?}");
    }
    assert!(sign(&Checkpoint { origin: "a\nb".into(), ..head() }, &log()).is_err());
    assert!(sign(&Checkpoint { extensions: vec![String::new()], ..head() }, &log()).is_err());
}

#[test]
fn a_key_name_with_space_or_plus_is_refused() {
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\n"] {
        assert!(Signer::new(name, [1; 32]).is_err());
    }
}

#[test]
fn sixteen_signatures_are_read_and_more_than_a_hundred_refused() {
    let mut note = sign(&head(), &log()).unwrap();
    for n in 0..99u8 {
        note = cosign(&note, &Signer::new(format!("w{n}"), [n; 32]).unwrap(), 1).unwrap();
    }
    assert!(open(&note, &[log().verifier()]).is_ok());
    note = cosign(&note, &witness(), 1).unwrap();
    assert!(open(&note, &[log().verifier()]).is_err());
}

#[test]
fn each_flipped_byte_of_a_note_is_refused_or_loses_its_signer() {
    let note = cosign(&sign(&head(), &log()).unwrap(), &witness(), 9).unwrap();
    let keys = [log().verifier(), witness().witness_verifier()];
    let (checkpoint, signers) = open(&note, &keys).unwrap();
    for at in 0..note.len() {
        for bit in 0..8 {
            let mut bytes = note.clone().into_bytes();
            bytes[at] ^= 1 << bit;
            let Ok(changed) = String::from_utf8(bytes) else { continue };
            if let Ok((opened, by)) = open(&changed, &keys) {
                // Only a signature line whose name or key id no longer matches may be passed over, never the text.
                assert_eq!(opened, checkpoint);
                assert!(by.len() < signers.len(), "byte {at} bit {bit}");
            }
        }
    }
}

proptest! {
    #[test]
    fn any_text_is_a_note_or_refused(text in "(\u{2014} |[a-z+/= ]{0,9}|\n){0,30}") {
        let _ = Note::parse(&text);
        let _ = Checkpoint::parse(&text);
        let _ = Verifier::parse(&text);
        let _ = open(&text, &[log().verifier()]);
    }
}
