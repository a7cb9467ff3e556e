package pl.egito.docs

import java.io.File
import java.nio.file.Path
import java.util.concurrent.TimeUnit
import kotlin.io.path.createTempDirectory
import org.junit.jupiter.api.AfterAll
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.TestFactory
import org.junit.jupiter.api.TestInstance
import org.junit.jupiter.api.io.TempDir
import pl.egito.CLASS_PATH
import pl.egito.environmentOf
import pl.egito.testing.Sandbox

private val ROOT = File("..").canonicalFile

/** The pages, and what each of their examples prints, in order. */
private val PAGES = mapOf(
    "docs/kotlin.md" to listOf(
        """Żubr sp\. z o\.o\. 20\d\d-.*Z\n\d+ accounts in Kraków\n""",
        "",
        """\(200, Thank you!\)\n\(200, Thank you!\)\n.*\(400, .*lastName.*\)\n.*\(400, Please load the page again\.\)\n""",
        """1 delivered, 1 refused, 0 waiting\nentry 2: .*name.*\n1 delivered\n""",
        """account (\d+): CREATED \[]\naccount \1: UNCHANGED \[]\naccount \1: UPDATED \[city]\n""",
        """line 1: CREATED\nline 2: CREATED\nline 3: .*key.*\n2 of 3\n""",
        """true \d+ \d+\n20 0\n""",
        """line 1: lead \d+\nline 2: .*lastName.*\n""",
        """breaks off after lead (\d+)\nline 1: lead \1 true\nline 2: lead \d+ .*\n""",
        """0 more\n""",
        """\[Żbik, Ryś, Wilk]\n3\n\d+\n""",
        """\[name: .*]\nnull\n""",
        """Account\(id=null, name=Żubr, city=Opole, turnover=12\.50, dateCreated=null\)\ntrue\n""",
        """12345678901234567890\.10\n""",
        """Żubr Próbny sp\. z o\.o\.\n\d+\n""",
        """login null attempt 1: 200\nget Account attempt 1: 200\n1 call, 1 login\n""",
        """call 1 created \d+: status 200, 1 attempts\n\d+ 200 \[application/json;charset=UTF-8]\n""",
        "",
    ),
    "docs/java.md" to listOf(
        """Żubr sp\. z o\.o\. 20\d\d-.*Z\n\d+ accounts in Kraków\n""",
        "",
        """200 Thank you!\n200 Thank you!\n.*\n400 .*lastName.*\n.*\n400 Please load the page again\.\n""",
        """1 delivered, 1 refused\nentry 2: .*name.*\n1 delivered\n""",
        """account (\d+): CREATED \[]\naccount \1: UNCHANGED \[]\naccount \1: UPDATED \[city]\n""" +
            """line 1: CREATED\nline 2: CREATED\nline 3: .*key.*\n2 of 3\n""",
        """true \d+\n20\n""",
        """line 1: lead \d+\nline 2: .*lastName.*\ntrue\n""",
        """0 more\n""",
        """Żbik\nRyś\nWilk\nŻubr Próbny sp\. z o\.o\.\n""",
        """name: .*\nno account has the id 404\n""",
        """Account\[name=Żubr, city=Opole]\nAccount\[name=Żubr, city=Opole]\n""",
        """Żubr Próbny sp\. z o\.o\.\n\d+\n""",
        """login attempt 1: 200\nget attempt 1: 200\n1 call, 1 login\n""",
        """call 1 created \d+: status 200\n\d+ 200 \[application/json;charset=UTF-8]\n""",
        """1\n""",
    ),
    "bindings-jvm/README.md" to listOf("""(\d+ .*\n)+""", """(\d+ .*\n)+"""),
)

/** Compiles the examples of the guides and of the README unchanged, and runs each with a new state of the sandbox. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class DocsTest {
    @TempDir
    private lateinit var folder: Path
    private val sandbox = Sandbox.start()

    @AfterAll
    fun stop() = sandbox.close()

    @TestFactory
    fun examples(): List<DynamicTest> {
        val examples = PAGES.mapValues { (page, _) -> examplesOf(ROOT.resolve(page)) }
        return PAGES.flatMap { (page, outputs) ->
            val classes = compile(examples.getValue(page), folder.resolve(page).toFile())
            assertEquals(examples.getValue(page).size, outputs.size, page)
            examples.getValue(page).zip(outputs) { example, output -> dynamicTest(example.title) { run(example, classes, output) } }
        }
    }

    private fun run(example: Example, classes: File, output: String) {
        sandbox.reset()
        val java = "${System.getProperty("java.home")}/bin/java"
        val path = listOf(classes.path, CLASS_PATH).joinToString(File.pathSeparator)
        val library = "-Djna.library.path=${System.getProperty("jna.library.path")}"
        val command = listOf(java, "--enable-native-access=ALL-UNNAMED", "-XX:TieredStopAtLevel=1", library, "-cp", path, example.mainClass)
        val program = ProcessBuilder(command).directory(createTempDirectory(folder, "run").toFile()).redirectErrorStream(true)
        program.environment() += environmentOf(sandbox.settings)
        val process = program.start()
        val printed = process.inputReader().readText()
        assertTrue(process.waitFor(60, TimeUnit.SECONDS))
        assertEquals(0, process.exitValue(), printed)
        assertTrue(Regex(output, RegexOption.DOT_MATCHES_ALL).matches(printed), "expected $output, got:\n$printed")
    }
}
