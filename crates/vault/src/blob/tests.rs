use kernel::KeyId;
use proptest::prelude::*;

use super::*;

fn context() -> Context<'static> {
    Context { key: KeyId::from_bytes([1; 16]), subject: [2; 16], version: 0, purpose: "blob" }
}

fn sample(len: usize) -> Vec<u8> {
    (0..len).map(|n| (n / 251 + n) as u8).collect()
}

const SIZES: [usize; 8] = [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 17, 3 * CHUNK];

#[test]
fn blobs_of_every_size_open_to_what_was_sealed() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    for size in SIZES {
        let plain = sample(size);
        let sealed = seal_blob(&key, &context(), &plain, &env);
        assert_eq!(*open_blob(&key, &context(), &sealed).unwrap(), plain);

        let mut streamed = Vec::new();
        OpenReader::new(sealed.as_slice(), &key, &context()).unwrap().read_to_end(&mut streamed).unwrap();
        assert_eq!(streamed, plain, "{size} read as a stream");

        let mut writer = SealWriter::new(Vec::new(), &key, &context(), &env).unwrap();
        plain.chunks(10_007).for_each(|part| writer.write_all(part).unwrap());
        let written = writer.finish().unwrap();
        assert_eq!(written.len(), sealed.len());
        assert_eq!(*open_blob(&key, &context(), &written).unwrap(), plain, "{size} written as a stream");
    }
}

fn refused(key: &RecordKey, sealed: &[u8]) -> bool {
    let streamed = OpenReader::new(sealed, key, &context()).and_then(|mut reader| io::copy(&mut reader, &mut io::sink()));
    assert_eq!(streamed.is_err(), open_blob(key, &context(), sealed).is_err(), "both ways of opening agree");
    streamed.is_err()
}

#[test]
fn a_blob_with_chunks_reordered_cut_repeated_or_appended_does_not_open() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    let sealed = seal_blob(&key, &context(), &sample(3 * CHUNK), &env);
    assert!(!refused(&key, &sealed));
    let (head, body) = sealed.split_at(HEAD);
    let chunks: Vec<&[u8]> = body.chunks(CHUNK + TAG).collect();
    let build = |order: &[usize]| [head.to_vec(), order.iter().flat_map(|n| chunks[*n].to_vec()).collect()].concat();
    for order in [&[1, 0, 2][..], &[0, 2], &[0, 1], &[0], &[], &[0, 1, 2, 2], &[0, 0, 1, 2], &[2]] {
        assert!(refused(&key, &build(order)), "{order:?}");
    }
    assert!(!refused(&key, &build(&[0, 1, 2])));
}

#[test]
fn a_blob_joined_from_two_does_not_open() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    let a = seal_blob(&key, &context(), &sample(2 * CHUNK), &env);
    let b = seal_blob(&key, &context(), &sample(2 * CHUNK), &env);
    let middle = HEAD + CHUNK + TAG;
    assert!(refused(&key, &[&a[..middle], &b[middle..]].concat()));
}

#[test]
fn a_blob_without_its_end_or_in_another_place_does_not_open() {
    let env = Env::system();
    let key = RecordKey::random(&env);
    let mut writer = SealWriter::new(Vec::new(), &key, &context(), &env).unwrap();
    writer.write_all(&sample(2 * CHUNK)).unwrap();
    assert!(refused(&key, &writer.inner));

    let sealed = writer.finish().unwrap();
    assert!(open_blob(&key, &context(), &sealed).is_ok());
    assert!(open_blob(&key, &Context { subject: [3; 16], ..context() }, &sealed).is_err());
    assert!(open_blob(&RecordKey::random(&env), &context(), &sealed).is_err());
    assert!(crate::open(&key, &context(), &sealed).is_err(), "a blob is not a box");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn a_blob_with_any_bit_flipped_or_any_end_cut_does_not_open(size in 0..(CHUNK + 40), at: prop::sample::Index, bit in 0..8u32) {
        let env = Env::system();
        let key = RecordKey::random(&env);
        let mut sealed = seal_blob(&key, &context(), &sample(size), &env);
        let at = at.index(sealed.len());
        prop_assert!(refused(&key, &sealed[..at]));
        sealed[at] ^= 1 << bit;
        prop_assert!(refused(&key, &sealed));
    }
}
