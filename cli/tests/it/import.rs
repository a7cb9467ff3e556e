//! `egito import`.

use crate::egito::Egito;
use serde_json::{Value, json};
use std::fs;

/// A sandbox with one account, so that its fields are known.
fn desk() -> Egito {
    let desk = Egito::start();
    desk.seed(&json!({"Account": [{
        "id": 1, "name": "Żubr S.A.", "nip": "0000000001", "city": "Kraków", "employees": 120, "revenue": 1.5, "isActive": true,
        "contractDate": "2026-01-01T23:00:00Z", "industry": {"id": 7, "name": "Energetyka"}, "note": null,
    }]}));
    desk
}

fn by_nip(desk: &Egito, nip: &str) -> Value {
    desk.records("Account").into_iter().find(|record| record["nip"] == nip).unwrap_or_default()
}

#[test]
fn an_excel_file_in_cp1250_becomes_records_with_the_types_of_the_server() {
    let desk = desk();
    let file = b"nip;name;city;employees;revenue;isActive;contractDate;industry.id;industry.name;;\r\n\
        0000000001;\xAFubr S.A.;Krak\xF3w;120;1,5;TAK;02.01.2026;7;Energetyka;;\r\n\
        0000000002;\"G\xEA\x9Cla \"\"i\"\"\r\nJa\x9F\xF1\";\xA3\xF3d\x9F;7;1 234,50;nie;31.12.2026;;;;\r\n\
        ;;;;;;;;;;\r\n\r\n\
        0000000003;Smok;Krak\xF3w;brak;2;nie;1.2.2026;;;;\r\n\
        0000000002;Drugi;;;;;;;;;\r\n\
        ;Bez NIP;;;;;;;;;\r\n\
        0000000004;Za krotki\r\n";
    desk.write("firmy.csv", file);
    let arguments = ["import", "firmy.csv", "--entity", "Account", "--key", "nip", "--zone", "Europe/Warsaw"];

    let plan = desk.run_each(&[&arguments[..], &["--dry-run"]].concat());
    assert_eq!(plan.code, 1, "{}", plan.stderr);
    assert!(plan.stderr.contains("would be created: 1, updated: 0, unchanged: 1"), "{}", plan.stderr);
    assert_eq!((desk.records("Account").len(), desk.names()), (1, vec!["firmy.csv".to_owned()]));

    let ran = desk.run_each(&arguments);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(ran.stderr.contains("windows-1250, ';'"), "{}", ran.stderr);
    assert!(ran.stderr.contains("revenue: the decimal mark is ','"), "{}", ran.stderr);
    assert!(ran.stderr.contains("created: 1, updated: 0, unchanged: 1"), "{}", ran.stderr);
    assert!(ran.stderr.contains("not done: 4 (invalid data: 4)"), "{}", ran.stderr);
    let record = by_nip(&desk, "0000000002");
    let expected = json!(["Gęśla \"i\"\r\nJaźń", "Łódź", 7, 1234.50, false, "2026-12-30T23:00:00Z"]);
    let fields =
        ["name", "city", "employees", "revenue", "isActive", "contractDate"].map(|field| record[field].clone());
    assert_eq!(json!(fields), expected);

    let rejected = desk.read("firmy.rejected.csv");
    let mut lines = rejected.lines();
    let header = "\u{feff}nip;name;city;employees;revenue;isActive;contractDate;industry.id;industry.name;;;egito:line;egito:status;egito:reason";
    assert_eq!(lines.next(), Some(header));
    assert_eq!(
        lines.next(),
        Some(
            "0000000003;Smok;Kraków;brak;2;nie;1.2.2026;;;;;7;invalid;\"column \"\"employees\"\": expected a number, got \"\"brak\"\"\""
        )
    );
    assert_eq!(lines.next(), Some("0000000002;Drugi;;;;;;;;;;8;invalid;line 3 has the same key"));
    assert_eq!(lines.next(), Some(";Bez NIP;;;;;;;;;;9;invalid;\"the field \"\"nip\"\" of the key has no value\""));
    assert_eq!(
        lines.next(),
        Some("0000000004;Za krotki;;;;;;;;;;10;invalid;the number of cells is 2, and that of the header 11")
    );
}

#[test]
fn a_corrected_file_of_rejected_rows_can_be_imported() {
    let desk = desk();
    desk.write("a.csv", "nip,name,employees\n0000000002,Smok,brak\n");
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]).code, 1);
    let corrected = desk.read("a.rejected.csv").replacen("brak", "12", 1);
    desk.write("a.rejected.csv", corrected);
    desk.ok(&["import", "a.rejected.csv", "--entity", "Account", "--key", "nip"]);
    assert_eq!(by_nip(&desk, "0000000002")["employees"], 12);
}

#[test]
fn corrected_rejected_rows_are_not_replaced() {
    let desk = desk();
    desk.write("a.csv", "nip,name,employees\n0000000002,Smok,brak\n");
    let ran = desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("correct these rows in a.csv, and send them with"), "{ran}");
    let written = desk.read("a.rejected.csv");
    assert_eq!(desk.run_each(&["import", "a.csv", "--resume"]).code, 1, "the file is as it was written");

    let corrected = written.replacen("brak", "12", 1);
    desk.write("a.rejected.csv", &corrected);
    let ran = desk.run_each(&["import", "a.csv", "--resume"]);
    assert_eq!((ran.code, desk.read("a.rejected.csv")), (2, corrected), "{ran}");
    assert!(ran.stderr.contains("a.rejected.csv was changed after it was written"), "{ran}");
    desk.ok(&["import", "a.rejected.csv", "--entity", "Account", "--key", "nip"]);
    assert_eq!(by_nip(&desk, "0000000002")["employees"], 12);
}

#[test]
fn rejected_rows_of_rejected_rows_can_be_imported() {
    let desk = desk();
    desk.write("a.csv", "nip,name,employees\n0000000002,Smok,brak\n");
    desk.write("b.jsonl", "{\"nip\":null,\"name\":\"Bez NIP\"}\n");
    for (file, again) in [("a.csv", "a.rejected.csv"), ("b.jsonl", "b.rejected.jsonl")] {
        for file in [file, again] {
            assert_eq!(desk.run_each(&["import", file, "--entity", "Account", "--key", "nip"]).code, 1, "{file}");
        }
    }
    let rejected = desk.read("a.rejected.rejected.csv");
    assert_eq!(rejected.matches("egito:line").count(), 1, "{rejected}");
    let corrected = rejected.replacen("brak", "12", 1);
    desk.write("a.rejected.rejected.csv", corrected);
    desk.ok(&["import", "a.rejected.rejected.csv", "--entity", "Account", "--key", "nip"]);
    assert_eq!(desk.read("b.rejected.rejected.jsonl").matches("egito:line").count(), 1);
}

#[test]
fn a_rejected_number_of_a_spreadsheet_is_read_again_as_the_same_number() {
    let desk = desk();
    let mut workbook = rust_xlsxwriter::Workbook::new();
    let sheet = workbook.add_worksheet();
    sheet.write(0, 0, "nip").unwrap().write(0, 1, "revenue").unwrap().write(0, 2, "name").unwrap();
    sheet.write(1, 1, 1.234).unwrap().write(1, 2, "Smok").unwrap();
    workbook.save(desk.path("a.xlsx")).unwrap();
    desk.write("m.toml", "[columns]\nrevenue = { field = \"revenue\", decimal = \",\" }\n");
    let import = |file| desk.run_each(&["import", file, "--entity", "Account", "--key", "nip", "--mapping", "m.toml"]);
    assert_eq!(import("a.xlsx").code, 1);
    let corrected = desk.read("a.rejected.csv").replace("\n;", "\n0000000002;");
    desk.write("a.rejected.csv", corrected);
    let ran = import("a.rejected.csv");
    assert_eq!((ran.code, &by_nip(&desk, "0000000002")["revenue"]), (0, &json!(1.234)), "{ran}");
}

#[test]
fn no_file_of_an_import_replaces_another_one() {
    let desk = desk();
    let content = "nip,name\n,Smok\n";
    desk.write("a.csv", content);
    fs::create_dir(desk.path("folder")).unwrap();
    let cases = [
        ["--rejects", "a.csv"],
        ["--rejects", "./folder/../a.csv"],
        ["--rejects", "a.csv.journal"],
        ["--rejects", "a.csv.journal.json"],
        ["--journal", "a.csv"],
        ["--journal", "a.rejected.csv"],
    ];
    for case in cases {
        let ran = desk.run_each(&[&["import", "a.csv", "--entity", "Account", "--key", "nip"], &case[..]].concat());
        assert_eq!((ran.code, desk.read("a.csv").as_str()), (2, content), "{case:?}: {ran}");
        assert!(ran.stderr.contains("are the same file"), "{case:?}: {ran}");
    }
    assert_eq!(desk.names(), ["a.csv", "folder"]);
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]).code, 1);
    let ran = desk.run_each(&["import", "a.csv", "--resume", "--rejects", "a.csv"]);
    assert_eq!((ran.code, desk.read("a.csv").as_str()), (2, content), "{ran}");
}

#[test]
fn a_key_that_no_record_has_is_an_error() {
    let desk = desk();
    desk.write("a.csv", "NIP,name\n0000000001,Smok\n");
    let arguments = ["import", "a.csv", "--entity", "Account", "--key", "NIP"];
    let ran = desk.run_each(&arguments);
    assert_eq!((ran.code, desk.records("Account").len()), (2, 1), "{ran}");
    assert!(ran.stderr.contains("no record has the field \"NIP\" of the key"), "{ran}");
    assert!(ran.stderr.contains("did you mean `nip`?"), "{ran}");

    desk.write("m.toml", "[columns]\nNIP = { type = \"text\" }\n");
    desk.ok(&[&arguments[..], &["--mapping", "m.toml"]].concat());
    desk.seed(&json!({}));
    desk.write("b.csv", "NIP,name\n0000000001,Smok\n");
    desk.ok(&["import", "b.csv", "--entity", "Account", "--key", "NIP"]);
}

#[test]
fn what_the_export_writes_can_be_imported() {
    let desk = Egito::start();
    let account = |id: u64, revenue: &str, address: &str| {
        let text =
            format!(r#"{{"id":{id},"name":"Smok","nip":"000000000{id}","revenue":{revenue},"address":{address}}}"#);
        serde_json::from_str::<Value>(&text).unwrap()
    };
    desk.seed(&json!({"Account": [account(1, "1.25E7", r#"{"city":"Kraków"}"#), account(2, "1.5", "{}")]}));
    desk.write("a.csv", "nip;revenue;address;address.city\n0000000001;1,25E7;;Gdynia\n0000000002;2,5;{};\n");
    let ran = desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("address: not sent, since its objects are empty"), "{ran}");
    let (first, second) = (by_nip(&desk, "0000000001"), by_nip(&desk, "0000000002"));
    assert_eq!((first["revenue"].as_f64(), &first["address"]["city"]), (Some(1.25e7), &json!("Gdynia")));
    assert_eq!(second["revenue"], 2.5);

    desk.ok(&["export", "Account", "-o", "b.csv"]);
    let ran = desk.ok(&["import", "b.csv", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("unchanged: 2"), "{ran}");
}

#[test]
fn text_stays_text_unless_the_server_or_the_mapping_says_otherwise() {
    let desk = desk();
    desk.write("a.csv", "nip,name,note,postcode\n0000000002,Smok,007,00-950\n0000000003,Gęśla,008,01234\n");
    desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
    let record = by_nip(&desk, "0000000003");
    assert_eq!((&record["note"], &record["postcode"]), (&json!("008"), &json!("01234")));

    desk.write("b.csv", "NIP,name,Uwaga,Zbędne\n0000000004,Smok,007,x\n");
    desk.write(
        "b.toml",
        "[columns]\nNIP = \"nip\"\nUwaga = { field = \"note\", type = \"number\" }\n\"Zbędne\" = \"\"\n[constants]\ncity = \"Łódź\"\n\"industry.id\" = 3\n",
    );
    desk.ok(&[
        "import",
        "b.csv",
        "--entity",
        "Account",
        "--key",
        "nip",
        "--mapping",
        "b.toml",
        "--mode",
        "create-once",
    ]);
    let record = by_nip(&desk, "0000000004");
    assert_eq!(json!([record["note"], record["city"], record["industry"]["id"]]), json!([7, "Łódź", 3]));
}

#[test]
fn existing_records_stay_as_they_are_with_create_once() {
    let desk = desk();
    desk.write("a.csv", "nip,name,city\n0000000001,Smok,Gdynia\n0000000002,Gęśla,Sopot\n");
    let ran = desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip", "--mode", "create-once", "--json"]);
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!((&report["summary"]["created"], &report["summary"]["existing"]), (&json!(1), &json!(1)), "{report}");
    assert_eq!(by_nip(&desk, "0000000001")["city"], "Kraków");
}

#[test]
fn what_is_ambiguous_is_an_error_before_anything_is_sent() {
    let cases = [
        ("nip,nip\n1,2\n", "several columns have the name \"nip\""),
        ("nip,\n1,2\n", "column 2 has values and no name"),
        ("nip,Nazwa firmy\n1,2\n", "the column \"Nazwa firmy\" has not the name of a field"),
        ("city\nŁódź\n", "no column is the field \"nip\" of the key"),
        ("nip,industry\n1,7\n", "refers to another record"),
        ("nip,revenue\n1,\"1,234\"\n", "set `decimal`"),
        ("nip,revenue\n1,\"1,5\"\n2,2.5\n", "with a decimal comma and with a decimal point"),
        ("nip,contractDate\n1,01/02/2026\n", "set `order`"),
        ("", "no column"),
    ];
    let desk = desk();
    for (content, message) in cases {
        desk.write("a.csv", content);
        let ran = desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
        assert_eq!(ran.code, 2, "{content}: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "{content}: {}", ran.stderr);
    }
    assert_eq!((desk.records("Account").len(), desk.names()), (1, vec!["a.csv".to_owned()]));
    desk.write("a.csv", "nip,city\n");
    assert!(desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]).stderr.contains("nothing to import"));
    desk.write("a.csv", "nip\n1\n");
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account"]).code, 2);
}

#[test]
fn an_open_quote_is_not_a_long_cell() {
    let desk = desk();
    desk.write("a.csv", "nip,name\n0000000002,Smok\n0000000003,\"Gęśla\n0000000004,Jaźń\n");
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]).code, 1);
    assert_eq!(desk.records("Account").len(), 2);
    let rejected = desk.read("a.rejected.csv");
    assert!(
        rejected.contains("3,invalid,\"a quote is not closed, so that the row has everything up to line 4\""),
        "{rejected}"
    );
}

#[test]
fn a_mapping_with_a_mistake_is_an_error() {
    let desk = desk();
    desk.write("a.csv", "NIP,name\n1,x\n");
    let cases = [
        ("[columns]\nNip = \"nip\"\n", "the column \"Nip\", which the file does not have; its columns are NIP, name"),
        ("[columns]\nNIP = { typ = \"text\" }\n", "unknown field `typ`"),
        ("[columns]\nNIP = { decimal = \";\" }\n", "invalid `decimal` of the column \"NIP\""),
        ("[columns]\nNIP = \"name\"\n", "the field \"name\" gets values from several columns"),
        ("zone = \"Warszawa\"\n", "invalid time zone"),
    ];
    for (mapping, message) in cases {
        desk.write("a.toml", mapping);
        let ran = desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "name", "--mapping", "a.toml"]);
        assert_eq!(ran.code, 2, "{mapping}: {}", ran.stderr);
        assert!(ran.stderr.contains(message), "{mapping}: {}", ran.stderr);
    }
}

#[test]
fn encodings_are_detected() {
    let text = "nip;name\r\n0000000002;Zażółć\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let files: [Vec<u8>; 4] =
        [text.into(), [b"\xEF\xBB\xBF", text.as_bytes()].concat(), [b"\xFF\xFE", utf16.as_slice()].concat(), utf16];
    for file in files {
        let desk = desk();
        desk.write("a.csv", file);
        desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
        assert_eq!(by_nip(&desk, "0000000002")["name"], "Zażółć");
    }
    let desk = desk();
    desk.write("a.csv", b"nip;city\n1;\xA3\xF3d\x9F\n");
    let ran = desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip", "--encoding", "utf-8"]);
    assert!(ran.stderr.contains("line 2 is not valid utf-8"), "{}", ran.stderr);
}

#[test]
fn the_letters_of_a_guessed_encoding_are_right_and_shown() {
    let desk = desk();
    desk.write("a.csv", b"nip;name\n0000000002;D\xB9browski\n0000000003;Zaj\xB9c\n");
    let ran = desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("the encoding windows-1250 follows from the letters"), "{ran}");
    assert!(ran.stderr.contains("\"Dąbrowski\""), "{ran}");
    assert_eq!(by_nip(&desk, "0000000003")["name"], "Zając");

    desk.write("b.csv", b"nip;name\n0000000004;D\xB1browski\n");
    desk.ok(&["import", "b.csv", "--entity", "Account", "--key", "nip"]);
    assert_eq!(by_nip(&desk, "0000000004")["name"], "Dąbrowski");

    desk.write("dos.csv", b"nip;name\n0000000005;D\xA5browski z Krakowa\n");
    let ran = desk.run_each(&["import", "dos.csv", "--entity", "Account", "--key", "nip"]);
    assert_eq!((ran.code, by_nip(&desk, "0000000005")), (2, Value::Null));
    assert!(ran.stderr.contains("the encoding of the file is not clear"), "{ran}");
}

#[test]
fn json_lines_and_spreadsheets_keep_their_types() {
    let desk = desk();
    desk.write("a.jsonl", "{\"nip\":\"0000000002\",\"name\":\"Smok\",\"revenue\":12345678901234.56,\"industry\":{\"id\":3}}\n\n{\"nip\":\"0000000003\",\"name\":\"Ćma\",\"city\":null}\nno\n");
    let ran = desk.run_each(&["import", "a.jsonl", "--entity", "Account", "--key", "nip"]);
    assert_eq!(ran.code, 1, "{}", ran.stderr);
    assert!(desk.read("a.rejected.jsonl").contains(r#""egito:reason":"the line is not a JSON object""#));
    assert_eq!(by_nip(&desk, "0000000002")["revenue"].to_string(), "12345678901234.56");

    desk.ok(&["export", "Account", "-o", "a.xlsx", "--fields", "nip,name,revenue,isActive,city"]);
    let ran = desk.ok(&["import", "a.xlsx", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("created: 0, updated: 0, unchanged: 3"), "{}", ran.stderr);
}

#[test]
fn typed_cells_of_a_spreadsheet_become_what_the_field_is() {
    use rust_xlsxwriter::{ExcelDateTime, Format, Workbook};
    let desk = desk();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let date = Format::new().set_num_format("dd.mm.yyyy hh:mm");
    for (column, name) in (0..).zip(["nip", "name", "employees", "isActive", "contractDate", "note"]) {
        sheet.write(1, column, name).unwrap(); // the table does not begin in the first row
    }
    let day = ExcelDateTime::from_ymd(2026, 12, 31).unwrap();
    sheet.write(2, 0, 5_250_001_009.0).unwrap().write(2, 1, "Smok").unwrap().write(2, 2, 12).unwrap();
    sheet.write(2, 3, true).unwrap().write_with_format(2, 4, &day, &date).unwrap().write(2, 5, 1.5).unwrap();
    let noon = ExcelDateTime::from_ymd(2026, 7, 1).unwrap().and_hms(12, 0, 0).unwrap();
    sheet
        .write(4, 0, 5_250_001_010.0)
        .unwrap()
        .write(4, 1, "Ćma")
        .unwrap()
        .write_with_format(4, 4, &noon, &date)
        .unwrap();
    sheet.write(5, 0, 26_105_014_451_000_009.0).unwrap().write(5, 1, "Numer konta").unwrap();
    workbook.save(desk.path("a.xlsx")).unwrap();

    let ran = desk.run_each(&["import", "a.xlsx", "--entity", "Account", "--key", "nip", "--zone", "Europe/Warsaw"]);
    assert_eq!(ran.code, 1, "{ran}");
    let record = by_nip(&desk, "5250001009");
    let values = ["employees", "isActive", "contractDate", "note"].map(|field| record[field].clone());
    assert_eq!(json!(values), json!([12, true, "2026-12-30T23:00:00Z", 1.5]));
    assert_eq!(by_nip(&desk, "5250001010")["contractDate"], "2026-07-01T10:00:00Z");
    let rejected = desk.read("a.rejected.csv");
    assert!(rejected.contains(";6;invalid;\"column \"\"nip\"\": a spreadsheet has lost digits"), "{rejected}");
}

#[test]
fn cells_of_a_spreadsheet_are_sent_as_a_person_sees_them_or_with_a_warning() {
    use rust_xlsxwriter::{Format, Workbook};
    let desk = desk();
    let mut workbook = Workbook::new();
    let sheet = workbook.add_worksheet();
    let (zeros, time, duration) = ["0000000000", "hh:mm", "[h]:mm"].map(|f| Format::new().set_num_format(f)).into();
    for (column, name) in (0..).zip(["nip", "note", "city", "name"]) {
        sheet.write(0, column, name).unwrap();
    }
    sheet.write_with_format(1, 0, 12_345_678, &zeros).unwrap().write(1, 3, "Smok").unwrap();
    sheet.write_with_format(1, 1, 0.5625, &time).unwrap().write_with_format(1, 2, 26.5 / 24.0, &duration).unwrap();
    workbook.save(desk.path("a.xlsx")).unwrap();
    let ran = desk.ok(&["import", "a.xlsx", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("nip: numbers (1) are sent as texts; zeros and hyphens"), "{ran}");
    let record = by_nip(&desk, "12345678");
    assert_eq!((&record["note"], &record["city"]), (&json!("13:30"), &json!("26:30")));
}

#[test]
fn a_user_who_may_only_create_can_import() {
    let desk = desk();
    desk.fault(&json!({"on": {"action": "list"}, "times": 0, "response": {"status": 403}}));
    desk.write("a.csv", "nip,name\n0000000002,Smok\n");
    let ran = desk.ok(&["import", "a.csv", "--entity", "Account", "--mode", "create"]);
    assert!(ran.stderr.contains("no record of Egito shows the types of the fields"), "{ran}");
    desk.server.control("DELETE", "faults", &Value::Null);
    assert_eq!(by_nip(&desk, "0000000002")["name"], "Smok");
}

#[test]
fn a_file_that_has_changed_is_not_continued() {
    let desk = desk();
    desk.write("a.csv", "nip,name\n0000000002,Smok\n0000000003,Ćma\n");
    desk.ok(&["import", "a.csv", "--entity", "Account", "--key", "nip"]);
    desk.write("a.csv", "nip,name\n0000000004,Gęśla\n0000000002,Smok\n0000000003,Ćma\n");
    let ran = desk.run_each(&["import", "a.csv", "--resume"]);
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stderr.contains("line 2 of a.csv was changed after an earlier run had sent it"), "{ran}");
    assert!(!ran.stderr.contains("created: 0"), "{ran}");
    assert_eq!(desk.records("Account").len(), 3);
    desk.write("a.csv", "nip,city\n0000000002,Smok\n");
    assert!(desk.run_each(&["import", "a.csv", "--resume"]).stderr.contains("the columns of the file have changed"));
    assert_eq!(desk.run_each(&["import", "b.csv", "--resume"]).code, 2);
}

#[test]
fn files_that_cannot_be_written_are_named() {
    let desk = desk();
    desk.write("a.csv", "nip,name,employees\n0000000002,Smok,1\n0000000003,Ryś,brak\n");
    let arguments = ["import", "a.csv", "--entity", "Account", "--key", "nip"];
    for option in ["--rejects", "--journal"] {
        let ran = desk.run_each(&[&arguments[..], &[option, "missing/file.csv"]].concat());
        assert_eq!((ran.code, desk.names()), (10, vec!["a.csv".to_owned()]), "{ran}");
        assert!(ran.stderr.contains("cannot write missing/file.csv"), "{ran}");
    }
    assert_eq!(desk.records("Account").len(), 1);
}

#[cfg(target_os = "linux")] // /dev/full
#[test]
fn rejected_rows_that_cannot_be_written_do_not_end_the_import() {
    let desk = desk();
    desk.write("a.csv", "nip,name,employees\n0000000003,Smok,brak\n0000000002,Smok,1\n");
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "nip"]).code, 1);
    let ran = desk.run_each(&["import", "a.csv", "--resume", "--rejects", "/dev/full"]);
    assert_eq!(ran.code, 10, "{ran}");
    for text in ["created: 1", "egito import a.csv --resume", "cannot write /dev/full: No space left"] {
        assert!(ran.stderr.contains(text), "{ran}");
    }
}

#[test]
fn a_row_whose_outcome_stays_unknown_is_not_resumed() {
    let desk = desk();
    desk.write("a.csv", "nip,name\n0000000002,Smok\n");
    desk.fault(&json!({"on": {"action": "create"}, "times": 0, "cut": "after"}));
    let ran = desk.run_each(&["import", "a.csv", "--entity", "Account", "--mode", "create"]);
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("look in Egito for the rows whose outcome is unknown (1)"), "{ran}");
    assert!(!ran.stderr.contains("continue with"), "{ran}");
    assert!(desk.read("a.rejected.csv").contains("the record may have been created; look for it in Egito"));
}

#[test]
fn a_plan_shows_the_rows_of_every_mode() {
    let desk = desk();
    desk.write("a.csv", "name,employees\nSmok,1\nGęśla,brak\n");
    let plan = |arguments: &[&str]| {
        let ran = desk.run_each(&[&["import"], arguments, &["--entity", "Account", "--dry-run", "--json"]].concat());
        assert_eq!(ran.code, 1, "{ran}");
        serde_json::from_str::<Value>(&ran.stdout).unwrap()
    };
    let created = plan(&["a.csv", "--mode", "create"]);
    assert_eq!(created["rows"][0], json!({"line": 2, "change": "created", "fields": [], "reason": ""}));
    assert!(created["rows"][1]["reason"].as_str().unwrap().contains("expected a number"), "{created}");

    desk.write("b.csv", "id,city\n1,Gdynia\n77,Sopot\n");
    let updated = plan(&["b.csv", "--key", "id"]);
    assert_eq!(updated["rows"][0], json!({"line": 2, "change": "updated", "fields": ["city"], "reason": ""}));
    assert_eq!(updated["rows"][1]["change"], "refused", "{updated}");
    assert_eq!((&updated["summary"]["updated"], &updated["summary"]["refused"]), (&json!(1), &json!(1)));
}

#[test]
fn records_are_updated_by_their_ids() {
    let desk = desk();
    desk.write("a.csv", "id,city\n1,Gdynia\n,Sopot\n");
    assert_eq!(desk.run_each(&["import", "a.csv", "--entity", "Account", "--key", "id"]).code, 1);
    assert_eq!((by_nip(&desk, "0000000001")["city"].as_str(), desk.records("Account").len()), (Some("Gdynia"), 1));
}

/// Writes rows of which every 100th is refused by the server, since it has no name.
fn write_leads(desk: &Egito, rows: usize) {
    let row = |number: usize| format!("f-{number},{}\n", if number % 100 == 99 { "" } else { "Nowak" });
    let rows: String = (0..rows).map(row).collect();
    desk.write("leads.csv", format!("formKey,lastName\n{rows}"));
}

#[cfg(unix)] // signals
#[test]
fn an_import_that_is_killed_and_interrupted_ends_exact() {
    let desk = Egito::start();
    desk.seed(&json!({}));
    write_leads(&desk, 600);
    let arguments = ["import", "leads.csv", "--entity", "Lead", "--key", "formKey"];
    let created = |count: usize| {
        desk.server.control("GET", &format!("journal?action=create&wait={count}&timeout_ms=60000"), &Value::Null);
    };

    let mut killed = desk.launch(&arguments);
    created(150);
    killed.kill().unwrap();
    killed.wait().unwrap();
    let again = desk.run_each(&arguments);
    assert_eq!(again.code, 2, "{}", again.stderr);
    assert!(again.stderr.contains("Continue with --resume"), "{}", again.stderr);

    // The server holds some creates, so that they are in flight when the import is interrupted; it does them afterwards.
    let sent = desk.server.journal("create").len();
    let hold = json!({"on": {"action": "create"}, "skip": 100, "times": 0, "hold": "gate"});
    desk.server.control("POST", "faults", &hold);
    let interrupted = desk.launch(&["import", "leads.csv", "--resume"]);
    created(sent + 101);
    let id = interrupted.id().to_string();
    std::process::Command::new("kill").args(["-INT", &id]).status().unwrap();
    let output = interrupted.wait_with_output().unwrap();
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(130), "{stderr}");
    assert!(stderr.contains("continue with: egito import leads.csv --resume"), "{stderr}");
    desk.server.control("DELETE", "faults", &Value::Null);
    desk.server.control("POST", "release", &json!({"name": "gate"}));

    let last = desk.run_each(&["import", "leads.csv", "--resume", "--json"]);
    assert_eq!(last.code, 1, "{}", last.stderr);
    let report: Value = serde_json::from_str(&last.stdout).unwrap();
    assert_eq!((&report["summary"]["rows"], &report["summary"]["refused"]), (&json!(600), &json!(6)), "{report}");
    let mut keys: Vec<String> = desk.records("Lead").iter().map(|lead| lead["formKey"].to_string()).collect();
    keys.sort();
    keys.dedup();
    assert_eq!((keys.len(), desk.records("Lead").len()), (594, 594));
    assert_eq!(desk.read("leads.rejected.csv").lines().count(), 7);

    let corrected = desk.read("leads.csv").replace(",\n", ",Poprawiony\n");
    desk.write("leads.csv", corrected);
    desk.ok(&["import", "leads.csv", "--resume"]);
    assert_eq!(desk.records("Lead").len(), 600);
    assert!(!fs::exists(desk.path("leads.rejected.csv")).unwrap());
}

#[test]
fn polish_texts_follow_the_locale() {
    let desk = desk();
    desk.write("a.csv", "nip,name\n0000000002,Smok\n");
    let ran = desk.ok(&["--language", "pl", "import", "a.csv", "--entity", "Account", "--key", "nip"]);
    assert!(ran.stderr.contains("1 wiersz, 2 kolumny (utf-8, ',')"), "{ran}");
    assert!(ran.stderr.contains("utworzono: 1, zmieniono: 0, bez zmian: 0"), "{}", ran.stderr);
}
