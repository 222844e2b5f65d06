//! `docs/reference/configuration.md`, made from the table of settings, so that the page and the program cannot differ.

#[cfg(test)]
mod tests {
    use std::{fmt::Write, path::Path};

    use crate::config::{settings::SECTIONS, sources::variable};

    fn page() -> String {
        let mut page = String::from(
            "# Configuration\n\n\
             <!-- Made from the settings' doc comments in crates/cli. To renew it: PROBITY_RENEW=1 cargo test -p probity reference -->\n\n\
             `probity.toml` is read from the folder a command is started in, or from where `--config` points. What wins: a flag, then the\n\
             environment, then the file, then the default. An unknown key refuses to start and names the nearest there is.\n\n\
             Secrets belong in the environment or in a file with mode 0600, never in a flag: other accounts can see flags.\n",
        );
        for section in SECTIONS {
            let about = joined(section.words);
            write!(page, "\n## [{}]\n\n{about}\n", section.name).unwrap();
            for key in section.keys {
                let default = if key.default.is_empty() { "not set".to_owned() } else { format!("`{}`", key.default) };
                let (words, variable) = (joined(key.words), variable(section, key));
                write!(page, "\n### `{}`\n\n{words}\n\nTakes {}. Default: {default}. Environment: `{variable}`.\n", key.name, key.takes)
                    .unwrap();
            }
        }
        page
    }

    fn joined(words: &[&str]) -> String {
        words.iter().map(|w| w.trim()).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn the_reference_of_the_configuration_is_current() {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/reference/configuration.md");
        if std::env::var_os("PROBITY_RENEW").is_some() {
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(&path, page()).unwrap();
        }
        let committed = std::fs::read_to_string(&path).unwrap_or_default();
        assert!(committed == page(), "docs/reference/configuration.md is not current; PROBITY_RENEW=1 cargo test -p probity reference");
    }
}
