//! The texts of a report: sentences in English with values, so that a program can translate them.

/// A sentence, and the values at its `{}`.
#[derive(Clone, Debug, Default, PartialEq)]
pub(super) struct Text {
    sentence: &'static str,
    values: Vec<String>,
}

/// Returns the text of a sentence with values.
macro_rules! text {
    ($sentence:literal $(, $value:expr)+ $(,)?) => {
        $crate::probe::text::Text::new($sentence, vec![$($value.to_string()),+])
    };
}
pub(super) use text;

/// Returns the translation of a sentence, or of a value; `None` if it has none.
pub(super) type Translate<'a> = &'a dyn Fn(&str) -> Option<&'static str>;

impl Text {
    pub(super) fn new(sentence: &'static str, values: Vec<String>) -> Self {
        Self { sentence, values }
    }

    /// Returns the text in the language of `translate`, or else in English.
    pub(super) fn render(&self, translate: Translate<'_>) -> String {
        let sentence = translate(self.sentence).unwrap_or(self.sentence);
        if self.values.is_empty() {
            return sentence.to_owned();
        }
        let mut parts = sentence.split("{}");
        let mut text = parts.next().unwrap_or_default().to_owned();
        for (value, part) in self.values.iter().zip(parts) {
            text += translate(value).unwrap_or(value);
            text += part;
        }
        text
    }

    pub(super) fn in_english(&self) -> String {
        self.render(&|_| None)
    }
}

impl From<&'static str> for Text {
    fn from(sentence: &'static str) -> Self {
        Self::new(sentence, Vec::new())
    }
}

impl From<String> for Text {
    /// Returns a text without a translation, such as that of an error.
    fn from(text: String) -> Self {
        Self::new("{}", vec![text])
    }
}

#[cfg(test)]
mod tests {
    use super::Text;

    #[test]
    fn sentences_and_values_are_translated() {
        let polish = |text: &str| match text {
            "times are {}, as {}" => Some("czasy to {}, jak {}"),
            "plain" => Some("zwykłe"),
            _ => None,
        };
        let text = text!("times are {}, as {}", "plain", 7);
        assert_eq!(
            (text.in_english().as_str(), text.render(&polish).as_str()),
            ("times are plain, as 7", "czasy to zwykłe, jak 7")
        );
        assert_eq!(Text::from("{} is a sentence").render(&polish), "{} is a sentence");
        assert_eq!(Text::from("plain".to_owned()).in_english(), "plain");
    }
}
