//! Deadlines of requests: the arithmetic of rights.md and of Regulation 1182/71.

#![expect(clippy::expect_used, reason = "a test may stop where it stands")]

use jiff::civil::{Date, date};
use kernel::Code;
use rules::deadlines::{Calendar, Deadlines, deadline, known};

fn none(_: Date) -> bool {
    false
}

fn on(regime: &str, right: &str, received: Date, country: Option<&str>) -> Deadlines {
    deadline(regime, right, received, &Calendar { country, holidays: &none, uk_moves: false }).expect("known")
}

#[test]
fn a_month_is_a_month() {
    assert_eq!(on("UK", "access", date(2027, 1, 31), None).due, date(2027, 2, 28));
    assert_eq!(on("UK", "access", date(2028, 1, 31), None).due, date(2028, 2, 29));
    // one month and two further months are three months from receipt, not two from the last of February
    assert_eq!(on("UK", "access", date(2027, 1, 31), None).extended, Some(date(2027, 4, 30)));
}

#[test]
fn an_eu_deadline_moves_off_weekends_and_the_countrys_holidays() {
    // 21 December 2026 is a Monday
    assert_eq!(on("GDPR", "access", date(2026, 11, 21), Some("DE")).due, date(2026, 12, 21));
    // 3 October 2026 is a Saturday
    assert_eq!(on("GDPR", "erase", date(2026, 9, 3), None).due, date(2026, 10, 5));
    // 25 December 2026 is a Friday: 26 Saturday, 27 Sunday
    assert_eq!(on("GDPR", "erase", date(2026, 11, 25), Some("DE")).due, date(2026, 12, 28));
    assert_eq!(on("GDPR", "erase", date(2026, 11, 25), None).due, date(2026, 12, 25));
    // Easter Monday, 6 April 2026
    assert_eq!(on("GDPR", "portability", date(2026, 3, 6), Some("FR")).due, date(2026, 4, 7));
    assert_eq!(on("GDPR", "portability", date(2026, 3, 6), Some("PT")).due, date(2026, 4, 6));
    // the extension moves as well: 21 February 2027 is a Sunday
    assert_eq!(on("GDPR", "access", date(2026, 11, 21), Some("DE")).extended, Some(date(2027, 2, 22)));
}

#[test]
fn a_uk_deadline_moves_only_by_setting() {
    let moved =
        deadline("UK", "access", date(2026, 11, 26), &Calendar { country: Some("UK"), holidays: &none, uk_moves: true }).expect("known");
    // Saturday 26 December, Sunday, and the substitute day for Boxing Day
    assert_eq!(moved.due, date(2026, 12, 29));
    assert_eq!(on("UK", "access", date(2026, 11, 26), Some("UK")).due, date(2026, 12, 26));
}

#[test]
fn us_rows_and_hours_never_move() {
    // 2 January 2027 and 26 December 2026 are Saturdays
    assert_eq!(on("CCPA", "delete", date(2026, 11, 18), Some("US")).due, date(2027, 1, 2));
    assert_eq!(on("HIPAA", "access", date(2026, 11, 26), Some("US")).due, date(2026, 12, 26));
    let breach = on("GDPR", "breach to authority", date(2026, 11, 20), Some("DE"));
    assert_eq!((breach.hours, breach.due), (Some(72), date(2026, 11, 23)));
    let breach = on("GDPR", "breach to authority", date(2026, 12, 23), Some("DE"));
    assert_eq!(breach.due, date(2026, 12, 26));
}

#[test]
fn business_days_skip_weekends_and_the_holidays_set() {
    let thanksgiving = |day| day == date(2026, 11, 26);
    let set = Calendar { country: Some("US"), holidays: &thanksgiving, uk_moves: false };
    assert_eq!(on("CAN-SPAM", "opt-out", date(2026, 11, 20), None).due, date(2026, 12, 4));
    assert_eq!(deadline("CAN-SPAM", "opt-out", date(2026, 11, 20), &set).expect("known").due, date(2026, 12, 7));
    let foia = on("FOIA", "access", date(2026, 11, 20), None);
    assert_eq!((foia.due, foia.extended), (date(2026, 12, 18), Some(date(2027, 1, 1))));
}

#[test]
fn the_other_columns_come_with_it() {
    let ccpa = on("ccpa", "delete", date(2026, 11, 20), None);
    assert_eq!(ccpa.acknowledge, Some(date(2026, 12, 4)));
    assert_eq!(ccpa.extended, Some(date(2027, 2, 18)));
    assert_eq!((ccpa.pause, ccpa.citation), (None, "11 CCR 7021"));
    let complaint = on("UK", "complaint", date(2026, 11, 20), None);
    assert!(complaint.without_undue_delay);
    assert_eq!((complaint.due, complaint.acknowledge), (date(2026, 11, 20), Some(date(2026, 12, 20))));
    assert_eq!(on("CO", "access", date(2026, 11, 20), None).appeal, Some("P45D+P60D"));
    assert_eq!(on("GDPR", "access", date(2026, 11, 20), None).pause, Some("identity"));
}

#[test]
fn regimes_and_rights_are_found_by_their_usual_names() {
    let day = date(2026, 11, 20);
    assert_eq!(on("GB", "erasure", day, None).regime, "UK");
    assert_eq!(on("US-VA", "delete", day, None).regime, "VA");
    assert_eq!(on("GDPR", "delete", day, None).right, "erase");
    assert_eq!(on("CCPA", "access", day, None).right, "know");
    assert_eq!(on("CCPA", "opt-out", day, None).right, "opt-out sale/share incl GPC");
    assert_eq!(on("LGPD", "access", day, None).right, "access full");
    assert_eq!(on("GDPR", "object", day, None).right, "object");
}

#[test]
fn what_the_table_does_not_have_is_refused_with_what_it_has() {
    let ask = |regime, right| deadline(regime, right, date(2026, 11, 20), &Calendar { country: None, holidays: &none, uk_moves: false });
    let error = ask("ATLANTIS", "access").expect_err("unknown");
    assert_eq!(error.code(), Code::InvalidInput);
    assert!(error.to_string().contains("GDPR, UK, HIPAA"), "{error}");
    let error = ask("FERPA", "erase").expect_err("unknown");
    assert!(error.to_string().contains("Known: access."), "{error}");
    assert!(ask("UK", "sing").is_err());
    assert!(ask("GDPR", "").is_err());
}

#[test]
fn every_row_of_the_table_can_be_computed() {
    for (regime, rights) in known() {
        for right in rights {
            for day in [date(2026, 11, 21), Date::MAX, Date::MIN] {
                let found = on(regime, right, day, Some("DE"));
                assert!(found.due >= day && found.extended.is_none_or(|e| e >= found.due), "{regime} {right}");
            }
        }
    }
}
