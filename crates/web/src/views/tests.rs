//! What every page promises, checked on the rendered samples and on the templates as text.

use std::{collections::BTreeSet, fs, path::Path};

use super::samples::samples;
use crm::identity::Language;

use crate::kit::text::{Text, files as languages};

fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, extension: &str, into: &mut Vec<(String, String)>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                walk(&path, extension, into);
            } else if path.extension().is_some_and(|e| e == extension) {
                into.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
            }
        }
    }
    let mut found = Vec::new();
    walk(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), extension, &mut found);
    found
}

/// The tags of a page, in order, as written between `<` and `>`.
fn tags(html: &str) -> Vec<&str> {
    html.split('<').skip(1).filter_map(|rest| rest.split_once('>')).map(|(tag, _)| tag).collect()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    let rest = tag.split_once(&format!(" {name}=\""))?.1;
    rest.split_once('"').map(|(value, _)| value)
}

/// Removes `{% … %}` and `{{ … }}`, which may hold quotes and angle brackets.
fn without_code(template: &str) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(start) = rest.find("{%").into_iter().chain(rest.find("{{")).min() {
        out.push_str(&rest[..start]);
        let end = if rest[start..].starts_with("{%") { "%}" } else { "}}" };
        rest = rest[start..].split_once(end).map_or("", |(_, after)| after);
    }
    out + rest
}

#[test]
fn every_sample_renders_with_unique_names_and_no_missing_word() {
    let samples = samples().unwrap();
    let names: BTreeSet<_> = samples.iter().map(|s| s.name).collect();
    assert_eq!(names.len(), samples.len());
    for s in &samples {
        assert!(!s.html.contains("/assets/missing"), "{} asks for an asset that is not there", s.name);
        assert_eq!(s.html.starts_with("<!doctype html>"), !s.fragment, "{}", s.name);
    }
}

#[test]
fn no_page_has_inline_style_or_script_or_another_origin() {
    for s in samples().unwrap() {
        for tag in tags(&s.html) {
            assert!(attribute(tag, "style").is_none() && !tag.starts_with("style"), "{}: <{tag}>", s.name);
            assert!(!tag.split_whitespace().skip(1).any(|a| a.starts_with("on") && a.contains('=')), "{}: <{tag}>", s.name);
            assert!(!tag.starts_with("script") || attribute(tag, "src").is_some(), "{}: <{tag}>", s.name);
            for name in ["href", "src", "action", "formaction"] {
                let value = attribute(tag, name).unwrap_or("/");
                assert!(value.starts_with('/') && !value.starts_with("//") || value.starts_with('#'), "{}: <{tag}>", s.name);
            }
        }
    }
}

#[test]
fn every_form_that_posts_carries_the_session_token() {
    for s in samples().unwrap() {
        for form in s.html.split("<form").skip(1) {
            let form = form.split("</form>").next().unwrap();
            let head = form.split('>').next().unwrap();
            // What a letter leads to is for people without a session; its address is the proof.
            let posts = head.contains("method=\"post\"") && !head.contains("action=\"/p/");
            assert_eq!(posts, form.contains("name=\"csrf\""), "{}: a form that posts, and only such a form, carries csrf", s.name);
        }
    }
}

#[test]
fn every_input_has_a_label_and_every_id_is_there_once() {
    for s in samples().unwrap() {
        let all = tags(&s.html);
        let labelled: BTreeSet<_> = all.iter().filter(|t| t.starts_with("label")).filter_map(|t| attribute(t, "for")).collect();
        let mut ids = BTreeSet::new();
        let mut inside_label = false;
        for tag in &all {
            inside_label = (inside_label || tag.starts_with("label")) && *tag != "/label";
            if let Some(id) = attribute(tag, "id") {
                assert!(ids.insert(id), "{}: id {id} twice", s.name);
            }
            let control = ["input", "select", "textarea"].iter().any(|c| tag.split_whitespace().next() == Some(c));
            if control && attribute(tag, "type") != Some("hidden") {
                let named = attribute(tag, "aria-label").is_some_and(|l| !l.is_empty())
                    || attribute(tag, "id").is_some_and(|id| labelled.contains(id));
                assert!(named || inside_label, "{}: <{tag}> has no label", s.name);
            }
        }
        for tag in &all {
            // Each is a list of ids (WAI-ARIA 1.2 §6.3).
            for id in ["aria-describedby", "aria-labelledby"].iter().filter_map(|a| attribute(tag, a)).flat_map(str::split_whitespace) {
                assert!(ids.contains(id), "{}: <{tag}> points to no id {id}", s.name);
            }
        }
    }
}

#[test]
fn elements_open_and_close_in_pairs() {
    const VOID: &[&str] = &["!doctype", "meta", "link", "input", "use", "br", "img", "wbr"];
    // Of SVG, which alone may be closed where they are opened.
    const SHAPES: &[&str] = &["rect", "line", "path", "circle", "polyline"];
    for s in samples().unwrap() {
        let mut open = Vec::new();
        for tag in tags(&s.html) {
            let name = tag.split([' ', '\n', '/']).find(|p| !p.is_empty()).unwrap_or("");
            if VOID.contains(&name) || (SHAPES.contains(&name) && tag.ends_with('/')) {
                continue;
            }
            if tag.starts_with('/') {
                assert_eq!(open.pop(), Some(name), "{}: </{name}>", s.name);
            } else {
                open.push(name);
            }
        }
        assert!(open.is_empty(), "{}: {open:?} stay open", s.name);
    }
}

#[test]
fn templates_hold_no_words_of_their_own() {
    // A file of attributes stands inside a tag: it has no text at all.
    for (path, template) in files("templates", "html").into_iter().filter(|(p, _)| !p.ends_with("field_attributes.html")) {
        let plain = without_code(&template);
        let mut text = String::new();
        for (i, part) in plain.split('<').enumerate() {
            text.push_str(if i == 0 { part } else { part.split_once('>').map_or("", |(_, after)| after) });
            text.push(' ');
        }
        // The name of the command is not a word to translate.
        let text = text.replace("probity verify", "");
        assert!(
            !text.chars().any(char::is_alphabetic),
            "{path}: {:?} belongs in a language file",
            text.split_whitespace().collect::<Vec<_>>()
        );
        for name in ["aria-label", "placeholder", "title", "alt"] {
            for value in tags(&plain).iter().filter_map(|t| attribute(t, name)) {
                assert!(!value.chars().any(char::is_alphabetic), "{path}: {name}={value:?}");
            }
        }
        assert!(!template.contains("|safe"), "{path} switches escaping off");
    }
}

#[test]
fn every_key_used_exists_and_every_key_there_is_used() {
    let mut sources: String = files("templates", "html").into_iter().map(|(_, s)| s).collect();
    sources.extend(files("src", "rs").into_iter().filter(|(p, _)| !p.ends_with("tests.rs")).map(|(_, s)| s));
    for call in [
        "t.get(\"",
        "t.with(\"",
        "t.with2(\"",
        "t.with_all(\"",
        "t.count(\"",
        "self.get(\"",
        "self.with(\"",
        "self.with2(\"",
        "self.count(\"",
    ] {
        for key in sources.split(call).skip(1).filter_map(|rest| rest.split('"').next()) {
            assert!(Text::english().has(key), "{key} is in no language file");
        }
    }
    for (slice, source) in languages(Language::En) {
        for key in
            source.lines().filter(|l| l.starts_with(|c: char| c.is_ascii_lowercase())).filter_map(|l| l.split_once(" =")).map(|(k, _)| k)
        {
            let made = [
                "month-",
                "weekday-",
                "step-",
                "op-",
                "address-",
                "list-belongs-",
                "check-",
                "industry-",
                "request-right-",
                "request-state-",
                "request-ground-",
                "did-",
                "recipient-",
                "type-",
                "class-",
                "field-is-",
                "dup-sign-",
                "dup-refused-",
                "approvals-cause-",
                "approvals-order-",
                "door-",
                "actor-",
                "role-note-",
                "user-done-",
                "home-figure-",
                "export-as-",
                "log-",
                "notice-",
                "mail-",
                "segment-",
                "consent-channel-",
                "campaign-",
                "auto-",
                "task-",
                "bulk-reason-",
                "bulk-act-",
                "kind-",
                "kinds-",
                "field-of-",
                "choice-",
                "country-",
                "problem-",
                "purpose-",
                "role-",
                "privilege-",
                "profile-week-",
                "team-done-",
                "pipeline-",
                "outcome-",
                "reasons-",
                "report-",
                "dashboard-shared-",
                "tile-",
                "span-",
            ]
            .iter()
            .any(|p| key.starts_with(p));
            assert!(made || sources.contains(&format!("\"{key}\"")), "{slice}.ftl: nothing uses {key}");
        }
    }
}

/// Calls that put words before people: what is given to them is a message, never a text.
const SPEAKING: &[&str] =
    &["Notice::done(\"", "Notice::note(\"", "Notice::wrong(\"", "Line::text(\"", "Chip::new(\"", ".help(\"", ".say(\"", "Line::new(\""];

#[test]
fn no_handler_says_a_word_that_is_in_no_language_file() {
    let mut wrong = Vec::new();
    for (path, source) in files("src", "rs").into_iter().filter(|(path, _)| !path.contains("samples") && !path.contains("tests")) {
        let code = source.split("#[cfg(test)]").next().unwrap_or_default();
        // The name of an algorithm is its name everywhere.
        let same = |words: &str| words == "SHA-256";
        for call in SPEAKING {
            for rest in code.split(call).skip(1) {
                let words = rest.split('"').next().unwrap_or_default();
                if words.chars().any(char::is_alphabetic) && !same(words) {
                    wrong.push(format!("{path}: {call}{words}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_users_type_cannot_become_markup() {
    use super::parts::{Cell, Chip, Said, Tone};
    let evil = "<script>alert(1)</script>\"'";
    for html in [
        Cell::Text(evil.into()).to_string(),
        Chip::new(evil, Tone::Good).to_string(),
        Said::new().link(evil, "/x\"y").strong(evil).to_string(),
    ] {
        assert!(!html.contains("<script") && !html.contains("\"y"), "{html}");
    }
}

#[test]
fn a_page_with_its_sheet_and_scripts_stays_below_sixty_kilobytes() {
    let shared: usize = assets::all().map(|(_, a)| a.gzip.len()).sum();
    for s in samples().unwrap() {
        assert!(shared + s.html.len() < 60_000, "{}: {} bytes even before compression", s.name, shared + s.html.len());
    }
}
