//! Checks the sources of this crate: `unsafe` is in three files, each block with its reason; every function of the ABI has a
//! guard.

use std::path::Path;

#[test]
fn unsafe_blocks_are_in_three_files_and_have_a_reason() {
    for (file, text) in sources() {
        let lines: Vec<&str> = text.lines().collect();
        for (number, line) in lines.iter().enumerate().filter(|(_, line)| line.contains("unsafe {")) {
            assert!(
                ["ffi.rs", "handle.rs", "callback.rs"].contains(&&*file),
                "{file}:{}: unsafe elsewhere",
                number + 1
            );
            assert!(lines[number - 1].contains("// SAFETY:"), "{file}:{}: no reason: {line}", number + 1);
        }
    }
}

#[test]
fn every_function_of_the_abi_is_one_guarded_expression() {
    let mut functions = 0;
    for (file, text) in sources() {
        for function in text.split("pub extern \"C\" fn ").skip(1) {
            let (name, _) = function.split_once('(').expect("a function has parameters");
            let (_, body) = function.split_once("{\n").expect("a function has a body");
            let (body, _) = body.split_once("\n}").expect("a body ends");
            let guards =
                ["fallible(", "infallible(", "column(", "call_in_steps(", "pending_in_steps(", "store_result("];
            let guarded = guards.iter().any(|guard| body.trim().starts_with(guard));
            assert!(guarded, "{file}: {name} does not begin with a guard");
            assert!(!body.contains("\n    }\n"), "{file}: {name} has code after its guard");
            functions += 1;
        }
    }
    assert!(functions > 30, "the source has moved");
}

fn sources() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = std::fs::read_dir(folder).expect("src").map(|entry| entry.expect("a file").path());
    let name = |path: &Path| path.file_name().expect("a file has a name").to_string_lossy().into_owned();
    files.map(|path| (name(&path), std::fs::read_to_string(&path).expect("source is text"))).collect()
}
