//! A captured file: what it is, where it belongs, its download.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use catalogue::{Kind, Value, file};
use crm::records::{Cell, files};
use http::{HeaderValue, header};
use kernel::{Code, Error, RecordId, Result};

use super::{
    At, Shower,
    address::encode,
    beside,
    cells::{Links, named},
    href_of, message, rail_of,
    record::{self, Part, item},
    redirect,
};
use crate::{
    kit::{
        error::Refused,
        form::{Form, Upload},
        render::{PDF_SECURITY_POLICY, SANDBOX_SECURITY_POLICY, html},
        who::Who,
    },
    router::Web,
    views::{
        file::FilePage,
        parts::{Chip, Line, Tone},
    },
};

/// The largest text that is shown as a preview, in bytes.
const PREVIEW: i64 = 100_000;
/// The largest picture that is shown, in bytes.
const PICTURE: i64 = 10_000_000;
/// The largest form that carries files, in bytes.
pub(super) const BODY: usize = files::FILE_MAX + (1 << 20);
/// Endings of what runs when it is opened.
const RUNS: [&str; 18] =
    ["exe", "msi", "bat", "cmd", "com", "scr", "ps1", "vbs", "js", "jar", "lnk", "hta", "html", "htm", "svg", "docm", "xlsm", "iso"];

/// Whether a file may do something when it is opened, by its ending.
pub(super) fn dangerous(name: &str) -> bool {
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_lowercase()).unwrap_or_default();
    RUNS.contains(&ending.as_str())
}

/// The page of a file.
pub(super) async fn page(web: &Web, who: &Who, kind: &Kind, id: RecordId) -> Result<Response> {
    let t = who.text;
    let all = match record::dossier(web, who, id, Part { all: true, ..Part::default() }).await {
        Err(error) if error.code() == Code::NotFound => return Err(beside::gone(web, who, id).await?.unwrap_or(error)),
        other => other?,
    };
    if all.shown.kind != kind.key {
        return Ok(redirect(&href_of(&all.shown.kind, id)));
    }
    let mut shower = Shower { t, now: web.app.env().now(), zone: all.zone.clone(), links: Links::new() };
    shower.know(&all.related);
    let text = |key: &str| match all.shown.cell(key) {
        Some(Cell::Shown(Value::Text(text))) => text.clone(),
        _ => String::new(),
    };
    let (content_type, digest) = (text(file::CONTENT_TYPE), text(file::ORIGINAL));
    let blob = message::blob(web, who, id, "content").await?;
    let size = blob.as_ref().map(|blob| t.size(blob.size.unsigned_abs())).unwrap_or_default();
    let plain = content_type.starts_with("text/plain") || content_type.starts_with("text/csv");
    let preview = match &blob {
        Some(blob) if plain && blob.size <= PREVIEW => {
            Some(String::from_utf8_lossy(&message::bytes(web, who, id, "content").await?).into_owned())
        }
        _ => None,
    };
    let picture = blob.as_ref().is_some_and(|blob| blob.size <= PICTURE) && content_type.starts_with("image/");
    let pdf = blob.is_some() && content_type == files::PDF;
    let mut states = record::states(t, &all);
    states.extend(dangerous(&all.shown.title).then(|| Chip::new(t.get("file-dangerous"), Tone::Held)));
    let line = |label: &str, value: String| (!value.is_empty()).then(|| Line::text(t.get(label), value));
    let captured = t.moment(all.shown.captured, &shower.zone);
    let lines = [line("file-type", content_type.clone()), line("file-size", size.clone()), line("file-digest", digest)];
    let catalogue = web.catalogue(t);
    let used_by = all.related.iter().filter_map(|shown| {
        let kind = catalogue.kind(&shown.kind)?;
        let mut item = item(kind, shown, &shower);
        item.note = t.within(&kind.label);
        Some(item)
    });
    let (name, href) = (named(t, &all.shown.title), href_of(&kind.key, id));
    let note = [content_type, size, t.when(all.shown.created, shower.now, &shower.zone)];
    let view = FilePage {
        t,
        shell: who.shell(web, &name, rail_of(&kind.key), &href).await?,
        name,
        note: note.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        states,
        download_action: format!("{href}/download"),
        preview,
        picture: picture.then(|| format!("{href}/shown")),
        pdf: pdf.then(|| format!("{href}/shown")),
        lines: lines.into_iter().flatten().chain([Line::text(t.get("message-captured-at"), captured)]).collect(),
        used_by: used_by.collect(),
        keeping: beside::keeping(t, &all.explained, all.held),
        evidence_href: format!("/evidence/records/{id}"),
        recorded: t.get("record-recorded"),
    };
    Ok(Html(html(&view)?).into_response())
}

/// Keeps files beside a record.
pub(super) async fn attach(State(web): State<Web>, who: Who, at: At, upload: Upload) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    let sent: Vec<_> = upload.files.iter().filter(|file| file.field == "file").collect();
    if sent.is_empty() {
        return Err(Error::invalid("/file", "required", who.text.get("file-choose")).into());
    }
    for file in &sent {
        files::keep_file(&web.app, &who.actor, file.name.expose(), file.bytes.expose(), Some(id), None).await?;
    }
    Ok(redirect(&format!("{}?attached={}", href_of(&kind.key, id), sent.len())))
}

/// A picture or a PDF as its own file shows it: nothing else is ever shown by a browser, and nothing in it runs as a page of ours.
pub(super) async fn shown(State(web): State<Web>, who: Who, at: At) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if kind.key != file::KIND {
        return Err(Error::not_found("page").into());
    }
    let bytes = message::bytes(&web, &who, id, files::CONTENT).await?;
    let media = files::showable(&bytes).ok_or_else(|| Error::not_found("picture"))?;
    let policy = if media == files::PDF { PDF_SECURITY_POLICY } else { SANDBOX_SECURITY_POLICY };
    let headers = [(header::CONTENT_SECURITY_POLICY, policy), (header::CONTENT_TYPE, media)];
    Ok((headers, bytes).into_response())
}

/// The file's bytes. A download is an event, so it is a form and no link.
pub(super) async fn download(State(web): State<Web>, who: Who, at: At, Form(_): Form) -> Result<Response, Refused> {
    let (kind, id) = (at.kind(&web)?, at.id()?);
    if kind.key != file::KIND {
        return Err(Error::not_found("page").into());
    }
    let permit = who.actor.permit()?;
    let shown = web.app.read(&who.actor, move |unit| crm::records::name(unit, &permit, &[id])).await?;
    let name = shown.into_iter().next().ok_or_else(|| Error::not_found("record"))?.title;
    let bytes = message::bytes(&web, &who, id, "content").await?;
    Ok(attachment(&name, bytes)?)
}

/// Bytes to be saved under a name (RFC 6266, RFC 8187): never shown by the browser, whatever they are.
pub(super) fn attachment(name: &str, bytes: Vec<u8>) -> Result<Response> {
    let name = if name.trim().is_empty() { "file" } else { name };
    let named = format!("attachment; filename*=UTF-8''{}", encode(name));
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, HeaderValue::from_str(&named).map_err(Error::internal)?),
    ];
    Ok((headers, bytes).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_that_runs_is_known_by_its_ending() {
        assert!(dangerous("invoice.pdf.EXE") && dangerous("page.html"));
        assert!(!dangerous("plan-v3.pdf") && !dangerous("exe"));
    }

    #[test]
    fn a_downloads_name_cannot_break_out_of_its_header() {
        let response = attachment("a\"\r\nx: y.txt", b"bytes".to_vec()).unwrap();
        assert_eq!(response.headers()[header::CONTENT_DISPOSITION], "attachment; filename*=UTF-8''a%22%0D%0Ax%3A%20y.txt");
    }
}
