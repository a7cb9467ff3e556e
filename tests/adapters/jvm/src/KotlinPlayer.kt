package pl.egito.adapter

import java.util.concurrent.Callable
import java.util.concurrent.Executors
import pl.egito.BulkRows
import pl.egito.CancelledException
import pl.egito.Egito
import pl.egito.Entity
import pl.egito.EntityWithResponse
import pl.egito.Outbox
import pl.egito.RecordList
import pl.egito.native

/** Calls the blocking methods; parallel calls run in threads. */
class KotlinPlayer : Player {
    override val name = "kotlin"

    override fun playTogether(calls: List<Call>): List<Map<String, Any?>> {
        val threads = Executors.newFixedThreadPool(calls.size)
        try {
            return threads.invokeAll(calls.map { Callable { reply { play(it) } } }).map { it.get() }
        } finally {
            threads.shutdown()
        }
    }

    override fun play(call: Call): Any? {
        val args = call.args
        return when (call.method) {
            "dictionary" -> call.egito.dictionary(args.text("type")).toList()
            "stats" -> call.egito.stats()
            "panic" -> panicForTests(call.egito)
            "outbox" -> call.egito.outbox(args.text("path")).use { outbox -> stepsOf(args).map { playStep(outbox, it) } }
            else -> play(entityOf(call), call)
        }.also { args.requireAllUsed() }
    }

    private fun entityOf(call: Call): Entity {
        val name = call.args.text("entity")
        if (!call.args.isTrue("shortcut")) return call.egito.entity(name)
        return when (name) {
            "Account" -> call.egito.accounts
            "Contact" -> call.egito.contacts
            "Opportunity" -> call.egito.opportunities
            "Lead" -> call.egito.leads
            else -> throw Unknown("shortcut of $name")
        }
    }

    private fun play(entity: Entity, call: Call): Any? {
        val args = call.args
        if (args.isTrue("with_response")) {
            return if (call.method == "pages") args.first(listOf(entity, args).withResponse().iterator()) else playWithResponse(entity.withResponse(), call)
        }
        return when (call.method) {
            "create" -> entity.create(args.record())
            "create_once" -> entity.createOnce(args.record(), args.key())
            "upsert" -> entity.upsert(args.record(), args.key())
            "get" -> entity.get(args.id())
            "update" -> entity.update(args.id(), args.record())
            "delete" -> entity.delete(args.id())
            "call" -> entity.call(args.text("action"), args.params(), args.httpMethod())
            "list" -> if (args.isTrue("delete")) deleteAll(entity, args) else args.first(listOf(entity, args).iterator())
            "pages" -> args.first(listOf(entity, args).pages().iterator())
            "first" -> listOf(entity, args).first()
            "exists" -> listOf(entity, args).exists()
            "total" -> listOf(entity, args).total()
            "count" -> listOf(entity, args).count()
            "ids" -> entity.ids()
            "deleted" -> entity.deleted(args.ids("ids"))
            "changes" -> changesOf(entity, args)
            "plan_upsert" -> if (args.isTrue("apply")) planAndApply(call.egito, entity, args) else bulk(entity, call)
            else -> bulk(entity, call)
        }
    }

    private fun playWithResponse(entity: EntityWithResponse, call: Call): Any? {
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

    private fun listOf(entity: Entity, args: Arguments): RecordList =
        entity.list(args.filters(), args.sort(), args.order(), args.pageSize(), args.limit(), args.start())

    /** Reads a list, and deletes each record before it reads the next one. */
    private fun deleteAll(entity: Entity, args: Arguments) =
        listOf(entity, args).map { record -> record.also { entity.delete(it.id!!) } }

    private fun changesOf(entity: Entity, args: Arguments): Any {
        val changes = entity.changes(
            args.textOrNull("since"), args.textOrNull("by"), args.milliseconds("lag_ms"), args.filters(), args.pageSize(),
        )
        return mapOf("records" to changes.toList(), "mark" to changes.mark)
    }

    private fun bulk(entity: Entity, call: Call): Any {
        val report = BulkReport(call.args)
        val rows = startBulk(entity, call, report)
        if (report.isInterrupted) return interrupt(rows, call, report)
        val stopAfter = report.stopAfter
        if (stopAfter == null) {
            rows.toList().forEach { report += it }
            return report.complete()
        }
        val iterator = rows.iterator()
        repeat(stopAfter) { if (iterator.hasNext()) report += iterator.next() }
        if (report.wantsRest) rows.rest().forEach { report += it } else rows.close()
        return report.stopped()
    }

    private fun startBulk(entity: Entity, call: Call, report: BulkReport): BulkRows<*> {
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
    private fun interrupt(rows: BulkRows<*>, call: Call, report: BulkReport): Any {
        val iterator = rows.iterator()
        try {
            while (true) {
                if (report.mustCancel) rows.cancel()
                if (report.mustClose) call.egito.close()
                if (!iterator.hasNext()) return report.ended(null)
                report += iterator.next()
            }
        } catch (end: CancelledException) {
            return report.ended(end.code)
        }
    }

    private fun planAndApply(egito: Egito, entity: Entity, args: Arguments): Any {
        val report = BulkReport(args)
        val plan = entity.planUpsert(args.records(), args.key(), args.bulkOptions(mutableListOf())).toList()
        val target = args.textOrNull("apply_to")?.let(egito::entity) ?: entity
        target.applyUpsert(plan, args.key(), args.bulkOptions(report.progress)).toList().forEach { report += it }
        return report.applied(plan)
    }

    private fun playStep(outbox: Outbox, step: Pair<String, Arguments>): Any? {
        val (verb, args) = step
        return stepResult(args) {
            when (verb) {
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
    }
}

/** Makes the core panic. */
fun panicForTests(egito: Egito): Any? = native { egito.handle.native.panicForTests() }
