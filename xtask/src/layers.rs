//! Who may depend on whom, and who may name whom. The plan is the table in this file; a new crate or slice enters it on purpose.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::paths::named;

/// The slices of `crm`, each of which may call only those before it.
const SLICES: [&str; 28] = [
    "identity",
    "notices",
    "service",
    "records",
    "search",
    "views",
    "timeline",
    "holds",
    "retention",
    "disposal",
    "evidence",
    "consent",
    "capture",
    "import",
    "duplicates",
    "requests",
    "export",
    "bulk",
    "segments",
    "reports",
    "dashboards",
    "backup",
    "discovery",
    "mail",
    "campaigns",
    "automation",
    "governance",
    // Looks over all of them.
    "watch",
];

/// What `web` may name of `trail`: it permits and calls, it never opens a unit or writes an event.
const WEB_NAMES_OF_TRAIL: [&str; 3] = ["App", "Actor", "Permit"];

/// The house crates that `name` may have as a normal or build dependency; nothing if the plan does not know it.
fn permitted(name: &str) -> Option<&'static [&'static str]> {
    Some(match name {
        "kernel" | "assets" | "testcluster" => &[],
        "catalogue" | "ledger" | "vault" | "parse" | "store" => &["kernel"],
        "rules" => &["kernel", "catalogue"],
        "trail" => &["kernel", "catalogue", "store", "vault", "ledger"],
        "crm" => &["kernel", "catalogue", "rules", "ledger", "vault", "store", "parse", "trail"],
        "web" => &["kernel", "catalogue", "crm", "assets", "trail"],
        "cli" => &["kernel", "catalogue", "rules", "ledger", "vault", "parse", "store", "trail", "crm", "web", "assets"],
        "testkit" => &["kernel", "catalogue", "rules", "ledger", "vault", "store", "trail", "crm", "testcluster"],
        "xtask" => &["testcluster"],
        _ => return None,
    })
}

/// A workspace crate: its house name, its folder, and the house crates it depends on (`true` = development only).
#[derive(Debug)]
struct House {
    name: String,
    folder: PathBuf,
    needs: Vec<(String, bool)>,
}

/// Every breach of the plan, one sentence each.
///
/// # Errors
/// `cargo metadata` failed, or a source cannot be read.
pub fn check(root: &Path) -> Result<Vec<String>, String> {
    let out = Command::new("cargo")
        .args(["metadata", "--format-version", "1", "--no-deps", "--offline"])
        .current_dir(root)
        .output()
        .map_err(|cause| format!("cargo metadata: {cause}"))?;
    if !out.status.success() {
        return Err(format!("cargo metadata: {}", String::from_utf8_lossy(&out.stderr).trim()));
    }
    judge(&String::from_utf8_lossy(&out.stdout), root)
}

fn judge(metadata: &str, root: &Path) -> Result<Vec<String>, String> {
    let crates = read(metadata)?;
    let mut refusals = Vec::new();
    for house in &crates {
        dependencies(house, &mut refusals);
        let sources = sources(&house.folder.join("src"))?;
        for (file, text) in &sources {
            let shown = file.strip_prefix(root).unwrap_or(file).display().to_string();
            names(house, &shown, text, &mut refusals);
            if house.name == "crm"
                && let Ok(inside) = file.strip_prefix(house.folder.join("src"))
            {
                order(inside, &shown, text, &mut refusals);
            }
        }
    }
    Ok(refusals)
}

fn read(metadata: &str) -> Result<Vec<House>, String> {
    let told: Value = serde_json::from_str(metadata).map_err(|cause| format!("cargo metadata: {cause}"))?;
    let text = |value: &Value, key: &str| value.get(key).and_then(Value::as_str).map(str::to_owned);
    let list = |value: &Value, key: &str| value.get(key).and_then(Value::as_array).cloned().unwrap_or_default();
    let mut crates = Vec::new();
    for package in list(&told, "packages") {
        let (Some(name), Some(manifest)) = (text(&package, "name"), text(&package, "manifest_path")) else { continue };
        let needs = list(&package, "dependencies")
            .iter()
            .filter(|needed| text(needed, "path").is_some())
            .filter_map(|needed| Some((short(&text(needed, "name")?), text(needed, "kind").as_deref() == Some("dev"))))
            .collect();
        crates.push(House { name: short(&name), folder: Path::new(&manifest).parent().unwrap_or(Path::new(".")).to_path_buf(), needs });
    }
    Ok(crates)
}

/// `probity-store` is `store` in the plan; the binary's crate `probity` is `cli`.
fn short(package: &str) -> String {
    match package {
        "probity" => "cli".to_owned(),
        other => other.strip_prefix("probity-").unwrap_or(other).to_owned(),
    }
}

fn dependencies(house: &House, refusals: &mut Vec<String>) {
    let name = &house.name;
    let Some(permitted) = permitted(name) else {
        refusals.push(format!("{name}: is not in the plan of xtask/src/layers.rs; decide there what it may depend on"));
        return;
    };
    for (needed, dev) in &house.needs {
        if !dev && !permitted.contains(&needed.as_str()) {
            refusals.push(format!(
                "{name} → {needed}: not in the plan ({name} may depend on: {})",
                if permitted.is_empty() { "nothing".to_owned() } else { permitted.join(", ") }
            ));
        }
    }
}

/// Refuses `parse::` outside crm, and what web may not name of `trail`. A crate can only name what it depends on.
fn names(house: &House, shown: &str, text: &str, refusals: &mut Vec<String>) {
    let needs = |other: &str| house.needs.iter().any(|(needed, _)| needed == other);
    let web = house.name == "web" && needs("trail");
    let parse = house.name != "crm" && needs("parse");
    if !web && !parse {
        return;
    }
    for path in named(text) {
        let first = path.segments.first().map(String::as_str);
        if parse && first == Some("parse") {
            refusals.push(format!("{shown}:{}: only crm calls parse", path.line));
        }
        if web && first == Some("trail") {
            let second = path.segments.get(1).map_or("the whole crate", String::as_str);
            if !WEB_NAMES_OF_TRAIL.contains(&second) {
                refusals.push(format!("{shown}:{}: web may name {} of trail, not {second}", path.line, WEB_NAMES_OF_TRAIL.join(", ")));
            }
        }
    }
}

/// Refuses a slice that names a later one. Tests of a slice (`tests.rs`, `tests/`, `testing.rs`) may look at what comes after.
fn order(inside: &Path, shown: &str, text: &str, refusals: &mut Vec<String>) {
    let rooms: Vec<String> = inside.iter().map(|part| part.to_string_lossy().trim_end_matches(".rs").to_owned()).collect();
    let Some(own) = rooms.first() else { return };
    let Some(place) = SLICES.iter().position(|slice| slice == own) else {
        if rooms.len() > 1 {
            refusals.push(format!("{shown}: {own} is not a slice in the order of xtask/src/layers.rs"));
        }
        return;
    };
    if rooms.iter().any(|room| room == "tests" || room == "testing") {
        return;
    }
    // How many times `super` leads from this file's module to the crate's root.
    let depth = rooms.iter().filter(|room| *room != "mod").count();
    for path in named(text) {
        let supers = path.segments.iter().take_while(|segment| *segment == "super").count();
        let called = match path.segments.first().map(String::as_str) {
            Some("crate") => path.segments.get(1),
            Some("super") if supers >= depth => path.segments.get(supers),
            _ => None,
        };
        let Some(called) = called else { continue };
        if SLICES.iter().position(|slice| slice == called).is_some_and(|other| other > place) {
            refusals.push(format!("{shown}:{}: {own} may not call {called}, which comes after it", path.line));
        }
    }
}

/// The Rust sources below `folder`, in order of path; none if the folder does not exist.
fn sources(folder: &Path) -> Result<Vec<(PathBuf, String)>, String> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries {
            let path = entry.map_err(|cause| format!("{}: {cause}", folder.display()))?.path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|ext| ext == "rs") {
                let text = fs::read_to_string(&path).map_err(|cause| format!("{}: {cause}", path.display()))?;
                found.push((path, text));
            }
        }
    }
    found.sort();
    Ok(found)
}

#[cfg(test)]
#[path = "layers_tests.rs"]
pub mod tests;
