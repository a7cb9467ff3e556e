package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The memory of a program whose calls fail. */
class FailingCallsTest : SandboxTest() {
    /** The compilers of the JVM keep up to 25 MB, more on a busy machine, and soft references as much of the heap as is free. */
    private val steadyJvm =
        arrayOf("-Xint", "-XX:+UseSerialGC", "-XX:SoftRefLRUPolicyMSPerMB=0", "-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch")

    @Test
    fun `ten thousand failing calls do not need more memory than the first ones`() {
        val program = startJvm("pl.egito.FailingCallsKt", sandbox.settings, options = steadyJvm)
        val (before, after) = program.inputReader().readLines().map { it.toLong() }
        assertEquals(0, program.waitFor())
        assertTrue(after - before < 6_000, "$before KiB, then $after KiB")
    }
}
