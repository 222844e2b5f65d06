use super::{Gathered, shell, t};
use crate::views::{evidence::*, parts::*};
use kernel::Result;

fn chip(words: &str, tone: Tone) -> Cell {
    Cell::Chip(Chip::new(words, tone))
}

fn event(when: &str, name: &str, said: Said, leaf: &str) -> EventRow {
    EventRow {
        iso: "2026-11-21T22:04:00Z".into(),
        when: when.into(),
        name: name.into(),
        said,
        fields: "Name, Phone".into(),
        door: "at a page".into(),
        purpose: "Sales".into(),
        leaf: Chip::new(leaf, Tone::Good),
        href: Some("/evidence/records/rec_3".into()),
    }
}

fn events() -> Vec<EventRow> {
    vec![
        event(
            "22:04",
            "record.revealed",
            Said::new().strong("M. Keller").say(" revealed Mobile of ").link("Chiara Lombardi", "/people/rec_3"),
            "8,204,117",
        ),
        event(
            "22:03",
            "record.read",
            Said::new().strong("M. Keller").say(" opened ").link("Chiara Lombardi", "/people/rec_3"),
            "8,204,116",
        ),
        event("21:58", "record.listed", Said::new().strong("L. Tran").say(" opened a list naming 9 people"), "8,204,115"),
    ]
}

fn verdict(good: bool) -> Verdict {
    Verdict {
        good,
        headline: if good {
            "All 8,204,117 events are as they were recorded.".into()
        } else {
            "Leaf 8,204,101 is not as it was recorded.".into()
        },
        checks: vec![
            Line::new("Leaves", chip("8,204,117 match", Tone::Good)),
            Line::new("Checkpoint signature", chip("valid", Tone::Good)),
            Line::new("Consistency with the last anchor", if good { chip("consistent", Tone::Good) } else { chip("broken", Tone::Held) }),
        ],
        not_proved: vec!["The clock of this machine before the first anchor.".into()],
        note: "Verified today 22:04 in 41 s.".into(),
    }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let evidence = EvidencePage {
        t: t(), shell: shell("Evidence", "evidence").at("/evidence"), size: "8,204,117".into(), pending: "3".into(), signed: "today 22:04".into(), checkpoint: "nordwind.example/probity\n8204117\nQm9vdCB0aGUgdHJlZSBhbmQgbG9vayBhdCBpdHMgcm9vdC4=\n\n— nordwind.example/probity Az3grlgtzPICa5OS8npVmf1Myq\n".into(), checkpoint_href: "/log/checkpoint".into(), anchors: vec![Anchor { name: "witness.example".into(), note: "8,204,090 events, today 22:03".into(), state: Chip::new("agrees", Tone::Good) }], unanchored: None, verify_action: "/evidence/verify".into(), progress: None, verdict: Some(verdict(true)), find: String::new(), find_problem: String::new(), events: events() };
    out.page("evidence", &evidence)?;
    out.page(
        "evidence-unanchored",
        &EvidencePage {
            anchors: vec![],
            unanchored: Some("Nothing outside this house has seen events since 19 Nov 2026.".into()),
            verdict: Some(verdict(false)),
            find: "rec".into(),
            find_problem: "A record’s number starts with rec_ and has 26 letters or digits after it.".into(),
            ..evidence
        },
    )?;
    out.page(
        "evidence-record",
        &RecordEvidence {
            t: t(),
            shell: shell("Evidence", "evidence"),
            name: "Chiara Lombardi".into(),
            record_href: Some("/people/rec_3".into()),
            id: "rec_01khz4m3q8f7v2t9w6y5x4c3b2".into(),
            proved: vec![
                Chip::new("bytes match", Tone::Good),
                Chip::new("in the ledger", Tone::Good),
                Chip::new("2 witnesses", Tone::Good),
            ],
            not_proved: vec!["What was said on the telephone.".into()],
            lines: vec![Line::text("Versions", "4"), Line::text("Opened by", "3 people, 14 times"), Line::text("Exports", "2")],
            events: events(),
            paging: Paging { previous: None, next: Some("/evidence/records/rec_3?older=c1".into()) },
            bundle_action: "/evidence/records/rec_3/bundle".into(),
        },
    )?;
    out.page(
        "verified",
        &VerifyPage {
            t: t(),
            shell: shell("Verified", "evidence"),
            title: "Bundle of Chiara Lombardi".into(),
            verdict: verdict(true),
            command: "probity verify bundle.zip".into(),
            back: "/evidence".into(),
        },
    )
}
