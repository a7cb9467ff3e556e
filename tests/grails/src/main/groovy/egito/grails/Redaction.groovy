package egito.grails

/** Replaces the secrets of a journal entry by `***`, as the sandbox does: by value, and by the name of a parameter. */
class Redaction {
    private static final Set<String> SECRET_PARAMETERS = ['access_token', 'client_secret', 'password', 'refresh_token']

    /** The longest first, since one may be part of another. */
    private final List<String> secrets

    Redaction(List<String> secrets) {
        this.secrets = secrets.findAll().sort { -it.size() }
    }

    Map entry(Map entry) {
        def redacted = value(entry)
        redacted.query = parameters(entry.query)
        redacted.headers.computeIfPresent('authorization') { name, text -> text.contains(' ') ? text.replaceFirst(/ .*/, ' ***') : '***' }
        if (entry.form != null) {
            redacted.form = parameters(entry.form)
            redacted.body = encodedForm(entry.body)
        }
        redacted
    }

    /** Redacts the secrets in every text of a value. */
    private value(value) {
        switch (value) {
            case Map: return value.collectEntries { name, item -> [name, this.value(item)] }
            case List: return value.collect { this.value(it) }
            case CharSequence: return secrets.inject(value.toString()) { text, secret -> text.replace(secret, '***') }
            default: return value
        }
    }

    private Map parameters(Map pairs) {
        pairs.collectEntries { name, item -> [value(name), name in SECRET_PARAMETERS ? '***' : value(item)] }
    }

    /** Redacts the secrets in an encoded form. The rest keeps its encoding. */
    private String encodedForm(String body) {
        body.split('&', -1).collect { pair ->
            def decoded = Journal.pairs(pair)
            parameters(decoded) == decoded ? value(pair) : "${pair.split('=', 2)[0]}=***"
        }.join('&')
    }
}
