package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

/** Blocking calls on virtual threads, in a JVM that has them. */
class VirtualThreadsTest : SandboxTest() {
    @Test
    fun `many blocking calls wait at once on one carrier thread`() {
        val java = newestJava(21)
        assumeTrue(java != null, "NOT RUN: virtual threads need JDK 21 or newer; install it with: sudo apt-get install openjdk-21-jdk-headless")
        hold("get", times = VIRTUAL_CALLS)
        val program = startJvm("pl.egito.VirtualThreadsKt", sandbox.settings, java!!, "-Djdk.virtualThreadScheduler.parallelism=1",
            "-Djdk.virtualThreadScheduler.maxPoolSize=1")
        try {
            assertEquals(VIRTUAL_CALLS, sandbox.await(VIRTUAL_CALLS, "get").size)
            release()
            assertEquals("$VIRTUAL_CALLS", program.inputReader().readText().trim())
            assertEquals(0, program.waitFor())
        } finally {
            program.destroyForcibly()
        }
    }
}
