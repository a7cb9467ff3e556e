//! Keeps a copy of all accounts in a folder, one JSON file for each: `cargo run --bin sync copy`, for instance every night.
//!
//! The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
//! next run continues. It is written last, so after a failure the next run returns the same changes.

use egito::RecordId;
use egito::blocking::Client;
use std::error::Error;
use std::ffi::OsStr;
use std::fs;
use std::path::Path;
use std::process::ExitCode;

/// Returns the numbers of changed and of deleted accounts.
fn sync(folder: &Path) -> Result<(u64, usize), Box<dyn Error>> {
    fs::create_dir_all(folder)?;
    let mark = folder.join("mark");
    let accounts = Client::from_env()?.accounts();
    let last_mark = if mark.exists() { Some(fs::read_to_string(&mark)?) } else { None };
    let mut changes = accounts.changes().since(last_mark).records()?;
    let mut count = 0;
    for account in &mut changes {
        let account = account?;
        let id = account.raw("id").ok_or("an account has no id")?;
        fs::write(folder.join(format!("{id}.json")), account.json())?;
        count += 1;
    }

    let mut known: Vec<RecordId> = Vec::new();
    for file in fs::read_dir(folder)? {
        let path = file?.path();
        if path.extension() == Some(OsStr::new("json")) {
            known.extend(path.file_stem().and_then(OsStr::to_str).map(RecordId::from));
        }
    }
    let deleted = accounts.deleted(known)?;
    for id in &deleted {
        fs::remove_file(folder.join(format!("{id}.json")))?;
    }

    let part = folder.join("mark.part");
    fs::write(&part, changes.mark().ok_or("the list has no mark")?)?;
    fs::rename(part, mark)?;
    Ok((count, deleted.len()))
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let [folder] = arguments.as_slice() else {
        eprintln!("usage: sync FOLDER");
        return ExitCode::from(2);
    };
    match sync(Path::new(folder)) {
        Ok((changed, deleted)) => {
            println!("{changed} changed, {deleted} deleted");
            ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            let retryable = error.downcast_ref().is_some_and(egito::Error::is_retryable);
            ExitCode::from(if retryable { 75 } else { 1 }) // 75: try again later
        }
    }
}
