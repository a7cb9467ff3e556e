package pl.egito

import java.util.concurrent.CopyOnWriteArrayList
import org.slf4j.ILoggerFactory
import org.slf4j.Marker
import org.slf4j.event.Level
import org.slf4j.helpers.BasicMarkerFactory
import org.slf4j.helpers.LegacyAbstractLogger
import org.slf4j.helpers.NOPMDCAdapter
import org.slf4j.spi.SLF4JServiceProvider

/** The provider of slf4j in these tests: its loggers keep warnings. */
class CollectingProvider : SLF4JServiceProvider {
    override fun getLoggerFactory() = ILoggerFactory(::CollectingLogger)
    override fun getMarkerFactory() = BasicMarkerFactory()
    override fun getMDCAdapter() = NOPMDCAdapter()
    override fun getRequestedApiVersion() = "2.0"
    override fun initialize() = Unit
}

/** What the loggers have received since the last [clear], each with the name of the logger. */
object CollectedWarnings {
    val lines = CopyOnWriteArrayList<String>()

    /** Called with each of them. */
    var onWarning: () -> Unit = {}

    fun clear() {
        lines.clear()
        onWarning = {}
    }
}

private class CollectingLogger(name: String) : LegacyAbstractLogger() {
    init {
        this.name = name
    }

    override fun handleNormalizedLoggingCall(level: Level, marker: Marker?, pattern: String, arguments: Array<Any?>?, thrown: Throwable?) {
        CollectedWarnings.lines += "$name: $level: $pattern"
        CollectedWarnings.onWarning()
    }

    override fun getFullyQualifiedCallerName(): String? = null
    override fun isTraceEnabled() = false
    override fun isDebugEnabled() = false
    override fun isInfoEnabled() = false
    override fun isWarnEnabled() = true
    override fun isErrorEnabled() = true
}
