//! The texts of `egito import`.

use crate::import::{CellType, DateOrder, Done, ImportError, Note, Reason, RowDamage, RowProblem, RowStatus};
use crate::messages::{Language, messages};
use egito::RecordId;

messages! {
    unknown_input_format(extension: &str)
        "the format of the file is not known: expected the extension csv, xlsx, xls, ods or jsonl, got {extension:?}; name it with --format"
        "nie wiadomo, jakiego formatu jest plik: oczekiwano rozszerzenia csv, xlsx, xls, ods lub jsonl, jest {extension:?}; podaj go w --format";
    unknown_encoding(name: &str)
        "invalid `--encoding`: no encoding has the name {name:?}; expected for instance utf-8, windows-1250, iso-8859-2 or utf-16le"
        "błędny `--encoding`: nie ma kodowania o nazwie {name:?}; oczekiwano na przykład utf-8, windows-1250, iso-8859-2 lub utf-16le";
    not_in_encoding(encoding: &str, line: u64)
        "line {line} is not valid {encoding}; name the encoding of the file with --encoding"
        "wiersz {line} nie jest poprawny w kodowaniu {encoding}; podaj kodowanie pliku w --encoding";
    unclear_encoding()
        "the encoding of the file is not clear: it is not UTF-8, and its letters are not those of windows-1250 or iso-8859-2; save it as UTF-8, or name its encoding with --encoding"
        "kodowanie pliku jest niejasne: to nie UTF-8, a litery nie pasują do windows-1250 ani iso-8859-2; zapisz plik w UTF-8 albo podaj jego kodowanie w --encoding";
    invalid_cell_separator(separator: char)
        "invalid `--separator`: expected an ASCII character or `tab`, got {separator:?}"
        "błędny `--separator`: oczekiwano znaku ASCII lub `tab`, podano {separator:?}";
    no_sheet(name: &str, names: &str)
        "the file has no sheet {name:?}; it has {names}"
        "plik nie ma arkusza {name:?}; ma arkusze {names}";
    invalid_mapping(message: &str)
        "the mapping file is invalid: {message}"
        "plik mapowania jest błędny: {message}";
    unknown_zone(name: &str)
        "invalid time zone: expected a name such as Europe/Warsaw, got {name:?}"
        "błędna strefa czasowa: oczekiwano nazwy takiej jak Europe/Warsaw, podano {name:?}";
    no_columns()
        "the file has no column that can be imported; its first row must have the names of the columns"
        "plik nie ma żadnej kolumny do importu; pierwszy wiersz musi mieć nazwy kolumn";
    same_header(name: &str)
        "several columns have the name {name:?}; give each column its own name"
        "kilka kolumn ma nazwę {name:?}; nadaj każdej kolumnie własną nazwę";
    no_header(column: usize)
        "column {column} has values and no name; name it in the first row"
        "kolumna {column} ma wartości, a nie ma nazwy; nazwij ją w pierwszym wierszu";
    not_a_field(column: &str)
        "the column {column:?} has not the name of a field; say in a mapping file which field it is, or skip it: [columns] {column:?} = \"name\""
        "kolumna {column:?} nie ma nazwy pola; podaj w pliku mapowania, którym jest polem, albo ją pomiń: [columns] {column:?} = \"name\"";
    no_column(column: &str, header: &str)
        "the mapping has the column {column:?}, which the file does not have; its columns are {header}"
        "mapowanie ma kolumnę {column:?}, której nie ma w pliku; jego kolumny to {header}";
    same_field(field: &str)
        "the field {field:?} gets values from several columns or constants; map each field once"
        "pole {field:?} dostaje wartości z kilku kolumn lub stałych; mapuj każde pole raz";
    no_key_column(field: &str, header: &str)
        "no column is the field {field:?} of the key; the columns are {header}"
        "żadna kolumna nie jest polem {field:?} klucza; kolumny to {header}";
    unknown_key(field: &str, similar: &str)
        "no record has the field {field:?} of the key, so every row would create a record{similar}. If the name is right, set the `type` of its column in a mapping file"
        "żaden rekord nie ma pola {field:?} klucza, więc każdy wiersz utworzyłby rekord{similar}. Jeśli nazwa jest poprawna, ustaw `type` jego kolumny w pliku mapowania";
    reference(column: &str, field: &str)
        "the field {field:?} of the column {column:?} refers to another record; name the column {field:?}.id and give ids, or map it"
        "pole {field:?} kolumny {column:?} wskazuje inny rekord; nazwij kolumnę {field:?}.id i podaj identyfikatory albo ją zmapuj";
    ambiguous_dates(column: &str, example: &str)
        "the dates of the column {column:?} can be read in two ways, such as {example:?}; set `order` to \"DMY\" or \"MDY\" in a mapping file"
        "daty w kolumnie {column:?} można odczytać na dwa sposoby, np. {example:?}; ustaw `order` na \"DMY\" lub \"MDY\" w pliku mapowania";
    mixed_dates(column: &str, orders: &str)
        "the column {column:?} has dates of several forms ({orders}); correct them, or set `order` in a mapping file to reject the others"
        "kolumna {column:?} ma daty w kilku postaciach ({orders}); popraw je albo ustaw `order` w pliku mapowania, by odrzucić pozostałe";
    ambiguous_numbers(column: &str, example: &str)
        "the numbers of the column {column:?} can be read in two ways, such as {example:?}; set `decimal` to \",\" or \".\" in a mapping file"
        "liczby w kolumnie {column:?} można odczytać na dwa sposoby, np. {example:?}; ustaw `decimal` na \",\" lub \".\" w pliku mapowania";
    mixed_numbers(column: &str)
        "the column {column:?} has numbers with a decimal comma and with a decimal point; correct them, or set `decimal` in a mapping file to reject the others"
        "kolumna {column:?} ma liczby z przecinkiem i z kropką dziesiętną; popraw je albo ustaw `decimal` w pliku mapowania, by odrzucić pozostałe";
    journal_exists(journal: &str)
        "{journal} exists: this file was imported before, or its import was interrupted. Continue with --resume, or delete the journal to begin again"
        "{journal} istnieje: ten plik już importowano albo jego import przerwano. Kontynuuj z --resume albo usuń dziennik, by zacząć od nowa";
    no_journal(journal: &str)
        "there is nothing to resume: {journal} does not exist"
        "nie ma czego kontynuować: {journal} nie istnieje";
    rejects_exist(path: &str)
        "{path} exists, and may have been corrected; move it, or name another file with --rejects"
        "{path} istnieje i mógł zostać poprawiony; przenieś go albo podaj inny plik w --rejects";
    rejects_changed(path: &str, input: &str)
        "{path} was changed after it was written, and --resume would replace it: it reads {input} only. Import the corrected rows with egito import {path}, or correct them in {input}, and move {path} away"
        "{path} zmieniono po zapisaniu, a --resume by go zastąpiło: czyta tylko {input}. Zaimportuj poprawione wiersze przez egito import {path} albo popraw je w {input} i przenieś {path}";
    same_file(first: &str, second: &str)
        "{first} and {second} are the same file: the input, the rejected rows and the journal must be different files"
        "{first} i {second} to ten sam plik: dane, odrzucone wiersze i dziennik muszą być różnymi plikami";
    invalid_decisions(path: &str, message: &str)
        "{path}, which belongs to the journal, cannot be used: {message}"
        "{path}, który należy do dziennika, nie nadaje się do użycia: {message}";
    other_header()
        "the columns of the file have changed"
        "kolumny pliku się zmieniły";

    damaged_cells(expected: usize, found: usize)
        "the number of cells is {found}, and that of the header {expected}"
        "wiersz ma komórek: {found}, a nagłówek: {expected}";
    open_quote(last_line: u64)
        "a quote is not closed, so that the row has everything up to line {last_line}"
        "cudzysłów nie jest zamknięty, więc wiersz ma wszystko aż do wiersza {last_line}";
    line_not_an_object()
        "the line is not a JSON object"
        "wiersz nie jest obiektem JSON";
    not_a_number(column: &str, text: &str)
        "column {column:?}: expected a number, got {text:?}"
        "kolumna {column:?}: oczekiwano liczby, jest {text:?}";
    not_a_date(column: &str, text: &str)
        "column {column:?}: expected a date, got {text:?}"
        "kolumna {column:?}: oczekiwano daty, jest {text:?}";
    not_a_bool(column: &str, text: &str)
        "column {column:?}: expected yes or no, got {text:?}"
        "kolumna {column:?}: oczekiwano tak lub nie, jest {text:?}";
    not_json(column: &str, text: &str)
        "column {column:?}: expected JSON, got {text:?}"
        "kolumna {column:?}: oczekiwano JSON-a, jest {text:?}";
    digits_lost(column: &str, text: &str)
        "column {column:?}: a spreadsheet has lost digits of {text:?}; export the column as text, or map it with a `type`"
        "kolumna {column:?}: arkusz zgubił cyfry z {text:?}; wyeksportuj kolumnę jako tekst albo zmapuj ją z `type`";
    spreadsheet_error(column: &str, text: &str)
        "column {column:?}: the cell has the error {text}"
        "kolumna {column:?}: komórka ma błąd {text}";
    formula_without_value(column: &str, text: &str)
        "column {column:?}: the file has no value of the formula {text}; open it in a spreadsheet program, and save it"
        "kolumna {column:?}: plik nie ma wartości formuły {text}; otwórz go w arkuszu i zapisz";
    no_key(field: &str)
        "the field {field:?} of the key has no value"
        "pole {field:?} klucza nie ma wartości";
    same_key(line: u64)
        "line {line} has the same key"
        "wiersz {line} ma ten sam klucz";
    no_id()
        "the column `id` has no value"
        "kolumna `id` nie ma wartości";
    may_be_created()
        "the record may have been created; look for it in Egito, since --resume does not send the row again"
        "rekord mógł zostać utworzony; poszukaj go w Egito, bo --resume nie wyśle tego wiersza ponownie";
    several_records(ids: &str)
        "several records have this key: {ids}"
        "ten klucz ma kilka rekordów: {ids}";

    guessed_encoding(encoding: &str, examples: &str)
        "the encoding {encoding} follows from the letters; check these texts, and name the encoding with --encoding if they are wrong: {examples}"
        "kodowanie {encoding} wynika z liter; sprawdź te teksty, a jeśli są błędne, podaj kodowanie w --encoding: {examples}";
    set_by_server(column: &str)
        "{column}: not sent, since the server sets it itself"
        "{column}: nie wysyłane, bo serwer ustawia to sam";
    of_other_record(column: &str)
        "{column}: not sent, since it belongs to the record that it refers to; map the column to send it"
        "{column}: nie wysyłane, bo należy do wskazywanego rekordu; zmapuj kolumnę, by wysłać";
    empty_objects(column: &str)
        "{column}: not sent, since its objects are empty, and their fields have columns of their own"
        "{column}: nie wysyłane, bo obiekty są puste, a ich pola mają własne kolumny";
    skipped(column: &str)
        "{column}: not sent"
        "{column}: nie wysyłane";
    unknown_field(column: &str)
        "{column}: no record has this field, so the server may ignore it; check the name"
        "{column}: żaden rekord nie ma tego pola, więc serwer może je pominąć; sprawdź nazwę";
    leading_zeros(column: &str, cells: u64)
        "{column}: texts that begin with 0 ({cells}) are sent as numbers without it, since the records have numbers"
        "{column}: teksty zaczynające się od 0 ({cells}) są wysyłane jako liczby bez niego, bo rekordy mają liczby";
    numbers_as_texts(column: &str, cells: u64)
        "{column}: numbers ({cells}) are sent as texts; zeros and hyphens that only their number format shows are not sent"
        "{column}: liczby ({cells}) są wysyłane jako teksty; zera i łączniki, które pokazuje tylko format liczby, nie są wysyłane";
    decimal_mark(column: &str, mark: char)
        "{column}: the decimal mark is {mark:?}"
        "{column}: znakiem dziesiętnym jest {mark:?}";
    date_order(column: &str, order: &str)
        "{column}: the dates are written as {order}"
        "{column}: daty są zapisane jako {order}";
    no_sample()
        "no record of Egito shows the types of the fields: texts stay texts unless a mapping file says otherwise"
        "żaden rekord w Egito nie pokazuje typów pól: teksty pozostają tekstami, chyba że plik mapowania mówi inaczej";
    mostly_dates(column: &str, dates: u64, texts: u64)
        "{column}: texts that are dates: {dates} of {texts}; all stay texts; set `type = \"date\"` in a mapping file to send dates"
        "{column}: tekstów będących datami: {dates} z {texts}, wszystkie pozostają tekstami; ustaw `type = \"date\"` w pliku mapowania, by wysłać daty";
    no_zone()
        "dates have no time zone: the server reads them in its own, and rows with dates always count as changed; --zone Europe/Warsaw avoids that"
        "daty nie mają strefy: serwer odczyta je we własnej, a wiersze z datami zawsze uchodzą za zmienione; --zone Europe/Warsaw temu zapobiega";
    reason_mapping() "the mapping" "mapowanie";
    reason_records() "the records in Egito" "rekordy w Egito";
    reason_file() "the cells of the file" "komórki pliku";
    reason_dates() "all cells are dates" "same daty";
    reason_unknown() "no record has a value" "brak wartości w rekordach";
}

impl Language {
    /// Returns why an import cannot begin or continue; `None` if another text says it.
    pub(crate) fn import_error(self, error: &ImportError) -> Option<String> {
        Some(match error {
            ImportError::Api(_) | ImportError::File(_) | ImportError::Write { .. } => return None,
            ImportError::UnknownFormat { extension } => self.unknown_input_format(extension),
            ImportError::UnknownEncoding { name } => self.unknown_encoding(name),
            ImportError::UnclearEncoding => self.unclear_encoding(),
            ImportError::NotInEncoding { encoding, line } => self.not_in_encoding(encoding, *line),
            ImportError::Separator { separator } => self.invalid_cell_separator(*separator),
            ImportError::Csv(message) | ImportError::Spreadsheet(message) => message.clone(),
            ImportError::NoSheet { name, names } => self.no_sheet(name, &list(names)),
            ImportError::Mapping { message } => self.invalid_mapping(message),
            ImportError::UnknownZone { name } => self.unknown_zone(name),
            ImportError::NoColumns => self.no_columns(),
            ImportError::SameHeader { name } => self.same_header(name),
            ImportError::NoHeader { column } => self.no_header(*column),
            ImportError::NotAField { column } => self.not_a_field(column),
            ImportError::NoColumn { column, header } => self.no_column(column, &list(header)),
            ImportError::SameField { field } => self.same_field(field),
            ImportError::NoKeyColumn { field, header } => self.no_key_column(field, &list(header)),
            ImportError::UnknownKey { field, similar } => {
                let similar = similar.as_ref().map(|similar| self.did_you_mean(similar)).unwrap_or_default();
                self.unknown_key(field, &similar)
            }
            ImportError::Reference { column, field } => self.reference(column, field),
            ImportError::AmbiguousDates { column, example } => self.ambiguous_dates(column, example),
            ImportError::MixedDates { column, orders } => {
                let orders: Vec<String> = orders.iter().map(|order| order.name().to_owned()).collect();
                self.mixed_dates(column, &list(&orders))
            }
            ImportError::AmbiguousNumbers { column, example } => self.ambiguous_numbers(column, example),
            ImportError::MixedNumbers { column } => self.mixed_numbers(column),
            ImportError::JournalExists { journal } => self.journal_exists(journal),
            ImportError::NoJournal { journal } => self.no_journal(journal),
            ImportError::RejectsExist { path } => self.rejects_exist(path),
            ImportError::RejectsChanged { path, input } => self.rejects_changed(path, input),
            ImportError::SameFile { first, second } => self.same_file(first, second),
            ImportError::Decisions { path, message } => self.invalid_decisions(path, message),
            ImportError::OtherHeader { path } => self.invalid_decisions(path, &self.other_header()),
        })
    }

    /// Returns why nothing was stored for a row.
    pub(crate) fn row_reason(self, done: &Done) -> String {
        if let Some(problem) = done.problem {
            return self.row_problem(problem);
        }
        if done.status == RowStatus::Unknown && !done.is_found_again {
            return self.may_be_created();
        }
        let Some(row) = done.row else { return String::new() };
        match &row.error {
            Some(error) => error.to_string(),
            None if done.status == RowStatus::Ambiguous => {
                let ids: Vec<String> = row.duplicates.iter().map(RecordId::to_string).collect();
                self.several_records(&list(&ids))
            }
            None => String::new(),
        }
    }

    fn row_problem(self, problem: &RowProblem) -> String {
        match problem {
            RowProblem::Damage(RowDamage::Cells { expected, found }) => self.damaged_cells(*expected, *found),
            RowProblem::Damage(RowDamage::OpenQuote { last_line }) => self.open_quote(*last_line),
            RowProblem::Damage(RowDamage::NotAnObject) => self.line_not_an_object(),
            RowProblem::NotANumber { column, text } => self.not_a_number(column, text),
            RowProblem::NotADate { column, text } => self.not_a_date(column, text),
            RowProblem::NotABool { column, text } => self.not_a_bool(column, text),
            RowProblem::NotJson { column, text } => self.not_json(column, text),
            RowProblem::DigitsLost { column, text } => self.digits_lost(column, text),
            RowProblem::SpreadsheetError { column, text } => self.spreadsheet_error(column, text),
            RowProblem::FormulaWithoutValue { column, text } => self.formula_without_value(column, text),
            RowProblem::NoKey { field } => self.no_key(field),
            RowProblem::SameKey { line } => self.same_key(*line),
            RowProblem::NoId => self.no_id(),
        }
    }

    /// Returns what a person should know before an import begins.
    pub(crate) fn import_note(self, note: &Note) -> String {
        match note {
            Note::GuessedEncoding { encoding, examples } => {
                let examples: Vec<String> = examples.iter().map(|text| format!("\"{text}\"")).collect();
                self.guessed_encoding(encoding, &list(&examples))
            }
            Note::SetByServer { column } => self.set_by_server(column),
            Note::OfOtherRecord { column } => self.of_other_record(column),
            Note::EmptyObjects { column } => self.empty_objects(column),
            Note::Skipped { column } => self.skipped(column),
            Note::UnknownField { column } => self.unknown_field(column),
            Note::LeadingZeros { column, cells } => self.leading_zeros(column, *cells),
            Note::NumbersAsTexts { column, cells } => self.numbers_as_texts(column, *cells),
            Note::DecimalMark { column, mark } => self.decimal_mark(column, *mark),
            Note::DateOrder { column, order } => self.date_order(column, written(*order)),
            Note::MostlyDates { column, dates, texts } => self.mostly_dates(column, *dates, *texts),
            Note::NoRecords => self.no_sample(),
            Note::NoZone => self.no_zone(),
        }
    }

    /// Returns why a column has its type.
    pub(crate) fn type_reason(self, reason: Reason) -> String {
        match reason {
            Reason::Mapping => self.reason_mapping(),
            Reason::Records => self.reason_records(),
            Reason::File => self.reason_file(),
            Reason::Dates => self.reason_dates(),
            Reason::Unknown => self.reason_unknown(),
        }
    }
}

/// Returns the name of a type in a mapping file.
pub(crate) fn type_name(kind: CellType) -> &'static str {
    match kind {
        CellType::Text => "text",
        CellType::Number => "number",
        CellType::Bool => "bool",
        CellType::Date => "date",
        CellType::Json => "json",
    }
}

fn written(order: DateOrder) -> &'static str {
    match order {
        DateOrder::Ymd => "2026-12-31",
        DateOrder::Dmy => "31.12.2026",
        DateOrder::Mdy => "12/31/2026",
    }
}

fn list(names: &[String]) -> String {
    names.join(", ")
}
