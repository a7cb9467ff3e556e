package pl.egito

/** A map that cannot be read. */
class BrokenMap : AbstractMap<String, Any?>() {
    override val entries: Set<Map.Entry<String, Any?>> get() = error("no entries")
}
