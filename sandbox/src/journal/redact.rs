//! Removes secrets: by value in any text, and by name in parameters.

use std::borrow::Cow;

use crate::form::Pairs;

const SECRET_PARAMS: [&str; 4] = ["access_token", "client_secret", "password", "refresh_token"];
const HIDDEN: &str = "***";

/// The secret values, the longest first, since one may be part of another.
pub(crate) struct Secrets(Vec<String>);

impl Secrets {
    pub fn new(mut values: Vec<String>) -> Self {
        values.retain(|value| !value.is_empty());
        values.sort_by_key(|value| std::cmp::Reverse(value.len()));
        Self(values)
    }

    pub fn hide(&self, text: &str) -> String {
        let hide = |text: Cow<'_, str>, value: &String| {
            if text.contains(value.as_str()) {
                Cow::Owned(text.replace(value, HIDDEN))
            } else {
                Cow::Owned(text.into())
            }
        };
        self.0.iter().fold(Cow::Borrowed(text), hide).into_owned()
    }

    /// Hides secrets in a header; of `Authorization` all credentials.
    pub fn hide_header(&self, name: &str, value: &str) -> String {
        match value.split_once(' ') {
            Some((scheme, _)) if name == "authorization" => format!("{scheme} {HIDDEN}"),
            None if name == "authorization" => HIDDEN.to_owned(),
            _ => self.hide(value),
        }
    }

    pub fn hide_pairs(&self, pairs: &Pairs) -> Pairs {
        let hide = |(name, value): &(String, String)| (self.hide(name), self.hide_param(name, value));
        Pairs(pairs.0.iter().map(hide).collect())
    }

    /// Hides secrets in an encoded form. The rest keeps its encoding.
    pub fn hide_form(&self, form: &str) -> String {
        let hide = |pair: &str| match &Pairs::parse(pair.as_bytes()).0[..] {
            [(name, value)] if self.hide_param(name, value) != *value => {
                format!("{}={HIDDEN}", pair.split('=').next().unwrap_or_default())
            }
            _ => self.hide(pair),
        };
        form.split('&').map(hide).collect::<Vec<_>>().join("&")
    }

    fn hide_param(&self, name: &str, value: &str) -> String {
        if SECRET_PARAMS.contains(&name) { HIDDEN.to_owned() } else { self.hide(value) }
    }
}

#[cfg(test)]
mod tests {
    use super::Secrets;

    #[test]
    fn a_form_loses_its_secrets_and_nothing_else() {
        let secrets = Secrets::new(vec!["gęś & 100%".into()]);
        let hidden = secrets.hide_form("username=jan%40firma&password=x&note=a+g%C4%99%C5%9B+%26+100%25&b=%20");
        assert_eq!(hidden, "username=jan%40firma&password=***&note=***&b=%20");
    }

    #[test]
    fn a_secret_inside_another_leaves_no_rest() {
        assert_eq!(Secrets::new(vec!["abc".into(), "abcdef".into()]).hide("x abcdef abc"), "x *** ***");
    }
}
