package pl.egito

import java.util.concurrent.CompletableFuture

/**
 * A client for calls in the background: [Egito] with methods that return a `CompletableFuture`, see there. `cancel` of a future closes the
 * request of its call.
 *
 * Futures are completed on threads of the SDK, up to 1,000 at once: a continuation may block, or wait for another call. One that takes
 * long, such as a query of a database, should have an executor of its own: `thenAcceptAsync(action, executor)`.
 *
 * ```java
 * AsyncEgito async = egito.async();
 * async.accounts().get(1).thenAccept(account -> System.out.println(account.get("name")));
 * ```
 */
public class AsyncEgito internal constructor(internal val handle: ClientHandle) {
    // Each entity has an object of the native library, which is freed only by the garbage collector.
    private val accounts by lazy { entity("Account") }
    private val contacts by lazy { entity("Contact") }
    private val opportunities by lazy { entity("Opportunity") }
    private val leads by lazy { entity("Lead") }

    /** Returns the entity `Account`. */
    public fun accounts(): AsyncEntity = accounts

    /** Returns the entity `Contact`. */
    public fun contacts(): AsyncEntity = contacts

    /** Returns the entity `Opportunity`. */
    public fun opportunities(): AsyncEntity = opportunities

    /** Returns the entity `Lead`. */
    public fun leads(): AsyncEntity = leads

    /** Returns an entity by its name, such as `Offer`. Keep it, see [Egito.entity]. */
    public fun entity(name: String): AsyncEntity = AsyncEntity(EntityHandle(handle, name))

    /** Returns the entries of a dictionary, such as `industry`. */
    public fun dictionary(type: String): AsyncRecordList = AsyncRecordList(handle.dictionary(type))

    /** Runs a custom action of the API, see [Egito.call]. */
    @JvmOverloads
    public fun call(entity: String, action: String, params: Map<String, *> = emptyMap<String, Any?>(), method: String = "POST"): CompletableFuture<Any?> =
        entity(entity).call(action, params, method)

    /** Returns the outbox in a file, see [Egito.outbox]. */
    @JvmOverloads
    public fun outbox(path: String, concurrency: Int? = null, keepDays: Double? = null, lookup: Lookup? = null): AsyncOutbox =
        AsyncOutbox(CoroutineOutbox(handle.outbox(path, concurrency, keepDays, lookup)))

    /** Checks the settings on the server, and finds those that it needs, see [Egito.probe]. */
    @JvmOverloads
    public fun probe(options: ProbeOptions = ProbeOptions()): CompletableFuture<ProbeReport> = future { handle.probeSuspending(options) }

    /** Returns the counters of the client. */
    public fun stats(): Stats = Stats(handle.native.stats())

    /** Returns a client with other settings for its calls. Closing either client closes both. */
    public fun withOptions(settings: CallSettings): AsyncEgito = AsyncEgito(handle.with(settings))

    /** Closes the client: completes when no call is in flight; later calls fail with a [ConfigException]. */
    public fun close(): CompletableFuture<Void?> = future { handle.closeSuspending(); null }

    /** Returns the address of the server, without secrets. */
    override fun toString(): String = "AsyncEgito(${handle.native.address()})"
}
