//! What the error codes mean, in Polish. In English, the messages of the core say it.

use egito::Code;

/// Returns what has happened, and what to do.
pub fn polish(code: Code) -> (&'static str, &'static str) {
    match code {
        Code::Config => (
            "brakuje ustawienia lub argumentu albo jest on nieprawidłowy; niczego nie wysłano",
            "Popraw go i spróbuj ponownie.",
        ),
        Code::Auth => (
            "serwer odrzucił logowanie",
            "Sprawdź nazwę użytkownika, hasło i klucze. Nie ponawiaj w pętli: to może zablokować konto.",
        ),
        Code::Permission => ("użytkownik nie ma uprawnienia", "Poproś o nie administratora Egito."),
        Code::NotFound => ("nie ma rekordu o tym identyfikatorze", "Sprawdź identyfikator i nazwę encji."),
        Code::Validation => ("serwer odrzucił rekord", "Popraw pola i wyślij rekord ponownie."),
        Code::RateLimited => ("za dużo zapytań", "Spróbuj później albo zmniejsz ustawienie `requests_per_second`."),
        Code::Server => ("błąd serwera", "Spróbuj później."),
        Code::UnexpectedResponse => {
            ("odpowiedź serwera jest inna niż oczekiwana", "Sprawdź `EGITO_NAME` lub `EGITO_BASE_URL`.")
        }
        Code::Connection => {
            ("brak połączenia z serwerem", "Sprawdź sieć. Odczyt, zmianę i usunięcie można bezpiecznie powtórzyć.")
        }
        Code::Tls => (
            "certyfikat serwera jest nieprawidłowy lub niezaufany",
            "Sprawdź zegar, nazwę serwera i urząd certyfikacji.",
        ),
        Code::Timeout => ("przekroczono limit czasu", "Spróbuj później albo zwiększ limit opcją `--set timeout=…`."),
        Code::OutcomeUnknown => (
            "nie wiadomo, czy serwer wykonał polecenie",
            "Sprawdź w Egito, czy zostało wykonane, zanim wyślesz je ponownie.",
        ),
        Code::Pagination => {
            ("nie można odczytać całej listy", "Uruchom `egito doctor`, aby poznać ustawienia dla tego serwera.")
        }
        Code::Cancelled => ("przerwano", "Uruchom polecenie ponownie, jeśli potrzebujesz wyniku."),
        _ => ("błąd programu", "Zgłoś go wraz z tą wiadomością."),
    }
}
