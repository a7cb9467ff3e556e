package pl.egito

import java.io.File
import java.nio.file.Path
import java.nio.file.attribute.PosixFilePermissions
import java.util.concurrent.CopyOnWriteArrayList
import kotlin.io.path.createFile
import kotlin.io.path.writeText
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.AfterEach
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.BeforeEach
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.io.TempDir

/** Failures that no call reports. */
class WarningLogTest : SandboxTest() {
    @TempDir
    private lateinit var folder: Path

    @BeforeEach
    @AfterEach
    fun clear() = CollectedWarnings.clear()

    @Test
    fun `a warning is logged by slf4j`() {
        withDamagedTokens { assertEquals(1L, it.accounts.get(1).long("id")) }
        assertWarned()
    }

    @Test
    fun `a warning of a call in the background is logged by slf4j`() {
        withDamagedTokens { egito -> runBlocking { assertEquals(1L, egito.coroutines.accounts.get(1).long("id")) } }
        assertWarned()
    }

    @Test
    fun `a logger cannot make a call, which would wait for itself`() {
        val failures = CopyOnWriteArrayList<String?>()
        CollectedWarnings.onWarning = { failures += runCatching { egito.accounts.get(2) }.exceptionOrNull()?.message }
        withDamagedTokens { it.accounts.get(1) }
        assertEquals(listOf("cannot make a call in a listener of events or a logger; make it on another thread"), failures.distinct())
    }

    @Test
    fun `an exception of a logger does not change the call`() {
        CollectedWarnings.onWarning = { throw IllegalStateException("no") }
        val thrown = uncaughtDuring { withDamagedTokens { assertEquals(1L, it.accounts.get(1).long("id")) } }
        assertEquals(listOf("no"), thrown.map { it.message }.distinct())
    }

    @Test
    fun `a program without slf4j needs none`() {
        val classPath = CLASS_PATH.split(File.pathSeparator).filter { "slf4j" !in it }.joinToString(File.pathSeparator)
        val program = startJvm("pl.egito.WithoutSlf4jKt", settingsWithDamagedTokens(), classPath = classPath)
        assertEquals("no slf4j, account 1\n", program.inputReader().readText())
        assertEquals(0, program.waitFor())
    }

    private fun assertWarned() {
        val line = CollectedWarnings.lines.distinct().single() // the file is read several times
        val path = folder.resolve("tokens.json")
        assertTrue(line.startsWith("egito: WARN: the token store is ignored and will be rewritten path=$path why="), line)
    }

    private fun withDamagedTokens(block: (Egito) -> Unit) = Egito.fromJson(settingsWithDamagedTokens()).use(block)

    private fun settingsWithDamagedTokens(): String {
        val onlyOwner = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
        val tokens = folder.resolve("tokens.json").createFile(onlyOwner)
        tokens.writeText("damaged")
        val settings = EgitoJson.parse(sandbox.settings) as Map<*, *>
        return EgitoJson.stringify(settings + ("token_store" to tokens.toString()))
    }
}
