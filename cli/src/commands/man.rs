//! `egito man`: the man page.

use crate::context::Context;
use crate::failure::Failure;
use crate::help;
use clap::{Args, Command};
use clap_mangen::Man;
use std::path::PathBuf;

/// Print the man page, or write the pages of all commands into a folder
#[derive(Args, Debug)]
pub struct Arguments {
    /// Folder for one page of each command
    #[arg(short, long, value_name = "FOLDER")]
    output: Option<PathBuf>,
}

impl Arguments {
    pub fn run(&self, context: &Context) -> Result<(), Failure> {
        let mut command = help::command(context.language);
        command.build();
        if let Some(folder) = &self.output {
            return clap_mangen::generate_to(command, folder)
                .map_err(|error| Failure::writing(context.language, folder.display(), &error));
        }
        let mut out = context.out();
        out.text(&page(command))?;
        out.flush()
    }
}

fn page(command: Command) -> String {
    let mut page = Vec::new();
    // Nothing can fail while it is written to memory.
    let _ = Man::new(command).render(&mut page);
    String::from_utf8_lossy(&page).into_owned()
}
