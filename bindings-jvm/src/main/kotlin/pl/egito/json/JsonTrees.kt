package pl.egito.json

/** The classes of other libraries for any JSON value. By their names, since a program may lack the libraries. */
private val TREES = setOf(
    "com.fasterxml.jackson.databind.JsonNode",
    "tools.jackson.databind.JsonNode",
    "com.google.gson.JsonElement",
    "kotlinx.serialization.json.JsonElement",
    "jakarta.json.JsonValue",
)

private val IS_TREE = object : ClassValue<Boolean>() {
    override fun computeValue(type: Class<*>): Boolean =
        type.name in TREES || (listOfNotNull(type.superclass) + type.interfaces).any(::get)
}

/** Returns whether a value is JSON as another library represents it. The text of such a value is its JSON. */
internal fun isJsonTree(value: Any): Boolean = IS_TREE.get(value.javaClass)
