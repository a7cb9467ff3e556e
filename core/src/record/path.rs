//! One value of a record by its path, without a tree of the whole.

use jiter::{Jiter, Peek};

/// The JSON text at `path` (names and list places separated by dots), or `None` where there is nothing.
pub(super) fn find<'j>(json: &'j str, path: &str) -> Option<&'j str> {
    path.split('.').try_fold(json, step)
}

/// The JSON text of one field of an object, whatever characters its name has.
pub(crate) fn field<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let mut scan = Jiter::new(json.as_bytes());
    matches!(scan.peek().ok()?, Peek::Object).then(|| member(&mut scan, json, name)).flatten()
}

fn step<'j>(json: &'j str, name: &str) -> Option<&'j str> {
    let mut scan = Jiter::new(json.as_bytes());
    match scan.peek().ok()? {
        Peek::Object => member(&mut scan, json, name),
        Peek::Array => item(&mut scan, json, name.parse().ok()?),
        _ => None,
    }
}

/// Walks to the end: of duplicate keys the last counts.
fn member<'j>(scan: &mut Jiter<'_>, json: &'j str, name: &str) -> Option<&'j str> {
    let mut found = None;
    let mut wanted = scan.next_object().ok()?.map(|key| key == name);
    while let Some(is_it) = wanted {
        let value = value(scan, json)?;
        if is_it {
            found = Some(value);
        }
        wanted = scan.next_key().ok()?.map(|key| key == name);
    }
    found
}

fn item<'j>(scan: &mut Jiter<'_>, json: &'j str, place: usize) -> Option<&'j str> {
    let mut more = scan.next_array().ok()?;
    for _ in 0..place {
        more?;
        scan.next_skip().ok()?;
        more = scan.array_step().ok()?;
    }
    more?;
    value(scan, json)
}

fn value<'j>(scan: &mut Jiter<'_>, json: &'j str) -> Option<&'j str> {
    scan.peek().ok()?;
    let start = scan.current_index();
    scan.next_skip().ok()?;
    json.get(start..scan.current_index())
}
