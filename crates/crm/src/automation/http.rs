//! Handing a message to somebody's server: by HTTP, to an address that was looked at first, without following it anywhere.

use std::{
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    sync::Arc,
    time::Duration,
};

use http_body_util::Full;
use hyper::{
    Request, Uri,
    body::Bytes,
    client::conn::http1,
    header::{CONTENT_TYPE, HOST, USER_AGENT},
    rt::{Read, Write},
};
use hyper_util::rt::TokioIo;
use kernel::{Error, Result};
use rustls::pki_types::ServerName;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::TlsConnector;

use crate::mail::tls_config;

/// How long a server may take in all.
const PATIENCE: Duration = Duration::from_secs(15);
/// The most that an answer's headers may have, in bytes. Its body is not read.
const HEADERS: usize = 16 * 1024;
/// The longest address.
const LONGEST: usize = 2_000;

/// Where messages go.
#[derive(Debug)]
pub struct Target {
    uri: Uri,
    host: String,
    port: u16,
    tls: bool,
}

/// What came of handing it over: the status, or a word for why there is none.
pub type Answer = std::result::Result<u16, &'static str>;

impl Target {
    /// Reads an address. `inside` allows servers of one's own network, and those without encryption.
    ///
    /// Error: invalid_input.
    pub fn read(url: &str, inside: bool) -> Result<Self> {
        let refuse = |code, words: &str| Err(Error::invalid("/url", code, words));
        let Some(uri) = url.parse::<Uri>().ok().filter(|_| url.len() <= LONGEST && !url.contains('#')) else {
            return refuse("not_a_url", "Write an address such as https://example.org/hooks.");
        };
        let tls = match uri.scheme_str() {
            Some("https") => true,
            Some("http") if inside => false,
            Some("http") => {
                return refuse("https_required", "Only https:// is sent to. Without it, only servers of one's own network that you allow.");
            }
            _ => return refuse("not_a_url", "Write an address that begins with https://."),
        };
        if uri.authority().is_some_and(|authority| authority.as_str().contains('@')) {
            return refuse("not_a_url", "Leave name and password out of the address; the signature says who sends.");
        }
        let host = uri.host().unwrap_or_default().trim_matches(['[', ']']).to_owned();
        if host.is_empty() {
            return refuse("not_a_url", "Write the server's name into the address.");
        }
        if !inside && host.parse::<IpAddr>().is_ok_and(|ip| !is_public(ip)) {
            return refuse("address_inside", "This address is of one's own network. Tick that such servers are allowed if you mean it.");
        }
        let port = uri.port_u16().unwrap_or(if tls { 443 } else { 80 });
        Ok(Self { uri, host, port, tls })
    }

    /// The server's name.
    pub fn host(&self) -> &str {
        &self.host
    }

    /// Hands a message over. The name is looked up once, and what it leads to is judged: with another answer a moment later nothing is won.
    pub async fn post(&self, headers: &[(&'static str, String)], body: Vec<u8>, inside: bool) -> Answer {
        timeout(PATIENCE, self.posted(headers, body, inside)).await.unwrap_or(Err("timeout"))
    }

    async fn posted(&self, headers: &[(&'static str, String)], body: Vec<u8>, inside: bool) -> Answer {
        let found = tokio::net::lookup_host((self.host.as_str(), self.port)).await.map_err(|_| "name_not_found")?;
        let mut why = "name_not_found";
        for address in found {
            let public = is_public(address.ip());
            // Without encryption a message stays in one's own network.
            if !public && !inside || public && !self.tls {
                why = if public { "plain_refused" } else { "address_inside" };
                continue;
            }
            let Ok(stream) = TcpStream::connect(address).await else {
                why = "refused";
                continue;
            };
            if !self.tls {
                return self.said(TokioIo::new(stream), headers, body).await;
            }
            let config = tls_config("").map_err(|_| "tls")?;
            let name = match self.host.parse::<IpAddr>() {
                Ok(ip) => ServerName::IpAddress(ip.into()),
                Err(_) => ServerName::try_from(self.host.clone()).map_err(|_| "name_not_found")?,
            };
            let tls = TlsConnector::from(Arc::new(config)).connect(name, stream).await.map_err(|_| "tls")?;
            return self.said(TokioIo::new(tls), headers, body).await;
        }
        Err(why)
    }

    async fn said<W: Read + Write + Send + Unpin + 'static>(&self, wire: W, headers: &[(&'static str, String)], body: Vec<u8>) -> Answer {
        let (mut sender, connection) = http1::Builder::new().max_buf_size(HEADERS).handshake(wire).await.map_err(|_| "protocol")?;
        let path = self.uri.path_and_query().map_or("/", |path| path.as_str());
        let authority = self.uri.authority().map_or("", |authority| authority.as_str());
        let mut request = Request::post(path)
            .header(HOST, authority)
            .header(USER_AGENT, concat!("Probity/", env!("CARGO_PKG_VERSION")))
            .header(CONTENT_TYPE, "application/json");
        for (name, value) in headers {
            request = request.header(*name, value);
        }
        let request = request.body(Full::new(Bytes::from(body))).map_err(|_| "protocol")?;
        let talk = async { sender.send_request(request).await };
        // The connection has to be driven while the answer is waited for, and ends with it.
        tokio::pin!(connection);
        tokio::pin!(talk);
        let answer = tokio::select! {
            answer = &mut talk => answer,
            _ = &mut connection => talk.await,
        };
        answer.map(|answer| answer.status().as_u16()).map_err(|_| "closed")
    }
}

/// Whether an address is one of the public internet: none of this machine, of private networks, or kept for something else (IANA's registries
/// of special-purpose addresses, RFC 6890).
pub fn is_public(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_public_4(ip),
        IpAddr::V6(ip) => is_public_6(ip),
    }
}

fn is_public_4(ip: Ipv4Addr) -> bool {
    let [a, b, c, _] = ip.octets();
    let special = match a {
        0 | 10 | 127 => true,
        100 => (64..=127).contains(&b),
        169 => b == 254,
        172 => (16..=31).contains(&b),
        192 => b == 168 || b == 0 && (c == 0 || c == 2) || b == 88 && c == 99,
        198 => b == 18 || b == 19 || b == 51 && c == 100,
        203 => b == 0 && c == 113,
        _ => a >= 224,
    };
    !special
}

fn is_public_6(ip: Ipv6Addr) -> bool {
    if let Some(ip) = ip.to_ipv4_mapped() {
        return is_public_4(ip);
    }
    let s = ip.segments();
    let inner = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_public_4(Ipv4Addr::new(a, b, c, d))
    };
    match s {
        // NAT64 and 6to4 lead to the address of version 4 that they hold.
        [0x64, 0xff9b, 0, 0, 0, 0, high, low] | [0x2002, high, low, ..] => inner(high, low),
        [0x2001, second, ..] => second >= 0x200 && second != 0xdb8,
        // Global unicast is 2000::/3 alone; 3fff::/20 is for documents.
        [first, second, ..] => first & 0xe000 == 0x2000 && !(first == 0x3fff && second & 0xf000 == 0),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_ones_own_network_are_told_from_public_ones() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "192.0.2.1",
            "198.18.0.1",
            "203.0.113.9",
            "::",
            "::1",
            "fe80::1",
            "fd00::1",
            "fc00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
            "100::1",
        ] {
            assert!(!is_public(inside.parse().unwrap()), "{inside}");
        }
        for public in
            ["8.8.8.8", "172.32.0.1", "100.128.0.1", "193.99.144.80", "2a00:1450:4001::200e", "2606:4700::1111", "64:ff9b::808:808"]
        {
            assert!(is_public(public.parse().unwrap()), "{public}");
        }
    }

    #[test]
    fn only_https_is_sent_to_unless_the_own_network_is_allowed() {
        let code = |url, inside| Target::read(url, inside).map(|_| ()).map_err(|error| error.problems()[0].code);
        assert_eq!(code("https://example.org/hooks?a=1", false), Ok(()));
        assert_eq!(code("http://example.org/", false), Err("https_required"));
        assert_eq!(code("http://127.0.0.1:8080/", true), Ok(()));
        assert_eq!(code("https://127.0.0.1/", false), Err("address_inside"));
        assert_eq!(code("https://[::1]/", false), Err("address_inside"));
        assert_eq!(code("https://me:secret@example.org/", false), Err("not_a_url"));
        for wrong in ["", "example.org", "ftp://example.org", "file:///etc/passwd", "https://", "https://example.org/#a", "/path"] {
            assert_eq!(code(wrong, true), Err("not_a_url"), "{wrong}");
        }
    }
}
