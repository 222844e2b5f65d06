//! The language files, by language and slice, and which of the languages a browser asks for.

use std::sync::LazyLock;

use crm::identity::Language;
use fluent_bundle::{FluentResource, concurrent::FluentBundle};

macro_rules! languages {
    ($($name:ident = $code:literal),+) => {
        $(
            /// The files of one language, by slice.
            pub const $name: &[(&str, &str)] = languages!(@slices $code:
                "shell", "setup", "notices", "home", "records", "messages", "mail", "outreach", "consent", "automation", "import", "requests", "duplicates", "retention", "approvals", "evidence",
                "settings", "service", "reports", "profile", "kinds", "countries", "problems");
        )+
    };
    (@slices $code:literal: $($slice:literal),+) => {
        &[$(($slice, include_str!(concat!("../../../locales/", $code, "/", $slice, ".ftl")))),+]
    };
}

languages!(ENGLISH = "en", GERMAN = "de", FRENCH = "fr", SPANISH = "es", CHINESE = "zh");

/// The files of a language, by slice.
pub const fn files(language: Language) -> &'static [(&'static str, &'static str)] {
    match language {
        Language::En => ENGLISH,
        Language::De => GERMAN,
        Language::Fr => FRENCH,
        Language::Es => SPANISH,
        Language::Zh => CHINESE,
    }
}

/// What a language is called in itself: whoever looks for theirs reads no other.
pub const fn endonym(language: Language) -> &'static str {
    match language {
        Language::En => "English",
        Language::De => "Deutsch",
        Language::Fr => "Français",
        Language::Es => "Español",
        Language::Zh => "简体中文",
    }
}

type Bundle = FluentBundle<FluentResource>;

/// The messages of a language, read at their first use.
pub(super) fn bundle(language: Language) -> &'static Bundle {
    static EN: LazyLock<Bundle> = LazyLock::new(|| read(Language::En));
    static DE: LazyLock<Bundle> = LazyLock::new(|| read(Language::De));
    static FR: LazyLock<Bundle> = LazyLock::new(|| read(Language::Fr));
    static ES: LazyLock<Bundle> = LazyLock::new(|| read(Language::Es));
    static ZH: LazyLock<Bundle> = LazyLock::new(|| read(Language::Zh));
    match language {
        Language::En => &EN,
        Language::De => &DE,
        Language::Fr => &FR,
        Language::Es => &ES,
        Language::Zh => &ZH,
    }
}

fn read(language: Language) -> Bundle {
    let mut bundle = FluentBundle::new_concurrent(vec![language.code().parse().unwrap_or_default()]);
    // Names stand in <bdi>; invisible marks inside attributes would be read out by some screen readers.
    bundle.set_use_isolating(false);
    for (_, source) in files(language) {
        // A broken message is left out and a test names it; the good ones beside it still speak.
        let resource = FluentResource::try_new((*source).to_owned()).unwrap_or_else(|(partly, _)| partly);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The first of our languages among those a browser asks for (`Accept-Language`, RFC 9110 §12.5.4), by weight and then by order.
pub fn negotiated(accept: &str) -> Option<Language> {
    let mut best: Option<(u16, Language)> = None;
    // A hostile header is not worth more than this many tries.
    for part in accept.split(',').take(32) {
        let mut words = part.split(';');
        let Some(language) = words.next().and_then(Language::find) else { continue };
        let weight = words.find_map(|word| word.trim().strip_prefix("q=")).map_or(Some(1000), thousandths);
        let Some(weight) = weight.filter(|weight| *weight > 0) else { continue };
        if best.is_none_or(|(most, _)| weight > most) {
            best = Some((weight, language));
        }
    }
    best.map(|(_, language)| language)
}

/// A weight from 0 to 1 with up to three decimals, in thousandths.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, decimals) = text.trim().split_once('.').unwrap_or((text.trim(), ""));
    let decimals = format!("{decimals:0<3}");
    match whole {
        "1" => Some(1000),
        "0" if decimals.len() == 3 => decimals.parse().ok(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_browser_is_answered_in_the_first_language_it_weighs_most() {
        assert_eq!(negotiated("de-AT,de;q=0.9,en;q=0.8"), Some(Language::De));
        assert_eq!(negotiated("en;q=0.5, fr;q=0.9"), Some(Language::Fr));
        assert_eq!(negotiated("it, zh-Hans;q=0.3, es;q=0.2"), Some(Language::Zh));
        assert_eq!(negotiated("de;q=0, en"), Some(Language::En));
    }

    #[test]
    fn a_header_that_asks_for_none_of_ours_or_reads_as_nothing_gets_none() {
        for header in ["", "*", "it", "de;q=2", "de;q=x", ";;;,,,", "\u{0}"] {
            assert_eq!(negotiated(header), None, "{header}");
        }
    }
}
