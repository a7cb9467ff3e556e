//! The cause of an error: a text without secrets, and the I/O error of the operating system, if there is one.

use serde::{Serialize, Serializer};
use std::error::Error as StdError;
use std::io;
use std::sync::Arc;

/// The cause of an [`Error`](crate::Error), returned by its [`source`](std::error::Error::source).
///
/// Displays all underlying errors as one text without secrets. If the operating system or a socket failed, its own source is an
/// [`io::Error`] with the kind and the number of that failure.
///
/// ```
/// use std::error::Error as _;
/// use std::io;
///
/// # let client = egito::blocking::Client::builder().base_url("http://127.0.0.1:9").client_id("a").client_secret("b");
/// let client = client.username("c").password("d").max_retries(0).build()?;
/// let error = client.accounts().get(7).unwrap_err(); // nothing listens there
/// let cause = error.source().expect("a connection has a cause");
/// let io = cause.source().and_then(|source| source.downcast_ref::<io::Error>()).expect("a socket failed");
/// assert_eq!(io.kind(), io::ErrorKind::ConnectionRefused);
/// assert_eq!(error.details().os_error, io.raw_os_error());
/// # Ok::<(), egito::Error>(())
/// ```
#[derive(Clone, Debug)]
pub struct Cause {
    text: String,
    io: Option<Arc<io::Error>>,
}

impl Cause {
    /// Returns the text, without secrets.
    ///
    /// ```
    /// let panic = std::panic::catch_unwind(|| panic!("no more paper")).unwrap_err();
    /// let error = egito::Error::from_panic(&*panic);
    /// assert_eq!(error.details().cause.as_ref().unwrap().as_str(), "no more paper");
    /// ```
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// Creates a cause from an error and its sources. Only the kind and the number of an [`io::Error`] are kept: its text may contain
    /// a secret.
    pub(super) fn from_error(error: &(dyn StdError + 'static)) -> Self {
        let sources = std::iter::successors(Some(error), |error| (*error).source());
        let io = sources.filter_map(io_error).last();
        Self { text: chain(error), io: io.map(Arc::new) }
    }

    /// Creates a cause from a text.
    pub(super) fn from_text(text: String) -> Self {
        Self { text, io: None }
    }

    pub(super) fn os_error(&self) -> Option<i32> {
        self.io.as_ref().and_then(|io| io.raw_os_error())
    }

    pub(super) fn text_mut(&mut self) -> &mut String {
        &mut self.text
    }
}

/// Returns the texts of an error and its sources as one text.
pub(crate) fn chain(error: &(dyn StdError + 'static)) -> String {
    let mut text = error.to_string();
    for source in std::iter::successors(error.source(), |error| (*error).source()) {
        let source = source.to_string();
        if !text.contains(&source) {
            text = format!("{text}: {source}");
        }
    }
    without_link(text)
}

/// Removes the link to the documentation of a library from the end of its error.
pub(crate) fn without_link(mut text: String) -> String {
    if let Some(start) = text.find(": https://docs.rs/") {
        text.truncate(start);
    }
    text
}

/// Returns the I/O error of the system or a socket. Errors that a library only wraps as an I/O error do not count.
fn io_error(error: &(dyn StdError + 'static)) -> Option<io::Error> {
    let io = error.downcast_ref::<io::Error>()?;
    match (io.raw_os_error(), io.kind()) {
        (Some(number), _) => Some(io::Error::from_raw_os_error(number)),
        (None, io::ErrorKind::InvalidData | io::ErrorKind::Other) => None,
        (None, kind) => Some(kind.into()),
    }
}

impl std::fmt::Display for Cause {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.text)
    }
}

impl StdError for Cause {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.io.as_deref().map(|io| io as &(dyn StdError + 'static))
    }
}

/// Serializes the text.
impl Serialize for Cause {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(Debug)]
    struct Wrapper(io::Error);

    impl std::fmt::Display for Wrapper {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("tcp connect error")
        }
    }

    impl StdError for Wrapper {
        fn source(&self) -> Option<&(dyn StdError + 'static)> {
            Some(&self.0)
        }
    }

    #[test]
    fn a_cause_keeps_the_kind_and_the_number_of_an_io_error_but_not_its_text() {
        let reset = Cause::from_error(&Wrapper(io::Error::from_raw_os_error(104)));
        assert_eq!(reset.os_error(), Some(104));
        assert!(reset.as_str().starts_with("tcp connect error: "), "{reset}");

        let cut = Cause::from_error(&Wrapper(io::Error::new(io::ErrorKind::UnexpectedEof, "the password is 1234")));
        let io = cut.source().unwrap().downcast_ref::<io::Error>().unwrap();
        assert_eq!((io.kind(), cut.os_error()), (io::ErrorKind::UnexpectedEof, None));
        assert!(!io.to_string().contains("1234"));

        assert!(Cause::from_error(&Wrapper(io::Error::other("bad certificate"))).source().is_none());
    }

    #[test]
    fn a_cause_has_no_link_to_the_docs_of_a_library() {
        let text = "peer closed connection without sending TLS close_notify";
        let cut = io::Error::new(io::ErrorKind::UnexpectedEof, format!("{text}: https://docs.rs/rustls/latest"));
        assert_eq!(chain(&cut), text);
    }

    #[test]
    fn a_cause_without_an_io_error_has_no_source() {
        let cause = Cause::from_error(&std::fmt::Error);
        assert!(cause.source().is_none() && cause.os_error().is_none());
        assert_eq!(serde_json::to_string(&Cause::from_text("a".into())).unwrap(), r#""a""#);
    }
}
