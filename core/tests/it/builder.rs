//! The builder has a method for every setting, and reads settings that are not set from the environment.

use crate::sandbox::Server;
use egito::{
    BodyFormat, Client, Code, Decimals, FormDecimal, Method, Settings, TokenIn, TokenParams, TokenStore, blocking,
};
use secrecy::ExposeSecret;
use serde_json::json;
use std::time::Duration;

const ALL: &str = r#"{
    "base_url": "https://crm.example/app", "client_id": "a", "client_secret": "bbbb", "username": "c@d", "password": "eeee",
    "refresh_token": "ffff", "token_store": "memory", "timeout": 1, "connect_timeout": 2, "read_timeout": 3.5, "close_timeout": 4,
    "max_retries": 4, "backoff_base": 5, "backoff_max": 6, "retry_after_max": 7, "max_concurrency": 8,
    "requests_per_second": 9.5, "page_size": 10, "prefetch": 11, "page_overlap": 9, "decimals": "string",
    "proxy": "http://g:hhhh@127.0.0.1:1", "ca_file": "/i", "max_response_bytes": 12, "start_events": true, "headers": {"X-Team": "tttt"}, "user_agent": "j", "accept_language": "s", "form_decimal": ",", "scope": "k",
    "token_params": "query", "token_in": "query", "body": "form", "read_method": "POST", "delete_method": "DELETE",
    "id_param": "l", "limit_param": "m", "offset_param": "n", "sort_param": "o", "order_param": "p", "default_sort": "q",
    "list_key": "r"
}"#;

#[test]
fn every_setting_has_a_method() {
    let ours = include_str!("builder.rs");
    for name in egito::binding::SETTINGS.iter().map(|setting| setting.name) {
        assert!(ours.contains(&format!(".{name}(")), "the test below does not call `{name}`");
    }
}

#[test]
fn the_methods_set_what_json_sets() {
    let built = egito::blocking::Client::builder()
        .base_url("https://crm.example/app")
        .client_id("a")
        .client_secret("bbbb")
        .username("c@d")
        .password("eeee")
        .refresh_token("ffff")
        .token_store(TokenStore::Memory)
        .timeout(Duration::from_secs(1))
        .connect_timeout(Duration::from_secs(2))
        .read_timeout(Duration::from_millis(3500))
        .close_timeout(Duration::from_secs(4))
        .max_retries(4)
        .backoff_base(Duration::from_secs(5))
        .backoff_max(Duration::from_secs(6))
        .retry_after_max(Duration::from_secs(7))
        .max_concurrency(8)
        .requests_per_second(9.5)
        .page_size(10)
        .prefetch(11)
        .page_overlap(9)
        .decimals(Decimals::String)
        .proxy("http://g:hhhh@127.0.0.1:1")
        .ca_file("/i")
        .max_response_bytes(12)
        .start_events(true)
        .headers([("x-team", "tttt")].into_iter().collect())
        .user_agent("j")
        .accept_language("s")
        .form_decimal(FormDecimal::Comma)
        .scope("k")
        .token_params(TokenParams::Query)
        .token_in(TokenIn::Query)
        .body(BodyFormat::Form)
        .read_method(Method::Post)
        .delete_method(Method::Delete)
        .id_param("l")
        .limit_param("m")
        .offset_param("n")
        .sort_param("o")
        .order_param("p")
        .default_sort("q")
        .list_key("r");
    let shown = format!("{built:?}");
    assert!(!shown.contains("bbbb") && !shown.contains("hhhh"), "{shown}");

    let error = built.clone().build().unwrap_err(); // the file does not exist
    assert_eq!(error.details().setting.as_deref(), Some("ca_file"));

    let file = std::env::temp_dir().join(format!("egito-builder-{}.pem", std::process::id()));
    std::fs::write(&file, rcgen::generate_simple_self_signed(["a".to_owned()]).unwrap().cert.pem()).unwrap();
    let client = built.ca_file(&file).build().unwrap();
    std::fs::remove_file(&file).unwrap();
    let mut expected = Settings::from_json(ALL.as_bytes()).unwrap();
    expected.ca_file = Some(file);
    let settings = client.settings();
    assert_eq!(format!("{settings:?}"), format!("{expected:?}"));
    assert_eq!(secrets(settings), secrets(&expected));
}

#[test]
fn the_name_is_a_setting_too() {
    let client = Client::builder().name("firma").client_id("a").client_secret("b").refresh_token("c").build().unwrap();
    assert_eq!(client.settings().name.as_deref(), Some("firma"));
    let both = Client::builder().name("firma").base_url("https://firma.egito.pl").build().unwrap_err();
    assert_eq!((both.code(), both.details().setting.as_deref()), (Code::Config, Some("base_url")));
}

#[test]
fn both_builders_create_working_clients() {
    let server = Server::start();
    let settings = server.settings(&json!({}));
    let address = settings.base_url.clone().unwrap();
    let build = || {
        blocking::Client::builder()
            .base_url(&*address)
            .client_id(&*settings.client_id)
            .client_secret(settings.client_secret.clone())
            .username(settings.username.clone().unwrap())
            .password(settings.password.clone().unwrap())
    };
    assert_eq!(build().build().unwrap().accounts().get(1).unwrap().id(), Some(1.into()));
    let refused = build().password("wrong").build().unwrap().accounts().get(1).unwrap_err();
    assert_eq!(refused.code(), Code::Auth);

    let client = Client::builder().base_url(address).client_id("x").client_secret("y").username("z").password("w");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let refused = runtime.block_on(async { client.build().unwrap().accounts().get(1).await }).unwrap_err();
    assert_eq!(refused.code(), Code::Auth);
}

#[test]
fn settings_that_are_not_set_are_read_from_the_environment() {
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "builder::in_this_environment", "--ignored", "--quiet"])
        .env_remove("EGITO_BASE_URL")
        .envs([("EGITO_NAME", "firma"), ("EGITO_API_ID", "id"), ("EGITO_API_SECRET", "secret")])
        .envs([("EGITO_USERNAME", "jan@firma"), ("EGITO_PASSWORD", "password"), ("EGITO_SORT_PARAM", "")])
        .envs([("EGITO_PAGE_SIZE", "7"), ("EGITO_TIMEOUT", "2.5"), ("EGITO_START_EVENTS", "true")])
        .envs([("EGITO_LIMIT_PARAM", "200"), ("EGITO_READ_METHOD", "POST")])
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn in_this_environment() {
    let settings = |client: Client| client.settings().clone();
    let all = settings(Client::builder().max_retries(1).from_env().build().unwrap());
    assert_eq!((all.name.as_deref(), all.base_url.as_deref(), all.max_retries), (Some("firma"), None, 1));
    assert_eq!((all.client_id.as_str(), all.username.as_deref()), ("id", Some("jan@firma")));
    assert_eq!(secrets(&all), [Some("secret"), Some("password"), None, None]);

    assert_eq!((all.page_size, all.timeout.as_secs_f64(), all.start_events), (7, 2.5, true));
    assert_eq!(
        (all.limit_param.as_str(), all.read_method, all.sort_param.as_str()),
        ("200", Some(Method::Post), "sort")
    );

    let ours = Client::builder().from_env().base_url("https://crm.example").client_id("a").client_secret("b");
    let ours = settings(ours.username("c").password("d").build().unwrap());
    assert_eq!((ours.name.as_deref(), ours.base_url.as_deref()), (None, Some("https://crm.example")));
    assert_eq!((ours.client_id.as_str(), ours.username.as_deref()), ("a", Some("c")));
    assert_eq!(secrets(&ours), [Some("b"), Some("d"), None, None]);

    let without_from_env = Client::builder().build().unwrap_err();
    assert_eq!(without_from_env.details().setting.as_deref(), Some("name"));
}

fn secrets(settings: &Settings) -> [Option<&str>; 4] {
    let Settings { client_secret, password, refresh_token, proxy, .. } = settings;
    [Some(client_secret), password.as_ref(), refresh_token.as_ref(), proxy.as_ref()]
        .map(|secret| secret.map(ExposeSecret::expose_secret))
}
