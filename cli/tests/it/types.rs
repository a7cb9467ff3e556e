//! `egito types`.

use crate::egito::Egito;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Returns the folder of the repository.
fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().expect("cli is a folder of the repository").to_owned()
}

/// Writes types of records with names that are difficult in some language, and returns their text.
fn types(desk: &Egito, language: &str, file: &str) -> String {
    desk.seed(&json!({"Account": [
        {"id": 1, "name": "Żubr", "industry": {"id": 7, "name": "Energetyka"}, "revenue": 1.5, "employees": 3, "isActive": true,
         "class": "A", "v1.2": "x", "v1_2": 1, "own-field": null, "tags": ["a"], "persons": [{"lastName": "Nowak"}, {"age": 7}], "empty": {}, "mixed": 1},
        {"id": 2, "name": null, "mixed": "x", "$this": 1, "*/ injected": "\"'"},
    ], "Contact": [{"id": 1, "lastName": "Ryś", "account": {"id": 1}}]}));
    desk.ok(&["types", "Account", "Contact", "--lang", language, "-o", file]);
    desk.read(file)
}

/// Runs a compiler, which must accept the file. Without the program, nothing is checked, which the test says.
fn check(desk: &Egito, program: &Path, arguments: &[&str]) {
    let Ok(output) = Command::new(program).args(arguments).current_dir(desk.folder.path()).output() else {
        eprintln!("not checked: {} is not installed", program.display());
        return;
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}{}", text(&output.stdout), text(&output.stderr));
}

#[test]
fn python_types_pass_mypy() {
    let desk = Egito::start();
    let text = types(&desk, "python", "egito_types.py");
    assert!(text.contains("\"name\": str | None,"), "{text}");
    assert!(text.contains("\"industry\": AccountIndustry,  # Produkcja (1), Handel (2)"), "{text}");
    check(&desk, &repository().join(".venv/bin/mypy"), &["--strict", "egito_types.py"]);
}

#[test]
fn typescript_types_pass_tsc() {
    let desk = Egito::start();
    let text = types(&desk, "typescript", "egito-types.ts");
    assert!(text.contains("  name: string | null;") && text.contains("  persons?: Array<AccountPersons>;"), "{text}");
    let tsc = repository().join("bindings-node/node_modules/typescript/bin/tsc");
    let tsc = if tsc.exists() { tsc } else { repository().join("bindings-node/node_modules/.bin/tsc") };
    check(&desk, &tsc, &["--strict", "--noEmit", "--target", "es2022", "egito-types.ts"]);
}

#[test]
fn php_classes_are_valid() {
    let desk = Egito::start();
    let text = types(&desk, "php", "types.php");
    assert!(text.contains("public readonly ?string $name = null,"), "{text}");
    desk.write("use.php", "<?php require 'types.php'; $a = Account::from(['id' => 1, 'persons' => [['lastName' => 'Nowak']]]); exit($a->persons[0]->lastName === 'Nowak' ? 0 : 1);");
    check(&desk, Path::new("php"), &["use.php"]);
}

#[test]
fn cpp_structs_are_valid() {
    let desk = Egito::start();
    let text = types(&desk, "cpp", "types.hpp");
    assert!(text.contains("std::optional<std::string> class_;"), "{text}");
    desk.write("use.cpp", "#include \"types.hpp\"\nstd::optional<std::string> name(const egito::record &r) { return Account::from(r).name; }\n");
    let include = format!("-I{}", repository().join("bindings-c/include").display());
    check(
        &desk,
        Path::new("g++"),
        &["-std=c++17", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", &include, "use.cpp"],
    );
}

#[test]
fn kotlin_classes_read_paths_of_records() {
    let desk = Egito::start();
    let text = types(&desk, "kotlin", "Types.kt");
    assert!(text.contains("    val `class`: String? = null,"), "{text}");
    assert!(
        text.contains(
            r#"industry = record.value(at + "industry")?.let { AccountIndustry.from(record, at + "industry" + ".") },"#
        ),
        "{text}"
    );
}

#[test]
fn polish_names_and_reserved_words_are_readable() {
    let desk = Egito::start();
    desk.seed(&json!({"int": [{"id": 1, "żółć": "a", "Źdźbło": 1}]}));
    let php = desk.run("types int --lang php").ok();
    assert!(php.contains("final class Int_") && php.contains("?string $zolc = null"), "{php}");
    let cpp = desk.run("types int --lang cpp").ok();
    assert!(cpp.contains("struct Int {") && cpp.contains("std::optional<std::int64_t> Zdzblo;"), "{cpp}");
    assert_eq!(desk.run("types int --lang cpp --sample 0").code, 2);
}

#[test]
fn an_entity_without_records_has_no_types_and_the_others_do() {
    let desk = Egito::start();
    desk.seed(&json!({"Contact": [{"id": 1, "lastName": "Ryś"}]}));
    assert_eq!(desk.run("types Account --lang python -o none.py").code, 1);
    assert_eq!(desk.names(), Vec::<String>::new());
    let ran = desk.run("types Account Contact Offer --lang python -o egito_types.py");
    assert_eq!((ran.code, ran.stderr.lines().count()), (1, 2), "{ran}");
    assert!(ran.stderr.starts_with("Account has no records, so its fields are not known"), "{ran}");
    let text = desk.read("egito_types.py");
    assert!(text.contains("Types of Contact, written by") && text.contains("lastName: str"), "{text}");
}
