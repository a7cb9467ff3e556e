//! Checks that the headers in the repository match the source. `EGITO_WRITE_HEADERS=1` writes them.

use cbindgen::{Builder, Config};
use std::path::Path;

const VERSION: [&str; 3] =
    [env!("CARGO_PKG_VERSION_MAJOR"), env!("CARGO_PKG_VERSION_MINOR"), env!("CARGO_PKG_VERSION_PATCH")];

#[test]
fn the_header_for_c_matches_the_source() {
    let mut config = config();
    let [major, minor, patch] = VERSION;
    config.after_includes = Some(format!(
        "\n/* Version of this header. egito_version() and egito_version_number() return the version of the library. */\n\
         #define EGITO_VERSION_MAJOR {major}\n#define EGITO_VERSION_MINOR {minor}\n#define EGITO_VERSION_PATCH {patch}\n\
         #define EGITO_VERSION \"{major}.{minor}.{patch}\"\n\
         #define EGITO_VERSION_NUMBER (10000 * EGITO_VERSION_MAJOR + 100 * EGITO_VERSION_MINOR + EGITO_VERSION_PATCH)"
    ));
    check("include/egito.h", config);
}

#[test]
fn the_header_for_php_matches_the_source() {
    let mut config = config();
    config.header = Some(
        "/* For PHP's FFI, which has no preprocessor. Generated from bindings-c/src, like egito.h; do not edit. */"
            .into(),
    );
    config.include_guard = None;
    config.sys_includes.clear();
    config.cpp_compat = false;
    config.documentation = false;
    config.export.exclude = vec!["egito_panic_for_tests".into()]; // only builds for tests have it
    let header = check("php/egito.ffi.h", config);
    assert!(!header.contains('#'), "PHP's FFI has no preprocessor");
}

fn config() -> Config {
    Config::from_file(root().join("cbindgen.toml")).expect("cbindgen.toml")
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn check(file: &str, config: Config) -> String {
    let sources = [
        "version",
        "status",
        "error",
        "code",
        "client",
        "cancellation",
        "event",
        "callback",
        "log",
        "entity",
        "found_or_created",
        "change",
        "upserted",
        "response",
        "cursor",
        "ids",
        "list_queries",
        "outbox",
        "bulk",
        "row",
        "record",
        "object",
        "strings",
        "php",
        "php_calls",
        "php_events",
    ];
    let builder = Builder::new().with_config(config);
    let builder = sources.iter().fold(builder, |builder, name| builder.with_src(root().join(format!("src/{name}.rs"))));
    let mut generated = Vec::new();
    builder.generate().expect("the source can be read").write(&mut generated);
    let generated = String::from_utf8(generated).expect("UTF-8");
    let path = root().join(file);
    if std::env::var_os("EGITO_WRITE_HEADERS").is_some() {
        std::fs::write(&path, &generated).expect("the header can be written");
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(checked_in == generated, "{file} is stale; run this test with EGITO_WRITE_HEADERS=1");
    generated
}
