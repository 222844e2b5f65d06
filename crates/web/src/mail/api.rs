//! Mail, for programs.

use axum::{
    extract::{Path, State},
    response::{IntoResponse, Response},
    routing::{get, post, put},
};
use crm::{
    identity::TeamId,
    mail::{
        self, Account, AccountId, Draft, Fault, Letter, LetterId, NewAccount, Settings, Share, State as Became, TemplateId, Tls, template,
    },
    permits::{ReadRecords, WriteRecords},
};
use http::{Method, StatusCode};
use kernel::{Code, Personal, RecordId};
use serde::Deserialize;
use serde_json::{Value as Json, json};

use crate::{
    api::{Caller, id},
    kit::{
        error::Refused,
        json::{self, answer},
    },
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, items, object, plain_text, text, time},
    },
    router::{Access, Route, Web},
};

/// The routes of mail.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/mail/accounts", Access::Key, || get(accounts)).doc(accounts_doc),
    Route::new(Method::POST, "/api/v1/mail/accounts", Access::Key, || post(make)).doc(make_doc),
    Route::new(Method::POST, "/api/v1/mail/accounts/test", Access::Key, || post(test)).doc(test_doc),
    Route::new(Method::GET, "/api/v1/mail/accounts/{id}", Access::Key, || get(account)).doc(account_doc),
    Route::new(Method::PUT, "/api/v1/mail/accounts/{id}", Access::Key, || put(change)).doc(change_doc),
    Route::new(Method::DELETE, "/api/v1/mail/accounts/{id}", Access::Key, || axum::routing::delete(delete)).doc(delete_doc),
    Route::new(Method::POST, "/api/v1/mail/accounts/{id}/fetch", Access::Key, || post(fetch)).doc(fetch_doc),
    Route::new(Method::GET, "/api/v1/mail/letters", Access::Key, || get(letters)).doc(letters_doc),
    Route::new(Method::POST, "/api/v1/mail/letters", Access::Key, || post(queue)).doc(queue_doc),
    Route::new(Method::DELETE, "/api/v1/mail/letters/{id}", Access::Key, || axum::routing::delete(drop_letter)).doc(drop_doc),
    Route::new(Method::POST, "/api/v1/mail/letters/{id}/again", Access::Key, || post(again)).doc(again_doc),
    Route::new(Method::POST, "/api/v1/mail/letters/{id}/sent", Access::Key, || post(sent)).doc(sent_doc),
    Route::new(Method::GET, "/api/v1/mail/templates", Access::Key, || get(templates)).doc(templates_doc),
    Route::new(Method::POST, "/api/v1/mail/templates", Access::Key, || post(make_template)).doc(make_template_doc),
    Route::new(Method::PUT, "/api/v1/mail/templates/{id}", Access::Key, || put(change_template)).doc(change_template_doc),
    Route::new(Method::DELETE, "/api/v1/mail/templates/{id}", Access::Key, || axum::routing::delete(delete_template))
        .doc(delete_template_doc),
    Route::new(Method::POST, "/api/v1/mail/templates/{id}/fill", Access::Key, || post(fill)).doc(fill_doc),
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AccountIn {
    #[serde(default)]
    house: bool,
    #[serde(default)]
    team: Option<String>,
    share: Share,
    settings: Settings,
    #[serde(default)]
    password: Option<String>,
}

impl AccountIn {
    fn read(self) -> kernel::Result<NewAccount> {
        let team = self.team.map(|team| team.parse::<TeamId>());
        let team = team.transpose().map_err(|_| kernel::Error::invalid("/team", "not_an_id", "Write the id of a team, as tem_…."))?;
        let (house, share, settings) = (self.house, self.share, self.settings);
        Ok(NewAccount { house, team: team.map(|team| *team.bytes()), share, settings, password: self.password.map(Personal::new) })
    }
}

fn account_out(one: Account) -> Json {
    json!({
        "id": one.id, "house": one.staff.is_none(), "team": one.team.map(TeamId::from_bytes), "share": one.share, "settings": one.settings,
        "fault": one.fault.map(|code| json!({ "code": code, "words": Fault::words(code) })), "failing_since": one.failing_since,
        "fetched": one.fetched, "due": one.due, "counts": one.counts, "version": one.version,
    })
}

async fn accounts(State(web): State<Web>, caller: Caller) -> Result<Response, Refused> {
    let all = web.app.read(&caller.actor, mail::list).await?;
    answer(StatusCode::OK, &json!({ "items": all.into_iter().map(account_out).collect::<Vec<_>>() }))
}

async fn account(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: AccountId = id(&of, "account")?;
    answer(StatusCode::OK, &account_out(web.app.read(&caller.actor, move |unit| mail::one(unit, of)).await?))
}

async fn make(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<AccountIn>) -> Result<Response, Refused> {
    let (new, permit) = (new.read()?, caller.actor.permit::<WriteRecords>()?);
    let made = web.app.write(&caller.actor, move |unit| mail::save(unit, &permit, &new)).await?;
    answer(StatusCode::CREATED, &json!({ "id": made }))
}

async fn test(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<AccountIn>) -> Result<Response, Refused> {
    let tried = mail::test(&web.app, &caller.actor, new.read()?, None).await?;
    let fault = |fault: &Fault| json!({ "code": fault.code, "words": Fault::words(fault.code), "said": fault.said });
    let folders = tried.imap.as_ref().map(|all| all.iter().map(|(name, sent)| json!({ "name": name, "sent": sent })).collect::<Vec<_>>());
    let told = json!({
        "imap": tried.imap.as_ref().err().map(fault), "smtp": tried.smtp.as_ref().err().map(fault), "folders": folders.unwrap_or_default(),
    });
    answer(StatusCode::OK, &told)
}

async fn change(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(new): json::Json<AccountIn>,
) -> Result<Response, Refused> {
    let (of, new, permit) = (id::<AccountId>(&of, "account")?, new.read()?, caller.actor.permit::<WriteRecords>()?);
    web.app.write(&caller.actor, move |unit| mail::change(unit, &permit, of, &new)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: AccountId = id(&of, "account")?;
    web.app.write(&caller.actor, move |unit| mail::delete(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn fetch(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: AccountId = id(&of, "account")?;
    web.app.write(&caller.actor, move |unit| mail::fetch_now(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LetterIn {
    account: String,
    to: Vec<String>,
    #[serde(default)]
    cc: Vec<String>,
    #[serde(default)]
    bcc: Vec<String>,
    #[serde(default)]
    subject: String,
    text: String,
    #[serde(default)]
    files: Vec<String>,
    #[serde(default)]
    reply_to: Option<String>,
    #[serde(default)]
    case: Option<String>,
}

fn letter_out(one: Letter) -> Json {
    let words = one
        .reason
        .map(|code| json!({ "code": code, "words": Some(Fault::words(code)).filter(|w| !w.is_empty()).unwrap_or(mail::rule_words(code)) }));
    json!({
        "id": one.id, "account": one.account, "purpose": one.purpose, "state": one.state, "reason": words, "said": one.said,
        "created": one.created, "next": one.next, "sent": one.sent, "record": one.record, "to": one.to, "subject": one.subject,
    })
}

async fn letters(State(web): State<Web>, caller: Caller) -> Result<Response, Refused> {
    let all = web.app.read(&caller.actor, mail::letters).await?;
    answer(StatusCode::OK, &json!({ "items": all.into_iter().map(letter_out).collect::<Vec<_>>() }))
}

async fn queue(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<LetterIn>) -> Result<Response, Refused> {
    let permit = caller.actor.permit::<WriteRecords>()?;
    let draft = Draft {
        account: Some(id(&new.account, "account")?),
        to: new.to,
        cc: new.cc,
        bcc: new.bcc,
        subject: new.subject,
        text: new.text,
        files: new.files.iter().map(|file| id::<RecordId>(file, "file")).collect::<kernel::Result<_>>()?,
        reply_to: new.reply_to.map(|message| id(&message, "record")).transpose()?,
        case: new.case.map(|case| id(&case, "record")).transpose()?,
    };
    let made = web.app.write(&caller.actor, move |unit| mail::queue(unit, &permit, &draft)).await?;
    answer(StatusCode::CREATED, &json!({ "id": made }))
}

async fn drop_letter(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: LetterId = id(&of, "letter")?;
    web.app.write(&caller.actor, move |unit| mail::drop_letter(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn again(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: LetterId = id(&of, "letter")?;
    web.app.write(&caller.actor, move |unit| mail::send_again(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn sent(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: LetterId = id(&of, "letter")?;
    web.app.write(&caller.actor, move |unit| mail::was_sent(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct TemplateIn {
    name: String,
    #[serde(default)]
    subject: String,
    text: String,
    #[serde(default)]
    shared: bool,
}

impl TemplateIn {
    fn words(self) -> (template::Words, bool) {
        (template::Words { name: self.name, subject: self.subject, text: self.text }, self.shared)
    }
}

async fn templates(State(web): State<Web>, caller: Caller) -> Result<Response, Refused> {
    let all = web.app.read(&caller.actor, template::list).await?;
    let out = |one: template::Template| json!({ "id": one.id, "own": one.own, "shared": one.shared, "name": one.words.name, "subject": one.words.subject, "text": one.words.text });
    answer(StatusCode::OK, &json!({ "items": all.into_iter().map(out).collect::<Vec<_>>() }))
}

async fn make_template(State(web): State<Web>, caller: Caller, json::Json(new): json::Json<TemplateIn>) -> Result<Response, Refused> {
    let (words, shared) = new.words();
    let made = web.app.write(&caller.actor, move |unit| template::make(unit, &words, shared)).await?;
    answer(StatusCode::CREATED, &json!({ "id": made }))
}

async fn change_template(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(new): json::Json<TemplateIn>,
) -> Result<Response, Refused> {
    let (of, (words, shared)): (TemplateId, _) = (id(&of, "template")?, new.words());
    web.app.write(&caller.actor, move |unit| template::change(unit, of, &words, shared)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

async fn delete_template(State(web): State<Web>, caller: Caller, Path(of): Path<String>) -> Result<Response, Refused> {
    let of: TemplateId = id(&of, "template")?;
    web.app.write(&caller.actor, move |unit| template::delete(unit, of)).await?;
    Ok(StatusCode::NO_CONTENT.into_response())
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FillIn {
    record: String,
}

async fn fill(
    State(web): State<Web>,
    caller: Caller,
    Path(of): Path<String>,
    json::Json(asked): json::Json<FillIn>,
) -> Result<Response, Refused> {
    let (of, record, permit) =
        (id::<TemplateId>(&of, "template")?, id::<RecordId>(&asked.record, "record")?, caller.actor.permit::<ReadRecords>()?);
    let filled = web.app.read(&caller.actor, move |unit| template::fill(unit, &permit, of, record)).await?;
    let (subject, text) = filled.into_inner();
    answer(StatusCode::OK, &json!({ "subject": subject, "text": text }))
}

fn doc(name: &'static str, summary: &'static str) -> Doc {
    Doc::new(name, "mail", summary)
}

fn words() -> Json {
    plain_text()
}

fn texts() -> Json {
    json!({ "type": "array", "items": words() })
}

fn flag() -> Json {
    json!({ "type": "boolean" })
}

/// An object of which only some members have to be there.
fn partly(properties: &[(&str, Json)], required: &[&str]) -> Json {
    let mut schema = object(properties);
    schema["required"] = json!(required);
    schema
}

fn settings_schema() -> Json {
    let ways: Vec<&str> = Tls::ALL.iter().map(|tls| tls.as_str()).collect();
    let server = object(&[
        ("host", text(253)),
        ("port", json!({ "type": "integer", "minimum": 1, "maximum": 65535 })),
        ("tls", json!({ "enum": ways })),
    ]);
    let all = [
        ("address", text(254)),
        ("aliases", texts()),
        ("name", words()),
        ("imap", server.clone()),
        ("smtp", server),
        ("login", words()),
        ("signature", words()),
        ("folders", texts()),
        ("sent", words()),
        ("since", json!({ "type": "string", "format": "date" })),
        ("ca", words()),
    ];
    partly(&all, &["address", "imap", "smtp", "since"])
}

fn shares() -> Json {
    json!({ "enum": Share::ALL.iter().map(|share| share.as_str()).collect::<Vec<_>>() })
}

fn account_in() -> Json {
    let password = json!({ "type": ["string", "null"], "description": "Goes in and never comes out. Left out of a change, the account keeps the one it has, unless its servers change." });
    let all =
        [("house", flag()), ("team", id_or_null("tem")), ("share", shares()), ("settings", settings_schema()), ("password", password)];
    partly(&all, &["share", "settings"])
}

fn reason(nothing: bool) -> Json {
    let reason = object(&[("code", words()), ("words", words())]);
    if nothing { json!({ "anyOf": [reason, { "type": "null" }] }) } else { reason }
}

fn time_or_null() -> Json {
    let mut schema = time();
    schema["type"] = json!(["string", "null"]);
    schema
}

fn account_schema() -> Json {
    let n = || json!({ "type": "integer", "minimum": 0 });
    object(&[
        ("id", id_schema("mac")),
        ("house", flag()),
        ("team", id_or_null("tem")),
        ("share", shares()),
        ("settings", settings_schema()),
        ("fault", reason(true)),
        ("failing_since", time_or_null()),
        ("fetched", time_or_null()),
        ("due", time()),
        ("counts", object(&[("seen", n()), ("captured", n()), ("duplicate", n()), ("failed", n())])),
        ("version", n()),
    ])
}

fn accounts_doc(_: &About) -> Doc {
    doc("list_mail_accounts", "List accounts of mail").answer(
        200,
        "Your own; with the right to manage, the house's as well.",
        items(&account_schema()),
    )
}

fn account_doc(_: &About) -> Doc {
    doc("show_mail_account", "Show an account of mail").id("mac", "account").answer(
        200,
        "The account, without its password.",
        account_schema(),
    )
}

fn make_doc(_: &About) -> Doc {
    let made = doc("make_mail_account", "Make an account of mail").needs("write").body(account_in());
    made.more("Its messages are fetched at once.")
        .answer(201, "Made.", object(&[("id", id_schema("mac"))]))
        .refuses(&[Code::Conflict, Code::StorageFull])
}

fn test_doc(_: &About) -> Doc {
    let fault = json!({ "anyOf": [object(&[("code", words()), ("words", words()), ("said", words())]), { "type": "null" }] });
    let folder = object(&[("name", words()), ("sent", flag())]);
    let told = object(&[("imap", fault.clone()), ("smtp", fault), ("folders", json!({ "type": "array", "items": folder }))]);
    let tested = doc("test_mail_account", "Try an account's servers").needs("write").body(account_in());
    tested
        .more("Each step is tried; nothing is sent and nothing kept.")
        .answer(200, "What is wrong with either, or null.", told)
        .refuses(&[Code::StorageFull])
}

fn change_doc(_: &About) -> Doc {
    let changed = doc("change_mail_account", "Change an account of mail").needs("write").id("mac", "account").body(account_in());
    changed.empty(204, "Changed.").refuses(&[Code::StorageFull])
}

fn delete_doc(_: &About) -> Doc {
    let deleted = doc("delete_mail_account", "Delete an account of mail").id("mac", "account");
    deleted
        .more("With its password and its letters that were not sent. Its messages stay.")
        .empty(204, "Deleted.")
        .refuses(&[Code::Conflict, Code::StorageFull])
}

fn fetch_doc(_: &About) -> Doc {
    doc("fetch_mail_account", "Fetch an account's messages now")
        .id("mac", "account")
        .empty(204, "It is fetched as soon as somebody is free.")
        .refuses(&[Code::StorageFull])
}

fn letters_doc(_: &About) -> Doc {
    let states: Vec<&str> = Became::ALL.iter().map(|state| state.as_str()).collect();
    let letter = object(&[
        ("id", id_schema("ltr")),
        ("account", id_schema("mac")),
        ("purpose", words()),
        ("state", json!({ "enum": states })),
        ("reason", reason(true)),
        ("said", json!({ "type": "string", "description": "What the server said." })),
        ("created", time()),
        ("next", time_or_null()),
        ("sent", time_or_null()),
        ("record", id_or_null("rec")),
        ("to", texts()),
        ("subject", words()),
    ]);
    doc("list_letters", "List your outbox").answer(
        200,
        "The newest first. What was sent is a message; its words are read there.",
        items(&letter),
    )
}

fn queue_doc(_: &About) -> Doc {
    let all = [
        ("account", id_schema("mac")),
        ("to", texts()),
        ("cc", texts()),
        ("bcc", texts()),
        ("subject", words()),
        ("text", words()),
        ("files", json!({ "type": "array", "items": id_schema("rec") })),
        ("reply_to", id_or_null("rec")),
        ("case", id_or_null("rec")),
    ];
    doc("queue_letter", "Write a letter")
        .needs("write")
        .more("It is sent as soon as somebody is free, for the purpose that the key acts for, and checked again at that moment: a recipient who may not be written to for it stops the letter.")
        .body(partly(&all, &["account", "to", "text"]))
        .answer(201, "It waits in the outbox.", object(&[("id", id_schema("ltr"))]))
        .refuses(&[Code::Conflict, Code::NotFound, Code::StorageFull])
}

fn of_letter(name: &'static str, summary: &'static str) -> Doc {
    doc(name, summary).id("ltr", "letter").refuses(&[Code::Conflict, Code::StorageFull])
}

fn drop_doc(_: &About) -> Doc {
    of_letter("drop_letter", "Take a letter out of the outbox").empty(204, "It is gone; a message that it became stays.")
}

fn again_doc(_: &About) -> Doc {
    of_letter("send_letter_again", "Send a letter again").more("One that failed, was refused or is unknown.").empty(204, "It waits again.")
}

fn sent_doc(_: &About) -> Doc {
    of_letter("letter_was_sent", "Say that an unknown letter was sent").empty(204, "It becomes a message; nothing is sent.")
}

fn template_in() -> Json {
    partly(&[("name", text(80)), ("subject", words()), ("text", words()), ("shared", flag())], &["name", "text"])
}

fn templates_doc(_: &About) -> Doc {
    let one = object(&[
        ("id", id_schema("tpl")),
        ("own", flag()),
        ("shared", flag()),
        ("name", words()),
        ("subject", words()),
        ("text", words()),
    ]);
    doc("list_mail_templates", "List templates of letters").answer(200, "Your own and the shared ones, by name.", items(&one))
}

fn make_template_doc(_: &About) -> Doc {
    let words = "Fields of the recipient's record stand in it as {{ person.name }}; with what stands there instead, {{ person.name | default(\"you\") }}.";
    let made = doc("make_mail_template", "Make a template").more(words).body(template_in());
    made.answer(201, "Made.", object(&[("id", id_schema("tpl"))])).refuses(&[Code::StorageFull])
}

fn change_template_doc(_: &About) -> Doc {
    let changed = doc("change_mail_template", "Change a template").id("tpl", "template").body(template_in());
    changed.empty(204, "Changed.").refuses(&[Code::StorageFull])
}

fn delete_template_doc(_: &About) -> Doc {
    doc("delete_mail_template", "Delete a template").id("tpl", "template").empty(204, "Deleted.").refuses(&[Code::StorageFull])
}

fn fill_doc(_: &About) -> Doc {
    let filled = doc("fill_mail_template", "Fill a template in for a recipient")
        .needs("read")
        .id("tpl", "template")
        .body(object(&[("record", id_schema("rec"))]));
    filled.more("A field that is withheld from you for your purpose is an error that names it, never a gap.").answer(
        200,
        "Subject and text.",
        object(&[("subject", words()), ("text", words())]),
    )
}
