//! What differs on a terminal: `script` of util-linux runs the program on one.

use crate::egito::Egito;
use egito_sandbox::Options;
use egito_test_support::Server;

#[test]
fn a_table_fits_the_terminal_and_numbers_are_whole() {
    let egito = Egito::start();
    let ran = egito.on_terminal(60, "egito list Account --fields id,name,city,revenue,email --max 4", "");
    let lines: Vec<&str> = ran.stdout.lines().map(str::trim_end).collect();
    assert_eq!(
        lines,
        [
            "id  name              city    revenue      email",
            "────────────────────────────────────────────────────────────",
            "1   Żubr Próbny sp.…  Kraków  1250000.50   biuro@firma1.in…",
            "2   Gęśla i Jaźń s.…  Łódź    84000.00     biuro@firma2.in…",
            "3   Błękitny Smok T…  Kraków  98765432.10  biuro@firma3.in…",
            "4   Wydmuszka Logis…  Gdańsk  4300000      biuro@firma4.in…",
        ],
        "{ran}"
    );
}

#[test]
fn without_fields_the_columns_that_fit_are_shown() {
    let egito = Egito::start();
    let ran = egito.on_terminal(80, "egito list Account --max 2", "");
    assert!(ran.stdout.starts_with("id  name"), "{ran}");
    assert!(ran.stdout.contains("fields not shown (") && ran.stdout.contains("Choose with `--fields`"), "{ran}");
    assert!(ran.stdout.lines().take(4).all(|line| line.trim_end().chars().count() <= 80), "{ran}");
}

#[test]
fn a_long_list_says_that_it_goes_on() {
    let egito = Egito::with(Server::start_with(Options { records: Some(250), ..Options::default() }));
    let ran = egito.on_terminal(80, "egito list Account --fields id", "");
    assert!(ran.stdout.contains("the first 100 records; read the others with `--all`"), "{ran}");
    assert_eq!(ran.stdout.lines().count(), 100 + 3);
    let all = egito.on_terminal(80, "egito list Account --fields id --all", "");
    assert_eq!(all.stdout.lines().count(), 250 + 2);
    let exactly = egito.on_terminal(80, "egito list Account --fields id --max 100", "");
    assert_eq!(exactly.stdout.lines().count(), 100 + 2);
}

#[test]
fn progress_is_shown_only_on_a_terminal() {
    let egito = Egito::start();
    let with_terminal = egito.on_terminal(80, "egito list Account --json > accounts.jsonl", "");
    assert!(with_terminal.stdout.contains("reading Account"), "{with_terminal}");
    assert_eq!(egito.shell("egito list Account --json > more.jsonl").stderr, "");
    let file = |name: &str| std::fs::read_to_string(egito.folder.path().join(name)).unwrap();
    assert_eq!(file("accounts.jsonl"), file("more.jsonl"));
}

#[test]
fn a_response_is_indented_for_people() {
    let egito = Egito::start();
    let fault = serde_json::json!({"on": {"action": "call"}, "response": {"json": {"ok": true}}});
    egito.fault(&fault);
    assert_eq!(egito.on_terminal(80, "egito call Offer print", "").stdout, "{\r\n  \"ok\": true\r\n}\r\n");
}
