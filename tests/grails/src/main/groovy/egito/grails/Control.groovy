package egito.grails

import grails.converters.JSON
import groovy.json.JsonOutput
import groovy.json.JsonSlurper
import org.h2.util.DateTimeUtils
import org.springframework.context.ApplicationContext
import org.springframework.security.oauth2.provider.token.DefaultTokenServices

import javax.servlet.http.HttpServlet
import javax.servlet.http.HttpServletRequest
import javax.servlet.http.HttpServletResponse

/** `/_control/`: commands with which the judge prepares and inspects the server; most are those of the sandbox. */
class Control extends HttpServlet {
    private final ApplicationContext context

    Control(ApplicationContext context) {
        this.context = context
    }

    @Override
    void init() {
        configure([:])
        Journal.instance.afterCall = this.&revokeInTime
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
        } catch (IllegalArgumentException | MissingPropertyException | groovy.json.JsonException error) {
            response.status = 400
            response.writer << JsonOutput.toJson(error: error.message)
        }
    }

    private run(String command, body, HttpServletRequest request) {
        switch (command) {
            case 'POST reset': return reset(body)
            case 'POST seed': return body.entities.collectEntries { name, rows -> [name, Rows.add(name, rows)] }
            case 'POST config': return configure(body)
            case 'GET journal': return journal(request)
            case 'DELETE journal': return Journal.instance.clear() ?: [:]
            case 'GET secrets': return IssuedTokens.secrets()
            case ~/GET records\/\w+/: return Rows.all(command.drop('GET records/'.size()))
            default: throw new IllegalArgumentException("unknown command: $command")
        }
    }

    private reset(Map options) {
        Rows.clear(context.getBean('dataSource'))
        Rows.seed()
        context.getBean(ResettableTokenStore).reset()
        IssuedTokens.clear()
        Journal.instance.clear()
        ServerConfig.current = new ServerConfig()
        configure(options.config ?: [:])
        options.records?.each { name, count -> Rows.generate(name, count) }
        if (options.seed instanceof Map) {
            options.seed.users.each { user -> IssuedTokens.storeRefreshToken(context, user.name, user.refresh_token) }
            options.seed.entities?.each { name, rows -> Rows.add(name, rows) }
        }
        [:]
    }

    /** Revokes every access token, if it is time for it after `calls` calls. */
    private void revokeInTime(int calls) {
        int after = ServerConfig.current.revoke_after
        if (after > 0 && calls % after == 0) {
            def services = context.getBean(DefaultTokenServices)
            IssuedTokens.accessTokens().each { services.revokeToken(it) }
        }
    }

    private configure(Map changes) {
        def config = ServerConfig.current
        changes.each { name, value ->
            if (!config.hasProperty(name)) {
                throw new IllegalArgumentException("this server has no setting $name")
            }
            if (value instanceof String && config.metaClass.getMetaProperty(name).type != String) {
                throw new IllegalArgumentException("invalid $name: expected a number or a boolean, got the string $value")
            }
            config[name] = value
        }
        Locale.default = new Locale('pl')
        TimeZone.default = TimeZone.getTimeZone(config.time_zone)
        DateTimeUtils.resetCalendar() // H2 stores local time, and remembers the zone that the program began with
        context.getBean(DefaultTokenServices).with {
            accessTokenValiditySeconds = config.token_seconds
            reuseRefreshToken = !config.rotate_refresh
        }
        [:]
    }

    private journal(HttpServletRequest request) {
        def filters = ['action', 'entity', 'client_gone'].findAll { request.getParameter(it) }.collectEntries { [it, request.getParameter(it)] }
        int wait = (request.getParameter('wait') ?: '0') as int
        def requests = Journal.instance.requests(wait, (request.getParameter('timeout_ms') ?: '0') as long, filters)
        if (requests == null) {
            throw new IllegalArgumentException("fewer than $wait requests came")
        }
        requests
    }
}
