package pl.egito.json

import java.lang.ref.ReferenceQueue
import java.lang.ref.WeakReference
import java.util.concurrent.ConcurrentHashMap

/**
 * Values that are computed once for each key. Equal keys may have different values: their identity counts. A key is not kept in memory,
 * and neither is its class loader.
 */
internal class IdentityCache<K : Any, V : Any>(private val compute: (K) -> V) {
    private val values = ConcurrentHashMap<Any, V>()
    private val collected = ReferenceQueue<Any>()

    /** The number of values. */
    val size: Int get() = values.size

    operator fun get(key: K): V = values[Lookup(key)] ?: add(key)

    private fun add(key: K): V {
        removeCollected()
        return compute(key).also { values[Stored(key, collected)] = it }
    }

    private fun removeCollected() {
        while (true) values.remove(collected.poll() ?: return)
    }

    private class Lookup(private val key: Any) {
        override fun hashCode(): Int = System.identityHashCode(key)
        override fun equals(other: Any?): Boolean = other is Stored && other.refersTo(key)
    }

    private class Stored(key: Any, collected: ReferenceQueue<Any>) : WeakReference<Any>(key, collected) {
        private val hash = System.identityHashCode(key)

        override fun hashCode(): Int = hash
        override fun equals(other: Any?): Boolean = this === other
    }
}
