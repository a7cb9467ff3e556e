package egito.grails

import org.h2.tools.Server

/** A database of its own, which survives when the application is killed. Prints its port. */
class Database {
    static void main(String[] args) {
        Parent.watch()
        println Server.createTcpServer('-tcpPort', '0', '-ifNotExists', '-baseDir', System.getProperty('egito.database')).start().port
    }
}
