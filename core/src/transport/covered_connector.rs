//! Covers the descriptor of each new connection by the check whether the program closed it.
//!
//! The HTTP library does not expose the number of a connection's descriptor, so the check opens another one next to it.

use crate::descriptors::DescriptorCheck;
use std::future::poll_fn;
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
    /// Shared, since the HTTP library copies its connector several times for each request, and opens few connections.
    inner: Arc<S>,
    descriptors: Option<Arc<DescriptorCheck>>,
}

impl<S> Layer<S> for CoveredConnectors {
    type Service = CoveredConnector<S>;

    fn layer(&self, inner: S) -> Self::Service {
        CoveredConnector { inner: Arc::new(inner), descriptors: self.0.clone() }
    }
}

impl<S, A> Service<A> for CoveredConnector<S>
where
    S: Service<A, Future: Send> + Clone + Send + 'static,
    A: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        Poll::Ready(Ok(())) // the copy for a connection becomes ready in `call`
    }

    fn call(&mut self, address: A) -> Self::Future {
        let (mut inner, descriptors) = (S::clone(&self.inner), self.descriptors.clone());
        Box::pin(async move {
            poll_fn(|context| inner.poll_ready(context)).await?;
            let connection = inner.call(address).await?;
            if let Some(descriptors) = descriptors.or_else(DescriptorCheck::of_thread) {
                descriptors.cover_new_descriptors();
            }
            Ok(connection)
        })
    }
}
