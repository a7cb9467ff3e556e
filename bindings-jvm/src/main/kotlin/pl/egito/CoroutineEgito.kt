package pl.egito

import kotlin.time.Duration

/**
 * A client for coroutines: [Egito] with `suspend` functions, see there. Cancelling a coroutine closes the request of its call.
 *
 * ```kotlin
 * coroutineScope {
 *     val account = async { egito.coroutines.accounts.get(1) }
 *     val contact = async { egito.coroutines.contacts.get(1) }
 *     println("${account.await()["name"]}: ${contact.await()["lastName"]}")
 * }
 * ```
 */
public class CoroutineEgito internal constructor(internal val handle: ClientHandle) {
    /** The entity `Account`. */
    public val accounts: CoroutineEntity by lazy { entity("Account") }

    /** The entity `Contact`. */
    public val contacts: CoroutineEntity by lazy { entity("Contact") }

    /** The entity `Opportunity`. */
    public val opportunities: CoroutineEntity by lazy { entity("Opportunity") }

    /** The entity `Lead`. */
    public val leads: CoroutineEntity by lazy { entity("Lead") }

    /** Returns an entity by its name, such as `Offer`. */
    public fun entity(name: String): CoroutineEntity = CoroutineEntity(EntityHandle(handle, name))

    /** Returns the entries of a dictionary, such as `industry`. */
    public fun dictionary(type: String): CoroutineRecordList = CoroutineRecordList(handle.dictionary(type))

    /** Runs a custom action of the API, see [Egito.call]. */
    public suspend fun call(entity: String, action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): Any? =
        entity(entity).call(action, params, method)

    /** Returns the outbox in a file, see [Egito.outbox]. */
    public fun outbox(path: String, concurrency: Int? = null, keepDays: Double? = null, lookup: Lookup? = null): CoroutineOutbox =
        CoroutineOutbox(handle.outbox(path, concurrency, keepDays, lookup))

    /** Checks the settings on the server, and finds those that it needs, see [Egito.probe]. */
    public suspend fun probe(
        entities: List<String>? = null,
        write: String? = null,
        record: Map<String, *>? = null,
        timeout: Duration? = null,
    ): ProbeReport = handle.probeSuspending(ProbeOptions.of(entities, write, record, timeout))

    /** Returns the counters of the client. */
    public fun stats(): Stats = Stats(handle.native.stats())

    /** Returns a client with other settings for its calls: `withOptions { timeout = 5.seconds }`. Closing either closes both. */
    public fun withOptions(configure: CallSettings.() -> Unit): CoroutineEgito =
        CoroutineEgito(handle.with(CallSettings().apply(configure)))

    /** Closes the client: waits for the calls in flight; later calls throw a [ConfigException]. */
    public suspend fun close(): Unit = handle.closeSuspending()

    /** Returns the address of the server, without secrets. */
    override fun toString(): String = "CoroutineEgito(${handle.native.address()})"
}
