use proptest::prelude::*;

use super::*;
use crate::keyed;

fn bytes(hex: &str) -> Vec<u8> {
    hex::decode(hex).unwrap()
}

fn context(purpose: &str) -> Context<'_> {
    Context { key: KeyId::from_bytes([7; 16]), subject: [9; 16], version: 3, purpose }
}

/// Key, nonce, associated data, plain text, ciphertext and tag.
const PUBLISHED: [[&str; 5]; 2] = [
    // draft-irtf-cfrg-xchacha-03, appendix A.3.1.
    [
        "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f",
        "404142434445464748494a4b4c4d4e4f5051525354555657",
        "50515253c0c1c2c3c4c5c6c7",
        "4c616469657320616e642047656e746c656d656e206f662074686520636c617373206f66202739393a204966204920636f756c64206f6666657220796f75206f6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73637265656e20776f756c642062652069742e",
        "bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff921f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49",
    ],
    // Wycheproof, xchacha20_poly1305: a message of one byte.
    [
        "303ccb2e1567c3d9f629a5c632dbc62a9a82c525674f67988b31bd1dee990538",
        "05188738844ab90a8b11beef38eaec3e100d8f4f85ae7a41",
        "",
        "62",
        "45d15734f984d749fa3f0550a70c43dddf",
    ],
];

#[test]
fn the_cipher_gives_the_published_vectors() {
    for [key, nonce, aad, plain, sealed] in PUBLISHED {
        let cipher = XChaCha20Poly1305::new_from_slice(&bytes(key)).unwrap();
        let nonce: [u8; NONCE] = bytes(nonce).try_into().unwrap();
        let mut text = bytes(plain);
        let tag = encrypt(&cipher, &nonce, &bytes(aad), &mut text);
        assert_eq!(hex::encode([text.as_slice(), &tag].concat()), sealed);
        assert_eq!(*decrypt(&cipher, &nonce, &bytes(aad), &bytes(sealed)).unwrap(), bytes(plain));
    }
}

/// Wycheproof's cases for this cipher, where the shared corpus carries them.
#[test]
fn wycheproofs_cases_open_or_stay_closed_as_they_say() {
    let root = std::env::var("PROBITY_CORPUS")
        .map_or_else(|_| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), std::path::PathBuf::from);
    let Ok(text) = std::fs::read(root.join("standards/wycheproof/xchacha20_poly1305_test.json")) else {
        println!("corpus absent");
        return;
    };
    let suite: serde_json::Value = serde_json::from_slice(&text).unwrap();
    for group in suite["testGroups"].as_array().unwrap() {
        for case in group["tests"].as_array().unwrap() {
            let part = |name: &str| bytes(case[name].as_str().unwrap());
            let opened = match (XChaCha20Poly1305::new_from_slice(&part("key")), <[u8; NONCE]>::try_from(part("iv"))) {
                (Ok(cipher), Ok(nonce)) => decrypt(&cipher, &nonce, &part("aad"), &[part("ct"), part("tag")].concat()),
                _ => None,
            };
            let expected = (case["result"] == "valid").then(|| part("msg"));
            assert_eq!(opened.map(|o| o.to_vec()), expected, "case {}", case["tcId"]);
        }
    }
}

#[test]
fn a_keyed_hash_is_hmac_sha256_over_parts_that_carry_their_length() {
    use aws_lc_rs::hmac;
    let reference = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &[5; 32]), b"\0\0\0\0\0\0\0\x02ab\0\0\0\0\0\0\0\x01c");
    assert_eq!(keyed(&[5; 32], &[b"ab", b"c"]).as_slice(), reference.as_ref());
    assert_ne!(keyed(&[5; 32], &[b"ab", b"c"]), keyed(&[5; 32], &[b"a", b"bc"]));
}

#[test]
fn a_boxes_hash_is_sha256_of_what_is_stored() {
    // FIPS 180-2, appendix B.1.
    assert_eq!(hex::encode(box_hash(b"abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
}

#[test]
fn the_same_text_is_never_sealed_alike_twice() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    assert_ne!(seal(&key, &context("body"), b"x", &env), seal(&key, &context("body"), b"x", &env));
}

#[test]
fn a_box_that_does_not_open_tells_nothing_of_its_content() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    let sealed = seal(&key, &context("ada"), b"ada@example.org", &env);
    let error = open(&RecordKey::random(&env), &context("ada"), &sealed).unwrap_err();
    assert!(!format!("{error:?}{error}").contains("ada"));
}

#[test]
fn a_record_key_does_not_print_itself() {
    assert_eq!(format!("{:?}", RecordKey::from_slice(&[0x61; 32])), "Some(RecordKey)");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn a_box_opens_to_what_was_sealed(plain: Vec<u8>, purpose in ".{0,20}", version: i64) {
        let env = Env::system();
        let key = RecordKey::random(&env);
        let ctx = Context { version, ..context(&purpose) };
        let sealed = seal(&key, &ctx, &plain, &env);
        prop_assert_eq!(sealed.len(), plain.len() + 41);
        prop_assert_eq!(&*open(&key, &ctx, &sealed).unwrap(), &plain);
    }

    #[test]
    fn a_box_with_any_bit_flipped_or_any_end_cut_does_not_open(plain in proptest::collection::vec(any::<u8>(), 0..80), at: prop::sample::Index, bit in 0..8u32) {
        let env = Env::system();
        let key = RecordKey::random(&env);
        let sealed = seal(&key, &context("body"), &plain, &env);
        let mut changed = sealed.clone();
        let at = at.index(changed.len());
        changed[at] ^= 1 << bit;
        prop_assert!(open(&key, &context("body"), &changed).is_err());
        prop_assert!(open(&key, &context("body"), &sealed[..at]).is_err());
        prop_assert!(open(&key, &context("body"), &[sealed.as_slice(), &[0]].concat()).is_err());
    }

    #[test]
    fn a_box_does_not_open_anywhere_but_in_its_place(other_key: [u8; 16], subject: [u8; 16], version: i64, purpose in "[a-z]{0,6}") {
        let env = Env::system();
        let key = RecordKey::random(&env);
        let right = context("body");
        let sealed = seal(&key, &right, b"plain", &env);
        prop_assume!(other_key != [7; 16] && subject != [9; 16] && version != 3 && purpose != "body");
        for wrong in [
            Context { key: KeyId::from_bytes(other_key), ..right },
            Context { subject, ..right },
            Context { version, ..right },
            Context { purpose: &purpose, ..right },
        ] {
            prop_assert!(open(&key, &wrong, &sealed).is_err());
        }
        prop_assert!(open(&RecordKey::random(&env), &right, &sealed).is_err());
        prop_assert!(open(&key, &right, &sealed).is_ok());
    }

    #[test]
    fn no_bytes_make_opening_panic(sealed: Vec<u8>) {
        let key = RecordKey::random(&Env::system());
        prop_assert!(open(&key, &context("body"), &sealed).is_err());
        prop_assert!(crate::open_blob(&key, &context("body"), &sealed).is_err());
    }
}

/// Figures for the report; run alone: `cargo test --release -p probity-vault -- --ignored --nocapture figures`.
#[test]
#[ignore = "a measurement, not a promise"]
fn figures() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    let plain = env.bytes::<1024>();
    let ctx = context("body");
    let sealed = seal(&key, &ctx, &plain, &env);
    let time = |what: &str, rounds: u32, act: &mut dyn FnMut()| {
        act();
        let start = env.monotonic();
        (0..rounds).for_each(|_| act());
        println!("{what}: {:.2} µs", (env.monotonic() - start).as_secs_f64() * 1e6 / f64::from(rounds));
    };
    time("a nonce", 100_000, &mut || _ = env.bytes::<NONCE>());
    time("seal 1 KB", 100_000, &mut || drop(seal(&key, &ctx, &plain, &env)));
    time("open 1 KB", 100_000, &mut || drop(open(&key, &ctx, &sealed)));
    let folder = tempfile::tempdir().unwrap();
    let provider = crate::FileProvider::create_key_file(&folder.path().join("root"), &env).unwrap();
    let keyring = crate::Keyring::create(&folder.path().join("keyring"), &provider, &env).unwrap();
    let id = KeyId::mint(&env);
    let wrapped = keyring.wrap(&key, id, &env);
    time("wrap", 100_000, &mut || drop(keyring.wrap(&key, id, &env)));
    time("unwrap", 100_000, &mut || drop(keyring.unwrap(id, wrapped.epoch, &wrapped.bytes)));
    let text: String = (0..35).map(|n| format!("wörd{n} ")).collect();
    let folded = crate::fold(&text);
    time("35 words, fold and tokens", 10_000, &mut || drop(keyring.tokens().words("notes", &text)));
    time("35 words, plain ASCII", 10_000, &mut || drop(keyring.tokens().words("notes", &folded)));
    time("prefixes of two names", 10_000, &mut || drop(keyring.tokens().prefixes("name", "Augusta Lovelace", 2, 8)));
    let blob = vec![1; 4 << 20];
    time("seal a blob of 4 MiB", 20, &mut || drop(crate::seal_blob(&key, &ctx, &blob, &env)));
    time("e-mail", 10_000, &mut || drop(crate::email("Ada.Lovelace@Example.org")));
    time("telephone", 2_000, &mut || drop(crate::phone("030 1234567", Some("DE"))));
}
