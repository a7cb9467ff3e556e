//! Tokens in a file: processes share one login, and files of other users or programs are not trusted.

use crate::fake_clock::FakeClock;
use crate::sandbox::Server;
use crate::temp_folder::Folder;
use egito::binding::Clock;
use egito::blocking::Client;
use egito::{Code, Outcome};
use serde_json::json;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

const PROCESSES: usize = 200;
const SETTINGS: &str = "EGITO_TEST_SETTINGS";

#[test]
fn two_hundred_processes_started_together_log_in_once() {
    let (server, folder) = (Server::start(), Folder::new("together"));
    let settings = server.settings_json(&json!({"token_store": folder.file(), "timeout": 60}));
    let start = || {
        Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "token_store::is_one_of_many_processes", "--ignored", "--quiet"])
            .env(SETTINGS, &settings)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    };
    let processes: Vec<Child> = (0..PROCESSES).map(|_| start()).collect();
    for mut process in processes {
        assert!(process.wait().unwrap().success());
    }
    assert_eq!(server.journal("get").len(), PROCESSES);
    assert_eq!(server.journal("login").len(), 1);
    assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
#[ignore = "runs in the processes that the test above starts"]
fn is_one_of_many_processes() {
    let settings = std::env::var(SETTINGS).unwrap();
    let client = Client::new(egito::Settings::from_json(settings.as_bytes()).unwrap()).unwrap();
    client.accounts().get(1).unwrap();
}

#[test]
fn a_damaged_or_foreign_file_is_rewritten() {
    let (server, folder) = (Server::start(), Folder::new("damaged"));
    let foreign = r#"{"egito_tokens": 1, "tokens": [], "more": true}"#;
    for (logins, content) in ["", "no JSON", "[1, 2]", foreign, "{\"tokens\": {}}"].into_iter().enumerate() {
        fs::write(folder.file(), content).unwrap();
        server.control("POST", "reset", &json!({}));
        read_one(&server, &folder);
        assert_eq!(server.journal("login").len(), 1, "{logins}: {content:?}");
        read_one(&server, &folder);
        assert_eq!(server.journal("login").len(), 1, "the second client takes the first one's token");
    }
}

#[test]
fn a_file_that_others_can_read_is_not_trusted() {
    let (server, folder) = (Server::start(), Folder::new("open"));
    read_one(&server, &folder);
    fs::set_permissions(folder.file(), fs::Permissions::from_mode(0o644)).unwrap();
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 2);
    assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[test]
fn an_expired_token_is_renewed_for_all() {
    let (server, folder) = (Server::start(), Folder::new("expired"));
    read_one(&server, &folder);
    server.control("POST", "clock", &json!({"advance": 100_000}));
    read_one(&server, &folder);
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 2);
}

#[test]
fn a_refused_login_is_shared_by_all() {
    const CLIENTS: usize = 50;
    let (server, folder) = (Server::start(), Folder::new("refused"));
    let wrong = server.settings(&json!({"password": "nie to hasło", "token_store": folder.file(), "timeout": 60}));
    let refused = || Client::new(wrong.clone()).unwrap().accounts().get(1).unwrap_err();
    let errors: Vec<_> = std::thread::scope(|scope| {
        let clients: Vec<_> = (0..CLIENTS).map(|_| scope.spawn(refused)).collect();
        clients.into_iter().map(|client| client.join().unwrap()).collect()
    });
    assert_eq!(server.journal("login").len(), 1);
    for error in errors {
        assert_eq!((error.code(), error.details().status), (Code::Auth, Some(400)), "{error:?}");
        assert_eq!(error.details().oauth_error.as_deref(), Some("invalid_grant"));
        assert!(error.details().oauth_description.is_some());
    }
    assert!(!fs::read_to_string(folder.file()).unwrap().contains("nie to"));
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 2, "another password is tried at once");
    assert_eq!(fs::metadata(folder.file()).unwrap().permissions().mode() & 0o777, 0o600);
}

#[tokio::test]
async fn a_refused_login_in_the_file_expires_after_some_seconds() {
    let (server, folder) = (Server::start(), Folder::new("forgotten"));
    let wrong = json!({"password": "nie to hasło", "token_store": folder.file()});
    let clock = Arc::new(FakeClock::default());
    let login = || egito::binding::with_clock(server.settings(&wrong), clock.clone()).unwrap().accounts();
    login().get(1).await.unwrap_err();
    drop(clock.sleep(std::time::Duration::from_secs(4)));
    let other = login();
    other.get(1).await.unwrap_err();
    assert_eq!(server.journal("login").len(), 1);
    drop(clock.sleep(std::time::Duration::from_secs(2)));
    other.get(1).await.unwrap_err();
    assert_eq!(server.journal("login").len(), 2, "the five seconds count from the refused login itself");
}

#[test]
fn another_user_has_another_token() {
    let (server, folder) = (Server::start(), Folder::new("users"));
    read_one(&server, &folder);
    let reader = json!({"username": "czytelnik@firma", "password": "tylko-do-odczytu", "token_store": folder.file()});
    Client::new(server.settings(&reader)).unwrap().accounts().get(1).unwrap();
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_is_not_sent_if_the_login_of_another_process_takes_too_long() {
    let (server, folder) = (Server::start(), Folder::new("locked"));
    let other = fs::File::create(folder.0.join("tokens.json.lock")).unwrap();
    other.lock().unwrap();
    let clock = Arc::new(FakeClock::default());
    let settings = server.settings(&json!({"token_store": folder.file(), "timeout": 90}));
    let accounts = egito::binding::with_clock(settings, clock.clone()).unwrap().accounts();
    let error = accounts.create(&json!({"name": "Żubr"})).await.unwrap_err();
    assert_eq!((error.code(), error.outcome()), (Code::Timeout, Some(Outcome::NotSent)), "{error:?}");
    assert!(clock.pauses().iter().sum::<f64>() >= 90.0);
    assert_eq!(server.journal("login").len(), 0);
    drop(other);
    tokio::task::block_in_place(|| std::thread::scope(|scope| drop(scope.spawn(|| read_one(&server, &folder)).join())));
    assert_eq!(server.journal("get").len(), 1);
}

#[test]
fn calls_work_if_the_store_cannot_be_locked() {
    let (server, folder) = (Server::start(), Folder::new("unlocked"));
    let settings = server.settings(&json!({"token_store": folder.file()}));
    let client = Client::new(settings.clone()).unwrap();
    let lock = folder.0.join("tokens.json.lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(lock).unwrap();
    client.accounts().get(1).unwrap();
    assert_eq!(server.journal("get").len(), 1);
    let error = Client::new(settings).unwrap_err();
    assert!(error.to_string().contains("tokens.json.lock\": Is a directory"), "{error}");
}

#[test]
fn calls_work_if_the_folder_is_removed() {
    let (server, folder) = (Server::start(), Folder::new("vanished"));
    let client = Client::new(server.settings(&json!({"token_store": folder.file()}))).unwrap();
    client.accounts().get(1).unwrap();
    fs::remove_dir_all(&folder.0).unwrap();
    server.control("POST", "clock", &json!({"advance": 100_000}));
    client.accounts().get(1).unwrap();
    let derived = client.with_options(br#"{"timeout": 60}"#).unwrap();
    derived.accounts().get(1).unwrap();
    fs::create_dir(&folder.0).unwrap();
    server.control("POST", "clock", &json!({"advance": 100_000}));
    client.accounts().get(1).unwrap();
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 3, "the store is used again once the folder exists");
}

#[test]
fn a_recreated_client_needs_no_folder() {
    let (server, folder) = (Server::start(), Folder::new("recreated"));
    let client = egito::Client::new(server.settings(&json!({"token_store": folder.file()}))).unwrap();
    fs::remove_dir_all(&folder.0).unwrap();
    let derived = client.with_options(br#"{"timeout": 60}"#).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(egito::binding::recreate(&derived).unwrap().accounts().get(1)).unwrap();
}

#[test]
fn a_path_that_is_not_a_file_is_neither_read_nor_replaced() {
    use std::os::unix::fs::FileTypeExt;
    let (server, folder) = (Server::start(), Folder::new("pipe"));
    let settings = server.settings(&json!({"token_store": folder.file()}));
    let client = Client::new(settings.clone()).unwrap();
    assert!(Command::new("mkfifo").arg(folder.file()).status().unwrap().success());
    assert_eq!(Client::new(settings).unwrap_err().details().setting.as_deref(), Some("token_store"));
    client.accounts().get(1).unwrap();
    assert!(fs::metadata(folder.file()).unwrap().file_type().is_fifo());
}

#[test]
fn a_file_that_is_too_long_is_not_read_completely() {
    let (server, folder) = (Server::start(), Folder::new("long"));
    read_one(&server, &folder);
    let tokens = fs::read_to_string(folder.file()).unwrap();
    fs::write(folder.file(), " ".repeat(1 << 20) + &tokens).unwrap();
    read_one(&server, &folder);
    assert_eq!(server.journal("login").len(), 2);
}

fn read_one(server: &Server, folder: &Folder) {
    Client::new(server.settings(&json!({"token_store": folder.file()}))).unwrap().accounts().get(1).unwrap();
}
