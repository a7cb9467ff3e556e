package pl.egito

import org.slf4j.Logger
import org.slf4j.LoggerFactory

/**
 * Logs each attempt by slf4j, which must be present, at the level DEBUG.
 *
 * ```kotlin
 * egito.onEvent(Slf4jListener())
 * ```
 */
public class Slf4jListener @JvmOverloads constructor(
    /** The logger. Its default name is `egito`. */
    private val logger: Logger = LoggerFactory.getLogger("egito"),
) : EgitoEventListener {
    override fun onEvent(event: EgitoEvent) {
        if (!logger.isDebugEnabled) return
        val what = listOfNotNull(event.action, event.entity, event.entry?.let { "of entry $it" }).joinToString(" ")
        if (event.kind == EventKind.START) {
            logger.debug("call {}: {}: attempt {} starts", event.call, what, event.attempt)
        } else {
            val milliseconds = Math.round(event.elapsed * MILLISECONDS)
            logger.debug("call {}: {}: attempt {}: {} in {} ms", event.call, what, event.attempt, resultOf(event), milliseconds)
        }
    }

    private fun resultOf(event: EgitoEvent): String = listOfNotNull(event.status?.let { "status $it" }, event.code).joinToString(", ")

    private companion object {
        const val MILLISECONDS = 1000
    }
}
