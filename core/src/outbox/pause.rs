//! Pauses the whole outbox while the server is down or refuses the login, for all processes. The state is in the database.

use super::errors::Work;
use super::time::millis;
use crate::bulk::ServerSignal;
use crate::error::{Code, Error};
use rusqlite::{Connection, params};
use std::time::Duration;

/// How many calls in a row without a response are an outage.
const OUTAGE_AFTER_FAILURES: u32 = 3;

/// The pause at the beginning of an outage. Each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_secs(1);

/// The longest pause of an outage.
const MAX_OUTAGE_PAUSE: Duration = Duration::from_secs(60);

/// The first pause after a refused login. Several attempts can lock the user's account.
const FIRST_LOGIN_PAUSE: Duration = Duration::from_secs(60);

/// The longest pause of all.
const MAX_PAUSE: Duration = Duration::from_secs(3600);

/// The statement of a result about the server.
#[derive(Debug)]
pub(super) enum Signal {
    /// The server has responded.
    Response,
    /// The server has not responded.
    NoResponse(Error),
    /// No call can succeed for a while: the login or the certificate is refused, or there are too many requests.
    Blocked(Error),
    /// The result says nothing about the server.
    Unknown,
}

/// The row of the outbox.
#[derive(Debug)]
pub(super) struct Pause {
    failures: u32,
    until: i64,
    error: Option<Error>,
}

impl Signal {
    pub(super) fn of<T>(result: &Result<T, Error>) -> Self {
        if let Err(error) = result
            && (matches!(error.code(), Code::Auth | Code::Tls | Code::RateLimited)
                || error.details().status == Some(407))
        {
            return Self::Blocked(error.clone());
        }
        match ServerSignal::of(result) {
            ServerSignal::Response => Self::Response,
            ServerSignal::NoResponse(error) => Self::NoResponse(error),
            ServerSignal::Unknown => Self::Unknown,
        }
    }
}

impl Pause {
    pub(super) fn read(db: &Connection) -> Work<Self> {
        let sql = "SELECT failures, paused_until, pause_error FROM outbox";
        let row = db
            .prepare_cached(sql)?
            .query_row([], |row| Ok((row.get::<_, u32>(0)?, row.get::<_, i64>(1)?, row.get::<_, Option<String>>(2)?)));
        let (failures, until, error) = row?;
        Ok(Self { failures, until, error: error.and_then(|json| Error::from_json(&json)) })
    }

    /// Returns until when nothing is sent, and why; `None` if the outbox is not paused.
    pub(super) fn current(&self, now: i64) -> Option<(i64, Option<&Error>)> {
        (now < self.until).then_some((self.until, self.error.as_ref()))
    }

    /// Returns whether only one entry may be sent, to find out whether the outage has ended.
    pub(super) fn needs_probe(&self) -> bool {
        self.failures >= OUTAGE_AFTER_FAILURES
    }

    /// Keeps other workers from sending while this one sends a probe.
    pub(super) fn hold(&self, db: &Connection, random: f64, now: i64) -> Work<()> {
        let until = now + millis(outage_pause(self.failures, random));
        db.prepare_cached("UPDATE outbox SET paused_until = ?1")?.execute([until])?;
        Ok(())
    }

    /// Changes the pause after the result of a call.
    pub(super) fn record(
        &mut self,
        db: &Connection,
        signal: &Signal,
        is_probe: bool,
        random: f64,
        now: i64,
    ) -> Work<()> {
        match signal {
            Signal::Unknown => return Ok(()),
            Signal::Response if self.failures == 0 && self.until == 0 => return Ok(()),
            // Results of calls that were sent before the pause began.
            Signal::Response if !is_probe && self.needs_probe() => return Ok(()),
            Signal::NoResponse(_) | Signal::Blocked(_) if !is_probe && now < self.until => return Ok(()),
            Signal::Response => *self = Self { failures: 0, until: 0, error: None },
            Signal::NoResponse(error) => {
                self.failures = self.failures.saturating_add(1);
                if self.needs_probe() {
                    self.until = now + millis(outage_pause(self.failures, random));
                    self.error = Some(error.clone());
                }
            }
            Signal::Blocked(error) => {
                let pause = blocked_pause(error, self.failures);
                self.failures = self.failures.max(OUTAGE_AFTER_FAILURES - 1).saturating_add(1);
                self.until = self.until.max(now + millis(pause));
                self.error = Some(error.clone());
            }
        }
        let sql = "UPDATE outbox SET failures = ?1, paused_until = ?2, pause_error = ?3";
        let error = self.error.as_ref().map(Error::to_json_without_record);
        db.prepare_cached(sql)?.execute(params![self.failures, self.until, error])?;
        Ok(())
    }
}

/// Ends a pause that only a clock that was set back can cause.
pub(super) fn repair_times(db: &Connection, now: i64) -> Work<()> {
    let sql = "UPDATE outbox SET paused_until = 0 WHERE paused_until > ?1";
    db.prepare_cached(sql)?.execute([now + millis(MAX_PAUSE)])?;
    Ok(())
}

fn outage_pause(failures: u32, random: f64) -> Duration {
    let doublings = failures.saturating_sub(OUTAGE_AFTER_FAILURES).min(16);
    FIRST_PAUSE.saturating_mul(1 << doublings).min(MAX_OUTAGE_PAUSE).mul_f64(0.5 + random / 2.0)
}

fn blocked_pause(error: &Error, failures: u32) -> Duration {
    let doublings = failures.saturating_sub(OUTAGE_AFTER_FAILURES - 1).min(16);
    let pause = match error.details().retry_after {
        Some(seconds) => Duration::try_from_secs_f64(seconds).unwrap_or(MAX_PAUSE),
        None if error.code() == Code::RateLimited => FIRST_PAUSE.saturating_mul(1 << doublings),
        None => FIRST_LOGIN_PAUSE.saturating_mul(1 << doublings),
    };
    pause.min(MAX_PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_of_an_outage_grow_up_to_a_minute() {
        let seconds = |failures| outage_pause(failures, 1.0).as_secs();
        assert_eq!([3, 4, 5, 8, 9, u32::MAX].map(seconds), [1, 2, 4, 32, 60, 60]);
    }

    #[test]
    fn a_refused_login_pauses_longer_and_the_server_can_ask_for_a_pause() {
        let login = Error::new(Code::Auth, "");
        let seconds = |failures| blocked_pause(&login, failures).as_secs();
        assert_eq!([0, 2, 3, 4, 100].map(seconds), [60, 60, 120, 240, 3600]);
        let busy = Error::new(Code::RateLimited, "").with(|d| d.retry_after = Some(17.0));
        assert_eq!(blocked_pause(&busy, 0).as_secs(), 17);
    }
}
