//! The probe finds the settings for servers of many habits, and reports what does not work.

use crate::raw_server::RawServer;
use crate::sandbox::Server;
use crate::tls;
use egito::{CancellationToken, CheckStatus, Client, Code, ProbeOptions, Report, Settings};
use rcgen::{CertificateParams, DnType};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write;
use std::time::Duration;

const RECORDS: usize = 23;

/// A server with this config, some records and faults.
fn server(config: &Value, faults: &Value) -> Server {
    let server = Server::start();
    let records = json!({"Account": RECORDS, "Lead": RECORDS});
    server.control("POST", "reset", &json!({"records": records, "config": config}));
    if !faults.is_null() {
        server.control("POST", "faults", faults);
    }
    server
}

async fn probe(settings: Settings, options: &ProbeOptions) -> Report {
    Client::new(settings).unwrap().probe(options).await.unwrap()
}

fn status(report: &Report, name: &str) -> CheckStatus {
    report.check(name).unwrap_or_else(|| panic!("no check `{name}`")).status
}

/// Probes a server, and checks that a client with the settings found does everything on it.
async fn finds(config: Value, expected: Value) -> Report {
    finds_with_faults(config, Value::Null, expected).await
}

async fn finds_with_faults(config: Value, faults: Value, expected: Value) -> Report {
    let server = server(&config, &faults);
    let report = probe(server.settings(&json!({})), &ProbeOptions::default().write("Lead")).await;
    let text = report.to_text();
    assert_eq!(json!(report.settings), expected, "{config}\n{text}");
    assert!(report.is_ok(), "{config}\n{text}");
    assert_eq!(server.journal("create").iter().filter(|entry| entry["applied"] == true).count(), 1, "one test record");

    let folder = egito_test_support::Folder::new();
    let path = folder.path().join("egito.toml");
    std::fs::write(&path, report.to_toml()).unwrap();
    server.control("POST", "config", &json!({"commit_delay_ms": 0}));
    let settings = Settings::from_file(&path, server.settings_json(&json!({})).as_bytes()).unwrap();
    works(&Client::new(settings).unwrap(), &text).await;
    report
}

/// Checks that lists are complete, and that records can be created, read, changed and deleted.
async fn works(client: &Client, text: &str) {
    for entity in ["Account", "Lead"] {
        let ids = client.entity(entity).unwrap().list().ids().await.unwrap();
        let distinct: BTreeSet<_> = ids.iter().map(ToString::to_string).collect();
        assert_eq!((ids.len(), distinct.len()), (RECORDS, RECORDS), "{entity}: every record once\n{text}");
    }
    let leads = client.leads();
    let id = leads.create(&json!({"lastName": "Ryś", "phone": "1"})).await.unwrap();
    leads.update(&id, &json!({"phone": "2"})).await.unwrap();
    let lead = leads.get(&id).await.unwrap();
    assert_eq!((lead.raw("phone"), lead.raw("lastName")), (Some("\"2\""), Some("\"Ryś\"")), "{text}");
    leads.delete(&id).await.unwrap();
    assert_eq!(leads.get(&id).await.unwrap_err().code(), Code::NotFound, "{text}");
}

#[tokio::test]
async fn the_defaults_fit_the_documented_server() {
    let report = finds(json!({}), json!({})).await;
    assert!(report.checks.iter().all(|check| check.status != CheckStatus::Problem));
    assert!((20..=45).contains(&report.requests), "{} requests", report.requests);
    assert_eq!(report.facts["token_shared"], true);
    assert_eq!(report.facts["date_form"], "ISO 8601 in UTC");
    assert_eq!(report.facts["list_form"], "array");
    assert_eq!(report.to_toml().lines().nth(1), Some("# The defaults fit this server."));
}

#[tokio::test]
async fn a_cap_becomes_the_page_size() {
    for cap in [1, 2, 5, 10] {
        let report = finds(json!({"page_cap": cap}), json!({"page_size": cap})).await;
        assert_eq!(report.facts["page_cap"], cap);
    }
}

#[tokio::test]
async fn other_names_of_parameters_are_found() {
    for (config, settings) in [
        (json!({"limit_param": "limit"}), json!({"limit_param": "limit"})),
        (json!({"offset_param": "start"}), json!({"offset_param": "start"})),
        (
            json!({"sort_param": "sortBy", "order_param": "direction"}),
            json!({"sort_param": "sortBy", "order_param": "direction"}),
        ),
        (json!({"order_param": "dir", "unsorted": "random"}), json!({"order_param": "dir"})),
        (json!({"id_param": "recordId"}), json!({"id_param": "recordId"})),
        (
            json!({"limit_param": "pageSize", "offset_param": "skip", "sort_param": "orderBy", "order_param": "direction", "page_cap": 4}),
            json!({"limit_param": "pageSize", "offset_param": "skip", "sort_param": "orderBy", "order_param": "direction", "page_size": 4}),
        ),
    ] {
        finds(config.clone(), settings.clone()).await;
        // Servers that ignore unknown parameters show the same settings as those that take them for filters.
        let mut ignoring = config;
        ignoring["ignore_filters"] = json!(["*"]);
        finds(ignoring, settings).await;
    }
}

#[tokio::test]
async fn the_form_of_lists_is_recognized() {
    for (config, expected, count) in [
        (json!({"list_form": "items", "total_key": "total"}), json!({}), Some("total")),
        (json!({"list_form": "wyniki", "total_key": "count", "page_cap": 7}), json!({"page_size": 7}), Some("count")),
        (json!({"list_form": "wyniki", "other_list": "messages"}), json!({"list_key": "wyniki"}), None),
        (json!({"id_form": "string"}), json!({}), None),
    ] {
        let report = finds(config.clone(), expected).await;
        assert_eq!(report.facts.get("count_key"), count.map(Value::from).as_ref(), "{config}");
        assert_eq!(status(&report, "list_count"), CheckStatus::Ok, "{}", report.to_text());
    }
}

#[tokio::test]
async fn restrictions_are_warnings_and_lists_are_complete_nevertheless() {
    for (config, expected, name) in [
        (json!({"ignore_offset": true}), json!({}), "list_offset"),
        (json!({"ignore_sort": true}), json!({}), "list_sort"),
        (json!({"ignore_filters": ["*"]}), json!({}), "list_filters"),
        (json!({"ignore_max": true, "page_default": 6}), json!({"page_size": 6}), "list_limit"),
        (json!({"list_form": "list", "total_key": "total", "total_delta": 5}), json!({}), "list_count"),
    ] {
        let report = finds(config.clone(), expected).await;
        assert_eq!(status(&report, name), CheckStatus::Warning, "{config}\n{}", report.to_text());
    }
}

#[tokio::test]
async fn logins_and_bodies_in_other_forms_are_found() {
    finds(json!({"token_params": "query"}), json!({"token_params": "query"})).await;
    finds(json!({"body": "form"}), json!({"body": "form"})).await;
    finds(json!({"token_params": "form", "form_charset": "ISO-8859-1", "expires_in": "missing"}), json!({})).await;
    let report = finds(json!({"not_found_form": "null", "token_omit": ["scope", "refresh_token"]}), json!({})).await;
    assert_eq!(report.facts["not_found_status"], 200);
}

#[tokio::test]
async fn other_methods_are_found() {
    let fault = |action: &str, method: &str| json!({"on": {"action": action, "method": method}, "times": 0, "response": {"status": 405}});
    finds_with_faults(json!({}), fault("get", "GET"), json!({"read_method": "POST"})).await;
    finds_with_faults(json!({}), fault("delete", "POST"), json!({"delete_method": "DELETE"})).await;
}

#[tokio::test]
async fn a_record_that_becomes_visible_late_is_waited_for() {
    finds(json!({"commit_delay_ms": 200}), json!({})).await;
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_a_problem() {
    for config in [json!({"ignore_offset": true, "page_cap": 5}), json!({"ignore_sort": true, "unsorted": "random"})] {
        let server = server(&config, &Value::Null);
        let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
        let problems: Vec<_> = report.checks.iter().filter(|check| check.status == CheckStatus::Problem).collect();
        assert_eq!(problems.len(), 1, "{config}\n{}", report.to_text());
        assert!(problems[0].name.starts_with("list_") && problems[0].advice.is_some());
        if config["page_cap"] == 5 {
            let found = server.settings(&json!(report.settings));
            let error = Client::new(found).unwrap().accounts().list().to_vec().await.unwrap_err();
            assert_eq!(error.code(), Code::Pagination, "an error is better than a part of the list");
        }
    }
}

#[tokio::test]
async fn a_probe_only_reads_unless_asked() {
    let server = server(&json!({}), &Value::Null);
    let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
    for action in ["create", "update", "delete", "call"] {
        assert!(server.journal(action).is_empty(), "{action}");
    }
    assert_eq!(status(&report, "write_create"), CheckStatus::Skipped);
    assert_eq!(server.journal("login").len(), 2);
}

#[tokio::test]
async fn settings_of_the_client_that_fit_are_kept() {
    let server = server(&json!({"limit_param": "limit", "id_param": "key"}), &Value::Null);
    let settings = server.settings(&json!({"limit_param": "limit", "id_param": "key", "default_sort": "id"}));
    let report = probe(settings, &ProbeOptions::default()).await;
    assert_eq!(json!(report.settings), json!({"limit_param": "limit", "id_param": "key"}), "{}", report.to_text());
}

#[tokio::test]
async fn a_wrong_password_is_sent_once() {
    let server = server(&json!({}), &Value::Null);
    let report = probe(server.settings(&json!({"password": "wrong"})), &ProbeOptions::default()).await;
    let login = report.check("login").unwrap();
    assert_eq!(
        (login.status, login.message.as_str()),
        (CheckStatus::Problem, "refused with `invalid_grant` (HTTP 400)")
    );
    assert_eq!(server.journal("login").len(), 1, "another attempt could lock the user");
    assert_eq!(status(&report, "list_limit"), CheckStatus::Skipped);

    let report = probe(server.settings(&json!({"client_secret": "wrong"})), &ProbeOptions::default()).await;
    assert_eq!(status(&report, "login"), CheckStatus::Problem);
    assert!(
        report.settings.is_empty() && report.check("login").unwrap().advice.as_ref().unwrap().contains("client_id")
    );
}

#[tokio::test]
async fn missing_rights_are_reported() {
    let server = server(&json!({}), &Value::Null);
    let reader = json!({"username": "czytelnik@firma", "password": "tylko-do-odczytu"});
    let report = probe(server.settings(&reader), &ProbeOptions::default().write("Lead")).await;
    assert_eq!(status(&report, "rights"), CheckStatus::Ok);
    assert_eq!(status(&report, "write_create"), CheckStatus::Problem);
    assert_eq!(status(&report, "write_delete"), CheckStatus::Skipped);
    assert!(report.check("write_create").unwrap().message.contains("no right"), "{}", report.to_text());

    server.control("POST", "faults", &json!({"on": {"action": "list"}, "times": 0, "response": {"status": 403}}));
    let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
    let rights: Vec<_> = report.checks.iter().filter(|check| check.name == "rights").collect();
    assert_eq!(rights.len(), 4);
    assert!(rights.iter().all(|check| check.status == CheckStatus::Problem && check.entity.is_some()));
    assert_eq!(report.check("get").unwrap().message, "no list can be read");
}

#[tokio::test]
async fn the_test_record_can_be_given() {
    let server = server(&json!({}), &Value::Null);
    let options = ProbeOptions::default().write("Lead").record(&json!({"phone": "1"})).unwrap();
    let report = probe(server.settings(&json!({})), &options).await;
    let create = report.check("write_create").unwrap();
    assert!(
        create.status == CheckStatus::Problem && create.advice.as_ref().unwrap().contains("`record`"),
        "{create:?}"
    );
    let options =
        ProbeOptions::from_json(br#"{"write": "Lead", "record": {"lastName": "Test", "price": 12.30}}"#).unwrap();
    assert!(probe(server.settings(&json!({})), &options).await.is_ok());
    let body = server.journal("create").last().unwrap()["body"].as_str().unwrap().to_owned();
    assert!(body.contains("12.30"), "{body}");
}

/// A create whose response is lost may have been done, so it is not sent as a form, too.
#[tokio::test]
async fn a_create_that_may_have_been_done_is_not_sent_again() {
    let server = server(&json!({}), &json!({"on": {"action": "create"}, "cut": "after"}));
    let report = probe(server.settings(&json!({})), &ProbeOptions::default().write("Lead")).await;
    assert_eq!(server.journal("create").len(), 1);
    let create = report.check("write_create").unwrap();
    assert!(create.advice.as_ref().unwrap().starts_with("Search for \"Egito SDK probe "), "{create:?}");
}

#[tokio::test]
async fn a_server_without_records_is_not_known() {
    let server = Server::start();
    server.control("POST", "reset", &json!({"seed": "empty"}));
    let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
    assert_eq!(status(&report, "list_limit"), CheckStatus::Unknown);
    assert_eq!(status(&report, "list_sort"), CheckStatus::Skipped);
    assert!(report.is_ok() && report.settings.is_empty());
}

#[tokio::test]
async fn a_server_that_cannot_be_reached_is_a_report() {
    let closed = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let server = Server::start();
    let at = |address: String| server.settings(&json!({"base_url": address}));
    let report = probe(at(format!("http://{closed}")), &ProbeOptions::default()).await;
    assert_eq!((status(&report, "tcp"), status(&report, "login")), (CheckStatus::Problem, CheckStatus::Skipped));
    assert_eq!(report.requests, 0);

    let report = probe(at("https://no-such-host.invalid".into()), &ProbeOptions::default()).await;
    assert_eq!((status(&report, "dns"), status(&report, "tcp")), (CheckStatus::Problem, CheckStatus::Skipped));
    assert!(!report.to_json().contains("no-such-host"), "the report does not name the server");

    let untrusted = tls::Server::start(|_| {}).await;
    let report = probe(at(format!("https://{}", untrusted.address())), &ProbeOptions::default()).await;
    let tls = report.check("tls").unwrap();
    assert!(tls.status == CheckStatus::Problem && tls.message.contains("not trusted"), "{tls:?}");
    assert!(tls.message.contains("certificates that the server sent: 1; its own is valid from "), "{tls:?}");
    assert!(!tls.message.contains("localhost"), "{tls:?}");
}

#[tokio::test]
async fn the_certificate_is_described() {
    let short = |params: &mut CertificateParams| {
        params.not_after = (std::time::SystemTime::now() + Duration::from_hours(48)).into();
        params.distinguished_name.push(DnType::CommonName, "localhost");
    };
    let server = tls::Server::start(short).await;
    let settings = |ca_file: Option<&std::path::Path>| {
        let address = format!("https://{}", server.address());
        Server::start().settings(&json!({"base_url": address, "ca_file": ca_file}))
    };
    let report = probe(settings(Some(&server.authority)), &ProbeOptions::default()).await;
    let tls = report.check("tls").unwrap();
    assert!(tls.status == CheckStatus::Warning && tls.message.contains("is trusted, and valid until 20"), "{tls:?}");
    assert!(tls.message.contains(report.facts["tls_valid_until"].as_str().unwrap()), "{tls:?}");
    assert_eq!(report.facts.get("tls_issuer"), None, "the name of an authority of the customer");

    let report = probe(settings(None), &ProbeOptions::default()).await;
    assert_eq!(status(&report, "tls"), CheckStatus::Problem);
    assert_eq!(report.facts["tls_issuer"], "rcgen self signed cert");
    assert_eq!(report.facts["tls_certificates"], 1);
}

#[tokio::test]
async fn a_date_of_the_test_record_shows_the_time_zone() {
    for (zone, expected) in [("Europe/Warsaw", "+02:00"), ("UTC", "UTC")] {
        let server = server(&json!({"time_zone": zone}), &Value::Null);
        let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
        assert_eq!(status(&report, "time_zone"), CheckStatus::Unknown);
        let record = json!({"lastName": "Test", "birthDate": "2026-07-01"});
        let options = ProbeOptions::default().write("Lead").record(&record).unwrap();
        let report = probe(server.settings(&json!({})), &options).await;
        assert_eq!(report.facts["time_zone"], expected, "{}", report.to_text());
    }
}

#[tokio::test]
async fn dates_of_a_list_show_the_time_zone() {
    let server = server(&json!({}), &Value::Null);
    let records: Vec<_> = [1, 7, 12].map(|month| json!({"birthDate": format!("1990-{month:02}-05")})).to_vec();
    let leads = Client::new(server.settings(&json!({}))).unwrap().leads();
    for (id, record) in (1_i64..).zip(&records) {
        leads.update(id, record).await.unwrap();
    }
    let report = probe(server.settings(&json!({})), &ProbeOptions::default().entities(["Lead"])).await;
    assert_eq!(report.facts["time_zone"], "Europe/Warsaw", "{}", report.to_text());
}

#[tokio::test]
async fn only_credentials_with_other_letters_show_the_charset() {
    let server = server(&json!({}), &Value::Null);
    let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
    let has_other_letters = !server.settings_json(&json!({})).is_ascii();
    assert_eq!(report.facts.contains_key("login_charset"), has_other_letters, "{}", report.to_text());
}

#[tokio::test]
async fn another_server_is_a_report() {
    let page =
        "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 15\r\nConnection: close\r\n\r\n<html>Hi</html>";
    let html = RawServer::start(move |stream, _| drop(stream.write_all(page.as_bytes())));
    let report = probe(html.settings(&json!({})), &ProbeOptions::default()).await;
    assert_eq!((status(&report, "server"), status(&report, "rights")), (CheckStatus::Warning, CheckStatus::Problem));
    assert!(report.check("server").unwrap().advice.is_some());

    let server = server(
        &json!({}),
        &json!({"on": {}, "times": 0, "response": {"status": 500, "body": "<html>Ups jan@firma</html>"}}),
    );
    let report = probe(server.settings(&json!({})), &ProbeOptions::default()).await;
    assert_eq!((status(&report, "server"), status(&report, "login")), (CheckStatus::Warning, CheckStatus::Problem));
    assert!(!report.to_json().contains("jan@firma"));
}

#[tokio::test]
async fn a_probe_ends_at_its_time_limit() {
    let server = server(&json!({}), &json!({"on": {"action": "list"}, "times": 0, "hold": "forever"}));
    let options = ProbeOptions::default().timeout(Duration::from_secs(1));
    let report = probe(server.settings(&json!({})), &options).await;
    assert!(report.elapsed < 10.0, "{}", report.elapsed);
    // The first request for a list is the one without a token.
    assert!(!report.is_ok() && report.check("server").unwrap().message.contains("timed out"), "{}", report.to_text());
}

#[tokio::test]
async fn nothing_follows_from_a_request_without_a_response() {
    let checks = ["list_limit", "list_sort", "list_offset", "list_cap", "list_filters"];
    let mut probes = tokio::task::JoinSet::new();
    for requests in 2..14 {
        let held = json!({"on": {"action": "list"}, "skip": requests, "times": 0, "hold": "forever"});
        let server = server(&json!({}), &held);
        probes.spawn(async move {
            let options = ProbeOptions::default().timeout(Duration::from_secs(3));
            (probe(server.settings(&json!({})), &options).await, server)
        });
    }
    let mut unknown = BTreeSet::new();
    while let Some(result) = probes.join_next().await {
        let (report, _server) = result.unwrap();
        let text = report.to_text();
        assert!(report.settings.is_empty(), "{text}");
        for check in checks.iter().filter_map(|name| report.check(name)) {
            let is_fine = matches!(check.status, CheckStatus::Ok | CheckStatus::Unknown | CheckStatus::Skipped);
            assert!(is_fine, "{text}");
            if check.status == CheckStatus::Unknown {
                unknown.insert(check.name);
                assert!(check.message.contains("timed out") || check.message.contains("time limit"), "{text}");
            }
        }
    }
    assert_eq!(unknown, BTreeSet::from(checks), "the held requests met each of these checks");
}

#[tokio::test]
async fn a_test_record_that_is_visible_late_is_deleted_or_reported() {
    let late = |milliseconds: u64| server(&json!({"commit_delay_ms": milliseconds}), &Value::Null);
    let options = ProbeOptions::default().write("Lead");
    let (soon, never) = (late(3000), late(60_000));
    let (soon_report, never_report) =
        tokio::join!(probe(soon.settings(&json!({})), &options), probe(never.settings(&json!({})), &options));
    assert_eq!(status(&soon_report, "write_delete"), CheckStatus::Ok, "{}", soon_report.to_text());
    assert_eq!(soon.control("GET", "records/Lead", &Value::Null).as_array().unwrap().len(), RECORDS);
    let delete = never_report.check("write_delete").unwrap();
    let advice = delete.advice.as_deref().unwrap();
    assert!(delete.status == CheckStatus::Problem && advice.contains("Search for"), "{}", never_report.to_text());
}

#[tokio::test]
async fn a_probe_can_be_cancelled_and_checks_its_options() {
    let server = server(&json!({}), &json!({"on": {"action": "list"}, "times": 0, "hold": "forever"}));
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let cancellation = CancellationToken::default();
    let probing = client.with_cancellation(&cancellation);
    let probe = tokio::spawn(async move { probing.probe(&ProbeOptions::default()).await });
    tokio::task::spawn_blocking(move || {
        server.control("GET", "journal?wait=1&timeout_ms=20000", &Value::Null);
        cancellation.cancel();
        server
    })
    .await
    .unwrap();
    assert!(probe.await.unwrap().unwrap_err().is_cancelled());

    for (json, setting) in [
        (r#"{"entities": []}"#, "entities"),
        (r#"{"entities": ["Account", " Contact"]}"#, "entity"),
        (r#"{"write": "Lead,Account"}"#, "entity"),
        (r#"{"timeout": 0}"#, "timeout"),
        (r#"{"record": {}}"#, "record"),
        (r#"{"write": "Lead", "record": []}"#, "record"),
        (r#"{"writes": "Lead"}"#, "writes"),
    ] {
        let error = ProbeOptions::from_json(json.as_bytes()).unwrap_err();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(setting)), "{json}");
    }
    client.close().await;
    assert_eq!(client.probe(&ProbeOptions::default()).await.unwrap_err().code(), Code::Config);
}

/// Holds the create of the test record, and cancels the probe so many times before it is released.
async fn cancel_during_create(server: Server, cancels: usize) -> (egito::Error, Server) {
    let client = Client::new(server.settings(&json!({}))).unwrap();
    let cancellation = CancellationToken::default();
    let probing = client.with_cancellation(&cancellation);
    let probe = tokio::spawn(async move { probing.probe(&ProbeOptions::default().write("Lead")).await });
    let waiting = tokio::task::spawn_blocking(move || {
        server.control("GET", "journal?action=create&wait=1&timeout_ms=20000", &Value::Null);
        (0..cancels).for_each(|_| cancellation.cancel());
        if cancels == 1 {
            server.control("POST", "release", &json!({"name": "create"}));
        }
        server
    });
    let server = waiting.await.unwrap();
    (probe.await.unwrap().unwrap_err(), server)
}

#[tokio::test]
async fn a_cancelled_probe_deletes_its_test_record() {
    let server = server(&json!({}), &json!({"on": {"action": "create"}, "hold": "create"}));
    let (error, server) = cancel_during_create(server, 1).await;
    assert!(error.is_cancelled(), "{error}");
    let leads = server.control("GET", "records/Lead", &Value::Null);
    assert_eq!((leads.as_array().unwrap().len(), server.journal("update").len()), (RECORDS, 0));
}

#[tokio::test]
async fn a_probe_that_is_cancelled_twice_says_that_its_test_record_may_remain() {
    let server = server(&json!({}), &json!({"on": {"action": "create"}, "hold": "create"}));
    let (error, _server) = cancel_during_create(server, 2).await;
    assert!(error.is_outcome_unknown() && error.to_string().contains("test record of Lead"), "{error}");
    assert!(error.details().record.as_ref().unwrap().get().contains("Egito SDK probe"));
}

/// The report can be attached to a bug report.
#[tokio::test]
async fn a_report_has_no_secrets_and_no_data_of_the_customer() {
    let server = server(&json!({}), &Value::Null);
    let settings = server.settings(&json!({}));
    let report = probe(settings.clone(), &ProbeOptions::default().write("Lead")).await;
    let secrets: Vec<String> = serde_json::from_value(server.control("GET", "secrets", &Value::Null)).unwrap();
    let json = report.to_json() + &report.to_text();
    assert!(secrets.len() > 2);
    for secret in secrets {
        assert!(!json.contains(&secret), "{secret}: {json}");
    }
    for private in ["127.0.0.1", "jan@firma", "sandbox-client", "lastName", "Kraków"] {
        assert!(!json.contains(private), "{private}: {json}");
    }
}

#[test]
fn a_blocking_probe_finds_the_same() {
    let server = server(&json!({"limit_param": "limit"}), &Value::Null);
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let report = client.probe(&ProbeOptions::default()).unwrap();
    assert_eq!(json!(report.settings), json!({"limit_param": "limit"}), "{}", report.to_text());
    assert!(client.stats().attempts > 10, "its requests count");
    assert!(client.accounts().list().limit(1).to_vec().is_ok(), "the client itself is not changed");
}
