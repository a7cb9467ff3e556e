//! Covers the descriptor of each new connection by the check whether the program closed it.
//!
//! The HTTP library does not expose the number of a connection's descriptor, so the check opens another one next to it.

use crate::descriptors::DescriptorCheck;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use tower_layer::Layer;
use tower_service::Service;

/// The check of a runtime's descriptors. `None` if connections belong to the runtime of the thread that opens them.
#[derive(Clone)]
pub(super) struct CoveredConnectors(pub(super) Option<Arc<DescriptorCheck>>);

/// A connector of the HTTP library.
#[derive(Clone)]
pub(super) struct CoveredConnector<S> {
    inner: S,
    descriptors: Option<Arc<DescriptorCheck>>,
}

impl<S> Layer<S> for CoveredConnectors {
    type Service = CoveredConnector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CoveredConnector { inner, descriptors: self.0.clone() }
    }
}

impl<S: Service<A, Future: Send + 'static>, A> Service<A> for CoveredConnector<S> {
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, address: A) -> Self::Future {
        let (connecting, descriptors) = (self.inner.call(address), self.descriptors.clone());
        Box::pin(async move {
            let connection = connecting.await?;
            if let Some(descriptors) = descriptors.or_else(DescriptorCheck::of_thread) {
                descriptors.cover_new_descriptors();
            }
            Ok(connection)
        })
    }
}
