//! Accounts: whose they are, where their servers are, who sees their messages. The password goes in and never comes out.

use jiff::civil::Date;
use kernel::{Code, Error, Instant, KeyId, Personal, Result, UserId};
use serde::{Deserialize, Serialize};
use store::{Row, args};
use trail::{
    Actor, App, Event, Permit, Release, Unit,
    permit::{Manage, WriteRecords},
};
use vault::Context;

use super::{
    AccountId,
    imap::Imap,
    net::{self, Fault, Server, Tls},
    outbox,
    smtp::Smtp,
    sql,
};

/// After so many failures in a row the account's page says that it fails, and its owner's list shows it.
pub const FAILING: i64 = 3;
/// The most accounts of one member of staff.
const MOST: i64 = 20;
/// The most folders that are watched.
const FOLDERS_MAX: usize = 20;
/// The longest signature (characters).
const SIGNATURE_MAX: usize = 4_000;
/// The longest authority certificates (bytes).
const CA_MAX: usize = 64 << 10;

/// Who sees an account's messages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Share {
    /// Its owner, and who may see every message.
    Own,
    /// Its team as well.
    Team,
    /// Who may see messages of nobody in particular: those who may see every message.
    All,
}

impl Share {
    /// Every level.
    pub const ALL: [Self; 3] = [Self::Own, Self::Team, Self::All];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Own => "own",
            Self::Team => "team",
            Self::All => "all",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|share| share.as_str() == word)
    }
}

/// The settings of an account but for its password.
#[derive(Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// The address it writes from.
    pub address: String,
    /// Further addresses that are its own.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// The name it writes under.
    #[serde(default)]
    pub name: String,
    /// Where its messages are.
    pub imap: Server,
    /// Where it sends.
    pub smtp: Server,
    /// The login at both; the address where none is given.
    #[serde(default)]
    pub login: String,
    /// What stands under every letter.
    #[serde(default)]
    pub signature: String,
    /// The folders that are read.
    #[serde(default = "inbox")]
    pub folders: Vec<String>,
    /// The folder for what was sent; the one that the server names as such where none is given. It is read as well.
    #[serde(default)]
    pub sent: String,
    /// Messages that came before this day are left alone.
    pub since: Date,
    /// Certificates of one's own authority, in PEM; then no other is trusted.
    #[serde(default)]
    pub ca: String,
}

fn inbox() -> Vec<String> {
    vec!["INBOX".to_owned()]
}

impl Settings {
    /// The login at the servers.
    pub(super) fn login(&self) -> &str {
        if self.login.is_empty() { &self.address } else { &self.login }
    }

    /// The name this house greets SMTP servers with: the domain it writes from.
    pub(super) fn domain(&self) -> &str {
        self.address.rsplit_once('@').map_or("localhost", |(_, domain)| domain)
    }

    /// Its own addresses in normal form.
    pub(super) fn own(&self) -> Vec<String> {
        std::iter::once(&self.address).chain(&self.aliases).filter_map(|address| vault::email(address)).collect()
    }

    /// In their one form. Error: invalid_input naming each field.
    fn checked(mut self) -> Result<Self> {
        let mut problems = Error::new(Code::InvalidInput, "Some settings cannot be accepted; nothing was changed.");
        let mut wrong = false;
        let mut refuse = |pointer: &'static str, code: &'static str, words: &str| {
            let told = std::mem::replace(&mut problems, Error::new(Code::Internal, ""));
            problems = told.at(pointer, code, words);
            wrong = true;
        };
        for text in [&mut self.address, &mut self.name, &mut self.login, &mut self.sent, &mut self.imap.host, &mut self.smtp.host] {
            *text = text.trim().to_owned();
        }
        match vault::email(&self.address) {
            Some(address) if !address.contains(['"', ' ', '<', '>']) => self.address = address,
            _ => refuse("/address", "not_an_email", "Write the address as name@example.org."),
        }
        self.aliases.retain(|alias| !alias.trim().is_empty());
        if self.aliases.len() > FOLDERS_MAX || self.aliases.iter().any(|alias| vault::email(alias).is_none()) {
            refuse("/aliases", "not_an_email", "Write each address as name@example.org.");
        }
        for (pointer, server) in [("/imap", &self.imap), ("/smtp", &self.smtp)] {
            let host = server.host.trim_matches(['[', ']']);
            let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | ':' | '_');
            if host.is_empty() || host.len() > 253 || !host.chars().all(known) || server.port == 0 {
                refuse(pointer, "not_a_server", "Name the server, as mail.example.org, and its port.");
            } else if server.tls == Tls::None && !is_here(host) {
                refuse(pointer, "plain_refused", Fault::words("plain_refused"));
            }
        }
        self.folders.retain(|folder| !folder.trim().is_empty());
        if self.folders.is_empty() {
            self.folders = inbox();
        }
        let long = |text: &String| text.chars().count() > 200 || text.chars().any(char::is_control);
        if self.folders.len() > FOLDERS_MAX || self.folders.iter().any(long) || long(&self.sent) {
            refuse("/folders", "too_long", "Name at most 20 folders, each in at most 200 characters.");
        }
        if long(&self.name) {
            refuse("/name", "too_long", "At most 200 characters, on one line.");
        }
        if long(&self.login) {
            refuse("/login", "too_long", "At most 200 characters, on one line.");
        }
        if self.signature.chars().count() > SIGNATURE_MAX {
            refuse("/signature", "too_long", "At most 4000 characters.");
        }
        if self.ca.len() > CA_MAX || net::config(&self.ca).is_err() {
            refuse("/ca", "not_a_certificate", "This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.");
        }
        if wrong { Err(problems) } else { Ok(self) }
    }
}

fn is_here(host: &str) -> bool {
    host.eq_ignore_ascii_case("localhost") || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// An account to be made, or what one is to become.
#[derive(Clone)]
pub struct NewAccount {
    /// The house's, which no one person owns.
    pub house: bool,
    /// Of a house's account that a team shares: whose.
    pub team: Option<[u8; 16]>,
    /// Who sees its messages.
    pub share: Share,
    /// Its settings.
    pub settings: Settings,
    /// Its password; nothing to keep the one it has.
    pub password: Option<Personal<String>>,
}

/// How many messages were looked at, and what came of them: seen = captured + duplicate + failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// Looked at.
    pub seen: i64,
    /// Became records.
    pub captured: i64,
    /// Were records already.
    pub duplicate: i64,
    /// Could not be kept.
    pub failed: i64,
}

/// An account, as those see it who may use it.
#[derive(Clone)]
pub struct Account {
    /// Its id.
    pub id: AccountId,
    /// Whose; nobody's when it is the house's.
    pub staff: Option<UserId>,
    /// Of which team its messages are.
    pub team: Option<[u8; 16]>,
    /// Who sees its messages.
    pub share: Share,
    /// What is wrong with it, a word of [`Fault::CODES`].
    pub fault: Option<&'static str>,
    /// Since when.
    pub failing_since: Option<Instant>,
    /// How often in a row.
    pub failures: i64,
    /// When it is fetched next.
    pub due: Instant,
    /// When it was last fetched.
    pub fetched: Option<Instant>,
    /// What came of its messages.
    pub counts: Counts,
    /// Its version.
    pub version: i64,
    /// Its settings.
    pub settings: Settings,
}

/// What lies in the box.
#[derive(Clone, Serialize, Deserialize)]
pub(super) struct Inside {
    pub settings: Settings,
    pub password: String,
}

/// An account as stored.
#[derive(Clone)]
pub(super) struct Stored {
    pub id: AccountId,
    pub staff: Option<UserId>,
    pub team: Option<[u8; 16]>,
    pub share: Share,
    state: String,
    fault: String,
    failing_since: Option<Instant>,
    pub failures: i64,
    due: Instant,
    fetched: Option<Instant>,
    counts: Counts,
    version: i64,
    pub key: KeyId,
    sealed: Vec<u8>,
}

impl Stored {
    pub fn read(row: &Row) -> Result<Self> {
        let share = Share::parse(&row.get::<String>(3)?).ok_or_else(|| Error::internal("an account is shared in an unknown way"))?;
        Ok(Self {
            id: row.get(0)?,
            staff: row.get(1)?,
            team: row.get(2)?,
            share,
            state: row.get(4)?,
            fault: row.get(5)?,
            failing_since: row.get(6)?,
            failures: row.get(7)?,
            due: row.get(8)?,
            fetched: row.get(9)?,
            counts: Counts { seen: row.get(10)?, captured: row.get(11)?, duplicate: row.get(12)?, failed: row.get(13)? },
            version: row.get(14)?,
            key: row.get(15)?,
            sealed: row.get(16)?,
        })
    }

    fn context(&self) -> Context<'static> {
        context(self.key, self.id)
    }

    pub fn inside(&self, unit: &mut Unit) -> Result<Inside> {
        let plain = unit.open(&self.context(), &self.sealed)?.ok_or_else(|| Error::not_found("account"))?;
        serde_json::from_slice(&plain).map_err(Error::internal)
    }

    /// Whether the actor may change it: it is their own, or the house's and they manage the house.
    fn is_mine(&self, actor: &Actor) -> bool {
        match self.staff {
            Some(staff) => actor.staff() == Some(staff),
            None => actor.permit::<Manage>().is_ok(),
        }
    }

    /// Whether the actor may write from it: their own, or a house's account that everybody or their team shares.
    pub fn is_usable(&self, actor: &Actor) -> bool {
        match (self.staff, self.share) {
            (Some(staff), _) => actor.staff() == Some(staff),
            (None, Share::All) => true,
            (None, _) => self.team.is_some() && self.team == actor.team,
        }
    }

    fn shown(self, settings: Settings) -> Account {
        Account {
            id: self.id,
            staff: self.staff,
            team: self.team,
            share: self.share,
            fault: (self.state != "ok").then(|| Fault::known(&self.fault).unwrap_or("protocol")),
            failing_since: self.failing_since,
            failures: self.failures,
            due: self.due,
            fetched: self.fetched,
            counts: self.counts,
            version: self.version,
            settings,
        }
    }
}

fn context(key: KeyId, id: AccountId) -> Context<'static> {
    Context { key, subject: *id.bytes(), version: 0, purpose: "mail" }
}

pub(super) fn find(unit: &mut Unit, id: AccountId) -> Result<Option<Stored>> {
    unit.maybe(sql::ACCOUNT_FIND, &args![id], Stored::read)
}

fn locked(unit: &mut Unit, id: AccountId) -> Result<Stored> {
    let found = store::dialect::lock(unit.dialect(), sql::ACCOUNT_FIND, &args![id], Stored::read)?;
    let found = found.into_iter().next().filter(|stored| stored.is_mine(unit.actor()));
    found.ok_or_else(|| Error::not_found("account"))
}

/// What came of trying an account's servers.
pub struct Trial {
    /// Every folder, with whether it is the one for what was sent; or what is wrong.
    pub imap: Result<Vec<(String, bool)>, Fault>,
    /// Whether it would send; or what is wrong.
    pub smtp: Result<(), Fault>,
}

impl Trial {
    /// The first thing that is wrong, at the part of the settings it is about.
    pub fn error(&self) -> Option<Error> {
        let imap = self.imap.as_ref().err().map(|fault| fault.at("/imap"));
        imap.or_else(|| self.smtp.as_ref().err().map(|fault| fault.at("/smtp")))
    }
}

/// Tries both servers with these settings, each as far as it goes; nothing is sent and nothing kept. `of` is the account whose password is
/// taken where none is given, and whose servers then have to be these.
///
/// Errors: forbidden; not_found; invalid_input.
pub async fn test(app: &App, actor: &Actor, new: NewAccount, of: Option<AccountId>) -> Result<Trial> {
    actor.permit::<WriteRecords>()?.need(app.catalogue().need(catalogue::message::KIND)?.as_ref())?;
    let settings = new.settings.checked()?;
    let password = match (&new.password, of) {
        (Some(password), _) => password.clone(),
        (None, Some(id)) => {
            let settings = settings.clone();
            app.write(actor, move |unit| {
                unit.witness(Event::new("mail.account_tested").word("account", id.to_string()))?;
                let known = locked(unit, id)?.inside(unit)?;
                same_servers(&known.settings, &settings)?;
                Ok(Personal::new(known.password))
            })
            .await?
        }
        (None, None) => return Err(no_password()),
    };
    let (imap, smtp) = tokio::join!(try_imap(&settings, password.expose()), try_smtp(&settings, password.expose()));
    Ok(Trial { imap, smtp })
}

async fn try_imap(settings: &Settings, password: &str) -> Result<Vec<(String, bool)>, Fault> {
    let mut imap = Imap::open(&settings.imap, &settings.ca, settings.login(), password).await?;
    let folders = imap.folders().await?;
    for folder in settings.folders.iter().chain(Some(&settings.sent).filter(|sent| !sent.is_empty())) {
        imap.examine(folder).await.map_err(|fault| Fault { said: folder.clone(), ..fault })?;
    }
    imap.close().await;
    Ok(folders)
}

async fn try_smtp(settings: &Settings, password: &str) -> Result<(), Fault> {
    let smtp = Smtp::open(&settings.smtp, &settings.ca, settings.domain(), settings.login(), password).await?;
    smtp.close().await;
    Ok(())
}

fn no_password() -> Error {
    Error::invalid("/password", "required", "Give the account's password; with two factors, an app password.")
}

/// Whoever may change where an account logs in must know its password: else it could be led to a server that writes it down.
fn same_servers(known: &Settings, new: &Settings) -> Result<()> {
    let same = known.imap == new.imap && known.smtp == new.smtp && known.login() == new.login() && known.ca == new.ca;
    if same { Ok(()) } else { Err(no_password()) }
}

/// Whose an account's messages will be.
fn scope(actor: &Actor, new: &NewAccount) -> Result<(Option<UserId>, Option<[u8; 16]>)> {
    if new.house {
        actor.permit::<Manage>()?;
        let team = new.team.filter(|_| new.share == Share::Team);
        return match (new.share, team) {
            (Share::Own, _) => {
                Err(Error::invalid("/share", "not_own", "What is the house's is nobody's own: share it with a team or with all."))
            }
            (Share::Team, None) => Err(Error::invalid("/team", "required", "Name the team that shares it.")),
            _ => Ok((None, team)),
        };
    }
    let me = actor
        .staff()
        .ok_or_else(|| Error::new(Code::Forbidden, "An account belongs to a member of staff. Sign in, or use the key of one."))?;
    if new.share == Share::Team && actor.team.is_none() {
        return Err(Error::invalid("/share", "no_team", "You are in no team. Share it with nobody or with all, or ask for a team."));
    }
    Ok((Some(me), actor.team.filter(|_| new.share != Share::Own)))
}

/// Makes an account; its messages are fetched at once. Event `mail.account_made`.
///
/// Errors: forbidden; invalid_input; conflict when there are too many.
pub fn save(unit: &mut Unit, permit: &Permit<WriteRecords>, new: &NewAccount) -> Result<AccountId> {
    permit.need(unit.app().catalogue().need(catalogue::message::KIND)?.as_ref())?;
    let (staff, team) = scope(&permit.actor, new)?;
    let settings = new.settings.clone().checked()?;
    let password = new.password.as_ref().filter(|password| !password.expose().is_empty()).ok_or_else(no_password)?;
    if let Some(staff) = staff
        && unit.one(sql::ACCOUNT_COUNT, &args![staff], |row| row.get::<i64>(0))? >= MOST
    {
        return Err(Error::new(Code::Conflict, format!("You have {MOST} accounts. Delete one you no longer use.")));
    }
    let (id, now) = (AccountId::mint(unit.env()), unit.now());
    unit.witness(Event::new("mail.account_made").word("account", id.to_string()).word("share", new.share.as_str()))?;
    let key = unit.new_key("mail")?;
    let sealed = seal(unit, key, id, &Inside { settings, password: password.expose().clone() })?;
    unit.run(sql::ACCOUNT_INSERT, &args![id, staff, team, new.share.as_str(), now, key, sealed])?;
    Ok(id)
}

fn seal(unit: &mut Unit, key: KeyId, id: AccountId, inside: &Inside) -> Result<Vec<u8>> {
    let plain = vault::Zeroizing::new(serde_json::to_vec(inside).map_err(Error::internal)?);
    unit.seal(&context(key, id), &plain)
}

/// Changes an account. Whose it is stays; messages that are records already stay whose they are. Event `mail.account_changed`.
///
/// Errors: not_found; invalid_input, also where the servers change and no password is given.
pub fn change(unit: &mut Unit, permit: &Permit<WriteRecords>, id: AccountId, new: &NewAccount) -> Result<()> {
    permit.need(unit.app().catalogue().need(catalogue::message::KIND)?.as_ref())?;
    let stored = locked(unit, id)?;
    let new = NewAccount { house: stored.staff.is_none(), ..new.clone() };
    let (_, team) = scope(&permit.actor, &new)?;
    let settings = new.settings.checked()?;
    unit.witness(Event::new("mail.account_changed").word("account", id.to_string()).word("share", new.share.as_str()))?;
    let known = stored.inside(unit)?;
    let password = match new.password.filter(|password| !password.expose().is_empty()) {
        Some(password) => password.into_inner(),
        None => {
            same_servers(&known.settings, &settings)?;
            known.password
        }
    };
    let sealed = seal(unit, stored.key, id, &Inside { settings, password })?;
    let now = unit.now();
    unit.run(sql::ACCOUNT_UPDATE, &args![id, team, new.share.as_str(), sealed, now]).map(drop)
}

/// Deletes an account with its password, and its letters that were not sent. Its messages stay. Event `mail.account_deleted`.
///
/// Errors: not_found; conflict while a letter of it is being sent.
pub fn delete(unit: &mut Unit, id: AccountId) -> Result<()> {
    let stored = locked(unit, id)?;
    let unsent = unit.all(sql::LETTERS_UNSENT, &args![id], outbox::Stored::read)?;
    if unsent.iter().any(outbox::Stored::is_on_its_way) {
        return Err(Error::new(Code::Conflict, "A letter of this account is just being sent. Try again in a minute."));
    }
    unit.witness(Event::new("mail.account_deleted").word("account", id.to_string()).count("letters", unsent.len()))?;
    for letter in unsent {
        unit.run(sql::LETTER_DELETE, &args![letter.id])?;
        unit.shred_by_event(letter.key)?;
    }
    unit.run(sql::FOLDERS_DELETE, &args![id])?;
    unit.run(sql::ACCOUNT_DELETE, &args![id])?;
    unit.shred_by_event(stored.key)
}

/// Whether there is an account that the actor may write from. Error: not_found.
pub(crate) fn usable(unit: &mut Unit, id: AccountId) -> Result<()> {
    find(unit, id)?.filter(|stored| stored.is_usable(unit.actor())).map(drop).ok_or_else(|| Error::not_found("account"))
}

/// Has an account fetched as soon as somebody is free. Event `mail.fetch_asked`. Error: not_found.
pub fn fetch_now(unit: &mut Unit, id: AccountId) -> Result<()> {
    let found = find(unit, id)?.filter(|stored| stored.is_mine(unit.actor()) || stored.is_usable(unit.actor()));
    found.ok_or_else(|| Error::not_found("account"))?;
    unit.witness(Event::new("mail.fetch_asked").word("account", id.to_string()))?;
    let now = unit.now();
    unit.run(sql::ACCOUNT_DUE, &args![id, now]).map(drop)
}

/// The accounts that the actor may change: their own, and the house's for who manages it. Event `mail.account_read`.
pub fn list(unit: &mut Unit) -> Result<Release<Vec<Account>>> {
    some(unit, Stored::is_mine)
}

/// The accounts that the actor may write from. Event `mail.account_read`.
pub fn senders(unit: &mut Unit) -> Result<Release<Vec<Account>>> {
    some(unit, Stored::is_usable)
}

fn some(unit: &mut Unit, wanted: fn(&Stored, &Actor) -> bool) -> Result<Release<Vec<Account>>> {
    let me = unit.actor().staff().map_or([0; 16], |me| *me.bytes());
    let mut all = unit.all(sql::ACCOUNTS_OF, &args![me], Stored::read)?;
    all.retain(|stored| wanted(stored, unit.actor()));
    let mut shown = Vec::with_capacity(all.len());
    for stored in all {
        let settings = stored.inside(unit)?.settings;
        shown.push(stored.shown(settings));
    }
    let event = Event::new("mail.account_read").count("accounts", shown.len());
    if shown.is_empty() { unit.plain(shown) } else { unit.release(event, shown) }
}

/// One account that the actor may change. Event `mail.account_read`. Error: not_found.
pub fn one(unit: &mut Unit, id: AccountId) -> Result<Release<Account>> {
    let found = find(unit, id)?.filter(|stored| stored.is_mine(unit.actor())).ok_or_else(|| Error::not_found("account"))?;
    let settings = found.inside(unit)?.settings;
    unit.release(Event::new("mail.account_read").word("account", id.to_string()), found.shown(settings))
}
