package pl.egito

import java.util.concurrent.CancellationException
import java.util.concurrent.TimeUnit
import kotlin.time.Duration
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.async
import kotlinx.coroutines.awaitCancellation
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.flow.asFlow
import kotlinx.coroutines.flow.flow
import kotlinx.coroutines.flow.flowOf
import kotlinx.coroutines.flow.map
import kotlinx.coroutines.flow.take
import kotlinx.coroutines.flow.toList
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertThrows
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** Bulks as flows and futures. */
class CoroutineBulkTest : SandboxTest() {
    private val leads: CoroutineEntity get() = egito.coroutines.leads
    private val lead = mapOf("lastName" to "Nowak")

    @Test
    fun `rows come from a flow or an iterable, in order`() = runBlocking {
        val inputs = List(100) { mapOf("lastName" to "Nowak $it") }
        assertEquals((0L until 100).toList(), leads.createMany(inputs).map { it.index }.toList())
        val rows = leads.createMany(inputs.asFlow(), BulkOptions { concurrency = 3 }).toList()
        assertTrue(rows.all { it.isOk && it.input === inputs[it.index.toInt()] })
        assertEquals(200, sandbox.journal("create").size)
        val read = egito.coroutines.accounts.getMany(flowOf(1, 404_404)).toList()
        assertEquals(listOf(1L, null), read.map { it.record?.long("id") })
    }

    @Test
    fun `a row does not wait for the next input`() = runBlocking {
        val isRead = CompletableDeferred<Unit>()
        val inputs = flow {
            emit(lead)
            isRead.await()
            emit(lead)
        }
        val indexes = mutableListOf<Long>()
        leads.createMany(inputs).collect {
            indexes += it.index
            isRead.complete(Unit)
        }
        assertEquals(listOf(0L, 1L), indexes)
    }

    @Test
    fun `ending the collection cancels the calls in flight and keeps their rows`() = runBlocking {
        val source = Endless()
        val rows = leads.createMany(source, BulkOptions { concurrency = 4 })
        assertEquals(listOf(0L, 1L), rows.take(2).map { it.index }.toList())
        val rest = rows.rest()
        assertEquals((2L until source.taken).toList(), rest.map { it.index })
        assertEquals(sandbox.journal("create").size, 2 + rest.count { it.isOk })
    }

    @Test
    fun `cancelling the coroutine closes the requests`() = runBlocking {
        hold("create", times = 0)
        val rows = leads.createMany(Endless().asFlow(), BulkOptions { concurrency = 3; cancelGrace = Duration.ZERO })
        val job = launch(Dispatchers.Default) { rows.toList() }
        sandbox.await(3, "create")
        job.cancelAndJoin()
        sandbox.await(3, "create", clientGone = true)
        val rest = rows.rest()
        assertEquals(listOf(0L, 1L, 2L), rest.map { it.index })
        assertTrue(rest.all { it.error is OutcomeUnknownException })
    }

    @Test
    fun `cancelling a bulk ends it while its flow waits`() = runBlocking {
        val isWaiting = CompletableDeferred<Unit>()
        val inputs = flow {
            emit(lead)
            isWaiting.complete(Unit)
            awaitCancellation()
        }
        val rows = leads.createMany(inputs)
        val collected = async(Dispatchers.Default) { runCatching { rows.toList() } }
        isWaiting.await()
        sandbox.await(1, "create")
        rows.cancel()
        assertTrue(collected.await().exceptionOrNull() is CancelledException)
        assertEquals(listOf(0L), rows.rest().map { it.index })
    }

    @Test
    fun `an exception of the flow comes after the rows in flight`() = runBlocking {
        val broken = IllegalStateException("line 2 is invalid")
        val inputs = flow {
            emit(lead)
            throw broken
        }
        val rows = leads.createMany(inputs)
        assertEquals(broken.message, runCatching { rows.toList() }.exceptionOrNull()?.message)
        assertEquals(listOf(true), rows.rest().map { it.isOk })
        val again = runCatching { rows.toList() }.exceptionOrNull()
        assertTrue(again is ConfigException)
    }

    @Test
    fun `an exception of the collector ends the bulk`() = runBlocking {
        val full = IllegalStateException("the disk is full")
        val rows = leads.createMany(Endless(), BulkOptions { concurrency = 2 })
        assertEquals(full.message, runCatching { rows.collect { throw full } }.exceptionOrNull()?.message)
        assertEquals(sandbox.journal("create").size, 1 + rows.rest().count { it.isOk })
    }

    @Test
    fun `all calls are in flight before the first row is emitted`() = runBlocking {
        sandbox.fault(mapOf("on" to mapOf("action" to "get", "query" to mapOf("id" to "2")), "hold" to "gate"))
        val rows = egito.coroutines.accounts.getMany(listOf(1, 2), BulkOptions { concurrency = 2 })
        rows.collect {
            if (it.index == 0L) assertEquals(2, sandbox.await(2, "get").size)
            sandbox.release("gate")
        }
    }

    @Test
    fun `futures have all rows`() {
        val inputs = List(10) { lead }
        val rows = egito.async().leads().createMany(inputs).toList().get(10, TimeUnit.SECONDS)
        assertEquals(10, rows.count { it.isOk })
        val indexes = mutableListOf<Long>()
        egito.async().leads().deleteMany(rows.map { it.id!! }).forEach { indexes += it.index }.get(10, TimeUnit.SECONDS)
        assertEquals((0L until 10).toList(), indexes)
    }

    @Test
    fun `calls in flight finish after their future was cancelled, and the rest has their rows`() {
        hold("create", times = 0)
        val bulk = egito.async().leads().createMany(List(8) { lead }, BulkOptions { concurrency = 4 })
        val future = bulk.toList()
        sandbox.await(4, "create")
        future.cancel(true)
        val rest = bulk.rest()
        release()
        assertEquals(List(4) { null }, rest.get(10, TimeUnit.SECONDS).map { it.error })
    }

    @Test
    fun `cancelling a future closes the requests`() {
        hold("create", times = 0)
        val bulk = egito.async().leads().createMany(Endless(), BulkOptions { concurrency = 2; cancelGrace = Duration.ZERO })
        val future = bulk.toList()
        sandbox.await(2, "create")
        future.cancel(true)
        assertThrows(CancellationException::class.java) { future.get() }
        sandbox.await(2, "create", clientGone = true)
        assertEquals(listOf(0L, 1L), bulk.rest().get(10, TimeUnit.SECONDS).map { it.index })
    }
}
