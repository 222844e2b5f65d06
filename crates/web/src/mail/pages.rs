//! The pages of mail: the outbox, writing, templates. Accounts are beside them.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{FieldType, Kind, Value, message};
use crm::{
    mail::{self, Draft, Fault, Letter, LetterId, Mailbox, TemplateId, template},
    permits::{ReadRecords, Unit, WriteRecords},
    records::{self, Detail, Shown},
};
use http::{Method, StatusCode};
use kernel::{Code, Error, Problem, RecordId, Result};

use super::accounts;
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given, read},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    records::pages::{href_of, named, zone},
    router::{Access, Route, Web},
    views::{
        mail::{Act, Form, MailPage, Pick, Row},
        parts::{Chip, Control, Field, Tab, Tone},
    },
};

/// The routes of mail's pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/mail", Access::Staff, || get(outbox)),
    Route::new(Method::GET, "/mail/new", Access::Staff, || get(write)),
    Route::new(Method::POST, "/mail/new", Access::Staff, || post(send)),
    Route::new(Method::POST, "/mail/letters/{id}/again", Access::Staff, || post(again_sent)),
    Route::new(Method::POST, "/mail/letters/{id}/sent", Access::Staff, || post(was_sent)),
    Route::new(Method::POST, "/mail/letters/{id}/drop", Access::Staff, || post(drop_letter)),
    Route::new(Method::GET, "/mail/templates", Access::Staff, || get(templates)),
    Route::new(Method::POST, "/mail/templates", Access::Staff, || post(save_template)),
    Route::new(Method::POST, "/mail/templates/{id}", Access::Staff, || post(change_template)),
    Route::new(Method::POST, "/mail/templates/{id}/delete", Access::Staff, || post(delete_template)),
    Route::new(Method::GET, "/settings/mail", Access::Staff, || get(accounts::page)),
    Route::new(Method::POST, "/settings/mail", Access::Staff, || post(accounts::make)),
    Route::new(Method::POST, "/settings/mail/{id}", Access::Staff, || post(accounts::change)),
    Route::new(Method::POST, "/settings/mail/{id}/fetch", Access::Staff, || post(accounts::fetch)),
    Route::new(Method::POST, "/settings/mail/{id}/delete", Access::Staff, || post(accounts::delete)),
];

/// The most of an answered message that is quoted (characters).
const QUOTED: usize = 5_000;
/// The most files that are offered to go along.
const FILES: usize = 50;

/// What a page of mail starts from.
pub(super) async fn page(web: &Web, who: &Who, key: &str, address: &str) -> Result<MailPage> {
    let t = who.text;
    let tab = |label: &str, href: &str| Tab::new(t.get(label), href, href == address);
    Ok(MailPage {
        t,
        shell: who.shell(web, &t.get(&format!("mail-{key}-title")), "", address).await?,
        title: t.get(&format!("mail-{key}-title")),
        lead: t.get(&format!("mail-{key}-lead")),
        tabs: vec![
            tab("mail-outbox-title", "/mail"),
            tab("mail-write-title", "/mail/new"),
            tab("mail-templates-title", "/mail/templates"),
            tab("mail-accounts-title", "/settings/mail"),
        ],
        once: None,
        rows: Vec::new(),
        empty: String::new(),
        pick: None,
        form: None,
    })
}

/// What a fault's or a rule's word says, in the reader's language.
pub(super) fn why(t: Text, code: &'static str) -> String {
    let words = Some(Fault::words(code)).filter(|words| !words.is_empty()).unwrap_or(mail::rule_words(code));
    t.problem(&Problem { pointer: String::new(), code, detail: words.to_owned() })
}

/// The inputs again, with what was typed and what is wrong beside each; never a password.
pub(crate) fn again(t: Text, inputs: &mut [Field], given: &Fields, error: &Error, place: impl Fn(&str) -> String) {
    for field in inputs {
        let chosen: Vec<&str> = given.all(&field.name).collect();
        match &mut field.control {
            Control::Secret => {}
            Control::Choice(choices) | Control::Choices(choices) => {
                choices.iter_mut().for_each(|c| c.selected = chosen.contains(&c.value.as_str()));
            }
            _ => field.value = given.get(&field.name).to_owned(),
        }
        let mine = error.problems().iter().filter(|problem| place(problem.pointer.trim_start_matches('/')) == field.name);
        field.problems.extend(mine.map(|problem| t.problem(problem)));
    }
}

pub(crate) fn asked(query: Option<String>) -> Result<Fields> {
    read(query.unwrap_or_default().as_bytes())
}

pub(crate) fn id<T: std::str::FromStr>(text: &str, what: &str) -> Result<T> {
    text.parse().map_err(|_| Error::not_found(what))
}

fn one<T: std::str::FromStr>(fields: &Fields, name: &str) -> Result<Option<T>> {
    Some(fields.get(name)).filter(|text| !text.is_empty()).map(|text| id(text, "record")).transpose()
}

async fn outbox(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let t = who.text;
    let asked = asked(query)?;
    let read = |unit: &mut Unit| {
        let zone = zone(unit)?;
        let aside = unit.plain(zone)?;
        Ok(mail::letters(unit)?.and(aside))
    };
    let (letters, zone) = web.app.read(&who.actor, read).await?;
    let (zone, now) = (who.zone(zone), web.app.env().now());
    let mut view = page(&web, &who, "outbox", "/mail").await?;
    let row = |letter: Letter| {
        let href = letter.record.map(|record| href_of(message::KIND, record));
        let title = if letter.record.is_some() { t.get("mail-letter-kept") } else { named(t, &letter.subject) };
        let mut lines = Vec::new();
        lines.extend((!letter.to.is_empty()).then(|| t.with("mail-letter-to", "to", letter.to.join(", "))));
        lines.push(match letter.sent {
            Some(sent) => t.with("mail-letter-sent", "when", t.when(sent, now, &zone)),
            None => t.with("mail-letter-written", "when", t.when(letter.created, now, &zone)),
        });
        lines.extend(letter.reason.map(|reason| why(t, reason)));
        lines.extend((letter.state == mail::State::Unknown).then(|| t.get("mail-letter-unknown")));
        let waits = letter.next.filter(|_| letter.reason.is_some());
        lines.extend(waits.map(|next| t.with("mail-letter-next", "when", t.when(next, now, &zone))));
        let act =
            |label: &str, verb: &str, grave| Act { label: t.get(label), action: format!("/mail/letters/{}/{verb}", letter.id), grave };
        let acts = match letter.state {
            mail::State::Queued => vec![act("mail-drop", "drop", true)],
            mail::State::Failed | mail::State::Refused => vec![act("mail-again", "again", false), act("mail-drop", "drop", true)],
            mail::State::Unknown => {
                vec![act("mail-was-sent", "sent", false), act("mail-again", "again", false), act("mail-drop", "drop", true)]
            }
            mail::State::Sending | mail::State::Sent => Vec::new(),
        };
        let tone = match letter.state {
            mail::State::Sent => Tone::Good,
            mail::State::Queued | mail::State::Sending => Tone::Plain,
            mail::State::Unknown => Tone::Time,
            mail::State::Failed | mail::State::Refused => Tone::Held,
        };
        let said = Some(letter.said).filter(|said| !said.is_empty());
        Row { title, href, chips: vec![Chip::new(t.get(&format!("mail-state-{}", letter.state.as_str())), tone)], lines, said, acts }
    };
    view.rows = letters.into_iter().map(row).collect();
    view.empty = t.get("mail-outbox-none");
    if asked.get("done") == "queued" {
        view.shell.notices.push(Notice::done(t.get("mail-done-queued")));
    }
    Ok(Html(html(&view)?).into_response())
}

/// What a letter starts from: to whom, under which subject, with which text and files on offer.
#[derive(Default)]
struct Start {
    to: Vec<String>,
    subject: String,
    text: String,
    files: Vec<Shown>,
}

/// The addresses that a record itself has.
fn addresses(kind: &Kind, shown: &Shown) -> Vec<String> {
    let fields = kind.fields.iter().filter(|field| field.kind == FieldType::Email);
    let values = fields.filter_map(|field| match shown.cell(&field.key) {
        Some(records::Cell::Shown(value)) => Some(value.each().iter().map(Value::display).collect::<Vec<_>>()),
        _ => None,
    });
    values.flatten().collect()
}

/// The first address of a record, or those of the people that it names.
async fn start(web: &Web, who: &Who, to: Option<RecordId>, reply: Option<RecordId>) -> Result<Start> {
    let (permit, catalogue) = (who.actor.permit::<ReadRecords>()?, web.app.catalogue());
    let Some(from) = reply.or(to) else { return Ok(Start::default()) };
    let reads = permit.clone();
    let (shown, (people, files)) = web
        .app
        .read(&who.actor, move |unit| {
            let mut people = Vec::new();
            for (_, linked) in records::links_from(unit, from)? {
                if records::find(unit, linked)?.is_some_and(|row| row.kind.is_person && records::in_scope(&reads, &row)) {
                    people.push(linked);
                }
            }
            let pointing: Vec<RecordId> = records::links_to(unit, from)?.into_iter().map(|(_, id)| id).collect();
            let mut files = records::find_many(unit, &pointing)?;
            files.retain(|row| row.kind.key == catalogue::file::KIND);
            let ids: Vec<RecordId> = files.iter().take(FILES).map(|row| row.id).collect();
            let people = unit.plain(people)?;
            let shown = records::show(unit, &reads, from, Detail::Whole)?;
            Ok(match ids.as_slice() {
                [] => shown.and(people.map(|people| (people, Vec::new()))),
                ids => shown.and(people.and(records::name(unit, &reads, ids)?)),
            })
        })
        .await?;
    let text = |key: &str| match shown.cell(key) {
        Some(records::Cell::Shown(value)) => value.display(),
        _ => String::new(),
    };
    let mut start = Start { files, ..Start::default() };
    if reply.is_some() {
        let outgoing = text(message::DIRECTION) == "out";
        let answer_to = text(message::HEADERS).lines().find_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("reply-to").then(|| Mailbox::parse(value)).flatten()
        });
        start.to = match answer_to.filter(|_| !outgoing) {
            Some(one) => vec![one.shown()],
            None if outgoing => text(message::TO).split(", ").map(str::to_owned).collect(),
            None => vec![text(message::FROM)],
        };
        let subject = text(message::SUBJECT);
        let answered = subject.get(..3).is_some_and(|start| start.eq_ignore_ascii_case("re:"));
        start.subject = if answered { subject } else { format!("Re: {subject}").trim_end().to_owned() };
        let body: String = text(message::TEXT).chars().take(QUOTED).collect();
        start.text = format!("\n\n{}", body.lines().map(|line| format!("> {line}\n")).collect::<String>());
        return Ok(start);
    }
    let kind = catalogue.need(&shown.kind)?;
    start.to = addresses(&kind, &shown).into_iter().take(1).collect();
    if start.to.is_empty() {
        for person in people {
            let permit = permit.clone();
            let person = web.app.read(&who.actor, move |unit| records::show(unit, &permit, person, Detail::Whole)).await?;
            start.to.extend(addresses(catalogue.need(&person.kind)?.as_ref(), &person).into_iter().take(1));
        }
    }
    Ok(start)
}

async fn write(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = asked(query)?;
    let view = writing(&web, &who, &asked).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn writing(web: &Web, who: &Who, asked: &Fields) -> Result<MailPage> {
    let t = who.text;
    let (to, reply): (Option<RecordId>, Option<RecordId>) = (one(asked, "record")?, one(asked, "reply")?);
    let (accounts, templates) =
        web.app.read(&who.actor, |unit| template::list(unit).and_then(|all| Ok(mail::senders(unit)?.and(all)))).await?;
    let mut view = page(web, who, "write", "/mail/new").await?;
    if accounts.is_empty() {
        view.empty = t.get("mail-write-no-account");
        view.shell.notices.push(Notice::note(t.get("mail-write-no-account")).linked(t.get("mail-accounts-title"), "/settings/mail"));
        return Ok(view);
    }
    let mut start = start(web, who, to, reply).await?;
    let chosen: Option<TemplateId> = one(asked, "template")?;
    if let (Some(chosen), Some(to)) = (chosen, to) {
        let permit = who.actor.permit::<ReadRecords>()?;
        let filled = web.app.read(&who.actor, move |unit| template::fill(unit, &permit, chosen, to)).await;
        match filled {
            Ok(filled) => (start.subject, start.text) = filled.into_inner(),
            Err(error) if error.code() == Code::InvalidInput => {
                // The words name the field, which the short ones of other languages do not.
                let words = error.problems().iter().map(|problem| problem.detail.clone()).collect::<Vec<_>>().join(" ");
                view.shell.notices.push(Notice::wrong(words));
            }
            Err(error) => return Err(error),
        }
    }
    let hidden = |name: &str| Some((name.to_owned(), asked.get(name).to_owned())).filter(|(_, value)| !value.is_empty());
    let carried: Vec<(String, String)> = ["record", "reply", "case"].into_iter().filter_map(hidden).collect();
    if to.is_some() && !templates.is_empty() {
        let choices = templates.iter().map(|one| Choice::new(one.id.to_string(), one.words.name.clone(), Some(one.id) == chosen)).collect();
        view.pick = Some(Pick {
            action: "/mail/new".to_owned(),
            hidden: carried.clone(),
            field: Field::new("template", t.get("mail-template"), Control::Choice(choices)).required(),
            button: t.get("mail-template-use"),
        });
    }
    let from = accounts.iter().enumerate().map(|(n, one)| Choice::new(one.id.to_string(), one.settings.address.clone(), n == 0)).collect();
    let mut more = vec![
        Field::new("cc", t.get("mail-cc"), Control::Text),
        Field::new("bcc", t.get("mail-bcc"), Control::Text).help(t.get("mail-bcc-help")),
    ];
    if !start.files.is_empty() {
        let choices = start.files.iter().map(|file| Choice::new(file.id.to_string(), named(t, &file.title), false)).collect();
        more.push(Field::new("files", t.get("mail-files"), Control::Choices(choices)));
    }
    view.form = Some(Form {
        title: t.get(if reply.is_some() { "mail-reply" } else { "mail-write-title" }),
        action: "/mail/new".to_owned(),
        hidden: carried,
        fields: vec![
            Field::new("account", t.get("mail-from"), Control::Choice(from)).required(),
            Field::new("to", t.get("mail-to"), Control::Text).required().value(start.to.join(", ")).help(t.get("mail-to-help")),
            Field::new("subject", t.get("mail-subject"), Control::Text).value(start.subject),
            Field::new("text", t.get("mail-text"), Control::LongText).required().value(start.text),
        ],
        more,
        button: t.get("mail-send"),
        second: None,
        note: t.with("mail-write-note", "purpose", t.purpose(who.actor.purpose.key)),
    });
    Ok(view)
}

/// Recipients as typed: a comma or semicolon stands between them.
fn recipients(text: &str) -> Vec<String> {
    text.split([',', ';', '\n']).map(str::trim).filter(|one| !one.is_empty()).map(str::to_owned).collect()
}

async fn send(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let draft = Draft {
        account: one(&given, "account")?,
        to: recipients(given.get("to")),
        cc: recipients(given.get("cc")),
        bcc: recipients(given.get("bcc")),
        subject: given.get("subject").to_owned(),
        text: given.get("text").to_owned(),
        files: given.all("files").map(|file| id(file, "file")).collect::<Result<_>>()?,
        reply_to: one(&given, "reply")?,
        case: one(&given, "case")?,
    };
    let permit = who.actor.permit::<WriteRecords>()?;
    match web.app.write(&who.actor, move |unit| mail::queue(unit, &permit, &draft)).await {
        Ok(_) => Ok(Redirect::to("/mail?done=queued").into_response()),
        Err(error) if !error.problems().is_empty() => {
            let mut view = writing(&web, &who, &given).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, &given, &error, str::to_owned);
                again(who.text, &mut form.more, &given, &error, str::to_owned);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn again_sent(State(web): State<Web>, who: Who, Path(letter): Path<String>, _form: Given) -> Result<Response, Refused> {
    let letter: LetterId = id(&letter, "letter")?;
    web.app.write(&who.actor, move |unit| mail::send_again(unit, letter)).await?;
    Ok(Redirect::to("/mail?done=queued").into_response())
}

async fn was_sent(State(web): State<Web>, who: Who, Path(letter): Path<String>, _form: Given) -> Result<Response, Refused> {
    let letter: LetterId = id(&letter, "letter")?;
    web.app.write(&who.actor, move |unit| mail::was_sent(unit, letter)).await?;
    Ok(Redirect::to("/mail").into_response())
}

async fn drop_letter(State(web): State<Web>, who: Who, Path(letter): Path<String>, _form: Given) -> Result<Response, Refused> {
    let letter: LetterId = id(&letter, "letter")?;
    web.app.write(&who.actor, move |unit| mail::drop_letter(unit, letter)).await?;
    Ok(Redirect::to("/mail").into_response())
}

async fn templates(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let asked = asked(query)?;
    let view = template_page(&web, &who, one(&asked, "edit")?).await?;
    Ok(Html(html(&view)?).into_response())
}

async fn template_page(web: &Web, who: &Who, edit: Option<TemplateId>) -> Result<MailPage> {
    let t = who.text;
    let all = web.app.read(&who.actor, template::list).await?;
    let mut view = page(web, who, "templates", "/mail/templates").await?;
    let edited = all.iter().find(|one| Some(one.id) == edit);
    let words = edited.map(|one| one.words.clone()).unwrap_or_default();
    let mut fields = vec![
        Field::new("name", t.get("mail-template-name"), Control::Text).required().value(words.name),
        Field::new("subject", t.get("mail-subject"), Control::Text).value(words.subject),
        Field::new("text", t.get("mail-text"), Control::LongText).required().value(words.text).help(t.get("mail-template-help")),
    ];
    if who.actor.permit::<crm::permits::ShareViews>().is_ok() {
        let ticked = if edited.is_some_and(|one| one.shared) { "true" } else { "" };
        fields.push(Field::new("shared", t.get("mail-template-shared"), Control::Tick).value(ticked));
    }
    view.form = Some(Form {
        title: t.get(if edited.is_some() { "mail-template-edit" } else { "mail-template-new" }),
        action: edited.map_or("/mail/templates".to_owned(), |one| format!("/mail/templates/{}", one.id)),
        hidden: Vec::new(),
        fields,
        more: Vec::new(),
        button: t.get("mail-save"),
        second: None,
        note: String::new(),
    });
    view.empty = t.get("mail-templates-none");
    let row = |one: template::Template| Row {
        title: one.words.name,
        href: Some(format!("/mail/templates?edit={}", one.id)),
        chips: one.shared.then(|| Chip::new(t.get("mail-template-for-all"), Tone::Plain)).into_iter().collect(),
        lines: vec![one.words.subject].into_iter().filter(|subject| !subject.is_empty()).collect(),
        said: None,
        acts: vec![Act { label: t.get("mail-delete"), action: format!("/mail/templates/{}/delete", one.id), grave: true }],
    };
    view.rows = all.into_iter().map(row).collect();
    Ok(view)
}

fn words(given: &Fields) -> (template::Words, bool) {
    let text = |name: &str| given.get(name).replace("\r\n", "\n");
    (template::Words { name: text("name"), subject: text("subject"), text: text("text") }, given.get("shared") == "true")
}

async fn save_template(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let (new, shared) = words(&given);
    let made = web.app.write(&who.actor, move |unit| template::make(unit, &new, shared).map(drop)).await;
    template_saved(&web, &who, &given, None, made).await
}

async fn change_template(State(web): State<Web>, who: Who, Path(one): Path<String>, Given(given): Given) -> Result<Response, Refused> {
    let (one, (new, shared)): (TemplateId, _) = (id(&one, "template")?, words(&given));
    let changed = web.app.write(&who.actor, move |unit| template::change(unit, one, &new, shared)).await;
    template_saved(&web, &who, &given, Some(one), changed).await
}

async fn template_saved(web: &Web, who: &Who, given: &Fields, edit: Option<TemplateId>, done: Result<()>) -> Result<Response, Refused> {
    match done {
        Ok(()) => Ok(Redirect::to("/mail/templates").into_response()),
        Err(error) if error.code() == Code::InvalidInput => {
            let mut view = template_page(web, who, edit).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, given, &error, str::to_owned);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn delete_template(State(web): State<Web>, who: Who, Path(one): Path<String>, _form: Given) -> Result<Response, Refused> {
    let one: TemplateId = id(&one, "template")?;
    web.app.write(&who.actor, move |unit| template::delete(unit, one)).await?;
    Ok(Redirect::to("/mail/templates").into_response())
}
