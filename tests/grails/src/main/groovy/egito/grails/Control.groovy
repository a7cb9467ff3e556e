package egito.grails

import grails.converters.JSON
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.springframework.context.ApplicationContext
import org.springframework.security.oauth2.provider.token.DefaultTokenServices

import javax.servlet.http.HttpServlet
import javax.servlet.http.HttpServletRequest
import javax.servlet.http.HttpServletResponse

/** `/_control/`: what the judge does to the server between calls. The same commands as the sandbox has, as far as they fit. */
class Control extends HttpServlet {
    private final ApplicationContext context

    Control(ApplicationContext context) {
        this.context = context
    }

    @Override
    void init() {
        configure([:])
        JSON.registerObjectMarshaller(Offer, Offer.&filledFields)
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response) {
        response.contentType = 'application/json'
        response.characterEncoding = 'UTF-8'
        try {
            def body = request.method == 'POST' ? new JsonSlurper().parse(request.inputStream, 'UTF-8') : [:]
            def result = run("$request.method ${request.pathInfo.substring(1)}", body, request)
            response.writer << (result instanceof String ? result : JsonOutput.toJson(result))
        } catch (IllegalArgumentException | MissingPropertyException | groovy.json.JsonException mistake) {
            response.status = 400
            response.writer << JsonOutput.toJson(error: mistake.message)
        }
    }

    private run(String command, body, HttpServletRequest request) {
        switch (command) {
            case 'POST reset': return reset(body)
            case 'POST seed': return body.entities.collectEntries { name, rows -> [name, Rows.add(name, rows)] }
            case 'POST config': return configure(body)
            case 'POST revoke': return revoke()
            case 'GET journal': return journal(request)
            case 'DELETE journal': return Journal.instance.clear() ?: [:]
            case 'GET secrets': return Issued.secrets()
            case ~/GET records\/\w+/: return Rows.all(command.drop('GET records/'.size()))
            default: throw new IllegalArgumentException("unknown command: $command")
        }
    }

    private reset(Map wanted) {
        Rows.clear(context.getBean('dataSource'))
        Rows.add('SelectDictionary', Seed.DICTIONARIES)
        context.getBean(ForgettingStore).forget()
        Issued.clear()
        Journal.instance.clear()
        Habits.now = new Habits()
        configure(wanted.config ?: [:])
        wanted.records?.each { name, count -> Rows.generate(name, count) }
        [:]
    }

    /** Ends every access token. */
    private revoke() {
        def services = context.getBean(DefaultTokenServices)
        Issued.accessTokens().each { services.revokeToken(it) }
        [:]
    }

    private configure(Map changes) {
        def habits = Habits.now
        changes.each { name, value ->
            if (!habits.hasProperty(name)) {
                throw new IllegalArgumentException("this server has no setting $name")
            }
            habits[name] = value
        }
        Locale.default = new Locale(habits.locale)
        TimeZone.default = TimeZone.getTimeZone(habits.time_zone)
        context.getBean(DefaultTokenServices).with {
            accessTokenValiditySeconds = habits.token_seconds
            reuseRefreshToken = !habits.rotate_refresh
        }
        [:]
    }

    private journal(HttpServletRequest request) {
        def only = ['action', 'entity', 'client_gone'].findAll { request.getParameter(it) }.collectEntries { [it, request.getParameter(it)] }
        int wait = (request.getParameter('wait') ?: '0') as int
        def requests = Journal.instance.requests(wait, (request.getParameter('timeout_ms') ?: '0') as long, only)
        if (requests == null) {
            throw new IllegalArgumentException("fewer than $wait requests came")
        }
        requests
    }
}
