//! How a value shows to one who may not, or need not, see all of it.

use serde::{Deserialize, Serialize};

use crate::Value;

/// What a hidden value always looks like, whatever its length.
pub const EIGHT_DOTS: &str = "••••••••";

/// How much of a value a mask lets through.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Default)]
#[serde(rename_all = "snake_case")]
pub enum Mask {
    /// Shown whole to whoever may open the field.
    #[default]
    None,
    /// `a•••••@nordwind.example`.
    Email,
    /// The last four digits.
    LastFour,
    /// Nothing but eight dots.
    Full,
}

impl Mask {
    /// The masked form of a value.
    pub fn apply(self, value: &Value) -> String {
        match (self, value) {
            (_, Value::List(values)) => values.iter().map(|v| self.apply(v)).collect::<Vec<_>>().join(", "),
            (Self::None, value) => value.display(),
            (Self::Email, Value::Text(text)) => match text.rsplit_once('@') {
                Some((local, domain)) => format!("{}•••••@{domain}", local.chars().next().unwrap_or('•')),
                None => EIGHT_DOTS.to_owned(),
            },
            (Self::LastFour, Value::Text(text)) => {
                let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
                match digits.len() {
                    0..=6 => EIGHT_DOTS.to_owned(),
                    n => format!("••• {}", digits[n - 4..].iter().collect::<String>()),
                }
            }
            _ => EIGHT_DOTS.to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_only_what_it_says() {
        let mail = Value::Text("chiara@lombardi.example".into());
        assert_eq!(Mask::Email.apply(&mail), "c•••••@lombardi.example");
        assert_eq!(Mask::LastFour.apply(&Value::Text("+39 02 1234 4417".into())), "••• 4417");
        assert_eq!(Mask::LastFour.apply(&Value::Text("12 34".into())), EIGHT_DOTS);
        assert_eq!(Mask::Full.apply(&mail), EIGHT_DOTS);
    }
}
