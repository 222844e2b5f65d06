//! The page of accounts: whose mail comes in and goes out here, how it stands with them, and the form that makes one.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
};
use crm::{
    mail::{self, Account, AccountId, NewAccount, Server, Settings, Share, Tls},
    permits::{Manage, Unit, WriteRecords},
};
use http::StatusCode;
use jiff::civil::Date;
use kernel::{Error, Result};

use super::pages::{again, asked, id, page as mail_page, why};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::zone,
    router::Web,
    views::{
        mail::{Act, Form, MailPage, Row},
        parts::{Chip, Control, Field, Tone},
    },
};

pub(super) async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = asked(query)?;
    let edit = Some(asked.get("edit")).filter(|text| !text.is_empty()).map(|text| id(text, "account")).transpose()?;
    let mut view = view(&web, &who, edit).await?;
    if ["saved", "deleted", "asked"].contains(&asked.get("done")) {
        view.shell.notices.push(Notice::done(view.t.get(&format!("mail-done-{}", asked.get("done")))));
    }
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who, edit: Option<AccountId>) -> Result<MailPage> {
    let t = who.text;
    let read = |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        Ok(mail::list(unit)?.and(aside))
    };
    let (accounts, zone) = web.app.read(&who.actor, read).await?;
    let (zone, now) = (who.zone(zone), web.app.env().now());
    let mut view = mail_page(web, who, "accounts", "/settings/mail").await?;
    let edited = accounts.iter().find(|one| Some(one.id) == edit);
    if edit.is_some() && edited.is_none() {
        return Err(Error::not_found("account"));
    }
    view.form = Some(form(t, who, edited, now.day_in(&zone)));
    view.empty = t.get("mail-accounts-none");
    let row = |one: Account| {
        let state = match one.fault {
            None if one.fetched.is_none() => Chip::new(t.get("mail-account-waits"), Tone::Plain),
            None => Chip::new(t.get("mail-account-works"), Tone::Good),
            Some(_) => Chip::new(t.get("mail-account-fails"), Tone::Held),
        };
        let mut lines = vec![t.get(&format!("mail-share-{}", one.share.as_str()))];
        lines.extend(one.staff.is_none().then(|| t.get("mail-account-house")));
        lines.extend(one.fetched.map(|at| t.with("mail-account-fetched", "when", t.when(at, now, &zone))));
        let counts = one.counts;
        let number = |n: i64| t.number(n.unsigned_abs());
        lines.push(format!(
            "{} {}",
            t.with2("mail-account-seen", "seen", number(counts.seen), "captured", number(counts.captured)),
            t.with2("mail-account-rest", "duplicate", number(counts.duplicate), "failed", number(counts.failed)),
        ));
        lines.extend(one.failing_since.map(|at| t.with("mail-account-since", "when", t.when(at, now, &zone))));
        lines.extend(one.fault.map(|fault| why(t, fault)));
        let act = |label: &str, verb: &str, grave| Act { label: t.get(label), action: format!("/settings/mail/{}/{verb}", one.id), grave };
        Row {
            href: Some(format!("/settings/mail?edit={}", one.id)),
            chips: vec![state],
            lines,
            said: None,
            acts: vec![act("mail-fetch", "fetch", false), act("mail-delete", "delete", true)],
            title: one.settings.address,
        }
    };
    view.rows = accounts.into_iter().map(row).collect();
    Ok(view)
}

fn form(t: Text, who: &Who, of: Option<&Account>, today: Date) -> Form {
    let known = of.map(|one| &one.settings);
    let text = |f: &dyn Fn(&Settings) -> String| known.map(f).unwrap_or_default();
    let tls = |now: Tls| {
        Tls::ALL.iter().map(|one| Choice::new(one.as_str(), t.get(&format!("mail-tls-{}", one.as_str())), *one == now)).collect()
    };
    let port = |server: Option<&Server>, usual: u16| server.map_or(usual, |server| server.port).to_string();
    let number = || Control::Number { step: "1".into() };
    let house = of.is_some_and(|one| one.staff.is_none());
    let share = of.map_or(Share::Own, |one| one.share);
    let shares =
        Share::ALL.iter().map(|one| Choice::new(one.as_str(), t.get(&format!("mail-share-{}", one.as_str())), *one == share)).collect();
    let secret = Field::new("password", t.get("mail-password"), Control::Secret).autocomplete("new-password");
    let mut fields = vec![
        Field::new("address", t.get("mail-address"), Control::Email).required().value(text(&|s| s.address.clone())),
        Field::new("name", t.get("mail-name"), Control::Text).value(text(&|s| s.name.clone())),
        Field::new("login", t.get("mail-login"), Control::Text).value(text(&|s| s.login.clone())).help(t.get("mail-login-help")),
        match of {
            Some(_) => secret.help(t.get("mail-password-kept")),
            None => secret.required().help(t.get("mail-password-help")),
        },
        Field::new("imap_host", t.get("mail-imap-host"), Control::Text).required().value(text(&|s| s.imap.host.clone())),
        Field::new("smtp_host", t.get("mail-smtp-host"), Control::Text).required().value(text(&|s| s.smtp.host.clone())),
        Field::new("share", t.get("mail-share"), Control::Choice(shares)).required().help(t.get("mail-share-help")),
        Field::new("since", t.get("mail-since"), Control::Date)
            .required()
            .value(known.map_or(today, |s| s.since).to_string())
            .help(t.get("mail-since-help")),
    ];
    if of.is_none() && who.actor.permit::<Manage>().is_ok() {
        fields.push(Field::new("house", t.get("mail-house"), Control::Tick).help(t.get("mail-house-help")));
    }
    let more = vec![
        Field::new("imap_port", t.get("mail-imap-port"), number()).required().value(port(known.map(|s| &s.imap), 993)),
        Field::new("imap_tls", t.get("mail-imap-tls"), Control::Choice(tls(known.map_or(Tls::Implicit, |s| s.imap.tls)))).required(),
        Field::new("smtp_port", t.get("mail-smtp-port"), number()).required().value(port(known.map(|s| &s.smtp), 465)),
        Field::new("smtp_tls", t.get("mail-smtp-tls"), Control::Choice(tls(known.map_or(Tls::Implicit, |s| s.smtp.tls)))).required(),
        Field::new("folders", t.get("mail-folders"), Control::Text)
            .value(known.map_or("INBOX".to_owned(), |s| s.folders.join(", ")))
            .help(t.get("mail-folders-help")),
        Field::new("sent", t.get("mail-sent"), Control::Text).value(text(&|s| s.sent.clone())).help(t.get("mail-sent-help")),
        Field::new("aliases", t.get("mail-aliases"), Control::Text).value(text(&|s| s.aliases.join(", "))).help(t.get("mail-aliases-help")),
        Field::new("signature", t.get("mail-signature"), Control::LongText).value(text(&|s| s.signature.clone())),
        Field::new("ca", t.get("mail-ca"), Control::LongText).value(text(&|s| s.ca.clone())).help(t.get("mail-ca-help")),
    ];
    Form {
        title: t.get(if of.is_some() { "mail-account-edit" } else { "mail-account-new" }),
        action: of.map_or("/settings/mail".to_owned(), |one| format!("/settings/mail/{}", one.id)),
        hidden: house.then(|| ("house".to_owned(), "true".to_owned())).into_iter().collect(),
        fields,
        more,
        button: t.get("mail-check-save"),
        second: Some((t.get("mail-save-unchecked"), "unchecked".to_owned())),
        note: t.get("mail-account-note"),
    }
}

/// The field of the form for a part of the settings.
fn place(part: &str) -> String {
    match part {
        "imap" => "imap_host".to_owned(),
        "smtp" => "smtp_host".to_owned(),
        "team" => "share".to_owned(),
        part => part.to_owned(),
    }
}

fn given_account(given: &Fields) -> Result<NewAccount> {
    let list =
        |name: &str| given.get(name).split([',', ';', '\n']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect();
    let server = |of: &str, usual: u16| -> Result<Server> {
        let port = Some(given.get(&format!("{of}_port")).trim()).filter(|text| !text.is_empty());
        let port = port.map_or(Ok(usual), |text| {
            let words = "Write the port as a number, such as 993.";
            text.parse().map_err(|_| Error::invalid(format!("/{of}_port"), "not_a_number", words))
        })?;
        let tls = Tls::parse(given.get(&format!("{of}_tls"))).unwrap_or_default();
        Ok(Server { host: given.get(&format!("{of}_host")).to_owned(), port, tls })
    };
    let since = given.get("since").parse::<Date>();
    let password = given.personal("password");
    Ok(NewAccount {
        house: given.get("house") == "true",
        team: None,
        share: Share::parse(given.get("share")).ok_or_else(|| Error::invalid("/share", "unknown", "Choose one of the list."))?,
        settings: Settings {
            address: given.get("address").to_owned(),
            aliases: list("aliases"),
            name: given.get("name").to_owned(),
            imap: server("imap", 993)?,
            smtp: server("smtp", 465)?,
            login: given.get("login").to_owned(),
            signature: given.get("signature").replace("\r\n", "\n"),
            folders: list("folders"),
            sent: given.get("sent").to_owned(),
            since: since.map_err(|_| Error::invalid("/since", "not_a_date", "Write the day as 2026-11-21."))?,
            ca: given.get("ca").to_owned(),
        },
        password: (!password.expose().is_empty()).then_some(password),
    })
}

async fn saved(web: &Web, who: &Who, of: Option<AccountId>, given: &Fields) -> Result<()> {
    let (new, permit) = (given_account(given)?, who.actor.permit::<WriteRecords>()?);
    if given.get("unchecked").is_empty() {
        let tried = mail::test(&web.app, &who.actor, new.clone(), of).await?;
        if let Some(error) = tried.error() {
            return Err(error);
        }
    }
    web.app
        .write(&who.actor, move |unit| match of {
            Some(of) => mail::change(unit, &permit, of, &new),
            None => mail::save(unit, &permit, &new).map(drop),
        })
        .await
}

async fn answered(web: &Web, who: &Who, of: Option<AccountId>, given: &Fields) -> Result<Response, Refused> {
    match saved(web, who, of, given).await {
        Ok(()) => Ok(Redirect::to("/settings/mail?done=saved").into_response()),
        Err(error) if !error.problems().is_empty() => {
            let mut view = view(web, who, of).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, given, &error, place);
                again(who.text, &mut form.more, given, &error, place);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

pub(super) async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    answered(&web, &who, None, &given).await
}

pub(super) async fn change(State(web): State<Web>, who: Who, Path(of): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    answered(&web, &who, Some(id(&of, "account")?), &given).await
}

pub(super) async fn fetch(State(web): State<Web>, who: Who, Path(of): Path<String>, _form: Given) -> Result<Response, Refused> {
    let of: AccountId = id(&of, "account")?;
    web.app.write(&who.actor, move |unit| mail::fetch_now(unit, of)).await?;
    Ok(Redirect::to("/settings/mail?done=asked").into_response())
}

pub(super) async fn delete(State(web): State<Web>, who: Who, Path(of): Path<String>, _form: Given) -> Result<Response, Refused> {
    let of: AccountId = id(&of, "account")?;
    web.app.write(&who.actor, move |unit| mail::delete(unit, of)).await?;
    Ok(Redirect::to("/settings/mail?done=deleted").into_response())
}
