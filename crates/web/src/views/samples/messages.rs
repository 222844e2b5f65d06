use super::{Gathered, records::keeping, shell, t};
use crate::views::{file::FilePage, message::*, parts::*, record::*};
use kernel::Result;

fn message(shown: Shown) -> MessagePage {
    MessagePage {
        t: t(),
        shell: shell("Revised floor plan and offer", "messages").at("/records/message/rec_7"),
        href: "/records/message/rec_7".into(),
        subject: "Revised floor plan and offer".into(),
        note: "E-mail · today 10:42".into(),
        states: vec![Chip::new("Genuine: DKIM passed", Tone::Good), Chip::new("in the ledger", Tone::Good)],
        reply: Some("/mail/new?reply=rec_7".into()),
        parties: vec![
            Party {
                role: "From".into(),
                name: "Chiara Lombardi".into(),
                address: "chiara@lombardi.example".into(),
                href: Some("/people/rec_3".into()),
            },
            Party { role: "To".into(), name: "M. Keller".into(), address: "m.keller@nordwind.example".into(), href: None },
        ],
        shown,
        attachments: vec![Attachment {
            name: "plan-v3.pdf".into(),
            note: "PDF · 212 KB".into(),
            href: "/records/file/rec_8".into(),
            warning: None,
        }],
        lines: vec![Line::text("Captured", "21 Nov 2026, 10:42:07"), Line::text("From", "mailbox sales"), Line::text("Size", "4.2 KB")],
        keeping: Keeping {
            tone: Tone::Plain,
            line: "Keep through 31 Dec 2032".into(),
            note: "Business letter: 6 years from the end of the year (HGB §257).".into(),
            reasons: keeping().reasons,
            lines: vec![],
        },
        thread: vec![("Floor plan, second variant".into(), "M. Keller, 11 Nov".into(), "/records/message/rec_6".into())],
        recorded: "Opening this page was recorded.".into(),
    }
}

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    let body = "Dear Mara,\n\nthank you for the call. Attached is the revised plan; could you send the offer with the second variant by Friday?\nThe address for the invoice has changed: Via Solferino 12, 20121 Milano.\n\nKind regards\nChiara";
    out.page("message", &message(Shown::Parsed { text: body.into(), frame: None, blocked: Some("2 remote images blocked.".into()) }))?;
    out.page(
        "message-original",
        &message(Shown::Original {
            text: format!("From: Chiara Lombardi <chiara@lombardi.example>\nSubject: Revised floor plan and offer\n\n{body}"),
            note: "4.2 KB · SHA-256 9f2c6d0e4b1a7c3358d1e0aa4470b1c29f2c6d0e4b1a7c3358d1e0aa4470b1c2".into(),
            download: "/records/message/rec_7/original".into(),
        }),
    )?;
    out.page(
        "message-headers",
        &message(Shown::Headers(vec![
            ("From".into(), "Chiara Lombardi <chiara@lombardi.example>".into()),
            ("Message-ID".into(), "<20261121104207.4417@mail.lombardi.example>".into()),
            (
                "DKIM-Signature".into(),
                "v=1; a=rsa-sha256; d=lombardi.example; s=k1; h=from:to:subject:date; bh=2jUSOH9NhtVGCQWNr9BrIAPreKQjO6Sn7XIkfJVOzv8="
                    .into(),
            ),
        ])),
    )?;
    out.page(
        "message-authenticity",
        &message(Shown::Authenticity {
            checks: vec![
                Check {
                    result: Chip::new("DKIM passed", Tone::Good),
                    means: "lombardi.example signed the sender, subject, date and whole body; nothing of them has changed.".into(),
                    lines: vec![Line::text("Selector", "k1"), Line::text("Algorithm", "rsa-sha256")],
                },
                Check {
                    result: Chip::new("In the ledger", Tone::Good),
                    means: "Leaf 8,204,101, under a checkpoint that two witnesses have signed.".into(),
                    lines: vec![],
                },
            ],
            not_proved: vec!["The sender’s clock.".into(), "Who sat at the sender’s keyboard.".into()],
            evidence_href: "/evidence/records/rec_7".into(),
        }),
    )?;
    out.page(
        "file",
        &FilePage {
            t: t(),
            shell: shell("plan-v3.pdf", "messages"),
            name: "plan-v3.pdf".into(),
            note: "PDF · 212 KB · today 10:42".into(),
            states: vec![Chip::new("bytes match", Tone::Good)],
            download_action: "/records/file/rec_8/download".into(),
            preview: None,
            picture: None,
            pdf: None,
            lines: vec![Line::text("Type", "PDF"), Line::text("Size", "212 KB")],
            used_by: vec![RelatedItem {
                name: "Revised floor plan and offer".into(),
                href: "/records/message/rec_7".into(),
                note: "message".into(),
                steps: vec![],
            }],
            keeping: keeping(),
            evidence_href: "/evidence/records/rec_8".into(),
            recorded: "Opening this page was recorded.".into(),
        },
    )
}
