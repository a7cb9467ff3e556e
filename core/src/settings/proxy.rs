//! Chooses the proxy for the requests to the server, from the setting `proxy` or the environment.
//!
//! A client has one server, so the decision is made once, when the client is built. An invalid address is an error: requests never
//! bypass a configured proxy.

use super::Settings;
use crate::error::{Error, Result};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use secrecy::ExposeSecret;
use std::ffi::OsString;
use std::fmt;
use std::net::IpAddr;
use url::{Host, Url};

/// The proxy that all requests go through.
#[derive(Clone)]
pub(crate) struct Proxy {
    /// Address, with percent-encoded credentials.
    pub address: Url,
    password: Option<String>,
}

/// Reads one environment variable; `None` if it is not set.
type Variable<'a> = &'a dyn Fn(&str) -> Option<OsString>;

impl Settings {
    /// Returns the proxy for requests to `server`, or `None` if they go directly.
    pub(crate) fn proxy_for(&self, server: &Url) -> Result<Option<Proxy>> {
        let proxy = match self.proxy.as_ref().map(ExposeSecret::expose_secret) {
            None => None,
            Some("env") => from_env(server, &|name| std::env::var_os(name).filter(|value| !value.is_empty()))?,
            Some(address) => Some(Proxy::parse(address).map_err(|why| invalid("`proxy`", why, ", or `env`"))?),
        };
        if proxy.is_some() && server.scheme() == "https" && matches!(server.host(), Some(Host::Ipv6(_))) {
            let message =
                "invalid `base_url`: a proxy cannot be used with https:// and an IPv6 address; use a host name";
            return Err(Error::config("base_url", message));
        }
        Ok(proxy)
    }
}

impl Proxy {
    /// Parses an address. The user name and the password may have any characters, percent-encoded or not.
    fn parse(address: &str) -> std::result::Result<Self, &'static str> {
        let (scheme, rest) = address.split_once("://").ok_or("it has no scheme")?;
        if scheme.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("socks")) {
            return Err("SOCKS proxies are not supported");
        }
        if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
            return Err("its scheme is unknown");
        }
        let (credentials, host) = rest.rsplit_once('@').map_or((None, rest), |(user, host)| (Some(user), host));
        let mut url = Url::parse(&format!("{scheme}://{host}")).map_err(|_| "its host or port is invalid")?;
        if !matches!(url.path(), "" | "/") || url.query().is_some() || url.fragment().is_some() {
            return Err("it has a path or a query");
        }
        Self::with_credentials(&mut url, credentials).ok_or("its user name or password is invalid")
    }

    fn with_credentials(url: &mut Url, credentials: Option<&str>) -> Option<Self> {
        let mut password = None;
        if let Some(credentials) = credentials {
            let (user, secret) = credentials.split_once(':').map_or((credentials, None), |(u, p)| (u, Some(p)));
            url.set_username(&encoded(&decoded(user)?)).ok()?;
            if let Some(secret) = secret {
                let secret = decoded(secret)?;
                url.set_password(Some(&encoded(&secret))).ok()?;
                password = Some(secret);
            }
        }
        Some(Self { address: url.clone(), password })
    }

    /// Returns the password, which is redacted in errors.
    pub(crate) fn password(&self) -> Option<&str> {
        self.password.as_deref()
    }
}

fn decoded(text: &str) -> Option<String> {
    percent_decode_str(text).decode_utf8().ok().map(Into::into)
}

fn encoded(text: &str) -> String {
    utf8_percent_encode(text, NON_ALPHANUMERIC).to_string()
}

/// Shows the host, but not the credentials.
impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Proxy").field("host", &self.address.host_str()).finish_non_exhaustive()
    }
}

fn from_env(server: &Url, variable: Variable<'_>) -> Result<Option<Proxy>> {
    let Some((name, address)) = first_set(proxy_variables(server, variable), variable) else { return Ok(None) };
    if let Some((name, list)) = first_set(&["NO_PROXY", "no_proxy"], variable)
        && is_excluded(server, &utf_8(name, list)?)
    {
        return Ok(None);
    }
    let address = utf_8(name, address)?;
    let address = if address.contains("://") { address } else { format!("http://{address}") };
    let proxy = Proxy::parse(&address).map_err(|why| invalid(&format!("environment variable {name}"), why, ""))?;
    Ok(Some(proxy))
}

/// Returns the first of these variables that is set, and its value.
fn first_set(names: &[&'static str], variable: Variable<'_>) -> Option<(&'static str, OsString)> {
    names.iter().find_map(|&name| variable(name).map(|value| (name, value)))
}

/// Returns the value as UTF-8. An invalid one is an error, since ignoring it would bypass the proxy. The message does not contain the
/// value, which may have a password.
fn utf_8(name: &str, value: OsString) -> Result<String> {
    value.into_string().map_err(|_| {
        let message = format!(
            "invalid environment variable {name}: it is not UTF-8; percent-encode the letters of the password, such as %C5%BC for ż"
        );
        Error::config("proxy", message)
    })
}

/// Returns the variables that can name a proxy for the server's scheme.
fn proxy_variables(server: &Url, variable: Variable<'_>) -> &'static [&'static str] {
    // A CGI program receives the request header `Proxy` as HTTP_PROXY.
    let is_cgi = variable("REQUEST_METHOD").is_some();
    match server.scheme() {
        "https" => &["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"],
        _ if is_cgi => &["http_proxy", "ALL_PROXY", "all_proxy"],
        _ => &["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"],
    }
}

/// Returns the error for an invalid address. It does not show the address, which may have a password.
fn invalid(what: &str, why: &str, or: &str) -> Error {
    let message =
        format!("invalid {what}: {why}; expected the address of an HTTP proxy such as http://proxy.firma.pl:3128{or}");
    Error::config("proxy", message)
}

/// Returns whether a list such as `localhost, *.firma.pl, 10.0.0.0/8, [::1]:8080` excludes the server from the proxy.
fn is_excluded(server: &Url, list: &str) -> bool {
    let entries = list.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
    entries
        .map(|entry| entry.strip_prefix('*').unwrap_or(entry))
        .any(|entry| entry.is_empty() || matches(server, entry))
}

fn matches(server: &Url, entry: &str) -> bool {
    let (host, port) = split_port(entry);
    if port.is_some_and(|port| Some(port) != server.port_or_known_default()) {
        return false;
    }
    match server.host() {
        Some(Host::Domain(name)) => is_in_domain(name, host),
        Some(Host::Ipv4(ip)) => is_in_network(ip.into(), host),
        Some(Host::Ipv6(ip)) => is_in_network(ip.into(), host),
        None => false,
    }
}

fn split_port(entry: &str) -> (&str, Option<u16>) {
    if entry.parse::<IpAddr>().is_ok() {
        return (entry, None); // the colons of an IPv6 address
    }
    match entry.rsplit_once(':').map(|(host, port)| (host, port.parse())) {
        Some((host, Ok(port))) => (host, Some(port)),
        _ => (entry, None),
    }
}

/// Returns whether a name is a domain or a subdomain of it: `firma.pl` and `.firma.pl` both match `crm.firma.pl`.
fn is_in_domain(name: &str, domain: &str) -> bool {
    let (name, domain) = (name.to_ascii_lowercase(), domain.trim_start_matches('.').to_ascii_lowercase());
    name.strip_suffix(&domain).is_some_and(|rest| !domain.is_empty() && (rest.is_empty() || rest.ends_with('.')))
}

/// Returns whether an address is equal to `network`, or in a network such as `10.0.0.0/8`.
fn is_in_network(ip: IpAddr, network: &str) -> bool {
    let network = network.trim_start_matches('[').trim_end_matches(']');
    let (address, prefix) = network.split_once('/').map_or((network, None), |(address, bits)| (address, Some(bits)));
    let Ok(address) = address.parse::<IpAddr>() else { return false };
    let (bits, width) = match (ip, address) {
        (IpAddr::V4(a), IpAddr::V4(b)) => (u128::from(a.to_bits() ^ b.to_bits()), 32),
        (IpAddr::V6(a), IpAddr::V6(b)) => (a.to_bits() ^ b.to_bits(), 128),
        _ => return false,
    };
    match prefix.map_or(Ok(width), str::parse::<u32>) {
        Ok(0) => true,
        Ok(prefix) if prefix <= width => bits >> (width - prefix) == 0,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn a_list_excludes_servers_in_every_common_form() {
        let excluded = [
            ("https://firma.egito.pl", "localhost, egito.pl"),
            ("https://firma.egito.pl", ".egito.pl"),
            ("https://firma.egito.pl", "other *.egito.pl"),
            ("https://FIRMA.egito.pl", "firma.EGITO.pl:443"),
            ("https://firma.egito.pl:8443", "firma.egito.pl:8443"),
            ("https://firma.egito.pl", "*"),
            ("http://127.0.0.1:8080", "*"),
            ("http://127.0.0.1:8080", "127.0.0.1"),
            ("http://127.0.0.1:8080", "127.0.0.0/8"),
            ("http://[::1]:8080", "::1"),
            ("http://[::1]:8080", "[::1]:8080"),
            ("http://[::1]:8080", "::/0"),
        ];
        for (server, list) in excluded {
            assert!(is_excluded(&url(server), list), "{server} {list}");
        }
    }

    #[test]
    fn a_list_excludes_no_other_server() {
        let included = [
            ("https://firma.egito.pl", ""),
            ("https://firma.egito.pl", "gito.pl, egito.pl.example"),
            ("https://firma.egito.pl", "firma.egito.pl:8443"),
            ("http://127.0.0.1:8080", "127.0.0.2, 10.0.0.0/8, 127.0.0.0/33, 1"),
            ("http://[::1]:8080", "::2, [::1]:80, 0.0.0.0/0"),
        ];
        for (server, list) in included {
            assert!(!is_excluded(&url(server), list), "{server} {list}");
        }
    }

    fn from(server: &str, variables: &[(&str, &str)]) -> Result<Option<Proxy>> {
        let variable =
            |name: &str| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| OsString::from(value));
        from_env(&url(server), &variable)
    }

    #[test]
    fn credentials_may_have_any_characters() {
        for password in ["p ss", "p\\ss", "zażółć", "p\"ss", "p^ss", "p[ss", "p@ss", "p/s?s#", "100%", "%", "a:b", ""]
        {
            for written in [password.to_owned(), encoded(password)] {
                let proxy = Proxy::parse(&format!("http://jan:{written}@proxy:3128")).unwrap();
                assert_eq!(proxy.password(), Some(password), "{written}");
                assert_eq!(decoded(proxy.address.password().unwrap_or_default()).unwrap(), password);
                assert_eq!((proxy.address.host_str(), proxy.address.port()), (Some("proxy"), Some(3128)));
            }
        }
    }

    #[test]
    fn each_scheme_has_its_own_variables() {
        let proxy = |server, variables: &[_]| from(server, variables).unwrap().map(|proxy| String::from(proxy.address));
        let both = [("HTTPS_PROXY", "http://a:1"), ("HTTP_PROXY", "b:2")];
        assert_eq!(proxy("https://firma.egito.pl", &both).as_deref(), Some("http://a:1/"));
        assert_eq!(proxy("http://localhost", &both).as_deref(), Some("http://b:2/"));
        assert_eq!(proxy("https://firma.egito.pl", &[("all_proxy", "http://c:3")]).as_deref(), Some("http://c:3/"));
        assert_eq!(proxy("https://firma.egito.pl", &[both[0], ("NO_PROXY", "egito.pl")]), None);
        assert_eq!(proxy("http://localhost", &[both[1], ("REQUEST_METHOD", "GET")]), None);
        assert_eq!(proxy("https://firma.egito.pl", &[]), None);
    }

    #[test]
    fn an_error_says_why_an_address_is_invalid() {
        for (address, reason) in [
            ("socks5h://proxy:1080", "SOCKS"),
            ("http://proxy:3128/path", "a path"),
            ("http://jan:a/b@proxy:3128?x", "a path"),
            ("proxy:3128", "no scheme"),
            ("ftp://proxy", "scheme is unknown"),
            ("http://proxy:port", "host or port"),
        ] {
            let why = Proxy::parse(address).unwrap_err();
            assert!(why.contains(reason), "{address}: {why}");
        }
    }

    #[cfg(unix)]
    #[test]
    fn a_variable_that_is_not_utf_8_is_an_error_and_never_ignored() {
        use std::os::unix::ffi::OsStringExt;

        let latin = OsString::from_vec(b"http://jan:za\xbf\xf3\xb3\xe6@localhost:3128".to_vec());
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            let error = from_env(&url("http://localhost"), &|key| (key == name).then(|| latin.clone())).unwrap_err();
            assert!(error.to_string().contains(name) && !error.to_string().contains("jan"), "{error}");
        }
        let excluded = |key: &str| match key {
            "HTTP_PROXY" => Some("http://proxy:3128".into()),
            "NO_PROXY" => Some(latin.clone()),
            _ => None,
        };
        let error = from_env(&url("http://localhost"), &excluded).unwrap_err();
        assert!(error.to_string().contains("NO_PROXY"), "{error}");
    }

    #[test]
    fn an_error_names_an_invalid_variable_without_its_value() {
        for value in ["http://jan:tajne@", "socks5://jan:tajne@localhost", "http://jan:tajne@a b"] {
            let error = from("https://firma.egito.pl", &[("HTTPS_PROXY", value)]).unwrap_err();
            assert!(error.to_string().contains("HTTPS_PROXY") && !error.to_string().contains("tajne"), "{error}");
        }
    }
}
