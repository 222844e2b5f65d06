use super::{Gathered, shell, t};
use crate::{
    kit::layout::{Choice, Notice, Shell, Theme},
    views::{error::*, home::*, keys::KeysPage, notices::*, parts::*, setup::*, sign_in::SignIn},
};
use kernel::Result;

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let plain = |title: &str| Shell::plain(title, "sample-token");
    let mut you = SetupYou::new(t(), plain("Set up"));
    out.page("setup-you", &you)?;
    you.fields[1].value = "Mara Keller".into();
    you.fields[2].value = "mara".into();
    you.fields[2].problems.push("An e-mail address has an @ in it. Your text is kept.".into());
    out.page("setup-you-wrong", &you)?;
    let rule = |what: &str, period: &str, citation: &str, statutory| PackRule {
        what: what.into(),
        period: period.into(),
        citation: citation.into(),
        statutory,
    };
    out.page(
        "setup-place",
        &SetupPlace {
            t: t(),
            shell: plain("Set up"),
            countries: vec![Choice::new("DE", "Germany", true), Choice::new("FR", "France", false)],
            industries: vec![Choice::new("trade", "Trade", true)],
            packs: vec![PackPreview {
                name: "Germany, trade".into(),
                note: "version 3 · checked 2 Nov 2026".into(),
                rules: vec![
                    rule("Invoices and vouchers", "8 years from the end of the year", "AO §147(3), HGB §257(4)", true),
                    rule("Business letters", "6 years from the end of the year", "HGB §257(1) no. 2", true),
                    rule("Leads without a contract", "2 years after the last contact", "GDPR Art 5(1)(e)", false),
                ],
            }],
        },
    )?;
    out.page(
        "setup-start",
        &SetupStart { t: t(), shell: plain("Set up"), adopted: "Germany, trade: 9 rules adopted.".into(), demo: true },
    )?;
    let sign_in = SignIn {
        t: t(),
        shell: plain("Sign in"),
        organisation: "Nordwind Handel GmbH".into(),
        email: String::new(),
        problem: String::new(),
        locked: false,
        expired: false,
        next: "/people".into(),
    };
    out.page("sign-in", &sign_in)?;
    out.page(
        "sign-in-locked",
        &SignIn {
            email: "mara@nordwind.example".into(),
            problem: "Five wrong tries. Try again at 22:19, or ask an administrator.".into(),
            locked: true,
            ..sign_in
        },
    )?;
    let figure = |label: &str, value: &str, note: &str, href: &str| Figure {
        label: label.into(),
        value: value.into(),
        note: Said::new().say(note),
        presses: false,
        href: href.into(),
    };
    let step = |title: &str, note: &str, done| Step { title: title.into(), note: note.into(), href: "/import".into(), done };
    let recent = |name: &str, icon: &str, note: &str, when: &str| Recent {
        name: name.into(),
        href: "/records/deal/rec_3".into(),
        icon: icon.into(),
        note: note.into(),
        iso: "2026-11-21T10:42:00Z".into(),
        when: when.into(),
    };
    let home = Home {
        t: t(),
        shell: shell("Home", "home").at("/"),
        today: "Saturday 21 November 2026".into(),
        figures: vec![
            figure("People", "1,204", "12 new this week", "/people"),
            figure("Open deals", "61", "€ 695,000", "/records/deal"),
            figure("Requests", "2", "first due in 6 days", "/requests"),
            figure("Disposals due", "14", "2 wait for a second person", "/retention"),
        ],
        told: vec![Told {
            id: "ntc_1".into(),
            icon: "note".into(),
            said: Said::new().strong("Linh Tran").say(" mentioned you in ").link("Second variant?", "/records/note/rec_4"),
            iso: "2026-11-21T10:42:00Z".into(),
            when: "today 10:42".into(),
            unread: true,
        }],
        steps: vec![
            step("Choose country and industry", "Germany, trade: 9 rules in force.", true),
            step("Import your people", "CSV, Excel or vCard; nothing is written before you say so.", false),
            step("Invite a second person", "Erasures above 100 records take two.", false),
        ],
        tasks: Some(vec![
            Task {
                title: "Send the second variant".into(),
                href: "/records/task/rec_1".into(),
                about: "Chiara Lombardi · Showroom Milano".into(),
                due: Some(Chip::new("3 days late", Tone::Held)),
            },
            Task {
                title: "Call about delivery".into(),
                href: "/records/task/rec_2".into(),
                about: "Amara Okafor · Nordwind Logistik GmbH".into(),
                due: Some(Chip::new("today", Tone::Time)),
            },
            Task {
                title: "Check the invoice address".into(),
                href: "/records/task/rec_3".into(),
                about: "Hana Sato".into(),
                due: Some(Chip::new("Wed 2 Dec", Tone::Plain)),
            },
        ]),
        cases: Some(vec![Task {
            title: "It burns".into(),
            href: "/records/case/rec_7".into(),
            about: "Chiara Lombardi".into(),
            due: Some(Chip::new("today 16:30", Tone::Time)),
        }]),
        closing: Some(vec![Closing {
            title: "Showroom Milano".into(),
            href: "/records/deal/rec_5".into(),
            about: "Studio Lombardi".into(),
            amount: "48,500.00 EUR".into(),
            stage: Chip::new("Offer", Tone::Plain),
            when: Chip::new("Mon 30 Nov, 9 days left", Tone::Plain),
        }]),
        due: Some(vec![Due {
            title: "Erasure".into(),
            who: "Daniel Reyes".into(),
            href: "/requests/req_1".into(),
            when: Chip::new("Wed 2 Dec, 11 days left", Tone::Time),
        }]),
        waiting: Some(vec![Waiting {
            title: "12 leads are to go".into(),
            href: "/approvals/ord_1".into(),
            note: "Proposed by K. Ito, yesterday".into(),
            state: Chip::new("0 of 1", Tone::Time),
        }]),
        recent: vec![recent("Chiara Lombardi", "person", "", "10:42"), recent("Nordwind Logistik GmbH", "company", "", "yesterday")],
        changed: vec![recent("Showroom Milano", "deal", "Stage changed · Kenji Ito", "09:12")],
        new_task: Some("/records/task/new".into()),
        all_tasks: "/records/task".into(),
        all_cases: "/records/case".into(),
        all_deals: "/records/deal".into(),
        recorded: "Opening this page was recorded as one event naming every record it shows.".into(),
        board: String::new(),
        href: String::new(),
        tiles: Vec::new(),
        composing: false,
        version: 0,
    };
    out.page("home", &home)?;
    let notices = NoticesPage {
        t: t(),
        shell: Shell { unread: 1, ..shell("Notifications", "").at("/notices") },
        tabs: vec![Tab::new("All", "/notices", true), Tab::new("Not read", "/notices?show=unread", false)],
        newest: Some("ntc_1".into()),
        told: home.told.clone(),
        paging: Paging { previous: None, next: Some("/notices?before=ntc_1".into()) },
        recorded: "Opening this page was recorded as one event naming every record it shows.".into(),
        only_unread: false,
    };
    out.page("notices", &notices)?;
    out.page("notices-none", &NoticesPage { newest: None, told: vec![], paging: Paging::default(), ..notices })?;
    let mut first = shell("Home", "home");
    first.theme = Theme::Dark;
    first.notices = vec![Notice::done("Welcome. Your house is set up; 9 rules are in force.")];
    out.page(
        "home-empty",
        &Home {
            shell: first,
            figures: vec![],
            told: vec![],
            tasks: Some(vec![]),
            closing: Some(vec![]),
            cases: None,
            due: Some(vec![]),
            waiting: Some(vec![]),
            recent: vec![],
            changed: vec![],
            ..home
        },
    )?;
    out.page("keys", &KeysPage { t: t(), shell: shell("Keyboard", "") })?;
    let failure = Failure {
        title: "Not erased".into(),
        detail: "A legal hold keeps 3 messages. We decide again 30 days after the last hold ends.".into(),
        problems: vec![("3 messages".into(), "held since 14 Nov 2026".into())],
        kept: "Nothing was changed.".into(),
        todo: vec![("See the request".into(), "/requests/req_1".into()), ("Home".into(), "/".into())],
        code: "legal_hold".into(),
        reference: "7F3K-22".into(),
    };
    out.page("error", &ErrorPage { t: t(), shell: shell("Not erased", ""), failure: failure.clone() })?;
    out.page("error-plain", &PlainErrorPage { t: t(), shell: plain("Not erased"), failure })
}
