//! The accept loop: an own one, because connections are numbered and can be cut.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::Request;
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

use crate::control;
use crate::exchange::Exchange;
use crate::journal::Connection;
use crate::pieces::Cut;
use crate::state::State;
use crate::visit::visit;

/// How long requests that are under way may take at the end.
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
    state.holds.release_all();
    while connections.join_next().await.is_some() {}
}

async fn connection(stream: TcpStream, state: Arc<State>, control: Router, mut stop: watch::Receiver<bool>) {
    // Answers are written whole: waiting for more of them would only cost time.
    let _ = stream.set_nodelay(true);
    let number = Arc::new(Connection::default());
    let service = service_fn(|request| answer(Arc::clone(&state), control.clone(), Arc::clone(&number), request));
    let mut serving = std::pin::pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    // What fails here is the connection itself, cut by us or by the client: both are in the journal.
    tokio::select! {
        _ = serving.as_mut() => {}
        _ = stop.changed() => {
            serving.as_mut().graceful_shutdown();
            let _ = tokio::time::timeout(GRACE, serving).await;
        }
    }
}

async fn answer(
    state: Arc<State>,
    control: Router,
    connection: Arc<Connection>,
    request: Request<Incoming>,
) -> Result<Response, Cut> {
    if request.uri().path().starts_with("/_sandbox/") {
        return control.oneshot(request.map(Body::new)).await.map_err(|never| match never {});
    }
    let (parts, body) = request.into_parts();
    let body = if http_body::Body::is_end_stream(&body) {
        Bytes::new()
    } else {
        to_bytes(Body::new(body), usize::MAX).await.map_err(|_| Cut)?
    };
    visit(&state, &connection, Exchange::new(parts, body)).await
}
