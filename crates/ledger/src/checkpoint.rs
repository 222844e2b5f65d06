//! Checkpoints: the signed head of a tree (C2SP tlog-checkpoint) and its cosigning by witnesses.

use base64::{Engine, engine::general_purpose::STANDARD};
use kernel::{Code, Error, Result};

use crate::{
    Hash,
    note::{KeyKind, KeyName, Note, Signer, Verifier},
};

/// The head of a tree at one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log this is, unique, such as `example.com/log`.
    pub origin: String,
    /// How many leaves the tree has.
    pub size: u64,
    /// The tree's root.
    pub root: Hash,
    /// Further lines, mostly none; each non-empty and without line breaks.
    pub extensions: Vec<String>,
}

fn fail(what: &str) -> Error {
    Error::new(Code::Malformed, format!("A checkpoint is not readable: {what}."))
}

impl Checkpoint {
    /// The text that is signed. Error: malformed when the origin or an extension is empty or has a control character.
    pub fn text(&self) -> Result<String> {
        let lines = [&self.origin].into_iter().chain(&self.extensions);
        if lines.clone().any(|line| line.is_empty() || line.bytes().any(|b| b < 0x20)) {
            return Err(fail("its origin or an extension is empty or has a line break"));
        }
        let mut text = format!("{}\n{}\n{}\n", self.origin, self.size, STANDARD.encode(self.root));
        for line in &self.extensions {
            text.push_str(line);
            text.push('\n');
        }
        Ok(text)
    }

    /// Reads a note's text. Error: malformed.
    pub fn parse(text: &str) -> Result<Self> {
        let text = text.strip_suffix('\n').ok_or_else(|| fail("its last line does not end"))?;
        let lines: Vec<&str> = text.split('\n').collect();
        let [origin, size, root, extensions @ ..] = &lines[..] else {
            return Err(fail("it has fewer than three lines"));
        };
        if lines.iter().any(|line| line.is_empty() || line.bytes().any(|b| b < 0x20)) {
            return Err(fail("a line is empty or has a control character"));
        }
        let number = size.parse::<u64>().ok().filter(|n| n.to_string() == *size).ok_or_else(|| fail("its size is not a plain number"))?;
        let root = STANDARD
            .decode(root)
            .ok()
            .and_then(|root| Hash::try_from(root).ok())
            .ok_or_else(|| fail("its root is not 32 bytes in base64"))?;
        Ok(Self { origin: (*origin).to_owned(), size: number, root, extensions: extensions.iter().map(|&line| line.to_owned()).collect() })
    }
}

/// Signs a checkpoint; the answer is the whole note. Error: malformed, see [`Checkpoint::text`].
pub fn sign(checkpoint: &Checkpoint, signer: &Signer) -> Result<String> {
    let text = checkpoint.text()?;
    let line = signer.sign_text(&text);
    Ok(format!("{text}\n{line}"))
}

/// Adds a witness's cosignature/v1 to a note, at `seconds` since 1970. The caller has verified the log's signature and
/// the consistency with the last tree it saw. Error: malformed when the note is not that of a checkpoint.
pub fn cosign(note: &str, witness: &Signer, seconds: u64) -> Result<String> {
    let text = Note::parse(note)?.text;
    Checkpoint::parse(&text)?;
    if i64::try_from(seconds).is_err() {
        return Err(fail("the time to sign is out of range"));
    }
    Ok(format!("{note}{}", witness.cosign_text(&text, seconds)))
}

/// Opens a signed checkpoint: the checkpoint and the known keys that signed it, the log's among them.
/// Signatures of unknown keys are ignored. Errors: malformed; invalid_input when a known key's signature is wrong, or
/// no known log key (type 0x01) signed: a witness's word alone is not the log's.
pub fn open(note: &str, known: &[Verifier]) -> Result<(Checkpoint, Vec<KeyName>)> {
    let note = Note::parse(note)?;
    let keys = note.verify(known)?;
    if !keys.iter().any(|key| key.kind == KeyKind::Log) {
        return Err(Error::new(Code::InvalidInput, "A checkpoint cannot be trusted: the log itself, under a known key, did not sign it."));
    }
    Ok((Checkpoint::parse(&note.text)?, keys))
}
