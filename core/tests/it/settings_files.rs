//! Settings in TOML files.

use egito::{Client, Code, Settings, blocking};
use egito_test_support::Folder;
use std::path::PathBuf;

/// A new file with this content.
fn file(folder: &Folder, text: &str) -> PathBuf {
    let path = folder.path().join("egito.toml");
    std::fs::write(&path, text).unwrap();
    path
}

#[test]
fn a_file_has_the_names_of_the_settings() {
    let folder = Folder::new();
    let path = file(
        &folder,
        "# our server\nname = 'firma'\nclient_id = 'a'\nclient_secret = 'b'\nusername = 'c@firma'\npassword = 'żółć'\n\
         timeout_ms = 1_500\nconnect_timeout = 2\npage_size = 0x64\nstart_events = true\n[headers]\nX-Team = 'crm'\n",
    );
    let client = Client::from_file(&path).unwrap();
    let settings = client.settings();
    assert_eq!((settings.name.as_deref(), settings.page_size, settings.start_events), (Some("firma"), 100, true));
    assert_eq!((settings.timeout.as_millis(), settings.connect_timeout.as_secs()), (1500, 2));
    assert!(blocking::Client::from_file(&path).is_ok());

    let changed = Settings::from_file(&path, br#"{"pageSize": 7, "base_url": "https://crm.example"}"#).unwrap();
    assert_eq!((changed.page_size, changed.timeout.as_millis()), (7, 1500), "arguments override the file");
    assert_eq!((changed.name, changed.base_url.as_deref()), (None, Some("https://crm.example")));
}

#[test]
fn an_error_names_the_path_and_the_line() {
    let folder = Folder::new();
    for (text, setting, message) in [
        (
            "name = 'a'\nlimt_param = 'x'",
            "limt_param",
            "line 2: unknown setting `limt_param`: did you mean `limit_param`?",
        ),
        ("\n\ntimeout = '3'", "timeout", "line 3: invalid `timeout`: expected a number, got the string \"3\""),
        ("page_size = 0\npage_size_ = 1", "page_size_", "line 2: unknown setting `page_size_`"),
        ("timeout = 1\ntimeoutMs = 2", "timeout", "line 2: the setting `timeout` is given twice"),
        ("password = 1234567", "password", "line 1: invalid `password`: expected a string, got a number"),
        ("timeout = 2026-11-28", "timeout", "line 1: invalid `timeout`: expected a string, a number"),
        ("[client]\nname = 'a'", "client", "line 1: unknown setting `client`"),
        ("name = 'a'\npassword = 'tajne", "file", "line 2: invalid TOML: "),
    ] {
        let path = file(&folder, text);
        let error = Settings::from_file(&path, b"{}").unwrap_err();
        let shown = error.to_string();
        assert_eq!((error.code(), error.details().setting.as_deref()), (Code::Config, Some(setting)), "{shown}");
        assert!(shown.starts_with(&format!("{}, {message}", path.display())), "{shown}");
        assert!(!shown.contains("tajne") && !shown.contains("1234567"), "{shown}");
    }
    let missing = Settings::from_file(folder.path().join("no.toml"), b"{}").unwrap_err();
    assert!(missing.to_string().starts_with("cannot read the settings file "), "{missing}");
}

/// Environment variables belong to a process, so the test runs in one of its own.
#[test]
fn the_environment_names_a_file_and_overrides_it() {
    let folder = Folder::new();
    let path = file(&folder, "name = 'inna'\nusername = 'c'\npassword = 'd'\npage_size = 50\nlimit_param = 'limit'\n");
    let child = std::process::Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "settings_files::in_this_environment", "--ignored", "--quiet"])
        .env_remove("EGITO_BASE_URL")
        .envs([("EGITO_NAME", "firma"), ("EGITO_API_ID", "id"), ("EGITO_API_SECRET", "secret"), ("EGITO_USERNAME", "")])
        .env("EGITO_CONFIG", path)
        .output()
        .unwrap();
    assert!(child.status.success(), "{child:?}");
}

#[test]
#[ignore = "runs in the process that the test above starts"]
fn in_this_environment() {
    let from_env = Client::from_env().unwrap();
    let built = Client::builder().page_size(50).from_env().build().unwrap();
    for settings in [from_env.settings(), built.settings()] {
        assert_eq!((settings.name.as_deref(), settings.username.as_deref()), (Some("firma"), Some("c")));
        assert_eq!((settings.page_size, settings.limit_param.as_str()), (50, "limit"));
    }
    let ours = Client::builder().limit_param("max").page_size(500).from_env().base_url("https://crm.example");
    let ours = ours.build().unwrap();
    let settings = ours.settings();
    assert_eq!(
        (settings.page_size, settings.limit_param.as_str()),
        (500, "max"),
        "code overrides, even with a default"
    );
    assert_eq!((settings.name.as_deref(), settings.base_url.as_deref()), (None, Some("https://crm.example")));
}
