//! `egito completions`: completions for a shell.

use crate::context::Context;
use crate::failure::Failure;
use crate::help;
use clap::Args;
use clap_complete::Shell;

/// Print completions for a shell
#[derive(Args, Debug)]
pub struct Arguments {
    /// Name of the shell
    shell: Shell,
}

impl Arguments {
    pub fn run(&self, context: &Context) -> Result<(), Failure> {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut help::command(context.language), "egito", &mut script);
        let mut out = context.out();
        out.text(&String::from_utf8_lossy(&script))?;
        out.flush()
    }
}
