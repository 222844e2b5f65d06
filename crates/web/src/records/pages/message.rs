//! A captured message: what it says, its bytes, its header, what is proved of it.

use aws_lc_rs::digest::{SHA256, digest};
use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::{Kind, Value, file as files, message};
use crm::permits::{ReadRecords, WriteRecords};
use crm::records::{self, BlobRef, Cell, Shown};
use http::header;
use kernel::{Error, RecordId, Result};

use super::{
    At, Shower, beside,
    cells::{Links, named},
    href_of, rail_of,
    record::{self, Dossier, Part},
    redirect,
};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form},
        render::{SANDBOX_SECURITY_POLICY, html},
        text::Text,
        who::Who,
    },
    router::Web,
    views::{
        message::{Attachment, Check, MessagePage, Party, Shown as Tab},
        parts::{Chip, Line, Tone},
    },
};

/// The most of an original that a page shows as text.
const SHOWN: usize = 200_000;

/// The blob of a record in a role. `None` when it has none.
pub(super) async fn blob(web: &Web, who: &Who, id: RecordId, role: &'static str) -> Result<Option<BlobRef>> {
    let blobs = web.app.read(&who.actor, move |unit| {
        let blobs = records::blobs_of(unit, id)?;
        unit.plain(blobs)
    });
    Ok(blobs.await?.into_iter().find(|blob| blob.role == role))
}

/// The bytes of a record in a role, read as the permit allows. Error: not_found.
pub(super) async fn bytes(web: &Web, who: &Who, id: RecordId, role: &'static str) -> Result<Vec<u8>> {
    let permit = who.actor.permit::<ReadRecords>()?;
    let blob = blob(web, who, id, role).await?.ok_or_else(|| Error::not_found("original"))?;
    Ok(records::read_blob(&web.app, &permit, id, blob.id).await?.to_vec())
}

/// The page of a message.
pub(super) async fn page(web: &Web, who: &Who, kind: &Kind, id: RecordId, asked: &Fields) -> Result<Response> {
    let t = who.text;
    let part = Part { all: true, ..Part::default() };
    let all = match record::dossier(web, who, id, part).await {
        Err(error) if error.code() == kernel::Code::NotFound => return Err(beside::gone(web, who, id).await?.unwrap_or(error)),
        other => other?,
    };
    if all.shown.kind != kind.key {
        return Ok(redirect(&href_of(&all.shown.kind, id)));
    }
    let mut shower = Shower { t, now: web.app.env().now(), zone: all.zone.clone(), links: Links::new() };
    shower.know(&all.related);
    let href = href_of(&kind.key, id);
    let blob = blob(web, who, id, "original").await?;
    let shown = match asked.get("tab") {
        "original" => original_tab(web, who, id, &shower, &href).await?,
        "headers" => Tab::Headers(headers(&text(&all.shown, message::HEADERS))),
        "authenticity" => authenticity(web, who, id, &all, t).await?,
        _ => parsed(&all.shown, t, &href),
    };
    let subject = named(t, &all.shown.title);
    let words = |key: &str| match (kind.field(key), all.shown.cell(key)) {
        (Some(field), Some(Cell::Shown(value))) => shower.words(field, value),
        _ => String::new(),
    };
    let mut lines = vec![Line::text(t.get("message-captured-at"), t.moment(all.shown.captured, &shower.zone))];
    for key in [message::CHANNEL, message::DIRECTION, message::CLAIMED_AT, message::SOURCE, message::WARNINGS] {
        let (value, label) = (words(key), kind.field(key).map(|f| f.label.clone()).unwrap_or_default());
        lines.extend((!value.is_empty()).then(|| Line::text(label, value)));
    }
    lines.extend(blob.map(|blob| Line::text(t.get("file-size"), t.size(blob.size.unsigned_abs()))));
    let view = MessagePage {
        t,
        shell: who.shell(web, &subject, rail_of(&kind.key), &href).await?,
        note: format!("{} · {}", words(message::CHANNEL), t.when(all.shown.created, shower.now, &shower.zone)),
        subject,
        states: record::states(t, &all),
        reply: answerable(who, kind, &all).then(|| format!("/mail/new?reply={id}")),
        parties: parties(kind, &all),
        shown,
        attachments: all.related.iter().filter(|r| r.kind == files::KIND).map(|file| attachment(web, file, &shower)).collect(),
        lines,
        keeping: beside::keeping(t, &all.explained, all.held),
        thread: Vec::new(),
        recorded: t.get("record-recorded"),
        href,
    };
    Ok(Html(html(&view)?).into_response())
}

fn text(shown: &Shown, key: &str) -> String {
    match shown.cell(key) {
        Some(Cell::Shown(value)) => value.display(),
        Some(Cell::Masked(mask)) => mask.clone(),
        _ => String::new(),
    }
}

fn parsed(shown: &Shown, t: Text, href: &str) -> Tab {
    let headers = headers(&text(shown, message::HEADERS));
    let kind = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).map(|(_, v)| v.to_lowercase());
    let rich = kind.is_some_and(|kind| ["text/html", "multipart/alternative", "multipart/related"].iter().any(|k| kind.starts_with(k)));
    Tab::Parsed {
        text: text(shown, message::TEXT),
        frame: rich.then(|| format!("{href}/body")),
        blocked: rich.then(|| t.get("message-blocked")),
    }
}

/// Header fields in their order, one a line, as they were kept.
fn headers(text: &str) -> Vec<(String, String)> {
    let mut all: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        match (line.starts_with([' ', '\t']), line.split_once(':'), all.last_mut()) {
            (true, _, Some((_, value))) => {
                value.push(' ');
                value.push_str(line.trim());
            }
            (_, Some((name, value)), _) => all.push((name.trim().to_owned(), value.trim().to_owned())),
            _ => {}
        }
    }
    all
}

async fn original_tab(web: &Web, who: &Who, id: RecordId, shower: &Shower, href: &str) -> Result<Tab> {
    let bytes = bytes(web, who, id, "original").await?;
    let size = shower.t.size(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    let part = &bytes[..bytes.len().min(SHOWN)];
    let key = if part.len() < bytes.len() { "message-original-part" } else { "message-original-whole" };
    Ok(Tab::Original {
        text: String::from_utf8_lossy(part).into_owned(),
        note: shower.t.with2(key, "size", size, "digest", hex::encode(digest(&SHA256, &bytes))),
        download: format!("{href}/original"),
    })
}

async fn authenticity(web: &Web, who: &Who, id: RecordId, all: &Dossier, t: Text) -> Result<Tab> {
    let bytes = bytes(web, who, id, "original").await?;
    let found = hex::encode(digest(&SHA256, &bytes));
    let same = text(&all.shown, message::ORIGINAL).eq_ignore_ascii_case(&found);
    let check =
        |tone, key: &str, lines: Vec<Line>| Check { result: Chip::new(t.get(key), tone), means: t.get(&format!("{key}-means")), lines };
    let digest_line = vec![Line::text("SHA-256", found)];
    let mut checks =
        vec![if same { check(Tone::Good, "check-bytes-match", digest_line) } else { check(Tone::Held, "check-bytes-differ", digest_line) }];
    // Said, not proved here: green is for what was checked while the page was made.
    checks.push(check(Tone::Plain, "check-ledger", Vec::new()));
    let headers = headers(&text(&all.shown, message::HEADERS));
    let signed = headers.iter().filter(|(name, _)| name.eq_ignore_ascii_case("dkim-signature"));
    let signed: Vec<Line> = signed.map(|(_, value)| Line::text(t.get("check-domain"), tag(value, "d"))).collect();
    checks.push(match text(&all.shown, message::ASSURANCE).as_str() {
        "transport" => check(Tone::Good, "check-transport", signed),
        _ if !signed.is_empty() => check(Tone::Plain, "check-signed", signed),
        _ => check(Tone::Plain, "check-unsigned", signed),
    });
    let not_proved = ["not-proved-clock", "not-proved-writer", "not-proved-dkim"].map(|key| t.get(key)).into();
    Ok(Tab::Authenticity { checks, not_proved, evidence_href: format!("/evidence/records/{id}") })
}

/// One tag of a tag list (RFC 6376 §3.2).
fn tag(list: &str, name: &str) -> String {
    let mut pairs = list.split(';').filter_map(|pair| pair.split_once('='));
    pairs.find(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().to_owned()).unwrap_or_default()
}

/// Whether whoever sees the message may answer it by mail.
fn answerable(who: &Who, kind: &Kind, all: &Dossier) -> bool {
    let writes = who.actor.permit::<WriteRecords>().is_ok_and(|permit| permit.over(&kind.key).is_some());
    writes && all.shown.state == records::State::Live && text(&all.shown, message::CHANNEL) == "email"
}

fn parties(kind: &Kind, all: &Dossier) -> Vec<Party> {
    let people: Vec<&Shown> = all.related.iter().filter(|r| r.kind == catalogue::person::KIND).collect();
    let mut parties = Vec::new();
    for key in [message::FROM, message::TO, message::CC] {
        let Some(Cell::Shown(value)) = all.shown.cell(key) else { continue };
        let role = kind.field(key).map(|f| f.label.clone()).unwrap_or_default();
        for one in value.each().iter().filter_map(Value::as_text) {
            let (name, address) = mailbox(one);
            let person = people.iter().find(|p| !p.title.is_empty() && p.title == name);
            parties.push(Party { role: role.clone(), href: person.map(|p| href_of(&p.kind, p.id)), name, address });
        }
    }
    parties
}

/// `Ada Lovelace <ada@example.org>` as name and address.
fn mailbox(text: &str) -> (String, String) {
    match text.rsplit_once('<') {
        Some((name, address)) if !name.trim().is_empty() => {
            (name.trim().trim_matches('"').to_owned(), address.trim_end_matches('>').to_owned())
        }
        _ => (text.trim_matches(['<', '>']).to_owned(), String::new()),
    }
}

fn attachment(web: &Web, file: &Shown, shower: &Shower) -> Attachment {
    let catalogue = web.catalogue(shower.t);
    let size = match (catalogue.kind(files::KIND).and_then(|k| k.field(files::SIZE)), file.cell(files::SIZE)) {
        (Some(_), Some(Cell::Shown(Value::Number(micros)))) => shower.t.size((micros / 1_000_000).unsigned_abs()),
        _ => String::new(),
    };
    Attachment {
        name: named(shower.t, &file.title),
        note: size,
        href: href_of(&file.kind, file.id),
        warning: super::file::dangerous(&file.title).then(|| Chip::new(shower.t.get("file-dangerous"), Tone::Held)),
    }
}

/// The body as it was sent, for the sandboxed frame of the message's own page: no script, no form, nothing from elsewhere.
pub(super) async fn body(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if kind.key != message::KIND {
        return Err(Error::not_found("page").into());
    }
    let bytes = bytes(&web, &who, id, "original").await?;
    let (html, body) = crm::capture::body(&bytes)?;
    let kind = if html { "text/html; charset=utf-8" } else { "text/plain; charset=utf-8" };
    let headers = [(header::CONTENT_SECURITY_POLICY, SANDBOX_SECURITY_POLICY), (header::CONTENT_TYPE, kind)];
    Ok((headers, body).into_response())
}

/// The original's bytes, to be kept elsewhere.
pub(super) async fn original(State(web): State<Web>, who: Who, at: At, Form(_): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if kind.key != message::KIND {
        return Err(Error::not_found("page").into());
    }
    let bytes = bytes(&web, &who, id, "original").await?;
    Ok(super::file::attachment(&format!("{id}.eml"), bytes)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_field_folded_over_lines_is_one() {
        let all = headers("From: Ada <ada@example.org>\nSubject: one\n two\nnonsense\n");
        assert_eq!(all, [("From".to_owned(), "Ada <ada@example.org>".to_owned()), ("Subject".to_owned(), "one two".to_owned())]);
    }

    #[test]
    fn a_mailbox_is_a_name_and_an_address_or_an_address_alone() {
        assert_eq!(mailbox("\"Lovelace, Ada\" <ada@example.org>"), ("Lovelace, Ada".to_owned(), "ada@example.org".to_owned()));
        assert_eq!(mailbox("<ada@example.org>"), ("ada@example.org".to_owned(), String::new()));
        assert_eq!(mailbox("ada@example.org"), ("ada@example.org".to_owned(), String::new()));
    }
}
