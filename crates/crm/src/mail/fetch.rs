//! Fetching an account: each folder from where it was left, one message at a time, through the road that every capture takes.

use std::time::Duration;

use kernel::{Error, RecordId, Result};
use store::args;
use trail::{Actor, App, Event};

use super::{
    AccountId, Fault, LetterId, Settings,
    account::{self, FAILING, Inside, Stored},
    imap::Imap,
    outbox, sql,
};
use crate::{
    capture::{Came, Intake, Via},
    identity::staff,
    notices::{self, Why},
};

/// How often an account is fetched.
const EVERY: Duration = Duration::from_secs(120);
/// The longest wait of one that fails.
const EVERY_MAX: u64 = 3_600;
/// How long a process may be silent about an account.
const LEASE: Duration = Duration::from_secs(300);
/// The most messages of one turn, so that every account has its turn.
const AT_ONCE: usize = 500;
/// The largest message (bytes).
const LARGEST: usize = 64 << 20;

fn system() -> Actor {
    Actor::system(&catalogue::PURPOSES[0])
}

/// Fetches an account, if no other process does.
pub(super) async fn one(app: &App, id: AccountId) -> Result<()> {
    let (now, lease) = (app.env().now(), app.env().now().plus(LEASE));
    // A lease, not a decision: its evidence is what follows.
    if app.store().write(move |tx| tx.run(sql::ACCOUNT_TAKE, &args![id, now, lease])).await? == 0 {
        return Ok(());
    }
    let opened = app
        .write(&system(), move |unit| {
            unit.witness(Event::new("mail.fetching").word("account", id.to_string()))?;
            let Some(stored) = account::find(unit, id)? else { return Ok(None) };
            let works = match stored.staff {
                Some(staff) => staff::is_active(unit, staff)? == Some(true),
                None => true,
            };
            let inside = stored.inside(unit)?;
            Ok(Some((stored, inside, works)))
        })
        .await?;
    let Some((stored, inside, works)) = opened else { return Ok(()) };
    if !works {
        // Of somebody who left, nothing is fetched; whoever takes over makes an account.
        let due = now.plus(Duration::from_secs(EVERY_MAX));
        return app.store().write(move |tx| tx.run(sql::ACCOUNT_FETCHED, &args![id, now, due])).await.map(drop);
    }
    let via = Via { addresses: inside.settings.own(), owner: stored.staff, team: stored.team, case: None };
    let mut intake = Intake::new(app, &system(), via)?;
    let done = folders(app, id, &inside, &mut intake).await;
    intake.close().await?;
    match done {
        Ok(more) => {
            let now = app.env().now();
            let due = if more { now } else { now.plus(EVERY) };
            app.store().write(move |tx| tx.run(sql::ACCOUNT_FETCHED, &args![id, now, due])).await.map(drop)
        }
        Err(Ended::Fault(fault)) => failed(app, stored, &fault).await,
        Err(Ended::Error(error)) => Err(error),
    }
}

/// What ends a fetch early.
enum Ended {
    /// The server.
    Fault(Fault),
    /// The house.
    Error(Error),
}

impl From<Fault> for Ended {
    fn from(fault: Fault) -> Self {
        Self::Fault(fault)
    }
}

impl From<Error> for Ended {
    fn from(error: Error) -> Self {
        Self::Error(error)
    }
}

async fn failed(app: &App, stored: Stored, fault: &Fault) -> Result<()> {
    let (code, failures) = (fault.code, stored.failures + 1);
    let wait = EVERY.as_secs().saturating_mul(1 << u32::try_from(failures.clamp(0, 10)).unwrap_or(0)).min(EVERY_MAX);
    tracing::warn!(account = %stored.id, code, failures, "an account could not be fetched");
    app.write(&system(), move |unit| {
        let now = unit.now();
        unit.witness(Event::new("mail.fetch_failed").word("account", stored.id.to_string()).word("fault", code))?;
        unit.run(sql::ACCOUNT_FAILED, &args![stored.id, code, now, now.plus(Duration::from_secs(wait))])?;
        match stored.staff {
            Some(owner) if failures == FAILING => notices::tell(unit, owner, Why::Mail, RecordId::from_bytes(*stored.id.bytes())),
            _ => Ok(()),
        }
    })
    .await
}

/// Reads every folder; answers whether there is more than one turn takes.
async fn folders(app: &App, id: AccountId, inside: &Inside, intake: &mut Intake) -> Result<bool, Ended> {
    let Inside { settings, password } = inside;
    let mut imap = Imap::open(&settings.imap, &settings.ca, settings.login(), password).await?;
    let mut folders = settings.folders.clone();
    let sent = match settings.sent.as_str() {
        "" => imap.folders().await?.into_iter().find(|(_, is_sent)| *is_sent).map(|(name, _)| name),
        name => Some(name.to_owned()),
    };
    folders.extend(sent.filter(|sent| !settings.folders.contains(sent)));
    let (mut left, mut more) = (AT_ONCE, false);
    for folder in &folders {
        more |= one_folder(app, id, settings, folder, &mut imap, intake, &mut left).await?;
    }
    imap.close().await;
    Ok(more)
}

async fn one_folder(
    app: &App,
    id: AccountId,
    settings: &Settings,
    folder: &str,
    imap: &mut Imap,
    intake: &mut Intake,
    left: &mut usize,
) -> Result<bool, Ended> {
    let validity = i64::from(imap.examine(folder).await?.validity);
    // A folder's name may name people: what is stored is its keyed hash.
    let name = hex::encode(app.keyring().blob_sharing_hash(format!("mail folder {id} {folder}").as_bytes()));
    let known = {
        let name = name.clone();
        app.store()
            .read(move |tx| tx.maybe(sql::FOLDER_FIND, &args![id, name.as_str()], |row| Ok((row.get::<i64>(0)?, row.get::<i64>(1)?))))
            .await?
    };
    // Under another validity the numbers are others: everything is read again, and what is known is a duplicate (RFC 3501 §2.3.1.1).
    let from = known.filter(|(of, _)| *of == validity).map_or(0, |(_, uid)| u32::try_from(uid).unwrap_or(0));
    let uids = imap.after(from, &since(settings)).await?;
    let more = uids.len() > *left;
    for uid in uids.into_iter().take(*left) {
        *left -= 1;
        let original = match imap.fetch(uid, LARGEST).await? {
            None => None,
            Some(None) => Some(Err("too_large")),
            Some(Some(bytes)) => Some(Ok(bytes)),
        };
        let came = match original {
            None => None,
            Some(Ok(bytes)) => Some(match sent_by_us(app, &bytes).await? {
                Some(record) => Came::Duplicate(record),
                None => intake.take(Ok(bytes)).await?,
            }),
            Some(Err(reason)) => Some(intake.take(Err(reason)).await?),
        };
        let (name, lease) = (name.clone(), app.env().now().plus(LEASE));
        let count = came.map(|came| match came {
            Came::Captured(_) => [1_i64, 0, 0],
            Came::Duplicate(_) => [0, 1, 0],
            Came::Failed(_) => [0, 0, 1],
        });
        app.store()
            .write(move |tx| {
                tx.run(sql::FOLDER_SET, &args![id, name.as_str(), validity, i64::from(uid)])?;
                match count {
                    Some([captured, duplicate, failed]) => tx.run(sql::ACCOUNT_CAME, &args![id, lease, captured, duplicate, failed]),
                    None => tx.run(sql::ACCOUNT_KEEP, &args![id, lease]),
                }
            })
            .await?;
    }
    Ok(more)
}

/// The first day that is read, a day early: servers count days in their own zone.
fn since(settings: &Settings) -> String {
    let day = settings.since.yesterday().unwrap_or(settings.since);
    day.strftime("%d-%b-%Y").to_string()
}

/// The record of a letter that this house sent, where the server filed its own copy: other bytes, the same message.
async fn sent_by_us(app: &App, bytes: &[u8]) -> Result<Option<RecordId>> {
    let head = String::from_utf8_lossy(bytes.get(..bytes.len().min(32 << 10)).unwrap_or(bytes)).into_owned();
    let head = head.split("\r\n\r\n").next().unwrap_or_default();
    let line = head.lines().find_map(|line| line.get(..11).filter(|key| key.eq_ignore_ascii_case("message-id:")).and(line.get(11..)));
    let id = line.and_then(|line| line.trim().strip_prefix('<')?.split_once('@')?.0.parse::<LetterId>().ok());
    let Some(id) = id else { return Ok(None) };
    // A reply quotes our number in other headers; only what is from us has it as its own.
    let found = app.read(&system(), move |unit| outbox::find(unit, id).and_then(|found| unit.plain(found))).await?;
    Ok(found.and_then(|letter| letter.record))
}
