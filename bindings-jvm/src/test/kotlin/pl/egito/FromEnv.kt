package pl.egito

/** Prints the id of the account with the id that is the argument. The environment has the settings. */
fun main(arguments: Array<String>) = Egito.fromEnv().use { println(it.accounts.get(arguments.single()).id) }
