package pl.egito

import pl.egito.json.JsonReader
import pl.egito.json.jsonOf

/** The result of a [ProbeCheck]. */
public enum class CheckStatus {
    /** As expected, or handled by one of the settings of the report. */
    OK,

    /** Not made: the message says why. */
    SKIPPED,

    /** The server does not show it. */
    UNKNOWN,

    /** It works, with a restriction. */
    WARNING,

    /** It does not work. */
    PROBLEM,
}

/** One check of a [ProbeReport]. */
public class ProbeCheck internal constructor(members: Map<*, *>) {
    /** Stable name, such as `list_offset`. */
    public val name: String = members["name"] as String

    /** The entity that was checked, if the check is about one. */
    public val entity: String? = members["entity"] as String?

    /** Result of the check. */
    public val status: CheckStatus = CheckStatus.valueOf((members["status"] as String).uppercase())

    /** The observation. */
    public val message: String = members["message"] as String

    /** What to do about it. */
    public val advice: String? = members["advice"] as String?

    /** Mark in the wire contract: `A` if the check is about an assumption; empty otherwise. */
    public val mark: String = members["mark"] as String

    override fun toString(): String = listOfNotNull(status.name.lowercase(), name, entity).joinToString(" ") + ": $message"
}

/** The result of [Egito.probe]. It contains no secrets and no data of the customer. */
public class ProbeReport private constructor(private val report: Map<String, Any?>, private val texts: Map<String, Any?>) {
    /** Version of this library. */
    public val version: String = report["version"] as String

    /** The checks. */
    public val checks: List<ProbeCheck> = (report["checks"] as List<*>).map { ProbeCheck(it as Map<*, *>) }

    /** The settings that this server needs and whose defaults differ, by name, such as `limitParam`. */
    public val settings: Map<String, Any?> = membersOf(report["settings"]).mapKeys { (name, _) -> inCamelCase(name) }

    /** Observations, such as `list_form` and `page_cap`, by name. */
    public val facts: Map<String, Any?> = membersOf(report["facts"])

    /** Number of requests that were sent, logins included. */
    public val requests: Long = report["requests"] as Long

    /** Duration of the probe in seconds. */
    public val elapsed: Double = (report["elapsed"] as Number).toDouble()

    /** Whether no check found a problem. */
    public val isOk: Boolean = texts["is_ok"] == true

    /**
     * The settings for this server in each form: `toml`, `env` (environment variables), and code that creates a client in `kotlin`,
     * `java`, `python` and other languages.
     */
    public val snippets: Map<String, String> = membersOf(texts["snippets"]).mapValues { it.value as String }

    /** Returns the first check with this name, or `null`. */
    public fun check(name: String): ProbeCheck? = checks.find { it.name == name }

    /** Returns the report as text for people. */
    public fun toText(): String = texts["text"] as String

    /** Returns the settings for this server as a TOML file, for [Egito.fromFile]. It has no address and no credentials. */
    public fun toToml(): String = texts["toml"] as String

    /** Returns the report as one JSON object. */
    public fun toJson(): String = jsonOf(report, "report").decodeToString()

    /** Returns the report as text for people. */
    override fun toString(): String = toText()

    internal companion object {
        fun of(json: ByteArray): ProbeReport {
            val (texts, report) = membersOf(JsonReader.read(json)).entries.partition { it.key in TEXTS }
            return ProbeReport(report.associate { it.toPair() }, texts.associate { it.toPair() })
        }

        /** What the core adds to the JSON of a report. */
        private val TEXTS = setOf("is_ok", "text", "toml", "snippets")
    }
}

@Suppress("UNCHECKED_CAST")
private fun membersOf(value: Any?) = value as Map<String, Any?>

private fun inCamelCase(name: String) = Regex("_(.)").replace(name) { it.groupValues[1].uppercase() }
