//! Writes the Kotlin that calls the native library: `egito-jvm-bindgen LIBRARY FOLDER`.

use std::error::Error;
use std::path::{Path, PathBuf};
use uniffi_bindgen::bindings::{GenerateOptions, TargetLanguage, generate};

/// The declarations that a file can begin a line with.
const DECLARATIONS: [&str; 11] = [
    "abstract class ",
    "class ",
    "data class ",
    "enum class ",
    "fun ",
    "inline fun ",
    "interface ",
    "object ",
    "open class ",
    "sealed class ",
    "val ",
];

fn main() -> Result<(), Box<dyn Error>> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [library, folder] = arguments.as_slice() else { return Err("usage: egito-jvm-bindgen LIBRARY FOLDER".into()) };
    let config = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../uniffi.toml");
    generate(GenerateOptions {
        languages: vec![TargetLanguage::Kotlin],
        source: library.into(),
        out_dir: folder.into(),
        config_override: Some(config.try_into()?),
        ..GenerateOptions::default()
    })?;
    make_internal(&Path::new(folder).join("pl/egito/internal/egito_jvm.kt"))
}

/// Makes the declarations of a file internal, so that the public API cannot use them. uniffi writes public ones.
fn make_internal(file: &Path) -> Result<(), Box<dyn Error>> {
    let source = std::fs::read_to_string(file)?;
    let mut result = String::with_capacity(source.len());
    for line in source.lines() {
        let declaration = line.strip_prefix("public ").unwrap_or(line);
        if DECLARATIONS.iter().any(|start| declaration.starts_with(start)) {
            result += "internal ";
        }
        // The comment of a function ends on its line.
        result += &declaration.replace(" */ fun ", " */ internal fun ");
        result += "\n";
    }
    Ok(std::fs::write(file, result)?)
}
