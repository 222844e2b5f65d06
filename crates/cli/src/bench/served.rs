//! What is measured of `serve` in a process of its own: its start, its memory, the API under many clients, the weight of a page.

use std::{
    io::{self, BufRead, BufReader},
    process::{Child, Command, Stdio},
    time::Duration,
};

use kernel::{Code, Env, Error, Result};
use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;

use super::{
    data,
    house::{ADMIN, House, wrong},
    http::{Answer, Client},
    load::{Load, clients, memory, millis, ticks},
};

/// A running server.
pub struct Served {
    child: Child,
    host: String,
    /// From its start to its first page, in milliseconds.
    pub first_page: f64,
}

impl Drop for Served {
    fn drop(&mut self) {
        // It may have ended already.
        drop(self.child.kill());
        drop(self.child.wait());
    }
}

impl Served {
    /// Starts this very program on the house's data and loads the first page.
    pub fn start(house: &House) -> Result<Self> {
        let program = std::env::current_exe().map_err(Error::internal)?;
        // No configuration but this.
        let config = house.path("bench.toml");
        std::fs::write(&config, "").map_err(Error::internal)?;
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("PROBITY_")) {
            command.env_remove(name);
        }
        command.args(["serve", "--listen", "127.0.0.1:0", "--json", "--config"]).arg(config).arg("--data").arg(house.folder());
        // Not in the arguments, which everybody on this machine can read.
        let store = &house.settings.store;
        command.envs(store.database.iter().map(|text| ("PROBITY_STORE__DATABASE", text)));
        command.envs(store.vault.iter().map(|text| ("PROBITY_STORE__VAULT", text)));
        let start = house.env.monotonic();
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().map_err(Error::internal)?;
        let mut line = String::new();
        if let Some(out) = child.stdout.take() {
            BufReader::new(out).read_line(&mut line).map_err(Error::internal)?;
        }
        let told: Value = serde_json::from_str(&line).unwrap_or_default();
        let host = told["ready"].as_str().and_then(|url| url.strip_prefix("http://")).unwrap_or_default().to_owned();
        let mut served = Self { child, host, first_page: 0.0 };
        if served.host.is_empty() {
            return Err(Error::new(Code::Unavailable, "The server of the benchmark did not start; try `probity serve` to see why."));
        }
        let page = served.get("/sign-in", &[])?;
        served.first_page = millis(house.env.monotonic().saturating_sub(start));
        if page.status != 200 || !page.text().contains("password") { Err(wrong("the first page")) } else { Ok(served) }
    }

    fn get(&self, path: &str, headers: &[String]) -> Result<Answer> {
        Client::connect(&self.host).and_then(|mut client| client.call("GET", path, headers, b"")).map_err(lost)
    }

    /// Waits until it has nothing to do of its own, as a first sweep of what was imported before it started; at most two minutes.
    pub fn settle(&self) {
        let process = self.child.id().to_string();
        for _ in 0..240 {
            let before = ticks(&process);
            std::thread::sleep(Duration::from_millis(500));
            // A hundredth of a second at most: it only keeps its clocks.
            if ticks(&process).zip(before).is_none_or(|(now, before)| now <= before + 1) {
                return;
            }
        }
    }

    /// Its memory now, in megabytes.
    pub fn memory(&self) -> Option<f64> {
        memory(&self.child.id().to_string(), "VmRSS")
    }

    /// Asks it to end, and waits.
    pub fn end(mut self) -> Result<()> {
        kill_process(Pid::from_child(&self.child), Signal::TERM).map_err(Error::internal)?;
        self.child.wait().map(drop).map_err(Error::internal)
    }

    /// So many clients make people by the API; their numbers begin at `from`.
    pub fn create(&self, env: &Env, keys: &[String], count: usize, span: Duration, from: usize) -> Result<Load> {
        clients(
            env,
            count,
            span,
            |_| Client::connect(&self.host).map_err(lost),
            |client, number, n| {
                let body = data::person(from + n * count + number).to_string();
                let headers = [bearer(keys, number + n * count), "Content-Type: application/json".to_owned()];
                let answer = client.call("POST", "/api/v1/people", &headers, body.as_bytes()).map_err(lost)?;
                if answer.status == 201 { Ok(()) } else { Err(refused("a person was not made", &answer)) }
            },
        )
    }

    /// So many clients read people by the API, each of whom is known by id and name.
    pub fn read(&self, env: &Env, keys: &[String], count: usize, span: Duration, known: &[(String, String)]) -> Result<Load> {
        clients(
            env,
            count,
            span,
            |_| Client::connect(&self.host).map_err(lost),
            |client, number, n| {
                let at = number + n * count;
                let (id, name) = &known[at * 7919 % known.len()];
                let answer = client.call("GET", &format!("/api/v1/people/{id}"), &[bearer(keys, at)], b"").map_err(lost)?;
                if answer.status != 200 {
                    return Err(refused("a person was not read", &answer));
                }
                if answer.text().contains(name) { Ok(()) } else { Err(wrong("another person was read")) }
            },
        )
    }

    /// The People page as a browser loads it first, compressed: its bytes with everything it needs, and the number of requests.
    pub fn page(&self, password: &str) -> Result<(usize, usize)> {
        let form = self.get("/sign-in", &[])?;
        let token = between(&form.text(), "name=\"csrf\" value=\"", "\"").ok_or_else(|| wrong("the form to sign in"))?;
        let visitor = cookie(&form).ok_or_else(|| wrong("the form to sign in"))?;
        let body = format!("csrf={token}&email={}&password={}&next=%2Fpeople", ADMIN.replace('@', "%40"), password.replace(' ', "+"));
        let headers = ["Content-Type: application/x-www-form-urlencoded".to_owned(), format!("Cookie: {visitor}")];
        let signed =
            Client::connect(&self.host).and_then(|mut client| client.call("POST", "/sign-in", &headers, body.as_bytes())).map_err(lost)?;
        let session = cookie(&signed).filter(|_| signed.status == 303).ok_or_else(|| refused("nobody was signed in", &signed))?;
        let cookie = format!("Cookie: {session}");
        let packed = [cookie.clone(), "Accept-Encoding: gzip".to_owned()];
        let (plain, page) = (self.get("/people", &[cookie])?, self.get("/people", &packed)?);
        if page.status != 200 || page.header("content-encoding") != Some("gzip") {
            return Err(refused("the People page", &page));
        }
        let (mut bytes, mut requests) = (page.body.len(), 1);
        for path in assets(&plain.text()) {
            let asset = self.get(&path, &packed)?;
            if asset.status != 200 {
                return Err(refused("a part of the People page", &asset));
            }
            bytes += asset.body.len();
            requests += 1;
        }
        Ok((bytes, requests))
    }
}

fn bearer(keys: &[String], at: usize) -> String {
    format!("Authorization: Bearer {}", keys[at % keys.len()])
}

fn lost(cause: io::Error) -> Error {
    Error::new(Code::Unavailable, format!("The server of the benchmark does not answer ({}).", cause.kind())).because(cause)
}

/// With the answer's code, never its words.
fn refused(what: &str, answer: &Answer) -> Error {
    let problem: Value = serde_json::from_slice(&answer.body).unwrap_or_default();
    wrong(format!("{what} ({} {})", answer.status, problem["code"].as_str().unwrap_or_default()))
}

fn between(text: &str, before: &str, after: &str) -> Option<String> {
    text.split_once(before)?.1.split_once(after).map(|(inside, _)| inside.to_owned())
}

fn cookie(answer: &Answer) -> Option<String> {
    let mut set = answer.headers.iter().filter(|(name, value)| name == "set-cookie" && !value.contains("Max-Age=0"));
    set.next_back().and_then(|(_, value)| value.split(';').next()).map(str::to_owned)
}

/// What a page makes a browser load from `/assets/`, each once.
fn assets(page: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for before in ["href=\"/assets/", "src=\"/assets/"] {
        for rest in page.split(before).skip(1) {
            let path = format!("/assets/{}", rest.split(['"', '#']).next().unwrap_or_default());
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::assets;

    #[test]
    fn what_a_page_loads_is_found_once_each() {
        let page = r#"<link href="/assets/a.css"><script src="/assets/b.js"></script><use href="/assets/i.svg#x"/><use href="/assets/i.svg#y"/><a href="/people">"#;
        assert_eq!(assets(page), ["/assets/a.css", "/assets/i.svg", "/assets/b.js"]);
    }
}
