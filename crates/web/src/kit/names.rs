//! People of the house by the words with which the trail names them: nobody reads an id where a name is meant.

use std::collections::HashMap;

use crm::identity::staff::Colleague;

use super::text::Text;

/// Colleagues' names by their ids.
#[derive(Clone, Debug, Default)]
pub struct Names(HashMap<String, String>);

impl Names {
    /// These colleagues.
    pub fn of(colleagues: Vec<Colleague>) -> Self {
        Self(colleagues.into_iter().map(|one| (one.id.to_string(), one.name.into_inner())).collect())
    }

    /// A colleague's name; nothing for whoever is none.
    pub fn get(&self, id: &str) -> Option<&String> {
        self.0.get(id).filter(|name| !name.is_empty())
    }

    /// Who it was, in words: a colleague's name, the operator, the product itself, a program.
    pub fn who(&self, t: Text, actor: &str) -> String {
        if let Some(name) = self.get(actor) {
            return name.clone();
        }
        t.get(match actor {
            "operator" => "actor-operator",
            "system" => "actor-system",
            "visitor" => "actor-visitor",
            id if id.starts_with("usr_") => "actor-former",
            _ => "actor-program",
        })
    }
}

/// One or two letters for somebody.
pub fn initials(name: &str) -> String {
    let mut words = name.split_whitespace().filter_map(|word| word.chars().find(|c| c.is_alphanumeric()));
    let first = words.next();
    first.into_iter().chain(words.next_back()).flat_map(char::to_uppercase).collect()
}

/// A purpose's or class's key as a label.
pub fn capital(key: &str) -> String {
    let mut letters = key.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}
