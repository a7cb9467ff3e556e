//! `egito list`: the records of an entity.

use crate::context::Context;
use crate::count::at_least_one;
use crate::failure::Failure;
use crate::filter_check::FilterCheck;
use crate::messages::{Language, messages};
use crate::output::{RecordPrinter, is_to_file, note, progress, terminal_width};
use clap::builder::NonEmptyStringValueParser;
use clap::{Args, ValueEnum};
use egito::{Record, RecordList};
use indicatif::ProgressBar;

/// Number of records on a terminal, unless the user asks for more.
const ON_A_TERMINAL: u64 = 100;

messages! {
    more_records(shown: u64)
        "the first {shown} records; read the others with `--all`, or choose with `--filter` and `--max`"
        "pierwsze {shown} rekordów; pozostałe pokaże opcja `--all`, wybór umożliwiają `--filter` i `--max`";
    invalid_filter(given: &str)
        "invalid `--filter`: expected FIELD=VALUE, got {given:?}"
        "nieprawidłowy `--filter`: oczekiwano POLE=WARTOŚĆ, podano {given:?}";
    reading(entity: &str) "reading {entity}" "odczyt {entity}";
}

/// List the records of an entity
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the entity, such as Account, Contact, Lead or Opportunity
    entity: String,
    #[command(flatten)]
    selection: Selection,
    /// Fields to show, separated by commas; `address.city` is a field of an object
    #[arg(long, value_name = "FIELD,FIELD…", value_delimiter = ',', value_parser = NonEmptyStringValueParser::new())]
    fields: Option<Vec<String>>,
    /// Maximum number of records; on a terminal the default is 100, else all
    #[arg(long, value_name = "N", alias = "limit", allow_negative_numbers = true, value_parser = at_least_one::<u64>)]
    max: Option<u64>,
    /// Read all records, also on a terminal
    #[arg(long, conflicts_with = "max")]
    all: bool,
}

/// Which records, and their order.
#[derive(Args, Debug)]
pub struct Selection {
    /// Select the records whose field has this value; can be given several times
    #[arg(long = "filter", value_name = "FIELD=VALUE")]
    filters: Vec<String>,
    /// Field to sort by
    #[arg(long, value_name = "FIELD")]
    sort: Option<String>,
    /// Direction of the sort
    #[arg(long, value_name = "ORDER")]
    order: Option<Order>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Order {
    /// Smallest first
    Asc,
    /// Largest first
    Desc,
}

impl Selection {
    /// Returns the list with these filters and this order.
    pub fn apply(&self, mut list: RecordList, language: Language) -> Result<RecordList, Failure> {
        for filter in &self.filters {
            let Some((field, value)) = filter.split_once('=') else {
                return Err(Failure::Usage(language.invalid_filter(filter)));
            };
            list = list.filter(field, value);
        }
        if let Some(field) = &self.sort {
            list = list.sort(field);
        }
        Ok(match self.order {
            None => list,
            Some(Order::Asc) => list.order("asc"),
            Some(Order::Desc) => list.order("desc"),
        })
    }

    /// Returns the check whether the server obeys the filters.
    pub fn check(&self) -> FilterCheck {
        FilterCheck::new(&self.filters)
    }
}

impl Arguments {
    pub async fn run(&self, context: &Context) -> Result<(), Failure> {
        let list = context.client()?.entity(&self.entity)?.list();
        let list = self.selection.apply(list, context.language)?;
        let max = self.max.or((terminal_width().is_some() && !self.all && !context.json).then_some(ON_A_TERMINAL));
        let is_default = max.is_some() && self.max.is_none();
        let mut printer = RecordPrinter::new(context, self.fields.clone()).with_filters(self.selection.check());
        let shown = print(context, list, max, is_default, &self.entity, &mut printer).await?;
        printer.finish(context)?;
        if let Some(shown) = shown {
            note(&context.language.more_records(shown));
        }
        Ok(())
    }
}

/// Prints the records of a list. Returns the number of records if there are more than `max`, and `look_further` asks for that.
pub async fn print(
    context: &Context,
    list: RecordList,
    max: Option<u64>,
    look_further: bool,
    what: &str,
    printer: &mut RecordPrinter,
) -> Result<Option<u64>, Failure> {
    // One more record shows whether the list goes on.
    let list = match max {
        Some(max) => list.limit(if look_further { max.saturating_add(1) } else { max }),
        None => list,
    };
    let bar = is_to_file().then(|| progress::bar(None).with_message(context.language.reading(what)));
    bar.iter().for_each(ProgressBar::tick);
    let (mut pages, mut count) = (list.pages()?, 0);
    while let Some(page) = pages.next().await {
        let page = page?;
        let left = max.map_or(usize::MAX, |max| usize::try_from(max - count).unwrap_or(usize::MAX));
        let records: Vec<Record> = page.records().take(left).collect();
        count += records.len() as u64;
        printer.print(&records)?;
        if let Some(bar) = &bar {
            if let Some(total) = page.total() {
                bar.set_length(max.map_or(total, |max| total.min(max)));
            }
            bar.set_position(count);
        }
        if records.len() < page.len() {
            return Ok(Some(count));
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    Ok(None)
}
