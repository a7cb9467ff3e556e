package egito.grails

/** Ends this program together with the process that started it, if the property `egito.parent` has its id. */
class Parent {
    static void watch() {
        Long id = Long.getLong('egito.parent')
        if (id == null) {
            return
        }
        def parent = ProcessHandle.current().parent().filter { it.pid() == id }
        // Another parent has adopted this program: its own has ended while Java started.
        parent.isPresent() ? parent.get().onExit().thenRun { Runtime.runtime.halt(0) } : Runtime.runtime.halt(0)
    }
}
