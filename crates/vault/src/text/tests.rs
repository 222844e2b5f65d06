use proptest::prelude::*;

use super::*;

#[test]
fn writing_differently_is_folded_alike() {
    for (written, folded) in [
        ("Ada LOVELACE", "ada lovelace"),
        ("Müller", "muller"),
        ("Mu\u{308}ller", "muller"),
        ("STRASSE Straße ẞ", "strasse strasse ss"),
        ("Łódź Søren Đorđe Æsir Œuvre Þór", "lodz soren dorde aesir oeuvre thor"),
        ("İstanbul ISPARTA Diyarbakır", "istanbul isparta diyarbakir"),
        ("Ｆｕｌｌ ﬁne №", "full fine no"),
        ("Nguyễn Văn Đức", "nguyen van duc"),
        ("ΟΔΥΣΣΕΎΣ Οδυσσεύς", "οδυσσευσ οδυσσευσ"),
    ] {
        assert_eq!(fold(written), folded);
    }
}

#[test]
fn letters_of_their_own_are_kept_in_other_scripts() {
    assert_eq!(fold("Андрей Їжак Ўлад"), "андрей їжак ўлад");
    assert_eq!(fold("Алёна Фёдорова за\u{301}мок"), "алена федорова замок");
    assert_eq!(fold("שָׁלוֹם"), "שלום");
    assert_eq!(fold("مُحَمَّد"), "محمد");
    assert_eq!(fold("أحمد"), "احمد");
    assert_eq!(fold("हिन्दी"), "हिन्दी");
    assert_eq!(fold("がぎ ｶﾞ 한국"), "がぎ ガ 한국");
}

#[test]
fn words_end_where_letters_and_digits_end() {
    assert_eq!(words("Hello, hello-World 42!"), ["hello", "world", "42"]);
    assert_eq!(words("हिन्दी भाषा"), ["हिन्दी", "भाषा"]);
    assert!(words(" ,.—!? ").is_empty());
}

#[test]
fn characters_and_pairs_are_the_words_of_scripts_without_spaces() {
    assert_eq!(words("東京都 Tokyo"), ["東", "京", "東京", "都", "京都", "tokyo"]);
    assert_eq!(words("김민준"), ["김", "민", "김민", "준", "민준"]);
    let text = words("株式会社東京商事");
    assert!(words("東京").iter().all(|word| text.contains(word)), "a name is found inside a longer one");
}

#[test]
fn the_number_and_length_of_words_are_bounded() {
    let many: String = (0..5_000).map(|n| format!("w{n} ")).collect();
    assert_eq!(words(&many).len(), 4_000);
    assert_eq!(words(&"字".repeat(9)), ["字", "字字"]);
    assert_eq!(words(&"é".repeat(100)), ["e".repeat(40)]);
}

#[test]
fn a_sort_key_ignores_case_accents_and_marks() {
    assert_eq!(name_sort("  Émile  Zola ", 20), "emile zola");
    assert_eq!(name_sort("O'Brien", 3), "obr");
    assert_eq!(name_sort("O’Brien", 3), "obr");
    assert_eq!(name_sort("Dr. de la Cruz", 5), "dr de");
    assert_eq!(name_sort("Li Na", 3), "li ");
    assert_eq!(name_sort("???", 3), "");
}

proptest! {
    #[test]
    fn folding_what_is_folded_changes_nothing(text in "\\PC{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn every_character_folds_to_something_stable(c: char, d: char) {
        let once = fold(&format!("{c}{d}"));
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn words_are_folded_distinct_and_bounded(text in "\\PC{0,80}") {
        let found = words(&text);
        prop_assert_eq!(found.iter().collect::<HashSet<_>>().len(), found.len());
        for word in &found {
            prop_assert!(!word.is_empty() && word.chars().count() <= 40);
        }
        prop_assert_eq!(words(&fold(&text)), found);
    }

    #[test]
    fn a_shorter_sort_key_begins_the_longer(text in "\\PC{0,40}", chars in 0..10usize) {
        let (short, long) = (name_sort(&text, chars), name_sort(&text, usize::MAX));
        prop_assert!(long.starts_with(&short));
        prop_assert!(short.chars().count() <= chars);
    }
}
