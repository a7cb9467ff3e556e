//! Sends the request for each page of a list.

use super::decision::PageRequest;
use super::options::ListOptions;
use crate::call::{Action, Call, Engine, Params};
use crate::envelope::{PageBody, ParsedResponse};
use crate::error::Result;
use std::sync::Arc;

/// The parts of a request that are the same for all pages of a list.
#[derive(Clone, Debug)]
pub(super) struct Query {
    pub engine: Engine,
    pub entity: Arc<str>,
    selection: Vec<(String, String)>,
    /// Whether pages keep their HTTP responses.
    pub with_response: bool,
    /// Whether the time of the server is needed, which its responses contain.
    pub with_date: bool,
}

impl Query {
    pub(super) fn new(engine: Engine, entity: Arc<str>, options: &ListOptions, default_sort: &str) -> Self {
        let settings = engine.settings();
        let selection = options.selection(default_sort, &settings.sort_param, &settings.order_param);
        Self { engine, entity, selection, with_response: false, with_date: false }
    }

    /// Fetches one page.
    pub(super) async fn fetch(self, request: PageRequest) -> Result<PageBody> {
        let settings = self.engine.settings();
        let mut pairs = self.selection;
        if request.reversed {
            reverse(&mut pairs, &settings.order_param);
        }
        pairs.push((settings.limit_param.clone(), request.max.to_string()));
        pairs.push((settings.offset_param.clone(), request.offset.to_string()));
        let (method, params) = (settings.list_method(), Params::Query(pairs));
        let call = Call { entity: self.entity, action: Action::List, method, params };
        let needs_response = self.with_response || self.with_date;
        let own_sink = self.engine.context().response_sink().filter(|_| !self.with_response).cloned();
        let sink = needs_response.then(|| own_sink.unwrap_or_default());
        let response = match &sink {
            Some(sink) => self.engine.with_response_sink(sink).run(call).await?,
            None => self.engine.run(call).await?,
        };
        match response {
            ParsedResponse::Page(body) => Ok(PageBody { response: sink.and_then(|sink| sink.get()), ..body }),
            _ => unreachable!("a list is read as a page"),
        }
    }
}

/// Requests the opposite order.
fn reverse(pairs: &mut [(String, String)], order_param: &str) {
    for (_, order) in pairs.iter_mut().filter(|(name, _)| name == order_param) {
        *order = if order == "desc" { "asc".into() } else { "desc".into() };
    }
}
