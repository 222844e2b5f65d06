//! Whom a text mentions: `@` and a colleague's name.

use kernel::UserId;

/// Those whom a text mentions by `@` and their whole name, or their first name where nobody else has it; each once, in the text's order.
/// An `@` within a word (an e-mail address) mentions nobody, and neither does a name that goes on as another word.
pub(super) fn mentioned(text: &str, colleagues: &[(UserId, String)]) -> Vec<UserId> {
    let text = text.to_lowercase();
    let names: Vec<(UserId, String)> = colleagues.iter().map(|(id, name)| (*id, name.trim().to_lowercase())).collect();
    let mut found = Vec::new();
    for (at, _) in text.match_indices('@') {
        if text[..at].chars().next_back().is_some_and(char::is_alphanumeric) {
            continue;
        }
        if let Some(id) = meant(&text[at + 1..], &names).filter(|id| !found.contains(id)) {
            found.push(id);
        }
    }
    found
}

/// The colleague whose name stands first in a text: the longest whole name, else the only one with that first name.
fn meant(text: &str, names: &[(UserId, String)]) -> Option<UserId> {
    let whole = names.iter().filter(|(_, name)| !name.is_empty() && begins(text, name));
    let longest = whole.clone().map(|(_, name)| name.len()).max();
    if let Some(longest) = longest {
        let mut same = whole.filter(|(_, name)| name.len() == longest);
        // Two of one name are told apart by ticking one of them.
        return same.next().filter(|_| same.next().is_none()).map(|(id, _)| *id);
    }
    let mut first = names.iter().filter(|(_, name)| name.split_whitespace().next().is_some_and(|word| begins(text, word)));
    first.next().filter(|_| first.next().is_none()).map(|(id, _)| *id)
}

fn begins(text: &str, name: &str) -> bool {
    text.strip_prefix(name).is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn staff() -> Vec<(UserId, String)> {
        ["Grace Hopper", "Ada Byron", "Ada Byron King", "Mara Keller", "Mara Klein", ""]
            .iter()
            .zip(1u8..)
            .map(|(name, n)| (UserId::from_bytes([n; 16]), (*name).to_owned()))
            .collect()
    }

    fn names(text: &str) -> Vec<u8> {
        mentioned(text, &staff()).iter().map(|id| id.bytes()[0]).collect()
    }

    #[test]
    fn a_whole_name_is_meant_however_it_is_written_and_the_longest_one() {
        assert_eq!(names("@grace hopper, please look"), [1]);
        assert_eq!(names("See @Ada Byron King and @Ada Byron."), [3, 2]);
        assert_eq!(names("(@Mara Klein) @Mara Klein"), [5], "once");
    }

    #[test]
    fn a_first_name_is_meant_where_nobody_else_has_it() {
        assert_eq!(names("@Grace?"), [1]);
        assert_eq!(names("@Mara, which of you"), Vec::<u8>::new());
    }

    #[test]
    fn an_address_another_word_and_a_lone_sign_mention_nobody() {
        for text in ["mail grace@grace hopper.example", "x@Grace", "@Graceful", "@", "@ Grace", "@Nobody", "Grace Hopper"] {
            assert_eq!(names(text), Vec::<u8>::new(), "{text}");
        }
    }

    #[test]
    fn letters_beyond_ascii_are_compared_as_people_write_them() {
        let staff = vec![(UserId::from_bytes([9; 16]), "Ülkü Şen".to_owned())];
        assert_eq!(mentioned("@ÜLKÜ ŞEN", &staff).len(), 1);
    }
}
