package pl.egito

import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.BeforeEach
import pl.egito.testing.Sandbox

/** A test with a sandbox, which all tests of this process share and each one resets, and a client of its own. */
abstract class SandboxTest {
    protected val sandbox: Sandbox get() = SHARED
    protected lateinit var egito: Egito

    @BeforeEach
    fun openClient() {
        sandbox.reset()
        egito = Egito.fromJson(sandbox.settings)
    }

    @AfterEach
    fun closeClient() = egito.close()

    /** Makes the next request of an action wait until `release`. */
    protected fun hold(action: String, times: Int = 1) =
        sandbox.fault(mapOf("on" to mapOf("action" to action), "hold" to GATE, "times" to times))

    /** Fills the sandbox with accounts, whose number is in each page, and makes the pages after the second one wait. */
    protected fun holdThirdPage() {
        sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 1_000), "config" to mapOf("list_form" to "rows", "total_key" to "total")))
        sandbox.fault(mapOf("on" to mapOf("action" to "list"), "skip" to 2, "times" to 0, "hold" to GATE))
    }

    /** Lets the requests continue that wait. */
    protected fun release() = sandbox.release(GATE)

    private companion object {
        const val GATE = "gate"
        val SHARED: Sandbox by lazy { Sandbox.start() }
    }
}
