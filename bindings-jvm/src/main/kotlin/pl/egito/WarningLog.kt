package pl.egito

import org.slf4j.LoggerFactory
import pl.egito.internal.NativeLog
import pl.egito.internal.logWarningsTo

/** Passes the warnings of all clients to the logger `egito` of slf4j: failures that no call reports, such as a token that could not be stored. */
internal object WarningLog : NativeLog {
    /** Starts if slf4j is present. */
    fun start() {
        if (isPresent("org.slf4j.LoggerFactory")) logWarningsTo(this)
    }

    /** Loads slf4j for the first warning only, since it prints a notice if it has no provider. */
    override fun warn(line: String): Unit = Listeners.run { LoggerFactory.getLogger("egito").warn(line) }

    private fun isPresent(className: String): Boolean = try {
        Class.forName(className, false, javaClass.classLoader)
        true
    } catch (_: ClassNotFoundException) {
        false
    }
}
