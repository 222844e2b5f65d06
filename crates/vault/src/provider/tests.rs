use super::*;

const WORDS: &str = "correct horse battery staple";

#[test]
fn what_a_passphrase_sealed_opens_with_it_and_with_no_other() {
    let env = Env::system();
    let sealed = FileProvider::passphrase(WORDS).unwrap().seal_root(&env, b"keys").unwrap();
    assert_eq!(FileProvider::passphrase(&format!("{WORDS}\n")).unwrap().open_root(&sealed).unwrap().as_slice(), b"keys");
    let refused = FileProvider::passphrase("correct horse battery stable").unwrap().open_root(&sealed).unwrap_err();
    assert_eq!(refused.code(), Code::Forbidden);
    assert!(refused.detail().contains("passphrase") && !refused.detail().contains("stable"));
}

#[test]
fn a_passphrase_means_the_same_however_its_accents_were_typed() {
    let env = Env::system();
    let sealed = FileProvider::passphrase("caf\u{e9} au lait noir").unwrap().seal_root(&env, b"keys").unwrap();
    assert!(FileProvider::passphrase("cafe\u{301} au lait noir").unwrap().open_root(&sealed).is_ok());
}

#[test]
fn a_short_passphrase_is_refused() {
    for text in ["", "\n", "elevenchars"] {
        assert_eq!(FileProvider::passphrase(text).unwrap_err().code(), Code::InvalidInput);
    }
}

#[test]
fn a_key_file_says_what_it_is_and_is_never_overwritten() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let env = Env::system();
    let made = FileProvider::create_key_file(&path, &env).unwrap();
    assert!(std::fs::read_to_string(&path).unwrap().starts_with("# Probity key file"));
    assert_eq!(disk::exposed(&path), None);
    let sealed = made.seal_root(&env, b"keys").unwrap();
    assert_eq!(FileProvider::key_file(&path).unwrap().open_root(&sealed).unwrap().as_slice(), b"keys");
    assert_eq!(FileProvider::create_key_file(&path, &env).unwrap_err().code(), Code::Duplicate);
    assert!(FileProvider::key_file(&path).unwrap().open_root(&sealed).is_ok());
}

#[test]
fn a_key_file_may_hold_base64() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let env = Env::system();
    let key = env.bytes::<32>();
    std::fs::write(&path, hex::encode_upper(key)).unwrap();
    let sealed = FileProvider::key_file(&path).unwrap().seal_root(&env, b"keys").unwrap();
    std::fs::write(&path, format!("# kept elsewhere too\n{}\n", STANDARD.encode(key))).unwrap();
    assert!(FileProvider::key_file(&path).unwrap().open_root(&sealed).is_ok());
}

#[test]
fn an_absent_or_worthless_key_file_is_refused_with_its_path() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("root.key");
    let absent = FileProvider::key_file(&path).unwrap_err();
    assert_eq!(absent.code(), Code::NotFound);
    assert!(absent.detail().contains("root.key"));
    assert!(!path.exists(), "no key is made up");
    for worthless in [
        "".to_owned(),
        "# only words\n".to_owned(),
        "00".repeat(32),
        "abcd".to_owned(),
        format!("{0}\n{0}\n", "3f".repeat(32)),
        "é".repeat(40),
    ] {
        std::fs::write(&path, &worthless).unwrap();
        assert_eq!(FileProvider::key_file(&path).unwrap_err().code(), Code::Malformed, "{worthless}");
    }
}

#[test]
fn a_seal_that_was_changed_is_called_damaged_and_costs_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let env = Env::system();
    let provider = FileProvider::create_key_file(&folder.path().join("root.key"), &env).unwrap();
    let sealed = provider.seal_root(&env, b"keys").unwrap();
    for (at, code) in
        [(0, Code::Malformed), (1, Code::Malformed), (30, Code::Forbidden), (40, Code::Malformed), (sealed.len() - 1, Code::Malformed)]
    {
        let mut changed = sealed.clone();
        changed[at] ^= 0x80;
        assert_eq!(provider.open_root(&changed).unwrap_err().code(), code, "byte {at}");
    }
    for end in 0..sealed.len() {
        assert!(provider.open_root(&sealed[..end]).is_err());
    }
}

#[test]
fn a_provider_does_not_print_its_secret() {
    let provider = FileProvider::passphrase(WORDS).unwrap();
    assert_eq!(format!("{provider:?} {}", provider.describe()), "FileProvider the passphrase");
}
