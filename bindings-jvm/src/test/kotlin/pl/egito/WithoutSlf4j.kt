package pl.egito

/** Makes a call for which the core has a warning, in a program without slf4j. */
fun main(arguments: Array<String>) = Egito.fromJson(arguments.single()).use { egito ->
    val isPresent = runCatching { Class.forName("org.slf4j.Logger") }.isSuccess
    println("${if (isPresent) "slf4j" else "no slf4j"}, account ${egito.accounts.get(1).long("id")}")
}
