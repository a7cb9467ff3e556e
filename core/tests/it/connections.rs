//! A create is never sent on a connection that the server has closed.

use crate::raw_server::RawServer;
use serde_json::json;
use std::time::Duration;

const ROUNDS: i64 = 50;

/// The time after which the client must have noticed that a connection was closed.
const PAUSE: Duration = Duration::from_millis(2);

#[test]
fn a_blocking_create_after_a_pause_uses_a_new_connection_if_the_old_one_is_closed() {
    let server = RawServer::with_ids();
    let client = egito::blocking::Client::new(server.settings(&json!({}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    for round in 1..=ROUNDS {
        assert_eq!(offers.create(&json!({})).unwrap(), round.into());
        server.await_close();
        std::thread::sleep(PAUSE);
    }
    assert_eq!(server.requests(), 50);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_async_create_after_a_pause_uses_a_new_connection_if_the_old_one_is_closed() {
    let server = RawServer::with_ids();
    let client = egito::Client::new(server.settings(&json!({}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    for round in 1..=ROUNDS {
        assert_eq!(offers.create(&json!({})).await.unwrap(), round.into());
        tokio::task::block_in_place(|| server.await_close());
        tokio::time::sleep(PAUSE).await;
    }
    assert_eq!(server.requests(), 50);
}

#[tokio::test]
async fn a_task_that_blocked_its_thread_notices_that_its_connection_is_closed() {
    creates_of_a_busy_task().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_task_on_one_of_several_threads_notices_it_too() {
    tokio::spawn(creates_of_a_busy_task()).await.unwrap();
}

/// Blocks the thread while the server closes the connection.
async fn creates_of_a_busy_task() {
    let server = RawServer::with_ids();
    let client = egito::Client::new(server.settings(&json!({}))).unwrap();
    let offers = client.entity("Offer").unwrap();
    for round in 1..=ROUNDS {
        assert_eq!(offers.create(&json!({})).await.unwrap(), round.into());
        server.await_close();
        std::thread::sleep(PAUSE);
    }
    assert_eq!(server.requests(), 50);
}
