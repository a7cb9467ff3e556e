//! One value of a record by its path, without a tree of the whole.

use crate::json::scanner::{Kind, Scanner};

/// From one value to the one of this name in it.
type Step<'j, 's> = &'s dyn Fn(&'j str, &str) -> Option<&'j str>;

/// The JSON text at `path` (names and list places separated by dots), or `None` where there is nothing.
pub(super) fn find<'j>(json: &'j str, path: &str) -> Option<&'j str> {
    find_by(path, json, &step)
}

/// The same, where `first` takes the first step from the whole.
pub(super) fn find_by<'j>(path: &str, json: &'j str, first: Step<'j, '_>) -> Option<&'j str> {
    if !path.contains('\\') {
        return follow(path.split('.'), json, first);
    }
    follow(names(path).iter().map(String::as_str), json, first)
}

fn follow<'j, 'n>(mut names: impl Iterator<Item = &'n str>, json: &'j str, first: Step<'j, '_>) -> Option<&'j str> {
    let beginning = first(json, names.next()?)?;
    names.try_fold(beginning, step)
}

/// The parts of a path in which `\.` is a dot of a name, `\\` a backslash, and any other backslash itself.
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
        names.last_mut().expect("there is one from the beginning").push(part);
    }
    names
}

/// The JSON text of one field of an object, whatever characters its name has. Of duplicate keys the last counts.
pub(crate) fn field<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let mut found = None;
    let walked = Scanner::new(json).object(|scanner, key| {
        let value = scanner.value()?;
        if key.is(name) {
            found = Some(value);
        }
        Ok(())
    });
    walked.ok().and(found)
}

fn step<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    match Scanner::new(json).kind().ok()? {
        Kind::Object => field(json, name),
        Kind::Array => item(json, name.parse().ok()?),
        Kind::String | Kind::Plain => None,
    }
}

fn item(json: &str, place: usize) -> Option<&str> {
    let (mut found, mut at) = (None, 0);
    let walked = Scanner::new(json).array(|scanner| {
        let value = scanner.value()?;
        if at == place {
            found = Some(value);
        }
        at += 1;
        Ok(())
    });
    walked.ok().and(found)
}
