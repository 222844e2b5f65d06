use proptest::prelude::*;

use super::*;

fn keys() -> (IndexKey, IndexKey) {
    (IndexKey::new(1, [3; 32]), IndexKey::new(0, [4; 32]))
}

#[test]
fn a_token_tells_fields_and_kinds_apart() {
    let (index, suppression) = keys();
    let tokens = Tokens::new(&index, &suppression);
    let all = [
        tokens.exact("name", "ada"),
        tokens.word("name", "ada"),
        tokens.prefix("name", "ada"),
        tokens.exact("notes", "ada"),
        tokens.word("notes", "ada"),
        tokens.suppression("ada"),
        Tokens::new(&IndexKey::new(2, [5; 32]), &suppression).word("name", "ada"),
    ];
    assert_eq!(all.iter().collect::<HashSet<_>>().len(), all.len());
    assert_eq!(tokens.word("name", "ada"), tokens.word("name", "ada"));
}

#[test]
fn a_text_has_each_words_token_once_however_it_is_written() {
    let (index, suppression) = keys();
    let tokens = Tokens::new(&index, &suppression);
    let expected = vec![tokens.word("notes", "muller"), tokens.word("notes", "strasse")];
    assert_eq!(tokens.words("notes", "Müller, Straße; MÜLLER STRASSE"), expected);
}

#[test]
fn a_beginning_finds_the_word_within_the_lengths_that_were_indexed() {
    let (index, suppression) = keys();
    let tokens = Tokens::new(&index, &suppression);
    let found = tokens.prefixes("name", "Łukasz X", 2, 4);
    assert_eq!(found.len(), 3);
    for there in ["lu", "luk", "luka"] {
        assert!(found.contains(&tokens.prefix("name", there)), "{there}");
    }
    for absent in ["l", "lukas", "x", "lukasz"] {
        assert!(!found.contains(&tokens.prefix("name", absent)), "{absent}");
    }
    assert!(!found.contains(&tokens.word("name", "luka")), "a beginning is not a word");
    assert_eq!(tokens.prefixes("name", "Al Al", 2, 8), [tokens.prefix("name", "al")]);
}

proptest! {
    #[test]
    fn no_token_is_negative(field in ".{0,8}", text in ".{0,30}") {
        let (index, suppression) = keys();
        let tokens = Tokens::new(&index, &suppression);
        prop_assert!(tokens.exact(&field, &text) >= 0);
        prop_assert!(tokens.words(&field, &text).iter().chain(&tokens.prefixes(&field, &text, 0, 8)).all(|t| *t >= 0));
    }
}
