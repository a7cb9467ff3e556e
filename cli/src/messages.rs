//! The texts of the program in English and Polish.
//!
//! Each text is a method of [`Language`], so that a text without a translation does not compile. A command with many texts of its own
//! defines them in its file, with the same macro.

use std::env;

/// A language of the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Language {
    /// English
    #[value(name = "en")]
    English,
    /// Polish (polski)
    #[value(name = "pl")]
    Polish,
}

impl Language {
    /// Returns the language of the environment: that of the first variable of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set, or else
    /// that of the system.
    pub fn of_environment() -> Self {
        let set =
            ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| env::var(name).ok().filter(|v| !v.is_empty()));
        let locale = set.or_else(sys_locale::get_locale).unwrap_or_default();
        Self::of_locale(&locale)
    }

    /// Returns the language of a locale such as `pl_PL.UTF-8` or `pl-PL`.
    fn of_locale(locale: &str) -> Self {
        let language = locale.split(['_', '-', '.', '@']).next().unwrap_or_default();
        if language.eq_ignore_ascii_case("pl") { Self::Polish } else { Self::English }
    }
}

/// Defines texts as methods of [`Language`]: `name(parameters) "English" "Polish";`.
macro_rules! messages {
    ($($(#[$about:meta])* $name:ident($($parameter:ident: $type:ty),*) $english:literal $polish:literal;)*) => {
        impl $crate::messages::Language {
            $($(#[$about])* pub fn $name(self, $($parameter: $type),*) -> String {
                match self {
                    Self::English => format!($english),
                    Self::Polish => format!($polish),
                }
            })*
        }
    };
}
pub(crate) use messages;

messages! {
    error() "error" "błąd";
    cannot_write(what: &str, why: &str) "cannot write {what}: {why}" "nie można zapisać {what}: {why}";
    cannot_read(what: &str, why: &str) "cannot read {what}: {why}" "nie można odczytać {what}: {why}";
    done_but(what: &str, why: &str) "{what}, but {why}" "{what}, ale {why}";
    no_threads(why: &str) "cannot start threads: {why}" "nie można uruchomić wątków: {why}";
    interrupted() "interrupted" "przerwano";
    nothing_sent() "nothing was sent" "niczego nie wysłano";
    record_sent(json: &str)
        "The record may be in Egito. Look for it there before you send it again:\n{json}"
        "Rekord może już być w Egito. Zanim wyślesz go ponownie, poszukaj go tam:\n{json}";
}
