package pl.egito

import kotlin.time.Duration
import pl.egito.internal.NativeClient

/**
 * A client of one customer's Egito server. Its methods block the thread; [coroutines] has the same methods as `suspend` functions, and
 * [async] has them for `CompletableFuture`. All of them are one client, with one login. Any number of threads may use it.
 *
 * ```kotlin
 * Egito { name = "firma"; clientId = "…"; clientSecret = "…"; username = "…"; password = "…" }.use { egito ->
 *     val id = egito.accounts.create(mapOf("name" to "Żubr sp. z o.o.", "city" to "Kraków"))
 *     println(egito.accounts.get(id).string("city"))
 * }
 * ```
 *
 * Every method throws an [EgitoException].
 */
public class Egito private constructor(internal val handle: ClientHandle) : AutoCloseable {
    /** The entity `Account`. */
    @get:JvmName("accounts")
    public val accounts: Entity by lazy { entity("Account") }

    /** The entity `Contact`. */
    @get:JvmName("contacts")
    public val contacts: Entity by lazy { entity("Contact") }

    /** The entity `Opportunity`. */
    @get:JvmName("opportunities")
    public val opportunities: Entity by lazy { entity("Opportunity") }

    /** The entity `Lead`. */
    @get:JvmName("leads")
    public val leads: Entity by lazy { entity("Lead") }

    /** The same client for coroutines. */
    @get:JvmSynthetic
    public val coroutines: CoroutineEgito by lazy { CoroutineEgito(handle) }

    private val async by lazy { AsyncEgito(handle) }

    /** Returns the same client for calls that return a `CompletableFuture`. */
    public fun async(): AsyncEgito = async

    /** Returns an entity by its name, such as `Offer`. Keep it: looking it up costs a few microseconds. */
    public fun entity(name: String): Entity = Entity(EntityHandle(handle, name))

    /** Returns the entries of a dictionary, such as `industry`. */
    public fun dictionary(type: String): RecordList = RecordList(handle.dictionary(type))

    /** Runs a custom action of the API, such as `print`, and returns its result: JSON as in [Record]. */
    @JvmOverloads
    public fun call(entity: String, action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Any? =
        entity(entity).call(action, params, method)

    /**
     * Returns the outbox in a file, which its first use creates: writes that are stored there first, and sent to the server later. Every
     * process of a machine can use the same file. It must be on a local disk.
     *
     * [concurrency] is the maximum number of calls in flight of a delivery; default: 8. Delivered entries are kept for [keepDays], by
     * default 30: during this time, putting a record with the same key does nothing. [lookup] is how a delivery looks for records,
     * instead of the lookup of each entry.
     *
     * Throws a [ConfigException] (setting `outbox`) if the path is not that of a file in an existing folder, or for an invalid option.
     */
    @JvmOverloads
    public fun outbox(path: String, concurrency: Int? = null, keepDays: Double? = null, lookup: Lookup? = null): Outbox =
        Outbox(handle.outbox(path, concurrency, keepDays, lookup))

    /**
     * Checks the settings on the server, and finds those that it needs. It logs in two or three times, sends about 25 reads, and writes
     * nothing unless the option [write] asks for it. Failed checks are part of the report.
     *
     * ```kotlin
     * val report = egito.probe()
     * println(report.toText())
     * File("egito.toml").writeText(report.toToml())
     * ```
     *
     * [entities] are those whose lists are read; default: `Account`, `Contact`, `Lead` and `Opportunity`. With [write], one marked test
     * record of this entity is created, changed and deleted; [record] has its fields if the entity requires others than `name` and
     * `lastName`. Checks that are not made within [timeout] are skipped; default: 2 minutes.
     */
    @JvmSynthetic
    public fun probe(
        entities: List<String>? = null,
        write: String? = null,
        record: Map<String, *>? = null,
        timeout: Duration? = null,
    ): ProbeReport = probe(ProbeOptions.of(entities, write, record, timeout))

    /** Checks the settings on the server, and finds those that it needs, for Java. It only reads. */
    public fun probe(): ProbeReport = probe(ProbeOptions())

    /** Checks the settings on the server, and finds those that it needs, for Java. */
    public fun probe(options: ProbeOptions): ProbeReport = handle.probe(options)

    /** Returns the counters of the client. */
    public fun stats(): Stats = Stats(handle.native.stats())

    /**
     * Calls the listener at the end of every attempt, logins included, and with the setting `startEvents` also at its start. A client has
     * one listener: a second call replaces it, and `null` removes it.
     */
    public fun onEvent(listener: EgitoEventListener?): Unit = handle.native.onEvent(listener?.let(::EventBridge))

    /** Returns a client with other settings for its calls. Closing either client closes both. */
    public fun withOptions(settings: CallSettings): Egito = Egito(handle.with(settings))

    /** Returns a client with other settings for its calls: `egito.withOptions { timeout = 5.seconds }`. Closing either closes both. */
    @JvmSynthetic
    public fun withOptions(configure: CallSettings.() -> Unit): Egito = withOptions(CallSettings().apply(configure))

    /**
     * Closes the client: waits for the calls in flight; later calls throw a [ConfigException]. Futures and coroutines of these calls
     * continue on other threads, perhaps shortly after this returns: wait for them, too, before the program ends.
     */
    override fun close(): Unit = handle.close()

    /** Returns the address of the server, without secrets. */
    override fun toString(): String = "Egito(${handle.native.address()})"

    /** Opens clients. */
    public companion object {
        /** Opens a client: `Egito { name = "firma"; timeout = 30.seconds }`. */
        @JvmSynthetic
        public operator fun invoke(configure: EgitoSettings.() -> Unit): Egito =
            open(EgitoSettings().apply(configure).values)

        /** Opens a client with settings of the environment, such as `EGITO_NAME`, and of the file that `EGITO_CONFIG` names. */
        @JvmStatic
        public fun fromEnv(): Egito = open(SettingValues(), fromEnv = true)

        /** Opens a client with settings of the environment, and others that replace them, for Java. */
        @JvmStatic
        public fun fromEnv(settings: EgitoBuilder): Egito = open(settings.values, fromEnv = true)

        /** Opens a client with settings of the environment, and others that replace them: `Egito.fromEnv { timeout = 10.seconds }`. */
        @JvmSynthetic
        public fun fromEnv(configure: EgitoSettings.() -> Unit): Egito =
            open(EgitoSettings().apply(configure).values, fromEnv = true)

        /**
         * Opens a client with the settings of a TOML file, under their names in `snake_case`. The environment is not read.
         *
         * Throws [ConfigException] with the path and the line of an unknown or invalid setting.
         */
        @JvmStatic
        public fun fromFile(path: String): Egito = open(SettingValues(), file = path)

        /** Opens a client with the settings of a file, and others that replace them, for Java. */
        @JvmStatic
        public fun fromFile(path: String, settings: EgitoBuilder): Egito = open(settings.values, file = path)

        /** Opens a client with the settings of a file, and others that replace them: `Egito.fromFile("egito.toml") { timeout = 10.seconds }`. */
        @JvmSynthetic
        public fun fromFile(path: String, configure: EgitoSettings.() -> Unit): Egito =
            open(EgitoSettings().apply(configure).values, file = path)

        /** Opens a client with settings as JSON, with names such as `connectTimeout` or `connect_timeout`, and durations in seconds. */
        @JvmStatic
        public fun fromJson(settings: String): Egito = open(utf8(settings, "settings"))

        /** Returns a builder, for Java. */
        @JvmStatic
        public fun builder(): EgitoBuilder = EgitoBuilder()

        internal fun open(settings: SettingValues, fromEnv: Boolean = false, file: String? = null): Egito =
            open(settings.toJson(), fromEnv, file)

        private fun open(settings: ByteArray, fromEnv: Boolean = false, file: String? = null): Egito {
            NativeLibrary.load()
            file?.let { utf8(it, "path") }
            return Egito(ClientHandle(native { NativeClient(settings, fromEnv, file) }))
        }
    }
}
