//! As much of SMTP (RFC 5321) as handing a message over needs. What it knows at each moment is what a sender has to know: before the last
//! dot nothing was sent; after it and without an answer nobody can say.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use kernel::Result;

use super::{
    imap::read_line,
    net::{self, Fault, Line, Server, Tls},
};

/// A connection that is logged in.
pub struct Smtp {
    line: Line,
    offers: Vec<String>,
}

struct Reply {
    code: u16,
    lines: Vec<String>,
}

impl Reply {
    fn words(&self) -> String {
        format!("{} {}", self.code, self.lines.join(" "))
    }

    /// The fault of a refusal: for a while (4xx) or for good (5xx), see RFC 5321 §4.2.1.
    fn fault(&self, refused: &'static str) -> Fault {
        let said = self.words();
        let full =
            self.code == 552 || self.code == 452 || self.lines.iter().any(|line| line.starts_with("5.2.2") || line.starts_with("4.2.2"));
        let code = if full && refused == "recipient_refused" {
            "mailbox_full"
        } else if self.lines.iter().any(|line| line.starts_with("5.3.4")) {
            "too_large"
        } else {
            refused
        };
        match self.code {
            400..500 => Fault::passing(if code == refused { "later" } else { code }).saying(&said),
            500..600 => Fault::lasting(code).saying(&said),
            _ => Fault::lasting("protocol").saying(&said),
        }
    }
}

/// How it ended after the last dot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Handed {
    /// The server took it.
    Taken,
    /// The server said that it did not.
    Refused(Fault),
    /// The server did not say.
    Unknown,
}

impl Smtp {
    /// Connects and logs in. `name` is the name this house greets with.
    pub async fn open(server: &Server, ca: &str, name: &str, login: &str, password: &str) -> Result<Self, Fault> {
        let line = net::connect(server, ca).await?;
        let mut smtp = Self { line, offers: Vec::new() };
        let hello = smtp.reply().await.map_err(|fault| match fault.code {
            "timeout" | "closed" if server.tls != Tls::Implicit => Fault::lasting("tls"),
            _ => fault,
        })?;
        if hello.code != 220 {
            return Err(hello.fault("protocol"));
        }
        smtp.greet(name).await?;
        if server.tls == Tls::Starttls {
            if !smtp.offers.iter().any(|offer| offer == "STARTTLS") {
                return Err(Fault::lasting("starttls_missing"));
            }
            smtp.ask("STARTTLS", &[220], "tls").await?;
            if !smtp.line.buffer().is_empty() {
                return Err(Fault::lasting("tls"));
            }
            smtp.line = net::encrypt(smtp.line.into_inner(), server, ca).await?;
            smtp.greet(name).await?;
        }
        smtp.log_in(login, password).await?;
        Ok(smtp)
    }

    async fn greet(&mut self, name: &str) -> Result<(), Fault> {
        let told = self.ask(&format!("EHLO {name}"), &[250], "protocol").await?;
        self.offers = told.lines.iter().skip(1).map(|line| line.to_ascii_uppercase()).collect();
        Ok(())
    }

    async fn log_in(&mut self, login: &str, password: &str) -> Result<(), Fault> {
        if login.is_empty() {
            return Ok(());
        }
        let ways: Vec<&str> = self.offers.iter().filter_map(|offer| offer.strip_prefix("AUTH ")).flat_map(str::split_whitespace).collect();
        let (plain, by_questions) = (ways.contains(&"PLAIN"), ways.contains(&"LOGIN"));
        if plain {
            let words = STANDARD.encode(format!("\0{login}\0{password}"));
            return self.ask(&format!("AUTH PLAIN {words}"), &[235], "login_refused").await.map(drop);
        }
        if by_questions {
            self.ask("AUTH LOGIN", &[334], "login_refused").await?;
            self.ask(&STANDARD.encode(login), &[334], "login_refused").await?;
            return self.ask(&STANDARD.encode(password), &[235], "login_refused").await.map(drop);
        }
        Err(Fault::lasting("login_unsupported"))
    }

    /// Says from whom and to whom; every recipient has to be taken, or nothing is sent. The fault names who was refused in `said`.
    pub async fn envelope(&mut self, from: &str, to: &[String], size: usize) -> Result<(), Fault> {
        let size = if self.offers.iter().any(|offer| offer.starts_with("SIZE")) { format!(" SIZE={size}") } else { String::new() };
        self.ask(&format!("MAIL FROM:<{from}>{size}"), &[250], "sender_refused").await?;
        for one in to {
            let told = self.ask(&format!("RCPT TO:<{one}>"), &[250, 251], "recipient_refused").await;
            told.map_err(|fault| Fault { said: format!("{one}: {}", fault.said), ..fault })?;
        }
        self.ask("DATA", &[354], "message_refused").await.map(drop)
    }

    /// Hands the message over.
    pub async fn hand(&mut self, message: &[u8]) -> Handed {
        if net::say(&mut self.line, &dotted(message)).await.is_err() {
            // Cut off before its end the server keeps nothing (RFC 5321 §4.1.1.4), but what was flushed may have been all of it.
            return Handed::Unknown;
        }
        match self.reply().await {
            Ok(reply) if reply.code == 250 => Handed::Taken,
            Ok(reply) => Handed::Refused(reply.fault("message_refused")),
            Err(_) => Handed::Unknown,
        }
    }

    /// Says goodbye; whether it is heard matters to nobody.
    pub async fn close(mut self) {
        let _ = self.ask("QUIT", &[221], "closed").await;
    }

    async fn ask(&mut self, words: &str, wanted: &[u16], refused: &'static str) -> Result<Reply, Fault> {
        if words.contains(['\r', '\n', '\0']) {
            return Err(Fault::lasting("protocol"));
        }
        net::say(&mut self.line, format!("{words}\r\n").as_bytes()).await?;
        let reply = self.reply().await?;
        if wanted.contains(&reply.code) { Ok(reply) } else { Err(reply.fault(refused)) }
    }

    async fn reply(&mut self) -> Result<Reply, Fault> {
        let mut lines = Vec::new();
        loop {
            let line = read_line(&mut self.line).await?;
            let code = line.get(..3).and_then(|code| code.parse().ok());
            let code: u16 = code.ok_or_else(|| Fault::lasting("protocol").saying(&line))?;
            lines.push(line.get(4..).unwrap_or("").to_owned());
            if line.as_bytes().get(3) != Some(&b'-') {
                return Ok(Reply { code, lines });
            }
            if lines.len() > 200 {
                return Err(Fault::lasting("protocol"));
            }
        }
    }
}

/// A message as it goes over the line: dots doubled, a dot behind (RFC 5321 §4.5.2).
fn dotted(message: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(message.len() + 64);
    let mut at_start = true;
    for byte in message {
        if at_start && *byte == b'.' {
            out.push(b'.');
        }
        out.push(*byte);
        at_start = *byte == b'\n';
    }
    if !out.ends_with(b"\r\n") {
        out.extend(b"\r\n");
    }
    out.extend(b".\r\n");
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_a_dot_does_not_end_the_message() {
        assert_eq!(dotted(b"a\r\n.\r\n..b\r\n"), b"a\r\n..\r\n...b\r\n.\r\n");
        assert_eq!(dotted(b"a"), b"a\r\n.\r\n");
    }

    #[test]
    fn a_refusal_is_for_good_or_for_a_while_as_the_server_says() {
        let reply = |code, line: &str| Reply { code, lines: vec![line.to_owned()] };
        let full = reply(552, "5.2.2 mailbox full").fault("recipient_refused");
        assert_eq!((full.code, full.passing), ("mailbox_full", false));
        let later = reply(451, "4.7.1 greylisted").fault("recipient_refused");
        assert_eq!((later.code, later.passing, later.said.as_str()), ("later", true, "451 4.7.1 greylisted"));
        assert_eq!(reply(550, "no such user").fault("recipient_refused").code, "recipient_refused");
    }
}
