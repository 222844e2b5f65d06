use super::*;

fn read(bytes: &[u8]) -> Vec<Contact> {
    Cards::new(bytes).map(|c| c.unwrap()).collect()
}

#[test]
fn version_21_is_read_with_its_encodings() {
    let card = b"BEGIN:VCARD\r\nVERSION:2.1\r\nN;CHARSET=ISO-8859-1;ENCODING=QUOTED-PRINTABLE:M=FCller;J=F6rg;;;\r\nTEL;CELL;PREF:+49 1\r\nNOTE;QUOTED-PRINTABLE;CHARSET=UTF-8:one=0D=0A=\r\ntwo\r\nPHOTO;ENCODING=BASE64;JPEG:\r\n /9j/4AAQ\r\n\r\nEMAIL;INTERNET;WORK:j@x.example\r\nEND:VCARD\r\n";
    let all = read(card);
    let c = &all[0];
    assert_eq!((c.name.family.as_str(), c.name.given.as_str(), c.formatted_name.as_str()), ("Müller", "Jörg", "Jörg Müller"));
    assert_eq!((c.phones[0].value.as_str(), c.phones[0].types.clone()), ("+49 1", vec!["cell".to_owned(), "pref".to_owned()]));
    assert_eq!(c.note, "one\ntwo");
    assert_eq!(c.photo.as_ref().map(|p| p.0.as_str()), Some("image/jpeg"));
    assert_eq!((c.emails[0].value.as_str(), c.emails[0].types.clone()), ("j@x.example", vec!["work".to_owned()]));
    assert_eq!(c.raw, card);
}

#[test]
fn version_30_folds_groups_and_escapes_are_resolved() {
    let c = &read(b"BEGIN:VCARD\nVERSION:3.0\nFN:Ada\\, Countess\nORG:Acme\\; Ltd;Engines\nitem1.EMAIL;type=INTERNET:ada@ex\n ample.org\nitem1.X-ABLabel:_$!<HomePage>!$_\nADR;TYPE=work,pref:;;1 St\\nFloor 2;London;;N1;UK\nCATEGORIES:a,b\\,c\nEND:VCARD\n")[0];
    assert_eq!(c.formatted_name, "Ada, Countess");
    assert_eq!((c.organization.as_str(), c.units.clone()), ("Acme; Ltd", vec!["Engines".to_owned()]));
    assert_eq!((c.emails[0].value.as_str(), c.emails[0].types.clone()), ("ada@example.org", vec!["homepage".to_owned()]));
    assert_eq!((c.addresses[0].street.as_str(), c.addresses[0].country.as_str()), ("1 St\nFloor 2", "UK"));
    assert_eq!(c.categories, ["a", "b,c"]);
}

#[test]
fn version_40_uris_are_read() {
    let c = &read(b"BEGIN:VCARD\nVERSION:4.0\nFN:X\nTEL;VALUE=uri;TYPE=\"voice,home\":tel:+1-555\nPHOTO:data:image/png;base64,iVBORw0K\nBDAY:--0203\nEND:VCARD\n")[0];
    assert_eq!((c.phones[0].value.as_str(), c.phones[0].types.clone()), ("+1-555", vec!["voice".to_owned(), "home".to_owned()]));
    assert_eq!(c.photo.as_ref().map(|p| p.0.as_str()), Some("image/png"));
    assert_eq!(c.birthday.as_deref(), Some("--0203"));
}

#[test]
fn a_broken_card_is_an_error_of_that_card_only() {
    let file =
        b"BEGIN:VCARD\nFN:One\nEND:VCARD\nBEGIN:VCARD\n%%%\nEND:VCARD\nBEGIN:VCARD\nFN:Unclosed\nBEGIN:VCARD\nFN:Four\nEND:VCARD\nrest\n";
    let all: Vec<_> =
        Cards::new(&file[..]).map(|c| c.map(|c| (c.formatted_name, c.warnings.contains(&"not_closed"))).map_err(|e| e.code())).collect();
    assert_eq!(all, [Ok(("One".into(), false)), Err(Code::Malformed), Ok(("Unclosed".into(), true)), Ok(("Four".into(), false))]);
}

#[test]
fn an_agent_card_within_does_not_change_its_owner() {
    let all = read(b"BEGIN:VCARD\nVERSION:2.1\nFN:Boss\nAGENT:\nBEGIN:VCARD\nFN:Aide\nEMAIL:a@x\nEND:VCARD\nTITLE:CEO\nEND:VCARD\n");
    assert_eq!(all.len(), 1);
    assert_eq!((all[0].formatted_name.as_str(), all[0].title.as_str(), all[0].emails.len()), ("Boss", "CEO", 0));
    assert!(all[0].warnings.contains(&"agent_kept_as_text"));
}

#[test]
fn only_vcards_look_like_one() {
    assert!(looks_like_vcard(b"\xEF\xBB\xBFbegin:vcard\r\n"));
    assert!(!looks_like_vcard(b"BEGIN:VCALENDAR\r\n"));
    assert!(!looks_like_vcard(b""));
}
