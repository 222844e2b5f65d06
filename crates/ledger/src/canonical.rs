//! Deterministic CBOR (RFC 8949 §4.2.1) of a small set of values: one value, one encoding, so a commitment to
//! the bytes is a commitment to the value.

use std::collections::BTreeMap;

use kernel::{Code, Error, Result};

/// How deep values may nest.
pub const MAX_DEPTH: usize = 32;
/// How many bytes are read at most (64 MiB).
pub const MAX_BYTES: usize = 64 << 20;

/// A value that has exactly one encoding. There are no floats: they have too many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Value {
    /// Nothing.
    Null,
    /// Yes or no.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Bytes.
    Bytes(Vec<u8>),
    /// UTF-8 text.
    Text(String),
    /// Values in order.
    Array(Vec<Value>),
    /// Values by name.
    Map(BTreeMap<String, Value>),
}

/// The bytes of a value.
pub fn encode(value: &Value) -> Vec<u8> {
    let mut out = Vec::new();
    write(value, &mut out);
    out
}

fn head(major: u8, n: u64, out: &mut Vec<u8>) {
    let major = major << 5;
    let bytes = n.to_be_bytes();
    match n {
        0..24 => out.push(major | bytes[7]),
        24..0x100 => out.extend([major | 24, bytes[7]]),
        0x100..0x1_0000 => {
            out.push(major | 25);
            out.extend(&bytes[6..]);
        }
        0x1_0000..0x1_0000_0000 => {
            out.push(major | 26);
            out.extend(&bytes[4..]);
        }
        _ => {
            out.push(major | 27);
            out.extend(bytes);
        }
    }
}

fn write(value: &Value, out: &mut Vec<u8>) {
    match value {
        Value::Null => out.push(0xf6),
        Value::Bool(false) => out.push(0xf4),
        Value::Bool(true) => out.push(0xf5),
        // A negative n is written as major type 1 with -1 - n, which is !n in two's complement.
        Value::Int(n) => head(u8::from(*n < 0), (if *n < 0 { !*n } else { *n }).cast_unsigned(), out),
        Value::Bytes(bytes) => {
            head(2, bytes.len() as u64, out);
            out.extend(bytes);
        }
        Value::Text(text) => {
            head(3, text.len() as u64, out);
            out.extend(text.as_bytes());
        }
        Value::Array(values) => {
            head(4, values.len() as u64, out);
            values.iter().for_each(|value| write(value, out));
        }
        Value::Map(map) => {
            head(5, map.len() as u64, out);
            // Bytewise order of the encoded keys: the head makes shorter keys come first.
            let mut entries: Vec<_> = map.iter().collect();
            entries.sort_by_key(|(key, _)| (key.len(), key.as_str()));
            for (key, value) in entries {
                head(3, key.len() as u64, out);
                out.extend(key.as_bytes());
                write(value, out);
            }
        }
    }
}

/// Reads one value. Error: malformed, unless the bytes are exactly what [`encode`] writes for it; too_large above
/// [`MAX_BYTES`].
pub fn decode(bytes: &[u8]) -> Result<Value> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::new(Code::TooLarge, "A sealed value is larger than 64 MiB."));
    }
    let mut reader = Reader { rest: bytes };
    let value = reader.value(0)?;
    if reader.rest.is_empty() { Ok(value) } else { Err(fail("something follows it")) }
}

fn fail(what: &str) -> Error {
    Error::new(Code::Malformed, format!("A value is not in canonical CBOR: {what}."))
}

struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    fn take(&mut self, n: u64) -> Result<&'a [u8]> {
        let n = usize::try_from(n).map_err(|_| fail("it ends early"))?;
        let (taken, rest) = self.rest.split_at_checked(n).ok_or_else(|| fail("it ends early"))?;
        self.rest = rest;
        Ok(taken)
    }

    /// Major type, additional information and argument of the next item.
    fn head(&mut self) -> Result<(u8, u8, u64)> {
        let first = self.take(1)?[0];
        let (major, info) = (first >> 5, first & 31);
        let (width, least) = match info {
            0..24 => return Ok((major, info, u64::from(info))),
            24 => (1, 24),
            25 => (2, 0x100),
            26 => (4, 0x1_0000),
            27 => (8, 0x1_0000_0000),
            _ => return Err(fail("a length is indefinite or reserved")),
        };
        let n = self.take(width)?.iter().fold(0, |n, byte| n << 8 | u64::from(*byte));
        // Floats and simple values also carry an argument (major 7); they are refused by the caller.
        if n < least && major != 7 { Err(fail("a number is longer than needed")) } else { Ok((major, info, n)) }
    }

    fn text(&mut self, n: u64) -> Result<String> {
        let text = std::str::from_utf8(self.take(n)?).map_err(|_| fail("a text is not UTF-8"))?;
        Ok(text.to_owned())
    }

    fn value(&mut self, depth: usize) -> Result<Value> {
        if depth >= MAX_DEPTH {
            return Err(fail("it nests too deep"));
        }
        let (major, info, n) = self.head()?;
        let int = |n: u64| i64::try_from(n).map_err(|_| fail("a number does not fit 64 bits"));
        Ok(match major {
            0 => Value::Int(int(n)?),
            1 => Value::Int(!int(n)?),
            2 => Value::Bytes(self.take(n)?.to_vec()),
            3 => Value::Text(self.text(n)?),
            4 => {
                // Every item takes at least one byte: what is announced can be checked before memory is spent.
                self.ensure_room(n)?;
                let mut values = Vec::new();
                for _ in 0..n {
                    values.push(self.value(depth + 1)?);
                }
                Value::Array(values)
            }
            5 => {
                self.ensure_room(n.saturating_mul(2))?;
                let (mut map, mut last) = (BTreeMap::new(), None::<String>);
                for _ in 0..n {
                    let (major, _, n) = self.head()?;
                    if major != 3 {
                        return Err(fail("a key is not text"));
                    }
                    let key = self.text(n)?;
                    if last.as_ref().is_some_and(|last| (last.len(), last.as_str()) >= (key.len(), key.as_str())) {
                        return Err(fail("keys are out of order or repeated"));
                    }
                    let value = self.value(depth + 1)?;
                    last = Some(key.clone());
                    map.insert(key, value);
                }
                Value::Map(map)
            }
            7 => match info {
                20 => Value::Bool(false),
                21 => Value::Bool(true),
                22 => Value::Null,
                _ => return Err(fail("floats and other simple values are not used")),
            },
            _ => return Err(fail("tags are not used")),
        })
    }

    fn ensure_room(&self, n: u64) -> Result<()> {
        if n > self.rest.len() as u64 { Err(fail("it ends early")) } else { Ok(()) }
    }
}
