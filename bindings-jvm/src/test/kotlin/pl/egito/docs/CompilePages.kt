package pl.egito.docs

import java.io.File

/** Compiles the examples of pages, and prints the main class of each one: `CompilePagesKt FOLDER PAGE…`. The classes are in `FOLDER/classes`. */
fun main(arguments: Array<String>) {
    val folder = File(arguments.first()).apply { deleteRecursively() }
    val examples = arguments.drop(1).flatMap { examplesOf(File(it)) }
    compile(examples, folder)
    for (example in examples) println(example.mainClass)
}
