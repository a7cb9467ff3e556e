package pl.egito

import java.io.File
import java.time.Duration
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTimeoutPreemptively
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS

/** Clients, lists and bulks that are not closed. */
@EnabledOnOs(OS.LINUX, disabledReason = "counts the descriptors in /proc")
class ForgottenClientsTest : SandboxTest() {
    @Test
    fun `the garbage collector closes the connections of a client`() {
        egito.accounts.get(1)
        val before = descriptors()
        repeat(40) { Egito.fromJson(sandbox.settings).accounts.get(1) }
        awaitCollection { descriptors() <= before + 4 }
    }

    @Test
    fun `the garbage collector ends a list that is not read to its end`() {
        holdThirdPage()
        readTwoPages()
        sandbox.await(3, "list")
        awaitCollection { sandbox.journal("list", clientGone = true).isNotEmpty() }
    }

    @Test
    fun `an entity keeps its client`() {
        val accounts = Egito.fromJson(sandbox.settings).accounts
        repeat(3) { System.gc() }
        assertEquals(1L, accounts.get(1).long("id"))
    }

    private fun readTwoPages() {
        val pages = egito.accounts.list(pageSize = 100).pages().iterator()
        repeat(2) { pages.next() }
    }

    private fun descriptors(): Int = File("/proc/self/fd").list()!!.size

    private fun awaitCollection(isDone: () -> Boolean) = assertTimeoutPreemptively(Duration.ofSeconds(20)) {
        while (!isDone()) System.gc()
    }
}
