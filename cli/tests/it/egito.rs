//! Runs the program against a sandbox.

use egito_test_support::{Folder, Server};
use serde_json::{Value, json};
use std::fmt::Write as _;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// The built program.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_egito");

/// A sandbox, and a folder in which the program runs.
pub struct Egito {
    pub server: Server,
    pub folder: Folder,
    variables: Vec<(&'static str, String)>,
}

/// What a run has printed, and its exit code.
#[derive(Debug)]
pub struct Ran {
    pub stdout: String,
    pub stderr: String,
    pub code: i32,
}

impl Egito {
    pub fn start() -> Self {
        Self::with(Server::start())
    }

    pub fn with(server: Server) -> Self {
        let settings: Value = serde_json::from_str(&server.settings_json(&json!({}))).unwrap();
        let text = |name: &str| settings[name].as_str().unwrap().to_owned();
        let variables = vec![
            ("EGITO_BASE_URL", text("base_url")),
            ("EGITO_API_ID", text("client_id")),
            ("EGITO_API_SECRET", text("client_secret")),
            ("EGITO_USERNAME", text("username")),
            ("EGITO_PASSWORD", text("password")),
        ];
        Self { server, folder: Folder::new(), variables }
    }

    /// Returns the command, in English unless `LC_ALL` is set again.
    pub fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        let programs = Path::new(PROGRAM).parent().unwrap();
        let path = format!("{}:{}", programs.display(), std::env::var("PATH").unwrap());
        command.current_dir(self.folder.path()).env_clear().env("PATH", path).env("LC_ALL", "C.UTF-8");
        command.envs(self.variables.iter().cloned()).stdin(Stdio::null());
        command
    }

    /// Runs `egito` with arguments separated by spaces.
    pub fn run(&self, arguments: &str) -> Ran {
        self.run_each(&arguments.split_whitespace().collect::<Vec<_>>())
    }

    pub fn run_each(&self, arguments: &[&str]) -> Ran {
        Ran::of(&self.command(PROGRAM).args(arguments).output().unwrap())
    }

    /// Runs `egito` with this text as its stdin.
    pub fn run_with_input(&self, arguments: &str, input: &str) -> Ran {
        let mut command = self.command(PROGRAM);
        command.args(arguments.split_whitespace());
        run_with_input(command, input)
    }

    /// Runs a line of a shell.
    pub fn shell(&self, line: &str) -> Ran {
        Ran::of(&self.command("sh").arg("-c").arg(line).output().unwrap())
    }

    /// Runs a line of a shell on a terminal with this width, on which the user types `input`. Stderr is part of the output.
    pub fn on_terminal(&self, columns: u16, line: &str, input: &str) -> Ran {
        let line = format!("stty rows 50 cols {columns} -echo; {line}");
        let mut command = self.command("script");
        command.env("SHELL", "/bin/sh").env("TERM", "xterm").args([
            "--quiet",
            "--return",
            "--command",
            &line,
            "/dev/null",
        ]);
        run_with_input(command, input)
    }

    /// Sends the sandbox a fault, or several.
    pub fn fault(&self, fault: &Value) {
        self.server.control("POST", "faults", fault);
    }

    /// Returns the records of an entity.
    pub fn records(&self, entity: &str) -> Vec<Value> {
        self.run(&format!("list {entity} --json")).json_lines()
    }
}

impl Ran {
    pub fn of(output: &Output) -> Self {
        let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
        let code = output.status.code().unwrap_or(-1);
        Self { stdout: text(&output.stdout), stderr: text(&output.stderr), code }
    }

    /// Returns stdout of a success.
    #[track_caller]
    pub fn ok(self) -> String {
        assert_eq!((self.code, self.stderr.as_str()), (0, ""), "{}", self.stdout);
        self.stdout
    }

    /// Returns stderr of a failure with this exit code, which has printed nothing else.
    #[track_caller]
    pub fn fails(self, code: i32) -> String {
        assert_eq!((self.code, self.stdout.as_str()), (code, ""), "{}", self.stderr);
        self.stderr
    }

    #[track_caller]
    pub fn json_lines(self) -> Vec<Value> {
        self.ok().lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}

impl std::fmt::Display for Ran {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.stdout)?;
        f.write_str(&self.stderr)?;
        f.write_char('\n')
    }
}

fn run_with_input(mut command: Command, input: &str) -> Ran {
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    Ran::of(&child.wait_with_output().unwrap())
}
