//! The ZIP of a bundle: entries stored as they are, no dates, one way to write it and only that way to read it, so
//! that a changed byte anywhere is noticed. Any ZIP tool opens it.

use kernel::{Code, Error, Result};

const LOCAL: u32 = 0x0403_4b50;
const CENTRAL: u32 = 0x0201_4b50;
const END: u32 = 0x0605_4b50;
const MAX_ENTRIES: usize = 10_000;
/// 1980-01-01, the first day a ZIP can name.
const DATE: u16 = 0x0021;
/// Names are UTF-8.
const FLAGS: u16 = 0x0800;

const CRC: [u32; 256] = {
    let (mut table, mut n) = ([0u32; 256], 0);
    while n < 256 {
        let (mut c, mut k) = (n as u32, 0);
        while k < 8 {
            c = if c & 1 == 1 { 0xedb8_8320 ^ (c >> 1) } else { c >> 1 };
            k += 1;
        }
        table[n] = c;
        n += 1;
    }
    table
};

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| CRC[usize::from((crc as u8) ^ byte)] ^ (crc >> 8))
}

fn put(out: &mut Vec<u8>, words: &[u16]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

fn put32(out: &mut Vec<u8>, words: &[u32]) {
    out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// Writes entries in their order. Error: too_large above 10,000 entries or 4 GiB.
pub(crate) fn write(entries: &[(String, &[u8])]) -> Result<Vec<u8>> {
    let large = || Error::new(Code::TooLarge, "A bundle can hold 10,000 files and 4 GiB. Make several smaller ones.");
    let (mut out, mut central) = (Vec::new(), Vec::new());
    let count = u16::try_from(entries.len()).ok().filter(|n| usize::from(*n) <= MAX_ENTRIES).ok_or_else(large)?;
    for (name, data) in entries {
        let offset = u32::try_from(out.len()).map_err(|_| large())?;
        let size = u32::try_from(data.len()).map_err(|_| large())?;
        let name_len = u16::try_from(name.len()).map_err(|_| large())?;
        let crc = crc32(data);
        put32(&mut out, &[LOCAL]);
        put(&mut out, &[20, FLAGS, 0, 0, DATE]);
        put32(&mut out, &[crc, size, size]);
        put(&mut out, &[name_len, 0]);
        out.extend(name.as_bytes());
        out.extend(*data);
        put32(&mut central, &[CENTRAL]);
        put(&mut central, &[20, 20, FLAGS, 0, 0, DATE]);
        put32(&mut central, &[crc, size, size]);
        put(&mut central, &[name_len, 0, 0, 0, 0]);
        put32(&mut central, &[0, offset]);
        central.extend(name.as_bytes());
    }
    let offset = u32::try_from(out.len()).map_err(|_| large())?;
    let size = u32::try_from(central.len()).map_err(|_| large())?;
    out.extend(central);
    put32(&mut out, &[END]);
    put(&mut out, &[0, 0, count, count]);
    put32(&mut out, &[size, offset]);
    put(&mut out, &[0]);
    Ok(out)
}

/// Reads what [`write()`] wrote. Error: malformed, on any other ZIP.
pub(crate) fn read(bytes: &[u8]) -> Result<Vec<(String, &[u8])>> {
    let fail = || Error::new(Code::Malformed, "This is not a Probity bundle, or it was changed or packed again by another program.");
    let (mut rest, mut entries) = (bytes, Vec::new());
    while let Some(header) = rest.strip_prefix(&LOCAL.to_le_bytes()) {
        let (header, more) = header.split_at_checked(26).ok_or_else(fail)?;
        let number = |at: usize| u32::from_le_bytes([header[at], header[at + 1], header[at + 2], header[at + 3]]) as usize;
        let (name, more) = more.split_at_checked(number(22) & 0xffff).ok_or_else(fail)?;
        let (data, more) = more.split_at_checked(number(14)).ok_or_else(fail)?;
        let name = std::str::from_utf8(name).map_err(|_| fail())?.to_owned();
        if entries.len() >= MAX_ENTRIES {
            return Err(fail());
        }
        entries.push((name, data));
        rest = more;
    }
    // Checksums, the central directory and every constant are checked by writing it again.
    if write(&entries).is_ok_and(|again| again == bytes) { Ok(entries) } else { Err(fail()) }
}
