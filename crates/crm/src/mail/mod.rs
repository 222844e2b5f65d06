//! Mail: accounts over IMAP and SMTP, both ways.
//!
//! - An account is one person's own, or the house's. Whose its messages are, and of which team, stands in the records' own columns: what is
//!   seen of them is decided where everything is.
//! - What comes in goes through [`crate::capture`], byte for byte. Folders are examined, never changed.
//! - What goes out waits in the outbox, sealed, and is checked when it is sent: whoever acts must still be allowed to write, and every
//!   recipient who is a person here must still be usable for the purpose acted for. What was sent becomes a record, and its row in the
//!   outbox loses its key.
//! - Nothing is sent twice: a row that was being handed over when its process ended is `unknown`, and a person says what it is.
//!
//! [`turn`] does what is due; it runs beside the jobs. A row is taken by a lease, so that any number of processes may.

mod account;
mod fetch;
mod imap;
mod letter;
mod net;
mod outbox;
mod send;
mod smtp;
pub mod sql;
pub mod template;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod testing;

use std::time::Duration;

use kernel::Result;
use store::args;
use trail::App;

pub(crate) use account::usable;
pub use account::{
    Account, Counts, FAILING, NewAccount, Settings, Share, Trial, change, delete, fetch_now, list, one, save, senders, test,
};
pub use letter::{Draft, Mailbox};
pub(crate) use net::config as tls_config;
pub use net::{Fault, Server, Tls};
pub use outbox::{Letter, RULES, State, drop_letter, forget, letters, queue, rule_words, send_again, was_sent};
pub(crate) use outbox::{OfCampaign, put};

kernel::id!(
    /// An account of mail.
    AccountId, "mac"
);
kernel::id!(
    /// A letter in the outbox.
    LetterId, "ltr"
);
kernel::id!(
    /// A template.
    TemplateId, "tpl"
);
store::id_columns!(AccountId, LetterId, TemplateId);

/// How many of each sort one turn takes.
const AT_ONCE: i64 = 20;
/// How long a letter waits after a fault of ours.
const LATER: Duration = Duration::from_secs(300);

/// Sends and fetches what is due; answers how much there was. Faults of servers are kept with their account or letter and end nothing.
///
/// Errors: those of the stores.
pub async fn turn(app: &App) -> Result<usize> {
    let now = app.env().now();
    let (letters, accounts) = app
        .store()
        .read(move |tx| {
            let letters = tx.all(sql::LETTERS_DUE, &args![now, AT_ONCE], |row| row.get::<LetterId>(0))?;
            let accounts = tx.all(sql::ACCOUNTS_DUE, &args![now, AT_ONCE], |row| row.get::<AccountId>(0))?;
            Ok((letters, accounts))
        })
        .await?;
    let did = letters.len() + accounts.len();
    // A fault of ours with one of them must not stop the others, nor be met again at once.
    for letter in letters {
        if let Err(error) = send::one(app, letter).await {
            tracing::error!(%letter, %error, "a letter met a fault and waits");
            let later = app.env().now().plus(LATER);
            app.store().write(move |tx| tx.run(sql::LETTER_LATER, &args![letter, later])).await?;
        }
    }
    for account in accounts {
        if let Err(error) = fetch::one(app, account).await {
            tracing::error!(%account, %error, "an account met a fault and waits for its lease to end");
        }
    }
    Ok(did)
}
