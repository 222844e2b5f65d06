//! Each migration exists twice under one number and name: once for SQLite, once for PostgreSQL.
//! The data and the vault are two databases and count apart: `NNNN_vault.sql` and `NNNN_vault_*.sql` are the vault's.

use std::{collections::BTreeMap, fs, path::Path};

const ENGINES: [&str; 2] = ["sqlite", "postgres"];

/// What is wrong with the migration folders under `crates/`, one sentence each. A tree without migrations is refused too.
///
/// # Errors
/// A folder that cannot be read.
pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let mut refusals = Vec::new();
    let found = walk(root, &root.join("crates"), false, &mut refusals)?;
    if found == 0 {
        refusals.push("crates/: no migrations/{sqlite,postgres} folder anywhere".to_owned());
    }
    Ok(refusals)
}

/// Looks for engine folders below any folder named `migrations`; answers how many twins it judged.
fn walk(root: &Path, folder: &Path, inside: bool, refusals: &mut Vec<String>) -> Result<usize, String> {
    let mut found = 0;
    if inside && ENGINES.iter().any(|engine| folder.join(engine).is_dir()) {
        judge(root, folder, refusals)?;
        found += 1;
    }
    for (name, is_folder) in entries(folder)? {
        if is_folder && !["target", "node_modules"].contains(&name.as_str()) && !ENGINES.contains(&name.as_str()) {
            found += walk(root, &folder.join(&name), inside || name == "migrations", refusals)?;
        }
    }
    Ok(found)
}

fn judge(root: &Path, folder: &Path, refusals: &mut Vec<String>) -> Result<(), String> {
    let shown = folder.strip_prefix(root).unwrap_or(folder).display();
    // database → number → engine → name
    let mut series: BTreeMap<&str, BTreeMap<u32, BTreeMap<&str, String>>> = BTreeMap::new();
    for engine in ENGINES {
        if !folder.join(engine).is_dir() {
            refusals.push(format!("{shown}: has no {engine} folder"));
            continue;
        }
        for (name, _) in entries(&folder.join(engine))? {
            let Some((number, database)) = number(&name) else {
                refusals.push(format!("{shown}/{engine}/{name}: is not named NNNN_name.sql"));
                continue;
            };
            let path = folder.join(engine).join(&name);
            if fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()))?.trim().is_empty() {
                refusals.push(format!("{shown}/{engine}/{name}: is empty"));
            }
            if let Some(other) = series.entry(database).or_default().entry(number).or_default().insert(engine, name.clone()) {
                refusals.push(format!("{shown}/{engine}: {other} and {name} share number {number:04}"));
            }
        }
    }
    for (database, numbers) in &series {
        if let Some((number, due)) = numbers.keys().zip(1..).find(|(number, due)| *number != due) {
            refusals.push(format!("{shown}: number {due:04} is missing before {number:04} ({database})"));
        }
        for (number, engines) in numbers {
            match (engines.get("sqlite"), engines.get("postgres")) {
                (Some(here), None) => refusals.push(format!("{shown}/sqlite/{here}: has no twin in postgres")),
                (None, Some(there)) => refusals.push(format!("{shown}/postgres/{there}: has no twin in sqlite")),
                (Some(here), Some(there)) if here != there => {
                    refusals.push(format!("{shown}: {number:04} is {here} in sqlite and {there} in postgres"))
                }
                _ => {}
            }
        }
    }
    Ok(())
}

/// The number of `NNNN_name.sql`, where the name is lower case, digits and underscores, and the database it belongs to.
fn number(file: &str) -> Option<(u32, &'static str)> {
    let (digits, name) = file.strip_suffix(".sql")?.split_once('_')?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    let right = digits.len() == 4 && digits.chars().all(|c| c.is_ascii_digit()) && !name.is_empty() && name.chars().all(plain);
    let database = if name == "vault" || name.starts_with("vault_") { "vault" } else { "data" };
    right.then(|| Some((digits.parse().ok()?, database))).flatten()
}

/// The names in a folder, sorted, and whether each is a folder.
fn entries(folder: &Path) -> Result<Vec<(String, bool)>, String> {
    let told = |cause: std::io::Error| format!("{}: {cause}", folder.display());
    let mut names = Vec::new();
    for entry in fs::read_dir(folder).map_err(told)? {
        let entry = entry.map_err(told)?;
        names.push((entry.file_name().to_string_lossy().into_owned(), entry.file_type().map_err(told)?.is_dir()));
    }
    names.sort();
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::layers::tests::Tree;

    #[test]
    fn twins_under_one_number_pass() {
        let tree = Tree::new("twins");
        for engine in ENGINES {
            tree.write(&format!("crates/store/migrations/{engine}/0001_start.sql"), "CREATE TABLE t (id TEXT);");
            tree.write(&format!("crates/store/migrations/{engine}/0001_vault.sql"), "CREATE TABLE k (id TEXT);");
            tree.write(&format!("crates/crm/migrations/data/{engine}/0001_start.sql"), "CREATE TABLE t (id TEXT);");
            tree.write(&format!("crates/crm/migrations/data/{engine}/0002_more.sql"), "CREATE TABLE u (id TEXT);");
        }
        assert_eq!(check(tree.root()).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_tree_without_migrations_is_refused() {
        let tree = Tree::new("none");
        tree.write("crates/store/src/lib.rs", "");
        assert_eq!(check(tree.root()).unwrap(), ["crates/: no migrations/{sqlite,postgres} folder anywhere"]);
    }

    #[test]
    fn an_only_child_a_gap_an_odd_name_a_shared_number_and_an_empty_file_are_each_refused() {
        let cases: [(&[&str], &str); 6] = [
            (
                &["sqlite/0001_a.sql", "postgres/0001_a.sql", "sqlite/0002_b.sql"],
                "crates/x/migrations/sqlite/0002_b.sql: has no twin in postgres",
            ),
            (
                &["sqlite/0001_a.sql", "postgres/0001_a.sql", "sqlite/0003_b.sql", "postgres/0003_b.sql"],
                "crates/x/migrations: number 0002 is missing before 0003 (data)",
            ),
            (&["sqlite/0001_a.sql", "postgres/0001_b.sql"], "crates/x/migrations: 0001 is 0001_a.sql in sqlite and 0001_b.sql in postgres"),
            (
                &["sqlite/1_a.sql", "postgres/0001_a.sql", "sqlite/0001_a.sql"],
                "crates/x/migrations/sqlite/1_a.sql: is not named NNNN_name.sql",
            ),
            (
                &["sqlite/0001_a.sql", "sqlite/0001_b.sql", "postgres/0001_b.sql"],
                "crates/x/migrations/sqlite: 0001_a.sql and 0001_b.sql share number 0001",
            ),
            (&["sqlite/0001_a.sql"], "crates/x/migrations: has no postgres folder"),
        ];
        for (at, (files, refusal)) in cases.into_iter().enumerate() {
            let tree = Tree::new(&format!("odd{at}"));
            for file in files {
                tree.write(&format!("crates/x/migrations/{file}"), "SELECT 1;");
            }
            let told = check(tree.root()).unwrap();
            assert!(told.iter().any(|line| line == refusal), "{refusal} is not in {told:?}");
        }
        let tree = Tree::new("empty");
        tree.write("crates/x/migrations/sqlite/0001_a.sql", "SELECT 1;");
        tree.write("crates/x/migrations/postgres/0001_a.sql", " \n");
        assert_eq!(check(tree.root()).unwrap(), ["crates/x/migrations/postgres/0001_a.sql: is empty"]);
    }
}
