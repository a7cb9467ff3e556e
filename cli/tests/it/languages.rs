//! English and Polish texts, by locale or by `--language`.

use crate::egito::Egito;

#[test]
fn the_locale_chooses_the_language() {
    let egito = Egito::start();
    for (name, value) in [("LC_ALL", "pl_PL.UTF-8"), ("LC_ALL", "pl")] {
        let error = egito.run_with_variable(name, value, "get Account 7000000").fails(5);
        assert!(
            error.starts_with("błąd (not_found): nie ma rekordu o tym identyfikatorze\n  get Account 7000000: "),
            "{error}"
        );
    }
    let error = egito.run_with_variable("LC_ALL", "de_DE", "lst").fails(2);
    assert!(error.starts_with("error: unknown command"), "{error}");
    assert_eq!(
        egito.shell("LC_ALL= LC_MESSAGES=pl_PL LANG=en_US egito lst").stderr,
        "błąd: nieznane polecenie `lst`; czy chodziło o `list`? Zobacz `egito --help`.\n"
    );
    assert_eq!(
        egito.shell("LC_ALL= LC_MESSAGES= LANG=pl_PL egito create Lead lastName=Ryś").stdout.split(' ').next(),
        Some("utworzono")
    );
}

#[test]
fn the_option_overrides_the_locale() {
    let egito = Egito::start();
    for arguments in ["lst --language pl", "--language=pl lst"] {
        assert!(egito.run(arguments).fails(2).starts_with("błąd: nieznane polecenie `lst`"));
    }
    let english = egito.run_with_variable("LC_ALL", "pl_PL.UTF-8", "get Account 7000000 --language en").fails(5);
    assert!(english.starts_with("error (not_found): "), "{english}");
}

#[test]
fn the_help_is_polish() {
    let egito = Egito::start();
    let help = egito.run("outbox deliver --help --language pl").ok();
    for text in [
        "Wyślij wpisy",
        "Użycie: egito outbox deliver",
        "Argumenty:",
        "Opcje:",
        "Opcje wszystkich poleceń:",
        "Pokaż pomoc",
    ] {
        assert!(help.contains(text), "{help}");
    }
    assert!(!help.contains("Print help") && !help.contains("Maximum"), "{help}");
    for command in ["", "list", "export", "outbox", "outbox deliver", "sandbox", "man"] {
        let help = egito.run(&format!("help {command} --language pl")).ok();
        assert!(help.contains(&format!("Użycie: egito {command}").trim_end().to_owned()), "{help}");
        assert!(!["OPTIONS", "COMMAND", "possible", "default"].iter().any(|word| help.contains(word)), "{help}");
    }
}

#[test]
fn the_help_has_each_heading_once() {
    let egito = Egito::start();
    let help = egito.run("help outbox list").ok();
    assert_eq!(help, egito.run("outbox list --help").ok());
    assert_eq!(help.matches("\nOptions:\n").count(), 1, "{help}");
    assert!(help.contains("Usage: egito outbox list [OPTIONS] <OUTBOX>"), "{help}");
}

#[test]
fn wrong_arguments_are_explained_in_polish() {
    let egito = Egito::start();
    for (arguments, message) in [
        ("list", "błąd: brakuje: <ENTITY>. Zobacz `egito list --help`."),
        (
            "list Account --max x",
            "błąd: nieprawidłowa wartość \"x\" argumentu `--max <N>`: oczekiwano liczby, co najmniej 1.",
        ),
        ("list Account --filter city", "błąd: nieprawidłowy `--filter`: oczekiwano POLE=WARTOŚĆ, podano \"city\""),
        ("doctor --timeout -1", "błąd: nieprawidłowy `--timeout`: oczekiwano liczby sekund, podano -1"),
        ("create Lead", "błąd: brak pól: podaj POLE=TEKST lub POLE:=JSON"),
        ("delete Lead 1", "błąd: Usunąć Lead 1? Brak terminala, na którym można zapytać: potwierdź opcją `--yes`"),
    ] {
        let error = egito.run_with_variable("LC_ALL", "pl_PL.UTF-8", arguments).fails(2);
        assert!(error.starts_with(message), "{error}");
    }
}
