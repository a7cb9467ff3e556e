package egito.grails

import groovy.json.JsonSlurper
import org.springframework.web.filter.OncePerRequestFilter

import javax.servlet.FilterChain
import javax.servlet.http.HttpServletRequest
import javax.servlet.http.HttpServletResponse
import java.util.concurrent.atomic.AtomicInteger

/** Records every request to the API, in the fields of the sandbox's journal. */
class Journal extends OncePerRequestFilter {
    static final String APPLIED = 'egito.applied'
    static final Journal instance = new Journal()

    private final List<Map> entries = []
    private final Map<Integer, Integer> connections = [:]
    private final AtomicInteger inFlight = new AtomicInteger()
    private final AtomicInteger calls = new AtomicInteger()

    /** Is called after each successful call, with their number so far. */
    Closure afterCall = {}

    @Override
    protected boolean shouldNotFilter(HttpServletRequest request) {
        request.requestURI.startsWith('/_control/')
    }

    @Override
    protected void doFilterInternal(HttpServletRequest request, HttpServletResponse response, FilterChain chain) {
        def entry = open(request)
        def status = 500 // Tomcat responds so if the application throws.
        try {
            chain.doFilter(request, response)
            status = response.status
        } finally {
            inFlight.decrementAndGet()
            close(entry, request, status)
        }
        if (entry.applied) {
            afterCall(calls.incrementAndGet())
        }
    }

    private Map open(HttpServletRequest request) {
        def entry = [
            method: request.method, path: URLDecoder.decode(request.requestURI, 'UTF-8'), query: pairs(request.queryString),
            headers: request.headerNames.toList().collectEntries { [it.toLowerCase(), request.getHeader(it)] },
            in_flight: inFlight.incrementAndGet(), status: null, applied: false, client_gone: false,
        ]
        entry.headers.remove('host')
        synchronized (entries) {
            entry.n = entries.size() + 1
            entry.connection = connections.computeIfAbsent(request.remotePort) { connections.size() + 1 }
            entries << entry
            entries.notifyAll()
        }
        entry
    }

    private void close(Map entry, HttpServletRequest request, int status) {
        def type = request.contentType ?: ''
        boolean isForm = type.startsWith('application/x-www-form-urlencoded')
        if (isForm) {
            request.parameterMap // Tomcat reads the form now, if the application has not asked for it.
        }
        def body = BodyCopy.text(request)
        def form = isForm ? pairs(body) : null
        def token = bearer(request) ?: entry.query.access_token ?: form?.access_token
        def parts = entry.path.tokenize('/')
        def name = action(parts)
        synchronized (entries) {
            entry.putAll(
                action: name, entity: parts.size() == 5 ? parts[3] : null,
                grant: name == 'login' ? (form?.grant_type ?: entry.query.grant_type) : null,
                body: body, form: form, json: type.contains('json') && body ? json(body) : null,
                token: token ? IssuedTokens.number(token) : null,
                token_in: bearer(request) ? 'header' : entry.query.access_token ? 'query' : form?.access_token ? 'form' : null,
                status: status, applied: request.getAttribute(APPLIED) == true, closed: true,
            )
            entries.notifyAll()
        }
    }

    /** Returns the finished requests, as soon as there are `wait` of them; null if the time ends first. */
    List<Map> requests(int wait, long timeoutMillis, Map<String, String> filters) {
        long end = System.nanoTime() + timeoutMillis * 1_000_000
        synchronized (entries) {
            while (true) {
                def found = entries.findAll { entry -> entry.closed && filters.every { key, value -> "${entry[key]}" == value } }
                long left = (end - System.nanoTime()).intdiv(1_000_000)
                if (found.size() >= wait || left <= 0) {
                    return found.size() >= wait ? withoutSecrets(found) : null
                }
                entries.wait(left)
            }
        }
    }

    void clear() {
        synchronized (entries) {
            entries.clear()
            connections.clear()
        }
    }

    private static List<Map> withoutSecrets(List<Map> found) {
        def redaction = new Redaction(IssuedTokens.secrets())
        found.collect { entry -> redaction.entry(entry.findAll { key, value -> key != 'closed' }) }
    }

    private static String action(List parts) {
        if (parts == ['oauth', 'token']) {
            return 'login'
        }
        if (parts.size() != 5) {
            return null
        }
        if (parts[3] == 'SelectDictionary' && parts[4] == 'list') {
            return 'dictionary'
        }
        parts[4] in ['create', 'get', 'update', 'delete', 'list'] ? parts[4] : 'call'
    }

    private static String bearer(HttpServletRequest request) {
        def header = request.getHeader('Authorization')
        header?.toLowerCase()?.startsWith('bearer ') ? header.substring(7) : null
    }

    /** Returns the parameters of a query or a form. Several values of one name are a list. */
    static Map pairs(String text) {
        def pairs = [:]
        text?.tokenize('&')?.each { pair ->
            def (name, value) = [*pair.split('=', 2), ''].collect { URLDecoder.decode(it, 'UTF-8') }
            pairs[name] = pairs.containsKey(name) ? [pairs[name], value].flatten() : value
        }
        pairs
    }

    private static json(String body) {
        try {
            new JsonSlurper().parseText(body)
        } catch (ignored) {
            null // The client sent something else; the journal's `body` has it.
        }
    }
}
