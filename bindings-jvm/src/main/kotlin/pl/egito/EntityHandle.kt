package pl.egito

import pl.egito.internal.NativeContext
import pl.egito.internal.NativeEntity
import pl.egito.json.jsonOf

/** An entity of a client, and the token that cancels its calls: what the three views of an entity share. */
internal class EntityHandle private constructor(
    private val client: ClientHandle,
    val name: String,
    private val token: CancellationToken?,
    val native: NativeEntity,
) {
    private val direct by lazy { DirectCalls(native, token) }
    val context: NativeContext? by lazy { token?.let { native { NativeContext(it.handle, false) } } }
    private val contextWithResponse by lazy { native { NativeContext(token?.handle, true) } }

    constructor(client: ClientHandle, name: String, token: CancellationToken? = null) :
        this(client, name, token, native { client.native.entity(name) })

    fun with(settings: CallSettings): EntityHandle = EntityHandle(client.with(settings), name, token)

    fun with(token: CancellationToken): EntityHandle = EntityHandle(client, name, token, native)

    fun list(options: Map<String, Any?>): ListHandle =
        ListHandle(client.state, name, token) { context -> native.list(jsonOf(options, "options"), context) }

    fun <T> run(call: Call<T>): T =
        call.decode(blocking({ direct.run(call.call, withResponse = false) }, { interruption(call) }) { native.runAsync(call.call, context) })

    suspend fun <T> runSuspending(call: Call<T>): T = call.decode(background { native.runAsync(call.call, context) })

    fun <T> runWithResponse(call: Call<T>): Response<T> {
        val json =
            blocking({ direct.run(call.call, withResponse = true) }, { interruption(call) }) { native.runAsync(call.call, contextWithResponse) }
        return Response.of(json, call.decode)
    }

    private fun interruption(call: Call<*>) = Interruption.of(call.call, name)

    suspend fun <T> runSuspendingWithResponse(call: Call<T>): Response<T> =
        Response.of(background { native.runAsync(call.call, contextWithResponse) }, call.decode)
}
