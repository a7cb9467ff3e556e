//! Writes the Kotlin that calls the native library: `egito-jvm-bindgen LIBRARY FOLDER`. A third argument, `swift` or `ruby`, is another
//! language: no package of the SDK uses that code yet.

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
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        [library, folder] => write_kotlin(library, folder),
        [library, folder, "swift"] => write(library, folder, TargetLanguage::Swift),
        [library, folder, "ruby"] => write(library, folder, TargetLanguage::Ruby),
        _ => Err("usage: egito-jvm-bindgen LIBRARY FOLDER [swift|ruby]".into()),
    }
}

fn write_kotlin(library: &str, folder: &str) -> Result<(), Box<dyn Error>> {
    write(library, folder, TargetLanguage::Kotlin)?;
    let file = Path::new(folder).join("pl/egito/internal/egito_jvm.kt");
    let source = std::fs::read_to_string(&file)?;
    Ok(std::fs::write(file, make_internal(&with_own_loader(&source)?))?)
}

fn write(library: &str, folder: &str, language: TargetLanguage) -> Result<(), Box<dyn Error>> {
    let config = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../uniffi.toml");
    Ok(generate(GenerateOptions {
        languages: vec![language],
        source: library.into(),
        out_dir: folder.into(),
        config_override: Some(config.try_into()?),
        ..GenerateOptions::default()
    })?)
}

/// Makes the classes that call the library use the one that `NativeLibrary.kt` has opened. uniffi opens it by its name.
fn with_own_loader(source: &str) -> Result<String, Box<dyn Error>> {
    let by_name = r#"::class.java, findLibraryName(componentName = "egito_jvm"))"#;
    if source.matches(by_name).count() != 2 {
        return Err(format!("expected `{by_name}` twice in the Kotlin of uniffi").into());
    }
    Ok(source.replace(by_name, "::class.java, pl.egito.NativeLibrary.jna)"))
}

/// Makes the declarations of a file internal, so that the public API cannot use them. uniffi writes public ones.
fn make_internal(source: &str) -> String {
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
    result
}
