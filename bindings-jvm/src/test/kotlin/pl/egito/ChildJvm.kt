package pl.egito

import java.io.File
import java.util.Properties

/** The class path of this test. */
val CLASS_PATH: String = System.getProperty("surefire.test.class.path") ?: System.getProperty("java.class.path")

/** Starts the main class of a file of these tests in a JVM of its own. Its errors go to those of the test. */
fun startJvm(
    mainClass: String,
    argument: String,
    java: File = javaOf(File(System.getProperty("java.home"))),
    vararg options: String,
    environment: Map<String, String> = mapOf(),
    classPath: String = CLASS_PATH,
): Process {
    val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
    val command = listOf(java.path, "--enable-native-access=ALL-UNNAMED", library, *options, "-cp", classPath, mainClass, argument)
    return ProcessBuilder(command).apply { environment() += environment }.redirectError(ProcessBuilder.Redirect.INHERIT).start()
}

/** Returns settings as the variables that [Egito.fromEnv] reads. */
fun environmentOf(settings: String): Map<String, String> {
    val all = EgitoJson.parse(settings) as Map<*, *>
    val names = mapOf(
        "EGITO_BASE_URL" to "base_url", "EGITO_API_ID" to "client_id", "EGITO_API_SECRET" to "client_secret",
        "EGITO_USERNAME" to "username", "EGITO_PASSWORD" to "password",
    )
    return names.mapValues { (_, name) -> all[name] as String }
}

/** Returns the JDK of this machine with the highest version, if it is at least [version]. */
fun newestJava(version: Int): File? {
    val homes = File("/usr/lib/jvm").listFiles().orEmpty().toList() + File(System.getProperty("java.home"))
    return homes.filter { javaOf(it).exists() && versionOf(it) >= version }.maxByOrNull(::versionOf)?.let(::javaOf)
}

private fun javaOf(home: File) = home.resolve("bin/java")

private fun versionOf(home: File): Int {
    val release = home.resolve("release").takeIf { it.exists() } ?: return 0
    val version = Properties().apply { release.reader().use(::load) }.getProperty("JAVA_VERSION").orEmpty()
    return version.trim('"').substringBefore('.').toIntOrNull() ?: 0
}
