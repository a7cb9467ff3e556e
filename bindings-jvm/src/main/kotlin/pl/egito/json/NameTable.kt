package pl.egito.json

/** Finds a name among the names of a class by its UTF-8, so that no string is created for it. */
internal class NameTable(names: List<String>) {
    private val names = names.map(String::encodeToByteArray)
    private val slots = IntArray(Integer.highestOneBit(names.size + 1) * 4) { NONE }

    init {
        this.names.forEachIndexed { index, name -> slots[freeSlot(name.fold(0, ::addToHash))] = index }
    }

    /** Returns the index of the name in these bytes, negative if the class lacks it. The hash is that of [addToHash], from 0. */
    fun indexOf(bytes: ByteArray, start: Int, end: Int, hash: Int): Int {
        var slot = slotOf(hash)
        while (true) {
            val index = slots[slot]
            if (index == NONE || isEqual(names[index], bytes, start, end)) return index
            slot = slotOf(slot + 1)
        }
    }

    private fun freeSlot(hash: Int): Int {
        var slot = slotOf(hash)
        while (slots[slot] != NONE) slot = slotOf(slot + 1)
        return slot
    }

    private fun slotOf(hash: Int): Int = hash and slots.size - 1

    private fun isEqual(name: ByteArray, bytes: ByteArray, start: Int, end: Int): Boolean =
        java.util.Arrays.equals(name, 0, name.size, bytes, start, end)

    companion object {
        const val NONE = -1

        fun addToHash(hash: Int, byte: Byte): Int = hash * 31 + byte
    }
}
