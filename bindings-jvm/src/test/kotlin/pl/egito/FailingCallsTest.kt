package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The memory of a program whose calls fail. */
class FailingCallsTest : SandboxTest() {
    @Test
    fun `ten thousand failing calls do not need more memory than the first ones`() {
        val program = startJvm("pl.egito.FailingCallsKt", sandbox.settings, options = arrayOf("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch"))
        val (before, after) = program.inputReader().readLines().map { it.toLong() }
        assertEquals(0, program.waitFor())
        assertTrue(after - before < 12_000, "$before KiB, then $after KiB")
    }
}
