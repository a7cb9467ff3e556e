package pl.egito

import java.util.concurrent.CompletableFuture
import java.util.concurrent.CountDownLatch
import java.util.concurrent.TimeUnit.SECONDS
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test

/** Code of a program that runs when the future of a call completes. */
class ContinuationsTest : SandboxTest() {
    private val count = Runtime.getRuntime().availableProcessors() + 8

    @Test
    fun `continuations that block hold up no other call`() {
        val all = CountDownLatch(count)
        val calls = continueCalls {
            all.countDown()
            all.await(30, SECONDS)
        }
        assertEquals(List(count) { true }, calls.map { it.get(60, SECONDS) })
    }

    @Test
    fun `a continuation may wait for another call`() {
        val calls = continueCalls { egito.async().accounts().get(2).join()["id"] }
        assertEquals(List(count) { 2L }, calls.map { it.get(60, SECONDS) })
    }

    private fun <T> continueCalls(continuation: () -> T): List<CompletableFuture<T>> {
        hold("get", count)
        val calls = List(count) { egito.async().accounts().get(1).thenApply { continuation() } }
        sandbox.await(count, "get")
        release()
        return calls
    }
}
