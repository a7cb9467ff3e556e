package pl.egito.json

/** Returns the value at a path such as `address.city` or `phones.0`; `null` if nothing is there. */
internal fun valueAt(root: Any?, path: String): Any? = stepsOf(path).fold(root) { value, step ->
    when (value) {
        is Map<*, *> -> value[step]
        is List<*> -> step.toIntOrNull()?.let(value::getOrNull)
        else -> null
    }
}

/** Splits a path at its dots. `\.` is a dot in a name, and `\\` a backslash. */
private fun stepsOf(path: String): List<String> {
    if ('\\' !in path) return path.split('.')
    val steps = mutableListOf(StringBuilder())
    var isEscaped = false
    for (character in path) {
        when {
            isEscaped -> { steps.last().append(character); isEscaped = false }
            character == '\\' -> isEscaped = true
            character == '.' -> steps.add(StringBuilder())
            else -> steps.last().append(character)
        }
    }
    return steps.map(StringBuilder::toString)
}
