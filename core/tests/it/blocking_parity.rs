//! The blocking client has the same public methods as the async one, except those listed here.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

/// Methods that only one of the two has, and why.
const ONLY_ASYNC: [&str; 1] = ["ready"]; // for event loops, which await futures
const ONLY_BLOCKING: [&str; 0] = [];

#[test]
fn the_blocking_client_has_every_async_method() {
    let of_async = public_methods(
        &[
            "client.rs",
            "entity/mod.rs",
            "entity/changes.rs",
            "entity/create_once.rs",
            "entity/upsert.rs",
            "entity/upsert_many.rs",
            "entity/with_response.rs",
            "list/mod.rs",
            "list/shortcuts.rs",
            "list/stream.rs",
            "bulk/mod.rs",
            "bulk/calls.rs",
            "outbox/mod.rs",
        ],
        &ONLY_ASYNC,
    );
    let of_blocking = public_methods(
        &["blocking/mod.rs", "blocking/with_response.rs", "blocking/list.rs", "blocking/bulk.rs", "blocking/outbox.rs"],
        &ONLY_BLOCKING,
    );
    assert_eq!(of_async, of_blocking);
}

fn public_methods(files: &[&str], but: &[&str]) -> BTreeSet<String> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let text: String = files.iter().map(|file| fs::read_to_string(source.join(file)).unwrap()).collect();
    let methods = text.lines().filter_map(|line| {
        let rest = line.trim_start().strip_prefix("pub ")?;
        let rest = rest.strip_prefix("async ").unwrap_or(rest).strip_prefix("fn ")?;
        Some(rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect())
    });
    methods.filter(|name: &String| !but.contains(&name.as_str())).collect()
}
