//! Describes an error for a report, without the address of the server, ids and texts of the server.

use crate::error::{Code, Error};

/// Returns the observation, and the advice. `hosts` are replaced.
pub(super) fn describe(error: &Error, hosts: &[String]) -> (String, String) {
    let d = error.details();
    let status = d.status.map(|status| format!(" (HTTP {status})")).unwrap_or_default();
    let message = match error.code() {
        Code::Auth => match d.oauth_error.as_deref().filter(|name| is_name(name)) {
            Some(name) => format!("refused with `{name}`{status}"),
            None => format!("refused{status}"),
        },
        Code::Permission => format!("the user has no right to do this{status}"),
        Code::NotFound => format!("the server does not know it{status}"),
        Code::Validation => format!("refused with {} errors{status}", d.errors.len() + d.more_errors),
        Code::RateLimited => format!("too many requests{status}"),
        Code::Server => format!("the server failed{status}"),
        Code::UnexpectedResponse => {
            let kind = d.content_type.as_deref().filter(|kind| kind.len() < 60).unwrap_or("no content type");
            format!("unexpected response{status}, {kind}")
        }
        Code::OutcomeUnknown => format!("no clear response{status}; it may have been done"),
        _ => without_hosts(&d.message, hosts),
    };
    (message, advice(error).to_owned())
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

fn without_hosts(text: &str, hosts: &[String]) -> String {
    hosts.iter().fold(text.to_owned(), |text, host| text.replace(host.as_str(), "{host}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_the_server_is_replaced() {
        let error = Error::new(Code::Connection, "cannot connect to https://firma.egito.pl:443: refused");
        let (message, advice) = describe(&error, &["firma.egito.pl".into()]);
        assert_eq!(message, "cannot connect to https://{host}:443: refused");
        assert!(advice.starts_with("Check the network."));
    }

    #[test]
    fn only_names_of_errors_are_shown() {
        assert!(is_name("invalid_grant") && !is_name("jan@firma jest zablokowany"));
    }
}
