//! Checks that a "not found" is about the record. During a deployment, a server or proxy can say so to every request.

use super::Entity;
use super::keyed_call::not_sent;
use crate::error::{Code, Error, Result};

/// An entity that every server has.
const KNOWN_ENTITY: &str = "Account";

impl Entity {
    /// Returns the error `not_found` of a write if the API responds to a list; otherwise an error that may pass. Its outcome is then
    /// `not_sent`: a server that is not ready has processed nothing, so what was in doubt before stays so.
    ///
    /// An entity that does not exist is not found, either, so then the API is one that responds to a list of accounts.
    pub(crate) async fn confirm_not_found(&self, error: Error) -> Error {
        for name in [self.name(), KNOWN_ENTITY] {
            match self.responds(name).await {
                Ok(()) => return error,
                Err(failed) if failed.is_not_found() => {}
                Err(failed) => return not_sent(failed),
            }
        }
        let error = error.with(|d| {
            "not found (HTTP 404), and so are the lists of records: the server or its proxy is not ready; try again later"
                .clone_into(&mut d.message);
            d.code = Code::Server;
        });
        not_sent(error)
    }

    /// Requests one record of the list of an entity.
    async fn responds(&self, name: &str) -> Result<()> {
        match Self::new(self.engine.clone(), name)?.list().first().await {
            // The user may not read the list, or its form is another one.
            Err(error)
                if !matches!(
                    error.code(),
                    Code::Permission | Code::Validation | Code::UnexpectedResponse | Code::Pagination
                ) =>
            {
                Err(error)
            }
            _ => Ok(()),
        }
    }
}
