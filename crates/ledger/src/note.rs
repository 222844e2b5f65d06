//! Signed notes and verifier keys (C2SP signed-note), with Ed25519 signatures and cosignature/v1 (C2SP tlog-cosignature).

use aws_lc_rs::signature::{ED25519, Ed25519KeyPair, KeyPair, UnparsedPublicKey};
use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Code, Error, Result};

use crate::hash::sha256_of;

/// The longest note that is read (256 KiB).
pub const MAX_NOTE: usize = 256 << 10;
/// The most signature lines that are read.
pub const MAX_SIGNATURES: usize = 100;

/// What a key signs: C2SP's signature type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum KeyKind {
    /// `0x01`, Ed25519 over the note: the log itself.
    Log,
    /// `0x04`, a witness's cosignature/v1, which carries its time.
    Witness,
}

impl KeyKind {
    const fn byte(self) -> u8 {
        match self {
            Self::Log => 1,
            Self::Witness => 4,
        }
    }
}

/// A key whose signature was verified.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct KeyName {
    /// The key's name.
    pub name: String,
    /// The first four bytes of its hash.
    pub id: [u8; 4],
    /// What it signs.
    pub kind: KeyKind,
    /// When a witness signed, in seconds since 1970; `None` for a log's signature.
    pub at: Option<u64>,
}

/// Whether an Ed25519 signature (RFC 8032) over a message is that of this public key.
pub fn ed25519_verifies(public: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    UnparsedPublicKey::new(&ED25519, public).verify(message, signature).is_ok()
}

fn key_id(name: &str, kind: KeyKind, public: &[u8; 32]) -> [u8; 4] {
    let hash = sha256_of(&[name.as_bytes(), b"\n", &[kind.byte()], public]);
    [hash[0], hash[1], hash[2], hash[3]]
}

fn name_is_valid(name: &str) -> bool {
    !name.is_empty() && !name.chars().any(|c| c.is_whitespace() || c == '+' || c.is_control())
}

/// A private Ed25519 key with its name. `Debug` shows the name only.
pub struct Signer {
    name: String,
    pair: Ed25519KeyPair,
    public: [u8; 32],
}

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Signer({})", self.name)
    }
}

impl Signer {
    /// The key grown from a seed (RFC 8032). Error: invalid_input when the name is empty or has a space or a plus.
    pub fn new(name: impl Into<String>, seed: [u8; 32]) -> Result<Self> {
        let name = name.into();
        if !name_is_valid(&name) {
            return Err(Error::invalid(
                "/ledger/origin",
                "not_a_key_name",
                "Name the ledger's key without spaces and plus signs, such as example.com/log.",
            ));
        }
        let pair = Ed25519KeyPair::from_seed_unchecked(&seed).map_err(Error::internal)?;
        let public = pair.public_key().as_ref().try_into().map_err(Error::internal)?;
        Ok(Self { name, pair, public })
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The public half, for the log's signatures.
    pub fn verifier(&self) -> Verifier {
        Verifier::new(&self.name, KeyKind::Log, self.public)
    }

    /// The public half, for a witness's cosignatures. Use one key for one purpose.
    pub fn witness_verifier(&self) -> Verifier {
        Verifier::new(&self.name, KeyKind::Witness, self.public)
    }

    fn line(&self, kind: KeyKind, time: &[u8], message: &[u8]) -> String {
        let id = key_id(&self.name, kind, &self.public);
        let signature = self.pair.sign(message);
        format!("— {} {}\n", self.name, STANDARD.encode([&id[..], time, signature.as_ref()].concat()))
    }

    /// A whole note over a text of our own, such as a manifest. Error: malformed when the text does not end with a line break.
    pub fn sign_note(&self, text: &str) -> Result<String> {
        if !text.ends_with('\n') {
            return Err(Error::new(Code::Malformed, "A note's text must end with a line break."));
        }
        Ok(format!("{text}\n{}", self.sign_text(text)))
    }

    /// The signature line over a note's text.
    pub(crate) fn sign_text(&self, text: &str) -> String {
        self.line(KeyKind::Log, &[], text.as_bytes())
    }

    /// The cosignature/v1 line over a checkpoint's text, at `seconds` since 1970.
    pub(crate) fn cosign_text(&self, text: &str, seconds: u64) -> String {
        self.line(KeyKind::Witness, &seconds.to_be_bytes(), &cosigned(text, seconds))
    }
}

fn cosigned(text: &str, seconds: u64) -> Vec<u8> {
    format!("cosignature/v1\ntime {seconds}\n{text}").into_bytes()
}

/// A public key that verifies notes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verifier {
    name: String,
    kind: KeyKind,
    id: [u8; 4],
    public: [u8; 32],
}

impl Verifier {
    fn new(name: &str, kind: KeyKind, public: [u8; 32]) -> Self {
        Self { name: name.to_owned(), kind, id: key_id(name, kind, &public), public }
    }

    /// Reads a verifier key, `name+hash+base64` (types 0x01 and 0x04). Error: malformed, also when the hash is not
    /// that of the key.
    pub fn parse(vkey: &str) -> Result<Self> {
        let fail = |what: &str| Error::new(Code::Malformed, format!("A verifier key is not readable: {what}. Write it as name+hash+key."));
        let mut parts = vkey.splitn(3, '+');
        let (Some(name), Some(id), Some(key)) = (parts.next(), parts.next(), parts.next()) else {
            return Err(fail("it does not have three parts"));
        };
        if !name_is_valid(name) {
            return Err(fail("its name is empty or has a space"));
        }
        let key = STANDARD.decode(key).map_err(|_| fail("its key is not base64"))?;
        let (kind, public) = match key.split_first() {
            Some((1, public)) => (KeyKind::Log, public),
            Some((4, public)) => (KeyKind::Witness, public),
            _ => return Err(fail("only Ed25519 keys of the types 1 and 4 are supported")),
        };
        let verifier = Self::new(name, kind, public.try_into().map_err(|_| fail("its key is not 32 bytes long"))?);
        if id == hex::encode(verifier.id) { Ok(verifier) } else { Err(fail("its hash is not that of the key")) }
    }

    /// The key as text, `name+hash+base64`.
    pub fn vkey(&self) -> String {
        let key = [&[self.kind.byte()][..], &self.public].concat();
        format!("{}+{}+{}", self.name, hex::encode(self.id), STANDARD.encode(key))
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The first four bytes of its hash.
    pub fn id(&self) -> [u8; 4] {
        self.id
    }

    /// Whose signatures it verifies.
    pub fn kind(&self) -> KeyKind {
        self.kind
    }

    /// Verifies one signature over a note's text; a witness's answer carries its time.
    fn verify(&self, text: &str, signature: &[u8]) -> Option<KeyName> {
        let at = match self.kind {
            KeyKind::Log => ed25519_verifies(&self.public, text.as_bytes(), signature).then_some(None)?,
            KeyKind::Witness => {
                let (time, signature) = signature.split_first_chunk::<8>()?;
                let seconds = u64::from_be_bytes(*time);
                i64::try_from(seconds).ok()?;
                ed25519_verifies(&self.public, &cosigned(text, seconds), signature).then_some(Some(seconds))?
            }
        };
        Some(KeyName { name: self.name.clone(), id: self.id, kind: self.kind, at })
    }
}

/// A note taken apart, its signatures not yet verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// The signed text, with its last newline.
    pub text: String,
    signatures: Vec<Signature>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Signature {
    name: String,
    id: [u8; 4],
    bytes: Vec<u8>,
}

impl Note {
    /// Takes a note apart. Error: malformed, too_large.
    pub fn parse(note: &str) -> Result<Self> {
        let fail = |what: &str| Error::new(Code::Malformed, format!("A signed note is not readable: {what}."));
        if note.len() > MAX_NOTE {
            return Err(Error::new(Code::TooLarge, "A signed note is larger than 256 KiB."));
        }
        if note.bytes().any(|b| b < 0x20 && b != b'\n') {
            return Err(fail("it has control characters"));
        }
        let end = note.rfind("\n\n").ok_or_else(|| fail("no blank line stands before its signatures"))?;
        let (text, lines) = (&note[..=end], &note[end + 2..]);
        let lines = lines.strip_suffix('\n').ok_or_else(|| fail("its last line does not end"))?;
        let mut signatures = Vec::new();
        for line in lines.split('\n') {
            let line = line.strip_prefix("— ").ok_or_else(|| fail("a signature line does not start with a dash"))?;
            let (name, bytes) = line.split_once(' ').ok_or_else(|| fail("a signature line has no signature"))?;
            let bytes = STANDARD.decode(bytes).map_err(|_| fail("a signature is not base64"))?;
            let (id, bytes) = bytes.split_first_chunk::<4>().ok_or_else(|| fail("a signature is too short"))?;
            if !name_is_valid(name) || bytes.is_empty() {
                return Err(fail("a signature has no proper name or no content"));
            }
            if signatures.len() >= MAX_SIGNATURES {
                return Err(fail("it has more than 100 signatures"));
            }
            signatures.push(Signature { name: name.to_owned(), id: *id, bytes: bytes.to_vec() });
        }
        Ok(Self { text: text.to_owned(), signatures })
    }

    /// The keys among `known` that signed. Signatures of unknown keys are ignored. Error: invalid_input when a known
    /// key's signature does not verify or stands twice, or when no known key signed.
    pub fn verify(&self, known: &[Verifier]) -> Result<Vec<KeyName>> {
        let fail = |what: &str| Error::new(Code::InvalidInput, format!("A signed note cannot be trusted: {what}."));
        let mut verified: Vec<KeyName> = Vec::new();
        for signature in &self.signatures {
            // Two configured keys may share name and id; a signature must then be of one of them.
            let mut candidates = known.iter().filter(|key| key.name == signature.name && key.id == signature.id).peekable();
            if candidates.peek().is_none() {
                continue;
            }
            if verified.iter().any(|key| key.name == signature.name && key.id == signature.id) {
                return Err(fail("a known key signed twice"));
            }
            let key = candidates.find_map(|key| key.verify(&self.text, &signature.bytes));
            verified.push(key.ok_or_else(|| fail("the signature of a known key is wrong"))?);
        }
        if verified.is_empty() { Err(fail("no known key signed it")) } else { Ok(verified) }
    }
}
