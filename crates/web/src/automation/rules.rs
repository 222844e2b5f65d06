//! The pages of rules: each read as a sentence, a form that makes one, what it did and what it would have done.

use axum::{
    extract::{Path, RawQuery, State},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{get, post},
};
use catalogue::{FieldType, Kind, deal};
use crm::{
    automation::{self, Action, Listed, NewRule, On, RUN_REASONS, RuleId, Run, Trigger},
    identity::{Colleague, staff},
    mail::{self, template},
    permits::{Manage, ReadRecords, Unit, WriteRecords},
    views::{Condition, Filter, Op},
};
use http::{Method, StatusCode};
use jiff::tz::TimeZone;
use kernel::{Error, Instant, Result};
use serde_json::Value as Json;

use super::pages::{done, frame, why};
use crate::{
    kit::{
        error::Refused,
        form::{Fields, Form as Given},
        layout::{Choice, Notice},
        render::html,
        text::Text,
        who::Who,
    },
    mail::pages::{again, asked, id},
    records::pages::zone,
    router::{Access, Route, Web},
    views::{
        mail::{Act, Form, MailPage, Pick, Row},
        parts::{Chip, Control, Field, Tone},
    },
};

/// The routes of these pages.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/settings/automation", Access::Staff, || get(page)),
    Route::new(Method::POST, "/settings/automation", Access::Staff, || post(make)),
    Route::new(Method::GET, "/settings/automation/{id}", Access::Staff, || get(log)),
    Route::new(Method::POST, "/settings/automation/{id}/{act}", Access::Staff, || post(act)),
];

/// The days that a rehearsal on the page looks back.
const DAYS: i64 = 30;
/// What a form offers to ask: what is right for a single line of text.
const OPS: [Op; 6] = [Op::Eq, Op::Ne, Op::Contains, Op::IsEmpty, Op::NotEmpty, Op::Gt];

/// What a form's choices are made of.
struct Around {
    staff: Vec<Colleague>,
    hooks: Vec<(String, String)>,
    accounts: Vec<(String, String)>,
    templates: Vec<(String, String)>,
}

impl Around {
    fn name(&self, id: kernel::UserId) -> String {
        self.staff.iter().find(|one| one.id == id).map_or_else(|| id.to_string(), |one| one.name.expose().clone())
    }
}

async fn around(web: &Web, who: &Who) -> Result<(Vec<Listed>, Around, TimeZone)> {
    let (writes, reads, manages) =
        (who.actor.permit::<WriteRecords>()?, who.actor.permit::<ReadRecords>()?, who.actor.permit::<Manage>().ok());
    let read = move |unit: &mut Unit| {
        let zone = zone(unit)?;
        let all = automation::rules(unit, &writes)?;
        let hooks = match &manages {
            Some(permit) => automation::list(unit, permit)?,
            None => Vec::new(),
        };
        let aside = unit.plain((all, hooks, zone))?;
        // What opens nothing comes first: from then on, all that leaves has its event.
        let (templates, accounts) = (template::list(unit)?, mail::list(unit)?);
        Ok(staff::directory(unit, &reads)?.and(accounts).and(templates).and(aside))
    };
    let (((staff, accounts), templates), (all, hooks, zone)) = web.app.read(&who.actor, read).await?;
    let around = Around {
        staff: staff.into_iter().filter(|one| one.active).collect(),
        hooks: hooks.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
        accounts: accounts.into_iter().map(|one| (one.id.to_string(), one.settings.address)).collect(),
        templates: templates.into_iter().map(|one| (one.id.to_string(), one.words.name)).collect(),
    };
    Ok((all, around, who.zone(zone)))
}

async fn page(State(web): State<Web>, who: Who, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let given = asked(query)?;
    let mut view = view(&web, &who, given.get("kind")).await?;
    done(&mut view, &given);
    Ok(Html(html(&view)?).into_response())
}

async fn view(web: &Web, who: &Who, kind: &str) -> Result<MailPage> {
    let t = who.text;
    let (all, around, _) = around(web, who).await?;
    let catalogue = web.catalogue(t);
    let mut view = frame(web, who, "rules", "/settings/automation").await?;
    view.empty = t.get("auto-rules-none");
    view.rows = all.iter().map(|one| row(web, t, &around, one)).collect();
    let known = catalogue.kind(kind).or_else(|| catalogue.kind(deal::KIND));
    let kinds = catalogue.kinds().map(|one| Choice::new(&one.key, &one.label, known.is_some_and(|kind| kind.key == one.key))).collect();
    view.pick = Some(Pick {
        action: "/settings/automation".to_owned(),
        hidden: Vec::new(),
        field: Field::new("kind", t.get("auto-kind"), Control::Choice(kinds)).help(t.get("auto-kind-help")),
        button: t.get("auto-kind-choose"),
    });
    view.form = known.map(|kind| form(t, &around, kind));
    Ok(view)
}

fn row(web: &Web, t: Text, around: &Around, one: &Listed) -> Row {
    let state = match (one.on, one.reason.is_empty()) {
        (true, _) => Chip::new(t.get("auto-on"), Tone::Good),
        (false, true) => Chip::new(t.get("auto-off"), Tone::Plain),
        (false, false) => Chip::new(t.get("auto-stopped"), Tone::Held),
    };
    let mut lines = vec![sentence(web, t, around, &one.rule)];
    lines.push(t.with2("auto-acts-for", "who", around.name(one.staff), "purpose", t.purpose(&one.purpose)));
    lines.extend((!one.reason.is_empty()).then(|| t.get("auto-rule-failing")));
    let act =
        |label: &str, verb: &str, grave| Act { label: t.get(label), action: format!("/settings/automation/{}/{verb}", one.id), grave };
    let switch = if one.on { act("auto-switch-off", "off", false) } else { act("auto-switch-on", "on", false) };
    let acts = vec![switch, act("auto-rehearse", "rehearse", false), act("auto-delete", "delete", true)];
    let href = Some(format!("/settings/automation/{}", one.id));
    Row { title: one.rule.name.clone(), href, chips: vec![state], lines, said: None, acts }
}

/// A rule as a sentence.
fn sentence(web: &Web, t: Text, around: &Around, rule: &NewRule) -> String {
    let catalogue = web.catalogue(t);
    let kind = catalogue.kind(&rule.trigger.kind);
    let label = |key: &str| kind.and_then(|kind| kind.field(key)).map_or_else(|| key.to_owned(), |field| field.label.clone());
    let choice = |key: &str, value: &str| {
        let options = kind.and_then(|kind| kind.field(key)).map(|field| field.options.as_slice()).unwrap_or_default();
        options.iter().find(|option| option.key == value).map_or_else(|| value.to_owned(), |option| option.label.clone())
    };
    let trigger = &rule.trigger;
    let first = trigger.fields.first().map(String::as_str).unwrap_or_default();
    let fields = trigger.fields.iter().map(|key| label(key)).collect::<Vec<_>>().join(", ");
    let fields = if fields.is_empty() { t.get("auto-any-field") } else { fields };
    let value = trigger.value.as_deref().map(|value| choice(first, value)).unwrap_or_default();
    let days = t.number(trigger.days.unsigned_abs());
    let word = match trigger.on {
        On::Date if trigger.days < 0 => "auto-when-before",
        On::Date => "auto-when-after",
        On::Created => "auto-when-created",
        On::Changed => "auto-when-changed",
        On::Stage => "auto-when-stage",
        On::HoldPlaced => "auto-when-hold-placed",
        On::HoldReleased => "auto-when-hold-released",
        On::RequestOpened => "auto-when-request-opened",
        On::RequestClosed => "auto-when-request-closed",
        On::ConsentGiven => "auto-when-consent-given",
        On::ConsentEnded => "auto-when-consent-ended",
    };
    let kind_label = kind.map_or_else(|| trigger.kind.clone(), |kind| kind.label.clone());
    let mut said = t.with_all(word, &[("kind", kind_label), ("fields", fields), ("value", value), ("days", days)]);
    if let Some(filter) = &rule.filter {
        said = format!(
            "{said} {}",
            match filter {
                Filter::One(one) => {
                    let asked = one.value.as_str().map_or_else(|| one.value.to_string(), |value| choice(&one.field, value));
                    let asked = if one.value.is_null() { String::new() } else { asked };
                    t.with_all("auto-if", &[("field", label(&one.field)), ("op", op(t, one.op)), ("value", asked)])
                }
                Filter::All { .. } | Filter::Any { .. } => t.get("auto-if-more"),
            }
        );
    }
    let acts = rule.actions.iter().map(|action| match action {
        Action::Set { field, value } => {
            let value = value.as_str().map_or_else(|| value.to_string(), |value| choice(field, value));
            t.with2("auto-do-set", "field", label(field), "value", value)
        }
        Action::Assign { owner } => t.with("auto-do-assign", "who", around.name(*owner)),
        Action::Task { title, days, owner } => {
            let whose = owner.map_or_else(|| t.get("auto-the-owner"), |owner| around.name(owner));
            t.with_all("auto-do-task", &[("title", title.clone()), ("days", t.number(days.unsigned_abs())), ("who", whose)])
        }
        Action::Notify { staff } => {
            t.with("auto-do-notify", "who", staff.map_or_else(|| t.get("auto-the-owner"), |staff| around.name(staff)))
        }
        Action::Mail { template, .. } => t.with("auto-do-mail", "template", of(&around.templates, &template.to_string())),
        Action::Webhook { webhook } => t.with("auto-do-webhook", "name", of(&around.hooks, &webhook.to_string())),
    });
    format!("{said} {}", t.with("auto-then", "acts", acts.collect::<Vec<_>>().join("; ")))
}

fn op(t: Text, op: Op) -> String {
    t.get(&format!("auto-op-{}", op.as_str().replace('_', "-")))
}

fn of(all: &[(String, String)], id: &str) -> String {
    all.iter().find(|(known, _)| known == id).map_or_else(|| id.to_owned(), |(_, name)| name.clone())
}

/// Nothing, or one of these.
fn optional(all: impl IntoIterator<Item = (String, String)>) -> Control {
    Control::Choice(all.into_iter().map(|(key, label)| Choice::new(key, label, false)).collect())
}

fn form(t: Text, around: &Around, kind: &Kind) -> Form {
    let on = |on: &On| match on {
        On::RequestOpened | On::RequestClosed | On::ConsentGiven | On::ConsentEnded => kind.is_person,
        On::Stage => kind.fields.iter().any(|field| field.kind == FieldType::Select && !field.is_sealed()),
        On::Date => kind.fields.iter().any(|field| field.kind == FieldType::Date && !field.is_sealed()),
        _ => true,
    };
    let triggers = On::ALL
        .iter()
        .filter(|one| on(one))
        .map(|one| Choice::new(one.as_str(), t.get(&format!("auto-on-{}", one.as_str().replace('_', "-"))), *one == On::Created));
    let pairs = |all: &[(String, String)]| all.to_vec();
    let fields: Vec<(String, String)> = kind.writable().map(|field| (field.key.clone(), field.label.clone())).collect();
    // A rule holds no words of a person.
    let open: Vec<(String, String)> = kind
        .writable()
        .filter(|field| !kind.is_person || !field.is_sealed())
        .map(|field| (field.key.clone(), field.label.clone()))
        .collect();
    let stages = kind.fields.iter().filter(|field| field.kind == FieldType::Select && !field.is_sealed());
    let stages = stages.flat_map(|field| {
        field.options.iter().map(|option| (format!("{}={}", field.key, option.key), format!("{}: {}", field.label, option.label)))
    });
    let dates = kind.fields.iter().filter(|field| field.kind == FieldType::Date && !field.is_sealed());
    let dates: Vec<_> = dates.map(|field| (field.key.clone(), field.label.clone())).collect();
    let people: Vec<_> = around.staff.iter().map(|one| (one.id.to_string(), one.name.expose().clone())).collect();
    let owner = || std::iter::once(("owner".to_owned(), t.get("auto-the-owner"))).chain(people.clone());
    let number = || Control::Number { step: "1".into() };
    let mut all = vec![
        Field::new("name", t.get("auto-name"), Control::Text).required(),
        Field::new("on", t.get("auto-when"), Control::Choice(triggers.collect())).required(),
    ];
    let stages: Vec<_> = stages.collect();
    if !stages.is_empty() {
        all.push(Field::new("stage", t.get("auto-when-value"), optional(stages)).help(t.get("auto-when-value-help")));
    }
    // What most rules are made of stands in sight; the rest is one press away.
    let mut more = vec![Field::new("changed", t.get("auto-when-field"), optional(fields.clone())).help(t.get("auto-when-field-help"))];
    if !dates.is_empty() {
        more.push(Field::new("date", t.get("auto-when-date"), optional(dates)).help(t.get("auto-when-date-help")));
        more.push(Field::new("days", t.get("auto-when-days"), number()).value("0").help(t.get("auto-when-days-help")));
    }
    let ops = OPS.map(|one| (one.as_str().to_owned(), op(t, one)));
    all.extend([
        Field::new("task", t.get("auto-then-task"), Control::Text).help(t.get("auto-then-task-help")),
        Field::new("task_days", t.get("auto-then-days"), number()).value("3"),
        Field::new("notify", t.get("auto-then-notify"), optional(owner())),
    ]);
    more.extend([
        Field::new("if_field", t.get("auto-if-field"), optional(open)),
        Field::new("if_op", t.get("auto-if-op"), optional(ops)),
        Field::new("if_value", t.get("auto-if-value"), Control::Text).help(t.get("auto-if-value-help")),
        Field::new("task_owner", t.get("auto-then-task-owner"), optional(people.clone())),
        Field::new("set_field", t.get("auto-then-set"), optional(fields)),
        Field::new("set_value", t.get("auto-then-set-value"), Control::Text).help(t.get("auto-then-set-help")),
        Field::new("assign", t.get("auto-then-assign"), optional(people.clone())),
    ]);
    if kind.fields.iter().any(|field| field.kind == FieldType::Email) {
        more.push(Field::new("template", t.get("auto-then-mail"), optional(pairs(&around.templates))).help(t.get("auto-then-mail-help")));
        more.push(Field::new("account", t.get("auto-then-account"), optional(pairs(&around.accounts))));
    }
    if !around.hooks.is_empty() {
        more.push(Field::new("hook", t.get("auto-then-webhook"), optional(pairs(&around.hooks))));
    }
    Form {
        title: t.with("auto-rule-new-of", "kind", &kind.label),
        action: "/settings/automation".to_owned(),
        hidden: vec![("kind".to_owned(), kind.key.clone())],
        fields: all,
        more,
        button: t.get("auto-rule-new"),
        second: None,
        note: t.get("auto-rule-note"),
    }
}

/// A typed value as the field takes it: a choice by its key, a number, yes or no, and text as it is.
fn value_of(kind: &Kind, key: &str, text: &str) -> Json {
    let Some(field) = kind.field(key) else { return Json::String(text.to_owned()) };
    let text = text.trim();
    match field.kind {
        _ if text.is_empty() => Json::Null,
        FieldType::Select => {
            let named = field.options.iter().find(|option| option.label.eq_ignore_ascii_case(text)).map(|option| option.key.clone());
            Json::String(named.unwrap_or_else(|| text.to_owned()))
        }
        FieldType::Number => text.parse::<i64>().map_or_else(|_| Json::String(text.to_owned()), Json::from),
        FieldType::Bool => Json::Bool(matches!(text, "true" | "1")),
        _ if field.many => Json::Array(vec![Json::String(text.to_owned())]),
        _ => Json::String(text.to_owned()),
    }
}

fn number(given: &Fields, name: &str) -> Result<i64> {
    let text = Some(given.get(name).trim()).filter(|text| !text.is_empty()).unwrap_or("0");
    text.parse().map_err(|_| Error::invalid(format!("/{name}"), "not_a_number", "Write a whole number of days."))
}

fn given_rule(web: &Web, t: Text, given: &Fields) -> Result<NewRule> {
    let catalogue = web.catalogue(t);
    let kind = catalogue.kind(given.get("kind")).ok_or_else(|| Error::not_found("kind"))?;
    let on = On::parse(given.get("on")).ok_or_else(|| Error::invalid("/on", "unknown", "Choose one of the list."))?;
    let some = |name: &str| Some(given.get(name)).filter(|text| !text.trim().is_empty());
    let mut trigger = Trigger { kind: kind.key.clone(), on, fields: Vec::new(), value: None, days: 0 };
    match on {
        On::Changed => trigger.fields.extend(some("changed").map(str::to_owned)),
        On::Stage => {
            let chosen = some("stage").and_then(|text| text.split_once('='));
            let (field, value) = chosen.ok_or_else(|| Error::invalid("/stage", "required", "Choose the value that is taken."))?;
            (trigger.fields, trigger.value) = (vec![field.to_owned()], Some(value.to_owned()));
        }
        On::Date => {
            let date = some("date").ok_or_else(|| Error::invalid("/date", "required", "Choose the field that holds the day."))?;
            (trigger.fields, trigger.days) = (vec![date.to_owned()], number(given, "days")?);
        }
        _ => {}
    }
    let filter = match (some("if_field"), Op::parse(given.get("if_op"))) {
        (None, _) => None,
        (Some(_), None) => return Err(Error::invalid("/if_op", "required", "Choose what is asked of the field.")),
        (Some(field), Some(op @ (Op::IsEmpty | Op::NotEmpty))) => Some(Filter::One(Condition::new(field, op, Json::Null))),
        (Some(field), Some(op)) => {
            let value = match value_of(kind, field, given.get("if_value")) {
                Json::Array(mut all) => all.pop().unwrap_or_default(),
                value => value,
            };
            Some(Filter::One(Condition::new(field, op, value)))
        }
    };
    let mut actions = Vec::new();
    if let Some(field) = some("set_field") {
        actions.push(Action::Set { field: field.to_owned(), value: value_of(kind, field, given.get("set_value")) });
    }
    if let Some(owner) = some("assign") {
        actions.push(Action::Assign { owner: id(owner, "user")? });
    }
    if let Some(title) = some("task") {
        let owner = some("task_owner").map(|owner| id(owner, "user")).transpose()?;
        actions.push(Action::Task { title: title.to_owned(), days: number(given, "task_days")?, owner });
    }
    if let Some(staff) = some("notify") {
        actions.push(Action::Notify { staff: if staff == "owner" { None } else { Some(id(staff, "user")?) } });
    }
    if let Some(template) = some("template") {
        let account = some("account").ok_or_else(|| Error::invalid("/account", "required", "Choose the account to write from."))?;
        actions.push(Action::Mail { template: id(template, "template")?, account: id(account, "account")? });
    }
    if let Some(webhook) = some("hook") {
        actions.push(Action::Webhook { webhook: id(webhook, "webhook")? });
    }
    Ok(NewRule { name: given.get("name").to_owned(), trigger, filter, actions })
}

/// The field of the form for a part of a rule.
fn place(part: &str) -> String {
    let last = part.rsplit('/').next().unwrap_or(part);
    match part {
        "trigger/fields" | "trigger/value" => "stage".to_owned(),
        "trigger/days" => "days".to_owned(),
        "actions" => "task".to_owned(),
        _ if part.starts_with("filter") => "if_value".to_owned(),
        _ if part.starts_with("actions/") => match last {
            "title" => "task".to_owned(),
            "days" => "task_days".to_owned(),
            _ => "set_value".to_owned(),
        },
        _ => part.to_owned(),
    }
}

async fn make(State(web): State<Web>, who: Who, Given(given): Given) -> Result<Response, Refused> {
    let permit = who.actor.permit::<WriteRecords>()?;
    let made = match given_rule(&web, who.text, &given) {
        Ok(new) => web.app.write(&who.actor, move |unit| automation::make_rule(unit, &permit, &new)).await,
        Err(error) => Err(error),
    };
    match made {
        Ok(made) => Ok(Redirect::to(&format!("/settings/automation/{made}?done=saved")).into_response()),
        Err(error) if !error.problems().is_empty() => {
            let mut view = view(&web, &who, given.get("kind")).await?;
            if let Some(form) = &mut view.form {
                again(who.text, &mut form.fields, &given, &error, place);
                again(who.text, &mut form.more, &given, &error, place);
            }
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html(&view)?)).into_response())
        }
        Err(error) => Err(error.into()),
    }
}

async fn log(State(web): State<Web>, who: Who, Path(of): Path<String>, RawQuery(query): RawQuery) -> Result<Response, Refused> {
    let mut view = log_view(&web, &who, id(&of, "rule")?).await?;
    done(&mut view, &asked(query)?);
    Ok(Html(html(&view)?).into_response())
}

async fn log_view(web: &Web, who: &Who, of: RuleId) -> Result<MailPage> {
    let (t, permit) = (who.text, who.actor.permit::<WriteRecords>()?);
    let (all, around, zone) = around(web, who).await?;
    let runs = web.app.read(&who.actor, move |unit| automation::runs(unit, &permit, of, None, 100).and_then(|all| unit.plain(all))).await?;
    let one = all.iter().find(|one| one.id == of).ok_or_else(|| Error::not_found("rule"))?;
    let mut view = frame(web, who, "rules", &format!("/settings/automation/{of}")).await?;
    view.title.clone_from(&one.rule.name);
    view.lead = t.get("auto-runs-lead");
    let base = crate::records::pages::base_of(&one.rule.trigger.kind);
    let now = web.app.env().now();
    view.rows = vec![Row { href: None, ..row(web, t, &around, one) }];
    view.rows.extend(runs.into_iter().map(|run| ran(t, &zone, now, &base, run)));
    view.empty = t.get("auto-runs-none");
    Ok(view)
}

fn ran(t: Text, zone: &TimeZone, now: Instant, base: &str, run: Run) -> Row {
    let tone = match run.state.as_str() {
        "done" => Tone::Good,
        "failed" => Tone::Held,
        _ => Tone::Plain,
    };
    let mut lines = vec![t.with2("auto-ran", "when", t.when(run.at, now, zone), "actions", t.number(run.actions.unsigned_abs()))];
    lines.extend(why(t, RUN_REASONS, &run.reason).or(Some(run.detail).filter(|words| !words.is_empty())));
    Row {
        title: run.record.to_string(),
        href: Some(format!("{base}/{}", run.record)),
        chips: vec![Chip::new(t.get(&format!("auto-run-{}", run.state)), tone)],
        lines,
        said: None,
        acts: Vec::new(),
    }
}

async fn act(State(web): State<Web>, who: Who, Path((of, act)): Path<(String, String)>, _form: Given) -> Result<Response, Refused> {
    let (t, permit, of) = (who.text, who.actor.permit::<WriteRecords>()?, id::<RuleId>(&of, "rule")?);
    match act.as_str() {
        "on" | "off" => {
            let on = act == "on";
            web.app.write(&who.actor, move |unit| automation::switch_rule(unit, &permit, of, on)).await?;
            Ok(Redirect::to(&format!("/settings/automation/{of}?done={act}")).into_response())
        }
        "delete" => {
            web.app.write(&who.actor, move |unit| automation::delete_rule(unit, &permit, of)).await?;
            Ok(Redirect::to("/settings/automation?done=deleted").into_response())
        }
        "rehearse" => {
            let told = web.app.read(&who.actor, move |unit| automation::rehearse(unit, &permit, of, DAYS)).await?;
            let mut view = log_view(&web, &who, of).await?;
            let count = |n: usize| t.number(u64::try_from(n).unwrap_or(u64::MAX));
            let words = [("days", t.number(DAYS.unsigned_abs())), ("events", count(told.events)), ("acts", count(told.acts))];
            view.shell.notices.push(Notice::note(t.with_all("auto-rehearsed", &words)));
            let zone = who.clock(&web).await?;
            let now = web.app.env().now();
            let kind = log_kind(&web, &who, of).await?;
            let hits = told.hits.into_iter().map(|hit| Row {
                title: hit.record.to_string(),
                href: Some(format!("{}/{}", crate::records::pages::base_of(&kind), hit.record)),
                chips: vec![Chip::new(t.get("auto-would"), Tone::Time)],
                lines: vec![t.when(hit.at, now, &zone)],
                said: None,
                acts: Vec::new(),
            });
            view.rows.splice(1..1, hits);
            Ok(Html(html(&view)?).into_response())
        }
        _ => Err(Error::not_found("page").into()),
    }
}

async fn log_kind(web: &Web, who: &Who, of: RuleId) -> Result<String> {
    let permit = who.actor.permit::<WriteRecords>()?;
    let one = web.app.read(&who.actor, move |unit| automation::rule(unit, &permit, of).and_then(|one| unit.plain(one))).await?;
    Ok(one.rule.trigger.kind)
}
