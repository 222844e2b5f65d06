//! Text from HTML, and previews.

use mail_parser::decoders::html;

use crate::{charset, guarded};

/// Text derived from HTML stops at this size (bytes).
const MAX_TEXT: usize = 8 << 20;

/// What a reader sees of an HTML page, without markup, styles, scripts or comments; block elements become lines.
pub fn html_to_text(page: &str) -> String {
    let mut out = String::new();
    let mut rest = charset::prefix(page, MAX_TEXT * 2);
    while !rest.is_empty() && out.len() < MAX_TEXT {
        let (words, tail) = match rest.find('<') {
            Some(at) => rest.split_at(at),
            None => (rest, ""),
        };
        push_words(&mut out, words);
        if tail.is_empty() {
            break;
        }
        rest = tag(&mut out, tail);
    }
    tidy(&out)
}

/// Handles what starts with `<` and gives back what follows it.
fn tag<'a>(out: &mut String, text: &'a str) -> &'a str {
    if let Some(comment) = text.strip_prefix("<!--") {
        return comment.split_once("-->").map_or("", |(_, after)| after);
    }
    let name: String =
        text.chars().skip(1).take(12).take_while(|c| c.is_ascii_alphanumeric() || *c == '/').collect::<String>().to_ascii_lowercase();
    if name.is_empty() && !text.starts_with("<!") && !text.starts_with("<?") {
        out.push('<');
        return text.get(1..).unwrap_or_default();
    }
    let after = text.split_once('>').map_or("", |(_, after)| after);
    match name.trim_end_matches('/') {
        hidden @ ("script" | "style" | "title" | "template" | "noscript") => skip_element(after, hidden),
        "br" | "tr" | "li" | "/tr" | "/li" | "div" | "/div" | "hr" | "dt" | "dd" | "option" => {
            line(out, false);
            after
        }
        "p" | "/p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "/h1" | "/h2" | "/h3" | "/h4" | "/h5" | "/h6" | "table" | "/table"
        | "ul" | "/ul" | "ol" | "/ol" | "blockquote" | "/blockquote" | "pre" | "/pre" => {
            line(out, true);
            after
        }
        "td" | "/td" | "th" | "/th" => {
            space(out);
            after
        }
        _ => after,
    }
}

/// What follows the closing tag of an element whose content nobody sees.
fn skip_element<'a>(text: &'a str, name: &str) -> &'a str {
    let mut at = 0;
    while let Some(found) = text.get(at..).and_then(|t| t.find("</")) {
        let close = at + found + 2;
        if text.get(close..close + name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name)) {
            return text.get(close..).and_then(|t| t.split_once('>')).map_or("", |(_, after)| after);
        }
        at = close;
    }
    // Never closed: what follows may still be text.
    text
}

fn push_words(out: &mut String, words: &str) {
    for c in entities(words).chars() {
        if c.is_whitespace() { space(out) } else { out.push(c) }
    }
}

fn space(out: &mut String) {
    if !out.is_empty() && !out.ends_with([' ', '\n']) {
        out.push(' ');
    }
}

fn line(out: &mut String, blank: bool) {
    while out.ends_with(' ') {
        out.pop();
    }
    if out.is_empty() {
        return;
    }
    if !out.ends_with('\n') {
        out.push('\n');
    }
    if blank && !out.ends_with("\n\n") {
        out.push('\n');
    }
}

/// Character references resolved; what is none stays as it is.
fn entities(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        let (before, tail) = rest.split_at(at);
        out.push_str(before);
        let end = tail.bytes().take(34).position(|b| b == b';');
        match end
            .and_then(|e| tail.get(..=e))
            .filter(|r| r.len() > 2 && r.bytes().skip(1).all(|b| b.is_ascii_alphanumeric() || b == b'#' || b == b';'))
        {
            Some(reference) => {
                let resolved = guarded(|| html::html_to_text(reference)).unwrap_or_default();
                out.push_str(if resolved.is_empty() { " " } else { &resolved });
                rest = tail.get(reference.len()..).unwrap_or_default();
            }
            None => {
                out.push('&');
                rest = tail.get(1..).unwrap_or_default();
            }
        }
    }
    out.push_str(rest);
    out
}

/// No blanks at line ends, at most one empty line in a row, no control characters.
fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut empty = 0;
    for line in text.lines().map(str::trim_end) {
        empty = if line.is_empty() { empty + 1 } else { 0 };
        if empty < 2 {
            out.extend(line.chars().filter(|c| !c.is_control() || *c == '\t'));
            out.push('\n');
        }
    }
    out.trim().to_owned()
}

/// One line of at most `max` characters for a list: blanks joined, control, bidirectional and invisible characters
/// removed (they could make a line look like something it is not), quoted lines left out; `…` where it was cut.
pub fn preview(text: &str, max: usize) -> String {
    let mut out = String::new();
    let mut count = 0;
    let words = charset::prefix(text, max.saturating_mul(64).saturating_add(4096));
    for word in words.lines().filter(|l| !l.trim_start().starts_with('>')).flat_map(str::split_whitespace) {
        let word: String = word.chars().filter(|c| !hidden(*c)).collect();
        if word.is_empty() {
            continue;
        }
        let gap = usize::from(!out.is_empty());
        let length = word.chars().count();
        if count + gap + length > max {
            if gap == 1 {
                out.push(' ');
            }
            out.push_str(&word);
            let kept: String = out.chars().take(max.saturating_sub(1)).collect();
            return if max == 0 { String::new() } else { format!("{}…", kept.trim_end()) };
        }
        if gap == 1 {
            out.push(' ');
        }
        out.push_str(&word);
        count += gap + length;
    }
    out
}

fn hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}' | '\u{00AD}' | '\u{034F}' | '\u{FFF9}'..='\u{FFFB}' | '\u{E0000}'..='\u{E007F}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_what_a_reader_sees() {
        let page = "<html><head><title>T</title><style>p{}</style></head><body><p>Dear&nbsp;Ada,</p><div>one</div><div>two &lt;3 &eacute; &#8364;</div>\
                    <script>evil()</script><!-- no --><table><tr><td>a</td><td>b</td></tr></table>1 < 2</body></html>";
        assert_eq!(html_to_text(page), "Dear Ada,\n\none\ntwo <3 é €\n\na b\n\n1 < 2");
    }

    #[test]
    fn broken_html_keeps_its_text() {
        assert_eq!(html_to_text("<script>never closed"), "never closed");
        assert_eq!(html_to_text("a<b"), "a");
        assert_eq!(html_to_text("a & b &bogusentity; &;"), "a & b &bogusentity; &;");
    }

    #[test]
    fn a_preview_is_one_safe_bounded_line() {
        assert_eq!(preview("Hello\n> quoted\n\tworld\u{202E}!", 80), "Hello world!");
        assert_eq!(preview("abcdefghij", 5), "abcd…");
        assert_eq!(preview("ab cd", 5), "ab cd");
        assert!(preview("word ".repeat(1000).as_str(), 40).chars().count() <= 40);
        assert_eq!(preview("abc", 0), "");
    }
}
