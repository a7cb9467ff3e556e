//! A create never goes out on a connection that the server has already closed.

use crate::raw_server::{RawServer, TOKEN};
use egito::Settings;
use serde_json::json;

const CREATE: &str = "/services/restapi/json/Offer/create";

#[test]
fn a_blocking_create_after_a_pause_takes_a_new_connection_where_the_old_one_is_closed() {
    let server = RawServer::start(&[2, 1], &[TOKEN, r#"{"id": 1}"#, r#"{"id": 2}"#]);
    let client = egito::blocking::Client::new(settings(&server)).unwrap();
    let offers = client.entity("Offer").unwrap();
    assert_eq!(offers.create(&json!({})).unwrap(), 1.into());
    server.closed.recv().unwrap();
    std::thread::sleep(std::time::Duration::from_millis(2)); // the pause itself: shorter ones are not looked after
    assert_eq!(offers.create(&json!({})).unwrap(), 2.into());
    assert_eq!(server.requests(), ["/oauth/token", CREATE, CREATE]);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_async_create_takes_a_new_connection_where_the_old_one_is_closed() {
    let server = RawServer::start(&[2, 1], &[TOKEN, r#"{"id": 1}"#, r#"{"id": 2}"#]);
    let client = egito::Client::new(settings(&server)).unwrap();
    let offers = client.entity("Offer").unwrap();
    assert_eq!(offers.create(&json!({})).await.unwrap(), 1.into());
    server.closed.recv().unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(2)).await; // the runtime sees the end in its own time
    assert_eq!(offers.create(&json!({})).await.unwrap(), 2.into());
    assert_eq!(server.requests(), ["/oauth/token", CREATE, CREATE]);
}

fn settings(server: &RawServer) -> Settings {
    let settings = json!({
        "base_url": server.address, "client_id": "c", "client_secret": "secret", "username": "jan@firma", "password": "hasło",
    });
    Settings::from_json(settings.to_string().as_bytes()).unwrap()
}
