//! Integration tests of the sandbox, over real sockets.

mod crm;

mod config;
mod control;
mod cuts;
mod faults;
mod forms;
mod journal;
mod lists;
mod live_journal;
mod logins;
mod page;
mod program;
mod records;
mod refusals;
mod rights;
mod seeds;
mod tokens;
mod validation;
