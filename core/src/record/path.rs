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

/// Several paths, whose values are found in one scan.
#[derive(Clone, Debug)]
pub(crate) struct Paths(Vec<Vec<String>>);

impl Paths {
    pub(crate) fn new<'p>(paths: impl IntoIterator<Item = &'p str>) -> Self {
        Self(paths.into_iter().map(names).collect())
    }

    /// Returns the JSON text at each path of an object; `None` if there is no value.
    pub(crate) fn find<'j>(&self, json: &'j str) -> Vec<Option<&'j str>> {
        let mut found = vec![None; self.0.len()];
        let scanned = Scanner::new(json).object(|scanner, name| {
            let has_name = |path: &&Vec<String>| name.is(&path[0]);
            if !self.0.iter().any(|path| has_name(&path)) {
                return scanner.skip();
            }
            let value = scanner.value()?;
            self.0
                .iter()
                .zip(&mut found)
                .filter(|(path, _)| has_name(path))
                .for_each(|(_, found)| *found = Some(value));
            Ok(())
        });
        let inner = |(path, found): (&Vec<String>, Option<&'j str>)| {
            path[1..].iter().try_fold(found.filter(|_| scanned.is_ok())?, |value, name| lookup(value, name))
        };
        self.0.iter().zip(found).map(inner).collect()
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_scan_finds_the_same_values_as_a_scan_for_each_path() {
        let paths = ["id", "a.b", "a.c.1", "a", "x.y", "x\\.y", "none", "id.x", "\u{17b}", "twice.z"];
        for json in [
            r#"{"id": 7, "a": {"b": "x", "c": [1, {"d": 2}]}, "x.y": null, "x": {"y": 3}, "\u017b": 4, "twice": 1, "twice": {"z": 2}}"#,
            r#"{"a": [], "id": "7", "id": 8}"#,
            "{}",
            "[7]",
        ] {
            let found = Paths::new(paths).find(json);
            assert_eq!(found, paths.map(|path| find(json, path)), "{json}");
        }
    }
}
