//! Types of the records of this instance, in the languages of the SDK.

mod cpp;
mod kotlin;
mod model;
mod php;
mod python;
mod shape;
mod typescript;

pub(crate) use model::{Dictionaries, Model, dictionary_names};
pub(crate) use shape::ObjectShape;

/// A language that types are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum TypeLanguage {
    Python,
    Typescript,
    Php,
    Kotlin,
    Cpp,
}

impl TypeLanguage {
    /// Returns a source file with the types. `header` is its first comment.
    pub(crate) fn write(self, models: &[Model], header: &str) -> String {
        match self {
            Self::Python => python::write(models, header),
            Self::Typescript => typescript::write(models, header),
            Self::Php => php::write(models, header),
            Self::Kotlin => kotlin::write(models, header),
            Self::Cpp => cpp::write(models, header),
        }
    }
}
