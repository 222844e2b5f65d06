use super::{Choice, Gathered, shell, t};
use crate::views::{consent::Unsubscribe, outreach::*, parts::*};
use kernel::Result;

pub(super) fn gather(out: &mut Gathered) -> Result<()> {
    for (name, gone) in [("unsubscribe", false), ("unsubscribed", true)] {
        let shell = shell("No more of these letters", "").at("/p/unsubscribe");
        out.page(name, &Unsubscribe { t: t(), shell, action: "/p/unsubscribe/AX-eOi6AdeM6".into(), gone })?;
    }
    let button = |label: &str, href: &str, posts, first| Button { label: label.into(), href: href.into(), posts, first, grave: false };
    let page = OutreachPage {
        t: t(),
        shell: shell("Customers in the north", "campaigns").at("/segments/seg_1"),
        title: "Customers in the north".into(),
        lead: "For Direct marketing. Everybody is checked at the moment of asking.".into(),
        tabs: vec![Tab::new("Campaigns", "/campaigns", false), Tab::new("Segments", "/segments", true)],
        progress: None,
        problem: String::new(),
        lines: vec![Line::text("Purpose", "Direct marketing")],
        counts_title: "Counted now".into(),
        counts: vec![Line::text("May be reached", "214"), Line::text("Have objected", "12"), Line::text("Without consent", "40")],
        counts_note: "Of those who may not be reached, nobody is named.".into(),
        buttons: vec![button("Change", "/segments?edit=seg_1", false, false)],
        export: Some(("/segments/seg_1/export".into(), vec![Choice::new("csv", "CSV", true)])),
        letter: None,
        people: Some(vec![("Ada Quellenbrunn".into(), "/people/rec_1".into()), ("Bea Zirkel".into(), "/people/rec_2".into())]),
        paging: Paging { next: Some("/segments/seg_1?after=x".into()), ..Paging::default() },
        recorded: "Recorded in the audit trail.".into(),
    };
    out.page("segment", &page)?;
    let empty = OutreachPage {
        people: Some(Vec::new()),
        export: None,
        counts: Vec::new(),
        problem: "Switch to that purpose.".into(),
        ..page.clone()
    };
    out.page("segment-nobody", &empty)?;
    let draft = OutreachPage {
        letter: Some(Letter { to: "ada@quellenbrunn.example".into(), subject: "News".into(), text: "Dear Ada,\n\nit is spring.".into() }),
        people: None,
        export: None,
        buttons: vec![button("Continue", "/campaigns/cam_1/begin", false, true), button("Delete", "/campaigns/cam_1/delete", true, false)],
        ..page.clone()
    };
    out.page("campaign-draft", &draft)?;
    let progress = Progress {
        label: "Writing letters".into(),
        done: 12,
        words: "12 letters written".into(),
        running: true,
        cancel_action: Some("/campaigns/cam_1/cancel".into()),
        ..Progress::default()
    };
    out.page("campaign-running", &OutreachPage { progress: Some(progress), letter: None, ..draft.clone() })?;
    out.page("campaign-confirm", &OutreachPage { letter: None, ..draft })
}
