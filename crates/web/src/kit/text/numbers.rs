//! Numbers as each language writes them (CLDR: decimal and grouping separators).

use crm::identity::Language;

use super::Text;

/// How a language separates: thousands, decimals, and from how many digits on thousands are separated at all.
const fn marks(language: Language) -> (char, char, usize) {
    match language {
        Language::En | Language::Zh => (',', '.', 4),
        Language::De => ('.', ',', 4),
        // A narrow space that no line breaks at.
        Language::Fr => ('\u{202f}', ',', 4),
        Language::Es => ('.', ',', 5),
    }
}

impl Text {
    /// `1,204,331`.
    pub fn number(&self, n: u64) -> String {
        self.decimal(&n.to_string())
    }

    /// A decimal number as it is stored (`-48500.00`), as the reader writes it; what follows the number (a currency) stays behind it,
    /// and what is no number stays as it is.
    pub fn decimal(&self, text: &str) -> String {
        let (group, point, least) = marks(self.language);
        let digits = text.trim_start_matches('-');
        let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
        if whole == 0 {
            return text.to_owned();
        }
        let mut out = text[..text.len() - digits.len()].to_owned();
        for (at, digit) in digits[..whole].chars().enumerate() {
            if at > 0 && whole >= least && (whole - at).is_multiple_of(3) {
                out.push(group);
            }
            out.push(digit);
        }
        match digits[whole..].strip_prefix('.') {
            Some(rest) if rest.starts_with(|c: char| c.is_ascii_digit()) => {
                out.push(point);
                out + rest
            }
            _ => out + &digits[whole..],
        }
    }

    /// What somebody typed for a number, as it is stored: their own language's marks are understood, and plain digits with a point
    /// always. What could mean two numbers (`1.234` in German, unless it is grouped in threes) is read as the language groups it.
    pub fn plain_number(&self, typed: &str) -> String {
        let (group, point, _) = marks(self.language);
        let spaced = |c: char| c == group || matches!(c, '\u{a0}' | '\u{202f}' | ' ' | '\'' | '’');
        let text = typed.trim();
        let (sign, digits) = text.strip_prefix(['-', '−']).map_or(("", text), |rest| ("-", rest));
        let (whole, decimals) = match digits.split_once(point) {
            Some((whole, decimals)) => (whole, Some(decimals)),
            None => (digits, None),
        };
        let groups: Vec<&str> = whole.split(spaced).collect();
        let plain = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
        let threes = groups.len() == 1 || (groups[0].len() <= 3 && groups[1..].iter().all(|part| part.len() == 3));
        let well = groups.iter().all(|part| plain(part)) && threes && decimals.is_none_or(plain);
        if !well {
            return text.to_owned();
        }
        let whole = groups.concat();
        decimals.map_or_else(|| format!("{sign}{whole}"), |decimals| format!("{sign}{whole}.{decimals}"))
    }
}

impl Text {
    /// An amount as somebody typed it, with or without its currency behind it (`48.500,00 EUR`), as it is stored.
    pub fn plain_amount(&self, typed: &str) -> String {
        let text = typed.trim();
        match text.rsplit_once(char::is_whitespace).filter(|(_, currency)| currency.chars().all(char::is_alphabetic)) {
            Some((amount, currency)) => format!("{} {currency}", self.plain_number(amount)),
            None => self.plain_number(text),
        }
    }

    /// A number as it is stored, for an input: with the reader's decimal mark and without groups, so that it is read back as it was.
    pub fn for_input(&self, number: &str) -> String {
        let (_, point, _) = marks(self.language);
        number.replacen('.', point.encode_utf8(&mut [0; 4]), 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn t(language: Language) -> Text {
        Text::of(language)
    }

    #[test]
    fn a_number_is_written_as_its_reader_writes_it() {
        for (language, shown) in [
            (Language::En, "-1,234,567.50 EUR"),
            (Language::De, "-1.234.567,50 EUR"),
            (Language::Fr, "-1\u{202f}234\u{202f}567,50 EUR"),
            (Language::Es, "-1.234.567,50 EUR"),
            (Language::Zh, "-1,234,567.50 EUR"),
        ] {
            assert_eq!(t(language).decimal("-1234567.50 EUR"), shown);
        }
        assert_eq!(t(Language::Es).number(1234), "1234");
        assert_eq!(t(Language::De).number(1234), "1.234");
        assert_eq!(t(Language::En).decimal("x"), "x");
        assert_eq!(t(Language::De).decimal("7"), "7");
    }

    #[test]
    fn what_is_shown_can_be_typed_and_iso_always() {
        for language in Language::ALL {
            for number in ["-1234567.5", "48500.00", "0.25", "7", "1204"] {
                assert_eq!(t(language).plain_number(&t(language).decimal(number)), number, "{language:?}");
            }
            assert_eq!(t(language).plain_number("48500.25"), "48500.25", "{language:?}");
        }
        assert_eq!(t(Language::Fr).plain_number("1 234,5"), "1234.5");
    }

    #[test]
    fn an_amount_is_read_with_and_without_its_currency() {
        let german = t(Language::De);
        assert_eq!(german.plain_amount("48.500,50 EUR"), "48500.50 EUR");
        assert_eq!(german.plain_amount("48500.50"), "48500.50");
        assert_eq!(t(Language::Fr).plain_amount("1 204,5 EUR"), "1204.5 EUR");
        assert_eq!(german.for_input("48500.50"), "48500,50");
        assert_eq!(german.plain_number(&german.for_input("1.234")), "1.234");
    }

    #[test]
    fn what_is_no_number_is_left_for_the_field_to_refuse() {
        for typed in ["", "abc", "1,2,3", "12.34.56", "--1", "1..2", "١٢"] {
            for language in Language::ALL {
                let read = t(language).plain_number(typed);
                assert!(read.is_empty() || read.parse::<f64>().is_err() || typed.parse::<f64>().is_ok(), "{language:?} {typed} {read}");
            }
        }
    }
}
