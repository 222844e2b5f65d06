//! Several nodes over one PostgreSQL database and one keyring: whoever rotates a key says so in the data, and every other node notices before
//! it wraps or looks anything up.
//!
//! Each unit that writes goes on *beside* the others and reads which keys count; the node that rotates says it *alone*, when no such unit is
//! under way. So no unit commits under a key that another node is about to destroy, and none writes tokens that nobody looks for.

use kernel::{Code, Error, Result};
use store::{Engine, Tx, args, dialect};
use vault::Keyring;

use crate::{App, sql};

/// The setting that says which keys count: the current epoch, the oldest that is not destroyed, the index's generation. Absent until keys are
/// rotated on PostgreSQL for the first time.
pub const KEYS_NOW: &str = "keys.now";
/// The lock between those who use keys and the one who changes which count.
const LOCK: i64 = 0x7072_6f62_6b65_7973;

/// Which keys count.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
struct Counts {
    current: u32,
    oldest: u32,
    index: u32,
}

impl Counts {
    fn of(keyring: &Keyring) -> Self {
        let oldest = keyring.epochs().first().map_or(0, |(id, _)| id.0);
        Self { current: keyring.current().0, oldest, index: keyring.index_generation() }
    }

    fn text(self) -> String {
        format!("{} {} {}", self.current, self.oldest, self.index)
    }

    fn parse(text: &str) -> Option<Self> {
        let mut numbers = text.split(' ').map(str::parse);
        let found = Self { current: numbers.next()?.ok()?, oldest: numbers.next()?.ok()?, index: numbers.next()?.ok()? };
        numbers.next().is_none().then_some(found)
    }

    /// Whether a keyring lacks a key that counts.
    const fn lacks(self, now: Self) -> bool {
        self.current < now.current || self.index < now.index
    }

    /// Whether a keyring lacks a key that counts, or holds one that was destroyed.
    const fn is_behind(self, now: Self) -> bool {
        self.lacks(now) || self.oldest < now.oldest
    }
}

impl App {
    /// Notices, at the beginning of a unit, that another node rotated a key, and loads the keyring anew.
    ///
    /// Error: unavailable where this node's keyring is from before: nothing is written or read under keys that do not count.
    pub(crate) fn notice_keys(&self, tx: &mut Tx, writes: bool) -> Result<()> {
        if self.store().engine() == Engine::Sqlite {
            return Ok(());
        }
        if writes {
            dialect::beside(tx, LOCK)?;
        }
        let said = tx.maybe(sql::SETTING, &args![KEYS_NOW], |row| row.get::<String>(0))?;
        let Some(now) = said.as_deref().and_then(Counts::parse) else { return Ok(()) };
        if !Counts::of(&self.keyring()).is_behind(now) {
            return Ok(());
        }
        let fresh = self.reload_keyring()?;
        if Counts::of(&fresh).lacks(now) {
            let words = format!(
                "The keys were rotated on another node, and the keyring at {} is from before: nothing is read or written with it. Put the keyring of that node in its place.",
                self.keyring_path().display()
            );
            return Err(Error::new(Code::Unavailable, words));
        }
        self.take_keyring(fresh);
        Ok(())
    }

    /// Says which keys count from now on, when every unit that may have used others is over. Call it once the keyring is saved.
    pub async fn announce_keys(&self) -> Result<()> {
        if self.store().engine() == Engine::Sqlite {
            return Ok(());
        }
        let now = Counts::of(&self.keyring()).text();
        self.store()
            .write(move |tx| {
                dialect::alone(tx, LOCK)?;
                tx.run(sql::SETTING_SET, &args![KEYS_NOW, now.as_str()]).map(drop)
            })
            .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_counts_is_read_back_and_anything_else_is_not() {
        let now = Counts { current: 3, oldest: 2, index: 1 };
        assert_eq!(Counts::parse(&now.text()), Some(now));
        for wrong in ["", "3", "3 2", "3 2 1 0", "3 2 x", "-3 2 1"] {
            assert_eq!(Counts::parse(wrong), None, "{wrong}");
        }
        assert!(Counts { current: 2, ..now }.lacks(now) && Counts { index: 0, ..now }.lacks(now));
        assert!(Counts { oldest: 1, ..now }.is_behind(now) && !Counts { oldest: 1, ..now }.lacks(now));
        // The node that rotates is ahead of what it has said so far.
        assert!(!Counts { current: 4, ..now }.is_behind(now));
    }
}
