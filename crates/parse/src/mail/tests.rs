use super::*;

fn lines(parts: &[&str]) -> Vec<u8> {
    parts.join("\r\n").into_bytes()
}

#[test]
fn the_envelope_is_read_as_shown() {
    let mail = parse(&lines(&[
        "Received: from x by y; Fri, 21 Nov 1997 10:01:10 -0600",
        "Authentication-Results: mx.example; dkim=pass",
        "DKIM-Signature: v=1; d=example.org;",
        " s=k1; b=abc",
        "ARC-Seal: i=1; cv=none",
        "From: =?utf-8?q?Ada_L=C3=B6we?= <ada@example.org>",
        "Sender: desk@example.org",
        "To: Team: bo@example.org, \"Day, Cy\" <cy@example.org>;",
        "Cc: undisclosed-recipients:;",
        "Subject: =?iso-8859-1?Q?Caf=E9?=",
        " =?utf-8?B?IMOp?=",
        "Date: Fri, 21 Nov 1997 09:55:06 -0600",
        "Message-ID: <1@example.org>",
        "In-Reply-To: <0@example.org>",
        "References: <a@example.org>",
        " <0@example.org>",
        "List-Id: Our list <list.example.org>",
        "",
        "Hello",
    ]))
    .unwrap();
    assert_eq!(mail.subject.as_deref(), Some("Café é"));
    assert_eq!(mail.from[0].name.as_deref(), Some("Ada Löwe"));
    assert_eq!(mail.sender.as_ref().and_then(|s| s.address.as_deref()), Some("desk@example.org"));
    let to: Vec<_> = mail.to.iter().map(|m| (m.name.as_deref(), m.address.as_deref())).collect();
    assert_eq!(to, [(None, Some("bo@example.org")), (Some("Day, Cy"), Some("cy@example.org"))]);
    assert!(mail.cc.is_empty());
    assert_eq!(mail.claimed_at.map(|m| (m.at.to_string(), m.offset_minutes)), Some(("1997-11-21T15:55:06.000000Z".into(), Some(-360))));
    assert_eq!(mail.received.len(), 1);
    assert_eq!((mail.message_id.as_deref(), mail.in_reply_to.clone()), (Some("1@example.org"), vec!["0@example.org".to_owned()]));
    assert_eq!(mail.references, ["a@example.org", "0@example.org"]);
    assert_eq!(mail.list_id.as_deref(), Some("list.example.org"));
    assert_eq!((mail.authenticity.dkim[0].domain.as_str(), mail.authenticity.dkim[0].selector.as_str()), ("example.org", "k1"));
    assert_eq!((mail.authenticity.results.len(), mail.authenticity.arc_sets), (1, 1));
    assert_eq!(mail.text, "Hello");
    assert!(mail.warnings.codes().is_empty(), "{:?}", mail.warnings);
}

#[test]
fn text_html_attachments_and_nested_messages_come_apart() {
    let mail = parse(&lines(&[
        "From: a@example.org",
        "Date: Fri, 21 Nov 1997 09:55:06 -0600",
        "Message-ID: <1@example.org>",
        "Content-Type: multipart/mixed; boundary=\"=_b\"",
        "",
        "--=_b",
        "Content-Type: multipart/alternative; boundary=i",
        "",
        "--i",
        "Content-Type: text/plain; charset=iso-8859-1",
        "Content-Transfer-Encoding: quoted-printable",
        "",
        "Caf=E9",
        "--i",
        "Content-Type: text/html",
        "",
        "<p>Caf&eacute;</p>",
        "--i--",
        "--=_b",
        "Content-Type: application/pdf",
        "Content-Disposition: attachment; filename*=utf-8''..%2F%C3%A4.pdf",
        "Content-Transfer-Encoding: base64",
        "",
        "aGVsbG8=",
        "--=_b",
        "Content-Type: message/rfc822",
        "",
        "Subject: inner",
        "",
        "hello",
        "--=_b--",
        "",
    ]))
    .unwrap();
    assert_eq!(mail.text, "Café");
    assert_eq!(mail.html.as_deref(), Some("<p>Caf&eacute;</p>"));
    assert_eq!(mail.attachments.len(), 2);
    assert_eq!((mail.attachments[0].name.as_deref(), mail.attachments[0].bytes.as_slice()), (Some("ä.pdf"), &b"hello"[..]));
    assert!(mail.attachments[1].is_message);
    assert_eq!(mail.attachments[1].bytes, b"Subject: inner\r\n\r\nhello");
    assert_eq!((mail.nested[0].subject.as_deref(), mail.nested[0].text.as_str()), (Some("inner"), "hello"));
    assert!(mail.warnings.codes().is_empty(), "{:?}", mail.warnings);
}

#[test]
fn what_is_odd_is_said() {
    let odd = |parts: &[&str], code: &str| {
        let mail = parse(&lines(parts)).unwrap();
        assert!(mail.warnings.has(code), "{code} missing in {:?}", mail.warnings);
        mail
    };
    odd(&["Subject: x", "", ""], "no_from");
    odd(&["Subject: x", "", ""], "no_date");
    odd(&["Subject: x", "Subject: y", "", ""], "duplicate_header");
    odd(&["Subject: x", "Date: yesterday", "", ""], "bad_date");
    odd(&["Subject: x", "Date: 1 Jan 1901 00:00:00 +0000", "", ""], "implausible_date");
    odd(&["Subject: x", "", "a\0b"], "nul_bytes");
    odd(&["Subject: x", "Content-Type: multipart/mixed; boundary=b", "", "--b", "", "text"], "truncated_multipart");
    odd(&["Subject: x", "Content-Type: text/plain; charset=nobody-knows", "", "text"], "bad_charset");
    odd(&["Subject: x", "Content-Type: multipart/signed; boundary=b", "", "--b", "", "text", "--b--"], "signed");
    odd(&["Subject: x", "Content-Type: multipart/encrypted; boundary=b", "", "--b", "", "text", "--b--"], "encrypted");
    let tnef = odd(&["Subject: x", "Content-Type: application/ms-tnef; name=winmail.dat", "", "x"], "tnef_kept_whole");
    assert_eq!(tnef.attachments.len(), 1);
    let joined = odd(&["Subject: x", "this is no header", "nor this"], "no_blank_line_after_header");
    assert_eq!(joined.text, "this is no header\nnor this");
    assert_eq!(odd(&["Subject: x", "garbage", "From: a@b", "", "t"], "malformed_header_line").from.len(), 1);
    assert_eq!(parse(b"Subject: caf\xE9\n\n").unwrap().subject.as_deref(), Some("café"));
}

#[test]
fn a_message_that_is_only_html_has_text() {
    let mail = parse(b"Subject: x\nContent-Type: text/html\n\n<div>one</div><div>two</div>").unwrap();
    assert_eq!(mail.text, "one\ntwo");
    assert!(mail.attachments.is_empty());
}

#[test]
fn errors_and_debug_output_hold_nothing_of_the_message() {
    assert_eq!(parse(b"hello ada@example.org").unwrap_err().code(), Code::Malformed);
    assert!(!parse(b"hello ada@example.org").unwrap_err().to_string().contains("ada"));
    assert_eq!(parse(b"PK\x03\x04").unwrap_err().code(), Code::UnsupportedMedia);
    assert!(!format!("{:?}", parse(b"From: ada@example.org\n\n").unwrap()).contains("ada"));
}

#[test]
fn parsing_twice_gives_the_same() {
    let bytes = b"From: a@b\nDate: x\nSubject: y\n\nz";
    assert!(parse(bytes).unwrap() == parse(bytes).unwrap());
}
