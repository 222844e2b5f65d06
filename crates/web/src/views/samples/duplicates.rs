use super::{Gathered, shell, t};
use crate::views::{duplicates::*, parts::*};
use kernel::Result;

fn pair(id: &str, a: &str, b: &str, why: &str, likely: Chip) -> PairRow {
    PairRow {
        id: id.into(),
        records: [(a.into(), "/people/rec_1".into()), (b.into(), "/people/rec_2".into())],
        why: why.into(),
        likely,
        merge: "/duplicates/merge?survivor=rec_1&other=rec_2".into(),
    }
}

fn field(key: &str, label: &str, survivor: &str, other: &str, choice: &'static str) -> MergeField {
    let cell = |text: &str| if text.is_empty() { Cell::Empty } else { Cell::Text(text.into()) };
    MergeField {
        key: key.into(),
        label: label.into(),
        survivor: cell(survivor),
        other: cell(other),
        choice,
        choose: true,
        several: choice == "both",
        note: String::new(),
    }
}

fn side(name: &str, id: &str) -> MergeSide {
    MergeSide { name: name.into(), href: format!("/people/{id}"), id: id.into(), version: 3, note: "Version 3, saved today 10:42".into() }
}

fn alike() -> AlikeFound {
    let one = AlikeLine { name: "Chiara Lombardi".into(), href: "/people/rec_1".into(), id: "rec_1".into(), why: "same e-mail".into() };
    AlikeFound { t: t(), found: vec![one] }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let t = t();
    let likely = || Chip::new("likely", Tone::Plain);
    let sure = Chip::new("almost certain", Tone::Good);
    let list = Duplicates {
        t,
        shell: shell("Duplicates", "people"),
        tabs: vec![Tab::new("People", "/duplicates?kind=person", true), Tab::new("Companies", "/duplicates?kind=company", false)],
        kind: "person".into(),
        seen: "Everything changed before today 10:42 was looked at.".into(),
        progress: None,
        groups: vec![
            PairGroup {
                records: 3,
                pairs: vec![
                    pair("dup_1", "Chiara Lombardi", "Lombardi, Chiara", "same e-mail, same name and company", sure),
                    pair("dup_2", "Chiara Lombardi", "C. Lombardi", "same phone", likely()),
                ],
            },
            PairGroup { records: 2, pairs: vec![pair("dup_3", "Jonas Weber", "Weber Jonas", "same name and address", likely())] },
        ],
        may: true,
        paging: Paging::default(),
        recorded: t.get("record-recorded"),
    };
    out.page("duplicates", &list)?;
    let progress = Progress {
        label: t.get("dup-running"),
        done: 4_100,
        total: Some(10_000),
        words: "4,100 of 10,000 records".into(),
        running: true,
        cancel_action: Some("/duplicates/cancel".into()),
        ..Progress::default()
    };
    out.page("duplicates-going-on", &Duplicates { progress: Some(progress), groups: Vec::new(), ..list })?;
    let mut merge = MergePage {
        t,
        shell: shell("Merge Chiara Lombardi and Lombardi, Chiara", "people"),
        title: "Merge Chiara Lombardi and Lombardi, Chiara".into(),
        survivor: side("Chiara Lombardi", "rec_1"),
        other: side("Lombardi, Chiara", "rec_2"),
        swap: "/duplicates/merge?survivor=rec_2&other=rec_1".into(),
        back: "/duplicates?kind=person".into(),
        differ: vec![
            field("name", "Name", "Chiara Lombardi", "Lombardi, Chiara", "survivor"),
            field("email", "E-mail", "c•••@lombardi.example", "chiara@•••.example", "both"),
            field("job_title", "Job title", "", "Architect", "other"),
            MergeField { choose: false, note: t.get("dup-rule"), ..field("tax_id", "Tax number", "", "", "other") },
        ],
        same: 4,
        moves: vec![Line::text("Messages", "41"), Line::text("Deals", "2"), Line::text("Entries of the timeline", "63")],
        stays: vec![Line::text("Orders", "1")],
        refusals: Vec::new(),
        recorded: t.get("record-recorded"),
    };
    out.page("duplicates-merge", &merge)?;
    merge.refusals = vec![("A legal hold keeps Chiara Lombardi as it is.".into(), t.get("dup-refused-held-do"))];
    out.page("duplicates-merge-refused", &merge)?;
    let merged = MergedPage {
        t,
        shell: shell("This record was merged", "people"),
        survivor: ("Chiara Lombardi".into(), "/people/rec_1".into()),
        note: "Merged today 10:42 by Mara Keller".into(),
        action: Some("/duplicates/merged/rec_2".into()),
        moving: false,
        evidence: Some("/evidence/records/rec_2".into()),
        recorded: t.get("record-recorded"),
    };
    out.page("duplicates-merged", &merged)?;
    out.fragment("duplicates-alike", &alike())
}
