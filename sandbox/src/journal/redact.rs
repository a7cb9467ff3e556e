//! Removes secrets: by value in any text, and by name in parameters.

use std::borrow::Cow;

use crate::form::Pairs;

const SECRET_PARAMS: [&str; 4] = ["access_token", "client_secret", "password", "refresh_token"];
const REDACTED: &str = "***";

/// The secret values, the longest first, since one may be part of another.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub fn new(mut values: Vec<String>) -> Self {
        values.retain(|value| !value.is_empty());
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    pub fn redact(&self, text: &str) -> String {
        let redact = |text: Cow<'_, str>, value: &String| {
            if text.contains(value.as_str()) {
                Cow::Owned(text.replace(value, REDACTED))
            } else {
                Cow::Owned(text.into())
            }
        };
        self.0.iter().fold(Cow::Borrowed(text), redact).into_owned()
    }

    /// Redacts secrets in the first bytes of a text. If it was cut, its end may be the beginning of a secret, which is
    /// removed, too.
    pub fn redact_start(&self, bytes: &[u8], is_cut: bool) -> String {
        let text = String::from_utf8_lossy(bytes);
        let text = if is_cut { text.trim_end_matches('\u{fffd}') } else { &text };
        let mut redacted = self.redact(text);
        if is_cut {
            let starts = |secret: &String| {
                secret.char_indices().rev().map(|(end, _)| end).find(|end| redacted.ends_with(&secret[..*end]))
            };
            let longest = self.0.iter().filter_map(starts).max().unwrap_or_default();
            redacted.truncate(redacted.len() - longest);
        }
        redacted
    }

    /// Redacts secrets in a header, and in `Authorization` the whole credentials.
    pub fn redact_header(&self, name: &str, value: &str) -> String {
        match value.split_once(' ') {
            Some((scheme, _)) if name == "authorization" => format!("{scheme} {REDACTED}"),
            None if name == "authorization" => REDACTED.to_owned(),
            _ => self.redact(value),
        }
    }

    pub fn redact_pairs(&self, pairs: &Pairs) -> Pairs {
        let redact = |(name, value): &(String, String)| (self.redact(name), self.redact_param(name, value));
        Pairs(pairs.0.iter().map(redact).collect())
    }

    /// Redacts secrets in an encoded form. The rest keeps its encoding.
    pub fn redact_form(&self, form: &str) -> String {
        let redact = |pair: &str| match &Pairs::parse(pair.as_bytes()).0[..] {
            [(name, value)] if self.redact_param(name, value) != *value => {
                format!("{}={REDACTED}", pair.split('=').next().unwrap_or_default())
            }
            _ => self.redact(pair),
        };
        form.split('&').map(redact).collect::<Vec<_>>().join("&")
    }

    fn redact_param(&self, name: &str, value: &str) -> String {
        if SECRET_PARAMS.contains(&name) { REDACTED.to_owned() } else { self.redact(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn a_form_loses_its_secrets_and_nothing_else() {
        let secrets = Secrets::new(vec!["gęś & 100%".into()]);
        let redacted = secrets.redact_form("username=jan%40firma&password=x&note=a+g%C4%99%C5%9B+%26+100%25&b=%20");
        assert_eq!(redacted, "username=jan%40firma&password=***&note=***&b=%20");
    }

    #[test]
    fn a_secret_that_the_end_cuts_is_removed() {
        let secrets = Secrets::new(vec!["abcdef".into(), "żółw".into()]);
        assert_eq!(secrets.redact_start(b"x abcdef abcd", true), "x *** ");
        assert_eq!(secrets.redact_start("x żół".as_bytes(), true), "x ");
        assert_eq!(secrets.redact_start(&"x ż".as_bytes()[..3], true), "x ");
        assert_eq!(secrets.redact_start(b"x abcd", false), "x abcd");
    }

    #[test]
    fn a_secret_inside_another_leaves_no_rest() {
        assert_eq!(Secrets::new(vec!["abc".into(), "abcdef".into()]).redact("x abcdef abc"), "x *** ***");
    }
}
