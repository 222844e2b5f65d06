//! What is left on the disk that is built on: a full one makes compilers and databases fail in ways that do not name it.

use std::path::Path;

use super::Tool;

/// KiB below which a failure may be the disk's.
pub const SCARCE: u64 = 2 * 1024 * 1024;

/// KiB left where `folder` is, or where it will be made; nothing when `df` cannot tell.
pub fn left(folder: &Path) -> Option<u64> {
    let there = folder.ancestors().find(|folder| folder.is_dir())?;
    let ran = Tool::new("df", ["-Pk"]).arg(there).quiet().run();
    ran.ok.then(|| read(&ran.text)).flatten()
}

/// The fourth column of the second line (POSIX.1-2024, `df -P`).
fn read(table: &str) -> Option<u64> {
    table.lines().nth(1)?.split_whitespace().nth(3)?.parse().ok()
}

/// `kib` in words.
pub fn told(kib: u64) -> String {
    format!("{:.1} GiB left", kib as f64 / 1_048_576.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_column_of_what_is_available_is_read() {
        let table = "Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/vda 264000000 48000000 47185920 51% /\n";
        assert_eq!(read(table), Some(47_185_920));
        assert_eq!(told(47_185_920), "45.0 GiB left");
        assert_eq!(read("df: no such file"), None);
    }

    #[test]
    fn a_folder_that_is_not_there_yet_is_asked_of_the_one_above() {
        assert!(left(&Path::new(env!("CARGO_MANIFEST_DIR")).join("not/made/yet")).is_some_and(|left| left > 0));
    }
}
