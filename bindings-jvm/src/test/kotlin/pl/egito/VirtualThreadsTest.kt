package pl.egito

import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Assumptions.assumeTrue
import org.junit.jupiter.api.Test

/** Blocking calls on virtual threads, in a JVM that has them. */
class VirtualThreadsTest : SandboxTest() {
    @Test
    fun `many blocking calls wait at once on one carrier thread`() {
        hold("get", times = VIRTUAL_CALLS)
        run("pl.egito.VirtualThreadsKt") { program ->
            assertEquals(VIRTUAL_CALLS, sandbox.await(VIRTUAL_CALLS, "get").size)
            release()
            assertEquals("$VIRTUAL_CALLS", program.inputReader().readText().trim())
        }
    }

    @Test
    fun `lists that a platform thread has opened are read by virtual threads`() {
        fillWithAccounts()
        run("pl.egito.VirtualListsKt", carriers = 4) { program ->
            assertEquals("$VIRTUAL_CALLS", program.inputReader().readText().trim())
        }
    }

    @Test
    fun `lists that a platform thread has opened do not block the carrier thread`() {
        fillWithAccounts()
        hold("list", times = VIRTUAL_CALLS)
        run("pl.egito.VirtualListsKt") { program ->
            assertEquals(VIRTUAL_CALLS, sandbox.await(VIRTUAL_CALLS, "list").size)
            release()
            assertEquals("$VIRTUAL_CALLS", program.inputReader().readText().trim())
        }
    }

    private fun fillWithAccounts() = sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 1_000)))

    @Test
    fun `an interrupt cancels a blocking call but no close, and is kept`() {
        hold("get")
        hold("create")
        hold("list", times = 2)
        run("pl.egito.InterruptedVirtualThreadKt") { program ->
            program.outputWriter().use { input ->
                for ((action, count) in listOf("get" to 1, "create" to 1, "list" to 1, "list" to 2)) {
                    sandbox.await(count, action)
                    input.newLine()
                    input.flush()
                    assertEquals(count, sandbox.await(count, action, clientGone = true).size)
                }
            }
            val lines = listOf(
                "cancelled null true: get Account 1: the call was cancelled: its thread was interrupted",
                "outcome_unknown unknown true: create Account: the call was cancelled: its thread was interrupted; " +
                    "it may have been done, so look in Egito before you send it again",
                "cancelled null true: list Account: the call was cancelled: its thread was interrupted",
                "cancelled null false: list Account: the call was cancelled: its thread was interrupted",
                "cancelled null true: list Account: the call was cancelled: its thread was interrupted",
                "cancelled null false: list Account: the call was cancelled: its thread was interrupted",
                "cancelled not_sent true: create Account: the call was cancelled before it was sent: its thread was interrupted",
                "closed true",
            )
            val output = program.inputReader().readLines()
            assertEquals(lines, output.dropLast(1))
            assertTrue(output.last().startsWith("config null false: "), output.last())
            assertEquals(1, sandbox.journal("create").size)
        }
    }

    private fun run(mainClass: String, carriers: Int = 1, test: (Process) -> Unit) {
        val java = newestJava(21)
        assumeTrue(java != null, "NOT RUN: virtual threads need JDK 21 or newer; install it with: sudo apt-get install openjdk-21-jdk-headless")
        val options = listOf("parallelism", "maxPoolSize").map { "-Djdk.virtualThreadScheduler.$it=$carriers" }
        val program = startJvm(mainClass, sandbox.settings, java!!, *options.toTypedArray())
        try {
            test(program)
            assertEquals(0, program.waitFor())
        } finally {
            program.destroyForcibly()
        }
    }
}
