package pl.egito.adapter

/** The arguments of each step of an outbox. */
fun stepsOf(args: Arguments): List<Pair<String, Arguments>> =
    listOfObjects(args.value("steps")).map { step -> (step["do"] as String) to Arguments(step - "do") }

/** Returns the result of a step, or its error. */
inline fun stepResult(step: Arguments, play: () -> Any?): Any? {
    val reply = reply { play().also { step.requireAllUsed() } }
    return if ("result" in reply) reply["result"] else reply
}
