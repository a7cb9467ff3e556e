//! The story of one request: written down, met by a fault, acted upon, answered.

use std::sync::Arc;

use axum::body::Body;
use axum::response::Response;

use crate::answer::Answer;
use crate::exchange::Exchange;
use crate::fault::{self, Fault};
use crate::hold::Place;
use crate::journal::{Connection, Entry, Presence};
use crate::lock::locked;
use crate::pieces::{Cut, Pieces};
use crate::state::State;
use crate::target::Target;

/// Answers a request to the CRM, or cuts its connection.
pub(crate) async fn visit(state: &Arc<State>, connection: &Connection, request: Exchange) -> Result<Response, Cut> {
    let epoch = state.epoch();
    let request = Arc::new(request);
    let fault = locked(&state.faults).pick(&request);
    let Some(fault) = fault else {
        let (entry, _presence) = state.journal.open(&request, connection);
        let answer = act(state, &request, &entry);
        if request.target == Target::Login {
            let race = locked(&state.world).config.token_race();
            if !race.is_zero() {
                tokio::time::sleep(race).await;
            }
        }
        entry.answers(answer.status);
        return Ok(answer.into_response(Body::from));
    };
    let place = fault.hold.as_ref().map(|name| state.holds.join(name));
    let (entry, presence) = state.journal.open(&request, connection);
    let hang_up = entry.watch();
    let scene = Scene { state: Arc::clone(state), epoch, request, entry: Arc::clone(&entry), fault: fault.clone() };
    // A server goes on with its work when the client has hung up: the work is not this connection's own.
    let result = tokio::spawn(scene.play(place, presence)).await.unwrap_or(Err(Cut));
    hang_up.answered();
    Ok(send(&fault, &entry, result?))
}

/// A request that met a fault.
struct Scene {
    state: Arc<State>,
    epoch: u64,
    request: Arc<Exchange>,
    entry: Arc<Entry>,
    fault: Fault,
}

impl Scene {
    async fn play(self, place: Option<Place>, _presence: Presence) -> Result<Answer, Cut> {
        if self.fault.expire_token
            && let Some((token, _)) = self.request.token()
        {
            locked(&self.state.world).tokens.expire(token);
        }
        if let Some(place) = place {
            place.wait().await;
        }
        if self.state.epoch() != self.epoch {
            return Err(Cut);
        }
        let acted = self.fault.lets_act().then(|| act(&self.state, &self.request, &self.entry));
        if let Some(delay) = self.fault.delay() {
            tokio::time::sleep(delay).await;
        }
        let answer = self.fault.answer().or(acted).filter(|answer| !is_cut_off(&self.fault, answer)).ok_or(Cut)?;
        self.entry.answers(answer.status);
        Ok(answer)
    }
}

/// The true answer, and a note whether anything was done for it.
fn act(state: &State, request: &Exchange, entry: &Entry) -> Answer {
    let reply = state.answer(request);
    entry.acted(reply.is_ok());
    reply.unwrap_or_else(|refusal| refusal)
}

/// Whether not one byte goes out. Nothing is the middle of an empty body.
fn is_cut_off(fault: &Fault, answer: &Answer) -> bool {
    match fault.cut {
        Some(fault::Cut::Before | fault::Cut::After) => true,
        Some(fault::Cut::Middle) => answer.body.is_empty(),
        None => false,
    }
}

fn send(fault: &Fault, entry: &Arc<Entry>, answer: Answer) -> Response {
    let is_cut = fault.cut == Some(fault::Cut::Middle);
    if is_cut || fault.drip().is_some() {
        return answer.into_response(|body| Body::new(Pieces::new(body, fault.drip(), is_cut, entry.watch())));
    }
    answer.into_response(Body::from)
}
