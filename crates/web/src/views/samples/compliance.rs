use super::{Gathered, imports::progress, shell, t};
use crate::{
    kit::layout::Choice,
    views::{approval::*, confirm::ConfirmPage, erasure::*, home::Figure, package::PackagePage, parts::*, request::*, retention::*},
};
use kernel::Result;

fn approvals(out: &mut Gathered, lines: &[PlanLine]) -> Result<()> {
    let list = Approvals {
        t: t(),
        shell: shell("Approvals", "approvals"),
        tabs: vec![Tab::new("Waiting", "/approvals", true), Tab::new("Carried out", "/approvals?state=done", false)],
        waiting: vec![ProposalRow {
            title: "Disposal of 3 records".into(),
            href: "/approvals/ord_1".into(),
            note: "proposed by L. Tran, yesterday 16:08".into(),
            reason: "No contact since 2023.".into(),
            state: Chip::new("0 of 1 approved", Tone::Time),
        }],
        done: None,
    };
    out.page("approvals", &list)?;
    out.page("approvals-none", &Approvals { waiting: vec![], ..list.clone() })?;
    let done = vec![OrderRow {
        title: "Erasure".into(),
        number: "dst_01khz4m3q8f7v2t9w6y5x4c3b2".into(),
        certificate: Some("/approvals/dst_01khz4m3q8f7v2t9w6y5x4c3b2/certificate".into()),
        when: "today 10:42".into(),
        state: Chip::new("certified", Tone::Good),
    }];
    out.page("approvals-done", &Approvals { done: Some(done), ..list })?;
    let one = ApprovalPage {
        t: t(),
        shell: shell("Disposal of 3 records", "approvals"),
        title: "Disposal of 3 records".into(),
        note: "proposed by L. Tran, yesterday 16:08".into(),
        href: "/approvals/ord_1".into(),
        reason: "No contact since 2023.".into(),
        state: Chip::new("1 of 1 approved", Tone::Good),
        lines: lines.to_vec(),
        approvals: vec![Line::text("K. Ito", "today 09:12")],
        may_not: Some("You proposed it.".into()),
        count: Some(3),
        problem: "Another person must approve.".into(),
        recorded: "Opening this page was recorded.".into(),
    };
    out.page("approval", &one)?;
    out.page("approval-open", &ApprovalPage { may_not: None, count: None, problem: String::new(), approvals: vec![], ..one })
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
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
                Field::new("person", "Person", Control::Reference(Refers::one("person", "")))
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
            recipients: vec![RecipientRow {
                recipient: "Nordwind Tax Advisers, Kiel".into(),
                what: "invoices of 2025 · tax advice · 3 Nov".into(),
                state: Chip::new("to be told", Tone::Time),
                how: String::new(),
                tell_action: Some("/requests/req_1/recipients/dis_1".into()),
            }],
            enter_action: Some("/requests/req_1/recipients".into()),
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
    out.page(
        "confirm",
        &ConfirmPage {
            t: t(),
            shell: shell("Sweep now", "retention").at("/retention/sweep"),
            title: "Sweep now".into(),
            note: "1,204 records are to be looked at".into(),
            lines: lines.clone(),
            back: "/retention".into(),
            action: "/retention/sweep".into(),
            count: Some(288),
            password: true,
            fields: vec![Field::new("reason", "Reason", Control::LongText).required()],
            label: "Sweep now".into(),
            problem: "Type the number of items that go.".into(),
        },
    )?;
    approvals(out, &lines)?;
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
        propose: Some(("/requests/req_1/propose".into(), 2)),
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
        presses: false,
        href: "/retention".into(),
    };
    out.page(
        "retention",
        &RetentionPage {
            leapt: None,
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
            sweep_href: Some("/retention/sweep".into()),
            queue: Some(WaitingQueue {
                counts: "Person 2".into(),
                rows: ["rec_3", "rec_4"]
                    .map(|id| Waiting {
                        id: id.into(),
                        name: Cell::Link { text: "Goran Petrović".into(), href: format!("/people/{id}") },
                        kind: "Person".into(),
                        fields: if id == "rec_4" { "Birthday".into() } else { String::new() },
                        line: "Due by 2 Dec 2026".into(),
                        why: "Person: two years after last contact; then reviewed by people".into(),
                        proposed: (id == "rec_4").then(|| (Chip::new("proposed", Tone::Time), "/approvals/ord_1".into())),
                    })
                    .into(),
            }),
        },
    )
}
