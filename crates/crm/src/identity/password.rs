//! Passwords: what is accepted (NIST SP 800-63B §3.1.1: length over composition, refuse the guessable), and how they are kept (RFC 9106).

use std::sync::LazyLock;

use argon2::{Algorithm, Argon2, Params, PasswordHash, PasswordHasher, PasswordVerifier, Version, password_hash::SaltString};
use kernel::{Env, Error, Personal, Result};
use unicode_normalization::UnicodeNormalization;

/// The fewest characters of a password.
pub const SHORTEST: usize = 12;
/// The most bytes of a password.
pub const LONGEST: usize = 1024;

/// Argon2id (RFC 9106): 64 MiB, three passes, one lane.
const MEMORY_KIB: u32 = 64 * 1024;
const PASSES: u32 = 3;
const LANES: u32 = 1;

/// Words that guessers try first, in lower case and without digits; one a line.
const COMMON: &str = include_str!("passwords.txt");
const ROWS: [&str; 8] = [
    "abcdefghijklmnopqrstuvwxyz",
    "01234567890123456789",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm",
    "azertyuiopqsdfghjklmwxcvbn",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm",
    "1q2w3e4r5t6y7u8i9o0p",
    "qazwsxedcrfvtgbyhnujm",
];

/// A password that was accepted, as the database keeps it (PHC string format). Only [`hash`] makes one.
#[derive(Clone)]
pub struct Hashed(String);

impl Hashed {
    /// The stored form.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for Hashed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Hashed")
    }
}

/// A hash that nothing matches, made with the same parameters: an address nobody has costs the same work as one that somebody has.
pub(super) static NOBODY: LazyLock<String> =
    LazyLock::new(|| format!("$argon2id$v=19$m={MEMORY_KIB},t={PASSES},p={LANES}${}${}", "A".repeat(22), "A".repeat(43)));

/// Whether a password is acceptable for a person of this name and address.
///
/// # Errors
/// `invalid_input` at `/password`: `too_short`, `too_long`, `about_you`, `common`.
pub fn check(password: &Personal<String>, about: &[&Personal<String>]) -> Result<()> {
    let refuse = |code, detail: &str| Err(Error::invalid("/password", code, detail));
    let text = password.expose();
    if text.len() > LONGEST {
        return refuse("too_long", "Use a password of at most 1,024 bytes.");
    }
    if text.chars().count() < SHORTEST {
        return refuse("too_short", "Use at least 12 characters. A sentence is easy to remember and hard to guess.");
    }
    let plain = plain(text);
    for fact in about {
        // The whole, and each part of four letters or more: `ada`, `lovelace`, `example`.
        let fact = fact.expose().to_lowercase();
        let parts = fact.split(|c: char| !c.is_alphanumeric()).filter(|part| part.chars().count() >= 4);
        for part in parts.chain([fact.as_str()]).filter(|part| part.chars().count() >= 3) {
            let part = self::plain(part);
            if !part.is_empty() && plain.contains(&part) && plain.chars().count() < part.chars().count() + SHORTEST {
                return refuse("about_you", "Leave your name and e-mail address out of the password.");
            }
        }
    }
    if guessable(&plain) {
        return refuse("common", "This is among the first that guessers try. Use a sentence of your own.");
    }
    Ok(())
}

/// Lower case, with the letters that digits and signs usually stand for.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match c {
            '@' | '4' => out.push('a'),
            '3' => out.push('e'),
            '1' | '!' => out.push('i'),
            '0' => out.push('o'),
            '5' | '$' => out.push('s'),
            '7' => out.push('t'),
            c if c.is_alphanumeric() => out.push(c),
            _ => {}
        }
    }
    out
}

/// Made of common words, keyboard rows, repetitions and digits alone: what is left besides them is less than four characters.
fn guessable(plain: &str) -> bool {
    let mut letters: Vec<char> = plain.chars().collect();
    letters.sort_unstable();
    letters.dedup();
    if letters.len() < 5 {
        return true;
    }
    let rows: Vec<String> = ROWS.iter().flat_map(|row| [self::plain(row), self::plain(row).chars().rev().collect()]).collect();
    let mut rest = plain;
    let mut own = 0;
    let mut last: Option<char> = None;
    while let Some(first) = rest.chars().next() {
        let word = COMMON.lines().filter(|word| !word.is_empty() && rest.starts_with(word)).map(str::len).max();
        let run = rows.iter().map(|row| run(row, rest)).max().unwrap_or(0);
        let known = word.unwrap_or(0).max(if run >= 4 { run } else { 0 });
        if known > 0 {
            rest = &rest[known..];
        } else {
            own += usize::from(!first.is_numeric() && last != Some(first));
            rest = &rest[first.len_utf8()..];
        }
        last = Some(first);
    }
    own < 4
}

/// How many bytes of the beginning of `text` run along `row`.
fn run(row: &str, text: &str) -> usize {
    let ends = text.char_indices().map(|(at, c)| at + c.len_utf8());
    ends.take_while(|end| row.contains(&text[..*end])).last().unwrap_or(0)
}

/// Checks and hashes a password. Slow on purpose (about a tenth of a second and 64 MiB): never inside a transaction; the
/// [`Doorkeeper`](super::Doorkeeper) bounds how many run at once.
///
/// # Errors
/// Those of [`check`].
pub fn hash(password: &Personal<String>, about: &[&Personal<String>], env: &Env) -> Result<Hashed> {
    check(password, about)?;
    let salt = SaltString::encode_b64(&env.bytes::<16>()).map_err(|e| Error::internal(e.to_string()))?;
    let hashed = argon2()?.hash_password(normal(password).expose().as_bytes(), &salt).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Hashed(hashed.to_string()))
}

/// Whether a password is the one that `stored` was made of. As slow as hashing.
pub(super) fn matches(password: &Personal<String>, stored: &str) -> bool {
    let Ok(stored) = PasswordHash::new(stored) else { return false };
    let Ok(argon2) = argon2() else { return false };
    // What is too long to have been accepted is not hashed whole, but costs the same.
    let text = if password.expose().len() > LONGEST { Personal::new(String::new()) } else { normal(password) };
    argon2.verify_password(text.expose().as_bytes(), &stored).is_ok()
}

/// One form for letters that keyboards compose differently (SP 800-63B §3.1.1.2).
fn normal(password: &Personal<String>) -> Personal<String> {
    Personal::new(password.expose().nfkc().collect())
}

fn argon2() -> Result<Argon2<'static>> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None).map_err(|e| Error::internal(e.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

/// A first password to hand over: five groups of four letters and digits, 100 bits.
pub fn generate(env: &Env) -> Personal<String> {
    Personal::new(groups(env))
}

/// Five groups of four characters of Crockford's base32 (no i, l, o, u): 100 random bits that are easily typed.
pub(super) fn groups(env: &Env) -> String {
    const ALPHABET: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";
    let bytes: [u8; 20] = env.bytes();
    let letters = bytes.iter().map(|b| char::from(ALPHABET[usize::from(b & 31)]));
    letters.enumerate().fold(String::with_capacity(24), |mut out, (n, c)| {
        if n > 0 && n % 4 == 0 {
            out.push('-');
        }
        out.push(c);
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn word(text: &str) -> Personal<String> {
        Personal::new(text.to_owned())
    }

    fn code(password: &str) -> Option<&'static str> {
        let (name, email) = (word("Ada Lovelace"), word("ada.lovelace@engine.example"));
        check(&word(password), &[&name, &email]).err().map(|e| e.problems()[0].code)
    }

    #[test]
    fn a_sentence_is_accepted_and_a_short_or_endless_one_refused() {
        assert_eq!(code("seven quiet herons by the mill"), None);
        assert_eq!(code("k7#vq-92mzt!"), None);
        assert_eq!(code("eleven char"), Some("too_short"));
        assert_eq!(code(&"ab cd ".repeat(200)), Some("too_long"));
        assert_eq!(code("größe läßt öl"), None, "characters count, not bytes");
    }

    #[test]
    fn the_common_ones_are_refused_however_they_are_dressed_up() {
        for guess in [
            "password1234",
            "P@ssw0rd2026!",
            "Passwort!!!!2026",
            "qwertyuiop123",
            "123456789012",
            "aaaaaaaaaaaa",
            "abababababab",
            "iloveyou1234",
            "Welcome2026!!",
            "letmeinletmein",
            "adminadmin123",
            "Sommer2026!!!",
            "1q2w3e4r5t6y",
            "zxcvbnm,./zx",
            "qwertzuiop99",
            "abcdefghijkl",
            "changeme12345",
        ] {
            assert_eq!(code(guess), Some("common"), "{guess}");
        }
    }

    #[test]
    fn ones_own_name_and_address_are_refused() {
        for guess in ["lovelace-2026!", "AdaLovelace99", "ada.lovelace@engine.example", "L0velace1815x"] {
            assert_eq!(code(guess), Some("about_you"), "{guess}");
        }
    }

    #[test]
    fn the_hash_nobody_has_is_one_that_argon2_reads() {
        assert!(PasswordHash::new(&NOBODY).is_ok());
    }

    #[test]
    fn a_generated_password_is_acceptable() {
        let made = generate(&Env::system());
        assert_eq!(made.expose().len(), 24);
        assert!(check(&made, &[]).is_ok());
    }
}
