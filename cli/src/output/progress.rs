//! Progress on stderr, if that is a terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{self, IsTerminal};
use std::time::Duration;

/// Returns a bar that counts to `total`, or only counts without it. It is hidden if stderr is not a terminal.
pub fn bar(total: Option<u64>) -> ProgressBar {
    let bar = total.map_or_else(ProgressBar::no_length, ProgressBar::new);
    let template = if total.is_some() {
        "{msg}  {wide_bar}  {human_pos}/{human_len}  {eta}"
    } else {
        "{spinner} {msg}  {human_pos}  {elapsed}"
    };
    shown(bar, template)
}

/// Returns a spinner with a text. It is hidden if stderr is not a terminal.
pub fn spinner(text: String) -> ProgressBar {
    let bar = shown(ProgressBar::no_length(), "{spinner} {msg}  {elapsed}").with_message(text);
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

fn shown(bar: ProgressBar, template: &str) -> ProgressBar {
    if !io::stderr().is_terminal() {
        bar.set_draw_target(ProgressDrawTarget::hidden());
    }
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.set_style(style),
        Err(error) => debug_assert!(false, "{error}"),
    }
    bar
}
