use std::collections::BTreeMap;

use ledger::canonical::{MAX_DEPTH, Value, decode, encode};
use proptest::prelude::*;

fn text(text: &str) -> Value {
    Value::Text(text.to_owned())
}

fn ints(numbers: &[i64]) -> Value {
    Value::Array(numbers.iter().copied().map(Value::Int).collect())
}

#[test]
fn values_are_written_as_in_rfc_8949_appendix_a() {
    let cases = [
        (Value::Int(0), "00"),
        (Value::Int(10), "0a"),
        (Value::Int(23), "17"),
        (Value::Int(24), "1818"),
        (Value::Int(100), "1864"),
        (Value::Int(1000), "1903e8"),
        (Value::Int(1_000_000), "1a000f4240"),
        (Value::Int(1_000_000_000_000), "1b000000e8d4a51000"),
        (Value::Int(-1), "20"),
        (Value::Int(-10), "29"),
        (Value::Int(-100), "3863"),
        (Value::Int(-1000), "3903e7"),
        (Value::Int(i64::MAX), "1b7fffffffffffffff"),
        (Value::Int(i64::MIN), "3b7fffffffffffffff"),
        (Value::Bool(false), "f4"),
        (Value::Bool(true), "f5"),
        (Value::Null, "f6"),
        (Value::Bytes(vec![]), "40"),
        (Value::Bytes(vec![1, 2, 3, 4]), "4401020304"),
        (text(""), "60"),
        (text("a"), "6161"),
        (text("IETF"), "6449455446"),
        (text("\u{fc}"), "62c3bc"),
        (text("\u{6c34}"), "63e6b0b4"),
        (ints(&[]), "80"),
        (ints(&[1, 2, 3]), "83010203"),
        (Value::Array(vec![Value::Int(1), ints(&[2, 3]), ints(&[4, 5])]), "8301820203820405"),
        (Value::Map(BTreeMap::new()), "a0"),
        (Value::Map([("a".to_owned(), Value::Int(1)), ("b".to_owned(), ints(&[2, 3]))].into()), "a26161016162820203"),
    ];
    for (value, expected) in cases {
        assert_eq!(hex::encode(encode(&value)), expected);
        assert_eq!(decode(&hex::decode(expected).unwrap()).unwrap(), value);
    }
}

#[test]
fn shorter_keys_come_first_as_rfc_8949_4_2_1_orders_their_encodings() {
    let map = Value::Map(["aa", "b", ""].into_iter().map(|key| (key.to_owned(), Value::Null)).collect());
    assert_eq!(hex::encode(encode(&map)), "a360f66162f6626161f6");
}

#[test]
fn anything_but_the_one_encoding_is_refused() {
    let refused = [
        ("", "nothing at all"),
        ("1800", "24-bit form of 0"),
        ("190017", "a number longer than needed"),
        ("1a00000001", "a number longer than needed"),
        ("1b00000000ffffffff", "a number longer than needed"),
        ("580161", "a length longer than needed"),
        ("1bffffffffffffffff", "a number above 64 bits signed"),
        ("3bffffffffffffffff", "a number below 64 bits signed"),
        ("5f42010243030405ff", "an indefinite length"),
        ("9f01ff", "an indefinite length"),
        ("bf61610161629fff", "an indefinite length"),
        ("f97e00", "a half float"),
        ("fa47c35000", "a float"),
        ("fb3ff199999999999a", "a double"),
        ("f7", "undefined"),
        ("f0", "a simple value"),
        ("f8ff", "a simple value"),
        ("c074323031332d30332d32315432303a30343a30305a", "a tag"),
        ("a2616201616102", "keys out of order"),
        ("a2616101616102", "a repeated key"),
        ("a2626161f66162f6", "a longer key first"),
        ("a10102", "a key that is not text"),
        ("61ff", "text that is not UTF-8"),
        ("0000", "a second value"),
        ("6261", "text that ends early"),
        ("9b7fffffffffffffff", "a list of more than there is"),
        ("5b7fffffffffffffff", "bytes of more than there is"),
        ("bbffffffffffffffff", "a map of more than there is"),
        ("1c", "a reserved length"),
        ("ff", "a break"),
    ];
    for (bytes, why) in refused {
        assert!(decode(&hex::decode(bytes).unwrap()).is_err(), "{why}");
    }
}

#[test]
fn nesting_is_bounded() {
    let nested = |depth: usize| [vec![0x81; depth], vec![0xf6]].concat();
    assert!(decode(&nested(MAX_DEPTH - 1)).is_ok());
    assert!(decode(&nested(MAX_DEPTH)).is_err());
    assert!(decode(&nested(1_000_000)).is_err());
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        proptest::collection::vec(any::<u8>(), 0..40).prop_map(Value::Bytes),
        ".{0,20}".prop_map(Value::Text),
    ];
    leaf.prop_recursive(4, 40, 6, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::Array),
            proptest::collection::btree_map(".{0,6}", inner, 0..6).prop_map(Value::Map),
        ]
    })
}

proptest! {
    #[test]
    fn a_value_reads_back_as_written(value in values()) {
        prop_assert_eq!(decode(&encode(&value)).unwrap(), value);
    }

    #[test]
    fn whatever_is_read_is_written_back_in_the_same_bytes(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
        if let Ok(value) = decode(&bytes) {
            prop_assert_eq!(encode(&value), bytes);
        }
    }

    #[test]
    fn a_flipped_bit_gives_another_value_or_none(value in values(), at: usize, bit in 0u8..8) {
        let mut bytes = encode(&value);
        let place = at % bytes.len();
        bytes[place] ^= 1 << bit;
        prop_assert!(decode(&bytes).map_or(true, |other| other != value));
    }
}
