//! Embeds every file of `files/` under a name that changes with its content, plain and gzip-compressed.

use std::{env, error::Error, fmt::Write as _, fs, io::Write as _, path::PathBuf};

use flate2::{Compression, write::GzEncoder};

fn main() -> Result<(), Box<dyn Error>> {
    let source = PathBuf::from(env::var("CARGO_MANIFEST_DIR")?).join("files");
    let out = PathBuf::from(env::var("OUT_DIR")?);
    println!("cargo::rerun-if-changed={}", source.display());

    let mut paths: Vec<PathBuf> = fs::read_dir(&source)?.map(|e| e.map(|e| e.path())).collect::<Result<_, _>>()?;
    paths.sort();
    let mut files = Vec::new();
    for path in &paths {
        let name = path.file_name().and_then(|n| n.to_str()).ok_or("an asset's name is UTF-8")?.to_owned();
        files.push((name, fs::read(path)?));
    }
    let script = one_script(&files)?;
    files.retain(|(name, _)| !name.ends_with(".js"));
    files.push(("app.js".to_owned(), script));

    let mut table = String::from("pub(crate) static ASSETS: &[Entry] = &[\n");
    for (name, bytes) in &files {
        let (stem, extension) = name.rsplit_once('.').ok_or("an asset's name has an extension")?;
        let content_type = match extension {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml",
            other => return Err(format!("no content type is known for .{other}").into()),
        };
        let tag = hash(bytes.iter().copied());
        let served = format!("{stem}-{tag:016x}.{extension}");
        let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
        encoder.write_all(bytes)?;
        fs::write(out.join(name), bytes)?;
        fs::write(out.join(format!("{name}.gz")), encoder.finish()?)?;
        let _ = writeln!(
            table,
            "    Entry {{ name: {name:?}, url: \"/assets/{served}\", asset: Asset {{ bytes: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}\")), gzip: include_bytes!(concat!(env!(\"OUT_DIR\"), \"/{name}.gz\")), content_type: {content_type:?}, etag: \"\\\"{tag:016x}\\\"\" }} }},"
        );
    }
    table.push_str("];\n");
    fs::write(out.join("table.rs"), table)?;
    Ok(())
}

/// The modules that `app.js` imports, in its order, as one script: a page asks once. Each keeps its own scope and hands on what it exports,
/// so a module may import only from those before it.
fn one_script(files: &[(String, Vec<u8>)]) -> Result<Vec<u8>, Box<dyn Error>> {
    let text = |name: &str| -> Result<&str, Box<dyn Error>> {
        let found = files.iter().find(|(n, _)| n == name).ok_or_else(|| format!("app.js imports {name}, which is not there"))?;
        Ok(std::str::from_utf8(&found.1)?)
    };
    let mut script = String::new();
    for name in text("app.js")?.lines().filter_map(|line| line.strip_prefix("import \"./")?.strip_suffix("\";")) {
        let lines = || text(name).map(str::lines);
        let body: Vec<&str> = lines()?.filter(|line| !line.starts_with("import ") && !line.starts_with("export ")).collect();
        let exports = lines()?.find_map(|line| line.strip_prefix("export {")?.strip_suffix("};")).unwrap_or_default().trim().to_owned();
        let body = body.join("\n");
        let _ = if exports.is_empty() {
            writeln!(script, "(() => {{\n{body}\n}})();")
        } else {
            writeln!(script, "const {{ {exports} }} = (() => {{\n{body}\nreturn {{ {exports} }};\n}})();")
        };
    }
    Ok(script.into_bytes())
}

/// FNV-1a, 64 bits: names a version of our own file; nobody gains anything by a collision.
fn hash(bytes: impl Iterator<Item = u8>) -> u64 {
    bytes.fold(0xcbf2_9ce4_8422_2325, |h, b| (h ^ u64::from(b)).wrapping_mul(0x0000_0100_0000_01b3))
}
