//! Writes every sample page and every asset below a folder, to be looked at: `cargo run -p probity-web --example samples -- OUTDIR`, then serve that folder.

use std::{error::Error, fs, path::Path};

fn main() -> Result<(), Box<dyn Error>> {
    let out = std::env::args().nth(1).ok_or("name the folder to write to")?;
    let out = Path::new(&out);
    for sample in web::views::samples::samples()? {
        fs::create_dir_all(out)?;
        fs::write(out.join(sample.name).with_extension("html"), sample.html)?;
    }
    for (url, asset) in assets::all() {
        let path = out.join(url.trim_start_matches('/'));
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(path, asset.bytes)?;
    }
    Ok(())
}
