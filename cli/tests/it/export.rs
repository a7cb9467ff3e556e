//! `egito export`.

use crate::egito::Egito;
use serde_json::{Value, json};
use std::fs;

fn desk() -> Egito {
    let desk = Egito::start();
    desk.seed(&json!({"Account": [
        {"id": 123_456_789_012_345_678_i64, "name": "Żubr \"S.A.\"; oddział", "address": null, "revenue": 1_250_000.5, "tags": ["a", 1]},
        {"id": 2, "name": "=1+1", "phone": "+48 12 446 66 66", "nip": "0012345678",
         "address": {"city": "Łódź", "geo": {"lat": 51.7}}, "isActive": true},
    ]}));
    desk
}

#[test]
fn a_csv_file_has_a_column_for_every_field_of_every_record() {
    let desk = desk();
    let ran = desk.ok(&["export", "Account", "-o", "accounts.csv"]);
    assert_eq!(
        desk.read("accounts.csv"),
        "address.city,address.geo.lat,id,isActive,name,nip,phone,revenue,tags\n\
         Łódź,51.7,2,true,'=1+1,0012345678,+48 12 446 66 66,,\n\
         ,,123456789012345678,,\"Żubr \"\"S.A.\"\"; oddział\",,,1250000.5,\"[\"\"a\"\",1]\"\n"
    );
    assert!(ran.stderr.contains("2 records with 9 columns written to accounts.csv"), "{}", ran.stderr);
    assert!(
        ran.stderr.contains("texts that a spreadsheet takes for formulas have an apostrophe in front: 1;"),
        "{}",
        ran.stderr
    );
    assert_eq!(desk.names(), ["accounts.csv"]);
}

#[test]
fn chosen_fields_are_written_in_their_order_and_missing_ones_reported() {
    let desk = desk();
    let ran = desk.ok(&[
        "export",
        "Account",
        "-o",
        "-",
        "--format",
        "csv",
        "--fields",
        "address.city,id,citty",
        "--keep-formulas",
    ]);
    assert_eq!(ran.stdout, "address.city,id,citty\nŁódź,2,\n,123456789012345678,\n");
    assert!(ran.stderr.contains("no record has a value in the field \"citty\""), "{}", ran.stderr);
}

#[test]
fn polish_excel_gets_its_encoding_separator_and_decimal_mark() {
    let desk = desk();
    let options = ["--separator", ";", "--decimal-comma", "--fields", "name,revenue"];
    let write = |encoding: &str| {
        let arguments =
            [&["export", "Account", "-o", "a.csv", "--sort", "id", "--encoding", encoding], &options[..]].concat();
        desk.ok(&arguments);
        fs::read(desk.path("a.csv")).unwrap()
    };
    let cp1250 = b"name;revenue\n'=1+1;\n\"\xAFubr \"\"S.A.\"\"; oddzia\xB3\";1250000,5\n";
    assert_eq!(write("cp1250"), cp1250);
    assert!(write("utf-8-bom").starts_with(b"\xEF\xBB\xBFname;revenue\n"));
}

#[test]
fn a_character_that_the_encoding_lacks_is_an_error_and_keeps_the_old_file() {
    let desk = Egito::start();
    desk.seed(&json!({"Account": [{"id": 1, "name": "ok"}, {"id": 2, "name": "дом"}]}));
    desk.write("accounts.csv", "old");
    let failed = desk.run_each(&["export", "Account", "-o", "accounts.csv", "--encoding", "cp1250"]);
    assert_eq!(failed.code, 10, "{}", failed.stderr);
    assert!(
        failed.stderr.contains("record 2, field \"name\": the encoding does not have the character 'д'"),
        "{}",
        failed.stderr
    );
    assert_eq!((desk.read("accounts.csv"), desk.names()), ("old".into(), vec!["accounts.csv".into()]));

    desk.ok(&["export", "Account", "-o", "accounts.csv", "--encoding", "cp1250", "--replace"]);
    assert_eq!(desk.read("accounts.csv"), "id,name\n1,ok\n2,???\n");
}

#[test]
fn json_lines_have_the_records_of_the_server() {
    let desk = desk();
    desk.ok(&["export", "Account", "-o", "accounts.jsonl"]);
    let text = desk.read("accounts.jsonl");
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines.len(), 2);
    assert!(
        lines[1].starts_with(r#"{"address":null,"id":123456789012345678,"name":"Żubr \"S.A.\"; oddział","#),
        "{}",
        lines[1]
    );
}

#[test]
fn a_list_that_fails_leaves_no_file() {
    let desk = Egito::start();
    desk.server.control("POST", "reset", &json!({"records": {"Account": 300}}));
    desk.server.control(
        "POST",
        "faults",
        &json!({"on": {"action": "list"}, "skip": 1, "times": 0, "response": {"status": 403}}),
    );
    for name in ["a.csv", "a.xlsx", "a.parquet", "a.jsonl"] {
        let failed = desk.run_each(&["export", "Account", "-o", name, "--set", "page_size=50"]);
        assert_eq!(failed.code, 4, "{name}: {}", failed.stderr);
    }
    assert_eq!(desk.names(), Vec::<String>::new());
}

#[cfg(target_os = "linux")] // it reads /proc
#[test]
fn an_export_takes_the_memory_of_a_few_pages() {
    let desk = Egito::start();
    desk.server.control("POST", "reset", &json!({"records": {"Account": 50_000}}));
    desk.fault(&json!({"on": {"action": "list"}, "skip": 99, "times": 0, "hold": "gate"}));
    let mut export = desk.launch(&["export", "Account", "-o", "a.csv", "--set", "page_size=500"]);
    desk.server.control("GET", "journal?action=list&wait=100&timeout_ms=60000", &json!(null));
    let status = fs::read_to_string(format!("/proc/{}/status", export.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap().trim().trim_end_matches(" kB");
    desk.server.control("DELETE", "faults", &json!(null));
    desk.server.control("POST", "release", &json!({"name": "gate"}));
    assert!(export.wait().unwrap().success());
    assert!(fs::metadata(desk.path("a.csv")).unwrap().len() > 30_000_000);
    assert!(peak.parse::<u64>().unwrap() < 45_000, "{peak} kB for a list of 55 MB");
}

#[cfg(unix)] // signals
#[test]
fn an_export_that_is_interrupted_leaves_no_file() {
    let desk = Egito::start();
    desk.server.control("POST", "reset", &json!({"records": {"Account": 300}}));
    desk.fault(&json!({"on": {"action": "list"}, "skip": 2, "times": 0, "hold": "gate"}));
    let export = desk.launch(&["export", "Account", "-o", "a.csv", "--set", "page_size=50"]);
    desk.server.control("GET", "journal?action=list&wait=3&timeout_ms=60000", &json!(null));
    std::process::Command::new("kill").args(["-INT", &export.id().to_string()]).status().unwrap();
    let output = export.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(130), "{}", String::from_utf8_lossy(&output.stderr));
    assert_eq!(desk.names(), Vec::<String>::new());
}

#[test]
fn a_closed_pipe_ends_every_format_quietly() {
    let desk = desk();
    for format in ["csv", "jsonl", "xlsx", "parquet"] {
        let pipe = "rm -f pipe; mkfifo pipe; exec 3<>pipe 4>pipe 3>&-";
        let ran = desk.shell(&format!("{pipe}; egito export Account -o - --format {format} >&4"));
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{format}");
    }
}

#[test]
fn an_option_without_effect_is_refused() {
    let desk = desk();
    for option in ["--separator ;", "--encoding utf-8", "--decimal-comma", "--replace", "--keep-formulas"] {
        let error = desk.run(&format!("export Account -o a.xlsx {option}")).fails(2);
        let name = option.split(' ').next().unwrap();
        assert!(error.starts_with(&format!("error: `{name}` belongs to CSV files")), "{error}");
    }
    assert_eq!(desk.run_each(&["export", "Account", "-o", "a.csv", "--fields", ""]).code, 2);
    let nothing = desk.run("export Offer -o a.csv --fields id");
    assert!(!nothing.stderr.contains("warning"), "{nothing}");
}

#[test]
fn the_report_for_programs_is_on_stdout_unless_the_records_are() {
    let desk = desk();
    let report: Value = serde_json::from_str(&desk.run("export Account -o a.csv --json").ok()).unwrap();
    assert_eq!(report["records"], 2);
    let ran = desk.run("export Account -o - --format jsonl --json");
    let report: Value = serde_json::from_str(&ran.stderr).unwrap();
    assert_eq!((ran.stdout.lines().count(), &report["records"]), (2, &json!(2)));
}

#[test]
fn changes_since_a_time_are_exported() {
    let desk = Egito::start();
    let record = |id: u64, time: &str| json!({"id": id, "name": format!("Firma {id}"), "lastUpdated": time});
    desk.seed(&json!({"Account": [
        record(1, "2026-11-01T10:00:00Z"), record(2, "2026-11-27T07:59:59Z"), record(3, "2026-11-27T08:00:00Z"), record(4, "2026-11-28T08:00:00Z"),
    ]}));
    let ran = desk.ok(&[
        "export",
        "Account",
        "-o",
        "-",
        "--format",
        "csv",
        "--fields",
        "id",
        "--since",
        "2026-11-27T09:00:00+01:00",
    ]);
    assert_eq!(ran.stdout, "id\n4\n3\n");
    assert!(ran.stderr.contains("changes since 2026-11-27T08:00:00Z"), "{}", ran.stderr);
    assert_eq!(desk.run_each(&["export", "Account", "-o", "-", "--format", "csv", "--since", "soon"]).code, 2);
}

#[test]
fn an_export_with_a_mark_file_continues_after_the_last_one() {
    let desk = Egito::start();
    let export = "export Lead -o leads.jsonl --fields id --since-file leads.mark";
    let ids = || desk.read("leads.jsonl");
    desk.seed(&json!({"Lead": [{"id": 1, "lastName": "Ryś", "lastUpdated": "2026-11-01T10:00:00Z"}]}));
    let first = desk.run(export);
    assert_eq!(
        (ids().as_str(), first.stderr.as_str()),
        ("{\"id\":1}\n", "leads.mark does not exist yet: all records\n1 record written to leads.jsonl\n")
    );
    desk.run("create Lead lastName=Sowa").ok();
    let mark = desk.read("leads.mark");
    desk.fault(&json!({"on": {"action": "list"}, "response": {"status": 500}}));
    assert_eq!(desk.run(&format!("{export} --set max_retries=0")).code, 8);
    assert_eq!(desk.run("export Lead -o no/leads.jsonl --since-file leads.mark").code, 10);
    assert_eq!((desk.read("leads.mark"), ids().as_str()), (mark, "{\"id\":1}\n"), "a failed export changes no file");

    let second = desk.run(export);
    assert_eq!(second.stderr, "changes since the last export with leads.mark\n1 record written to leads.jsonl\n");
    assert_eq!(ids(), "{\"id\":2}\n");
    assert_eq!(desk.run(export).stderr.lines().last(), Some("0 records written to leads.jsonl"));
    assert_eq!(desk.names(), ["leads.jsonl", "leads.mark"]);
}

#[test]
fn a_mark_file_of_another_list_is_refused() {
    let desk = Egito::start();
    desk.ok(&["export", "Account", "-o", "a.csv", "--since-file", "a.mark"]);
    let mark = desk.read("a.mark");
    for (more, code, why) in [
        ("Lead -o b.csv --since-file a.mark", 2, "error: a.mark cannot be used for `--since-file`: invalid `since`"),
        ("Account -o b.csv --since-file a.mark --filter id=2", 2, "error: a.mark cannot be used for `--since-file`"),
        ("Account -o b.csv --since-file a.csv", 2, "error: a.csv cannot be used for `--since-file`"),
        ("Account -o b.csv --since-file b.csv", 2, "error: `--since-file` and `--output` are the same file b.csv"),
        ("Account -o b.csv --since-file no/a.mark", 10, "error: cannot write no/a.mark: "),
        ("Account -o b.csv --since-file /dev/null", 10, "error: cannot write /dev/null: it is not a regular file"),
        ("Account -o b.csv --since-file a.mark --max 1", 2, "error: `--"),
        ("Account -o b.csv --since-file a.mark --since 2026-01-01", 2, "error: `--since"),
    ] {
        let error = desk.run(&format!("export {more}")).fails(code);
        assert!(error.starts_with(why), "{more}: {error}");
    }
    assert_eq!((desk.read("a.mark"), desk.names()), (mark, vec!["a.csv".to_owned(), "a.mark".to_owned()]));
}

#[test]
fn a_spreadsheet_and_a_parquet_file_keep_every_digit() {
    let desk = desk();
    desk.ok(&["export", "Account", "-o", "a.xlsx"]);
    desk.ok(&["export", "Account", "-o", "a.parquet"]);

    let sheet = xlsx_cells(&desk, "a.xlsx");
    let cells =
        ["text Łódź", "number 51.7", "number 2", "Bool(true)", "text =1+1", "text 0012345678", "text +48 12 446 66 66"];
    assert_eq!(sheet[1][..7], cells);
    assert_eq!((sheet[2][2].as_str(), sheet[2][7].as_str()), ("text 123456789012345678", "number 1250000.5"));

    let columns = parquet_columns(&desk, "a.parquet");
    assert!(columns.contains(&("id".into(), "Int64".into(), "2|123456789012345678".into())), "{columns:?}");
    assert!(columns.contains(&("revenue".into(), "Decimal128(8, 1)".into(), "|1250000.5".into())), "{columns:?}");
    assert!(columns.contains(&("nip".into(), "Utf8".into(), "0012345678|".into())), "{columns:?}");
    assert!(columns.contains(&("isActive".into(), "Boolean".into(), "true|".into())), "{columns:?}");
}

fn xlsx_cells(desk: &Egito, name: &str) -> Vec<Vec<String>> {
    use calamine::{Data, Reader, open_workbook_auto};
    let mut workbook = open_workbook_auto(desk.path(name)).unwrap();
    let sheet = workbook.worksheet_range_at(0).unwrap().unwrap();
    let cell = |cell: &Data| match cell {
        Data::Empty => String::new(),
        Data::String(text) => format!("text {text}"),
        Data::Float(number) => format!("number {number}"),
        other => format!("{other:?}"),
    };
    sheet.rows().map(|row| row.iter().map(cell).collect()).collect()
}

fn parquet_columns(desk: &Egito, name: &str) -> Vec<(String, String, String)> {
    use arrow_array::{Array, BooleanArray, Decimal128Array, Int64Array, StringArray};
    let file = fs::File::open(desk.path(name)).unwrap();
    let mut reader =
        parquet::arrow::arrow_reader::ParquetRecordBatchReaderBuilder::try_new(file).unwrap().build().unwrap();
    let batch = reader.next().unwrap().unwrap();
    let values = |array: &dyn Array| -> Vec<String> {
        let value = |row: usize| {
            let any = array.as_any();
            if array.is_null(row) {
                String::new()
            } else if let Some(texts) = any.downcast_ref::<StringArray>() {
                texts.value(row).into()
            } else if let Some(numbers) = any.downcast_ref::<Int64Array>() {
                numbers.value(row).to_string()
            } else if let Some(bools) = any.downcast_ref::<BooleanArray>() {
                bools.value(row).to_string()
            } else {
                any.downcast_ref::<Decimal128Array>().unwrap().value_as_string(row)
            }
        };
        (0..array.len()).map(value).collect()
    };
    let schema = batch.schema();
    let fields = schema.fields().iter().zip(batch.columns());
    fields
        .map(|(field, array)| (field.name().clone(), field.data_type().to_string(), values(array).join("|")))
        .collect()
}
