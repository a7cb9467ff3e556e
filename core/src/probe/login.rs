//! Checks the login: whether it succeeds, where its parameters may be, and what it returns.
//!
//! At most three logins are sent. A refusal of the user is never tried again, since that can lock the user.

use super::prober::Prober;
use super::text::text;
use crate::auth::TokenResponse;
use crate::error::{Code, Error, Result};
use crate::settings::{Settings, TokenParams};
use secrecy::ExposeSecret;
use std::time::Duration;

/// Tokens with a shorter lifetime need unusually many logins.
const SHORT_LIFETIME: Duration = Duration::from_mins(2);

/// Returns whether the login succeeded.
pub(super) async fn check(prober: &mut Prober) -> bool {
    let first = log_in(prober).await;
    let result = match first {
        Err(error) if may_want_other_params(&error) => with_other_params(prober, error).await,
        result => result,
    };
    if let Err(error) = result {
        prober.failed("login", &error);
        prober.stop("the login failed");
        return false;
    }
    prober.ok("login", "the server accepts the credentials");
    match prober.settings.token_params {
        TokenParams::Form if has_other_letters(&prober.settings) => {
            prober.fact("login_charset", "UTF-8");
            prober.ok("login_params", "the server reads the form, in UTF-8")
        }
        TokenParams::Form => {
            prober.ok("login_params", "the server reads the form; plain ASCII credentials do not show its charset")
        }
        TokenParams::Query => {
            let check = prober.warning("login_params", "the server reads only the query of the URL");
            check.advise("Secrets are then in the server's access logs. The setting `token_params` is needed.");
            check
        }
    };
    tokens(prober).await;
    true
}

/// Returns whether the credentials have letters other than ASCII, which a server that expects another charset would refuse.
fn has_other_letters(settings: &Settings) -> bool {
    let secrets = [Some(&settings.client_secret), settings.password.as_ref()];
    let secrets = secrets.into_iter().flatten().map(ExposeSecret::expose_secret);
    let names = [Some(settings.client_id.as_str()), settings.username.as_deref()];
    secrets.chain(names.into_iter().flatten()).any(|text| !text.is_ascii())
}

async fn log_in(prober: &Prober) -> Result<()> {
    prober.timed()?.log_in().await
}

/// Returns whether the server may not have read the parameters. A refused user has been read.
fn may_want_other_params(error: &Error) -> bool {
    match error.code() {
        Code::Auth => !matches!(error.details().oauth_error.as_deref(), Some("invalid_grant" | "invalid_scope")),
        Code::UnexpectedResponse => error.details().status.is_some_and(|status| (400..500).contains(&status)),
        _ => false,
    }
}

/// Logs in with the parameters in the other place. Keeps the first error if that fails, too.
async fn with_other_params(prober: &mut Prober, first: Error) -> Result<()> {
    let before = prober.settings.token_params;
    if before == TokenParams::Query || prober.settings.refresh_grant().is_some() {
        return Err(first);
    }
    prober.settings.token_params = TokenParams::Query;
    prober.restart()?;
    let result = log_in(prober).await;
    if let Err(error) = result {
        prober.settings.token_params = before;
        let is_read = error.details().oauth_error.as_deref() == Some("invalid_grant");
        return Err(if is_read { error } else { first });
    }
    Ok(())
}

/// Logs in once more, and checks what the response says about tokens.
async fn tokens(prober: &mut Prober) {
    if prober.settings.refresh_grant().is_some() {
        for name in ["token_lifetime", "token_shared"] {
            prober.skipped(name, "another login would use up the refresh token");
        }
        return;
    }
    let result = match prober.timed() {
        Ok(engine) => engine.log_in_again().await,
        Err(error) => Err(error),
    };
    match result {
        Ok((granted, is_same)) => describe(prober, &granted, is_same),
        Err(error) => drop(prober.failed("token_shared", &error)),
    }
}

fn describe(prober: &mut Prober, granted: &TokenResponse, is_same: bool) {
    if let Some(scope) = granted.scope.as_deref().filter(|scope| scope.len() < 100) {
        prober.fact("scope", scope);
    }
    prober.fact("token_shared", is_same);
    prober.fact("refresh_token", granted.refresh_token.is_some());
    match granted.token.time_left(prober.clock().now()) {
        None => drop(prober.ok("token_lifetime", "the server does not say; a refused token is replaced")),
        Some(left) => {
            prober.fact("token_seconds", left.as_secs());
            let message = text!("{} s are left of the token", left.as_secs());
            if left < SHORT_LIFETIME && !is_same {
                prober.warning("token_lifetime", message).advise("Use `token_store` to need fewer logins.");
            } else {
                prober.ok("token_lifetime", message);
            }
        }
    }
    if is_same {
        prober.ok("token_shared", "a second login returns the same token");
    } else {
        prober
            .warning("token_shared", "each login returns another token")
            .advise("If an earlier token then ends, processes of one user need one `token_store`.");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refused_user_is_not_tried_again() {
        let auth = |name: &str| Error::new(Code::Auth, "refused").with(|d| d.oauth_error = Some(name.into()));
        assert!(!may_want_other_params(&auth("invalid_grant")) && !may_want_other_params(&auth("invalid_scope")));
        assert!(may_want_other_params(&auth("invalid_request")) && may_want_other_params(&auth("unauthorized")));
        assert!(!may_want_other_params(&Error::new(Code::Connection, "lost")));
    }
}
