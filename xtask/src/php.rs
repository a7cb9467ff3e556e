//! Generates the exceptions of PHP.

use crate::Output;
use crate::prose::{NOTICE, block_comment, explained, with_camel_case_details};
use egito::{CODES, CodeInfo};

/// Creates the exception of an argument that only the package can check.
const ABOUT: &str = "
    /** @internal Creates the exception of an argument that only this package can check. */
    public static function about(string $setting, string $message, ?\\Throwable $previous = null): self
    {
        $outcome = Outcome::NotSent->value;
        return new self(['message' => $message, 'setting' => $setting, 'outcome' => $outcome], $previous);
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
        block_comment(&with_camel_case_details(&explained(info)), "", 120),
        info.name
    );
    Output::file(path, text)
}
