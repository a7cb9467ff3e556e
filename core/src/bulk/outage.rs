//! Detects from the results of calls that the server is down. Does no I/O.

use crate::error::{Code, Error};
use std::time::{Duration, Instant};

/// Number of calls in a row without a response after which there is an outage.
const OUTAGE_AFTER_FAILURES: u32 = 3;

/// Whether the server responds, according to the result of a call.
#[derive(Debug)]
pub(crate) enum ServerSignal {
    Response,
    NoResponse(Error),
    /// The call did not reach the network.
    Unknown,
}

/// Tracks whether the server responds to the calls of a bulk.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// Calls in a row without a response.
    failures: u32,
    /// When the first of them finished, and the error of the last one.
    failed: Option<(Instant, Error)>,
    has_begun: bool,
}

impl Outage {
    /// Records the result of a call. `is_trial`: the call was sent during an outage, to check whether it is over. Other calls that end
    /// during an outage do not count, since they were sent before it.
    pub(super) fn record(&mut self, signal: ServerSignal, is_trial: bool, now: Instant) {
        match signal {
            _ if self.has_begun && !is_trial => {}
            ServerSignal::Unknown => {}
            ServerSignal::Response => *self = Self::default(),
            ServerSignal::NoResponse(error) => {
                self.failures += 1;
                self.has_begun |= self.failures >= OUTAGE_AFTER_FAILURES;
                let since = self.failed.take().map_or(now, |(since, _)| since);
                self.failed = Some((since, error));
            }
        }
    }

    /// Returns when the current outage began, and the last failure; `None` if there is no outage.
    pub(super) fn current(&self) -> Option<(Instant, &Error)> {
        self.failed.as_ref().filter(|_| self.has_begun).map(|(since, error)| (*since, error))
    }
}

impl ServerSignal {
    /// Classifies the result of a call. A response of a proxy (502, 503, 504, or 404 to every request) is not a response of the server.
    pub(crate) fn of<T>(result: &Result<T, Error>) -> Self {
        let Err(error) = result else { return Self::Response };
        let no_response = || Self::NoResponse(error.clone());
        match (error.details().status, error.code()) {
            (None, Code::Timeout) if waited_for_a_permit(error) => Self::Unknown,
            (Some(502..=504), _)
            | (Some(404), Code::Server)
            | (None, Code::Connection | Code::OutcomeUnknown | Code::Timeout) => no_response(),
            (None, Code::Config | Code::Tls | Code::Cancelled | Code::Internal) => Self::Unknown,
            _ => Self::Response,
        }
    }
}

/// Returns whether the call waited all of its time for a permit (`max_concurrency` or `requests_per_second`).
fn waited_for_a_permit(error: &Error) -> bool {
    error.details().attempts == 0 && error.details().limit == Some("timeout")
}

/// Returns the pause before a probe: between 50 % and 100 % of a maximum that doubles with every probe, up to `max_pause`.
pub(super) fn pause(base: Duration, max_pause: Duration, probes: u32, jitter: f64) -> Duration {
    let max = base.saturating_mul(1 << probes.min(16)).min(max_pause);
    max.mul_f64(0.5 + jitter / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Outcome;

    fn lost() -> ServerSignal {
        ServerSignal::of::<()>(&Err(Error::new(Code::Connection, "reset")))
    }

    fn response(status: u16) -> ServerSignal {
        ServerSignal::of::<()>(&Err(Error::new(Code::Server, "").with(|d| d.status = Some(status))))
    }

    fn outage(results: impl IntoIterator<Item = ServerSignal>) -> Outage {
        let mut outage = Outage::default();
        results.into_iter().for_each(|signal| outage.record(signal, false, Instant::now()));
        outage
    }

    #[test]
    fn three_calls_in_a_row_without_a_response_are_an_outage() {
        assert!(outage([lost(), response(503), lost()]).current().is_some());
        assert!(outage([lost(), lost()]).current().is_none());
        assert!(outage([lost(), lost(), response(500), lost()]).current().is_none(), "a response in between");
        assert!(
            outage([lost(), ServerSignal::Unknown, lost(), lost()]).current().is_some(),
            "a call that was not sent does not count"
        );
    }

    #[test]
    fn only_a_trial_ends_an_outage_and_a_failed_trial_keeps_its_beginning() {
        let mut outage = outage([lost(), lost(), lost()]);
        let (since, _) = outage.current().unwrap();
        outage.record(ServerSignal::Response, false, Instant::now());
        outage.record(lost(), true, Instant::now());
        assert_eq!(outage.current().unwrap().0, since);
        outage.record(ServerSignal::Response, true, Instant::now());
        assert!(outage.current().is_none());
    }

    #[test]
    fn errors_before_the_network_do_not_indicate_an_outage() {
        let waited = Error::timed_out("timeout", Outcome::NotSent, "no permit");
        for error in [waited, Error::cancelled(), Error::config("id", ""), Error::new(Code::Tls, "")] {
            assert!(matches!(ServerSignal::of::<()>(&Err(error)), ServerSignal::Unknown));
        }
        assert!(matches!(ServerSignal::of::<()>(&Err(Error::new(Code::NotFound, ""))), ServerSignal::Response));
    }

    #[test]
    fn pauses_grow_up_to_the_maximum() {
        let seconds = |probes| pause(Duration::from_secs(1), Duration::from_secs(15), probes, 1.0).as_secs();
        assert_eq!([0, 1, 2, 3, 4, u32::MAX].map(seconds), [1, 2, 4, 8, 15, 15]);
        assert_eq!(pause(Duration::from_secs(1), Duration::from_secs(15), 0, 0.0), Duration::from_millis(500));
    }
}
