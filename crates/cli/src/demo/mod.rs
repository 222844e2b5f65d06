//! Believable data for `serve --demo`: four years of a trading firm, made through the ordinary operations while the clock is moved forward.
//!
//! Nothing is written by hand into tables: due, held and erased records come about as they would in real life.

mod desk;
mod house;
mod names;
mod rights;
mod staff;

use std::{collections::BTreeMap, sync::Arc};

use base64::{Engine, engine::general_purpose::STANDARD};
use catalogue::{Kind, Value, company, deal, note, person, task};
use crm::{
    capture::{self, Options, Source},
    records::{self, Fields, NewRecord},
};
use desk::{lay_on_desks, propose};
use jiff::{ToSpan, civil::Date};
use kernel::{Env, Error, FixedClock, Instant, Personal, RecordId, Result, UserId};
use names::{COUNTRIES, Country, DEALS, FIRMS, LETTERS, NOTES, SOURCES, TITLES, TRADES};
use rights::{end_relationships, live_through};
use serde_json::{Value as Json, json};
use staff::{colleagues, hire};
use trail::{Actor, App, Event};

pub use house::prepare;
pub use staff::SignIn;

/// Months of history.
const MONTHS: i32 = 48;

/// What was made.
#[derive(Debug, Default)]
pub struct Made {
    /// People.
    pub people: Vec<RecordId>,
    /// Firms.
    pub companies: Vec<RecordId>,
    /// Deals.
    pub deals: Vec<RecordId>,
    /// Letters.
    pub messages: usize,
    /// Tasks, notes, cases and orders.
    pub others: usize,
    /// People and firms whose relationship ended, and when.
    pub former: Vec<(RecordId, Date)>,
    /// Who owns what is made, in turn.
    owners: Vec<UserId>,
    /// The day on which all of it ends.
    today: Date,
}

/// A seeded sequence of choices: the same firm every time.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        // SplitMix64, as in the kernel's fixed environment: no chance enters here.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((z ^ (z >> 31)) % u64::try_from(sides.max(1)).unwrap_or(1)).unwrap_or(0)
    }

    fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.roll(from.len())]
    }

    fn one_in(&mut self, n: usize) -> bool {
        self.roll(n) == 0
    }
}

struct Someone {
    id: RecordId,
    name: String,
    email: String,
    firm: String,
}

/// The environment of the demonstration: real chance, a clock that starts four years before `today`.
fn env(today: Instant) -> (Env, FixedClock) {
    Env::with_clock(start_of(first_month(today.day())))
}

fn first_month(today: Date) -> Date {
    let start = today.first_of_month().checked_sub(MONTHS.months()).unwrap_or(today);
    start.max(Date::constant(2000, 1, 1))
}

fn start_of(day: Date) -> Instant {
    Instant::start_of(day)
}

/// Fills an empty installation, month by month, and leaves the clock at `today`.
async fn fill(app: &App, actor: &Actor, clock: &FixedClock, today: Instant, owners: &[UserId]) -> Result<Made> {
    let mut dice = Dice(2026);
    let mut made = Made { owners: owners.to_vec(), today: today.day(), ..Made::default() };
    let mut people: Vec<Someone> = Vec::new();
    let mut month = first_month(today.day());
    let last = today.minus(desk::LAST_DAYS);
    while month < last.day() {
        let end = month.last_of_month().min(last.day());
        clock.set(start_of(end).plus(std::time::Duration::from_secs(9 * 3600)).min(last));
        let fresh = a_month(app, actor, &mut dice, month, end, &mut made).await?;
        people.extend(fresh);
        letters(app, actor, &mut dice, month, end, &people, &mut made).await?;
        month = end.saturating_add(1.day());
    }
    clock.set(last);
    Ok(made)
}

/// A record to be made and the moment it came about.
struct Planned {
    kind: &'static str,
    at: Instant,
    fields: BTreeMap<&'static str, Json>,
    owner: Option<UserId>,
}

impl Planned {
    fn new(kind: &'static str, at: Instant, fields: Json) -> Self {
        let fields = match fields {
            Json::Object(map) => map.into_iter().filter_map(|(key, value)| known(kind, &key).map(|k| (k, value))).collect(),
            _ => BTreeMap::new(),
        };
        Self { kind, at, fields, owner: None }
    }

    fn owned_by(self, owner: Option<UserId>) -> Self {
        Self { owner, ..self }
    }

    fn record(&self, kind: &Kind) -> Result<NewRecord> {
        let mut fields = Fields::new();
        for (key, json) in &self.fields {
            if let Some(field) = kind.field(key)
                && let Some(value) = Value::parse(field, json).map_err(|p| Error::invalid(p.pointer, p.code, p.detail))?
            {
                fields.insert((*key).to_owned(), value);
            }
        }
        Ok(NewRecord { created: Some(self.at), owner: self.owner, ..NewRecord::new(self.kind, fields) })
    }
}

/// The key as the catalogue spells it.
fn known(kind: &str, key: &str) -> Option<&'static str> {
    static KINDS: std::sync::OnceLock<BTreeMap<(String, String), &'static str>> = std::sync::OnceLock::new();
    let all = KINDS.get_or_init(|| {
        let mut all = BTreeMap::new();
        for kind in catalogue::builtin().kinds() {
            for field in &kind.fields {
                all.insert((kind.key.clone(), field.key.clone()), &*field.key.clone().leak());
            }
        }
        all
    });
    all.get(&(kind.to_owned(), key.to_owned())).copied()
}

/// Makes records in one unit with one event, as an import does.
async fn make(app: &App, actor: &Actor, planned: Vec<Planned>) -> Result<Vec<RecordId>> {
    let catalogue = app.catalogue();
    let new = planned.iter().map(|p| p.record(catalogue.need(p.kind)?.as_ref())).collect::<Result<Vec<_>>>()?;
    let new = Arc::new(new);
    app.write(actor, move |unit| {
        unit.witness(Event::new("record.created").count("records", new.len()))?;
        let mut making = records::Making::default();
        let made = new.iter().map(|record| making.add(unit, record.clone())).collect::<Result<_>>()?;
        making.write(unit)?;
        Ok(made)
    })
    .await
}

fn moment(dice: &mut Dice, from: Date, to: Date) -> Instant {
    let days = usize::try_from(from.until(to).map_or(0, |span| span.get_days())).unwrap_or(0);
    let day = from.saturating_add(i64::try_from(dice.roll(days + 1)).unwrap_or(0).days());
    let seconds = 8 * 3600 + dice.roll(10 * 3600);
    start_of(day.min(to)).plus(std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(0)))
}

fn ascii(text: &str) -> String {
    vault::fold(text).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect()
}

async fn a_month(app: &App, actor: &Actor, dice: &mut Dice, from: Date, to: Date, made: &mut Made) -> Result<Vec<Someone>> {
    let mut fresh = Vec::new();
    for _ in 0..=dice.roll(2) {
        fresh.extend(a_firm(app, actor, dice, from, to, made).await?);
    }
    Ok(fresh)
}

async fn a_firm(app: &App, actor: &Actor, dice: &mut Dice, from: Date, to: Date, made: &mut Made) -> Result<Vec<Someone>> {
    let country = dice.pick(COUNTRIES);
    let (trade, half) = *dice.pick(TRADES);
    let name = format!("{} {half} {}", dice.pick(FIRMS), dice.pick(country.firm));
    let domain = format!("{}-{}.example", ascii(&name).trim_end_matches('-').replace("--", "-"), made.companies.len() + 1);
    let at = moment(dice, from, to);
    let relation = *dice.pick(&["customer", "customer", "prospect", "lead", "partner", "supplier", "former"]);
    let (city, code) = *dice.pick(country.cities);
    let address = json!({"street": format!("{} {}", dice.pick(country.streets), 1 + dice.roll(90)), "city": city, "postal_code": code, "country": country.law});
    let firm = Planned::new(
        company::KIND,
        at,
        json!({"name": name, "domain": domain, "industry": trade, "relation": relation, "employees": 3 + dice.roll(400), "address": address,
               "country": country.law, "phone": phone(dice, country), "email": format!("office@{domain}"), "website": format!("https://{domain}")}),
    );
    let owner = made.owners.get(made.companies.len() % made.owners.len().max(1)).copied();
    let company = make(app, actor, vec![firm.owned_by(owner)]).await?[0];
    made.companies.push(company);
    let ended = to.saturating_add(i64::try_from(dice.roll(200)).unwrap_or(0).days());
    let mut fresh = Vec::new();
    let mut planned = Vec::new();
    for _ in 0..=1 + dice.roll(5) {
        let (given, family) = (*dice.pick(country.given), *dice.pick(country.family));
        let (name_of, email) = (format!("{given} {family}"), format!("{}.{}@{domain}", ascii(given), ascii(family)));
        if fresh.iter().any(|s: &Someone| s.email == email) {
            continue;
        }
        let mut fields = json!({"name": name_of, "given_name": given, "family_name": family, "email": [email], "phone": [phone(dice, country)],
            "company": company, "job_title": dice.pick(TITLES), "relation": relation, "country": country.law, "language": country.language,
            "source": dice.pick(SOURCES), "address": address});
        if dice.one_in(6) {
            fields["birthday"] = json!(format!("19{}-{:02}-{:02}", 60 + dice.roll(39), 1 + dice.roll(12), 1 + dice.roll(28)));
        }
        planned.push(Planned::new(person::KIND, at, fields).owned_by(owner));
        fresh.push(Someone { id: company, name: name_of, email, firm: name.clone() });
    }
    let ids = make(app, actor, planned).await?;
    for (someone, id) in fresh.iter_mut().zip(&ids) {
        someone.id = *id;
    }
    made.people.extend(&ids);
    if relation == "former" {
        made.former.extend(ids.iter().chain([&company]).map(|id| (*id, ended)));
    }
    dealings(app, actor, dice, country, company, owner, &fresh, to, at, made).await?;
    Ok(fresh)
}

fn phone(dice: &mut Dice, country: &Country) -> String {
    format!("{}{:02}", country.phone, 10 + dice.roll(90))
}

#[expect(clippy::too_many_arguments, reason = "what a firm's dealings are made of")]
async fn dealings(
    app: &App,
    actor: &Actor,
    dice: &mut Dice,
    country: &Country,
    company: RecordId,
    owner: Option<UserId>,
    people: &[Someone],
    to: Date,
    at: Instant,
    made: &mut Made,
) -> Result<()> {
    let Some(contact) = people.first().map(|s| s.id) else { return Ok(()) };
    let mut planned = Vec::new();
    for _ in 0..=dice.roll(3) {
        let stage = *dice.pick(&["lead", "talk", "offer", "won", "won", "lost"]);
        let close = to.saturating_add(i64::try_from(dice.roll(120)).unwrap_or(0).days());
        // What should have closed long ago has.
        let stage = if close < made.today.saturating_sub(5.days()) && !matches!(stage, "won" | "lost") { "won" } else { stage };
        planned.push(Planned::new(
            deal::KIND,
            at,
            json!({"name": dice.pick(DEALS), "stage": stage, "company": company, "person": contact, "expected_close": close.to_string(),
                   "amount": {"minor": 10_000 * (5 + dice.roll(900)), "currency": country.currency}, "probability": 10 * dice.roll(10)}),
        ));
    }
    let deals = planned.len();
    for _ in 0..dice.roll(3) {
        let (title, text) = *dice.pick(NOTES);
        planned.push(Planned::new(note::KIND, at, json!({"title": title, "text": text, "person": contact, "company": company})));
    }
    let due = to.saturating_add(i64::try_from(dice.roll(60)).unwrap_or(0).days());
    let title = format!("Call back: {}", dice.pick(DEALS));
    let done = !dice.one_in(4) || due < made.today.saturating_sub(10.days());
    planned.push(Planned::new(
        task::KIND,
        at,
        json!({"title": title, "due": due.to_string(), "done": done, "person": contact,
               "company": company, "priority": dice.pick(&["low", "normal", "high"])}),
    ));
    if dice.one_in(3) {
        let number = format!("O-{}-{:04}", to.year(), made.others + 1);
        planned.push(Planned::new(
            "order",
            at,
            json!({"number": number, "placed": at.day().to_string(), "total": {"minor": 1_000 * (20 + dice.roll(500)), "currency": country.currency},
                   "status": dice.pick(&["open", "paid", "paid", "shipped", "returned"]), "person": contact, "company": company,
                   "items": format!("2 × {}", dice.pick(DEALS))}),
        ));
    }
    if dice.one_in(4) {
        planned.push(Planned::new(
            "case",
            at,
            json!({"title": "Scratched panels", "status": dice.pick(&["new", "open", "waiting", "solved", "closed"]), "priority": "normal",
                   "person": contact, "company": company, "text": "Four panels arrived with scratches; photographs are with the message."}),
        ));
    }
    made.others += planned.len() - deals;
    let planned = planned.into_iter().map(|one| one.owned_by(owner)).collect();
    let ids = make(app, actor, planned).await?;
    made.deals.extend(ids.iter().take(deals));
    Ok(())
}

/// The letters of a month, each captured as the mail it is.
async fn letters(app: &App, actor: &Actor, dice: &mut Dice, from: Date, to: Date, people: &[Someone], made: &mut Made) -> Result<()> {
    if people.is_empty() {
        return Ok(());
    }
    let mut mails = Vec::new();
    for n in 0..3 + dice.roll(5) {
        let writer = dice.pick(people);
        let (subject, text) = *dice.pick(LETTERS);
        let deal = *dice.pick(DEALS);
        let fill = |text: &str| text.replace("{deal}", deal).replace("{name}", &writer.name).replace("{firm}", &writer.firm);
        let at = moment(dice, from, to);
        mails.push(mail(writer, &fill(subject), &fill(text), at, made.messages + n));
    }
    made.messages += mails.len();
    let source = Source::Upload { name: Personal::new("letters.mbox".to_owned()), bytes: Arc::new(mails.concat().into_bytes()) };
    let report = capture::run(app, actor, source, "email", Options { origin_evidence: true, ..Options::default() }, |_| {}).await?;
    if report.failed.is_empty() { Ok(()) } else { Err(Error::internal("a letter of the demonstration was not captured")) }
}

/// A mail as it lies in a mailbox (RFC 5322 inside RFC 4155).
fn mail(from: &Someone, subject: &str, text: &str, at: Instant, n: usize) -> String {
    let date = jiff::fmt::rfc2822::to_string(&at.timestamp().to_zoned(jiff::tz::TimeZone::UTC)).unwrap_or_default();
    let domain = from.email.rsplit_once('@').map_or("mail.example", |(_, domain)| domain);
    let encoded = |text: &str| if text.is_ascii() { text.to_owned() } else { format!("=?utf-8?B?{}?=", STANDARD.encode(text)) };
    format!(
        "From {} {date}\nFrom: {} <{}>\nTo: Sales <sales@probity-demo.example>\nSubject: {}\nDate: {date}\nMessage-ID: <demo-{n}@{domain}>\n\
         MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n{text}\n\n",
        from.email,
        encoded(&from.name),
        from.email,
        encoded(subject),
    )
}

#[cfg(test)]
mod tests {
    use testkit::store_test;

    use super::*;

    store_test! {
        async fn the_demonstration_fills_an_empty_installation(app: TestApp) {
            let today = app.clock.now();
            app.clock.set(start_of(first_month(today.day())));
            let made = fill(&app, &app.operator(), &app.clock, today, &[]).await.unwrap();
            assert!(made.people.len() > 200, "{} people", made.people.len());
            assert!(made.messages > 150 && made.deals.len() > 100);
            app.clock.set(today);
            crate::commands::init::adopt(&app, "DE", "general").await.unwrap();
            end_relationships(&app, &app.operator(), &made).await.unwrap();
            live_through(&app, &app.operator(), &made).await.unwrap();
            let permit = app.operator().permit::<crm::permits::Audit>().unwrap();
            let report = crm::evidence::verify(&app, &permit, crm::evidence::Options::default(), None).await.unwrap();
            // The test's installation was opened today and its clock set back; a demonstration's is opened in the past (see `serving.rs`).
            assert!(report.missing == 0 && report.erased > 0, "{report:?}");
        }
    }
}
