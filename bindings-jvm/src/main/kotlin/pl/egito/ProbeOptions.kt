package pl.egito

import kotlin.time.Duration
import pl.egito.json.jsonOf

/**
 * Options of a probe, for Java.
 *
 * ```java
 * ProbeReport report = egito.probe(new ProbeOptions().entities("Account", "Offer").write("Lead"));
 * ```
 */
public class ProbeOptions {
    private val options = LinkedHashMap<String, Any?>()

    /** Sets the entities whose lists are read. Default: `Account`, `Contact`, `Lead` and `Opportunity`. */
    public fun entities(vararg names: String): ProbeOptions = apply { options["entities"] = names.toList() }

    /** Also creates, changes and deletes one marked test record of this entity. */
    public fun write(entity: String): ProbeOptions = apply { options["write"] = entity }

    /** Sets the fields of the test record, if the entity requires others than `name` and `lastName`. */
    public fun record(fields: Map<String, *>): ProbeOptions = apply { options["record"] = fields }

    /** Sets the maximum duration of the probe. Checks that are not made in time are skipped. Default: 2 minutes. */
    public fun timeout(timeout: java.time.Duration): ProbeOptions = apply { options["timeout"] = inSeconds(timeout) }

    /** Returns the options as JSON for the core. */
    internal fun toJson(): ByteArray = jsonOf(options, "options")

    internal companion object {
        fun of(entities: List<String>?, write: String?, record: Map<String, *>?, timeout: Duration?): ProbeOptions =
            ProbeOptions().apply {
                val given = mapOf("entities" to entities, "write" to write, "record" to record, "timeout" to timeout?.let(::inSeconds))
                options += given.filterValues { it != null }
            }
    }
}
