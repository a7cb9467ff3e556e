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
