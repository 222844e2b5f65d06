use super::{Gathered, shell, t};
use crate::{
    kit::layout::{Choice, Notice},
    views::{board, bulk::*, lines::*, list::*, palette::PaletteHits, parts::*, record::*, search::*},
};
use kernel::Result;

fn text(text: &str) -> Cell {
    Cell::Text(text.into())
}

fn chip(words: &str, tone: Tone) -> Cell {
    Cell::Chip(Chip::new(words, tone))
}

fn condition(fields: &[&str]) -> Condition {
    Condition {
        fields: fields.iter().map(|f| Choice::new(*f, *f, false)).collect(),
        ops: vec![Choice::new("is", "is", true), Choice::new("before", "before", false)],
        value: String::new(),
    }
}

fn list() -> List {
    let column = |label: &str, sorted| Column { label: label.into(), sort_href: Some("/people?sort=-name".into()), sorted, numeric: false };
    let rows = [
        ("Amara Okafor", "AO", "Nordwind Logistik GmbH", "a•••••@nordwind.example", "Customer", "3 Nov", text("through 31 Dec 2032")),
        (
            "Benedikt Straub",
            "BS",
            "Nordwind Logistik GmbH",
            "b•••••@nordwind.example",
            "Customer",
            "yesterday",
            text("through 31 Dec 2032"),
        ),
        ("Chiara Lombardi", "CL", "Studio Lombardi", "c•••••@lombardi.example", "Lead", "today", text("review 21 Nov 2028")),
        ("Daniel Reyes", "DR", "Pacific Dental Group", "d•••••@pacdental.example", "Customer", "12 Oct", Row::held(t())),
        ("Elif Yıldız", "EY", "Anadolu Tekstil AŞ", "e•••••@anadolu.example", "Customer", "19 Nov", text("through 30 Jun 2031")),
        ("Frances O’Neill", "FO", "", "f•••••@oneill.example", "Former", "2 Feb 2023", chip("due in 9 days", Tone::Time)),
        ("Goran Petrović", "GP", "Adria Marine d.o.o.", "g•••••@adria.example", "Lead", "18 Nov", text("review 18 Nov 2028")),
        ("Hana Sato", "HS", "Kitamura Foods", "h•••••@kitamura.example", "Customer", "today", text("through 31 Mar 2034")),
        ("Inês Carvalho", "IC", "Casa Carvalho", "", "Customer", "9 Nov", chip("restricted: objection", Tone::Limited)),
    ]
    .map(|(name, initials, company, mail, relation, last, kept)| Row {
        id: "rec_3".into(),
        href: "/people/rec_3".into(),
        name: name.into(),
        initials: initials.into(),
        second: company.into(),
        cells: vec![
            if company.is_empty() { Cell::Empty } else { text(company) },
            if mail.is_empty() { Cell::withheld_purpose(t(), "Support") } else { Cell::Mask(mail.into()) },
            chip(relation, Tone::Plain),
            Cell::Time { iso: "2026-11-21".into(), shown: last.into() },
        ],
        kept,
    });
    let mut shell = shell("People", "people").at("/people");
    shell.new_href = Some("/people/new".into());
    List {
        t: t(),
        shell,
        title: "People".into(),
        new_label: "New person".into(),
        icon: "person".into(),
        base: "/people".into(),
        total: "1,204,331".into(),
        name_column: column("Name", Sorted::Ascending),
        columns: vec![
            column("Company", Sorted::No),
            column("E-mail", Sorted::No),
            column("Relation", Sorted::No),
            column("Last contact", Sorted::No),
        ],
        rows: rows.into(),
        showing: Showing::Rows,
        tabs: vec![
            Tab::new("All", "/people", true),
            Tab::new("My customers", "/people?view=mine", false),
            Tab::new("No activity in 90 days", "/people?view=quiet", false),
        ],
        filter: Some(FilterForm {
            hidden: vec![("sort", "name".into())],
            groups: vec![
                ConditionGroup { number: 0, any: false, rows: vec![condition(&["Relation", "Owner", "E-mail (sealed)"])] },
                ConditionGroup {
                    number: 1,
                    any: true,
                    rows: vec![condition(&["Relation", "Created"]), condition(&["Relation", "Created"])],
                },
            ],
            fresh: ConditionGroup { number: 2, any: true, rows: vec![condition(&["Relation", "Owner"])] },
            note: Some("The conditions set now nest deeper than this form shows.".into()),
        }),
        columns_menu: Some(ColumnMenu {
            action: "/people/columns".into(),
            hidden: vec![("sort", "name".into())],
            columns: ["Company", "E-mail"]
                .map(|label| ColumnChoice {
                    key: label.to_lowercase(),
                    label: label.into(),
                    chosen: true,
                    earlier: true,
                    later: true,
                    moved: label == "E-mail",
                })
                .into(),
            open: true,
        }),
        views: Some(ViewMenu {
            label: "My customers".into(),
            changed: true,
            links: vec![
                ViewLink { label: "My customers".into(), href: Some("/people?view=mine".into()), note: "shared".into(), current: true },
                ViewLink { label: "Tax".into(), href: None, note: "not for Sales".into(), current: false },
            ],
            action: "/people/views".into(),
            hidden: vec![("view", "mine".into())],
            name: "My customers".into(),
            saved: true,
            may_change: false,
            may_delete: true,
            may_share: true,
            shared: true,
            first_for_me: true,
            first_for_all: false,
            title: "People".into(),
        }),
        layouts: vec![Tab::new("Table", "/people", true), Tab::new("Board", "/people?as=board.relation", false)],
        board: None,
        calendar: None,
        groups: Vec::new(),
        sums: Vec::new(),
        bulk: Some(BulkBar {
            action: "/people/bulk".into(),
            hidden: vec![("view", "mine".into())],
            all_label: "All 1,204 that match…".into(),
        }),
        set: vec![
            SetPart { words: "Law is EU".into(), removable: true },
            SetPart { words: "Relation is Lead or Relation is Customer".into(), removable: false },
        ],
        set_any: true,
        hidden: vec![("view", "mine".into())],
        clear_href: "/people".into(),
        search: String::new(),
        import_href: Some("/import".into()),
        duplicates_href: Some("/duplicates?kind=person".into()),
        export: Some(crate::views::export::ExportForm {
            action: "/people/export".into(),
            hidden: vec![("sort", "name".into())],
            formats: vec![Choice::new("csv", "CSV", true), Choice::new("vcard", "Cards (vCard)", false)],
            purposes: vec![Choice::new("sales", "Sales", true)],
        }),
        paging: Paging { previous: None, next: Some("/people?after=c1".into()) },
        order_note: Some("Names that begin alike may stand in any order beyond six letters.".into()),
        withheld_note: Some("Health notes are withheld: acting for Sales.".into()),
        recorded: "Opening this page was recorded as one event naming these 9 people.".into(),
    }
}

fn board() -> board::Board {
    let card = |name: &str, amount: &str| board::Card {
        id: "rec_3.2".into(),
        href: "/records/deal/rec_3".into(),
        name: name.into(),
        moved: false,
        rots: (name == "Warehouse").then(|| Chip::new("41 days here", Tone::Time)),
        cells: vec![Cell::Number(amount.into()), text("Studio Lombardi")],
    };
    let column = |key: &str, label: &str, count: &str, cards: Vec<board::Card>| board::Column {
        key: key.into(),
        label: label.into(),
        count: count.into(),
        outcome: if key == "won" { "won" } else { "open" },
        sums: vec!["210,000.00 EUR".into()],
        likely: (key == "lead").then(|| "21,000.00 EUR likely".into()),
        all_href: (count == "412").then(|| "/records/deal?as=table".into()),
        cards,
    };
    board::Board {
        action: Some("/records/deal/move".into()),
        hidden: vec![("as", "board.stage".into())],
        summary: Some("Open: 210,000.00 EUR · likely: 21,000.00 EUR".into()),
        columns: vec![
            column("lead", "Lead", "412", vec![card("Showroom Milano", "48,500.00 EUR"), card("Warehouse", "9,000.00 EUR")]),
            column("won", "Won", "0", Vec::new()),
        ],
        to: vec![Choice::new("lead", "Lead", false), Choice::new("won", "Won", false)],
    }
}

fn bulk(acts: bool) -> BulkPage {
    let line = |words: &str, tone, n: &str| CountLine { label: Chip::new(words, tone), count: n.into() };
    BulkPage {
        t: t(),
        shell: shell("37 people chosen", "people").at("/bulk/blk_1"),
        title: "37 people chosen".into(),
        back: "/people".into(),
        href: "/bulk/blk_1".into(),
        acts: acts.then(|| ActForms {
            fields: vec![Choice::new("relation", "Relation", true), Choice::new("company", "Company", false)],
            inputs: vec![Field::new("field.relation", "Relation", Control::Choice(vec![Choice::new("lead", "Lead", false)]))],
            field: "relation".into(),
            several: false,
            owners: vec![Choice::new("usr_1", "Mara Keller", true), Choice::new("", "Nobody", false)],
            may_propose: true,
        }),
        act: if acts { String::new() } else { "Relation becomes Customer".into() },
        counts: if acts {
            Vec::new()
        } else {
            vec![
                line("Will change", Tone::Good, "31"),
                line("So already", Tone::Plain, "4"),
                line("Not allowed: not yours to change", Tone::Held, "2"),
            ]
        },
        counts_title: "What would come of it".into(),
        run_label: (!acts).then(|| "Change 31 records".into()),
        progress: None,
        note: "The set stays as it was chosen.".into(),
        next: None,
        problem: String::new(),
    }
}

pub(super) fn keeping() -> Keeping {
    Keeping {
        tone: Tone::Time,
        line: "Keep through 21 Nov 2028, then review".into(),
        note: "Lead without a contract: 2 years after the last contact.".into(),
        reasons: vec![
            Reason {
                rule: "Leads without a contract".into(),
                version: "4".into(),
                citation: "GDPR Art 5(1)(e), own policy".into(),
                trigger: "last contact, 21 Nov 2026".into(),
                effect: "Keep at most through 21 Nov 2028".into(),
                decides: true,
            },
            Reason {
                rule: "Business letters".into(),
                version: "3".into(),
                citation: "HGB §257(1) no. 2".into(),
                trigger: "end of the year 2026".into(),
                effect: "Keep messages through 31 Dec 2032".into(),
                decides: false,
            },
        ],
        lines: vec![Line::text("Messages", "6 years, HGB §257"), Line::text("Holds", "none")],
    }
}

fn stages() -> StageBar {
    let step = |label: &str, state: &'static str| Step {
        label: label.into(),
        value: (state != "now").then(|| format!("rec_3.2.{}", label.to_lowercase())),
        state,
    };
    StageBar {
        action: "/records/deal/move".into(),
        hidden: vec![("as", "board.stage.sales".into())],
        pipeline: "Sales".into(),
        steps: vec![step("Lead", "done"), step("Talk", "now"), step("Offer", "ahead")],
        ends: vec![step("Won", "won"), step("Lost", "lost")],
        note: "Talk, since 12 Oct 09:15".into(),
        rots: Some(Chip::new("41 days here", Tone::Time)),
    }
}

fn lines() -> LinesBox {
    let number = |text: &str| Cell::Number(text.into());
    let form = |version| LineForm {
        fields: vec![
            Field::new("field.text", "Description", Control::Text).value("Chair"),
            Field::new("field.quantity", "Quantity", Control::Decimal).value("2").problem("Write a number."),
        ],
        version,
        problem: "All lines are in one currency.".into(),
    };
    let row = |id: &str, first| LineRow {
        id: id.into(),
        version: 1,
        name: "Chair".into(),
        text: Cell::Link { text: "Chair".into(), href: "/records/product/rec_1".into() },
        quantity: number("2"),
        unit: "piece".into(),
        price: number("120.00 EUR"),
        discount: Cell::Empty,
        tax: number("19 %"),
        net: number("240.00 EUR"),
        edit: format!("/records/deal/rec_5?line={id}#line-{id}"),
        form: None,
        first,
        last: !first,
    };
    let edited = LineRow { form: Some(form(2)), ..row("rec_2", false) };
    LinesBox {
        action: "/records/deal/rec_5/lines".into(),
        back: "/records/deal/rec_5#lines".into(),
        rows: vec![row("rec_1", true), edited],
        sums: [("Net", "480.00 EUR"), ("Tax", "91.20 EUR"), ("Gross", "571.20 EUR")].map(|(a, b)| (a.to_owned(), b.to_owned())).into(),
        add: None,
        follow: Some(Follow { said: "The amount follows these lines.".into(), act: Some(("unfollow", "Write it by hand".into())) }),
        may: true,
    }
}

fn record() -> RecordPage {
    let entry = |icon: &str, said: Said, when: &str, body: &str, proofs: Vec<Chip>| Entry {
        icon: icon.into(),
        said,
        iso: "2026-11-21T10:42:07Z".into(),
        when: when.into(),
        body: body.into(),
        proofs,
        folded: None,
        tick: (icon == "task").then(|| Tick {
            action: "/records/task/rec_8/done".into(),
            done: false,
            label: "Mark as done: Send the offer".into(),
        }),
    };
    let mut shell = shell("Chiara Lombardi", "people").at("/people/rec_3");
    shell.edit_href = Some("/people/rec_3/edit".into());
    RecordPage {
        t: t(),
        shell,
        href: "/people/rec_3".into(),
        name: "Chiara Lombardi".into(),
        initials: "CL".into(),
        icon: "person".into(),
        subtitle: Said::new().say("Owner at ").link("Studio Lombardi", "/companies/rec_9").say(" · Lead · with M. Keller"),
        states: vec![],
        stages: Some(stages()),
        lines: Some(lines()),
        clock: Some(ClockPanel {
            state: Chip::new("Due soon", Tone::Time),
            lines: vec![ClockLine {
                label: "First answer".into(),
                state: Chip::new("Due soon", Tone::Time),
                said: "20 min left, due today 16:30".into(),
                used: "40 min of 1 h used".into(),
                percent: 66,
            }],
            why: "Urgent: a first answer within 1 h, a solution within 8 h.".into(),
            hours: "Counted in working hours.".into(),
            stretches: vec![ClockStretch {
                iso: "2026-11-21T10:42:07Z".into(),
                from: "today 10:42".into(),
                status: "New".into(),
                counted: "40 min".into(),
            }],
            settings_href: Some("/settings/service".into()),
        }),
        actions: vec![("New task".into(), "/records/task/new?about=rec_3".into()), ("Log call".into(), "/people/rec_3/call".into())],
        recorded: "Opening this page was recorded.".into(),
        title: Some(Fact::new("name", "Name", text("Chiara Lombardi")).editable(true)),
        groups: vec![FactGroup {
            title: "Facts".into(),
            facts: vec![
                Fact::new("email", "E-mail", text("chiara@lombardi.example")).editable(true),
                Fact::new("phone", "Mobile", Cell::Mask("+39 ••• 4417".into())).revealable(false),
                Fact::new("address", "Address", text("Via Solferino 12, Milano")),
                Fact::new("language", "Language", text("Italian")),
                Fact::new("tax", "Tax code", Cell::hidden()).revealable(true),
                Fact::new("health", "Allergies", Cell::withheld_purpose(t(), "Support")),
                Fact::new("source", "Source", text("Trade fair 2026")),
            ],
            empty: ["Birthday", "Fax", "Website"].map(|label| Fact::new("x", label, Cell::Empty).editable(true)).into(),
        }],
        withheld_note: Some("2 fields are withheld: acting for Sales.".into()),
        related: vec![Related {
            title: "Deals".into(),
            items: vec![RelatedItem {
                name: "Showroom Milano".into(),
                href: "/records/deal/rec_5".into(),
                note: "€ 48,500".into(),
                steps: vec![("Lead".into(), "done"), ("Talk".into(), "done"), ("Offer".into(), "now"), ("Won".into(), "ahead")],
            }],
            note: "1 open: 48,500.00 EUR".into(),
            figures: vec![("Total".into(), "48,500.00 EUR".into())],
            all_href: Some("/records/deal".into()),
        }],
        attach: Some("/people/rec_3/files".into()),
        composer: Some(Composer {
            action: "/people/rec_3/log".into(),
            kinds: vec![Choice::new("note", "Note", true), Choice::new("task", "Task", false), Choice::new("comment", "Comment", false)],
            text: String::new(),
            problems: vec![],
            note: vec![Field::new("log.type", "Kind of note", Control::Choice(vec![Choice::new("call", "Call", true)])).required()],
            task: vec![
                Field::new("log.due", "Due", Control::Date).problem("Write the date as 2026-11-21. Your text is kept."),
                Field::new("log.time", "Time", Control::Time),
            ],
            colleagues: vec![Choice::new("usr_1", "Linh Tran", true)],
            refused: false,
        }),
        show: String::new(),
        day: String::new(),
        tabs: ["Everything", "Messages", "Notes", "Changes", "Files"]
            .iter()
            .enumerate()
            .map(|(i, l)| Tab::new(*l, format!("/people/rec_3?show={i}"), i == 0))
            .collect(),
        days: vec![
            Day {
                label: "Today".into(),
                entries: vec![entry(
                    "message",
                    Said::new().strong("Chiara Lombardi").say(" wrote: ").link("Revised floor plan and offer", "/records/message/rec_7"),
                    "10:42",
                    "Thank you for the call. Attached is the revised plan; could you send the offer with the second variant by Friday? The address for the invoice has changed.",
                    vec![
                        Chip::new("Genuine: DKIM passed", Tone::Good),
                        Chip::new("plan-v3.pdf", Tone::Plain),
                        Chip::new("original kept", Tone::Plain),
                    ],
                )],
            },
            Day {
                label: "November 2026".into(),
                entries: vec![
                    entry(
                        "deal",
                        Said::new()
                            .say("Deal ")
                            .link("Showroom Milano", "/records/deal/rec_5")
                            .say(" moved to ")
                            .strong("Offer")
                            .say(" by M. Keller"),
                        "yesterday 16:08",
                        "",
                        vec![],
                    ),
                    entry(
                        "task",
                        Said::new().say("Task ").link("Send the offer", "/records/task/rec_8"),
                        "yesterday 16:09",
                        "",
                        vec![Chip::new("Due Wed 2 Dec 2026, 11 days left", Tone::Time)],
                    ),
                    entry(
                        "check",
                        Said::new().say("Gave consent to ").strong("product news by e-mail").say(" (notice 3, double opt-in)"),
                        "12 Nov 09:15",
                        "",
                        vec![Chip::new("receipt", Tone::Good)],
                    ),
                    entry(
                        "note",
                        Said::new().say("Note by M. Keller"),
                        "11 Nov 14:30",
                        "Prefers the second variant, budget confirmed. Decision with her partner by the end of the month.",
                        vec![],
                    ),
                    entry(
                        "import",
                        Said::new().say("Created from import ").link("trade-fair-2026.csv", "/import/job_1").say(", row 118"),
                        "3 Nov 08:02",
                        "",
                        vec![],
                    ),
                ],
            },
        ],
        paging: Paging { previous: None, next: Some("/people/rec_3?older=c1".into()) },
        keeping: keeping(),
        uses_href: Some("/consents/rec_1".into()),
        uses: vec![
            Use { purpose: Chip::new("Sales", Tone::Good), note: "steps before a contract".into() },
            Use { purpose: Chip::new("Product news", Tone::Good), note: "consent, 12 Nov 2026".into() },
            Use { purpose: Chip::new("Profiling", Tone::Held), note: "objected 15 Nov 2026".into() },
        ],
        seen: vec![
            Seen { initials: "MK".into(), name: "M. Keller".into(), note: "now, for Sales".into() },
            Seen { initials: "LT".into(), name: "L. Tran".into(), note: "yesterday, for Support".into() },
        ],
        seen_all: Some(("All 14".into(), "/evidence/records/rec_3".into())),
        rights: Some(Rights {
            package_action: Some("/people/rec_3/package".into()),
            erasure_href: Some("/people/rec_3/erasure".into()),
            requests: vec![],
        }),
        version: Said::new().say("Version 4, saved today 10:42 · ").link("All versions", "/people/rec_3/versions"),
        evidence_href: Some("/evidence/records/rec_3".into()),
    }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    out.page("people", &list())?;
    out.page("board", &List { board: Some(board()), ..list() })?;
    out.page(
        "closing",
        &board::Closing {
            t: t(),
            shell: shell("Why was Showroom Milano lost?", "deals").at("/records/deal/rec_3"),
            title: "Why was Showroom Milano lost?".into(),
            note: "The reason counts in the reports.".into(),
            action: "/records/deal/move".into(),
            hidden: vec![("move".into(), "rec_3.2.lost".into()), ("asked".into(), "yes".into())],
            fields: vec![
                Field::new("reason", "Reason", Control::Choice(vec![Choice::new("price", "Too expensive", true)])),
                Field::new("words", "In your own words", Control::LongText).problem("At most 1000 characters."),
            ],
            back: "/records/deal/rec_3".into(),
            label: "Lost".into(),
        },
    )?;
    out.page("bulk-choose", &bulk(true))?;
    out.page("bulk-weighed", &bulk(false))?;
    out.page(
        "people-none",
        &List {
            rows: vec![],
            set: vec![],
            total: "0".into(),
            withheld_note: None,
            recorded: String::new(),
            order_note: None,
            paging: Paging::default(),
            showing: Showing::NoneYet("People you do business with. Import a sheet, or write the first one by hand.".into()),
            ..list()
        },
    )?;
    out.page(
        "people-filtered",
        &List {
            rows: vec![],
            total: "0".into(),
            paging: Paging::default(),
            showing: Showing::FilteredOut("Relation is Customer, and Law is EU.".into()),
            ..list()
        },
    )?;
    out.page(
        "people-withheld",
        &List {
            rows: vec![],
            total: String::new(),
            paging: Paging::default(),
            showing: Showing::Withheld("Sales may not list cases. Switch to Support.".into()),
            ..list()
        },
    )?;
    out.page("person", &record())?;
    let mut held = record();
    held.states = vec![Chip::new("held", Tone::Held)];
    held.keeping.tone = Tone::Held;
    held.keeping.line = "Held: keep, no date".into();
    held.rights = None;
    held.days = vec![];
    held.shell.notices = vec![Notice::done("Saved as version 4.").undone_by("/people/rec_3/undo", 4, "/people/rec_3")];
    out.page("person-held", &held)?;
    let change = |label: &str, before: Cell, after: Cell| ChangeRow { label: label.into(), before, after };
    let version = |number, changes| VersionRow {
        number,
        current: number == 4,
        restore: (number != 4).then(|| format!("/people/rec_3/versions/{number}")),
        iso: "2026-11-21T10:42:00Z".into(),
        when: "today 10:42".into(),
        who: "Mara Keller".into(),
        changes,
    };
    let versions = vec![
        version(4, Some(vec![change("Job title", text("Clerk"), text("Director")), change("Mobile", Cell::Empty, Cell::hidden())])),
        version(3, Some(vec![change("Tax number", Cell::Empty, Cell::withheld_purpose(t(), "Billing"))])),
        version(2, Some(vec![])),
        version(1, None),
    ];
    out.page(
        "restore",
        &RestorePage {
            t: t(),
            shell: shell("Version 2 of Chiara Lombardi", "people"),
            title: "Version 2 of Chiara Lombardi".into(),
            action: "/people/rec_3/versions/2/restore".into(),
            back: "/people/rec_3/versions".into(),
            version: 4,
            changes: vec![change("Job title", text("Director"), text("Clerk"))],
            lost: "Tax number".into(),
            note: "Saving writes version 5; version 4 stays readable in the history.".into(),
            recorded: "Opening this page was recorded.".into(),
        },
    )?;
    out.page(
        "history",
        &HistoryPage {
            t: t(),
            shell: shell("Versions of Chiara Lombardi", "people"),
            name: "Chiara Lombardi".into(),
            href: "/people/rec_3".into(),
            versions,
            paging: Paging::default(),
            recorded: "Opening this page was recorded.".into(),
        },
    )?;
    let mut saved = shell("", "people");
    saved.notices = vec![Notice::done("Saved as version 5.").undone_by("/people/rec_3/undo", 5, "/people/rec_3")];
    out.fragment(
        "saved",
        &SavedFact {
            t: t(),
            shell: saved,
            href: "/people/rec_3".into(),
            fact: Fact::new("email", "E-mail", Cell::Mask("c•••••@lombardi.example".into())).revealable(false).editable(true),
            version: Said::new().say("Version 5, saved today 10:43"),
        },
    )?;
    out.fragment("revealed", &Revealed { t: t(), value: "+39 02 5550 4417".into() })?;
    let hit = |name: &str, icon: &str, note: &str| Hit {
        name: name.into(),
        href: "/people/rec_3".into(),
        icon: icon.into(),
        note: note.into(),
        matched: "in Name".into(),
        state: None,
    };
    let hits = vec![
        hit("Chiara Lombardi", "person", "Person · Studio Lombardi"),
        hit("Studio Lombardi", "company", "Company · Milano"),
        hit("Revised floor plan and offer", "message", "Message · today 10:42"),
    ];
    let search = SearchPage {
        t: t(),
        shell: shell("Search", "").at("/search"),
        words: "lomb".into(),
        found: "3 found".into(),
        tabs: vec![Tab::new("All", "/search?query=q1", true), Tab::new("People", "/search?query=q1&kind=person", false)],
        hits: hits.clone(),
        paging: Paging::default(),
        withheld_note: Some("Case notes are not searched: acting for Sales.".into()),
        recorded: "This search was recorded; its words were not.".into(),
    };
    out.page("search", &search)?;
    out.page("search-none", &SearchPage { hits: vec![], found: "0 found".into(), ..search })?;
    out.fragment("palette", &PaletteHits { t: t(), hits })
}
