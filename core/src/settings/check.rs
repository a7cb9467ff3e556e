//! Checks settings before a client is built from them.

use super::{BodyFormat, Method, Settings, TokenIn, variable};
use crate::blank::is_blank;
use crate::error::{Error, Result};
use secrecy::{ExposeSecret, SecretString};
use std::time::Duration;
use url::{Host, Url};

/// Maximum duration, a year. Clocks cannot hold every duration.
pub(super) const MAX_DURATION: Duration = Duration::from_hours(365 * 24);

/// Minimum rate, one request in about three hours. A lower one is a mistake.
const MIN_RATE: f64 = 0.0001;

impl Settings {
    /// Checks everything that does not depend on the system, and returns the server's address.
    pub(crate) fn check(&self) -> Result<Url> {
        if self.name.is_some() || self.base_url.is_some() {
            self.address()?; // report invalid settings before missing ones
        }
        self.check_required()?;
        let address = self.address()?;
        self.check_line_ends()?;
        self.check_numbers()?;
        self.check_parameters()?;
        self.headers.check()?;
        Ok(address)
    }

    /// Returns the server's address.
    pub(crate) fn address(&self) -> Result<Url> {
        match (&self.name, &self.base_url) {
            (Some(_), Some(_)) => Err(Error::config("base_url", "`name` and `base_url` are both set; set one of them")),
            (None, None) => Err(missing(&["name"])),
            (Some(name), None) => {
                if !is_dns_label(name) {
                    let name = name.escape_debug();
                    let message =
                        format!("invalid `name`: expected the first part of `{{name}}.egito.pl`, got \"{name}\"");
                    return Err(Error::config("name", message));
                }
                Url::parse(&format!("https://{name}.egito.pl"))
                    .map_err(|e| Error::config("name", format!("invalid `name`: {e}, got \"{name}\"")))
            }
            (None, Some(base_url)) => base_address(base_url),
        }
    }

    /// Checks the token store. Done only once, since its folder may be removed while a program runs.
    pub(crate) fn check_token_store(&self) -> Result<()> {
        let Some(path) = self.token_store.as_path() else { return Ok(()) };
        if path.as_os_str().eq_ignore_ascii_case("memory") {
            return Err(Error::config(
                "token_store",
                "invalid `token_store`: expected `memory`, in lower case, or the path of a file",
            ));
        }
        let text = path.to_string_lossy();
        let mut ends = [text.chars().next(), text.chars().next_back()].into_iter().flatten();
        if ends.any(|end| is_blank(end.encode_utf8(&mut [0; 4]))) || text.contains('\0') || text == "~" {
            let message = format!(
                "invalid `token_store`: expected `memory` or the path of a file, without `~` and without blanks around it, got \"{}\"",
                text.escape_debug()
            );
            return Err(Error::config("token_store", message));
        }
        let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
        if path.file_name().is_none()
            || (path.exists() && !path.is_file())
            || folder.is_some_and(|folder| !folder.is_dir())
        {
            let message = format!(
                "invalid `token_store`: expected `memory` or the path of a file in an existing folder, got \"{}\"",
                path.display()
            );
            return Err(Error::config("token_store", message));
        }
        Ok(())
    }

    /// Fails if required settings are missing, and names all of them.
    fn check_required(&self) -> Result<()> {
        let by_refresh_token = self.refresh_grant().is_some();
        let is_missing = [
            ("name", self.name.is_none() && self.base_url.is_none()),
            ("client_id", self.client_id.is_empty()),
            ("client_secret", self.client_secret.expose_secret().is_empty()),
            ("username", !by_refresh_token && self.username.as_ref().is_none_or(String::is_empty)),
            ("password", !by_refresh_token && self.password().is_none()),
        ];
        let names: Vec<_> = is_missing.iter().filter(|(_, missing)| *missing).map(|(name, _)| *name).collect();
        if names.is_empty() { Ok(()) } else { Err(missing(&names)) }
    }

    /// Refuses credentials that end in a line break, as those read from a file often do. The server would refuse them, and several
    /// attempts can lock the user.
    fn check_line_ends(&self) -> Result<()> {
        let secret = |secret: Option<&SecretString>| secret.map(|secret| secret.expose_secret().to_owned());
        let values = [
            ("client_id", Some(self.client_id.clone())),
            ("client_secret", secret(Some(&self.client_secret))),
            ("username", self.username.clone()),
            ("password", secret(self.password())),
            ("refresh_token", secret(self.refresh_grant())),
        ];
        let has_line_end = |value: &Option<String>| value.as_ref().is_some_and(|value| value.ends_with(['\n', '\r']));
        match values.iter().find(|(_, value)| has_line_end(value)) {
            None => Ok(()),
            Some((setting, _)) => {
                let message = format!(
                    "invalid `{setting}`{}: it ends in a line break; remove that, for example after reading it from a file",
                    in_environment(setting)
                );
                Err(Error::config(*setting, message))
            }
        }
    }

    pub(super) fn check_numbers(&self) -> Result<()> {
        let durations =
            [("timeout", self.timeout), ("connect_timeout", self.connect_timeout), ("read_timeout", self.read_timeout)];
        if let Some((setting, _)) = durations.iter().find(|(_, duration)| duration.is_zero()) {
            return Err(Error::config(*setting, format!("invalid `{setting}`: expected more than 0, got 0")));
        }
        let more = [
            ("backoff_base", self.backoff_base),
            ("backoff_max", self.backoff_max),
            ("retry_after_max", self.retry_after_max),
            ("close_timeout", self.close_timeout),
        ];
        if let Some((setting, _)) = durations.iter().chain(&more).find(|(_, duration)| *duration > MAX_DURATION) {
            let message = format!("invalid `{setting}`: expected at most {} seconds", MAX_DURATION.as_secs());
            return Err(Error::config(*setting, message));
        }
        let counts = [("page_size", self.page_size), ("max_concurrency", self.max_concurrency)];
        if let Some((setting, _)) = counts.iter().find(|(_, count)| *count == 0) {
            return Err(Error::config(*setting, format!("invalid `{setting}`: expected at least 1, got 0")));
        }
        if self.page_overlap.is_some_and(|overlap| overlap >= self.page_size) {
            return Err(Error::config("page_overlap", "invalid `page_overlap`: expected less than `page_size`"));
        }
        if self.requests_per_second.is_some_and(|rate| !(MIN_RATE..).contains(&rate) || !rate.is_finite()) {
            return Err(Error::config(
                "requests_per_second",
                format!("invalid `requests_per_second`: expected at least {MIN_RATE}"),
            ));
        }
        if self.max_response_bytes == 0 {
            return Err(Error::config(
                "max_response_bytes",
                "invalid `max_response_bytes`: expected at least 1, got 0",
            ));
        }
        Ok(())
    }

    fn check_parameters(&self) -> Result<()> {
        let parameters = [
            ("id_param", &self.id_param),
            ("limit_param", &self.limit_param),
            ("offset_param", &self.offset_param),
            ("sort_param", &self.sort_param),
            ("order_param", &self.order_param),
        ];
        if let Some((setting, _)) = parameters.iter().find(|(_, name)| name.is_empty()) {
            return Err(Error::config(*setting, format!("invalid `{setting}`: it must not be empty")));
        }
        for (index, (setting, name)) in parameters.iter().enumerate() {
            if let Some((other, _)) = parameters[..index].iter().find(|(_, other)| other == name) {
                let message =
                    format!("invalid `{setting}`: \"{name}\" is also the value of `{other}`; names must differ");
                return Err(Error::config(*setting, message));
            }
        }
        if self.token_in == TokenIn::Form {
            self.check_token_in_form()?;
        }
        if self.user_agent.bytes().any(|b| b.is_ascii_control()) {
            return Err(Error::config("user_agent", "invalid `user_agent`: it must not have control characters"));
        }
        let is_visible = |text: &String| !text.is_empty() && text.bytes().all(|b| b == b' ' || b.is_ascii_graphic());
        if !self.accept_language.as_ref().is_none_or(is_visible) {
            let message = "invalid `accept_language`: expected a language such as `en` or `pl-PL, en;q=0.5`";
            return Err(Error::config("accept_language", message));
        }
        Ok(())
    }

    /// Checks that calls have a form body, for a token in it.
    fn check_token_in_form(&self) -> Result<()> {
        if self.body != BodyFormat::Form {
            return Err(Error::config("token_in", "invalid `token_in`: \"form\" needs `body` = \"form\""));
        }
        let methods = [("read_method", self.read_method), ("delete_method", self.delete_method)];
        match methods.iter().find(|(_, method)| !matches!(method, None | Some(Method::Post))) {
            Some((setting, _)) => Err(Error::config(
                *setting,
                format!("invalid `{setting}`: expected \"POST\", since `token_in` is \"form\""),
            )),
            None => Ok(()),
        }
    }
}

/// Returns the error for missing settings. Its `setting` is the first of them.
fn missing(settings: &[&str]) -> Error {
    let named: Vec<_> = settings.iter().map(|name| format!("`{name}`{}", in_environment(name))).collect();
    let (noun, verb) = if named.len() == 1 { ("setting", "is") } else { ("settings", "are") };
    let hint = match settings {
        ["name", ..] => "set `name` to your application's name in `https://{name}.egito.pl`, or set `base_url`",
        ["client_id" | "client_secret", ..] => "create them in Egito's settings, one pair for each integration",
        ["username", ..] => "it has the form `login@firma`",
        _ => "set `username` and `password`, or `refresh_token`",
    };
    Error::config(settings[0], format!("the {noun} {} {verb} missing; {hint}", named.join(", ")))
}

fn in_environment(setting: &str) -> String {
    variable(setting).map(|name| format!(" (in the environment {name})")).unwrap_or_default()
}

fn is_dns_label(name: &str) -> bool {
    let inner = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
    (1..=63).contains(&name.len()) && name.bytes().all(inner) && !name.starts_with('-') && !name.ends_with('-')
}

fn base_address(base_url: &str) -> Result<Url> {
    let invalid = |why: &str| {
        Error::config("base_url", format!("invalid `base_url`: it {why}; expected for example https://firma.egito.pl"))
    };
    let mut url = Url::parse(base_url).map_err(|_| invalid("is not a complete URL"))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(invalid("must not contain a user name or a password"));
    }
    if url.query().is_some() || url.fragment().is_some() {
        return Err(invalid("must end with the host or a path"));
    }
    let path = url.path().trim_end_matches('/').to_owned();
    url.set_path(&path);
    match url.scheme() {
        "https" => Ok(url),
        "http" if is_loopback(&url) => Ok(url),
        "http" => Err(invalid("must begin with https:// (http:// would send the password unencrypted)")),
        _ => Err(invalid("must begin with https://")),
    }
}

fn is_loopback(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(ip)) => ip.is_loopback(),
        Some(Host::Ipv6(ip)) => ip.is_loopback(),
        None => false,
    }
}
