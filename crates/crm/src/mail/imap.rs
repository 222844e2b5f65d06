//! As much of IMAP (RFC 3501, RFC 9051) as reading new messages and filing a sent one needs. Folders are only ever examined: nothing on the
//! server changes by being read.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Result;
use tokio::io::{AsyncBufReadExt, AsyncReadExt};

use super::net::{self, Fault, Line, Server, Tls, in_time};

/// The longest line of an answer (bytes).
const LONGEST: usize = 1 << 20;

/// A connection that is logged in.
pub struct Imap {
    line: Line,
    n: u32,
    capabilities: Vec<String>,
}

/// A folder as examined.
#[derive(Clone, Copy, Debug)]
pub struct Examined {
    /// While it stays the same, numbers of messages do.
    pub validity: u32,
}

/// An answer: its text, with the literals that stood in it.
#[derive(Default)]
struct Answer {
    text: String,
    literals: Vec<Vec<u8>>,
}

impl Imap {
    /// Connects and logs in.
    pub async fn open(server: &Server, ca: &str, login: &str, password: &str) -> Result<Self, Fault> {
        let line = net::connect(server, ca).await?;
        let mut imap = Self { line, n: 0, capabilities: Vec::new() };
        let hello = imap.answer(LONGEST).await.map_err(|fault| protocol_of(fault, server.tls))?;
        if !hello.text.starts_with("* OK") && !hello.text.starts_with("* PREAUTH") {
            return Err(Fault::lasting("protocol").saying(&hello.text));
        }
        if server.tls == Tls::Starttls {
            imap.ask_capabilities().await?;
            if !imap.can("STARTTLS") {
                return Err(Fault::lasting("starttls_missing"));
            }
            imap.command("STARTTLS", "tls").await?;
            // What was buffered in plain text may have been put there by somebody between: there must be nothing.
            if !imap.line.buffer().is_empty() {
                return Err(Fault::lasting("tls"));
            }
            imap.line = net::encrypt(imap.line.into_inner(), server, ca).await?;
        }
        imap.ask_capabilities().await?;
        imap.log_in(login, password).await?;
        imap.ask_capabilities().await?;
        Ok(imap)
    }

    async fn ask_capabilities(&mut self) -> Result<(), Fault> {
        let told = self.command("CAPABILITY", "protocol").await?;
        let words = told.iter().filter_map(|answer| answer.text.strip_prefix("* CAPABILITY "));
        self.capabilities = words.flat_map(|words| words.split_whitespace()).map(str::to_ascii_uppercase).collect();
        Ok(())
    }

    fn can(&self, what: &str) -> bool {
        self.capabilities.iter().any(|one| one == what)
    }

    async fn log_in(&mut self, login: &str, password: &str) -> Result<(), Fault> {
        if self.can("AUTH=PLAIN") {
            let tag = self.tag();
            net::say(&mut self.line, format!("{tag} AUTHENTICATE PLAIN\r\n").as_bytes()).await?;
            let asked = self.answer(LONGEST).await?;
            if !asked.text.starts_with('+') {
                return Err(Fault::lasting("login_refused").saying(rest(&asked.text)));
            }
            let words = STANDARD.encode(format!("\0{login}\0{password}"));
            net::say(&mut self.line, format!("{words}\r\n").as_bytes()).await?;
            return self.until(&tag, "login_refused").await.map(drop);
        }
        if self.can("LOGINDISABLED") {
            return Err(Fault::lasting("login_unsupported"));
        }
        let (login, password) = (quoted(login)?, quoted(password)?);
        self.command(&format!("LOGIN {login} {password}"), "login_refused").await.map(drop)
    }

    /// Every folder that can be read, by its name, with whether it is the one for what was sent.
    pub async fn folders(&mut self) -> Result<Vec<(String, bool)>, Fault> {
        let told = self.command("LIST \"\" \"*\"", "protocol").await?;
        let mut found = Vec::new();
        for Answer { text, literals } in told {
            let Some(rest) = text.strip_prefix("* LIST (") else { continue };
            let Some((flags, rest)) = rest.split_once(')') else { continue };
            let flags = flags.to_ascii_lowercase();
            if flags.contains("\\noselect") || flags.contains("\\nonexistent") {
                continue;
            }
            // What separates levels, then the name.
            let name = match (literals.first(), rest.trim_start()) {
                (Some(name), _) => String::from_utf8_lossy(name).into_owned(),
                (None, rest) => after_separator(rest),
            };
            found.push((from_utf7(&name), flags.contains("\\sent")));
        }
        Ok(found)
    }

    /// Examines a folder. Fault `folder_missing` when it is not there.
    pub async fn examine(&mut self, folder: &str) -> Result<Examined, Fault> {
        let told = self.command(&format!("EXAMINE {}", quoted(&to_utf7(folder))?), "folder_missing").await?;
        let validity = told.iter().find_map(|answer| number_after(&answer.text, "[UIDVALIDITY "));
        Ok(Examined { validity: validity.ok_or_else(|| Fault::lasting("protocol"))? })
    }

    /// The numbers of the messages after one, in order, of a day (`20-Nov-2026`) or later.
    pub async fn after(&mut self, uid: u32, since: &str) -> Result<Vec<u32>, Fault> {
        let from = uid.saturating_add(1);
        let told = self.command(&format!("UID SEARCH UID {from}:* SINCE {since}"), "protocol").await?;
        let found = told.iter().filter_map(|answer| answer.text.strip_prefix("* SEARCH"));
        let mut found: Vec<u32> = found.flat_map(str::split_whitespace).filter_map(|n| n.parse().ok()).filter(|n| *n > uid).collect();
        found.sort_unstable();
        found.dedup();
        Ok(found)
    }

    /// Whether the examined folder has a message of this Message-ID.
    pub async fn has(&mut self, message_id: &str) -> Result<bool, Fault> {
        let told = self.command(&format!("UID SEARCH HEADER Message-ID {}", quoted(message_id)?), "protocol").await?;
        Ok(told.iter().filter_map(|answer| answer.text.strip_prefix("* SEARCH")).any(|found| !found.trim().is_empty()))
    }

    /// One message, byte for byte; `None` when it went meanwhile, `Some(None)` when it is larger than `most`.
    pub async fn fetch(&mut self, uid: u32, most: usize) -> Result<Option<Option<Vec<u8>>>, Fault> {
        let told = self.command(&format!("UID FETCH {uid} (RFC822.SIZE)"), "protocol").await?;
        let Some(size) = told.iter().find_map(|answer| number_after(&answer.text, "RFC822.SIZE ")) else { return Ok(None) };
        if usize::try_from(size).unwrap_or(usize::MAX) > most {
            return Ok(Some(None));
        }
        let tag = self.tag();
        net::say(&mut self.line, format!("{tag} UID FETCH {uid} (BODY.PEEK[])\r\n").as_bytes()).await?;
        let mut found = None;
        loop {
            // A server's size is a hint; a little more is still taken.
            let answer = self.answer(most.saturating_add(LONGEST)).await?;
            if let Some(end) = answer.text.strip_prefix(&format!("{tag} ")) {
                return if end.starts_with("OK") { Ok(found.map(Some)) } else { Err(Fault::passing("protocol").saying(end)) };
            }
            if answer.text.contains("FETCH") && answer.text.contains("BODY[]") {
                found = answer.literals.into_iter().next().or_else(|| quoted_body(&answer.text));
            }
        }
    }

    /// Files a message into a folder, as read.
    pub async fn append(&mut self, folder: &str, message: &[u8]) -> Result<(), Fault> {
        let (tag, folder) = (self.tag(), quoted(&to_utf7(folder))?);
        net::say(&mut self.line, format!("{tag} APPEND {folder} (\\Seen) {{{}}}\r\n", message.len()).as_bytes()).await?;
        let asked = self.answer(LONGEST).await?;
        if !asked.text.starts_with('+') {
            return Err(append_fault(rest(&asked.text)));
        }
        net::say(&mut self.line, message).await?;
        net::say(&mut self.line, b"\r\n").await?;
        self.until(&tag, "folder_missing").await.map(drop).map_err(|fault| append_fault(&fault.said))
    }

    /// Says goodbye; whether it is heard matters to nobody.
    pub async fn close(mut self) {
        let _ = self.command("LOGOUT", "closed").await;
    }

    fn tag(&mut self) -> String {
        self.n += 1;
        format!("p{}", self.n)
    }

    async fn command(&mut self, words: &str, refused: &'static str) -> Result<Vec<Answer>, Fault> {
        let tag = self.tag();
        net::say(&mut self.line, format!("{tag} {words}\r\n").as_bytes()).await?;
        self.until(&tag, refused).await
    }

    async fn until(&mut self, tag: &str, refused: &'static str) -> Result<Vec<Answer>, Fault> {
        let mut told = Vec::new();
        loop {
            let answer = self.answer(LONGEST).await?;
            let Some(end) = answer.text.strip_prefix(tag).and_then(|rest| rest.strip_prefix(' ')) else {
                told.push(answer);
                continue;
            };
            if end.starts_with("OK") {
                return Ok(told);
            }
            let unavailable = end.contains("[UNAVAILABLE]") || end.contains("[INUSE]") || end.contains("[LIMIT]");
            return Err(if unavailable { Fault::passing("later") } else { Fault::lasting(refused) }.saying(end));
        }
    }

    /// One answer, its literals read.
    async fn answer(&mut self, most: usize) -> Result<Answer, Fault> {
        let mut answer = Answer::default();
        let mut taken = 0;
        loop {
            let part = read_line(&mut self.line).await?;
            answer.text.push_str(&part);
            let Some(length) = literal(&part) else { return Ok(answer) };
            taken += length;
            if taken > most || answer.text.len() > LONGEST {
                return Err(Fault::lasting("too_large"));
            }
            answer.literals.push(read_exactly(&mut self.line, length).await?);
        }
    }
}

/// A line without its end.
pub(super) async fn read_line(line: &mut Line) -> Result<String, Fault> {
    in_time(async {
        let mut bytes = Vec::new();
        let mut limited = line.take(LONGEST as u64);
        limited.read_until(b'\n', &mut bytes).await?;
        if bytes.pop() != Some(b'\n') {
            return Err(Fault::passing("closed"));
        }
        if bytes.last() == Some(&b'\r') {
            bytes.pop();
        }
        Ok(String::from_utf8_lossy(&bytes).into_owned())
    })
    .await
}

async fn read_exactly(line: &mut Line, length: usize) -> Result<Vec<u8>, Fault> {
    // Piece by piece: each has its time, and nothing is set aside for what never comes.
    let mut bytes = Vec::new();
    while bytes.len() < length {
        let due = (length - bytes.len()).min(64 << 10);
        let before = bytes.len();
        in_time(async {
            let mut piece = line.take(due as u64);
            piece.read_to_end(&mut bytes).await?;
            Ok(())
        })
        .await?;
        if bytes.len() == before {
            return Err(Fault::passing("closed"));
        }
    }
    Ok(bytes)
}

/// The length of the literal that a line announces.
fn literal(line: &str) -> Option<usize> {
    let (_, length) = line.strip_suffix('}')?.rsplit_once('{')?;
    length.trim_end_matches('+').parse().ok()
}

fn protocol_of(fault: Fault, tls: Tls) -> Fault {
    match fault.code {
        // A port that waits for a TLS greeting says nothing to plain words.
        "timeout" | "closed" if tls != Tls::Implicit => Fault::lasting("tls"),
        _ => fault,
    }
}

fn append_fault(said: &str) -> Fault {
    let code = if said.contains("OVERQUOTA") { "mailbox_full" } else { "folder_missing" };
    Fault::lasting(code).saying(said)
}

fn rest(text: &str) -> &str {
    text.split_once(' ').map_or("", |(_, rest)| rest)
}

fn number_after(text: &str, mark: &str) -> Option<u32> {
    let at = text.find(mark)? + mark.len();
    let digits: String = text.get(at..)?.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}

/// A short body that came as a quoted string.
fn quoted_body(text: &str) -> Option<Vec<u8>> {
    let at = text.find("BODY[] \"")? + "BODY[] \"".len();
    unquoted(text.get(at..)?).map(|(body, _)| body.into_bytes())
}

/// The text up to the quote that ends it, and what follows.
fn unquoted(text: &str) -> Option<(String, &str)> {
    let mut out = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Some((out, text.get(at + 1..)?)),
            '\\' => out.push(chars.next()?.1),
            c => out.push(c),
        }
    }
    None
}

fn after_separator(rest: &str) -> String {
    let rest = match rest.strip_prefix('"').and_then(unquoted) {
        Some((_, rest)) => rest,
        None => rest.split_once(' ').map_or("", |(_, rest)| rest),
    };
    let rest = rest.trim();
    rest.strip_prefix('"').and_then(unquoted).map_or_else(|| rest.to_owned(), |(name, _)| name)
}

/// A quoted string. Fault `login_refused` for what none can hold: line ends and NUL.
fn quoted(text: &str) -> Result<String, Fault> {
    if text.chars().any(|c| matches!(c, '\r' | '\n' | '\0')) {
        return Err(Fault::lasting("protocol"));
    }
    Ok(format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")))
}

/// A folder's name in modified UTF-7 (RFC 3501 §5.1.3).
fn to_utf7(name: &str) -> String {
    let (mut out, mut wide) = (String::new(), Vec::<u8>::new());
    let flush = |wide: &mut Vec<u8>, out: &mut String| {
        if !wide.is_empty() {
            let words = STANDARD.encode(&wide).trim_end_matches('=').replace('/', ",");
            out.push_str(&format!("&{words}-"));
            wide.clear();
        }
    };
    for c in name.chars() {
        if c.is_ascii_graphic() || c == ' ' {
            flush(&mut wide, &mut out);
            out.push(c);
            if c == '&' {
                out.push('-');
            }
        } else {
            wide.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
        }
    }
    flush(&mut wide, &mut out);
    out
}

/// A folder's name from modified UTF-7; what is none stays as it is.
fn from_utf7(name: &str) -> String {
    let (mut out, mut rest) = (String::new(), name);
    while let Some((plain, after)) = rest.split_once('&') {
        out.push_str(plain);
        let Some((words, after)) = after.split_once('-') else { return name.to_owned() };
        if words.is_empty() {
            out.push('&');
        } else {
            let mut padded = words.replace(',', "/");
            while !padded.len().is_multiple_of(4) {
                padded.push('=');
            }
            let Ok(bytes) = STANDARD.decode(padded) else { return name.to_owned() };
            let units: Vec<u16> = bytes.chunks_exact(2).filter_map(|two| Some(u16::from_be_bytes(two.try_into().ok()?))).collect();
            out.push_str(&String::from_utf16_lossy(&units));
        }
        rest = after;
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_folders_survive_the_way_to_the_server_and_back() {
        // RFC 3501 §5.1.3 gives the second one.
        for (name, wire) in [
            ("INBOX", "INBOX"),
            ("~peter/mail/台北/日本語", "~peter/mail/&U,BTFw-/&ZeVnLIqe-"),
            ("A&B", "A&-B"),
            ("Entwürfe", "Entw&APw-rfe"),
        ] {
            assert_eq!(to_utf7(name), wire);
            assert_eq!(from_utf7(wire), name);
        }
        assert_eq!(from_utf7("&broken"), "&broken");
    }

    #[test]
    fn answers_are_read_however_they_are_quoted() {
        assert_eq!(after_separator("\"/\" \"A \\\"B\\\"\""), "A \"B\"");
        assert_eq!(after_separator("NIL INBOX"), "INBOX");
        assert_eq!(literal("* 1 FETCH (UID 7 BODY[] {12}"), Some(12));
        assert_eq!(literal("a {x}"), None);
        assert_eq!(quoted_body("* 1 FETCH (BODY[] \"a\\\"b\" UID 3)"), Some(b"a\"b".to_vec()));
        assert!(quoted("a\r\nb").is_err());
    }
}
