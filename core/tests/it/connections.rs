//! A create never goes out on a connection that the server has already closed.

use crate::raw_server::RawServer;
use serde_json::json;
use std::time::Duration;

const ROUNDS: i64 = 50;

/// The pause after which a connection that was closed must be known to be. It is what these tests are about.
const PAUSE: Duration = Duration::from_millis(2);

#[test]
fn a_blocking_create_after_a_pause_takes_a_new_connection_where_the_old_one_is_closed() {
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
async fn an_async_create_after_a_pause_takes_a_new_connection_where_the_old_one_is_closed() {
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
async fn a_task_that_kept_its_thread_busy_sees_that_its_connection_is_closed() {
    creates_of_a_busy_task().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn so_does_one_among_several_threads() {
    tokio::spawn(creates_of_a_busy_task()).await.unwrap();
}

/// Nothing else runs on the thread while the server closes the connection.
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
