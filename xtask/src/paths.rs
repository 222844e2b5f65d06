//! The paths that a Rust source names (`crate::records::find`, `trail::App`), use trees unfolded; comments and text literals do not count.

/// A path as written, and the line it stands on.
#[derive(Debug, PartialEq, Eq)]
pub struct Named {
    /// Counted from 1.
    pub line: usize,
    /// `crate::a::{b, c::*}` is two of these: `[crate, a, b]` and `[crate, a, c, *]`.
    pub segments: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Path,
    Mark(char),
}

/// Every path of two segments or more, and single names that a `use` brings in whole (`use trail as t;`).
pub fn named(source: &str) -> Vec<Named> {
    let tokens = tokens(source);
    let mut found = Vec::new();
    let mut at = 0;
    let mut after_use = false;
    while let Some((line, token)) = tokens.get(at) {
        match token {
            Token::Word(word) if word == "use" => {
                after_use = true;
                at += 1;
            }
            Token::Word(_) => {
                let line = *line;
                at = tree(&tokens, at, &[], line, after_use, &mut found);
                after_use = false;
            }
            // `use ::trail::App` begins with the path mark.
            Token::Path => at += 1,
            Token::Mark(_) => {
                after_use = false;
                at += 1;
            }
        }
    }
    found
}

/// Reads one path or use tree from `at`, which is a word; answers where it ends.
fn tree(tokens: &[(usize, Token)], mut at: usize, before: &[String], line: usize, whole: bool, found: &mut Vec<Named>) -> usize {
    let mut segments = before.to_vec();
    loop {
        match tokens.get(at) {
            Some((_, Token::Word(word))) => {
                segments.push(word.clone());
                at += 1;
            }
            Some((_, Token::Mark('*'))) if !segments.is_empty() => {
                segments.push("*".to_owned());
                at += 1;
                break;
            }
            Some((_, Token::Mark('{'))) if segments.len() > before.len() || !before.is_empty() => {
                return group(tokens, at + 1, &segments, found);
            }
            _ => break,
        }
        match tokens.get(at) {
            Some((_, Token::Path)) => at += 1,
            _ => break,
        }
    }
    if segments.len() > 1 || whole {
        found.push(Named { line, segments });
    }
    at
}

/// Reads the members of a `{…}` in a use tree up to the closing brace.
fn group(tokens: &[(usize, Token)], mut at: usize, before: &[String], found: &mut Vec<Named>) -> usize {
    while let Some((line, token)) = tokens.get(at) {
        match token {
            Token::Mark('}') => return at + 1,
            Token::Word(word) if word == "as" => at += 2,
            Token::Word(_) | Token::Mark('*' | '{') => at = tree(tokens, at, before, *line, true, found),
            _ => at += 1,
        }
    }
    at
}

/// Words, `::` and single marks, with their lines. Strings, characters and comments are left out.
fn tokens(source: &str) -> Vec<(usize, Token)> {
    let text: Vec<char> = source.chars().collect();
    let mut out = Vec::new();
    let (mut at, mut line) = (0, 1);
    let peek = |at: usize| text.get(at).copied();
    while let Some(c) = peek(at) {
        let from = at;
        match (c, peek(at + 1)) {
            ('/', Some('/')) => {
                while peek(at).is_some_and(|c| c != '\n') {
                    at += 1;
                }
            }
            ('/', Some('*')) => {
                let mut depth = 1;
                at += 2;
                while depth > 0 && at < text.len() {
                    match (peek(at), peek(at + 1)) {
                        (Some('/'), Some('*')) => (depth, at) = (depth + 1, at + 2),
                        (Some('*'), Some('/')) => (depth, at) = (depth - 1, at + 2),
                        _ => at += 1,
                    }
                }
            }
            ('"', _) => at = after_text(&text, at),
            ('\'', next) => {
                // A lifetime ('a, 'static) is not closed by a quote; a character ('a', '\n') is.
                let closed = next == Some('\\') || peek(at + 2) == Some('\'');
                at += 1;
                if closed {
                    at += if next == Some('\\') { 2 } else { 1 };
                    while peek(at).is_some_and(|c| c != '\'') {
                        at += 1;
                    }
                    at += 1;
                }
            }
            (':', Some(':')) => {
                out.push((line, Token::Path));
                at += 2;
            }
            (c, _) if c.is_alphanumeric() || c == '_' => {
                while peek(at).is_some_and(|c| c.is_alphanumeric() || c == '_') {
                    at += 1;
                }
                let word: String = text[from..at].iter().collect();
                match (word.as_str(), peek(at)) {
                    ("r" | "br" | "cr", Some('"' | '#')) if raw_text(&text, at).is_some() => at = raw_text(&text, at).unwrap_or(at),
                    ("b" | "c", Some('"')) => at = after_text(&text, at),
                    ("r", Some('#')) => at += 1,
                    _ => out.push((line, Token::Word(word))),
                }
            }
            (c, _) => {
                if !c.is_whitespace() {
                    out.push((line, Token::Mark(c)));
                }
                at += 1;
            }
        }
        line += text[from..at.min(text.len())].iter().filter(|c| **c == '\n').count();
    }
    out
}

/// Where the text literal that opens at `at` ends.
fn after_text(text: &[char], mut at: usize) -> usize {
    at += 1;
    while let Some(c) = text.get(at) {
        match c {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// Where the raw literal whose hashes begin at `at` ends; nothing if no quote follows the hashes (`r#type`).
fn raw_text(text: &[char], at: usize) -> Option<usize> {
    let hashes = text[at..].iter().take_while(|c| **c == '#').count();
    let mut at = at + hashes;
    if text.get(at) != Some(&'"') {
        return None;
    }
    at += 1;
    while at < text.len() {
        if text[at] == '"' && text[at + 1..].iter().take(hashes).filter(|c| **c == '#').count() == hashes {
            return Some(at + 1 + hashes);
        }
        at += 1;
    }
    Some(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(source: &str) -> Vec<String> {
        named(source).into_iter().map(|named| format!("{}:{}", named.line, named.segments.join("::"))).collect()
    }

    #[test]
    fn paths_are_found_in_use_trees_expressions_and_types() {
        let source =
            "use crate::{records::{find, Record as R}, views::*};\nfn f(x: trail::App) -> Vec<crate::holds::Hold> { parse::mail(x) }";
        let expected = [
            "1:crate::records::find",
            "1:crate::records::Record",
            "1:crate::views::*",
            "2:trail::App",
            "2:crate::holds::Hold",
            "2:parse::mail",
        ];
        assert_eq!(words(source), expected);
    }

    #[test]
    fn a_crate_brought_in_whole_is_a_path() {
        assert_eq!(
            words("use trail as t;\nuse ::trail;\nuse trail::{self, App};"),
            ["1:trail", "2:trail", "3:trail::self", "3:trail::App"]
        );
    }

    #[test]
    fn comments_and_text_name_nothing() {
        let source = "// parse::mail\n/* crate::a /* crate::b */ crate::c */\nlet s = \"crate::d \\\" crate::e\"; let r = r#\"crate::f \" \"#; let b = b\"crate::g\";";
        assert!(words(source).is_empty(), "{:?}", words(source));
    }

    #[test]
    fn lifetimes_and_characters_do_not_hide_what_follows() {
        assert_eq!(words("fn f<'a>(c: &'a str) { g('\"', '\\'', 'x'); crate::x::y::<'a>() }"), ["1:crate::x::y"]);
    }

    #[test]
    fn lines_count_through_literals_that_span_them() {
        assert_eq!(words("let s = \"a\nb\";\n/* c\n */ crate::x::y()"), ["4:crate::x::y"]);
    }
}
