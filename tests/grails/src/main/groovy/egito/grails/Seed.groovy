package egito.grails

/** The credentials and dictionaries that the server starts with: those of the sandbox. */
class Seed {
    static final String CLIENT_ID = 'sandbox-client'
    static final String CLIENT_SECRET = 'sandbox-secret-7c41e0'
    static final String USER = 'jan@firma'
    static final String PASSWORD = 'zażółć gęślą jaźń & 100%'

    static final List<Map> DICTIONARIES = [
        industry: ['Produkcja', 'Handel', 'Logistyka', 'Budownictwo', 'Usługi', 'Rolnictwo', 'Energetyka', 'Informatyka'],
        relationshipType: ['Klient', 'Dostawca', 'Partner', 'Były klient'],
        source: ['Polecenie', 'Strona WWW', 'Targi', 'Telefon', 'Wiadomość e-mail'],
    ].collectMany { type, names -> names.collect { [type: type, name: it] } }
}
