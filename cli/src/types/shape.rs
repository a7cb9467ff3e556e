//! What the values of a field have in common, collected from records.

use crate::members::Members;

/// The values of one field, or of the items of a list.
#[derive(Clone, Debug, Default)]
#[allow(clippy::struct_excessive_bools)] // a set of types
pub(crate) struct Shape {
    /// Number of values, with nulls.
    pub values: u64,
    pub has_null: bool,
    has_texts: bool,
    has_integers: bool,
    has_decimals: bool,
    has_bools: bool,
    pub object: Option<ObjectShape>,
    items: Option<Box<Shape>>,
}

/// The fields of an object, in the order in which the records name them.
#[derive(Clone, Debug, Default)]
pub(crate) struct ObjectShape {
    /// Number of objects.
    pub objects: u64,
    pub fields: Vec<(String, Shape)>,
}

/// The type of a field.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind<'a> {
    Text,
    Integer,
    Decimal,
    Bool,
    Object(&'a ObjectShape),
    List(&'a Shape),
    /// Values of several types, or only null.
    Any,
}

impl ObjectShape {
    /// Adds an object.
    pub(crate) fn add(&mut self, json: &str) -> serde_json::Result<()> {
        self.objects += 1;
        let Members(members) = serde_json::from_str(json)?;
        for (name, value) in members {
            let place = self.fields.iter().position(|(known, _)| *known == name).unwrap_or_else(|| {
                self.fields.push((name, Shape::default()));
                self.fields.len() - 1
            });
            self.fields[place].1.add(value.get())?;
        }
        Ok(())
    }
}

impl Shape {
    fn add(&mut self, json: &str) -> serde_json::Result<()> {
        self.values += 1;
        match json.as_bytes().first() {
            Some(b'"') => self.has_texts = true,
            Some(b't' | b'f') => self.has_bools = true,
            Some(b'{') => self.object.get_or_insert_default().add(json)?,
            Some(b'[') => {
                let items = self.items.get_or_insert_default();
                for item in serde_json::from_str::<Vec<&serde_json::value::RawValue>>(json)? {
                    items.add(item.get())?;
                }
            }
            Some(b'n') | None => self.has_null = true,
            Some(_) if json.parse::<i64>().is_ok() => self.has_integers = true,
            Some(_) => self.has_decimals = true,
        }
        Ok(())
    }

    /// Returns the one type that all values have.
    pub(crate) fn kind(&self) -> Kind<'_> {
        let has_numbers = self.has_integers || self.has_decimals;
        let kinds = [self.has_texts, has_numbers, self.has_bools, self.object.is_some(), self.items.is_some()];
        match (kinds, &self.object, &self.items) {
            ([true, false, false, false, false], ..) => Kind::Text,
            ([false, true, false, false, false], ..) if self.has_decimals => Kind::Decimal,
            ([false, true, false, false, false], ..) => Kind::Integer,
            ([false, false, true, false, false], ..) => Kind::Bool,
            ([false, false, false, true, false], Some(object), _) => Kind::Object(object),
            ([false, false, false, false, true], _, Some(items)) => Kind::List(items),
            _ => Kind::Any,
        }
    }
}
