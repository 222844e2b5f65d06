use super::{Choice, Gathered, shell, t};
use crate::views::{mail::*, parts::*};
use kernel::Result;

fn choices(labels: &[&str]) -> Vec<Choice> {
    labels.iter().map(|label| Choice::new(*label, *label, false)).collect()
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let act = |label: &str, action: &str, grave| Act { label: label.into(), action: action.into(), grave };
    let page = MailPage {
        t: t(),
        shell: shell("Outbox", "").at("/mail"),
        title: "Outbox".into(),
        lead: "What you write, and what became of it.".into(),
        tabs: vec![Tab::new("Outbox", "/mail", true), Tab::new("Write", "/mail/new", false)],
        once: None,
        rows: vec![Row {
            title: "Offer 17".into(),
            href: None,
            chips: vec![Chip::new("not sent", Tone::Held)],
            lines: vec!["To Ada <ada@quellenbrunn.example>".into(), "The server refuses a recipient. Check the address.".into()],
            said: Some("550 5.1.1 No such user here".into()),
            acts: vec![act("Send again", "/mail/letters/ltr_1/again", false), act("Drop", "/mail/letters/ltr_1/drop", true)],
        }],
        empty: "Nothing was written.".into(),
        pick: None,
        form: None,
    };
    out.page("mail-outbox", &page)?;
    out.page("mail-outbox-none", &MailPage { rows: Vec::new(), ..page.clone() })?;
    let form = Form {
        title: "Write".into(),
        action: "/mail/new".into(),
        hidden: vec![("record".into(), "rec_3".into())],
        fields: vec![
            Field::new("account", "From", Control::Choice(choices(&["desk@ours.example"]))).required(),
            Field::new("to", "To", Control::Text).required().value("ada@quellenbrunn.example"),
            Field::new("subject", "Subject", Control::Text),
            Field::new("text", "Text", Control::LongText).required().problem("Fill this in."),
        ],
        more: vec![Field::new("cc", "Copy to", Control::Text).problem("Write an address such as name@example.org.")],
        button: "Send".into(),
        second: Some(("Save without checking".into(), "unchecked".into())),
        note: "It is sent for the purpose Sales.".into(),
    };
    let pick = Pick {
        action: "/mail/new".into(),
        hidden: vec![("record".into(), "rec_3".into())],
        field: Field::new("template", "Template", Control::Choice(choices(&["Hello"]))).required(),
        button: "Use".into(),
    };
    out.page("mail-write", &MailPage { rows: Vec::new(), empty: String::new(), pick: Some(pick), form: Some(form), ..page })
}
