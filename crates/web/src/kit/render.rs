//! From a view to HTML, and the headers every page travels with.

use http::{HeaderMap, header};
use kernel::{Error, Result};

/// What the browser may do on our pages: nothing that does not come from us, nothing inline, no frames around us.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; form-action 'self'; frame-src 'self'; base-uri 'none'; frame-ancestors 'none'";

/// What travels with the sandboxed body of a message (`/messages/{id}/body`), which is somebody else's HTML: no script, no form, no remote image, shown only inside our own page.
pub const SANDBOX_SECURITY_POLICY: &str = "default-src 'none'; img-src 'self' data:; style-src 'unsafe-inline'; sandbox; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// What travels with a PDF, which the browser's own reader shows inside our own page: a sandbox would keep that reader out, and it gives the
/// file neither scripts of the page nor its origin.
pub const PDF_SECURITY_POLICY: &str =
    "default-src 'none'; object-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'";

/// The headers of every page, as (name, value).
pub const PAGE_HEADERS: &[(&str, &str)] = &[
    ("content-security-policy", CONTENT_SECURITY_POLICY),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()"),
    ("cache-control", "no-store"),
];

/// The HTML of a view.
///
/// # Errors
/// `internal` when a template refuses to render, which only a full memory or our own mistake can cause.
pub fn html(view: &impl askama::Template) -> Result<String> {
    view.render().map_err(Error::internal)
}

/// Whether a script of ours asks for a part of a page, to put it in place.
pub fn wants_fragment(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).is_some_and(|accept| accept.contains("fragment"))
}
