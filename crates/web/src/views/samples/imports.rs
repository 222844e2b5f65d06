use super::{Gathered, shell, t};
use crate::{
    kit::layout::Choice,
    views::{import::*, parts::*},
};
use kernel::Result;

fn chip(words: &str, tone: Tone) -> Cell {
    Cell::Chip(Chip::new(words, tone))
}

pub(super) fn progress(running: bool) -> Progress {
    Progress {
        label: if running { "Importing trade-fair.csv".into() } else { "Package made".into() },
        done: if running { 412_000 } else { 212 },
        total: Some(if running { 750_000 } else { 212 }),
        words: if running { "412,000 of 750,000 rows · 21,400 a second · 16 s left".into() } else { "212 of 212 items".into() },
        counts: if running { vec!["created 398,204".into(), "updated 13,001".into(), "refused 795".into()] } else { vec![] },
        running,
        cancel_action: running.then(|| "/import/job_1/cancel".into()),
        cancel_note: if running { "Rows already imported stay; you can undo them afterwards.".into() } else { String::new() },
    }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    out.page(
        "import",
        &ImportUpload {
            t: t(),
            shell: shell("Import", "people").at("/import"),
            kinds: vec![Choice::new("person", "People", true), Choice::new("company", "Companies", false)],
            problem: String::new(),
            limit: "up to 512 MB".into(),
            past: vec![PastImport {
                name: "trade-fair-2026.csv".into(),
                href: "/import/job_1".into(),
                note: "3 Nov by M. Keller".into(),
                state: Chip::new("1,204 imported", Tone::Good),
            }],
        },
    )?;
    let column = |index: usize, name: &str, first: &[&str], target: &str, problem: &str, note: &str| SourceColumn {
        dates: Vec::new(),
        index,
        name: name.into(),
        first: first.iter().map(|s| (*s).into()).collect(),
        targets: vec![Choice::new("skip", "Skip", target == "skip"), Choice::new(target, target, target != "skip")],
        problem: problem.into(),
        note: note.into(),
    };
    let mapping = ImportMapping {
        remembered: String::new(),
        t: t(),
        shell: shell("Import", "people").at("/import/job_1"),
        file: "trade-fair.csv".into(),
        note: "750,000 rows · UTF-8, “;”".into(),
        action: "/import/job_1/mapping".into(),
        columns: vec![
            column(0, "Name", &["Chiara Lombardi", "Goran Petrović"], "Name", "", ""),
            column(1, "Handy", &["0171…", "+49…"], "Mobile", "12 are no phone number", ""),
            column(2, "Notiz", &["“ruft an…”"], "skip", "", "free text, sealed"),
        ],
        match_by: vec![Choice::new("email", "E-mail", true), Choice::new("none", "Never: all rows are new", false)],
        modes: vec![Choice::new("create", "Create", false), Choice::new("update", "Update", false), Choice::new("both", "Both", true)],
        basis: vec![
            Field::new("basis", "Lawful basis", Control::Choice(vec![Choice::new("A6-1-b", "Steps before a contract, Art 6(1)(b)", true)]))
                .required(),
            Field::new("source", "Where the data comes from", Control::Text).required().value("Trade fair Milano 2026"),
        ],
        problem: String::new(),
        preview: None,
    };
    out.page("import-mapping", &mapping)?;
    let rows = Grid {
        caption: "First rows as they would be".into(),
        columns: ["Row", "What", "Name", "Mobile"].map(String::from).into(),
        rows: vec![
            vec![
                Cell::Text("1".into()),
                chip("create", Tone::Good),
                Cell::Text("Chiara Lombardi".into()),
                Cell::Mask("+39 ••• 4417".into()),
            ],
            vec![Cell::Text("2".into()), chip("refuse: no phone number", Tone::Held), Cell::Text("Goran Petrović".into()), Cell::Empty],
        ],
    };
    out.page(
        "import-preview",
        &ImportMapping {
            preview: Some(DryRun {
                tried: String::new(),
                alike: "2 rows look like records you have already. Rows 3, 8".into(),
                counts: vec![Chip::new("48 created", Tone::Good), Chip::new("1 updated", Tone::Plain), Chip::new("1 refused", Tone::Held)],
                rows,
            }),
            ..mapping
        },
    )?;
    out.page(
        "import-progress",
        &ImportProgress {
            t: t(),
            shell: shell("Import", "people").at("/import/job_1"),
            file: "trade-fair.csv".into(),
            progress: progress(true),
        },
    )?;
    out.page(
        "import-report",
        &ImportReport {
            t: t(),
            shell: shell("Import", "people"),
            file: "trade-fair.csv".into(),
            state: Chip::new("Finished", Tone::Good),
            lines: vec![
                Line::text("Created", "698,204"),
                Line::text("Updated", "51,001"),
                Line::text("Unchanged", "0"),
                Line::text("Not imported", "795"),
            ],
            failed: vec![
                FailedRow {
                    row: "118".into(),
                    column: "Handy".into(),
                    why: "Write the number with its country code, like +49 171….".into(),
                },
                FailedRow { row: "204".into(), column: "Geburtstag".into(), why: "Write the date as day.month.year.".into() },
            ],
            failed_note: "2 of 795 shown".into(),
            failed_action: Some("/import/job_1/failed".into()),
            records_href: "/people?import=job_1".into(),
            undo_href: Some("/import/job_1/undo".into()),
            undo_note: "Can be undone as a whole through 21 Dec 2026.".into(),
        },
    )
}
