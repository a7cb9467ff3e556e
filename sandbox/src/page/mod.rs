//! The page for a browser, at `/_sandbox/`. Its files are in this folder as a browser reads them, without a build step.

use axum::Router;
use axum::extract::Path;
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, REFERRER_POLICY};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

/// Everything is loaded from this server, and no text can become a part of the page's code.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
     base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'";

const JAVASCRIPT: &str = "text/javascript; charset=utf-8";

/// Lists files of this folder, with their content.
macro_rules! files {
    ($($name:literal: $content_type:expr,)*) => {
        [$(($name, $content_type, include_str!($name))),*]
    };
}

/// Name, content type and content of each file.
const FILES: [(&str, &str, &str); 23] = files! {
    "style.css": "text/css; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "main.js": JAVASCRIPT,
    "json.js": JAVASCRIPT,
    "storage.js": JAVASCRIPT,
    "dialog.js": JAVASCRIPT,
    "api.js": JAVASCRIPT,
    "dom.js": JAVASCRIPT,
    "messages.js": JAVASCRIPT,
    "language.js": JAVASCRIPT,
    "texts_en.js": JAVASCRIPT,
    "texts_pl.js": JAVASCRIPT,
    "theme.js": JAVASCRIPT,
    "navigation.js": JAVASCRIPT,
    "journal.js": JAVASCRIPT,
    "journal_entry.js": JAVASCRIPT,
    "records.js": JAVASCRIPT,
    "record_form.js": JAVASCRIPT,
    "faults.js": JAVASCRIPT,
    "fault_form.js": JAVASCRIPT,
    "server.js": JAVASCRIPT,
    "configuration.js": JAVASCRIPT,
    "snippets.js": JAVASCRIPT,
};

/// Returns the routes of the page and its files.
pub(crate) fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new()
        .route("/_sandbox", get(|| async { Redirect::permanent("/_sandbox/") }))
        .route("/_sandbox/", get(|| async { respond("text/html; charset=utf-8", include_str!("index.html")) }))
        .route("/_sandbox/page/{file}", get(file))
}

async fn file(Path(name): Path<String>) -> Response {
    match FILES.iter().find(|(known, ..)| *known == name) {
        Some((_, content_type, content)) => respond(content_type, content),
        None => (StatusCode::NOT_FOUND, format!("the page has no file {name}")).into_response(),
    }
}

fn respond(content_type: &'static str, content: &'static str) -> Response {
    let headers = [
        (CONTENT_TYPE, content_type),
        (CONTENT_SECURITY_POLICY, POLICY),
        (REFERRER_POLICY, "no-referrer"),
        (CACHE_CONTROL, "no-store"),
    ];
    (headers, content).into_response()
}
