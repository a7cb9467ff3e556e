package pl.egito.docs

import java.io.File

/** One example of a page: a program, or the body of its `main` after the imports. */
class Example(val title: String, val language: String, private val packageName: String, private val code: String) {
    private val hasMain = Regex("""fun main\(|void main\(""").containsMatchIn(code)

    /** Its file below the folder of the sources. */
    val file: String = packageName.replace('.', '/') + if (language == "kotlin") "/Example.kt" else "/${javaClassName()}.java"

    val mainClass: String = if (language == "kotlin") "$packageName.ExampleKt" else "$packageName.${javaClassName()}"

    /** The file as it is compiled. */
    fun source(): String {
        val end = if (language == "kotlin") "" else ";"
        return "package $packageName$end\n\n" + if (hasMain) code else withMain()
    }

    private fun withMain(): String {
        val (imports, body) = code.lines().partition { it.startsWith("import ") }
        val head = if (language == "kotlin") "fun main() {" else "class Example { public static void main(String[] arguments) throws Exception {"
        val tail = if (language == "kotlin") "}" else "} }"
        return (imports + head + body + tail).joinToString("\n")
    }

    private fun javaClassName(): String =
        if (hasMain) Regex("""^(?:public )?class (\w+)""", RegexOption.MULTILINE).findAll(code).last().groupValues[1] else "Example"
}

/** Returns the examples of a page, in order. Each has a package of its own, since several define the same names. */
fun examplesOf(page: File): List<Example> {
    val pagePackage = page.name.lowercase().replace(Regex("""\W"""), "_")
    var heading = ""
    val parts = Regex("""^(#+) ([^\n]*)$|^```(kotlin|java)\n(.*?)^```$""", setOf(RegexOption.MULTILINE, RegexOption.DOT_MATCHES_ALL))
    var number = 0
    return parts.findAll(page.readText()).mapNotNull { found ->
        val (hashes, title, language, code) = found.destructured
        if (hashes.isNotEmpty()) heading = title
        if (hashes.isNotEmpty()) null else Example("${page.name}: $heading", language, "$pagePackage.$language${++number}", code)
    }.toList()
}
