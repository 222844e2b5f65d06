//! The package as a page: plain, self-contained, without any script, readable by a screen reader and on paper.

use std::fmt::Write;

use serde_json::Value as Json;

use super::{
    Document,
    consents::Consent,
    entry::Entry,
    history::{Act, counted},
};

const STYLE: &str = "body{font:1rem/1.5 system-ui,sans-serif;max-width:60rem;margin:0 auto;padding:1rem;color:#111;background:#fff}\
    h1,h2,h3{line-height:1.25}table{border-collapse:collapse;width:100%;margin:.5rem 0 1.5rem}th,td{border:1px solid #767676;\
    padding:.25rem .5rem;text-align:left;vertical-align:top}td{white-space:pre-wrap;overflow-wrap:anywhere}article{border-top:3px solid #111;\
    margin-top:2rem}.note{background:#f2f2f2;padding:.5rem 1rem}@media print{article{break-inside:avoid}}";

fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            // Other control characters have no place in HTML.
            c if c.is_control() && c != '\n' && c != '\t' => out.push('\u{fffd}'),
            c => out.push(c),
        }
    }
    out
}

fn shown(value: &Json) -> String {
    match value {
        Json::String(text) => text.clone(),
        Json::Array(items) => items.iter().map(shown).collect::<Vec<_>>().join("\n"),
        Json::Object(map) if map.contains_key("minor") => {
            format!(
                "{} {} (minor units)",
                map.get("minor").map(shown).unwrap_or_default(),
                map.get("currency").map(shown).unwrap_or_default()
            )
        }
        Json::Object(map) => map.values().map(shown).collect::<Vec<_>>().join("\n"),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        other => other.to_string(),
    }
}

/// Writes the page. Writing into a text cannot fail, so its answers are dropped.
pub fn page(document: &Document) -> String {
    let mut out = String::new();
    let made = document.made.day();
    let _ = write!(
        out,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<title>Your data</title>\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<style>{STYLE}</style>\n</head>\n<body>\n\
         <header><h1>Your data, as held on {made}</h1></header>\n<main>\n"
    );
    let _ = write!(out, "<section aria-label=\"Summary\"><h2>Summary</h2>\n<ul>");
    for (kind, count) in counted(document.records.iter().map(|entry| entry.kind_label.as_str())) {
        let _ = write!(out, "<li>{}: {count}</li>", escape(kind));
    }
    let _ = write!(out, "</ul>\n<p>Request {}, answered under {}.</p>", document.request, escape(&document.law));
    if document.another_person > 0 {
        let _ = write!(
            out,
            "<p class=\"note\">Another person’s data, {} places. It is theirs and was taken out (GDPR Art 15(4)).</p>",
            document.another_person
        );
    }
    for line in &document.left_out {
        let _ = write!(out, "<p class=\"note\">{}</p>", escape(line));
    }
    let _ = writeln!(
        out,
        "<p>The same data for machines is in <code>package.json</code>, received letters and files in <code>originals</code>, \
        their checksums and proofs in <code>manifest.json</code> and <code>evidence.bundle</code>.</p></section>"
    );
    let _ = write!(out, "<section><h2>Your rights</h2><ul>");
    for line in &document.rights {
        let _ = write!(out, "<li>{}</li>", escape(line));
    }
    let _ = writeln!(out, "</ul></section>\n<section><h2>Records</h2>");
    for entry in &document.records {
        article(&mut out, entry);
    }
    let _ = writeln!(out, "</section>");
    consents(&mut out, &document.consents);
    acts(&mut out, "Who looked at your data", &document.history.consultations);
    acts(&mut out, "Where your data went", &document.history.disclosures);
    acts(&mut out, "What else was done with it", &document.history.changes);
    out.push_str("</main>\n</body>\n</html>\n");
    out
}

fn consents(out: &mut String, all: &[Consent]) {
    out.push_str("<section><h2>What you allowed and what you did not</h2>\n");
    if all.is_empty() {
        out.push_str("<p>Nothing is recorded.</p></section>\n");
        return;
    }
    out.push_str(
        "<table><thead><tr><th scope=\"col\">When</th><th scope=\"col\">Purpose</th><th scope=\"col\">What</th>\
        <th scope=\"col\">How</th><th scope=\"col\">What you were shown</th></tr></thead><tbody>\n",
    );
    for one in all {
        let ends = one.ends.map(|ends| format!(", until {}", ends.day())).unwrap_or_default();
        let shown = one.notice.as_ref().map_or("", |notice| notice.text.as_str());
        let _ = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}{ends}</td><td>{}</td><td>{}</td></tr>",
            one.at.day(),
            one.purpose,
            one.act,
            escape(&one.channel.replace('_', " ")),
            escape(shown)
        );
    }
    out.push_str("</tbody></table></section>\n");
}

fn article(out: &mut String, entry: &Entry) {
    let _ = write!(
        out,
        "<article><h3>{} <small>{}</small></h3>\n<p>Received {}. {}{}</p>\n",
        escape(&entry.kind_label),
        entry.record,
        entry.captured.day(),
        escape(&entry.retention),
        if entry.state == "restricted" { " Restricted: kept for legal reasons alone." } else { "" }
    );
    if let Some(code) = entry.withheld {
        let _ = writeln!(out, "<p class=\"note\">Withheld: {code}.</p></article>");
        return;
    }
    for (n, version) in entry.versions.iter().enumerate() {
        let which = if n == 0 { "now" } else { "earlier" };
        let _ = write!(
            out,
            "<table><caption>Version {} ({which}), {}</caption>\n<thead><tr><th scope=\"col\">Field</th><th scope=\"col\">Value</th></tr></thead><tbody>\n",
            version.version,
            version.at.day()
        );
        for field in version.fields.values() {
            let _ = writeln!(out, "<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escape(&field.label), escape(&shown(&field.value)));
        }
        out.push_str("</tbody></table>\n");
    }
    for file in &entry.files {
        let _ = match (&file.path, file.withheld) {
            (Some(path), _) => writeln!(out, "<p>File: <a href=\"{0}\">{0}</a>, {1} bytes</p>", escape(path), file.size),
            (None, code) => writeln!(out, "<p class=\"note\">File of {} bytes withheld: {}.</p>", file.size, code.unwrap_or_default()),
        };
    }
    out.push_str("</article>\n");
}

fn acts(out: &mut String, title: &str, acts: &[Act]) {
    let _ = writeln!(out, "<section><h2>{title}</h2>");
    if acts.is_empty() {
        out.push_str("<p>Nothing is recorded.</p></section>\n");
        return;
    }
    out.push_str("<table><thead><tr><th scope=\"col\">When</th><th scope=\"col\">What</th><th scope=\"col\">Purpose</th><th scope=\"col\">Role</th></tr></thead><tbody>\n");
    for act in acts {
        let when = act.at.timestamp().strftime("%Y-%m-%d %H:%M UTC");
        let _ = writeln!(
            out,
            "<tr><td>{when}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
            escape(&act.what),
            escape(&act.purpose),
            escape(&act.role)
        );
    }
    out.push_str("</tbody></table></section>\n");
}
