use super::{Gathered, shell, t};
use crate::{
    kit::layout::Choice,
    views::{parts::*, settings::*},
};
use kernel::Result;

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let choices = |names: &[&str]| names.iter().map(|n| Choice::new(n.to_lowercase(), *n, false)).collect::<Vec<_>>();
    let shell = || shell("Settings", "settings").at("/settings");
    out.page(
        "settings",
        &SettingsGeneral {
            t: t(),
            shell: shell(),
            fields: vec![
                Field::new("name", "Organisation", Control::Text).required().value("Nordwind Handel GmbH"),
                Field::new("zone", "Time zone", Control::Choice(choices(&["Europe/Berlin"]))).required(),
            ],
            lines: vec![Line::text("Version", "0.1.0"), Line::text("Database", "SQLite"), Line::text("Ledger", "nordwind.example/probity")],
        },
    )?;
    out.page(
        "settings-service",
        &SettingsService {
            t: t(),
            shell: shell(),
            version: 3,
            rows: vec![ServiceRow {
                key: "urgent".into(),
                label: "Urgent".into(),
                reply: "1:00".into(),
                solve: "8".into(),
                always: true,
                problems: vec!["Write hours and minutes, such as 1:30.".into()],
            }],
            statuses: vec![ServiceStatus { key: "waiting".into(), label: "Waiting".into(), pauses: true, answers: true, ends: false }],
            status_problems: vec!["Name at least one status in which a case is solved.".into()],
            days: vec![Field::new("day_monday", "Monday", Control::Text).value("09:00-17:00")],
            week_problems: vec![],
            calendar: vec![Field::new("zone", "Time zone", Control::Text).required().value("Europe/Berlin")],
            more: vec![Field::new("warn", "Due soon", Control::Number { step: "1".into() }).required().value("25")],
            before: vec!["Version 3, 21 Nov 2026, Linh Tran".into()],
        },
    )?;
    out.page(
        "settings-teams",
        &SettingsTeams {
            t: t(),
            shell: shell(),
            teams: vec![TeamRow {
                href: "/settings/teams/tem_1".into(),
                name: "Sales North".into(),
                count: "1 member".into(),
                members: vec![TeamMember {
                    id: "usr_2".into(),
                    href: "/settings/users/usr_2".into(),
                    initials: "JB".into(),
                    name: "Jonas Brandt".into(),
                }],
                name_field: Field::new("name_tem_1", "Name of the team", Control::Text).required().value("Sales North"),
                add: Some(Field::new("user_tem_1", "Colleague", Control::Choice(choices(&["Mara Keller"]))).required()),
            }],
            fields: vec![Field::new("name", "Name of the team", Control::Text).required()],
        },
    )?;
    out.page(
        "settings-profile",
        &SettingsProfile {
            t: t(),
            shell: shell(),
            manages: true,
            fields: vec![
                Field::new("language", "Language", Control::Choice(choices(&["Deutsch", "English"]))),
                Field::new("zone", "Time zone", Control::Text).value("Europe/Berlin").help("Its name, such as Europe/Berlin."),
                Field::new("dates", "Dates", Control::Choice(choices(&["21.11.2026", "2026-11-21"]))),
            ],
            lines: vec![Line::text("A moment", "21 Nov 2026, 22:04"), Line::text("A number", "1,204,331.50")],
        },
    )?;
    let user = |name: &str, initials: &str, email: &str, state, own: bool| UserRow {
        href: "/settings/users/usr_2".into(),
        own,
        name: name.into(),
        initials: initials.into(),
        email: email.into(),
        role: "Sales".into(),
        purposes: vec![Chip::new("Sales", Tone::Plain), Chip::new("Support", Tone::Plain)],
        seen: "today 22:04".into(),
        state,
    };
    out.page(
        "settings-users",
        &SettingsUsers {
            t: t(),
            shell: shell(),
            users: vec![
                user("Mara Keller", "MK", "mara@nordwind.example", Chip::new("active", Tone::Good), true),
                user("Linh Tran", "LT", "linh@nordwind.example", Chip::new("locked", Tone::Held), false),
            ],
            fields: vec![
                Field::new("name", "Name", Control::Text).required(),
                Field::new("email", "E-mail", Control::Email).required(),
                Field::new("role", "Role", Control::Choice(choices(&["Sales", "Support", "Administrator"]))).required(),
                Field::new("purposes", "Purposes", Control::Choices(choices(&["Sales", "Support", "Billing"]))).required(),
            ],
            code_once: Some(("Kenji Ito".into(), "K7QF-22PX-9M4D".into())),
        },
    )?;
    let user = |own, active, chip| SettingsUser {
        t: t(),
        shell: shell(),
        href: "/settings/users/usr_2".into(),
        name: "Linh Tran".into(),
        initials: "LT".into(),
        email: "linh@nordwind.example".into(),
        state: chip,
        active,
        own,
        lines: vec![Line::text("Role", "Agent"), Line::text("May", "Read records up to personal."), Line::text("Added", "3 Nov 2026")],
        role_fields: vec![Field::new("role", "Role", Control::Choice(choices(&["Agent", "Manager"]))).required()],
        enable_fields: vec![Field::new("enable_password", "Your password again", Control::Secret).required()],
    };
    out.page("settings-user", &user(false, true, Chip::new("active", Tone::Good)))?;
    out.page("settings-user-own", &user(true, true, Chip::new("active", Tone::Good)))?;
    out.page("settings-user-disabled", &user(false, false, Chip::new("disabled", Tone::Plain)))?;
    let keys = SettingsKeys {
        t: t(),
        shell: shell(),
        keys: vec![KeyRow {
            name: "Web shop".into(),
            prefix: "prb_7f3k…".into(),
            note: "for Sales: read and write people, orders".into(),
            used: "used today 21:58".into(),
            state: Chip::new("active", Tone::Good),
            revoke_href: Some("/settings/keys/key_1/revoke".into()),
        }],
        fields: vec![
            Field::new("name", "Name", Control::Text).required(),
            Field::new("purpose", "Acts for", Control::Choice(choices(&["Sales", "Support"]))).required(),
            Field::new("expires", "Expires", Control::Date),
        ],
        secret_once: Some("prb_7f3kq2m8d4x9v6t1w5y3c0b7n2z8h4j6".into()),
    };
    out.page("settings-keys", &keys)?;
    out.page("settings-keys-none", &SettingsKeys { keys: vec![], secret_once: None, ..keys })?;
    out.page(
        "settings-purposes",
        &SettingsPurposes {
            t: t(),
            shell: shell(),
            purposes: vec![
                PurposeRow {
                    label: "Sales".into(),
                    key: "sales".into(),
                    basis: "Art 6(1)(b)".into(),
                    consent: None,
                    note: "Offers and contracts.".into(),
                },
                PurposeRow {
                    label: "Marketing".into(),
                    key: "marketing".into(),
                    basis: "Art 6(1)(a)".into(),
                    consent: Some(Chip::new("needs consent", Tone::Time)),
                    note: "News about products.".into(),
                },
            ],
        },
    )?;
    let kind = |label: &str, key: &str, icon: &str, state| KindRow {
        label: label.into(),
        key: key.into(),
        href: format!("/settings/kinds/{key}"),
        icon: icon.into(),
        note: "14 fields · 1,204 records".into(),
        state,
    };
    out.page(
        "settings-kinds",
        &SettingsKinds {
            t: t(),
            shell: shell(),
            version: "catalogue version 12".into(),
            kinds: vec![
                kind("Person", "person", "person", Chip::new("built in", Tone::Plain)),
                kind("Site visit", "site-visit", "note", Chip::new("no retention rule", Tone::Time)),
            ],
            fields: vec![
                Field::new("label", "Label", Control::Text).required(),
                Field::new("key", "Key", Control::Text).required().help("Small letters and hyphens; never changes."),
            ],
        },
    )?;
    let field = |label: &str, key: &str, kind: &str, open: bool| FieldRow {
        label: label.into(),
        key: key.into(),
        kind: kind.into(),
        protection: Chip::new(if open { "open" } else { "sealed" }, if open { Tone::Time } else { Tone::Good }),
        class: "personal".into(),
        purposes: "Sales, Support".into(),
        index: "exact".into(),
        turn: open.then(|| (format!("/settings/kinds/site_visit/fields/{key}/protection/sealed"), "Seal".into())),
        toggle: (!open).then(|| (format!("/settings/kinds/site_visit/fields/{key}/retire"), "Retire".into())),
    };
    out.page(
        "settings-kind",
        &SettingsKind {
            t: t(),
            shell: shell(),
            label: "Site visit".into(),
            href: "/settings/kinds/site-visit".into(),
            note: "site-visit · version 2 · 1,204 records".into(),
            rows: vec![field("Visited on", "on", "date", true), field("Report", "report", "long text", false)],
            fields: vec![
                Field::new("label", "Label", Control::Text).required(),
                Field::new("type", "Type", Control::Choice(choices(&["Text", "Date", "Money"]))).required(),
                Field::new("open", "Open: sorted and filtered in the database, readable in old copies", Control::Tick)
                    .problem("Opening a field takes a second person."),
            ],
            progress: Some(Progress {
                label: "Sealing again".into(),
                done: 400,
                total: Some(1_204),
                words: "400 of 1,204 records".into(),
                running: true,
                ..Progress::default()
            }),
            rules: vec!["Site visits: 2 years".into()],
            keeping: vec![Field::new("keep_for", "Kept for", Control::Choice(choices(&["2 years", "3 years"]))).required()],
        },
    )?;
    sales(out)
}

fn sales(out: &mut Gathered) -> Result<()> {
    let shell = || shell("Settings", "settings").at("/settings/sales");
    let choices = |names: &[&str]| names.iter().map(|n| Choice::new(*n, *n, false)).collect::<Vec<_>>();
    let reason =
        |label: &str, problem: &str| ReasonRow { key: label.to_lowercase(), label: label.into(), retired: false, problem: problem.into() };
    out.page(
        "settings-sales",
        &SettingsSales {
            t: t(),
            shell: shell(),
            pipelines: vec![PipelineRow {
                label: "Renewals".into(),
                href: "/settings/sales/pipelines/renewals".into(),
                note: "Due → Asked → Renewed → Ended".into(),
                state: Chip::new("in use", Tone::Plain),
            }],
            fields: vec![Field::new("label", "Name", Control::Text).required()],
            reasons: vec![("won", "Won because".into(), vec![reason("Price", ""), ReasonRow::default()])],
        },
    )?;
    let stage = |label: &str, problem: &str| StageRow {
        key: label.to_lowercase(),
        label: label.into(),
        probability: "30".into(),
        outcome: ("open".into(), "open".into()),
        rots_after: "30".into(),
        problem: problem.into(),
        moved: true,
        ..StageRow::default()
    };
    out.page(
        "settings-pipeline",
        &SettingsPipeline {
            t: t(),
            shell: shell(),
            title: "Renewals".into(),
            href: "/settings/sales/pipelines/renewals".into(),
            board_href: "/records/deal?as=board.stage.renewals".into(),
            fields: vec![Field::new("label", "Name", Control::Text).required().value("Renewals")],
            stages: vec![
                stage("Due", ""),
                stage("Asked", "Write the days as a whole number, or leave them out."),
                StageRow { outcomes: choices(&["open", "won"]), ..StageRow::default() },
            ],
            known: 2,
            problem: String::new(),
        },
    )
}
