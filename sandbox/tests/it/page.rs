//! The page for a browser, and who may control the sandbox. `tests/page` tests it in Chromium.

use crate::crm::Crm;

const OWN_HOST: &str = "127.0.0.1:1";

/// Sends a control request with these headers, and returns its status.
fn status(crm: &Crm, method: &str, headers: &[(&str, &str)]) -> u16 {
    crm.send(method, "/_sandbox/config", headers, if method == "POST" { "{}" } else { "" }).status
}

#[test]
fn it_loads_nothing_from_elsewhere() {
    let crm = Crm::new();
    let page = crm.send("GET", "/_sandbox/", &[], "");
    let policy = page.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'; script-src 'self'; ") && policy.contains("frame-ancestors 'none'"));
    assert!(!policy.contains("unsafe") && !policy.contains("http"));
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    assert!(!page.text.contains("http://") && !page.text.contains("https://"), "no link to another host");
}

#[test]
fn every_file_that_it_names_exists() {
    let crm = Crm::new();
    let page = crm.send("GET", "/_sandbox/", &[], "").text;
    let mut names: Vec<String> =
        page.split("\"page/").skip(1).map(|rest| rest.split('"').next().unwrap().into()).collect();
    let mut read = 0;
    while read < names.len() {
        let file = crm.send("GET", &format!("/_sandbox/page/{}", names[read]), &[], "");
        assert!(file.status == 200 && !file.text.is_empty(), "{}", names[read]);
        let imports = file.text.split("from './").skip(1).map(|rest| rest.split('\'').next().unwrap());
        let new: Vec<String> =
            imports.filter(|name| !names.iter().any(|known| known == name)).map(str::to_owned).collect();
        names.extend(new);
        read += 1;
    }
    assert!(names.len() > 10, "{names:?}");
    assert_eq!(crm.send("GET", "/_sandbox/page/Cargo.toml", &[], "").status, 404);
    assert_eq!(crm.send("GET", "/_sandbox", &[], "").header("location"), "/_sandbox/");
    assert!(crm.journal("").is_empty());
}

#[test]
fn programs_send_no_origin_and_are_allowed() {
    let crm = Crm::new();
    assert_eq!(status(&crm, "POST", &[]), 200);
    for host in ["127.0.0.1:8080", "localhost", "[::1]:80", "crm.localhost", "host.docker.internal:8080"] {
        assert_eq!(status(&crm, "POST", &[("host", host)]), 200, "{host}");
    }
}

#[test]
fn the_page_itself_is_allowed() {
    let crm = Crm::new();
    assert_eq!(status(&crm, "POST", &[("host", OWN_HOST), ("origin", "http://127.0.0.1:1")]), 200);
    assert_eq!(status(&crm, "POST", &[("host", "localhost:1"), ("origin", "http://localhost:1")]), 200);
}

#[test]
fn another_website_cannot_control_the_sandbox() {
    let crm = Crm::new();
    for origin in
        ["http://evil.example", "https://evil.example:1", "null", "http://localhost:1", "http://127.0.0.1:2", ""]
    {
        for method in ["POST", "GET"] {
            assert_eq!(status(&crm, method, &[("host", OWN_HOST), ("origin", origin)]), 403, "{method} {origin}");
        }
    }
    let response =
        crm.send("DELETE", "/_sandbox/journal", &[("host", OWN_HOST), ("origin", "http://evil.example")], "");
    let (refused, message) = response.refusal();
    assert!(refused == 403 && message.contains("evil.example"), "{message}");
}

#[test]
fn a_name_that_points_here_is_not_allowed() {
    let crm = Crm::new();
    for host in ["evil.example", "evil.example:8080", "127.0.0.1.evil.example", "localhost.evil.example"] {
        assert_eq!(status(&crm, "GET", &[("host", host)]), 403, "{host}");
        let origin = format!("http://{host}");
        assert_eq!(status(&crm, "POST", &[("host", host), ("origin", &origin)]), 403, "{host}");
    }
}
