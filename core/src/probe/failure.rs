//! Describes an error for a report, without the address of the server, ids and texts of the server.

use super::text::{Text, text};
use crate::error::{Code, Error};

/// Returns the observation, and the advice. `hosts` are replaced.
pub(super) fn describe(error: &Error, hosts: &[String]) -> (Text, &'static str) {
    let d = error.details();
    let status = d.status.map(|status| format!(" (HTTP {status})")).unwrap_or_default();
    let message = match error.code() {
        Code::Auth => match d.oauth_error.as_deref().filter(|name| is_name(name)) {
            Some(name) => text!("refused with `{}`{}", name, status),
            None => text!("refused{}", status),
        },
        Code::Permission => text!("the user has no right to do this{}", status),
        Code::NotFound => text!("the server does not know it{}", status),
        Code::Validation => text!("refused with {} errors{}", d.errors.len() + d.more_errors, status),
        Code::RateLimited => text!("too many requests{}", status),
        Code::Server => text!("the server failed{}", status),
        Code::UnexpectedResponse => {
            let kind = d.content_type.as_deref().filter(|kind| kind.len() < 60).unwrap_or("no content type");
            text!("unexpected response{}, {}", status, kind)
        }
        Code::OutcomeUnknown => text!("no clear response{}; it may have been done", status),
        _ => without_hosts(&d.message, hosts).into(),
    };
    (message, advice(error))
}

fn advice(error: &Error) -> &'static str {
    match (error.code(), error.details().oauth_error.as_deref()) {
        (Code::Auth, Some("invalid_grant")) => {
            "Check `username` and `password`. Do not try again in a loop: that can lock the user."
        }
        (Code::Auth, Some("invalid_client" | "unauthorized")) => "Check `client_id` and `client_secret`.",
        (Code::Auth, Some("invalid_scope")) => "Check `scope`.",
        (code, _) => code.info().advice,
    }
}

/// Returns whether a text is the name of an error, such as `invalid_grant`.
fn is_name(text: &str) -> bool {
    text.len() < 40 && text.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
}

pub(super) fn without_hosts(text: &str, hosts: &[String]) -> String {
    hosts.iter().fold(text.to_owned(), |text, host| text.replace(host.as_str(), "{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_server_is_replaced() {
        let error = Error::new(Code::Connection, "cannot connect to https://firma.egito.pl:443: refused");
        let (message, advice) = describe(&error, &["firma.egito.pl".into()]);
        assert_eq!(message.in_english(), "cannot connect to https://{host}:443: refused");
        assert!(advice.starts_with("Check the network."));
    }

    #[test]
    fn only_names_of_errors_are_shown() {
        assert!(is_name("invalid_grant") && !is_name("jan@firma jest zablokowany"));
    }
}
