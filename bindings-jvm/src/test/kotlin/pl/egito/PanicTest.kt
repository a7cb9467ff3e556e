package pl.egito

import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** A panic of the library, and an exception of a listener: neither ends the JVM, nor the client. */
class PanicTest : SandboxTest() {
    @Test
    fun `a panic is an internal error, and the client still works`() {
        val client = egito.handle.native
        assertEquals("internal", assertThrows<InternalException> { native { client.panicForTests() } }.code)
        assertThrows<InternalException> { runBlocking { native { client.panicForTestsAsync() } } }
        assertThrows<InternalException> { native { client.panicAtBorder() } }
        assertEquals(1L, egito.accounts.get(1).long("id"))
    }

    @Test
    fun `a listener that throws disturbs no call`() {
        egito.onEvent { error("the listener fails") }
        assertEquals(1L, egito.accounts.get(1).long("id"))
        assertEquals(2L, runBlocking { egito.coroutines.accounts.get(2) }.long("id"))
    }
}
