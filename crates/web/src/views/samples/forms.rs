use super::{Gathered, shell, t};
use crate::{
    kit::layout::Choice,
    views::{
        duplicates::{AlikeBox, AlikeLine},
        edit::*,
        parts::*,
    },
};
use kernel::Result;

fn form() -> RecordForm {
    let t = t();
    RecordForm {
        t,
        alike: Some(AlikeBox {
            check: "/duplicates/check?kind=person".into(),
            fields: "name email phone".into(),
            found: vec![AlikeLine {
                name: "Chiara Lombardi".into(),
                href: "/people/rec_1".into(),
                id: "rec_1".into(),
                why: "same e-mail, same name and company".into(),
            }],
        }),
        shell: shell("New person", "people"),
        title: "New person".into(),
        action: "/people".into(),
        back: "/people".into(),
        field: String::new(),
        version: String::new(),
        groups: vec![
            FieldGroup {
                title: "Who".into(),
                fields: vec![
                    Field::new("field.name", "Name", Control::Text).required(),
                    Field::new("field.company", "Company", Control::Reference(Refers::one("company", "Studio Lombardi"))).value("rec_9"),
                    Field::new("field.email", "E-mail", Control::Email),
                    Field::new("field.phone", "Mobile", Control::Phone),
                    Field::new("field.site", "Website", Control::Url),
                    Field::new("field.tax", "Tax code", Control::Replace).help("Sealed. Leave it empty to keep it."),
                ],
            },
            FieldGroup {
                title: "More".into(),
                fields: vec![
                    Field::new(
                        "field.relation",
                        "Relation",
                        Control::Choice(vec![Choice::new("lead", "Lead", true), Choice::new("customer", "Customer", false)]),
                    ),
                    Field::new("field.since", "Customer since", Control::Date),
                    Field::new("field.next", "Next meeting", Control::Moment),
                    Field::new(
                        "field.budget",
                        "Budget",
                        Control::Money { currencies: vec![Choice::new("EUR", "EUR", true), Choice::new("USD", "USD", false)] },
                    ),
                    Field::new("field.seats", "Seats", Control::Number { step: "1".into() }),
                    Field::new("field.vip", "Key customer", Control::Tick),
                    Field::new(
                        "field.topics",
                        "Topics",
                        Control::Choices(vec![Choice::new("a", "Showrooms", true), Choice::new("b", "Lighting", false)]),
                    ),
                    Field::new("field.about", "About", Control::LongText),
                ],
            },
        ],
        wrong: 0,
        problem: String::new(),
        uploads: false,
        conflict: None,
        note: "Written as version 1, with its evidence.".into(),
        withheld_note: None,
    }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    out.page("person-new", &form())?;
    let mut wrong = form();
    wrong.title = "Edit Chiara Lombardi".into();
    wrong.version = "4".into();
    wrong.wrong = 1;
    wrong.conflict = Some("Not saved: K. Ito changed this record at 10:41.".into());
    wrong.groups[0].fields[2] =
        Field::new("field.email", "E-mail", Control::Email).value("chiara").problem("An e-mail address has an @ in it. Your text is kept.");
    wrong.groups[0].fields[3] = Field::new("field.phone", "Mobile", Control::Phone).value("+39 02 5550 1").theirs("+39 02 5550 4417");
    wrong.withheld_note = Some("2 fields are withheld from Sales; saving leaves them as they are.".into());
    out.page("person-conflict", &wrong)
}
