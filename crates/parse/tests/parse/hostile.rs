//! Arbitrary, mutated and truncated bytes: no parser panics, none goes out of bounds.
//! `PROBITY_FUZZ_CASES` sets the number of cases (default 200).

use parse::{date, headers, mail, mbox, table, vcard};
use proptest::prelude::*;

const MAIL: &[u8] = b"From a@b.example Mon Oct  7 12:06:28 2002\r\nFrom: =?utf-8?q?Ada_L=C3=B6?= <ada@example.org>, Team: bo@example.org, \"C, D\" <c@d.example>;\r\nTo: undisclosed-recipients:;\r\nSubject: =?iso-8859-1?B?SOls?=\r\n =?utf-8?q?_b?=\r\nDate: Fri, 21 Nov 1997 09:55:06 -0600 (CST)\r\nMessage-ID: <1@example.org>\r\nReceived: from x by y; 21 Nov 97 09:55:06 GMT\r\nDKIM-Signature: v=1; d=example.org; s=k1; b=abc\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=\"=_b\"\r\n\r\npreamble\r\n--=_b\r\nContent-Type: multipart/alternative; boundary=i\r\n\r\n--i\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\nCaf=C3=A9\r\n--i\r\nContent-Type: text/html\r\n\r\n<p>Caf&eacute;</p>\r\n--i--\r\n--=_b\r\nContent-Type: application/pdf; name*0*=utf-8''%C3%A4; name*1=.pdf\r\nContent-Disposition: attachment\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=\r\n--=_b\r\nContent-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhello\r\n--=_b--\r\n";
const CARD: &[u8] = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg;;;\r\nitem1.EMAIL;INTERNET:a@b\r\nitem1.X-ABLabel:_$!<Home>!$_\r\nNOTE;QUOTED-PRINTABLE:a=0D=0A=\r\nb\r\nPHOTO;ENCODING=BASE64;JPEG:\r\n /9j/4AAQ\r\n\r\nADR;HOME:;;S;C;R;P;L\r\nEND:VCARD\r\nBEGIN:VCARD\r\nFN:x\\,y\r\nEND:VCARD\r\n";
const TABLE: &[u8] = b"\xEF\xBB\xBFName;\"No\"\"te\";Born\r\nAda;\"two\r\nlines\";1.2.2003\r\n\r\nBo;x;\"open\r\nCy;\"a\"b;\r\n\xE9;;3\r\n";

fn cases() -> ProptestConfig {
    let cases = std::env::var("PROBITY_FUZZ_CASES").ok().and_then(|c| c.parse().ok()).unwrap_or(200);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// Runs every parser and checks what must hold of any input.
fn all(bytes: &[u8]) {
    let verdict = mail::is_message(bytes);
    let read = mail::parse(bytes);
    assert_eq!(verdict.is_ok(), read.is_ok());
    if let Ok(m) = read {
        bounded(&m, bytes.len());
        assert!(mail::preview(&m.text, 80).chars().count() <= 80);
    }
    let text = String::from_utf8_lossy(bytes);
    let _ = mail::parse_date(&text);
    assert!(mail::html_to_text(&text).len() <= text.len() * 4 + 16);

    // Every byte of a mailbox belongs to exactly one message.
    let mut end = None;
    for item in mbox::Messages::new(bytes) {
        let item = item.unwrap();
        assert!(item.bytes.len() as u64 <= item.length);
        assert!(end.is_none_or(|e| e == item.offset));
        end = Some(item.offset + item.length);
    }
    assert!(end.is_none_or(|e| e == bytes.len() as u64));
    let _ = mbox::Messages::with_limit(bytes, 64).count();

    // The rows, blank ones apart, are the file: nothing is lost, nothing comes twice.
    if let Ok(rows) = table::Rows::csv(bytes, table::Options::default()) {
        let width = rows.header().len();
        let mut total = rows.header_raw().len();
        let mut last = 0;
        for row in rows {
            let (number, raw) = match row {
                Ok(row) => {
                    assert_eq!(row.cells.len(), width);
                    (row.number, row.raw)
                }
                Err(e) => (e.number, e.raw),
            };
            assert!(number > last);
            last = number;
            total += raw.len();
        }
        assert!(total <= bytes.len());
    }
    let tight = table::Limits { row_bytes: 16, cell_bytes: 8, columns: 4, workbook_bytes: 1 << 16 };
    if let Ok(rows) = table::Rows::csv(bytes, table::Options { limits: tight, ..table::Options::default() }) {
        assert!(rows.into_iter().all(|r| r.map_or_else(|e| e.raw.len(), |r| r.raw.len()) <= 16 + 4));
    }
    let _ = table::xlsx(bytes, table::Options { limits: tight, ..table::Options::default() });

    for card in vcard::Cards::new(bytes).flatten() {
        assert!(card.raw.len() <= bytes.len());
    }
    let _ = vcard::looks_like_vcard(bytes);
    let _ = headers::suggest(&[text.to_string()], headers::Kind::Person);
    for order in [date::DateOrder::Dmy, date::DateOrder::Mdy, date::DateOrder::Ymd] {
        let _ = date::parse_date(&text, order);
    }
}

fn bounded(m: &mail::Mail, size: usize) {
    let attached: usize = m.attachments.iter().map(|a| a.bytes.len()).sum();
    assert!(attached <= size * 3 + 64, "attachments larger than what they came from");
    assert!(m.text.len() <= size * 8 + 64);
    m.nested.iter().for_each(|n| bounded(n, size));
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        all(&bytes);
    }

    #[test]
    fn bytes_that_look_like_the_formats_never_panic(words in prop::collection::vec(prop::sample::select(vec![
        "From ", "From: ", "Subject: ", "Content-Type: ", "multipart/mixed; boundary=b", "message/rfc822", "text/html", "\r\n", "\n", "\r", "--b", "--b--", "\"", ",", ";", "\t", "=?utf-8?q?",
        "?=", "=", "<", ">", "(", ")", "@", ":", "a", "é", "\0", " ", "BEGIN:VCARD", "END:VCARD", "N:", "AGENT:", ";ENCODING=QUOTED-PRINTABLE:", "-", "12:00", " 2001", "Content-Length: 5", "Content-Transfer-Encoding: base64", "*0*=", "&#x", "<!--", "<script>", "\\",
    ]), 0..80)) {
        all(words.concat().as_bytes());
    }

    #[test]
    fn mutated_files_never_panic(
        which in 0usize..3,
        edits in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0u8..3), 1..12),
    ) {
        let mut bytes = [MAIL, CARD, TABLE][which].to_vec();
        for (at, byte, how) in edits {
            let at = at.index(bytes.len().max(1)).min(bytes.len());
            match how {
                0 if at < bytes.len() => bytes[at] = byte,
                1 if at < bytes.len() => { bytes.remove(at); }
                _ => bytes.insert(at, byte),
            }
        }
        all(&bytes);
    }
}

#[test]
fn files_cut_at_any_byte_never_panic() {
    for file in [MAIL, CARD, TABLE] {
        for end in 0..=file.len() {
            all(&file[..end]);
        }
    }
}

#[test]
fn nesting_without_end_is_cut_off() {
    let deep = format!("Subject: x\n{}", "Content-Type: message/rfc822\n\nSubject: y\n".repeat(50_000));
    let read = mail::parse(deep.as_bytes()).unwrap();
    assert!(read.warnings.has("nested_too_deep") || read.nested[0].warnings.has("nested_too_deep"));
    let mut multi = "Subject: x\n".to_owned();
    for level in 0..2_000 {
        multi.push_str(&format!("Content-Type: multipart/mixed; boundary=b{level}\n\n--b{level}\n"));
    }
    assert!(mail::parse(multi.as_bytes()).unwrap().warnings.has("nested_too_deep"));
    let many = format!("Subject: x\nContent-Type: multipart/mixed; boundary=b\n\n{}", "--b\n\nx\n".repeat(5_000));
    assert!(mail::parse(many.as_bytes()).unwrap().warnings.has("too_many_parts"));
}

#[test]
fn huge_headers_are_cut_off_and_the_body_is_still_read() {
    let huge = format!("Subject: x\nTo: {}\nX: {}\n\nbody\n", "a@b.example, ".repeat(30_000), "y".repeat(1 << 20));
    let read = mail::parse(huge.as_bytes()).unwrap();
    assert_eq!(read.text.trim(), "body");
    assert!(read.warnings.has("header_truncated"));
}

#[test]
fn quotes_that_never_close_cost_no_more_than_their_lines() {
    let mut file = "a,b\n".to_owned();
    for i in 0..20_000 {
        file.push_str(&format!("{i},\"\"\"x\n"));
    }
    assert!(table::Rows::csv(file.as_bytes(), table::Options::default()).unwrap().count() >= 10_000);
}

#[test]
fn a_workbook_that_claims_all_cells_needs_no_memory_for_them() {
    use std::io::Write;
    let mut zip = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let mut file = |name: &str, text: &str| {
        zip.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    };
    file("[Content_Types].xml", r#"<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#);
    file(
        "_rels/.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    );
    file(
        "xl/workbook.xml",
        r#"<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#,
    );
    file(
        "xl/_rels/workbook.xml.rels",
        r#"<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#,
    );
    file(
        "xl/worksheets/sheet1.xml",
        r#"<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><dimension ref="A1:XFD1048576"/><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Name</t></is></c></row><row r="1048576"><c r="A1048576" t="inlineStr"><is><t>last</t></is></c></row></sheetData></worksheet>"#,
    );
    let bytes = zip.finish().unwrap().into_inner();
    let rows: Vec<_> = table::xlsx(&bytes, table::Options::default()).unwrap().map(|r| r.unwrap()).collect();
    assert_eq!((rows.len(), rows[0].number, rows[0].cells.clone()), (1, 1_048_576, vec!["last".to_owned()]));
    let bomb = table::Limits { workbook_bytes: 1000, ..table::Limits::default() };
    assert_eq!(
        table::xlsx(&bytes, table::Options { limits: bomb, ..table::Options::default() }).err().unwrap().code(),
        kernel::Code::TooLarge
    );
}
