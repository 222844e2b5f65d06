//! Where settings come from, and who wins: flag over environment over file over default.

use std::{collections::BTreeMap, path::Path};

use kernel::{Code, Error, Result};

use super::{
    kinds::Taken,
    settings::{Key, SECTIONS, Section},
};

/// The prefix of the environment's names: `PROBITY_SERVER__LISTEN`.
const PREFIX: &str = "PROBITY_";
/// No configuration comes near this.
const LARGEST: u64 = 1 << 20;

/// One value and where it was set, for messages.
pub struct Given {
    text: String,
    place: String,
}

/// What was set, by section and key.
#[derive(Default)]
pub struct Values(BTreeMap<(&'static str, &'static str), Given>);

impl Values {
    /// Sets a value, over whatever was set before.
    pub fn set(&mut self, section: &'static str, key: &'static str, text: impl Into<String>, place: impl Into<String>) {
        self.0.insert((section, key), Given { text: text.into(), place: place.into() });
    }

    /// Reads one setting. Error: invalid_input with the place it was set at, without the value (it may be a secret).
    pub(super) fn read<T: Taken>(&self, section: &'static str, key: &'static str, default: &str) -> Result<T> {
        let given = self.0.get(&(section, key));
        T::take(given.map_or(default, |g| g.text.as_str())).ok_or_else(|| {
            let place = given.map_or("the default", |g| g.place.as_str());
            let words = format!("{place}: [{section}] {key} takes {}.", T::TAKES);
            Error::new(Code::InvalidInput, "A setting has a value that it cannot take.").at(
                format!("/{section}/{key}"),
                "wrong_value",
                words,
            )
        })
    }

    /// Reads a file. Errors: not_found, malformed, and invalid_input for a key there is not, naming the nearest there is.
    pub fn add_file(&mut self, path: &Path) -> Result<()> {
        let shown = path.display();
        let size = path.metadata().map(|m| m.len());
        let text = match size {
            Ok(size) if size > LARGEST => {
                return Err(Error::new(Code::TooLarge, format!("{shown} is far too large to be a configuration.")));
            }
            Ok(_) => std::fs::read_to_string(path),
            Err(error) => Err(error),
        };
        let text = text.map_err(|e| Error::new(Code::NotFound, format!("The configuration {shown} cannot be read ({}).", e.kind())))?;
        let table: toml::Table = toml::from_str(&text).map_err(|e| {
            let line = e.span().map_or(1, |span| text.bytes().take(span.start).filter(|b| *b == b'\n').count() + 1);
            Error::new(Code::Malformed, format!("{shown}, line {line}: this is not TOML ({}).", e.message()))
        })?;
        for (name, value) in table {
            let section =
                find_section(&name).ok_or_else(|| unknown(&name, &shown.to_string(), SECTIONS.iter().map(|s| s.name), "section"))?;
            let toml::Value::Table(keys) = value else {
                return Err(Error::invalid(format!("/{name}"), "wrong_value", format!("{shown}: [{name}] is a section with keys in it.")));
            };
            for (name, value) in keys {
                let known = section.keys.iter().map(|k| k.name);
                let key = find_key(section, &name)
                    .ok_or_else(|| unknown(&format!("[{}] {name}", section.name), &shown.to_string(), known, "key"))?;
                let text = as_text(value).ok_or_else(|| {
                    let words = format!("{shown}: [{}] {} takes {}.", section.name, key.name, key.takes);
                    Error::invalid(format!("/{}/{}", section.name, key.name), "wrong_value", words)
                })?;
                self.set(section.name, key.name, text, shown.to_string());
            }
        }
        Ok(())
    }

    /// Takes what the environment sets. Names with our prefix but without `__` are not settings and are passed over.
    pub fn add_environment(&mut self, variables: impl Iterator<Item = (String, String)>) -> Result<()> {
        for (name, text) in variables {
            let Some((section, key)) = name.strip_prefix(PREFIX).and_then(|rest| rest.split_once("__")) else { continue };
            let found = find_section(&section.to_ascii_lowercase())
                .and_then(|section| Some((section, find_key(section, &key.to_ascii_lowercase())?)));
            let Some((section, key)) = found else {
                let names: Vec<_> = SECTIONS.iter().flat_map(|s| s.keys.iter().map(move |k| variable(s, k))).collect();
                return Err(unknown(&name, "the environment", names.iter().map(String::as_str), "variable"));
            };
            self.set(section.name, key.name, text, format!("the environment's {name}"));
        }
        Ok(())
    }
}

/// The environment's name of a setting.
pub(super) fn variable(section: &Section, key: &Key) -> String {
    format!("{PREFIX}{}__{}", section.name, key.name).to_ascii_uppercase()
}

fn find_section(name: &str) -> Option<&'static Section> {
    SECTIONS.iter().find(|s| s.name == name)
}

fn find_key(section: &'static Section, name: &str) -> Option<&'static Key> {
    section.keys.iter().find(|k| k.name == name)
}

fn as_text(value: toml::Value) -> Option<String> {
    match value {
        toml::Value::String(text) => Some(text),
        toml::Value::Integer(n) => Some(n.to_string()),
        toml::Value::Array(items) => {
            let texts = items.into_iter().map(|item| item.as_str().filter(|t| !t.contains(',')).map(str::to_owned));
            Some(texts.collect::<Option<Vec<_>>>()?.join(","))
        }
        _ => None,
    }
}

fn unknown<'a>(name: &str, place: &str, known: impl Iterator<Item = &'a str>, what: &str) -> Error {
    let bare = name.rsplit(' ').next().unwrap_or(name);
    let nearest = known.map(|k| (distance(bare, k), k)).min();
    let hint = nearest.map_or(String::new(), |(_, k)| format!(" The nearest there is: {k}."));
    Error::new(Code::InvalidInput, format!("{place} sets {name}, but there is no such {what}; nothing was started.{hint}"))
}

/// Levenshtein's distance: how many single-character edits lie between two names.
fn distance(a: &str, b: &str) -> usize {
    let b: Vec<char> = b.chars().collect();
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = i;
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let replaced = diagonal + usize::from(x != *y);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{Values, distance};
    use crate::config::Settings;

    fn file(text: &str) -> kernel::Result<Values> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("probity.toml");
        std::fs::write(&path, text).unwrap();
        let mut values = Values::default();
        values.add_file(&path).map(|()| values)
    }

    fn variables(pairs: &[(&str, &str)]) -> impl Iterator<Item = (String, String)> {
        pairs.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect::<Vec<_>>().into_iter()
    }

    #[test]
    fn the_defaults_are_values_their_keys_can_take() {
        let settings = Settings::from_values(&Values::default()).unwrap();
        assert_eq!(settings.server.listen.to_string(), "127.0.0.1:8080");
        assert_eq!(settings.store.data, Path::new("./probity-data"));
        assert_eq!(settings.store.database, None);
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let mut values = file("[server]\nlisten = \"127.0.0.1:1\"\n[retention]\ngrace_days = 7\n[store]\ndata = \"/a\"").unwrap();
        values.add_environment(variables(&[("PROBITY_SERVER__LISTEN", "127.0.0.1:2"), ("PROBITY_STORE__DATA", "/b")])).unwrap();
        values.set("server", "listen", "127.0.0.1:3", "the flag --listen");
        let settings = Settings::from_values(&values).unwrap();
        assert_eq!(settings.server.listen.port(), 3);
        assert_eq!(settings.store.data, Path::new("/b"));
        assert_eq!(settings.retention.grace_days, Some(7));
    }

    #[test]
    fn an_unknown_key_is_refused_with_the_nearest_there_is() {
        let error = file("[server]\nlisen = \"127.0.0.1:1\"").err().unwrap();
        assert!(
            error.detail().contains("lisen") && error.detail().contains("probity.toml") && error.detail().contains("listen"),
            "{error}"
        );
        let error = file("[servr]\nlisten = \"127.0.0.1:1\"").err().unwrap();
        assert!(error.detail().contains("servr") && error.detail().contains("server"), "{error}");
        let error = Values::default().add_environment(variables(&[("PROBITY_STORE__DATABSE", "x")])).unwrap_err();
        assert!(error.detail().contains("PROBITY_STORE__DATABASE"), "{error}");
    }

    #[test]
    fn variables_of_other_programs_are_passed_over() {
        Values::default().add_environment(variables(&[("PATH", "/bin"), ("PROBITY_CORPUS", "/x")])).unwrap();
    }

    #[test]
    fn a_wrong_value_names_its_key_and_place_and_not_itself() {
        let values = file("[server]\nlisten = \"geheim\"").unwrap();
        let error = Settings::from_values(&values).err().unwrap();
        let words = error.to_string();
        assert!(words.contains("/server/listen") && words.contains("probity.toml") && !words.contains("geheim"), "{words}");
    }

    #[test]
    fn what_is_not_toml_names_its_line() {
        let error = file("[server]\nlisten = \"127.0.0.1:1\"\n= 3").err().unwrap();
        assert!(error.detail().contains("line 3"), "{error}");
    }

    #[test]
    fn distances_are_levenshteins() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
