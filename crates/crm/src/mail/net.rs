//! Connections to mail servers: by name, over TLS, with words for what went wrong at which step.

use std::{net::IpAddr, sync::Arc, time::Duration};

use kernel::{Error, Result};
use rustls::{
    CertificateError, ClientConfig, RootCertStore,
    pki_types::{CertificateDer, ServerName, pem::PemObject},
};
use serde::{Deserialize, Serialize};
use tokio::{
    io::{AsyncRead, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    time::timeout,
};
use tokio_rustls::TlsConnector;

/// How long one step with a server may take.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// How a connection is protected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Tls {
    /// TLS from the first byte (RFC 8314).
    #[default]
    Implicit,
    /// Begun in plain text, then TLS before anything is said.
    Starttls,
    /// Not at all: to this machine alone.
    None,
}

impl Tls {
    /// Every way.
    pub const ALL: [Self; 3] = [Self::Implicit, Self::Starttls, Self::None];

    /// The stored word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Implicit => "implicit",
            Self::Starttls => "starttls",
            Self::None => "none",
        }
    }

    /// From its word.
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|tls| tls.as_str() == word)
    }
}

/// Where a server is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Server {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is protected.
    pub tls: Tls,
}

/// Why a server did not do what it was asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// A stable word, one of [`Fault::CODES`].
    pub code: &'static str,
    /// What the server said, on one line; may name people.
    pub said: String,
    /// Whether trying again later can help.
    pub passing: bool,
}

/// A stable word, what it means and what to do.
type Meaning = (&'static str, &'static str);

impl Fault {
    /// Every fault, with its words.
    pub const CODES: &'static [Meaning] = &[
        ("name_not_found", "No computer has this name. Check how the server's name is written."),
        ("refused", "Nothing answers at this port. Check the port, and that the server is running."),
        ("timeout", "The server does not answer in time. Check the name and port; a firewall may stand between."),
        (
            "tls_certificate",
            "The server's certificate is not to be trusted: it is of another authority, name or time. Give the certificate of your own authority, or ask whoever runs the server.",
        ),
        ("tls", "No encrypted connection came about. Check that port and encryption fit together."),
        ("plain_refused", "Without encryption only this machine itself is reached. Choose TLS."),
        ("starttls_missing", "The server does not offer STARTTLS. Choose TLS from the start, usually port 993 and 465."),
        ("login_refused", "The server refuses the login. Check login and password; with two factors an app password is needed."),
        ("login_unsupported", "The server offers no way to log in that is known here: PLAIN or LOGIN."),
        ("folder_missing", "A folder is not there. Check the names of the folders."),
        ("mailbox_full", "The mailbox is full. Make room in it."),
        ("sender_refused", "The server does not send for this address. Check the address of the account."),
        ("recipient_refused", "The server refuses a recipient. Check the address."),
        ("too_large", "The message is larger than the server takes. Leave attachments out."),
        ("message_refused", "The server refuses the message."),
        ("later", "The server asks to try again later."),
        ("closed", "The connection broke off."),
        ("protocol", "The server answers in a way that is not understood. Check that the port is that of IMAP or SMTP."),
    ];

    /// A fault that comes again until somebody does something.
    pub fn lasting(code: &'static str) -> Self {
        Self { code, said: String::new(), passing: false }
    }

    /// A fault that may be gone later.
    pub fn passing(code: &'static str) -> Self {
        Self { code, said: String::new(), passing: true }
    }

    /// With the server's words made safe: one line of what can be printed, at most 300 characters.
    #[must_use]
    pub fn saying(mut self, said: &str) -> Self {
        self.said = said.chars().map(|c| if c.is_control() { ' ' } else { c }).take(300).collect::<String>().trim().to_owned();
        self
    }

    /// What a fault's word means and what to do.
    pub fn words(code: &str) -> &'static str {
        Self::CODES.iter().find(|(known, _)| *known == code).map_or("", |(_, words)| words)
    }

    /// The stored word as one that is known.
    pub fn known(code: &str) -> Option<&'static str> {
        Self::CODES.iter().find(|(known, _)| *known == code).map(|(known, _)| *known)
    }

    /// As an error about a part of the settings.
    pub fn at(&self, pointer: &'static str) -> Error {
        Error::invalid(pointer, self.code, Self::words(self.code))
    }

    fn of(cause: &std::io::Error) -> Self {
        use std::io::ErrorKind;
        if let Some(tls) = cause.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>()) {
            return match tls {
                rustls::Error::InvalidCertificate(why) => Self::lasting("tls_certificate").saying(certificate(why)),
                _ => Self::lasting("tls"),
            };
        }
        match cause.kind() {
            ErrorKind::ConnectionRefused => Self::passing("refused"),
            ErrorKind::TimedOut => Self::passing("timeout"),
            _ => Self::passing("closed"),
        }
    }
}

impl From<std::io::Error> for Fault {
    fn from(cause: std::io::Error) -> Self {
        Self::of(&cause)
    }
}

fn certificate(why: &CertificateError) -> &'static str {
    match why {
        CertificateError::Expired | CertificateError::ExpiredContext { .. } => "expired",
        CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => "not for this name",
        CertificateError::UnknownIssuer => "unknown issuer",
        _ => "invalid",
    }
}

/// What a client reads and writes.
pub trait Wire: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Wire for T {}

/// A connection, its encryption aside.
pub type Line = BufReader<Box<dyn Wire>>;

/// Within the time a step may take.
pub async fn in_time<T>(step: impl Future<Output = Result<T, Fault>>) -> Result<T, Fault> {
    timeout(PATIENCE, step).await.unwrap_or(Err(Fault::passing("timeout")))
}

/// Connects; with implicit TLS, the connection is encrypted already.
pub async fn connect(server: &Server, ca: &str) -> Result<Line, Fault> {
    let found: Vec<_> = in_time(async {
        let found = tokio::net::lookup_host((server.host.as_str(), server.port)).await;
        found.map(Iterator::collect).map_err(|_| Fault::passing("name_not_found"))
    })
    .await?;
    let mut fault = Fault::passing("name_not_found");
    for address in found {
        if server.tls == Tls::None && !address.ip().is_loopback() {
            fault = Fault::lasting("plain_refused");
            continue;
        }
        match in_time(async { Ok(TcpStream::connect(address).await?) }).await {
            Ok(stream) => {
                stream.set_nodelay(true)?;
                let line: Box<dyn Wire> = Box::new(stream);
                return match server.tls {
                    Tls::Implicit => encrypt(line, server, ca).await,
                    Tls::Starttls | Tls::None => Ok(BufReader::new(line)),
                };
            }
            Err(why) => fault = why,
        }
    }
    Err(fault)
}

/// Encrypts a connection and checks whose it is.
pub async fn encrypt(line: Box<dyn Wire>, server: &Server, ca: &str) -> Result<Line, Fault> {
    let config = config(ca).map_err(|_| Fault::lasting("tls_certificate"))?;
    let host = server.host.trim_matches(['[', ']']);
    let name = match host.parse::<IpAddr>() {
        Ok(ip) => ServerName::IpAddress(ip.into()),
        Err(_) => ServerName::try_from(host.to_owned()).map_err(|_| Fault::lasting("name_not_found"))?,
    };
    let tls = in_time(async { Ok(TlsConnector::from(Arc::new(config)).connect(name, line).await?) }).await;
    let tls = tls.map_err(|fault| if fault.code == "closed" { Fault::passing("tls") } else { fault })?;
    let line: Box<dyn Wire> = Box::new(tls);
    Ok(BufReader::new(line))
}

/// The authorities that this machine trusts, and those given as PEM. Error: invalid_input when what is given is no certificate.
pub fn config(ca: &str) -> Result<ClientConfig> {
    let mut roots = RootCertStore::empty();
    let mut own = 0;
    for one in CertificateDer::pem_slice_iter(ca.as_bytes()) {
        let taken = one.is_ok_and(|one| roots.add(one).is_ok());
        own += usize::from(taken);
        if !taken {
            return Err(no_certificate());
        }
    }
    if own == 0 && !ca.trim().is_empty() {
        return Err(no_certificate());
    }
    if own == 0 {
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    }
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider).with_safe_default_protocol_versions().map_err(Error::internal)?;
    Ok(config.with_root_certificates(roots).with_no_client_auth())
}

fn no_certificate() -> Error {
    Error::invalid("/ca", "not_a_certificate", "This is no certificate in PEM: it begins with -----BEGIN CERTIFICATE-----.")
}

/// Sends bytes at once.
pub async fn say(line: &mut Line, bytes: &[u8]) -> Result<(), Fault> {
    in_time(async {
        line.write_all(bytes).await?;
        line.flush().await?;
        Ok(())
    })
    .await
}
