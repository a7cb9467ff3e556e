//! The sentences of the doctor's report in Polish. `{}` stands for a value.

/// Returns the Polish translation of a sentence or a value; `None` if it is the same in both languages, or comes from elsewhere.
pub fn polish(text: &str) -> Option<&'static str> {
    TEXTS.iter().find(|(english, _)| *english == text).map(|(_, polish)| *polish)
}

const TEXTS: &[(&str, &str)] = &[
    ("skipped", "pominięto"),
    ("unknown", "nieznane"),
    ("warning", "uwaga"),
    ("{} requests in {} s", "zapytań: {}, czas: {} s"),
    ("requests go through the proxy of the settings", "zapytania idą przez proxy z ustawień"),
    ("the proxy connects to the server", "z serwerem łączy się proxy"),
    ("no proxy is set", "proxy nie jest ustawione"),
    ("the server cannot be reached", "nie ma połączenia z serwerem"),
    ("the server does not respond", "serwer nie odpowiada"),
    ("the server does not respond any more", "serwer przestał odpowiadać"),
    ("no response of the name server in time", "serwer nazw nie odpowiedział na czas"),
    ("Check the network, and the name server of this machine.", "Sprawdź sieć i serwer nazw tego komputera."),
    ("the host name of the server is not known", "nazwa serwera jest nieznana"),
    (
        "Check `name` or `base_url`, and the name server of this machine.",
        "Sprawdź `name` lub `base_url` i serwer nazw tego komputera.",
    ),
    ("found {} addresses", "znaleziono adresów: {}"),
    ("connected", "połączono"),
    ("cannot connect: {}", "nie można się połączyć: {}"),
    ("cannot connect: no response in time", "nie można się połączyć: brak odpowiedzi na czas"),
    (
        "Check `name` or `base_url`, the firewall, and whether a proxy is needed (`proxy`).",
        "Sprawdź `name` lub `base_url`, zaporę sieciową i to, czy potrzebne jest proxy (`proxy`).",
    ),
    ("the address begins with http://, so there is no TLS", "adres zaczyna się od http://, więc nie ma TLS"),
    ("the certificate is valid and trusted", "certyfikat jest ważny i zaufany"),
    ("the certificate is trusted, and valid until {}", "certyfikat jest zaufany i ważny do {}"),
    (
        "The server's administrator must renew it before that day.",
        "Administrator serwera musi go odnowić przed tym dniem.",
    ),
    (
        "{}; certificates that the server sent: {}; its own is valid from {} until {}",
        "{}; certyfikaty przysłane przez serwer: {}; jego własny jest ważny od {} do {}",
    ),
    ("the API responds, and asks for a token", "API odpowiada i wymaga tokenu"),
    ("the server redirects (HTTP {})", "serwer przekierowuje (HTTP {})"),
    ("the server failed (HTTP {})", "błąd serwera (HTTP {})"),
    ("expected HTTP 401 without a token, got {}", "bez tokenu oczekiwano HTTP 401, otrzymano {}"),
    (
        "expected HTTP 401 without a token, got {} and no JSON",
        "bez tokenu oczekiwano HTTP 401, otrzymano {} i treść inną niż JSON",
    ),
    (
        "Check `name` or `base_url`: it may not be the address of Egito.",
        "Sprawdź `name` lub `base_url`: to może nie być adres Egito.",
    ),
    ("the server sends no date", "serwer nie przysyła daty"),
    ("differs from the server's by at most {} s", "różni się od zegara serwera najwyżej o {} s"),
    ("differs from the server's by {} s", "różni się od zegara serwera o {} s"),
    ("Set the clock of this machine, for example with NTP.", "Ustaw zegar tego komputera, na przykład przez NTP."),
    ("milliseconds since 1970", "w milisekundach od 1970 roku"),
    ("ISO 8601 in UTC", "w formacie ISO 8601, w UTC"),
    ("ISO 8601 with an offset", "w formacie ISO 8601, z przesunięciem strefy"),
    ("ISO 8601 without an offset", "w formacie ISO 8601, bez przesunięcia strefy"),
    ("refused with `{}`{}", "odmowa: `{}`{}"),
    ("refused{}", "odmowa{}"),
    ("the user has no right to do this{}", "użytkownik nie ma do tego uprawnienia{}"),
    ("the server does not know it{}", "serwer tego nie zna{}"),
    ("refused with {} errors{}", "odmowa, błędów: {}{}"),
    ("too many requests{}", "za dużo zapytań{}"),
    ("the server failed{}", "błąd serwera{}"),
    ("no content type", "bez typu treści"),
    ("unexpected response{}, {}", "nieoczekiwana odpowiedź{}, {}"),
    ("no clear response{}; it may have been done", "brak jednoznacznej odpowiedzi{}; polecenie mogło zostać wykonane"),
    (
        "Check `username` and `password`. Do not try again in a loop: that can lock the user.",
        "Sprawdź `username` i `password`. Nie ponawiaj w pętli: to może zablokować konto.",
    ),
    ("Check `client_id` and `client_secret`.", "Sprawdź `client_id` i `client_secret`."),
    ("Check `scope`.", "Sprawdź `scope`."),
    ("needs two rows with different values", "potrzebne są dwa wiersze o różnych wartościach"),
    ("{} filters are obeyed", "uwzględnione filtry: {}"),
    ("filters are ignored", "filtry są ignorowane"),
    (
        "Select records in the program. Records with a key need `lookup` = `scan`, which reads the list.",
        "Wybieraj rekordy w programie. Rekordy z kluczem wymagają `lookup` = `scan`, które czyta listę.",
    ),
    ("{} of {} filters are obeyed", "uwzględnione filtry: {} z {}"),
    (
        "Check the records of a filtered list, or select them in the program.",
        "Sprawdzaj rekordy listy z filtrem albo wybieraj je w programie.",
    ),
    ("lists come compressed with {}", "listy są kompresowane: {}"),
    (
        "lists come uncompressed; the server's administrator can turn compression on",
        "listy nie są kompresowane; administrator serwera może włączyć kompresję",
    ),
    ("the server closes the connection after each response", "serwer zamyka połączenie po każdej odpowiedzi"),
    (
        "Each request then opens a connection, which takes time. Ask the server's administrator.",
        "Każde zapytanie otwiera wtedy połączenie, co zajmuje czas. Zapytaj administratora serwera.",
    ),
    ("connections stay open", "połączenia pozostają otwarte"),
    ("no request succeeded at once", "żadne zapytanie nie powiodło się od razu"),
    ("half of the requests took less than {} ms", "połowa zapytań trwała mniej niż {} ms"),
    (
        "Use the bulk calls, which send several requests at a time.",
        "Używaj poleceń zbiorczych, które wysyłają kilka zapytań naraz.",
    ),
    ("Check the name of the entity.", "Sprawdź nazwę encji."),
    ("no list can be read", "nie można odczytać żadnej listy"),
    ("the list can be read; the first page is empty", "listę można odczytać; pierwsza strona jest pusta"),
    ("the list can be read", "listę można odczytać"),
    ("a list cannot be read", "nie można odczytać listy"),
    (
        "the lists have no rows; create a record, and probe again",
        "listy nie mają wierszy; utwórz rekord i sprawdź ponownie",
    ),
    ("an array of records", "tablica rekordów"),
    ("an object; `list_key` names the array", "obiekt; `list_key` wskazuje tablicę"),
    ("an object with one array of records", "obiekt z jedną tablicą rekordów"),
    ("{}, some without an id", "{}, niektóre bez identyfikatora"),
    (
        "Records that are added or deleted while a list is read can be missed.",
        "Rekordy dodane lub usunięte w trakcie czytania listy mogą zostać pominięte.",
    ),
    ("is obeyed", "jest uwzględniany"),
    ("is obeyed under another name", "jest uwzględniany pod inną nazwą"),
    ("the lists have no rows", "listy nie mają wierszy"),
    ("the server takes `limit_param` for a filter", "serwer traktuje `limit_param` jak filtr"),
    (
        "Set `limit_param` to the server's name of the parameter for the page size.",
        "Ustaw `limit_param` na nazwę, pod którą serwer zna parametr rozmiaru strony.",
    ),
    ("the list has one row, which shows nothing", "lista ma jeden wiersz, z którego nic nie wynika"),
    ("the server ignores the page size", "serwer ignoruje rozmiar strony"),
    (
        "Lists are complete, but pages have the size that the server chooses.",
        "Listy są kompletne, ale rozmiar stron wybiera serwer.",
    ),
    ("the login failed", "logowanie się nie powiodło"),
    ("the server accepts the credentials", "serwer przyjmuje dane logowania"),
    ("the server reads the form, in UTF-8", "serwer czyta formularz, w UTF-8"),
    (
        "the server reads the form; plain ASCII credentials do not show its charset",
        "serwer czyta formularz; dane logowania z samych znaków ASCII nie pokazują kodowania",
    ),
    ("the server reads only the query of the URL", "serwer czyta tylko parametry w adresie URL"),
    (
        "Secrets are then in the server's access logs. The setting `token_params` is needed.",
        "Dane poufne trafiają wtedy do logów serwera. Potrzebne jest ustawienie `token_params`.",
    ),
    ("another login would use up the refresh token", "kolejne logowanie zużyłoby token odświeżania"),
    (
        "the server does not say; a refused token is replaced",
        "serwer tego nie podaje; odrzucony token jest zastępowany nowym",
    ),
    ("{} s are left of the token", "token jest ważny jeszcze {} s"),
    ("Use `token_store` to need fewer logins.", "Użyj `token_store`, aby logować się rzadziej."),
    ("a second login returns the same token", "drugie logowanie zwraca ten sam token"),
    ("each login returns another token", "każde logowanie zwraca inny token"),
    (
        "If an earlier token then ends, processes of one user need one `token_store`.",
        "Jeśli wcześniejszy token traci wtedy ważność, procesy jednego użytkownika potrzebują wspólnego `token_store`.",
    ),
    ("needs at least two rows", "potrzebne są co najmniej dwa wiersze"),
    ("needs an order that does not change", "potrzebna jest kolejność, która się nie zmienia"),
    ("the server ignores the offset", "serwer ignoruje przesunięcie"),
    (
        "A list can be read only if the server sends it in one page. See `list_cap`.",
        "Listę można odczytać tylko wtedy, gdy serwer przysyła ją na jednej stronie. Zobacz `list_cap`.",
    ),
    ("pages of {} rows are allowed", "strony mogą mieć tyle wierszy: {}"),
    ("no limit was seen: the list has only {} rows", "nie widać ograniczenia: lista ma tylko tyle wierszy: {}"),
    ("the server sends at most {} rows per page", "najwięcej wierszy na stronie: {}"),
    ("only the first {} rows of the list can be read", "można odczytać tylko początek listy, wierszy: {}"),
    (
        "Set `offset_param` to the server's name of the parameter for the offset, or use filters.",
        "Ustaw `offset_param` na nazwę, pod którą serwer zna parametr przesunięcia, albo używaj filtrów.",
    ),
    ("the server sends the whole list of {} rows at once", "serwer przysyła od razu całą listę, wierszy: {}"),
    (
        "the server sends {} rows at once; whether these are all cannot be seen",
        "serwer przysyła od razu wiersze w liczbie {}; nie widać, czy to wszystkie",
    ),
    ("Compare the number of records with the one in Egito.", "Porównaj liczbę rekordów z tą w Egito."),
    ("the server sends no count", "serwer nie podaje liczby wierszy"),
    ("the server sends the number of all rows", "serwer podaje liczbę wszystkich wierszy"),
    (
        "the server sends a count that is not the number of all rows",
        "serwer podaje liczbę, która nie jest liczbą wszystkich wierszy",
    ),
    ("Lists are complete nevertheless. Do not use `total`.", "Listy są mimo to kompletne. Nie używaj `total`."),
    (
        "the server sends a count; whether it is right cannot be seen",
        "serwer podaje liczbę wierszy; nie widać, czy jest prawdziwa",
    ),
    ("needs at least two rows with ids", "potrzebne są co najmniej dwa wiersze z identyfikatorami"),
    ("is obeyed in both directions", "jest uwzględniane w obu kierunkach"),
    ("is obeyed under other names", "jest uwzględniane pod innymi nazwami"),
    (
        "the server does not sort by id, but its own order did not change",
        "serwer nie sortuje według identyfikatora, ale jego kolejność się nie zmieniła",
    ),
    (
        "Records that are added or deleted while a list is read can be missed. Set `sort_param` and `order_param` if the server has such parameters.",
        "Rekordy dodane lub usunięte w trakcie czytania listy mogą zostać pominięte. Ustaw `sort_param` i `order_param`, jeśli serwer ma takie parametry.",
    ),
    (
        "the server does not sort by id, and each request has another order",
        "serwer nie sortuje według identyfikatora, a kolejność jest za każdym razem inna",
    ),
    (
        "Pages then share records and miss others. Set `page_size` to more than all records of a list, if the server sends so many at once.",
        "Strony powtarzają wtedy rekordy i pomijają inne. Ustaw `page_size` na więcej, niż lista ma rekordów, jeśli serwer wysyła tyle naraz.",
    ),
    (
        "the time limit of the probe was reached; raise its option `timeout`",
        "upłynął limit czasu; zwiększ opcję `timeout`",
    ),
    ("an earlier check failed", "wcześniejsze sprawdzenie się nie powiodło"),
    (
        "the probe only reads, unless its option `write` names an entity",
        "bez opcji `write` z nazwą encji serwer jest tylko czytany",
    ),
    (
        "Set `id_param` to the server's name of the parameter for the id.",
        "Ustaw `id_param` na nazwę parametru identyfikatora na tym serwerze.",
    ),
    ("no row has an id", "żaden wiersz nie ma identyfikatora"),
    ("returns the record", "zwraca rekord"),
    ("returns the record with other settings", "zwraca rekord przy innych ustawieniach"),
    (
        "ids are JSON {}s; the client keeps them as they are",
        "identyfikatory mają w JSON typ {}; klient zachowuje je bez zmian",
    ),
    ("the record has no time", "rekord nie zawiera czasu"),
    ("times are {}", "czas jest {}"),
    (
        "Times are in the server's zone, most likely Europe/Warsaw.",
        "Czas jest w strefie serwera, najpewniej Europe/Warsaw.",
    ),
    ("the server returned another record", "serwer zwrócił inny rekord"),
    ("a record has the id of this check", "istnieje rekord o identyfikatorze użytym do sprawdzenia"),
    ("is recognized{}", "jest rozpoznawane{}"),
    (
        "A record that does not exist is then not the error `not_found`.",
        "Brak rekordu nie jest wtedy błędem `not_found`.",
    ),
    ("dates without a time are in the zone {}", "daty bez czasu są w strefie {}"),
    ("no record shows it", "nie wynika z żadnego rekordu"),
    (
        "Set `write`, and a `record` with a date in a field for dates: the response shows in which zone the server reads it.",
        "Podaj `write` i `record` z datą w polu na daty: odpowiedź pokaże, w jakiej strefie serwer ją czyta.",
    ),
    ("created one record", "utworzono jeden rekord"),
    ("created one record, as a form", "utworzono jeden rekord, jako formularz"),
    ("the response to a create has no id", "odpowiedź na utworzenie nie ma identyfikatora"),
    (
        "Pass the fields that the entity requires as the option `record` of the probe.",
        "Podaj pola, których wymaga encja, w opcji `record`.",
    ),
    ("Search for \"{}\" in Egito, and delete it.", "Wyszukaj \"{}\" w Egito i usuń."),
    ("no test record was created", "nie utworzono rekordu próbnego"),
    ("the new record could not be read", "nie można było odczytać nowego rekordu"),
    (
        "A record that was just created may not be visible yet.",
        "Rekord utworzony przed chwilą może nie być jeszcze widoczny.",
    ),
    ("the test record has no text that the server returns", "rekord próbny nie ma tekstu, który serwer zwraca"),
    ("the server accepted the update, but did not change the field", "serwer przyjął zmianę, ale nie zmienił pola"),
    ("an update empties the fields that it does not contain", "zmiana czyści pola, których nie zawiera"),
    ("Send whole records in updates.", "Wysyłaj w zmianach całe rekordy."),
    ("changes only the fields that are sent", "zmienia tylko wysłane pola"),
    ("deletes the record with {}", "usuwa rekord metodą {}"),
    ("the record is still there", "rekord nadal istnieje"),
    // The advice of the error codes.
    (
        "Check the credentials. Do not retry in a loop: that can lock the user's account.",
        "Sprawdź dane logowania. Nie ponawiaj w pętli: to może zablokować konto.",
    ),
    (
        "Ask your Egito administrator for the right that `category` names.",
        "Poproś administratora Egito o to uprawnienie.",
    ),
    ("Check the id and the entity name.", "Sprawdź identyfikator i nazwę encji."),
    ("Correct the fields in `errors` and send the record again.", "Popraw pola i wyślij rekord ponownie."),
    ("Wait `retry_after` seconds, or lower `requests_per_second`.", "Poczekaj albo zmniejsz `requests_per_second`."),
    ("Try again later.", "Spróbuj później."),
    ("Check `name` or `base_url`.", "Sprawdź `name` lub `base_url`."),
    (
        "Check the network. It is safe to retry reads, updates and deletes.",
        "Sprawdź sieć. Odczyt, zmianę i usunięcie można bezpiecznie powtórzyć.",
    ),
    (
        "See the message: check the clock, the host name or the certificate authority.",
        "Zobacz komunikat: sprawdź zegar, nazwę serwera lub urząd certyfikacji.",
    ),
    (
        "Retry later, or raise the setting that `limit` names.",
        "Spróbuj później albo zwiększ limit czasu w ustawieniach.",
    ),
    ("See `reason`, and the guide to paging.", "Zobacz `reason` i rozdział dokumentacji o stronach list."),
    ("Correct the setting or argument that `setting` names.", "Popraw ustawienie lub argument o nazwie z `setting`."),
    ("Make the call again if you need its result.", "Powtórz wywołanie, jeśli potrzebujesz jego wyniku."),
    ("Report it with its `cause`.", "Zgłoś to wraz z `cause`."),
    (
        "Look in Egito whether it was done before you send `record` again.",
        "Zanim wyślesz rekord ponownie, sprawdź w Egito, czy został zapisany.",
    ),
];

#[cfg(test)]
mod tests {
    use super::{TEXTS, polish};
    use std::path::Path;

    /// Literals of the sources that no report shows.
    const OTHERS: [&str; 21] = [
        "a check was added",
        "a check was pushed",
        "a get is read as a record",
        "a list is read as a page",
        "a successful call has a response",
        "a write is read as an id",
        "the probe was cancelled before its test record of {entity} was deleted; look for it in Egito, and delete it",
        "fields and messages",
        "invalid `entities`: expected at least one name, such as \"Account\"",
        "invalid `timeout`: expected more than 0, got 0",
        "`record` has no effect without `write`; set `write` to the entity of the test record",
        "the response to a custom action is read as JSON",
        "{name} is missing in the list of checks",
        "Egito SDK probe {number:06} (can be deleted)",
        "{} 2",
        " (HTTP {status})",
        "a JSON value is JSON",
        "a report is plain data",
        " {entity}",
        "{:<width$} {}{entity}: {message}",
        "{:width$} {}",
    ];

    #[test]
    fn every_sentence_of_a_report_has_a_translation() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../core/src/probe");
        let mut used = Vec::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let path = file.unwrap().path();
            if path.ends_with("snippet.rs") {
                continue;
            }
            let source = std::fs::read_to_string(&path).unwrap();
            for sentence in sentences(source.split("#[cfg(test)]").next().unwrap()) {
                let is_known = polish(&sentence).is_some() || OTHERS.contains(&sentence.as_str());
                assert!(is_known, "{}: {sentence:?} has no Polish text in report_texts.rs", path.display());
                used.push(sentence);
            }
        }
        used.extend(egito::CODES.iter().map(|code| code.advice.to_owned()));
        for (english, _) in TEXTS.iter().filter(|(english, _)| english.contains(' ')) {
            assert!(used.iter().any(|sentence| sentence == english), "no report has {english:?}");
        }
    }

    #[test]
    fn a_translation_has_the_values_of_its_sentence() {
        for (english, polish) in TEXTS {
            assert_eq!(english.matches("{}").count(), polish.matches("{}").count(), "{english}");
        }
    }

    /// Returns the literals of a source that have spaces, without comments.
    fn sentences(source: &str) -> Vec<String> {
        let mut found = Vec::new();
        for line in source.lines().filter(|line| !line.trim_start().starts_with("//")) {
            let line = line.replace("\\\"", "\u{0}");
            let literals = line.split('"').skip(1).step_by(2);
            found.extend(literals.filter(|text| text.contains(' ')).map(|text| text.replace('\u{0}', "\"")));
        }
        found
    }
}
