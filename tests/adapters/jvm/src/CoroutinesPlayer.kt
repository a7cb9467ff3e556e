package pl.egito.adapter

import kotlinx.coroutines.async
import kotlinx.coroutines.awaitAll
import kotlinx.coroutines.flow.Flow
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.runBlocking
import pl.egito.CancelledException
import pl.egito.CoroutineBulkRows
import pl.egito.CoroutineEgito
import pl.egito.CoroutineEntity
import pl.egito.CoroutineEntityWithResponse
import pl.egito.CoroutineOutbox
import pl.egito.CoroutineRecordList
import pl.egito.native

/** Calls the suspending methods; parallel calls are coroutines of one thread. */
class CoroutinesPlayer : Player {
    override val name = "kotlin-async"

    override fun play(call: Call): Any? = runBlocking { make(call) }

    override fun playTogether(calls: List<Call>): List<Map<String, Any?>> = runBlocking {
        calls.map { async { reply { make(it) } } }.awaitAll()
    }

    private suspend fun make(call: Call): Any? {
        val args = call.args
        return when (call.method) {
            "dictionary" -> call.egito.coroutines.dictionary(args.text("type")).toList()
            "stats" -> call.egito.stats()
            "panic" -> native { call.egito.handle.native.panicForTestsAsync() }
            "outbox" -> playSteps(call.egito.coroutines.outbox(args.text("path")), args)
            else -> play(entityOf(call), call)
        }.also { args.requireAllUsed() }
    }

    private fun entityOf(call: Call): CoroutineEntity {
        val egito = call.egito.coroutines
        val name = call.args.text("entity")
        if (!call.args.isTrue("shortcut")) return egito.entity(name)
        return when (name) {
            "Account" -> egito.accounts
            "Contact" -> egito.contacts
            "Opportunity" -> egito.opportunities
            "Lead" -> egito.leads
            else -> throw Unknown("shortcut of $name")
        }
    }

    private suspend fun play(entity: CoroutineEntity, call: Call): Any? {
        val args = call.args
        if (args.isTrue("with_response")) {
            return if (call.method == "pages") first(listOf(entity, args).withResponse(), args) else playWithResponse(entity.withResponse(), call)
        }
        return when (call.method) {
            "create" -> entity.create(args.record())
            "create_once" -> entity.createOnce(args.record(), args.key())
            "upsert" -> entity.upsert(args.record(), args.key())
            "get" -> entity.get(args.id())
            "update" -> entity.update(args.id(), args.record())
            "delete" -> entity.delete(args.id())
            "call" -> entity.call(args.text("action"), args.params(), args.httpMethod())
            "list" -> if (args.isTrue("delete")) deleteAll(entity, args) else first(listOf(entity, args), args)
            "pages" -> first(listOf(entity, args).pages(), args)
            "first" -> listOf(entity, args).first()
            "exists" -> listOf(entity, args).exists()
            "total" -> listOf(entity, args).total()
            "count" -> listOf(entity, args).count()
            "ids" -> entity.ids()
            "deleted" -> entity.deleted(args.ids("ids"))
            "changes" -> changesOf(entity, args)
            "plan_upsert" -> if (args.isTrue("apply")) planAndApply(call.egito.coroutines, entity, args) else bulk(entity, call)
            else -> bulk(entity, call)
        }
    }

    private suspend fun playWithResponse(entity: CoroutineEntityWithResponse, call: Call): Any? {
        val args = call.args
        return when (call.method) {
            "create" -> entity.create(args.record())
            "get" -> entity.get(args.id())
            "update" -> entity.update(args.id(), args.record())
            "delete" -> entity.delete(args.id())
            "call" -> entity.call(args.text("action"), args.params(), args.httpMethod())
            else -> throw Unknown("with_response of ${call.method}")
        }
    }

    private fun listOf(entity: CoroutineEntity, args: Arguments): CoroutineRecordList =
        entity.list(args.filters(), args.sort(), args.order(), args.pageSize(), args.limit(), args.start())

    private suspend fun <T> first(elements: Flow<T>, args: Arguments): List<T> =
        (args.number("take")?.let { elements.take(it) } ?: elements).toList()

    /** Reads a list, and deletes each record before it reads the next one. */
    private suspend fun deleteAll(entity: CoroutineEntity, args: Arguments) =
        listOf(entity, args).map { record -> record.also { entity.delete(it.id!!) } }.toList()

    private suspend fun changesOf(entity: CoroutineEntity, args: Arguments): Any {
        val changes = entity.changes(
            args.textOrNull("since"), args.textOrNull("by"), args.milliseconds("lag_ms"), args.filters(), args.pageSize(),
        )
        return mapOf("records" to changes.toList(), "mark" to changes.mark)
    }

    private suspend fun bulk(entity: CoroutineEntity, call: Call): Any {
        val report = BulkReport(call.args)
        val rows = startBulk(entity, call, report)
        if (report.isInterrupted) return interrupt(rows, call, report)
        val stopAfter = report.stopAfter
        if (stopAfter == null) {
            rows.toList().forEach { report += it }
            return report.complete()
        }
        rows.take(stopAfter).collect { report += it }
        if (report.wantsRest) rows.rest().forEach { report += it }
        return report.stopped()
    }

    private fun startBulk(entity: CoroutineEntity, call: Call, report: BulkReport): CoroutineBulkRows<*> {
        val args = call.args
        val options = args.bulkOptions(report.progress)
        return when (call.method) {
            "create_many" -> entity.createMany(args.records(), options.also { it.key = args.keyOrNull() })
            "get_many" -> entity.getMany(args.ids("inputs"), options)
            "update_many" -> entity.updateMany(args.changes(), options)
            "delete_many" -> entity.deleteMany(args.ids("inputs"), options)
            "upsert_many" -> entity.upsertMany(args.records(), args.key(), options)
            "plan_upsert" -> entity.planUpsert(args.records(), args.key(), options)
            else -> throw Unknown("method ${call.method}")
        }
    }

    /** Cancels the bulk or closes the client after a number of rows, and reads the others. */
    private suspend fun interrupt(rows: CoroutineBulkRows<*>, call: Call, report: BulkReport): Any {
        suspend fun interruptIfDue() {
            if (report.mustCancel) rows.cancel()
            if (report.mustClose) call.egito.coroutines.close()
        }
        try {
            interruptIfDue()
            rows.collect {
                report += it
                interruptIfDue()
            }
            return report.ended(null)
        } catch (end: CancelledException) {
            return report.ended(end.code)
        }
    }

    private suspend fun planAndApply(egito: CoroutineEgito, entity: CoroutineEntity, args: Arguments): Any {
        val report = BulkReport(args)
        val plan = entity.planUpsert(args.records(), args.key(), args.bulkOptions(mutableListOf())).toList()
        val target = args.textOrNull("apply_to")?.let(egito::entity) ?: entity
        target.applyUpsert(plan, args.key(), args.bulkOptions(report.progress)).toList().forEach { report += it }
        return report.applied(plan)
    }

    private suspend fun playSteps(outbox: CoroutineOutbox, args: Arguments): List<Any?> {
        val results = stepsOf(args).map { (verb, step) -> stepResult(step) { play(outbox, verb, step) } }
        outbox.stop()
        return results
    }

    private suspend fun play(outbox: CoroutineOutbox, verb: String, args: Arguments): Any? = when (verb) {
        "put" -> outbox.put(args.text("entity"), args.record(), args.key())
        "put_upsert" -> outbox.putUpsert(args.text("entity"), args.record(), args.key())
        "put_update" -> outbox.putUpdate(args.text("entity"), args.id(), args.record())
        "put_delete" -> outbox.putDelete(args.text("entity"), args.id())
        "deliver" -> outbox.deliver(args.limit())
        "entries" -> outbox.entries(args.entryState(), args.number("limit"))
        "get" -> outbox.get(args.entryId())
        "counts" -> outbox.counts()
        "retry" -> outbox.retry(args.entryId())
        "edit" -> outbox.edit(args.entryId(), args.record())
        "discard" -> outbox.discard(args.entryId())
        else -> throw Unknown("step $verb")
    }
}
