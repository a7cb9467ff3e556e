//! The types of an instance, before they are written in a language.

use super::shape::{Kind, ObjectShape, Shape};
use std::collections::{BTreeMap, HashSet};

/// Entries of a dictionary that a comment names.
const NAMED_ENTRIES: usize = 12;

/// The types of one entity: that of its records first.
#[derive(Debug)]
pub(crate) struct Model {
    /// Nested types come before the types that use them.
    pub types: Vec<ObjectType>,
}

/// The type of an object.
#[derive(Debug)]
pub(crate) struct ObjectType {
    pub name: String,
    pub fields: Vec<FieldModel>,
}

/// One field of an object.
#[derive(Debug)]
pub(crate) struct FieldModel {
    /// The name in JSON.
    pub name: String,
    /// The name as an identifier that no other field of the object has.
    pub identifier: String,
    pub field_type: FieldType,
    /// Whether some record lacks it.
    pub may_be_missing: bool,
    pub may_be_null: bool,
    /// Entries of the dictionary with the name of the field.
    pub dictionary: Option<String>,
}

/// The type of a field.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum FieldType {
    Text,
    Integer,
    Decimal,
    Bool,
    /// An object, by the name of its type.
    Object(String),
    List(Box<FieldType>),
    Any,
}

/// The entries of the dictionaries, by their names.
pub(crate) type Dictionaries = BTreeMap<String, Vec<String>>;

impl Model {
    /// Returns the types for records of this shape.
    pub(crate) fn new(entity: &str, records: &ObjectShape, dictionaries: &Dictionaries) -> Self {
        let mut builder = Builder { types: Vec::new(), dictionaries };
        builder.add(&capitalized(entity), records, true);
        Self { types: builder.types }
    }
}

/// Returns the names of fields that may have a dictionary: texts and references.
pub(crate) fn dictionary_names(records: &ObjectShape) -> Vec<String> {
    let may_have = |shape: &Shape| match shape.kind() {
        Kind::Text => true,
        Kind::Object(object) => object.fields.iter().any(|(name, _)| name == "id"),
        _ => false,
    };
    records.fields.iter().filter(|(_, shape)| may_have(shape)).map(|(name, _)| name.clone()).collect()
}

struct Builder<'a> {
    types: Vec<ObjectType>,
    dictionaries: &'a Dictionaries,
}

impl Builder<'_> {
    fn add(&mut self, name: &str, object: &ObjectShape, is_record: bool) -> String {
        let mut identifiers = HashSet::new();
        let fields = object.fields.iter().map(|(field, shape)| FieldModel {
            name: field.clone(),
            identifier: unique(identifier(field), |taken| !identifiers.insert(taken.to_owned())),
            field_type: self.field_type(name, field, shape),
            may_be_missing: shape.values < object.objects,
            may_be_null: shape.has_null,
            dictionary: is_record.then(|| self.dictionary(field)).flatten(),
        });
        let fields = fields.collect();
        let unique = unique(name.to_owned(), |taken| self.types.iter().any(|known| known.name == taken));
        self.types.push(ObjectType { name: unique.clone(), fields });
        unique
    }

    fn field_type(&mut self, parent: &str, field: &str, shape: &Shape) -> FieldType {
        match shape.kind() {
            Kind::Text => FieldType::Text,
            Kind::Integer => FieldType::Integer,
            Kind::Decimal => FieldType::Decimal,
            Kind::Bool => FieldType::Bool,
            Kind::Any => FieldType::Any,
            Kind::Object(object) => {
                FieldType::Object(self.add(&format!("{parent}{}", capitalized(field)), object, false))
            }
            Kind::List(items) => FieldType::List(Box::new(self.field_type(parent, field, items))),
        }
    }

    fn dictionary(&self, field: &str) -> Option<String> {
        let entries = self.dictionaries.get(field).filter(|entries| !entries.is_empty())?;
        let more = if entries.len() > NAMED_ENTRIES { ", …" } else { "" };
        Some(format!("{}{more}", entries[..entries.len().min(NAMED_ENTRIES)].join(", ")))
    }
}

/// Returns a name, with a number if it is taken.
fn unique(name: String, mut is_taken: impl FnMut(&str) -> bool) -> String {
    if !is_taken(&name) {
        return name;
    }
    let numbered = (2..).map(|number: u32| format!("{name}{number}"));
    numbered.into_iter().find(|name| !is_taken(name)).unwrap_or(name)
}

/// Returns a name with a large first letter, without characters that no language allows.
fn capitalized(name: &str) -> String {
    let mut letters = identifier(name).chars().collect::<Vec<_>>();
    if let Some(first) = letters.first_mut() {
        *first = first.to_ascii_uppercase();
    }
    letters.into_iter().collect()
}

/// Returns a name as an identifier of any language, not considering its keywords.
pub(crate) fn identifier(name: &str) -> String {
    let plain = |c: char| if c.is_ascii_alphanumeric() || c == '_' { c } else { without_accent(c).unwrap_or('_') };
    let plain: String = name.chars().map(plain).collect();
    if plain.is_empty() || plain.starts_with(|c: char| c.is_ascii_digit()) { format!("_{plain}") } else { plain }
}

/// Returns a Polish letter as one of ASCII.
fn without_accent(c: char) -> Option<char> {
    const LETTERS: [&str; 2] = ["ąćęłńóśźżĄĆĘŁŃÓŚŹŻ", "acelnoszzACELNOSZZ"];
    LETTERS[0].chars().position(|letter| letter == c).and_then(|place| LETTERS[1].chars().nth(place))
}

/// Returns whether a name is an identifier.
pub(crate) fn is_identifier(name: &str) -> bool {
    identifier(name) == name
}

/// Returns a text that cannot end a comment, in one line.
pub(crate) fn comment(text: &str) -> String {
    text.replace("*/", "* /").replace("/*", "/ *").chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

/// Returns a name as a part of a path of a record.
pub(crate) fn path(name: &str) -> String {
    name.replace('\\', "\\\\").replace('.', "\\.")
}
