//! The accept loop. It is our own, since connections have numbers and faults can close them.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::response::Response;
use bytes::Bytes;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tower::ServiceExt;

use crate::chunked_body::CloseConnection;
use crate::control;
use crate::handler::handle;
use crate::journal::Connection;
use crate::request::Request;
use crate::state::State;

/// Maximum time for requests in flight when the sandbox stops.
const GRACE: Duration = Duration::from_secs(1);

/// Serves until `stop` changes or its sender is gone.
pub(crate) async fn serve(listener: TcpListener, state: Arc<State>, mut stop: watch::Receiver<bool>) {
    let control = control::routes(Arc::clone(&state));
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            _ = stop.changed() => break,
            Ok((stream, _)) = listener.accept() => {
                connections.spawn(connection(stream, Arc::clone(&state), control.clone(), stop.clone()));
            }
            Some(_) = connections.join_next() => {}
        }
    }
    drop(listener);
    state.barriers.release_all();
    state.journal.stop();
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, state: Arc<State>, control: Router, mut stop: watch::Receiver<bool>) {
    // Responses are written at once, so Nagle's algorithm would only delay them.
    let _ = stream.set_nodelay(true);
    let number = Arc::new(Connection::default());
    let service = service_fn(|request| respond(Arc::clone(&state), control.clone(), Arc::clone(&number), request));
    let mut serving = std::pin::pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    // An error here means that a fault or the client closed the connection. The journal has both.
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = stop.changed() => {
            serving.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(GRACE, serving).await;
        }
    }
}

async fn respond(
    state: Arc<State>,
    control: Router,
    connection: Arc<Connection>,
    request: axum::http::Request<Incoming>,
) -> Result<Response, CloseConnection> {
    let path = request.uri().path();
    if path == "/_sandbox" || path.starts_with("/_sandbox/") {
        return control.oneshot(request.map(Body::new)).await.map_err(|never| match never {});
    }
    let (parts, body) = request.into_parts();
    let body = if http_body::Body::is_end_stream(&body) {
        Bytes::new()
    } else {
        to_bytes(Body::new(body), usize::MAX).await.map_err(|_| CloseConnection)?
    };
    handle(&state, &connection, Request::new(parts, body)).await
}
