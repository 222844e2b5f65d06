use proptest::prelude::*;

use super::*;

#[test]
fn an_e_mail_address_has_one_form() {
    for (written, normal) in [
        (" Ada.Lovelace@Example.ORG ", "ada.lovelace@example.org"),
        ("ada+crm@example.org.", "ada+crm@example.org"),
        ("info@Bücher.example", "info@xn--bcher-kva.example"),
        ("info@XN--BCHER-KVA.example", "info@xn--bcher-kva.example"),
        ("o'brien@example.org", "o'brien@example.org"),
        ("JOSE\u{301}@example.org", "jos\u{e9}@example.org"),
    ] {
        assert_eq!(email(written).as_deref(), Some(normal));
    }
}

#[test]
fn what_is_no_e_mail_address_has_none() {
    for text in [
        "",
        "@",
        "ada",
        "ada@",
        "@example.org",
        "ada@localhost",
        "a b@example.org",
        "ada@exa mple.org",
        "ada@-example.org",
        "ada@example..org",
        ".ada@example.org",
        "a..b@example.org",
        "ada@[192.0.2.1]",
        "a@b@example.org",
        "ada@ex_ample.org",
        "Ada <ada@example.org>",
        "ada\0@example.org",
    ] {
        assert_eq!(email(text), None, "{text:?}");
    }
    assert_eq!(email(&format!("{}@example.org", "a".repeat(65))), None);
    assert_eq!(email(&format!("ada@{}.org", "a".repeat(64))), None);
}

#[test]
fn a_telephone_number_has_one_form() {
    for (written, region, normal) in [
        // Numbers that regulators set aside for fiction (Bundesnetzagentur, Ofcom, NANP 555-01xx, ARCEP).
        ("030 23125-000", Some("DE"), "+493023125000"),
        ("+49 (0)30 23125 000", None, "+493023125000"),
        ("0049 30 23125000", Some("de"), "+493023125000"),
        ("020 7946 0958", Some("GB"), "+442079460958"),
        ("+44 20 7946 0958", Some("US"), "+442079460958"),
        ("(212) 555-0123", Some("US"), "+12125550123"),
        ("01 99 00 12 34", Some("FR"), "+33199001234"),
        ("tel:+33-1-99-00-12-34", None, "+33199001234"),
    ] {
        assert_eq!(phone(written, region).as_deref(), Some(normal), "{written}");
    }
}

#[test]
fn what_is_no_telephone_number_has_none() {
    for text in ["", "call me", "12", "ada1234567@example.org", "+", "+999999999999999999999999", "1234567890123456789012345678"] {
        assert_eq!(phone(text, Some("DE")), None, "{text:?}");
    }
    assert_eq!(phone("030 23125000", None), None, "without a country nobody knows whose number it is");
    assert_eq!(phone("030 23125000", Some("Atlantis")), None);
}

/// libphonenumber's own example numbers, where the shared corpus carries them.
#[test]
fn example_numbers_of_every_region_reach_e164_and_stay_there() {
    let root = std::env::var("PROBITY_CORPUS")
        .map_or_else(|_| std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data"), std::path::PathBuf::from);
    let Ok(text) = std::fs::read_to_string(root.join("standards/phones/PhoneNumberMetadataForTesting.xml")) else {
        println!("corpus absent");
        return;
    };
    let (mut region, mut code, mut read, mut all) = ("", "", 0, 0);
    let quoted = |line: &'static str, name: &str| Some(line.split_once(&format!("{name}=\""))?.1.split_once('"')?.0);
    for line in text.leak().lines() {
        if line.contains("<territory ") {
            (region, code) = (quoted(line, "id").unwrap(), quoted(line, "countryCode").unwrap());
        }
        let Some(example) = line.trim().strip_prefix("<exampleNumber>").and_then(|l| l.strip_suffix("</exampleNumber>")) else { continue };
        all += 1;
        let Some(normal) = phone(&format!("+{code}{example}"), None) else { continue };
        read += 1;
        assert!(normal.starts_with(&format!("+{code}")), "{region}");
        assert_eq!(phone(&normal, None), Some(normal.clone()), "{region}");
        // The test metadata changes national prefixes of some regions, so a national reading may differ; it must not fail badly.
        let _ = phone(example, Some(region));
    }
    println!("{read} of {all} example numbers read");
    assert!(all > 50 && read * 10 > all * 7);
}

proptest! {
    #[test]
    fn a_normal_form_is_its_own_normal_form(local in "[A-Za-z0-9.]{1,10}", domain in "[A-Za-zäöüß0-9-]{1,12}", digits in "\\+?[0-9 ()/-]{5,18}") {
        if let Some(normal) = email(&format!("{local}@{domain}.example")) {
            prop_assert_eq!(email(&normal), Some(normal));
        }
        if let Some(normal) = phone(&digits, Some("FR")) {
            prop_assert!(normal.len() <= 16);
            prop_assert_eq!(phone(&normal, None), Some(normal));
        }
    }

    #[test]
    fn no_text_makes_reading_an_address_panic(text in "\\PC{0,70}", region in "\\PC{0,3}") {
        let _ = (email(&text), phone(&text, Some(&region)), phone(&format!("+{text}12345"), None));
    }
}

#[test]
fn a_number_has_its_digits_with_and_without_the_country() {
    for (text, region, whole, national) in [
        ("030 1234567", Some("DE"), "49301234567", "301234567"),
        ("+39 06 698 12345", None, "390669812345", "0669812345"),
        ("(212) 555-0123", Some("US"), "12125550123", "2125550123"),
        ("020 7946 0018", Some("GB"), "442079460018", "2079460018"),
        ("01 23 45 67 89", Some("FR"), "33123456789", "123456789"),
    ] {
        let normal = phone(text, region).unwrap();
        assert_eq!(phone_digits(&normal), Some((whole.to_owned(), national.to_owned())), "{text}");
    }
    assert_eq!(phone_digits("4930"), None);
}
