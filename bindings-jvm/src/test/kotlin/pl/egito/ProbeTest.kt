package pl.egito

import java.nio.file.Path
import kotlin.io.path.writeText
import kotlin.time.Duration.Companion.seconds
import kotlinx.coroutines.runBlocking
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertFalse
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows
import org.junit.jupiter.api.io.TempDir

/** `probe` and `fromFile`: their options and results. The core tests what a probe finds. */
class ProbeTest : SandboxTest() {
    @TempDir
    private lateinit var folder: Path

    @Test
    fun `a probe finds the settings of the server, and a file keeps them`() {
        serveWith(mapOf("limit_param" to "limit", "page_cap" to 2))
        val report = egito.probe(entities = listOf("Account"), write = "Account", record = mapOf("name" to "Test"), timeout = 60.seconds)
        assertTrue(report.isOk, report.toText())
        assertEquals(mapOf("limitParam" to "limit", "pageSize" to 2L), report.settings)
        assertEquals(2L, report.facts["page_cap"])
        assertTrue("val egito = Egito.fromEnv {\n    limitParam = \"limit\"\n" in report.snippets.getValue("kotlin"))
        val offset = report.check("list_offset")!!
        assertEquals(listOf(CheckStatus.OK, null, "A"), listOf(offset.status, offset.advice, offset.mark))
        val json = EgitoJson.parse(report.toJson()) as Map<*, *>
        assertEquals(mapOf("limit_param" to "limit", "page_size" to 2L), json["settings"])
        assertEquals(report.requests, json["requests"])

        Egito.fromFile(fileOf(report.toToml())) { useSandbox() }.use { assertEquals(5, it.accounts.list().toList().size) }
    }

    @Test
    fun `a probe of coroutines finds the same`() = runBlocking {
        serveWith(mapOf("id_param" to "key"))
        assertEquals(mapOf("idParam" to "key"), egito.coroutines.probe(entities = listOf("Account")).settings)
    }

    @Test
    fun `a failed check is part of the report`() {
        Egito { useSandbox(); password = "wrong" }.use { client ->
            val report = client.probe()
            assertFalse(report.isOk)
            assertEquals(CheckStatus.PROBLEM, report.check("login")?.status)
            assertTrue(report.checks.any { it.status == CheckStatus.SKIPPED })
        }
    }

    @Test
    fun `invalid options and a closed client are errors`() {
        assertEquals("entities", assertThrows<ConfigException> { egito.probe(entities = listOf()) }.setting)
        assertEquals("record", assertThrows<ConfigException> { egito.probe(record = mapOf("name" to "Test")) }.setting)
        egito.close()
        assertThrows<ConfigException> { egito.probe() }
    }

    @Test
    fun `an error of a file names its line`() {
        val failure = assertThrows<ConfigException> { Egito.fromFile(fileOf("# ours\nlimt_param = 'limit'\n")) }
        assertTrue("egito.toml, line 2: unknown setting `limt_param`: did you mean" in failure.message!!, failure.message)
        val missing = assertThrows<ConfigException> { Egito.fromFile(folder.resolve("missing.toml").toString()) }
        assertTrue("missing.toml" in missing.message!!, missing.message)
        assertEquals("path", assertThrows<ConfigException> { Egito.fromFile("\ud800") }.setting)
    }

    @Test
    fun `the environment names a file`() {
        serveWith(mapOf("id_param" to "key"))
        val file = fileOf("client_id = 'other'\nid_param = 'key'\n")
        val program = startJvm("pl.egito.FromEnvKt", "1", environment = environmentOf(sandbox.settings) + ("EGITO_CONFIG" to file))
        assertEquals("1", program.inputReader().readText().trim())
        assertEquals(0, program.waitFor())
    }

    private fun serveWith(config: Map<String, Any>) =
        sandbox.reset(mapOf("seed" to "empty", "records" to mapOf("Account" to 5), "config" to config))

    private fun fileOf(toml: String): String = folder.resolve("egito.toml").apply { writeText(toml) }.toString()

    private fun EgitoSettings.useSandbox() {
        val settings = EgitoJson.parse(sandbox.settings) as Map<*, *>
        baseUrl = settings["base_url"] as String
        clientId = settings["client_id"] as String
        clientSecret = settings["client_secret"] as String
        username = settings["username"] as String
        password = settings["password"] as String
    }
}
