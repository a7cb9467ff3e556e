package pl.egito.json

import java.time.Duration
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertSame
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Test

class IdentityCacheTest {
    @Test
    fun `each key has a value of its own, which is computed once`() {
        val cache = IdentityCache<List<Int>, Any> { Any() }
        val (one, other) = List(2) { listOf(1, 2) }
        val values = listOf(cache[one], cache[other])
        assertEquals(2, values.toSet().size)
        assertSame(values[0], cache[one])
        assertSame(values[1], cache[other])
    }

    @Test
    fun `keys are not kept in memory`() {
        val cache = IdentityCache<Any, Int> { it.hashCode() }
        repeat(1_000) { cache[Any()] }
        assertTimeoutPreemptively(Duration.ofSeconds(60)) {
            while (cache.size > 100) {
                System.gc()
                cache[Any()]
            }
        }
    }
}
