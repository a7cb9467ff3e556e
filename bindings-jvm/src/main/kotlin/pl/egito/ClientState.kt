package pl.egito

/** The state of a client, which it shares with those that have other settings for their calls. */
internal class ClientState {
    /** Whether the client was closed. */
    @Volatile
    var isClosed: Boolean = false
}
