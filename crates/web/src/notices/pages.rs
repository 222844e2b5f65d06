//! The page of what somebody is told of, and the part of it that stands on their desk.

use std::collections::HashMap;

use axum::{
    extract::{RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{FieldType, Value};
use crm::{
    identity::staff,
    notices::{self, Notice, Which, Why},
    permits::{ReadRecords, Unit},
    records::{self, Cell, Shown},
};
use http::Method;
use jiff::tz::TimeZone;
use kernel::{Error, NoticeId, RecordId, Result};

use crate::{
    identity::pages::ours,
    kit::{
        error::Refused,
        form::{Form, read},
        names::Names,
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{href_of, icon_of, named, zone},
    router::{Access, Route, Web},
    views::{
        notices::{NoticesPage, Told},
        parts::{Paging, Said, Tab},
    },
};

/// The routes of this file.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/notices", Access::Staff, || get(page)),
    Route::new(Method::POST, "/notices/seen", Access::Staff, || post(seen)),
];

/// Notices of one page.
const NOTICES: usize = 30;
/// A notice leads to what its record is about, the nearest first.
const ABOUT: [&str; 4] = ["case", "deal", "person", "company"];

/// Notices with the records they are about, as far as those may be seen.
pub(crate) struct Opened {
    notices: Vec<Notice>,
    shown: HashMap<RecordId, Shown>,
    pub(crate) staff: Names,
    pub(crate) zone: TimeZone,
}

/// Reads notices and names what they are about, under one event; none where there are no notices.
pub(crate) async fn opened(web: &Web, who: &Who, unread: bool, before: Option<NoticeId>, most: usize) -> Result<Opened> {
    let permit = who.actor.permit::<ReadRecords>().ok();
    let read = move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let all = notices::mine(unit, unread, before, most)?;
        let mut ids: Vec<RecordId> = all.iter().map(|notice| notice.record).collect();
        for notice in &all {
            ids.extend(records::links_from(unit, notice.record)?.into_iter().map(|(_, to)| to));
        }
        ids.sort_unstable();
        ids.dedup();
        let none = all.is_empty();
        let aside = unit.plain((all, zone))?;
        Ok(match permit.as_ref().filter(|_| !none) {
            Some(permit) => records::name(unit, permit, &ids)?.and(staff::directory(unit, permit)?).and(aside),
            None => aside.map(|aside| ((Vec::new(), Vec::new()), aside)),
        })
    };
    let ((shown, staff), (notices, zone)) = web.app.read(&who.actor, read).await?;
    Ok(Opened { notices, shown: shown.into_iter().map(|one| (one.id, one)).collect(), staff: Names::of(staff), zone: who.zone(zone) })
}

impl Opened {
    /// The notices in words.
    pub(crate) fn told(&self, web: &Web, who: &Who) -> Vec<Told> {
        let (t, now) = (who.text, web.app.env().now());
        let one = |notice: &Notice| {
            let shown = self.shown.get(&notice.record);
            let about = shown.and_then(|shown| self.about(web, shown));
            let by = match notice.actor.as_str() {
                "system" => None,
                actor => Some(self.staff.who(t, actor)),
            };
            Told {
                id: notice.id.to_string(),
                icon: shown.map_or("bell", |shown| icon_of(&shown.kind)).to_owned(),
                said: said(t, who, notice.why, by, shown, about),
                iso: notice.at.to_string(),
                when: t.when(notice.at, now, &self.zone),
                unread: notice.seen.is_none(),
            }
        };
        self.notices.iter().map(one).collect()
    }

    /// What a note or task is about.
    fn about(&self, web: &Web, shown: &Shown) -> Option<&Shown> {
        let catalogue = web.app.catalogue();
        let kind = catalogue.kind(&shown.kind)?;
        let to = |wanted: &&str| {
            let field = kind.fields.iter().find(|f| f.kind == FieldType::Link && f.links_to.as_deref() == Some(*wanted))?;
            match shown.cell(&field.key)? {
                Cell::Shown(Value::Link(id)) => self.shown.get(id),
                _ => None,
            }
        };
        ABOUT.iter().find_map(to)
    }
}

fn said(t: Text, who: &Who, why: Why, by: Option<String>, shown: Option<&Shown>, about: Option<&Shown>) -> Said {
    let said = match (why, by) {
        (Why::Mail, _) => return Said::new().say(t.get("notice-mail")).link(t.get("notice-mail-settings"), "/settings/mail".to_owned()),
        (Why::Stopped, _) => {
            return Said::new().say(t.get("notice-stopped")).link(t.get("notice-stopped-rules"), "/settings/automation".to_owned());
        }
        (Why::Webhook, _) => {
            return Said::new().say(t.get("notice-webhook")).link(t.get("notice-webhook-hooks"), "/settings/webhooks".to_owned());
        }
        (Why::DueSoon, _) => Said::new().say(t.get("notice-due-soon")),
        (Why::Overdue, _) => Said::new().say(t.get("notice-overdue")),
        (Why::Rule, _) => Said::new().say(t.get("notice-rule")),
        (Why::Reminder, _) => Said::new().say(t.get("notice-reminder")),
        (why, Some(by)) => Said::new().strong(by).say(t.get(&format!("notice-{}", why.as_str()))),
        (why, None) => Said::new().say(t.get(&format!("notice-{}-by-nobody", why.as_str()))),
    };
    let Some(shown) = shown else { return said.say(t.with("notice-withheld", "purpose", t.purpose(who.actor.purpose.key))) };
    let said = said.link(named(t, &shown.title), href_of(&shown.kind, shown.id));
    match about {
        Some(about) => said.say(t.get("notice-about")).link(named(t, &about.title), format!("{}#time", href_of(&about.kind, about.id))),
        None => said,
    }
}

async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let t = who.text;
    let asked = read(query.unwrap_or_default().as_bytes())?;
    let unread = asked.get("show") == "unread";
    let before = Some(asked.get("before")).filter(|cursor| !cursor.is_empty()).map(|cursor| cursor.parse::<NoticeId>());
    let before = before.transpose().map_err(|_| Error::not_found("page"))?;
    let opened = opened(&web, &who, unread, before, NOTICES).await?;
    let address = if unread { "/notices?show=unread" } else { "/notices" };
    let gap = if unread { '&' } else { '?' };
    let next = opened.notices.last().filter(|_| opened.notices.len() == NOTICES);
    let view = NoticesPage {
        t,
        shell: who.shell(&web, &t.get("notices-title"), "", address).await?,
        tabs: vec![Tab::new(t.get("notices-all"), "/notices", !unread), Tab::new(t.get("notices-unread"), "/notices?show=unread", unread)],
        newest: opened
            .notices
            .first()
            .filter(|_| before.is_none() && opened.notices.iter().any(|one| one.seen.is_none()))
            .map(|one| one.id.to_string()),
        told: opened.told(&web, &who),
        paging: Paging { previous: before.map(|_| address.to_owned()), next: next.map(|last| format!("{address}{gap}before={}", last.id)) },
        recorded: if opened.shown.is_empty() { String::new() } else { t.get("home-recorded") },
        only_unread: unread,
    };
    Ok(Html(html(&view)?).into_response())
}

async fn seen(State(web): State<Web>, who: Who, Form(fields): Form) -> Result<Response, Refused> {
    let which = match (fields.get("up_to").parse::<NoticeId>(), fields.get("id").parse::<NoticeId>()) {
        (Ok(id), _) => Which::UpTo(id),
        (_, Ok(id)) => Which::These(vec![id]),
        _ => return Err(Error::invalid("/id", "required", "Load the page again.").into()),
    };
    web.app.write(&who.actor, move |unit| notices::see(unit, &which)).await?;
    let to = match fields.get("return") {
        "" => "/notices",
        to => ours(to),
    };
    Ok(Redirect::to(to).into_response())
}
