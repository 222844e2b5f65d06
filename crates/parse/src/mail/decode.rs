//! Transfer encodings (RFC 2045 §6), read leniently: what has no meaning is skipped and reported.

/// Base64: bytes outside the alphabet are skipped; true when there were none but line ends and blanks.
pub(crate) fn base64(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    let (mut bits, mut held, mut clean, mut ended) = (0u32, 0u8, true, false);
    for byte in bytes {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            b'=' => {
                // Padding ends a run; mailers that join encoded pieces start another one after it.
                (bits, held, ended) = (0, 0, true);
                continue;
            }
            b'\r' | b'\n' | b' ' | b'\t' => continue,
            _ => {
                clean = false;
                continue;
            }
        };
        clean &= !ended;
        bits = (bits << 6) | u32::from(value);
        held += 6;
        if held >= 8 {
            held -= 8;
            out.extend(u8::try_from((bits >> held) & 0xFF));
            bits &= (1 << held) - 1;
        }
    }
    // Six bits left over are not a byte: the data was cut.
    (out, clean && held != 6)
}

/// Quoted-printable; a `=` that starts no valid escape stands for itself.
pub(crate) fn quoted_printable(bytes: &[u8]) -> (Vec<u8>, bool) {
    let mut out = Vec::with_capacity(bytes.len());
    let mut clean = true;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'=' {
            out.push(*byte);
            at += 1;
            continue;
        }
        let rest = bytes.get(at + 1..).unwrap_or_default();
        if let [high, low, ..] = rest
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            out.push(high << 4 | low);
            at += 3;
            continue;
        }
        // A soft line break, blanks before the line end allowed.
        let blanks = rest.iter().take_while(|b| **b == b' ' || **b == b'\t').count();
        match rest.get(blanks..) {
            Some([b'\r', b'\n', ..]) => at += blanks + 3,
            Some([b'\n', ..] | [b'\r', ..]) => at += blanks + 2,
            None | Some([]) => at += blanks + 1,
            Some(_) => {
                clean = false;
                out.push(b'=');
                at += 1;
            }
        }
    }
    (out, clean)
}

fn hex(byte: u8) -> Option<u8> {
    char::from(byte).to_digit(16).and_then(|d| u8::try_from(d).ok())
}

/// Uuencode as a transfer encoding (`x-uuencode`); `None` when there is no `begin` line.
pub(crate) fn uuencode(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut lines = bytes.split(|b| *b == b'\n').skip_while(|l| !l.starts_with(b"begin "));
    lines.next()?;
    let mut out = Vec::with_capacity(bytes.len() / 4 * 3);
    for line in lines {
        let line = line.trim_ascii_end();
        if line == b"end" {
            break;
        }
        let Some((length, data)) = line.split_first() else { continue };
        let length = usize::from(length.wrapping_sub(32) & 63);
        let start = out.len();
        for group in data.chunks(4) {
            let six = |i: usize| u32::from(group.get(i).map_or(0, |b| b.wrapping_sub(32) & 63));
            let word = six(0) << 18 | six(1) << 12 | six(2) << 6 | six(3);
            out.extend(word.to_be_bytes().get(1..).unwrap_or_default());
        }
        out.truncate(start + length);
    }
    Some(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_undone() {
        assert_eq!(base64(b"aGVs\r\nbG8=\r\n"), (b"hello".to_vec(), true));
        assert_eq!(base64(b"aGVs*bG8"), (b"hello".to_vec(), false));
        assert_eq!(quoted_printable(b"a=3D=\r\nb =E9"), (b"a=b \xE9".to_vec(), true));
        assert_eq!(quoted_printable(b"x=zz="), (b"x=zz".to_vec(), false));
        assert_eq!(uuencode(b"begin 644 a\n#0V%T\n`\nend\n"), Some(b"Cat".to_vec()));
        assert_eq!(uuencode(b"nothing"), None);
    }
}
