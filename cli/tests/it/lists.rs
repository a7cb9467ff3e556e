//! `list`: tables, JSON lines, selection and order.

use crate::egito::Egito;
use egito_sandbox::Options;
use egito_test_support::Server;
use serde_json::json;

fn with_records(records: u32) -> Egito {
    Egito::with(Server::start_with(Options { records: Some(records), ..Options::default() }))
}

#[test]
fn a_list_is_a_table() {
    let egito = Egito::start();
    let table = egito.run("list Account --fields id,name,city --max 2").ok();
    assert_eq!(
        table,
        "id  name                    city\n───────────────────────────────────\n1   Żubr Próbny sp. z o.o.  Kraków\n2   Gęśla i Jaźń s.c.       Łódź\n"
    );
    let nothing = egito.run("list Offer");
    assert_eq!((nothing.code, nothing.stdout.as_str(), nothing.stderr.as_str()), (0, "", "no records\n"));
}

#[test]
fn records_are_selected_and_sorted() {
    let egito = Egito::start();
    let cities =
        egito.run_each(&["list", "Account", "--filter", "city=Kraków", "--sort", "id", "--order", "desc", "--json"]);
    let ids: Vec<i64> = cities.json_lines().iter().map(|account| account["id"].as_i64().unwrap()).collect();
    assert!(ids.len() > 1 && ids.is_sorted_by(|a, b| a > b), "{ids:?}");
    let sent = &egito.server.journal("list")[0]["query"];
    assert_eq!((&sent["city"], &sent["order"]), (&json!("Kraków"), &json!("desc")));
    assert_eq!(egito.run("list Account --max 3 --json").json_lines().len(), 3);
}

#[test]
fn outside_a_terminal_a_list_is_whole() {
    let egito = with_records(1234);
    let lines = egito.run("list Account --json").json_lines();
    let ids: Vec<i64> = lines.iter().map(|account| account["id"].as_i64().unwrap()).collect();
    assert_eq!(ids, (1..=1234).collect::<Vec<_>>());
    assert_eq!(egito.run("list Account --fields id").ok().lines().count(), 1234 + 2);
    let chosen = egito.run("list Account --json --fields address.city,id --sort id --order desc --max 13").json_lines();
    assert_eq!(chosen[0], json!({"address.city": lines[1233]["address"]["city"], "id": 1234}));
    assert!(chosen[0]["address.city"].is_string());
}

#[test]
fn a_record_with_line_breaks_is_one_line_of_json() {
    let egito = Egito::start();
    let body = "[\n  {\"id\": 1,\n   \"name\": \"a\\nb\", \"n\": 1.50}\n]";
    egito.fault(&json!({"on": {"action": "list"}, "times": 0, "response": {"body": body, "headers": {"Content-Type": "application/json"}}}));
    assert_eq!(egito.run("list Account --json").ok(), "{\"id\":1,\"name\":\"a\\nb\",\"n\":1.50}\n");
    assert!(egito.run("list Account").ok().ends_with("\n1   a\\nb  1.50\n"));
}

#[test]
fn a_field_that_no_record_has_is_reported() {
    let egito = Egito::start();
    for command in ["list Account --max 1", "list Account --max 1 --json", "get Account 1", "dictionary industry"] {
        let ran = egito.run(&format!("{command} --fields id,nam"));
        assert_eq!(
            (ran.code, ran.stderr.as_str()),
            (0, "warning: no record has the field \"nam\"; check its name\n"),
            "{command}"
        );
    }
    let error = egito.run("list Account --fields id,,name").fails(2);
    assert!(error.starts_with("error: `--fields <FIELD,FIELD…>` needs a value"), "{error}");
}

#[test]
fn a_filter_that_the_server_ignores_is_reported() {
    let egito = Egito::start();
    egito.ok(&["list", "Account", "--filter", "city=Kraków"]).ok();
    egito.server.control("POST", "config", &json!({"ignore_filters": ["city"]}));
    let warning =
        "warning: the server ignores the filter \"city\", or compares it otherwise: records with another value: 18\n";
    for more in ["", "--json"] {
        let ran = egito.run(&format!("list Account --filter city=Kraków --fields id {more}"));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, warning));
    }
    let ran = egito.run("export Account -o a.csv --filter city=Kraków");
    assert!(ran.code == 0 && ran.stderr.starts_with(warning), "{ran}");
    let ran = egito.run("export Account -o a.csv --filter city=Kraków --json");
    assert!(ran.to_string().contains(r#""ignored_filters":["city"]"#), "{ran}");
}

#[test]
fn a_closed_pipe_ends_quietly() {
    let egito = with_records(5000);
    let ran = egito.shell("egito list Account --json | head -n 2 | wc -l; egito list Account | head -n 1 | wc -l");
    assert_eq!((ran.stdout.replace(' ', "").as_str(), ran.stderr.as_str()), ("2\n1\n", ""));
    assert!(egito.server.journal("list").len() < 12, "it stops reading the list");
}
