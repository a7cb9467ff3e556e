package egito.grails

/** What the server holds at first, as the sandbox does: credentials and dictionaries. */
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
