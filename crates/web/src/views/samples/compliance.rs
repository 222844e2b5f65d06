use super::{Gathered, shell, t};
use crate::{
    kit::layout::Choice,
    views::{erasure::*, evidence::*, home::Figure, import::*, package::PackagePage, parts::*, request::*, retention::*},
};
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
        purpose: "Sales".into(),
        leaf: Chip::new(leaf, Tone::Good),
        href: "/evidence/events/evt_1".into(),
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

fn progress(running: bool) -> Progress {
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

fn imports(out: &mut Gathered) -> Result<()> {
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
        index,
        name: name.into(),
        first: first.iter().map(|s| (*s).into()).collect(),
        targets: vec![Choice::new("skip", "Skip", target == "skip"), Choice::new(target, target, target != "skip")],
        problem: problem.into(),
        note: note.into(),
    };
    let mapping = ImportMapping {
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

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    imports(out)?;
    let mut list_shell = shell("Requests", "requests");
    list_shell.new_href = Some("/requests/new".into());
    let row = |number: &str, right: &str, person: &str, due: &str, tone| RequestRow {
        number: number.into(),
        href: "/requests/req_1".into(),
        right: right.into(),
        person: Cell::Text(person.into()),
        received: "2 Nov, portal".into(),
        state: Chip::new("Collecting", Tone::Plain),
        due: Chip::new(due, tone),
    };
    let requests = RequestList {
        t: t(),
        shell: list_shell,
        tabs: vec![Tab::new("Open", "/requests", true), Tab::new("Answered", "/requests?state=answered", false)],
        rows: vec![
            row("R-13", "Access", "Hana Sato", "Wed 18 Nov 2026, 3 days late", Tone::Held),
            row("R-14", "Erase", "Daniel Reyes", "Wed 2 Dec 2026, 11 days left", Tone::Time),
        ],
        paging: Paging::default(),
        recorded: "Opening this page was recorded as one event naming these 2 people.".into(),
    };
    out.page("requests", &requests)?;
    out.page("requests-none", &RequestList { rows: vec![], recorded: String::new(), ..requests })?;
    out.page(
        "request-new",
        &RequestNew {
            t: t(),
            shell: shell("Record a request", "requests"),
            fields: vec![
                Field::new("person", "Person", Control::Reference { shown: String::new() })
                    .required()
                    .help("Name or e-mail; known people are found."),
                Field::new(
                    "right",
                    "Asks for",
                    Control::Choice(vec![Choice::new("access", "Access", true), Choice::new("erase", "Erasure", false)]),
                )
                .required(),
                Field::new("received", "Received", Control::Date).required().value("2026-11-21"),
                Field::new("channel", "How it came", Control::Choice(vec![Choice::new("letter", "Letter", true)])),
                Field::new("note", "Note", Control::LongText),
            ],
            problem: String::new(),
        },
    )?;
    out.page(
        "request",
        &RequestPage {
            t: t(),
            shell: shell("Erase · R-14", "requests"),
            href: "/requests/req_1".into(),
            title: "Erase · Daniel Reyes".into(),
            note: "R-14 · received 2 Nov, portal".into(),
            due: Chip::new("Wed 2 Dec 2026, 11 days left", Tone::Time),
            counted: vec![
                "Received Mon 2 Nov 2026.".into(),
                "One month: Wed 2 Dec 2026 (GDPR Art 12(3)).".into(),
                "A working day, so it stays (Reg. 1182/71 Art 3(4)).".into(),
            ],
            stages: [("Received", "done"), ("Identity", "done"), ("Collecting", "now"), ("Decided", "ahead"), ("Answered", "ahead")]
                .map(|(l, state)| Stage { label: l.into(), state })
                .into(),
            standing: Some("7 of 9 stores searched. Two don’t answer.".into()),
            lines: vec![Line::text("Law", "GDPR Art 17"), Line::text("Came by", "portal"), Line::text("Identity", "confirmed 3 Nov")],
            log: vec![
                LogLine {
                    iso: "2026-11-14T09:12:00Z".into(),
                    when: "14 Nov 09:12".into(),
                    said: Said::new().strong("L. Tran").say(" told the person that 3 messages are held"),
                },
                LogLine { iso: "2026-11-02T08:00:00Z".into(), when: "2 Nov 08:00".into(), said: Said::new().say("Received by portal") },
            ],
            next: Some(("Review erasure plan".into(), "/requests/req_1/plan".into())),
            acts: vec![("Search again".into(), "/requests/req_1/collect".into())],
            extend: Some(("/requests/req_1/extend".into(), "To Tue 2 Feb 2027, once, with the reason told (GDPR Art 12(3)).".into())),
            refuse: Some(("/requests/req_1/refuse".into(), vec![Choice::new("excessive", "Manifestly excessive, Art 12(5)", true)])),
            recorded: "Opening this page was recorded.".into(),
        },
    )?;
    let package = PackagePage {
        t: t(),
        shell: shell("Access package", "requests").at("/packages/job_2"),
        person: "Hana Sato".into(),
        person_href: "/people/rec_8".into(),
        progress: progress(false),
        contents: vec![
            Line::text("Records", "14"),
            Line::text("Messages", "61"),
            Line::text("Files", "9"),
            Line::text("Who looked, and why", "128 views"),
        ],
        left_out: vec!["Another person’s data, 3 places.".into()],
        download_action: Some("/packages/job_2/download".into()),
        note: "1.2 MB · SHA-256 9f2c6d0e… · expires 28 Nov 2026".into(),
        problem: String::new(),
    };
    out.page("package", &package)?;
    out.page(
        "package-running",
        &PackagePage {
            progress: Progress {
                label: "Making the package".into(),
                total: None,
                counts: vec![],
                words: "61 messages so far".into(),
                ..progress(true)
            },
            contents: vec![],
            left_out: vec![],
            download_action: None,
            ..package
        },
    )?;
    let line = |what: &str, outcome, rule: &str, citation: &str, until: &str| PlanLine {
        what: what.into(),
        outcome,
        rule: rule.into(),
        citation: citation.into(),
        until: until.into(),
    };
    let lines = vec![
        line("Profile, notes", Outcome::Goes, "The person’s request", "GDPR Art 17(1)(b)", "at once"),
        line("198 messages", Outcome::Goes, "The person’s request", "GDPR Art 17(1)(b)", "at once"),
        line("3 letters", Outcome::Stays, "Business letters", "HGB §257, GDPR Art 17(3)(b)", "through 31 Dec 2032"),
        line("3 messages", Outcome::Held, "Legal hold", "GDPR Art 17(3)(e)", "no date"),
    ];
    let plan = ErasurePlan {
        t: t(),
        shell: shell("Plan of erasure", "requests"),
        subject: "Daniel Reyes".into(),
        back: "/requests/req_1".into(),
        action: "/requests/req_1/erase".into(),
        plan: "pln_1".into(),
        lines: lines.clone(),
        count: 212,
        also: vec![
            "Recipients to tell: 2.".into(),
            "A suppression entry stays: a keyed hash that refuses a new import of this person.".into(),
        ],
        expires: "This plan is good until 22:19, or until anything in it changes.".into(),
        problem: String::new(),
        second_person: false,
    };
    out.page("erasure", &plan)?;
    out.page("erasure-second", &ErasurePlan { problem: "Type 212 to erase 212. Nothing was erased.".into(), second_person: true, ..plan })?;
    let result = ErasureResult {
        t: t(),
        shell: shell("Erased", "requests"),
        summary: "212 items erased; 3 letters kept, locked, through 31 Dec 2032 (HGB §257).".into(),
        complete: true,
        copies: "Unreadable in every data copy now; in old key copies from 28 Nov 2026.".into(),
        certificate: vec![
            Line::text("Number", "C-2026-0117"),
            Line::text("Method", "record keys destroyed"),
            Line::text("At", "21 Nov 2026, 22:04"),
            Line::text("Leaf", "8,204,118"),
        ],
        download: "/evidence/certificates/c1".into(),
        stays: vec![lines[2].clone()],
        back: "/requests/req_1".into(),
    };
    out.page("erased", &result)?;
    out.page(
        "erased-partly",
        &ErasureResult { complete: false, summary: "Partly done: 7 of 9 stores. Two don’t answer.".into(), ..result },
    )?;
    let rule = |name: &str, scope: &str, period: &str, effect: &str, citation: &str, pack: &str| Rule {
        name: name.into(),
        version: "3".into(),
        scope: scope.into(),
        period: period.into(),
        effect: Chip::new(effect, Tone::Plain),
        citation: citation.into(),
        checked: "2 Nov 2026".into(),
        pack: pack.into(),
    };
    let figure = |label: &str, value: &str, note: &str| Figure {
        label: label.into(),
        value: value.into(),
        note: Said::new().say(note),
        href: "/retention".into(),
    };
    out.page(
        "retention",
        &RetentionPage {
            t: t(),
            shell: shell("Retention", "retention"),
            figures: vec![
                figure("Due now", "1,418", "2 wait for a second person"),
                figure("Due in 30 days", "288", "in 4 kinds"),
                figure("Held", "12", "decided again after their hold"),
                figure("Without a rule", "1,204", "kept until one is chosen"),
            ],
            covered: (1_203_127, 1_204_331),
            uncovered: vec![("Site visit".into(), "/settings/kinds/site-visit".into())],
            statutory: vec![
                rule("Invoices", "Orders · Germany", "8 years from the end of the year", "keep at least", "AO §147(3)", "de-trade"),
                rule(
                    "Business letters",
                    "Messages · Germany",
                    "6 years from the end of the year",
                    "keep at least",
                    "HGB §257(4)",
                    "de-trade",
                ),
            ],
            recommended: vec![rule(
                "Leads without a contract",
                "People · all",
                "2 years after the last contact",
                "keep at most",
                "GDPR Art 5(1)(e)",
                "de-trade",
            )],
            packs: vec![
                Pack {
                    name: "Germany, trade".into(),
                    note: "version 3 · 9 rules · checked 2 Nov 2026".into(),
                    state: Chip::new("adopted", Tone::Good),
                    adopt_action: None,
                },
                Pack {
                    name: "European Union, base".into(),
                    note: "version 5 · 14 rules".into(),
                    state: Chip::new("newer version", Tone::Time),
                    adopt_action: Some("/retention/packs/eu/adopt".into()),
                },
            ],
            settings: vec![Line::text("Grace", "30 days"), Line::text("After a hold", "30 days"), Line::text("Last sweep", "today 02:00")],
            plan_action: Some("/retention/plan".into()),
            sweep_action: Some("/retention/sweep".into()),
        },
    )?;
    let evidence = EvidencePage { t: t(), shell: shell("Evidence", "evidence").at("/evidence"), size: "8,204,117".into(), pending: "3".into(), signed: "today 22:04".into(), checkpoint: "nordwind.example/probity\n8204117\nQm9vdCB0aGUgdHJlZSBhbmQgbG9vayBhdCBpdHMgcm9vdC4=\n\n— nordwind.example/probity Az3grlgtzPICa5OS8npVmf1Myq\n".into(), checkpoint_href: "/log/checkpoint".into(), anchors: vec![Anchor { name: "witness.example".into(), note: "8,204,090 events, today 22:03".into(), state: Chip::new("agrees", Tone::Good) }], unanchored: None, verify_action: "/evidence/verify".into(), progress: None, verdict: Some(verdict(true)), find: String::new(), find_problem: String::new(), events: events() };
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
        "event",
        &EventPage {
            t: t(),
            shell: shell("record.revealed", "evidence"),
            name: "record.revealed".into(),
            said: events().remove(0).said,
            when: "21 Nov 2026, 22:04:07".into(),
            lines: vec![Line::text("Purpose", "Sales"), Line::text("Leaf", "8,204,117")],
            records: vec![Cell::Link { text: "Chiara Lombardi".into(), href: "/people/rec_3".into() }],
            source: "{\n  \"name\": \"record.revealed\",\n  \"field\": \"phone\"\n}".into(),
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
