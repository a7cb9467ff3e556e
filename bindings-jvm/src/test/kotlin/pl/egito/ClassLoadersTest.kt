package pl.egito

import java.io.File
import java.net.URLClassLoader
import java.util.function.Function
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotSame
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.condition.EnabledOnOs
import org.junit.jupiter.api.condition.OS

/** Class loaders, each with its own copy of the SDK, as the applications of one Tomcat have. */
class ClassLoadersTest : SandboxTest() {
    @Test
    fun `two copies of the SDK work at the same time, and after the other one was closed`() {
        val (one, other) = List(2) { newLoader() }
        assertNotSame(probeOf(one).javaClass, probeOf(other).javaClass)
        repeat(2) { assertEquals(List(3) { RESULT }, listOf(probeOf(one), probeOf(other), Probe()).map { it.apply(sandbox.settings) }) }
        one.close()
        assertEquals(RESULT, probeOf(other).apply(sandbox.settings))
    }

    @Test
    @EnabledOnOs(OS.LINUX, disabledReason = "reads /proc; other systems keep the file of an open library")
    fun `a copy of the library leaves no file`() {
        assertEquals(RESULT, probeOf(newLoader()).apply(sandbox.settings))
        val folder = File(System.getProperty("java.io.tmpdir")).canonicalPath
        val copies = File("/proc/self/maps").readLines().filter { "$folder/libegito_jvm" in it }
        assertTrue(copies.isNotEmpty() && copies.all { it.endsWith(" (deleted)") }, "$copies")
    }

    private fun newLoader(): URLClassLoader {
        val urls = CLASS_PATH.split(File.pathSeparator).map { File(it).toURI().toURL() }.toTypedArray()
        return URLClassLoader(urls, ClassLoader.getPlatformClassLoader())
    }

    @Suppress("UNCHECKED_CAST")
    private fun probeOf(loader: ClassLoader): Function<String, String> =
        loader.loadClass(Probe::class.java.name).getConstructor().newInstance() as Function<String, String>

    private companion object {
        const val RESULT = "1 login get not_found"
    }
}

/** Uses calls, events and errors of the copy of the SDK that its class loader has loaded. */
class Probe : Function<String, String> {
    override fun apply(settings: String): String = Egito.fromJson(settings).use { egito ->
        val actions = mutableListOf<String>()
        egito.onEvent { actions += it.action }
        val id = egito.accounts.get(1).long("id")
        val events = actions.joinToString(" ")
        val failure = runCatching { egito.async().accounts().get(404_404).join() }.exceptionOrNull()
        "$id $events ${(failure?.cause as EgitoException).code}"
    }
}
