//! From `?N` to PostgreSQL's `$N`.

/// Writes `?N` placeholders as `$N`, leaving string literals, quoted identifiers and comments alone. A `?` without a number stays.
pub(crate) fn numbered(sql: &str) -> String {
    let bytes = sql.as_bytes();
    let mut out = String::with_capacity(sql.len());
    let (mut from, mut at) = (0, 0);
    while at < bytes.len() {
        match bytes[at] {
            quote @ (b'\'' | b'"') => at = after(bytes, at + 1, |rest| rest[0] == quote, 1),
            b'-' if bytes.get(at + 1) == Some(&b'-') => at = after(bytes, at + 2, |rest| rest[0] == b'\n', 1),
            b'/' if bytes.get(at + 1) == Some(&b'*') => at = after(bytes, at + 2, |rest| rest.starts_with(b"*/"), 2),
            b'?' if bytes.get(at + 1).is_some_and(u8::is_ascii_digit) => {
                out.push_str(&sql[from..at]);
                out.push('$');
                from = at + 1;
                at += 1;
            }
            _ => at += 1,
        }
    }
    out.push_str(&sql[from..]);
    out
}

/// The place behind the next match, or the end. A doubled quote closes and opens again, which comes to the same.
fn after(bytes: &[u8], from: usize, found: impl Fn(&[u8]) -> bool, length: usize) -> usize {
    (from..bytes.len()).find(|at| found(&bytes[*at..])).map_or(bytes.len(), |at| at + length)
}

#[cfg(test)]
mod tests {
    use super::numbered;
    use proptest::prelude::*;

    #[test]
    fn placeholders_become_dollars_and_quoted_ones_stay() {
        assert_eq!(numbered("SELECT ?1, '?2', \"?3\" -- ?4\n, ?15 /* ?6 */ ?"), "SELECT $1, '?2', \"?3\" -- ?4\n, $15 /* ?6 */ ?");
        assert_eq!(numbered("SELECT 'it''s ?1', ?1"), "SELECT 'it''s ?1', $1");
        assert_eq!(numbered("'open ?1"), "'open ?1");
    }

    fn piece() -> impl Strategy<Value = (String, String)> {
        let same = |text: String| (text.clone(), text);
        prop_oneof![
            (1u32..99).prop_map(|n| (format!("?{n}"), format!("${n}"))),
            "[a-zé ,=()]{0,8}".prop_map(same),
            "[a-z?0-9é-]{0,8}".prop_map(|t| format!("'{t}'")).prop_map(same),
            "[a-z?0-9é']{0,8}".prop_map(|t| format!("\"{t}\"")).prop_map(same),
            "[a-z?0-9é'\"]{0,8}".prop_map(|t| format!("--{t}\n")).prop_map(same),
            "[a-z?0-9é'\"]{0,8}".prop_map(|t| format!("/*{t}*/")).prop_map(same),
        ]
    }

    proptest! {
        #[test]
        fn only_placeholders_outside_quotes_and_comments_are_rewritten(pieces in proptest::collection::vec(piece(), 0..12)) {
            let (given, wanted): (Vec<_>, Vec<_>) = pieces.into_iter().unzip();
            prop_assert_eq!(numbered(&given.join(" ")), wanted.join(" "));
        }

        #[test]
        fn any_text_is_rewritten_without_panic(text in ".{0,60}") { let _ = numbered(&text); }
    }
}
