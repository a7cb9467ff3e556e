//! The exceptions of PHP.

use crate::Output;
use crate::prose::{NOTICE, camel_case, capitalized, wrapped};
use egito::{CODES, CodeInfo};

/// What an argument that only the package can check is refused with.
const ABOUT: &str = "
    /** @internal An argument that only this package can check. */
    public static function about(string $setting, string $message, ?\\Throwable $previous = null): self
    {
        return new self(['message' => $message, 'setting' => $setting, 'outcome' => Outcome::NotSent->value], $previous);
    }
";

pub fn outputs() -> Vec<Output> {
    CODES.iter().map(exception).collect()
}

fn exception(info: &CodeInfo) -> Output {
    let name = format!("{}Exception", info.class.trim_end_matches("Error"));
    let path = format!("bindings-c/php/src/Exception/{name}.php");
    let (uses, more) = if info.name == "config" { ("use Egito\\Outcome;\n", ABOUT) } else { ("", "") };
    let text = format!(
        "<?php\n\n// {NOTICE}\n\ndeclare(strict_types=1);\n\nnamespace Egito\\Exception;\n\nuse Egito\\EgitoException;\n{uses}\n\
         {}\nfinal class {name} extends EgitoException\n{{\n    public const CODE = '{}';\n{more}}}\n",
        comment(info),
        info.name
    );
    Output::file(path, text)
}

/// Returns a doc comment, on one line if it fits.
fn comment(info: &CodeInfo) -> String {
    let doc = with_property_names(&format!("{}. {}", capitalized(info.when), info.advice));
    let line = format!("/** {doc} */");
    if line.chars().count() <= 120 {
        return line;
    }
    format!("/**\n{}\n */", wrapped(&doc, " * ", 120).join("\n"))
}

/// Returns the text with the names of details as the properties of an exception are named.
fn with_property_names(text: &str) -> String {
    let details = egito::binding::DETAILS.iter();
    details.fold(text.to_owned(), |text, detail| {
        text.replace(&format!("`{}`", detail.name), &format!("`{}`", camel_case(detail.name)))
    })
}
