package pl.egito

/** Endless records, and how many of them were read. */
internal class Endless : Iterable<Map<String, Any?>> {
    @Volatile
    var taken: Int = 0

    override fun iterator(): Iterator<Map<String, Any?>> = generateSequence { mapOf("lastName" to "Nowak ${taken++}") }.iterator()
}
