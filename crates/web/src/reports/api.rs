//! Reports, for programs: what the pages show, with every sum by currency.

use std::collections::BTreeMap;

use axum::{extract::State, response::Response, routing::get};
use crm::{
    reports::{
        self, By, COHORTS, Cases, CasesBy, CasesKey, Does, ForecastAsk, FunnelAsk, Group, Kept, Key, Line, MONTHS_MAX, PRODUCTS, Period,
        ResultsAsk, Run, Sale, SalesAsk, Sold,
    },
    views::Sums,
};
use http::{Method, StatusCode};
use jiff::civil::Date;
use kernel::{Code, Error, Result, UserId};
use serde_json::{Value as Json, json};
use trail::Actor;

use crate::{
    api::{Caller, address::Asked},
    kit::{error::Refused, json::answer},
    openapi::{
        About, Doc,
        shared::{id as id_schema, id_or_null, key, object},
    },
    router::{Access, Route, Web},
};

/// The routes of reports.
pub const ROUTES: &[Route] = &[
    Route::new(Method::GET, "/api/v1/reports/forecast", Access::Key, || get(forecast)).doc(forecast_doc),
    Route::new(Method::GET, "/api/v1/reports/funnel", Access::Key, || get(funnel)).doc(funnel_doc),
    Route::new(Method::GET, "/api/v1/reports/results", Access::Key, || get(results)).doc(results_doc),
    Route::new(Method::GET, "/api/v1/reports/activity", Access::Key, || get(activity)).doc(activity_doc),
    Route::new(Method::GET, "/api/v1/reports/cohorts", Access::Key, || get(cohorts)).doc(cohorts_doc),
    Route::new(Method::GET, "/api/v1/reports/sales", Access::Key, || get(sales)).doc(sales_doc),
    Route::new(Method::GET, "/api/v1/reports/service", Access::Key, || get(service)).doc(service_doc),
];

/// A day of the query. Error: invalid_input.
fn day(asked: &mut Asked, name: &str) -> Result<Option<Date>> {
    let Some(text) = asked.take(name) else { return Ok(None) };
    let day = text.parse::<Date>().ok().filter(|_| text.len() == 10);
    day.map(Some).ok_or_else(|| Error::invalid(format!("/{name}"), "not_a_date", "Write the day as 2026-11-21."))
}

/// The days of the query; the year that ends today where none is named.
async fn period(web: &Web, caller: &Caller, asked: &mut Asked) -> Result<Period> {
    let (from, to) = (day(asked, "from")?, day(asked, "to")?);
    let today = reports::today(&web.app, &caller.actor).await?;
    let to = to.unwrap_or(today);
    Period::new(from.unwrap_or(Period::year_to(to).from), to)
}

fn with_period(doc: Doc) -> Doc {
    let date = json!({ "type": "string", "format": "date" });
    doc.query("from", "The first day; that of the year that ends with `to` when left out.", date.clone()).query(
        "to",
        "The last day; today when left out.",
        date,
    )
}

fn doc(id: &str, what: &str) -> Doc {
    let words = "Made of what you may list, under one event `report.run`. A sum is given by currency, and converted into the house's where every \
        rate is known; amounts that you may not see are in none.";
    Doc::new(id, "reports", what).more(words).refuses(&[Code::InvalidInput, Code::TooLarge])
}

fn pipeline_of(doc: Doc) -> Doc {
    doc.query("pipeline", "A pipeline's key.", key())
}

fn money_schema() -> Json {
    let amount = object(&[("currency", json!({ "type": "string", "pattern": "^[A-Z]{3}$" })), ("minor", json!({ "type": "integer" }))]);
    object(&[("by_currency", json!({ "type": "array", "items": amount })), ("converted", json!({ "anyOf": [amount, { "type": "null" }] }))])
}

fn number() -> Json {
    json!({ "type": "integer", "minimum": 0 })
}

fn date() -> Json {
    json!({ "type": "string", "format": "date" })
}

fn tenths() -> Json {
    json!({ "type": ["integer", "null"], "minimum": 0, "description": "In tenths of a percent; `null` of nothing." })
}

/// What every report says beside itself.
fn said<T>(run: &Run<T>, sums: &[&Sums], mut report: Json) -> Json {
    let currencies: std::collections::BTreeSet<&str> = sums.iter().flat_map(|sums| sums.each()).map(|(currency, _)| currency).collect();
    let used: Vec<Json> = run.rates.used(currencies.into_iter(), run.today).into_iter().map(reports::Rate::to_json).collect();
    report["as_of"] = run.today.to_string().into();
    report["currency"] = json!(run.rates.base);
    report["rates"] = used.into();
    report["amounts_withheld"] = run.amounts_withheld.into();
    report
}

fn report_schema(more: &[(&str, Json)]) -> Json {
    let rate = super::api_rates::rate_schema();
    let mut all = more.to_vec();
    all.extend([
        ("as_of", date()),
        ("currency", json!({ "type": ["string", "null"], "description": "The house's currency." })),
        ("rates", json!({ "type": "array", "items": rate, "description": "By which sums were converted." })),
        ("amounts_withheld", json!({ "type": "boolean" })),
    ]);
    object(&all)
}

fn line<T>(run: &Run<T>, line: &Line) -> Json {
    json!({
        "open": line.open, "won": line.won, "amount": run.money(&line.amount), "committed": run.money(&line.committed),
        "likely": run.money(&line.weighted), "won_amount": run.money(&line.won_amount),
    })
}

fn line_schema(more: &[(&str, Json)]) -> Json {
    let mut all = more.to_vec();
    all.extend([("open", number()), ("won", number())]);
    all.extend(["amount", "committed", "likely", "won_amount"].map(|name| (name, money_schema())));
    object(&all)
}

fn with(mut json: Json, name: &str, value: Json) -> Json {
    json[name] = value;
    json
}

async fn forecast(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let months = asked.number("months", 1, usize::from(MONTHS_MAX))?.and_then(|n| u8::try_from(n).ok()).unwrap_or(6);
    let owner = asked.take("owner").map(|text| text.parse::<UserId>());
    let owner = owner.transpose().map_err(|_| Error::invalid("/owner", "not_an_id", "Write the id of a member of staff, as usr_…."))?;
    let ask = ForecastAsk { pipeline: asked.take("pipeline"), owner, months };
    asked.end()?;
    answer(StatusCode::OK, &forecast_told(&web, &caller.actor, &ask).await?)
}

/// What the API tells of it.
pub(crate) async fn forecast_told(web: &Web, actor: &Actor, ask: &ForecastAsk) -> Result<Json> {
    let run = reports::forecast(&web.app, actor, ask).await?;
    let found = &run.report;
    let sums = [&found.total.amount, &found.total.won_amount, &found.later.amount, &found.undated.amount, &found.overdue.amount];
    let of_months: Vec<Json> = found.months.iter().map(|(month, all)| with(line(&run, all), "month", month.to_string().into())).collect();
    let of_owners: Vec<Json> = found.owners.iter().map(|(owner, all)| with(line(&run, all), "owner", json!(owner))).collect();
    let past: Vec<Json> = found
        .past
        .iter()
        .map(|past| {
            let title = found.named.iter().find(|shown| shown.id == past.id).map(|shown| shown.title.as_str());
            json!({ "id": past.id, "title": title, "expected_close": past.expected.to_string() })
        })
        .collect();
    let report = json!({
        "months": of_months, "owners": of_owners, "total": line(&run, &found.total), "later": line(&run, &found.later),
        "undated": line(&run, &found.undated), "overdue": line(&run, &found.overdue), "past_their_date": past,
    });
    Ok(said(&run, &sums, report))
}

fn forecast_doc(_: &About) -> Doc {
    let months = json!({ "type": "integer", "minimum": 1, "maximum": MONTHS_MAX });
    let past = object(&[("id", id_schema("rec")), ("title", json!({ "type": ["string", "null"] })), ("expected_close", date())]);
    let list = |of: Json| json!({ "type": "array", "items": of });
    let schema = report_schema(&[
        ("months", list(line_schema(&[("month", date())]))),
        ("owners", list(line_schema(&[("owner", id_or_null("usr"))]))),
        ("total", line_schema(&[])),
        ("later", line_schema(&[])),
        ("undated", line_schema(&[])),
        ("overdue", line_schema(&[])),
        ("past_their_date", list(past)),
    ]);
    pipeline_of(doc("report_forecast", "Forecast of deals"))
        .query("owner", "Whose deals.", id_schema("usr"))
        .query("months", "How many months, the present one first; six when left out.", months)
        .answer(
            200,
            "By month of the expected close, and by owner. What is open though its date is past stands in `overdue` and in no month.",
            schema,
        )
}

async fn funnel(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let ask = FunnelAsk { pipeline: asked.take("pipeline"), period: period(&web, &caller, &mut asked).await? };
    asked.end()?;
    answer(StatusCode::OK, &funnel_told(&web, &caller.actor, &ask).await?)
}

/// What the API tells of it.
pub(crate) async fn funnel_told(web: &Web, actor: &Actor, ask: &FunnelAsk) -> Result<Json> {
    let run = reports::funnel(&web.app, actor, ask).await?;
    let found = &run.report;
    let first = found.steps.first().map_or(0, |step| step.reached);
    let steps: Vec<Json> = found
        .steps
        .iter()
        .enumerate()
        .map(|(n, step)| {
            let before = n.checked_sub(1).and_then(|n| found.steps.get(n)).map(|before| before.reached);
            json!({
                "stage": step.stage, "label": step.label, "won": step.won, "reached": step.reached, "here": step.here, "lost": step.lost,
                "of_the_one_before": before.and_then(|before| step.of(before)), "of_all": step.of(first), "amount": run.money(&step.amount),
            })
        })
        .collect();
    let sums: Vec<&Sums> = found.steps.iter().map(|step| &step.amount).collect();
    let report = json!({
        "pipeline": found.pipeline, "from": ask.period.from.to_string(), "to": ask.period.to.to_string(),
        "deals": found.deals, "lost": found.lost, "steps": steps,
    });
    Ok(said(&run, &sums, report))
}

fn funnel_doc(_: &About) -> Doc {
    let text = json!({ "type": "string" });
    let step = object(&[
        ("stage", key()),
        ("label", text),
        ("won", json!({ "type": "boolean" })),
        ("reached", number()),
        ("here", number()),
        ("lost", number()),
        ("of_the_one_before", tenths()),
        ("of_all", tenths()),
        ("amount", money_schema()),
    ]);
    let schema = report_schema(&[
        ("pipeline", key()),
        ("from", date()),
        ("to", date()),
        ("deals", number()),
        ("lost", number()),
        ("steps", json!({ "type": "array", "items": step })),
    ]);
    let words =
        "The open stages of a pipeline in their order, then winning: how many of the deals that came in reached each, by their versions.";
    with_period(pipeline_of(doc("report_funnel", "Funnel of deals"))).answer(200, words, schema)
}

async fn results(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let by = match asked.take("by") {
        None => By::Month,
        Some(word) => By::parse(&word).ok_or_else(|| Error::invalid("/by", "unknown", "Write month, owner, reason or pipeline."))?,
    };
    let ask = ResultsAsk { by, pipeline: asked.take("pipeline"), period: period(&web, &caller, &mut asked).await? };
    asked.end()?;
    answer(StatusCode::OK, &results_told(&web, &caller.actor, &ask).await?)
}

/// What the API tells of it.
pub(crate) async fn results_told(web: &Web, actor: &Actor, ask: &ResultsAsk) -> Result<Json> {
    let run = reports::results(&web.app, actor, ask).await?;
    let found = &run.report;
    let group = |group: &Group| {
        json!({
            "won": group.won, "lost": group.lost, "win_rate": group.win_rate(), "median_days": group.median_days(),
            "won_amount": run.money(&group.won_amount), "lost_amount": run.money(&group.lost_amount),
        })
    };
    let named = |key: &Key| match key {
        Key::Month(month) => json!(month.to_string()),
        Key::Owner(owner) => json!(owner),
        Key::Reason(reason) => json!(reason),
        Key::Pipeline(pipeline) => json!(pipeline),
    };
    let groups: Vec<Json> = found.groups.iter().map(|(key, all)| with(group(all), "key", named(key))).collect();
    let sums = [&found.total.won_amount, &found.total.lost_amount];
    let report = json!({
        "by": ask.by.as_str(), "from": ask.period.from.to_string(), "to": ask.period.to.to_string(), "groups": groups, "total": group(&found.total),
    });
    Ok(said(&run, &sums, report))
}

fn results_doc(_: &About) -> Doc {
    let ways: Vec<&str> = By::ALL.iter().map(|by| by.as_str()).collect();
    let group = |more: &[(&str, Json)]| {
        let mut all = more.to_vec();
        all.extend([
            ("won", number()),
            ("lost", number()),
            ("win_rate", tenths()),
            (
                "median_days",
                json!({ "type": ["integer", "null"], "description": "Days from coming in to won that half of them took at most." }),
            ),
            ("won_amount", money_schema()),
            ("lost_amount", money_schema()),
        ]);
        object(&all)
    };
    let named = json!({ "type": ["string", "null"], "description": "The month's first day, the owner's id, or the key of the reason or pipeline." });
    let schema = report_schema(&[
        ("by", json!({ "enum": ways })),
        ("from", date()),
        ("to", date()),
        ("groups", json!({ "type": "array", "items": group(&[("key", named)]) })),
        ("total", group(&[])),
    ]);
    with_period(pipeline_of(doc("report_results", "Deals won and lost")))
        .query("by", "By what they stand together; by month when left out.", json!({ "enum": ways }))
        .answer(200, "What was won and lost, how often one wins, how long it takes.", schema)
}

async fn activity(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let period = period(&web, &caller, &mut asked).await?;
    asked.end()?;
    answer(StatusCode::OK, &activity_told(&web, &caller.actor, period).await?)
}

/// What the API tells of it.
pub(crate) async fn activity_told(web: &Web, actor: &Actor, period: Period) -> Result<Json> {
    let run = reports::activity(&web.app, actor, period).await?;
    let owners: Vec<Json> = run
        .report
        .owners
        .iter()
        .map(|(owner, did)| {
            let each: BTreeMap<&str, usize> =
                Does::ALL.iter().map(|does| (does.as_str(), did.get(does).copied().unwrap_or_default())).collect();
            with(json!(each), "owner", json!(owner))
        })
        .collect();
    let report = json!({
        "from": period.from.to_string(), "to": period.to.to_string(), "owners": owners, "not_counted": run.report.withheld,
    });
    Ok(said(&run, &[], report))
}

fn activity_doc(_: &About) -> Doc {
    let mut all = vec![("owner", id_or_null("usr"))];
    all.extend(Does::ALL.iter().map(|does| (does.as_str(), number())));
    let schema = report_schema(&[
        ("from", date()),
        ("to", date()),
        ("owners", json!({ "type": "array", "items": object(&all) })),
        ("not_counted", json!({ "type": "array", "items": { "type": "string" }, "description": "Kinds that you may not list." })),
    ]);
    with_period(doc("report_activity", "What people wrote down and sent")).answer(
        200,
        "By whose records they are, the busiest first.",
        schema,
    )
}

async fn cohorts(State(web): State<Web>, caller: Caller, asked: Asked) -> Result<Response, Refused> {
    asked.end()?;
    answer(StatusCode::OK, &cohorts_told(&web, &caller.actor).await?)
}

/// What the API tells of it.
pub(crate) async fn cohorts_told(web: &Web, actor: &Actor) -> Result<Json> {
    let run = reports::cohort(&web.app, actor).await?;
    let rows =
        run.report.rows.iter().map(|row| json!({ "month": row.month.to_string(), "customers": row.customers, "bought": row.bought }));
    let rows: Vec<Json> = rows.collect();
    let report = json!({ "months": rows, "of_nobody": run.report.of_nobody, "orders_counted": run.report.orders });
    Ok(said(&run, &[], report))
}

fn cohorts_doc(_: &About) -> Doc {
    let bought = json!({ "type": "array", "maxItems": COHORTS, "items": number(), "description": "How many of them bought in that month, in the next, and so on." });
    let row = object(&[("month", date()), ("customers", number()), ("bought", bought)]);
    let schema = report_schema(&[
        ("months", json!({ "type": "array", "items": row })),
        ("of_nobody", number()),
        ("orders_counted", json!({ "type": "boolean" })),
    ]);
    doc("report_cohorts", "Customers by the month of their first purchase").answer(200, "The last twelve months, the oldest first.", schema)
}

async fn sales(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let of = match asked.take("of") {
        None => Sold::Orders,
        Some(word) => Sold::parse(&word).ok_or_else(|| Error::invalid("/of", "unknown", "Write orders or deals."))?,
    };
    let ask = SalesAsk { of, period: period(&web, &caller, &mut asked).await? };
    asked.end()?;
    answer(StatusCode::OK, &sales_told(&web, &caller.actor, &ask).await?)
}

/// What the API tells of it.
pub(crate) async fn sales_told(web: &Web, actor: &Actor, ask: &SalesAsk) -> Result<Json> {
    let run = reports::sales(&web.app, actor, ask).await?;
    let found = &run.report;
    let sale = |sale: &Sale| json!({ "lines": sale.lines, "quantity": catalogue::Value::Number(sale.quantity).to_json(), "net": run.money(&sale.net) });
    let products: Vec<Json> = found
        .products
        .iter()
        .map(|(product, sold)| {
            let name = found.named.iter().find(|shown| Some(shown.id) == *product).map(|shown| shown.title.as_str());
            with(with(sale(sold), "product", json!(product)), "name", json!(name))
        })
        .collect();
    let report = json!({
        "of": ask.of.as_str(), "from": ask.period.from.to_string(), "to": ask.period.to.to_string(), "sold": found.sold,
        "products": products, "others": with(sale(&found.others), "products", found.more.into()), "total": sale(&found.total),
    });
    Ok(said(&run, &[&found.total.net], report))
}

fn sales_doc(_: &About) -> Doc {
    let ways: Vec<&str> = Sold::ALL.iter().map(|sold| sold.as_str()).collect();
    let sale = |more: &[(&str, Json)]| {
        let quantity = json!({ "type": ["number", "string"], "description": "A text where a floating point number would not keep it." });
        let mut all = more.to_vec();
        all.extend([("lines", number()), ("quantity", quantity), ("net", money_schema())]);
        object(&all)
    };
    let one = sale(&[("product", id_or_null("rec")), ("name", json!({ "type": ["string", "null"] }))]);
    let schema = report_schema(&[
        ("of", json!({ "enum": ways })),
        ("from", date()),
        ("to", date()),
        ("sold", number()),
        ("products", json!({ "type": "array", "maxItems": PRODUCTS, "items": one })),
        ("others", sale(&[("products", number())])),
        ("total", sale(&[])),
    ]);
    with_period(doc("report_sales", "Sales by product"))
        .query(
            "of",
            "Orders placed in the time, but for those cancelled or returned, or deals won in it; orders when left out.",
            json!({ "enum": ways }),
        )
        .answer(200, "By the lines, without tax, what came to most first. Lines without a product stand under `null`.", schema)
}

async fn service(State(web): State<Web>, caller: Caller, mut asked: Asked) -> Result<Response, Refused> {
    let by = match asked.take("by") {
        None => CasesBy::Priority,
        Some(word) => CasesBy::parse(&word).ok_or_else(|| Error::invalid("/by", "unknown", "Write priority or owner."))?,
    };
    let period = period(&web, &caller, &mut asked).await?;
    asked.end()?;
    let run = reports::service(&web.app, &caller.actor, period, by).await?;
    let kept = |kept: &Kept| json!({ "met": kept.met, "missed": kept.missed, "open": kept.open, "share": kept.share() });
    let cases = |all: &Cases| json!({ "cases": all.cases, "reply": kept(&all.reply), "solve": kept(&all.solve) });
    let groups: Vec<Json> = run
        .report
        .groups
        .iter()
        .map(|(key, all)| {
            let key = match key {
                CasesKey::Priority(key) => json!(key),
                CasesKey::Owner(owner) => json!(owner),
            };
            with(cases(all), "key", key)
        })
        .collect();
    let report = json!({
        "by": by.as_str(), "from": period.from.to_string(), "to": period.to.to_string(), "groups": groups, "total": cases(&run.report.total),
    });
    answer(StatusCode::OK, &said(&run, &[], report))
}

fn service_doc(_: &About) -> Doc {
    let ways: Vec<&str> = CasesBy::ALL.iter().map(|by| by.as_str()).collect();
    let kept = object(&[("met", number()), ("missed", number()), ("open", number()), ("share", tenths())]);
    let cases = |more: &[(&str, Json)]| {
        let mut all = more.to_vec();
        all.extend([("cases", number()), ("reply", kept.clone()), ("solve", kept.clone())]);
        object(&all)
    };
    let named = json!({ "type": ["string", "null"], "description": "The priority's key or the owner's id." });
    let schema = report_schema(&[
        ("by", json!({ "enum": ways })),
        ("from", date()),
        ("to", date()),
        ("groups", json!({ "type": "array", "items": cases(&[("key", named)]) })),
        ("total", cases(&[])),
    ]);
    with_period(doc("report_service", "Cases answered and solved in time"))
        .query("by", "By what they stand together; by priority when left out.", json!({ "enum": ways }))
        .answer(200, "Of the cases that came in: how many first answers and solutions were in time, too late, or are open yet.", schema)
}
