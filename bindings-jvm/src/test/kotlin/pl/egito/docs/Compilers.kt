package pl.egito.docs

import java.io.File
import java.io.PrintStream
import java.io.StringWriter
import javax.tools.ToolProvider
import org.jetbrains.kotlin.cli.common.ExitCode
import org.jetbrains.kotlin.cli.jvm.K2JVMCompiler
import pl.egito.CLASS_PATH

/** Compiles examples in a folder, and returns the folder of their classes. Warnings are errors. */
fun compile(examples: List<Example>, folder: File): File {
    val sources = folder.resolve("sources")
    for (example in examples) sources.resolve(example.file).apply { parentFile.mkdirs() }.writeText(example.source())
    return folder.resolve("classes").also { it.mkdirs(); compile(sources, it) }
}

private fun compile(sources: File, classes: File) {
    val files = sources.walk().groupBy { it.extension }
    if ("kt" in files) compileKotlin(sources, classes)
    files["java"]?.let { compileJava(it, classes) }
}

private fun compileKotlin(sources: File, classes: File) {
    val serialization = CLASS_PATH.split(File.pathSeparator).single { "kotlin-serialization-compiler-plugin-embeddable" in it }
    val options = listOf("-no-stdlib", "-no-reflect", "-jvm-target", "17", "-Werror", "-Xplugin=$serialization", "-cp", CLASS_PATH)
    val exit = K2JVMCompiler().exec(PrintStream(System.err), *options.toTypedArray(), "-d", classes.path, sources.path)
    check(exit == ExitCode.OK) { "the examples in Kotlin do not compile: $exit" }
}

private fun compileJava(files: List<File>, classes: File) {
    val compiler = ToolProvider.getSystemJavaCompiler()
    val messages = StringWriter()
    val options = listOf("--release", "17", "-Xlint:all,-processing", "-Werror", "-cp", CLASS_PATH, "-d", classes.path)
    val manager = compiler.getStandardFileManager(null, null, Charsets.UTF_8)
    val units = manager.getJavaFileObjectsFromFiles(files)
    check(compiler.getTask(messages, manager, null, options, null, units).call()) { messages.toString() }
}
