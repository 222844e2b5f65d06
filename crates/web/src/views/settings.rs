//! Settings: users, API keys, purposes, kinds and fields.

use askama::Template;

use super::parts::{Chip, Field, Line, Progress, Tab};
use crate::kit::{
    layout::{Choice, Shell},
    text::Text,
};

/// The tab of settings a page belongs to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Section {
    General,
    Users,
    Teams,
    Keys,
    Purposes,
    Kinds,
    Profile,
    Sales,
    Rates,
    /// Its page is of another sort.
    Notices,
    Service,
    /// Its page has tabs of its own.
    Mail,
    /// So has its.
    Automation,
}

/// Where the texts are that people are shown before they answer.
pub const NOTICES: &str = "/settings/privacy-notices";

/// The tabs of settings on the page of those texts.
pub fn notices_tabs(t: Text) -> Vec<Tab> {
    tabs(t, Section::Notices)
}

/// The tabs of settings, for its templates.
fn tabs(t: Text, current: Section) -> Vec<Tab> {
    [
        (Section::General, t.get("settings-general"), "/settings"),
        (Section::Users, t.get("settings-users"), "/settings/users"),
        (Section::Teams, t.get("settings-teams"), "/settings/teams"),
        (Section::Keys, t.get("settings-keys"), "/settings/keys"),
        (Section::Purposes, t.get("settings-purposes"), "/settings/purposes"),
        (Section::Notices, t.get("settings-notices"), NOTICES),
        (Section::Kinds, t.get("settings-kinds"), "/settings/kinds"),
        (Section::Profile, t.get("settings-profile"), "/settings/profile"),
        (Section::Sales, t.get("settings-sales"), "/settings/sales"),
        (Section::Rates, t.get("settings-rates"), "/settings/rates"),
        (Section::Service, t.get("settings-service"), "/settings/service"),
        (Section::Mail, t.get("settings-mail"), "/settings/mail"),
        (Section::Automation, t.get("settings-automation"), "/settings/automation"),
    ]
    .map(|(section, label, href)| Tab::new(label, href, section == current))
    .into()
}

macro_rules! sections {
    ($($page:ident => $section:ident),*) => { $(impl $page { fn tabs(&self) -> Vec<Tab> { tabs(self.t, Section::$section) } })* };
}

sections!(SettingsGeneral => General, SettingsUsers => Users, SettingsUser => Users, SettingsTeams => Teams, SettingsKeys => Keys, SettingsPurposes => Purposes, SettingsKinds => Kinds, SettingsKind => Kinds, SettingsSales => Sales, SettingsPipeline => Sales, SettingsRates => Rates, SettingsService => Service);

/// A member of a team.
#[derive(Clone, Debug)]
pub struct TeamMember {
    /// Their id, as the form sends it.
    pub id: String,
    /// Their page.
    pub href: String,
    /// Letters.
    pub initials: String,
    /// Name.
    pub name: String,
}

/// A team. Posts to `{href}/name`, `/join`, `/leave` and `/dissolve`.
#[derive(Clone, Debug)]
pub struct TeamRow {
    /// Its address here.
    pub href: String,
    /// Its name.
    pub name: String,
    /// How many are in it, in words.
    pub count: String,
    /// Who is in it.
    pub members: Vec<TeamMember>,
    /// The input for another name.
    pub name_field: Field,
    /// The input for whom to add, where there is anybody.
    pub add: Option<Field>,
}

/// Teams. The form to add one posts to `/settings/teams`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/teams.html")]
pub struct SettingsTeams {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Teams, by name.
    pub teams: Vec<TeamRow>,
    /// The form for a new one: its name.
    pub fields: Vec<Field>,
}

/// One's own profile: a form that posts to `/settings/profile`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/profile.html")]
pub struct SettingsProfile {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// They may see the other settings as well.
    pub manages: bool,
    /// Language, time zone, dates, weeks.
    pub fields: Vec<Field>,
    /// How pages write now and a number.
    pub lines: Vec<Line>,
}

impl SettingsProfile {
    fn tabs(&self) -> Vec<Tab> {
        let all = tabs(self.t, Section::Profile);
        // Whoever does not manage the house has a profile, mail and rules of their own.
        all.into_iter()
            .filter(|tab| self.manages || ["/settings/profile", "/settings/mail", "/settings/automation"].contains(&tab.href.as_str()))
            .collect()
    }
}

/// The organisation and this installation.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/general.html")]
pub struct SettingsGeneral {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Name, country, industry, time zone: a form that posts to `/settings`.
    pub fields: Vec<Field>,
    /// Version, data folder, database, origin of the ledger.
    pub lines: Vec<Line>,
}

/// A user.
#[derive(Clone, Debug)]
pub struct UserRow {
    /// Name.
    pub name: String,
    /// Letters.
    pub initials: String,
    /// E-mail.
    pub email: String,
    /// Role.
    pub role: String,
    /// Purposes.
    pub purposes: Vec<Chip>,
    /// When last seen.
    pub seen: String,
    /// Active, locked, disabled.
    pub state: Chip,
    /// Their page: role, purposes, access.
    pub href: String,
    /// The reader.
    pub own: bool,
}

/// Users. The form to add one posts to `/settings/users`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/users.html")]
pub struct SettingsUsers {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Users.
    pub users: Vec<UserRow>,
    /// The form for a new one: name, e-mail, role, purposes.
    pub fields: Vec<Field>,
    /// The one-time sign-in code of a user just added, shown once: whose, and the code.
    pub code_once: Option<(String, String)>,
}

/// One user: what they may, and whether they may sign in. Posts to `{href}/role` and `{href}/enable`; disabling has a page before it.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/user.html")]
pub struct SettingsUser {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Their address here.
    pub href: String,
    /// Name.
    pub name: String,
    /// Letters.
    pub initials: String,
    /// E-mail.
    pub email: String,
    /// Active or disabled.
    pub state: Chip,
    /// They may sign in.
    pub active: bool,
    /// The reader: nobody changes their own role or shuts themselves out.
    pub own: bool,
    /// Role, what it may, since when.
    pub lines: Vec<Line>,
    /// Role, purposes, the reader's password.
    pub role_fields: Vec<Field>,
    /// The reader's password, to give access back.
    pub enable_fields: Vec<Field>,
}

/// An API key.
#[derive(Clone, Debug)]
pub struct KeyRow {
    /// Its name.
    pub name: String,
    /// The beginning of it (`prb_7f3k…`).
    pub prefix: String,
    /// For which purpose, with which privileges.
    pub note: String,
    /// Last use.
    pub used: String,
    /// Active, revoked, expires.
    pub state: Chip,
    /// The page before revoking it.
    pub revoke_href: Option<String>,
}

/// API keys. The form to make one posts to `/settings/keys`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/keys.html")]
pub struct SettingsKeys {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Keys.
    pub keys: Vec<KeyRow>,
    /// The form for a new one.
    pub fields: Vec<Field>,
    /// The secret of a key just made: shown this once.
    pub secret_once: Option<String>,
}

/// A purpose.
#[derive(Clone, Debug)]
pub struct PurposeRow {
    /// Label.
    pub label: String,
    /// Key.
    pub key: String,
    /// Basis (`Art 6(1)(b)`).
    pub basis: String,
    /// Consent, or not.
    pub consent: Option<Chip>,
    /// What it is for.
    pub note: String,
}

/// Purposes.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/purposes.html")]
pub struct SettingsPurposes {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Purposes.
    pub purposes: Vec<PurposeRow>,
}

/// A kind.
#[derive(Clone, Debug)]
pub struct KindRow {
    /// Label.
    pub label: String,
    /// Key.
    pub key: String,
    /// Its page.
    pub href: String,
    /// Sprite icon.
    pub icon: String,
    /// `14 fields · 1,204,331 records`.
    pub note: String,
    /// Built in, own, retired.
    pub state: Chip,
}

/// Kinds. The form for a new one posts to `/settings/kinds`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/kinds.html")]
pub struct SettingsKinds {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The catalogue's version.
    pub version: String,
    /// Kinds.
    pub kinds: Vec<KindRow>,
    /// The form for a new kind.
    pub fields: Vec<Field>,
}

/// A field of a kind.
#[derive(Clone, Debug)]
pub struct FieldRow {
    /// Label.
    pub label: String,
    /// Key.
    pub key: String,
    /// Type.
    pub kind: String,
    /// `sealed` or `open`.
    pub protection: Chip,
    /// Class.
    pub class: String,
    /// Purposes, in words.
    pub purposes: String,
    /// How it is found.
    pub index: String,
    /// Where it is sealed or opened, and that link's label, where it may be.
    pub turn: Option<(String, String)>,
    /// Where to post to retire it or use it again, and that button's label; `None` for what the kind needs.
    pub toggle: Option<(String, String)>,
}

/// One kind and its fields. The form for a new field posts to `{href}/fields`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/kind.html")]
pub struct SettingsKind {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Label.
    pub label: String,
    /// Its address.
    pub href: String,
    /// Key, version, records.
    pub note: String,
    /// Its fields.
    pub rows: Vec<FieldRow>,
    /// The form for a new field: label, type, options, kind linked to, class, purposes and more.
    pub fields: Vec<Field>,
    /// Values that are being sealed again.
    pub progress: Option<Progress>,
    /// The rules over it, by name.
    pub rules: Vec<String>,
    /// The form for another rule of its own; posts to `{href}/keeping`.
    pub keeping: Vec<Field>,
}

/// A pipeline among others.
#[derive(Clone, Debug)]
pub struct PipelineRow {
    /// Its name.
    pub label: String,
    /// Its page.
    pub href: String,
    /// Its stages in their order, in words.
    pub note: String,
    /// In use or retired.
    pub state: Chip,
}

/// A reason as a row of a form.
#[derive(Clone, Debug, Default)]
pub struct ReasonRow {
    /// Its key; empty for a new one.
    pub key: String,
    /// Its label.
    pub label: String,
    /// No longer offered.
    pub retired: bool,
    /// What is wrong with it.
    pub problem: String,
}

/// Pipelines, and why something is won or lost. The form for a new pipeline posts to `/settings/sales`, each list of reasons to
/// `/settings/sales/reasons`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/sales.html")]
pub struct SettingsSales {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The pipelines.
    pub pipelines: Vec<PipelineRow>,
    /// The form for a new one.
    pub fields: Vec<Field>,
    /// The reasons by the end they are for: its word, its heading, its rows.
    pub reasons: Vec<(&'static str, String, Vec<ReasonRow>)>,
}

/// A stage as a row of a form.
#[derive(Clone, Debug, Default)]
pub struct StageRow {
    /// Its key; empty for a new one.
    pub key: String,
    /// Its label.
    pub label: String,
    /// Percent.
    pub probability: String,
    /// The outcomes to choose from; empty where it is settled.
    pub outcomes: Vec<Choice>,
    /// Its settled outcome in words, and the word that is posted.
    pub outcome: (String, String),
    /// Days.
    pub rots_after: String,
    /// No longer used.
    pub retired: bool,
    /// What is wrong with it.
    pub problem: String,
    /// It was moved just now.
    pub moved: bool,
}

/// One pipeline: its name, whether a reason is needed, its stages. Posts to its own address; `move` with a row and a direction (`2.up`) moves a stage.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/pipeline.html")]
pub struct SettingsPipeline {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// Its name as it is.
    pub title: String,
    /// Its address.
    pub href: String,
    /// Its board.
    pub board_href: String,
    /// Name, reason needed, retired.
    pub fields: Vec<Field>,
    /// Its stages.
    pub stages: Vec<StageRow>,
    /// How many of them are there already; the others are empty rows for new ones.
    pub known: usize,
    /// What is wrong with the whole.
    pub problem: String,
}

/// A rate of exchange.
#[derive(Clone, Debug)]
pub struct RateRow {
    /// ISO 4217.
    pub currency: String,
    /// The day as it is posted.
    pub iso: String,
    /// The day in words.
    pub day: String,
    /// What one is worth.
    pub rate: String,
}

/// The house's currency and its rates. The forms post to `/settings/rates/currency`, `/settings/rates` and `/settings/rates/remove`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/rates.html")]
pub struct SettingsRates {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The rates, the latest of each first.
    pub rates: Vec<RateRow>,
    /// The house's currency.
    pub currency_fields: Vec<Field>,
    /// A new rate; empty while the house has named no currency.
    pub rate_fields: Vec<Field>,
}

/// What is promised for one priority. Its inputs are `reply_{key}`, `solve_{key}` and `always`.
#[derive(Clone, Debug)]
pub struct ServiceRow {
    /// The priority's key.
    pub key: String,
    /// Its name.
    pub label: String,
    /// Hours and minutes to the first answer, `1:30`; empty for none.
    pub reply: String,
    /// To the solution.
    pub solve: String,
    /// Counted day and night.
    pub always: bool,
    /// What is wrong with it.
    pub problems: Vec<String>,
}

/// What a status does to the clock.
#[derive(Clone, Debug)]
pub struct ServiceStatus {
    /// Its key.
    pub key: String,
    /// Its name.
    pub label: String,
    /// The clock stands still in it.
    pub pauses: bool,
    /// It marks a first answer.
    pub answers: bool,
    /// A case is solved in it.
    pub ends: bool,
}

/// Service targets: one form that posts to `/settings/service`.
#[derive(Clone, Debug, Template)]
#[template(path = "settings/service.html")]
pub struct SettingsService {
    /// Language.
    pub t: Text,
    /// Frame.
    pub shell: Shell,
    /// The version that is changed.
    pub version: i64,
    /// By priority.
    pub rows: Vec<ServiceRow>,
    /// By status.
    pub statuses: Vec<ServiceStatus>,
    /// What is wrong with the statuses.
    pub status_problems: Vec<String>,
    /// The hours of each day.
    pub days: Vec<Field>,
    /// What is wrong with the week.
    pub week_problems: Vec<String>,
    /// Zone and holidays.
    pub calendar: Vec<Field>,
    /// What else is set.
    pub more: Vec<Field>,
    /// The versions that were set, the latest first.
    pub before: Vec<String>,
}
