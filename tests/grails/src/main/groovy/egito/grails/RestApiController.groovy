package egito.grails

import grails.artefact.Artefact
import grails.converters.JSON

/** The API: one controller for all entities. Each action returns its response, which is sent after the commit, unless `commit_delay_ms` is set. */
@Artefact('Controller')
class RestApiController {
    static final Map<String, Class> ENTITIES = Application.DOMAIN.collectEntries { [it.simpleName, it] }

    def call() {
        Class entity = ENTITIES[params.entity]
        def action = [create: this.&createRecord, get: this.&getRecord, update: this.&updateRecord,
                      delete: this.&deleteRecord, list: this.&listRecords][params.verb]
        def respond = entity && action ? entity.withTransaction { beforeCommit(action(entity)) } : notFound()
        respond()
    }

    /**
     * Responds to a create within its transaction, as a controller does that renders there, if the server is to respond before the commit.
     *
     * The connection is closed, since Tomcat would read the next request of it only after the commit. To clients of a real server,
     * a proxy has that effect: it sends the next request over another connection.
     */
    private Closure beforeCommit(Closure respond) {
        if (!respondsEarly()) {
            return respond
        }
        response.setHeader('Connection', 'close')
        respond()
        response.flushBuffer()
        Thread.sleep(ServerConfig.current.commit_delay_ms)
        return { }
    }

    private boolean respondsEarly() {
        params.verb == 'create' && ServerConfig.current.commit_delay_ms > 0
    }

    private Closure createRecord(Class entity) {
        def record = entity.newInstance()
        bindData(record, request)
        save(record)
    }

    private Closure updateRecord(Class entity) {
        withRecord(entity) { record ->
            bindData(record, sent())
            save(record)
        }
    }

    private Closure getRecord(Class entity) {
        withRecord(entity) { record -> done(record) }
    }

    private Closure deleteRecord(Class entity) {
        withRecord(entity) { record ->
            record.delete(flush: true)
            done([id: record.id])
        }
    }

    private Closure listRecords(Class entity) {
        def config = ServerConfig.current
        def page = Filters.list(entity, params, config)
        if (config.list_form == 'array') {
            return done(page)
        }
        def body = [(config.list_form): page]
        if (config.total_key) {
            body[config.total_key] = page.totalCount
        }
        done(body)
    }

    private Closure withRecord(Class entity, Closure<Closure> use) {
        def id = sent().id
        def record = id == null ? null : entity.get(id as Long)
        record ? use(record) : notFound()
    }

    /** Returns what the request carries: JSON, or parameters of a form or of the query. */
    private sent() {
        request.format == 'json' && request.method == 'POST' ? request.JSON : params
    }

    private Closure save(record) {
        if (record.save(flush: true)) {
            return done([id: record.id])
        }
        json(record.errors, ServerConfig.current.validation_status)
    }

    private Closure done(result) {
        request.setAttribute(Journal.APPLIED, true)
        json(result, 200)
    }

    private Closure json(result, int status) {
        def text = (result as JSON).toString()
        return {
            if (respondsEarly()) {
                response.contentLength = text.getBytes('UTF-8').length // otherwise the body ends with the connection, after the commit
            }
            render(text: text, contentType: 'application/json', encoding: 'UTF-8', status: status)
        }
    }

    private Closure notFound() {
        return { response.sendError(404) }
    }
}
