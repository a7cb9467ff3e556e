//! The SDK, as a program uses it.

use crate::{Account, Error, PAGE, Total, ids, new_records};
use egito::blocking;

/// Runs a workload with the async client.
pub async fn run(client: &egito::Client, workload: &str, count: u32) -> Result<Total, Error> {
    let (accounts, mut total) = (client.accounts(), Total::default());
    match workload {
        "get" => {
            for id in ids(count) {
                total.add(&accounts.get(id).await?.deserialize()?);
            }
        }
        "create" => {
            for record in new_records(count)? {
                total.add_id(accounts.create(&record).await?.to_string().parse()?);
            }
        }
        "list" if count > 0 => {
            let mut records = accounts.list().page_size(PAGE).records()?;
            let mut kept = Vec::new();
            while let Some(record) = records.next().await {
                kept.push(record?);
            }
            for record in &kept {
                total.add(&record.deserialize::<Account>()?);
            }
        }
        "list" => {}
        _ => return Err(format!("unknown workload: {workload}").into()),
    }
    Ok(total)
}

/// Runs a workload with the blocking client.
pub fn run_blocking(client: &blocking::Client, workload: &str, count: u32) -> Result<Total, Error> {
    let (accounts, mut total) = (client.accounts(), Total::default());
    match workload {
        "get" => {
            for id in ids(count) {
                total.add(&accounts.get(id)?.deserialize()?);
            }
        }
        "create" => {
            for record in new_records(count)? {
                total.add_id(accounts.create(&record)?.to_string().parse()?);
            }
        }
        _ => return Err(format!("unknown workload: {workload}").into()),
    }
    Ok(total)
}
