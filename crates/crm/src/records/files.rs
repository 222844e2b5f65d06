//! A file that somebody puts beside a record: kept byte for byte under a key of its own, found where it belongs.

use catalogue::{Kind, Value, file};
use kernel::{Code, Error, RecordId, Result};
use trail::{Actor, App, permit::WriteRecords};

use super::{Fields, NewRecord, Once, Uploaded, attach, create, find, first, in_scope, store_blob, store_blob_anew};

/// The largest file that is taken, in bytes.
pub const FILE_MAX: usize = 32 << 20;
/// The role that a file's bytes have to its record.
pub const CONTENT: &str = "content";
/// The longest name.
const NAME_MAX: usize = 255;

/// The field of a file that points to records of a kind; `None` where files do not lie beside them.
pub fn beside<'k>(files: &'k Kind, kind: &str) -> Option<&'k str> {
    files.writable().find(|field| field.links_to.as_deref() == Some(kind) && !field.many).map(|field| field.key.as_str())
}

/// Keeps a file, beside a record where one is named. Event `record.created`, with the file's leaf.
///
/// Errors: forbidden; not_found for a record out of reach; invalid_input for an empty file, one that is too large, and a kind that files do
/// not lie beside; those of the blob store.
pub async fn keep_file(
    app: &App,
    actor: &Actor,
    name: &str,
    bytes: &[u8],
    about: Option<RecordId>,
    once: Option<Once>,
) -> Result<RecordId> {
    let permit = actor.permit::<WriteRecords>()?;
    let files = app.catalogue().need(file::KIND)?;
    permit.need(&files)?;
    if bytes.is_empty() {
        return Err(Error::invalid("/file", "required", "The file is empty. Choose one that has something in it."));
    }
    if bytes.len() > FILE_MAX {
        return Err(Error::invalid("/file", "too_large", format!("A file may have at most {} MB.", FILE_MAX >> 20)));
    }
    let size = i64::try_from(bytes.len()).map_err(Error::internal)?.saturating_mul(1_000_000);
    let mut fields = Fields::from([
        (file::NAME.to_owned(), Value::Text(named(name))),
        (file::CONTENT_TYPE.to_owned(), Value::Text(content_type(name, bytes).to_owned())),
        (file::SIZE.to_owned(), Value::Number(size)),
        (file::ORIGINAL.to_owned(), Value::Text(hex::encode(ledger::sha256(bytes)))),
    ]);
    if let Some(id) = about {
        let scope = permit.clone();
        let kind = app.read(actor, move |unit| {
            let kind = find(unit, id)?.filter(|row| in_scope(&scope, row)).map(|row| row.kind.key.clone());
            unit.plain(kind)
        });
        let kind = kind.await?.ok_or_else(|| Error::not_found("record"))?;
        let field = beside(&files, &kind)
            .ok_or_else(|| Error::invalid("/about", "not_a_place", "Files lie beside people, companies, deals, cases and orders."))?;
        fields.insert(field.to_owned(), Value::Link(id));
    }
    let put = |bytes: Uploaded| {
        let (permit, fields, once) = (permit.clone(), fields.clone(), once.clone());
        app.write(actor, move |unit| {
            first(unit, once.as_ref(), 201, |unit| {
                let id = create(unit, &permit, NewRecord::new(file::KIND, fields.clone()))?;
                attach(unit, id, &bytes, CONTENT)?;
                Ok(id)
            })
        })
    };
    match put(store_blob(app, bytes).await?).await {
        // What was to be shared went with its last record meanwhile.
        Err(error) if error.code() == Code::Conflict => put(store_blob_anew(app, bytes).await?).await,
        other => other,
    }
}

/// A name as it may stand in a list: without the folders a browser may send, on one line, and never empty.
fn named(name: &str) -> String {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let clean: String = last.chars().filter(|c| !c.is_control()).take(NAME_MAX).collect();
    let clean = clean.trim();
    if clean.is_empty() { "file".to_owned() } else { clean.to_owned() }
}

/// What these bytes are, if they are something that browsers show by themselves: a picture (PNG, JPEG, GIF, WebP) or a PDF.
pub fn showable(bytes: &[u8]) -> Option<&'static str> {
    Some(content_type("", bytes)).filter(|found| found.starts_with("image/") || *found == PDF)
}

/// The media type of a PDF (RFC 8118).
pub const PDF: &str = "application/pdf";

/// What a file is: by how it begins where that tells, by its ending where only that does. What a browser claims is not asked.
fn content_type(name: &str, bytes: &[u8]) -> &'static str {
    const BEGINS: [(&[u8], &str); 6] = [
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"GIF87a", "image/gif"),
        (b"GIF89a", "image/gif"),
        (b"%PDF-", PDF),
        (b"{\\rtf", "application/rtf"),
    ];
    if let Some((_, found)) = BEGINS.iter().find(|(begin, _)| bytes.starts_with(begin)) {
        return found;
    }
    if bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP") {
        return "image/webp";
    }
    let ending = name.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase()).unwrap_or_default();
    let is_text = || std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
    match ending.as_str() {
        "csv" if is_text() => "text/csv",
        "txt" | "text" | "log" | "md" if is_text() => "text/plain",
        "docx" => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "xlsx" => "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "pptx" => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "odt" => "application/vnd.oasis.opendocument.text",
        "ods" => "application/vnd.oasis.opendocument.spreadsheet",
        "zip" => "application/zip",
        "eml" => "message/rfc822",
        "ics" => "text/calendar",
        "vcf" => "text/vcard",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_it_begins_with_and_not_what_it_is_called() {
        assert_eq!(content_type("holiday.txt", b"\x89PNG\r\n\x1a\nrest"), "image/png");
        assert_eq!(content_type("picture.png", b"<script>"), "application/octet-stream");
        assert_eq!(content_type("notes.TXT", "gr\u{fc}n".as_bytes()), "text/plain");
        assert_eq!(content_type("notes.txt", b"\0\x01"), "application/octet-stream");
        assert_eq!(content_type("a", b"RIFF\0\0\0\0WEBPVP8 "), "image/webp");
    }

    #[test]
    fn a_name_has_no_folders_no_lines_and_is_never_empty() {
        assert_eq!(named("C:\\Users\\ada\\plan.pdf"), "plan.pdf");
        assert_eq!(named("../../etc/pass\r\nwd"), "passwd");
        assert_eq!(named(" \u{0} "), "file");
        assert_eq!(named(&"x".repeat(900)).len(), NAME_MAX);
    }
}
