//! Notices from the results of calls that the server is down. Pure: facts in, a verdict out.

use crate::error::{Code, Error};
use std::time::{Duration, Instant};

/// This many calls in a row without a response begin an outage.
const FAILURES: u32 = 3;

/// What a result says about the server.
#[derive(Debug)]
pub(super) enum ServerSignal {
    Response,
    NoResponse(Error),
    /// Nothing was sent, for a reason of our own.
    Nothing,
}

/// Whether the server responds, as far as a bulk has seen.
#[derive(Debug, Default)]
pub(super) struct Outage {
    /// Calls in a row without a response.
    failures: u32,
    /// When the first of them finished, and the error of the last.
    met: Option<(Instant, Error)>,
    is_open: bool,
}

impl Outage {
    /// Notes the result of a call. `is_trial`: it is the one that was sent during the outage to see whether the server is back;
    /// others say nothing then, since they were sent before it.
    pub(super) fn note(&mut self, signal: ServerSignal, is_trial: bool, now: Instant) {
        match signal {
            _ if self.is_open && !is_trial => {}
            ServerSignal::Nothing => {}
            ServerSignal::Response => *self = Self::default(),
            ServerSignal::NoResponse(error) => {
                self.failures += 1;
                self.is_open |= self.failures >= FAILURES;
                let since = self.met.take().map_or(now, |(since, _)| since);
                self.met = Some((since, error));
            }
        }
    }

    /// Returns when the outage began and the last failure, if there is one.
    pub(super) fn current(&self) -> Option<(Instant, &Error)> {
        self.met.as_ref().filter(|_| self.is_open).map(|(since, error)| (*since, error))
    }
}

impl ServerSignal {
    /// A proxy that answers in the server's place (502, 503, 504) is no response of the server.
    pub(super) fn of<T>(result: &Result<T, Error>) -> Self {
        let Err(error) = result else { return Self::Response };
        let no_response = || Self::NoResponse(error.clone());
        match (error.details().status, error.code()) {
            (Some(status), _) => {
                if (502..=504).contains(&status) {
                    no_response()
                } else {
                    Self::Response
                }
            }
            (None, Code::Timeout) if waited_for_a_permit(error) => Self::Nothing,
            (None, Code::Connection | Code::OutcomeUnknown | Code::Timeout) => no_response(),
            (None, Code::Config | Code::Tls | Code::Cancelled | Code::Internal) => Self::Nothing,
            (None, _) => Self::Response,
        }
    }
}

/// Whether the call spent all of its time on this side, because of `max_concurrency` or `requests_per_second`.
fn waited_for_a_permit(error: &Error) -> bool {
    error.details().attempts == 0 && error.details().limit == Some("timeout")
}

/// Returns the pause before a probe, between half of `max` and `max`, which doubles with each up to `longest`.
pub(super) fn pause(base: Duration, longest: Duration, probes: u32, jitter: f64) -> Duration {
    let max = base.saturating_mul(1 << probes.min(16)).min(longest);
    max.mul_f64(0.5 + jitter / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Outcome;

    fn lost() -> ServerSignal {
        ServerSignal::of::<()>(&Err(Error::new(Code::Connection, "reset")))
    }

    fn answered(status: u16) -> ServerSignal {
        ServerSignal::of::<()>(&Err(Error::new(Code::Server, "").with(|d| d.status = Some(status))))
    }

    fn outage(results: impl IntoIterator<Item = ServerSignal>) -> Outage {
        let mut outage = Outage::default();
        results.into_iter().for_each(|signal| outage.note(signal, false, Instant::now()));
        outage
    }

    #[test]
    fn three_calls_in_a_row_without_a_response_are_an_outage() {
        assert!(outage([lost(), answered(503), lost()]).current().is_some());
        assert!(outage([lost(), lost()]).current().is_none());
        assert!(outage([lost(), lost(), answered(500), lost()]).current().is_none(), "a response in between");
        assert!(
            outage([lost(), ServerSignal::Nothing, lost(), lost()]).current().is_some(),
            "nothing sent says nothing"
        );
    }

    #[test]
    fn only_a_trial_ends_an_outage_and_its_failure_keeps_the_beginning() {
        let mut outage = outage([lost(), lost(), lost()]);
        let (since, _) = outage.current().unwrap();
        outage.note(ServerSignal::Response, false, Instant::now());
        outage.note(lost(), true, Instant::now());
        assert_eq!(outage.current().unwrap().0, since);
        outage.note(ServerSignal::Response, true, Instant::now());
        assert!(outage.current().is_none());
    }

    #[test]
    fn what_never_left_this_side_is_no_sign_of_an_outage() {
        let waited = Error::timed_out("timeout", Outcome::NotSent, "no permit");
        for error in [waited, Error::cancelled(), Error::config("id", ""), Error::new(Code::Tls, "")] {
            assert!(matches!(ServerSignal::of::<()>(&Err(error)), ServerSignal::Nothing));
        }
        assert!(matches!(ServerSignal::of::<()>(&Err(Error::new(Code::NotFound, ""))), ServerSignal::Response));
    }

    #[test]
    fn pauses_grow_to_the_longest() {
        let seconds = |probes| pause(Duration::from_secs(1), Duration::from_secs(15), probes, 1.0).as_secs();
        assert_eq!([0, 1, 2, 3, 4, u32::MAX].map(seconds), [1, 2, 4, 8, 15, 15]);
        assert_eq!(pause(Duration::from_secs(1), Duration::from_secs(15), 0, 0.0), Duration::from_millis(500));
    }
}
