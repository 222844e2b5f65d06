//! Style sheets, scripts and icons, embedded at build time.
//!
//! Every file has an address that changes with its content (`/assets/app-….css`), so it may be cached for ever. The modules of the script
//! are one file when they are served (see `build.rs`), so that a page asks once.

include!(concat!(env!("OUT_DIR"), "/table.rs"));

/// How long a browser may keep an asset: its address changes with its content.
pub const CACHE_CONTROL: &str = "public, max-age=31536000, immutable";

/// A file as it is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asset {
    /// The plain bytes.
    pub bytes: &'static [u8],
    /// The same, gzip-compressed (`content-encoding: gzip`).
    pub gzip: &'static [u8],
    /// `content-type`.
    pub content_type: &'static str,
    /// `etag`, with its quotes.
    pub etag: &'static str,
}

pub(crate) struct Entry {
    name: &'static str,
    url: &'static str,
    asset: Asset,
}

/// The asset at an address: `/assets/app-….css`, with or without the `/assets/` before it. `None` when there is none, an older version included.
pub fn get(path: &str) -> Option<Asset> {
    let wanted = path.strip_prefix("/assets/").unwrap_or(path);
    ASSETS.iter().find(|e| e.url.strip_prefix("/assets/") == Some(wanted)).map(|e| e.asset)
}

/// The address of a file by its plain name (`app.css`); an address that answers 404 when there is no such file, which a test of the pages finds.
pub fn url(name: &str) -> &'static str {
    ASSETS.iter().find(|e| e.name == name).map_or("/assets/missing", |e| e.url)
}

/// Every asset as (address, asset).
pub fn all() -> impl Iterator<Item = (&'static str, Asset)> {
    ASSETS.iter().map(|e| (e.url, e.asset))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Read as _;

    #[test]
    fn every_asset_is_found_at_its_address_and_unpacks_to_itself() {
        assert!(ASSETS.len() >= 3);
        for (url, asset) in all() {
            assert_eq!(get(url), Some(asset));
            let mut plain = Vec::new();
            flate2::read::GzDecoder::new(asset.gzip).read_to_end(&mut plain).unwrap();
            assert_eq!(plain, asset.bytes);
        }
    }

    #[test]
    fn an_unknown_or_older_address_finds_nothing() {
        assert_eq!(get("/assets/app-0000000000000000.css"), None);
        assert_eq!(get("app.css"), None);
        assert_eq!(get("../Cargo.toml"), None);
        assert_eq!(url("nothing.css"), "/assets/missing");
    }

    #[test]
    fn all_of_it_together_stays_far_below_sixty_kilobytes() {
        let total: usize = all().map(|(_, a)| a.gzip.len()).sum();
        assert!(total < 30_000, "{total} bytes compressed");
    }

    #[test]
    fn nothing_points_to_another_origin_and_no_script_makes_markup_from_text() {
        for (url, asset) in all() {
            let text = std::str::from_utf8(asset.bytes).unwrap();
            let foreign = text.replace("http://www.w3.org/2000/svg", "");
            assert!(!foreign.contains("http://") && !foreign.contains("https://") && !foreign.contains("@import"), "{url}");
            for banned in ["innerHTML", "insertAdjacentHTML", "eval(", "document.write", "localStorage", "new Function"] {
                assert!(!text.contains(banned), "{url} uses {banned}");
            }
        }
    }
}
