//! Finds a value of a record by its path, without parsing the whole record into a tree.

use crate::json::scanner::{Kind, Scanner};

/// Finds the member with a name, or the element with an index, in a value.
type Lookup<'j, 's> = &'s dyn Fn(&'j str, &str) -> Option<&'j str>;

/// Returns the JSON text at `path` (names and array indexes, separated by dots); `None` if there is none.
pub(super) fn find<'j>(json: &'j str, path: &str) -> Option<&'j str> {
    find_by(path, json, &lookup)
}

/// Like [`find`], but uses `first` to look up the first name.
pub(super) fn find_by<'j>(path: &str, json: &'j str, first: Lookup<'j, '_>) -> Option<&'j str> {
    if !path.contains('\\') {
        return follow(path.split('.'), json, first);
    }
    follow(names(path).iter().map(String::as_str), json, first)
}

fn follow<'j, 'n>(mut names: impl Iterator<Item = &'n str>, json: &'j str, first: Lookup<'j, '_>) -> Option<&'j str> {
    let value = first(json, names.next()?)?;
    names.try_fold(value, lookup)
}

/// Splits a path with escapes: `\.` is a dot, `\\` a backslash, and any other backslash is itself.
fn names(path: &str) -> Vec<String> {
    let mut names = vec![String::new()];
    let mut chars = path.chars().peekable();
    while let Some(c) = chars.next() {
        let part = match c {
            '.' => {
                names.push(String::new());
                continue;
            }
            '\\' => chars.next_if(|next| matches!(next, '.' | '\\')).unwrap_or(c),
            _ => c,
        };
        names.last_mut().expect("it starts with one name").push(part);
    }
    names
}

/// Returns the JSON text of one field of an object. The name is not a path. If a key occurs twice, the last one counts.
pub(crate) fn field<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let mut found = None;
    let scanned = Scanner::new(json).object(|scanner, key| {
        let value = scanner.value()?;
        if key.is(name) {
            found = Some(value);
        }
        Ok(())
    });
    scanned.ok().and(found)
}

fn lookup<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    match Scanner::new(json).kind().ok()? {
        Kind::Object => field(json, name),
        Kind::Array => element(json, name.parse().ok()?),
        Kind::String | Kind::Plain => None,
    }
}

fn element(json: &str, index: usize) -> Option<&str> {
    let (mut found, mut next) = (None, 0);
    let scanned = Scanner::new(json).array(|scanner| {
        let value = scanner.value()?;
        if next == index {
            found = Some(value);
        }
        next += 1;
        Ok(())
    });
    scanned.ok().and(found)
}
