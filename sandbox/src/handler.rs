//! Handles one request to the CRM: journal it, apply a fault, run the action, respond.

use std::sync::Arc;

use axum::body::Body;

use crate::barrier::Waiter;
use crate::chunked_body::{ChunkedBody, CloseConnection};
use crate::fault::{Cut, Fault};
use crate::journal::{Connection, Entry, InFlightGuard};
use crate::lock::lock;
use crate::request::Request;
use crate::response::Response;
use crate::state::State;
use crate::target::Target;

type HttpResponse = axum::response::Response;

/// Returns the response to a request, or an error if the connection must be closed instead.
pub(crate) async fn handle(
    state: &Arc<State>,
    connection: &Connection,
    request: Request,
) -> Result<HttpResponse, CloseConnection> {
    let epoch = state.epoch();
    let request = Arc::new(request);
    let fault = lock(&state.faults).take(&request);
    let Some(fault) = fault else {
        let (entry, _in_flight) = state.journal.add(&request, connection, None);
        let response = run_action(state, &request, &entry);
        if request.target == Target::Login {
            let delay = lock(&state.crm).config.token_race();
            if !delay.is_zero() {
                tokio::time::sleep(delay).await;
            }
        }
        entry.set_response(&response);
        return Ok(response.into_http(Body::from));
    };
    let waiter = fault.hold.as_ref().map(|name| state.barriers.join(name));
    let (entry, in_flight) = state.journal.add(&request, connection, Some(&fault));
    let watch = entry.watch_disconnect();
    let faulted = FaultedRequest {
        state: Arc::clone(state),
        epoch,
        request,
        entry: Arc::clone(&entry),
        fault: Arc::clone(&fault),
    };
    // Run it in its own task: like a real server, the sandbox continues if the client disconnects.
    let result = tokio::spawn(faulted.run(waiter, in_flight)).await.unwrap_or(Err(CloseConnection));
    watch.complete();
    Ok(send(&fault, &entry, result?))
}

/// A request that a fault applies to.
struct FaultedRequest {
    state: Arc<State>,
    epoch: u64,
    request: Arc<Request>,
    entry: Arc<Entry>,
    fault: Arc<Fault>,
}

impl FaultedRequest {
    async fn run(self, waiter: Option<Waiter>, _in_flight: InFlightGuard) -> Result<Response, CloseConnection> {
        if self.fault.expire_token
            && let Some((token, _)) = self.request.token()
        {
            lock(&self.state.crm).tokens.expire(token);
        }
        if let Some(waiter) = waiter {
            waiter.wait().await;
        }
        if self.state.epoch() != self.epoch {
            return Err(CloseConnection);
        }
        let real = self.fault.runs_action().then(|| run_action(&self.state, &self.request, &self.entry));
        if let Some(delay) = self.fault.delay() {
            tokio::time::sleep(delay).await;
        }
        let response = self.fault.response().or(real).filter(|response| !sends_nothing(&self.fault, response));
        let response = response.ok_or(CloseConnection)?;
        self.entry.set_response(&response);
        Ok(response)
    }
}

/// Runs the action, and notes in the journal whether it was done.
fn run_action(state: &State, request: &Request, entry: &Entry) -> Response {
    let result = state.run(request);
    entry.set_applied(result.is_ok());
    result.unwrap_or_else(|refusal| refusal)
}

/// Returns whether the connection is closed before the first byte. That is also so for the middle of an empty body.
fn sends_nothing(fault: &Fault, response: &Response) -> bool {
    match fault.cut {
        Some(Cut::Before | Cut::After) => true,
        Some(Cut::Middle) => response.body.is_empty(),
        None => false,
    }
}

fn send(fault: &Fault, entry: &Arc<Entry>, response: Response) -> HttpResponse {
    let is_cut = fault.cut == Some(Cut::Middle);
    if is_cut || fault.drip().is_some() {
        return response
            .into_http(|body| Body::new(ChunkedBody::new(body, fault.drip(), is_cut, entry.watch_disconnect())));
    }
    response.into_http(Body::from)
}
