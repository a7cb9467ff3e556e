//! Parameters of forms and queries: flat pairs, and the nested fields that they encode.
//!
//! The data binding of Grails reads `parent.child` as an object and `items[0].name` as a list [I]. Forms have no types,
//! so values stay strings. Only the id of a reference (`account.id=5`) becomes a number, as the server stores it.

use serde_json::value::RawValue;

use crate::fields::{Fields, raw, to_raw};

/// Larger indexes are ignored, so that `a[999999999]` does not fill the memory.
const MAX_INDEX: usize = 10_000;

/// Decoded names and values, in the order in which they were sent.
#[derive(Clone, Debug, Default)]
pub(crate) struct Pairs(pub Vec<(String, String)>);

impl Pairs {
    pub fn parse(text: &[u8]) -> Self {
        Self(form_urlencoded::parse(text).into_owned().collect())
    }

    pub fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// Returns the nested fields that the flat names encode.
    pub fn to_fields(&self) -> Fields {
        let mut root = Vec::new();
        for (name, value) in &self.0 {
            insert(&mut root, &steps(name), value);
        }
        root.iter().fold(Fields::default(), |mut fields, (name, node)| {
            fields.set(name.clone(), node.to_raw(name == "id"));
            fields
        })
    }

    /// Returns the flat names and values as a JSON object. A name with several values has a list.
    pub fn to_flat_json(&self) -> Box<RawValue> {
        let mut fields = Fields::default();
        for (name, _) in &self.0 {
            let values: Vec<&str> = self.0.iter().filter(|(known, _)| known == name).map(|(_, v)| v.as_str()).collect();
            fields.set(name.clone(), if let [value] = values[..] { to_raw(value) } else { to_raw(&values) });
        }
        to_raw(&fields)
    }
}

enum Step<'a> {
    Name(&'a str),
    Index(usize),
}

#[derive(Debug)]
enum Node {
    Text(String),
    Object(Vec<(String, Node)>),
    List(Vec<Option<Node>>),
}

impl Node {
    fn to_raw(&self, is_reference_id: bool) -> Box<RawValue> {
        match self {
            Node::Text(text) if is_reference_id && text.parse::<u64>().is_ok_and(|id| id.to_string() == *text) => {
                raw(text.clone())
            }
            Node::Text(text) => to_raw(text),
            Node::Object(children) => {
                let mut fields = Fields::default();
                for (name, child) in children {
                    fields.set(name.clone(), child.to_raw(name == "id"));
                }
                to_raw(&fields)
            }
            Node::List(elements) => {
                to_raw(&elements.iter().map(|e| e.as_ref().map(|e| e.to_raw(false))).collect::<Vec<_>>())
            }
        }
    }
}

/// `items[0].name` → items, 0, name.
fn steps(name: &str) -> Vec<Step<'_>> {
    let mut steps = Vec::new();
    for part in name.split('.') {
        let (head, indexes) = part.split_once('[').unwrap_or((part, ""));
        steps.push(Step::Name(head));
        let indexes = indexes.split('[').filter_map(|index| index.strip_suffix(']')?.parse().ok());
        steps.extend(indexes.filter(|index| *index < MAX_INDEX).map(Step::Index));
    }
    steps
}

fn insert(object: &mut Vec<(String, Node)>, steps: &[Step], value: &str) {
    let [Step::Name(name), rest @ ..] = steps else { return };
    match object.iter().position(|(known, _)| known == name) {
        Some(index) => grow(&mut object[index].1, rest, value),
        None => object.push(((*name).to_owned(), build(rest, value))),
    }
}

fn build(steps: &[Step], value: &str) -> Node {
    let mut node = match steps {
        [] => return Node::Text(value.to_owned()),
        [Step::Name(_), ..] => Node::Object(Vec::new()),
        [Step::Index(_), ..] => Node::List(Vec::new()),
    };
    grow(&mut node, steps, value);
    node
}

fn grow(node: &mut Node, steps: &[Step], value: &str) {
    match (&mut *node, steps) {
        (Node::Object(children), [Step::Name(_), ..]) => insert(children, steps, value),
        (Node::List(elements), [Step::Index(index), rest @ ..]) => {
            if elements.len() <= *index {
                elements.resize_with(index + 1, || None);
            }
            match &mut elements[*index] {
                Some(element) => grow(element, rest, value),
                empty => *empty = Some(build(rest, value)),
            }
        }
        // A duplicate name is a list, as a browser sends several choices.
        (Node::List(elements), []) => elements.push(Some(Node::Text(value.to_owned()))),
        (Node::Text(first), []) => {
            *node = Node::List(vec![Some(Node::Text(std::mem::take(first))), Some(Node::Text(value.to_owned()))]);
        }
        // `a=1&a.b=2` contradicts itself: the first value is kept.
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::Pairs;

    fn fields(form: &str) -> String {
        Pairs::parse(form.as_bytes()).to_fields().to_json()
    }

    #[test]
    fn dots_make_objects_and_brackets_make_lists() {
        assert_eq!(
            fields("name=%C5%BBubr&account.id=5&items[1].name=b&items[0].name=a"),
            r#"{"name":"Żubr","account":{"id":5},"items":[{"name":"a"},{"name":"b"}]}"#
        );
    }

    #[test]
    fn a_duplicate_name_is_a_list() {
        assert_eq!(fields("tag=a&tag=b&x="), r#"{"tag":["a","b"],"x":""}"#);
    }

    #[test]
    fn contradictory_and_absurd_names_are_ignored() {
        assert_eq!(fields("a=1&a.b=2"), r#"{"a":"1"}"#);
        assert_eq!(fields("a[99999999999]=1&b[=2"), r#"{"a":"1","b":"2"}"#);
    }
}
