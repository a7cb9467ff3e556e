package egito.grails

import grails.converters.JSON
import groovy.sql.Sql

import javax.sql.DataSource

/** The stored records, read and written past the API. */
class Rows {
    /** Stores the dictionaries, unless a database that outlived the last run has them. */
    static void seed() {
        boolean empty = SelectDictionary.withNewTransaction { SelectDictionary.count() == 0 }
        if (empty) {
            add('SelectDictionary', Seed.DICTIONARIES)
        }
    }

    static List<Long> add(String name, List<Map> rows) {
        Class entity = known(name)
        entity.withNewTransaction { status ->
            rows.collect { row -> insert(entity, row) }
        }
    }

    static String all(String name) {
        Class entity = known(name)
        entity.withNewTransaction { (entity.list(sort: 'id') as JSON).toString() }
    }

    static void generate(String name, int count) {
        Class entity = known(name)
        def columns = entity == Contact || entity == Lead ? 'last_name' : 'name'
        def values = "concat('$name ', x)"
        if (entity.gormPersistentEntity.getPropertyByName('dateCreated')) {
            columns += ', date_created, last_updated'
            values += ', now(), now()'
        }
        entity.withNewTransaction {
            sql(entity, "insert into ${table(entity)} (id, version, $columns) select x, 0, $values from system_range(1, $count)")
            sql(entity, "alter table ${table(entity)} alter column id restart with ${count + 1}")
        }
    }

    /** Deletes everything; ids begin at 1 again. */
    static void clear(DataSource source) {
        def sql = new Sql(source)
        sql.execute('set referential_integrity false')
        Application.DOMAIN.each {
            sql.execute("truncate table ${table(it)}".toString())
            sql.execute("alter table ${table(it)} alter column id restart with 1".toString())
        }
        sql.execute('set referential_integrity true')
        sql.close()
    }

    private static Class known(String name) {
        def entity = RestApiController.ENTITIES[name]
        if (entity == null) {
            throw new IllegalArgumentException("this server has no entity $name")
        }
        entity
    }

    private static Long insert(Class entity, Map row) {
        def record = entity.newInstance(row.findAll { key, value -> key != 'id' })
        record.save(flush: true, validate: false, failOnError: true)
        if (row.id == null) {
            return record.id
        }
        entity.withSession { session -> session.evict(record) }
        sql(entity, "update ${table(entity)} set id = ${row.id as long} where id = $record.id")
        sql(entity, "alter table ${table(entity)} alter column id restart with ${(row.id as long) + 1}")
        row.id as long
    }

    private static void sql(Class entity, CharSequence command) {
        entity.withSession { session -> session.createSQLQuery(command.toString()).executeUpdate() }
    }

    private static String table(Class entity) {
        entity.simpleName.replaceAll(/(?<=[a-z])(?=[A-Z])/, '_').toLowerCase()
    }
}
