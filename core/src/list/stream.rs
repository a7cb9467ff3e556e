//! A list as it is read: page after page, in constant memory.

use super::ListOptions;
use super::page::Page;
use super::paging::{Mark, Paging, Step};
use super::seen::Seen;
use crate::call::{Action, Call, Engine, Params};
use crate::envelope::{Answer, PageBody};
use crate::error::{Code, Error, Result};
use crate::record::Record;
use futures_util::stream::{self, BoxStream};

/// The pages of a list, asked for one by one as they are wanted.
#[derive(Debug)]
pub struct Pages {
    engine: Engine,
    entity: String,
    selection: Vec<(String, String)>,
    page_size: u32,
    paging: Paging,
    seen: Seen,
    ended: bool,
}

impl Pages {
    pub(super) fn new(
        engine: Engine,
        entity: String,
        options: &ListOptions,
        default_sort: Option<&str>,
    ) -> Result<Self> {
        options.check()?;
        let settings = engine.settings();
        let default_sort = default_sort.unwrap_or(&settings.default_sort);
        let selection = options.selection(default_sort, &settings.sort_param, &settings.order_param);
        let paged = [&settings.limit_param, &settings.offset_param];
        if let Some((name, _)) = options.filters.0.iter().find(|(name, _)| paged.contains(&name)) {
            let message =
                format!("`{name}` is how pages are asked for; give `page_size`, and stop reading when you have enough");
            return Err(Error::config(name, message));
        }
        let page_size = options.page_size.unwrap_or(settings.page_size);
        let paging = Paging::new(page_size);
        Ok(Self { engine, entity, selection, page_size, paging, seen: Seen::default(), ended: false })
    }

    /// The next page that holds anything new; `None` at the end, and after an error.
    ///
    /// Errors: those of every read, and `pagination` where the rest cannot be reached.
    pub async fn next(&mut self) -> Option<Result<Page>> {
        while !self.ended {
            match self.read_next().await {
                Ok(page) if page.is_empty() => {}
                Ok(page) => return Some(Ok(page)),
                Err(error) => {
                    self.ended = true;
                    return Some(Err(error));
                }
            }
        }
        None
    }

    /// Goes on over other connections: a blocking call borrows them anew each time.
    pub(crate) fn go_over(&mut self, engine: &Engine) {
        self.engine = engine.clone();
    }

    /// The pages as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Page>> {
        Box::pin(stream::unfold(self, |mut pages| async move { pages.next().await.map(|page| (page, pages)) }))
    }

    async fn read_next(&mut self) -> Result<Page> {
        let Answer::Page(body) = self.engine.run(self.call()).await? else { unreachable!("a list is read as a page") };
        let (marks, is_new) = self.sort_out(&body);
        let new = is_new.iter().filter(|&&new| new).count();
        match self.paging.after(marks, new, body.count) {
            Step::More => {}
            Step::Last | Step::Complete => self.ended = true,
            Step::Unreadable(seen) => return Err(self.unreadable(seen)),
        }
        Ok(Page::new(body, &is_new))
    }

    /// Each record's mark, and whether it was not given out before. A page that repeats the one before it has nothing new.
    fn sort_out(&mut self, body: &PageBody) -> (Vec<Mark>, Vec<bool>) {
        let marks: Vec<Mark> =
            body.records.iter().map(|(place, id)| Mark::of(id.as_ref(), &body.body[place.clone()])).collect();
        let repeats = self.paging.repeats(&marks);
        let is_new = body.records.iter().map(|(_, id)| !repeats && id.as_ref().is_none_or(|id| self.seen.insert(id)));
        let is_new = is_new.collect();
        (marks, is_new)
    }

    fn call(&self) -> Call {
        let settings = self.engine.settings();
        let mut pairs = self.selection.clone();
        pairs.push((settings.limit_param.clone(), self.page_size.to_string()));
        pairs.push((settings.offset_param.clone(), self.paging.offset().to_string()));
        Call {
            entity: self.entity.clone(),
            action: Action::List,
            method: self.engine.settings().list_method(),
            params: Params::Query(pairs),
        }
    }

    fn unreadable(&self, seen: String) -> Error {
        let message = format!("list {}: the list cannot be read completely: {seen}", self.entity);
        Error::new(Code::Pagination, message).with(|d| {
            d.entity = Some(self.entity.clone());
            d.action = Some(Action::List.name().to_owned());
            d.seen = Some(seen);
        })
    }
}

/// The records of a list, one after the other.
#[derive(Debug)]
pub struct Records {
    pages: Pages,
    page: Option<Page>,
    place: usize,
}

impl Records {
    pub(super) fn new(pages: Pages) -> Self {
        Self { pages, page: None, place: 0 }
    }

    /// The next record; `None` at the end, and after an error.
    pub async fn next(&mut self) -> Option<Result<Record>> {
        loop {
            if let Some(record) = self.page.as_ref().and_then(|page| page.get(self.place)) {
                self.place += 1;
                return Some(Ok(record));
            }
            match self.pages.next().await? {
                Ok(page) => (self.page, self.place) = (Some(page), 0),
                Err(error) => {
                    self.page = None;
                    return Some(Err(error));
                }
            }
        }
    }

    /// The records as a `Stream`.
    #[must_use]
    pub fn into_stream(self) -> BoxStream<'static, Result<Record>> {
        Box::pin(stream::unfold(
            self,
            |mut records| async move { records.next().await.map(|record| (record, records)) },
        ))
    }
}
