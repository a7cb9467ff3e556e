package egito.grails

/** A list with filters, sort and pages: parameters named like a field compare with that field. */
class Filters {
    static list(Class entity, params, ServerConfig config) {
        int max = Math.min(positive(params.int('max')) ?: 10, config.page_cap)
        def fields = [entity.gormPersistentEntity.identity, *entity.gormPersistentEntity.persistentProperties]
            .findAll { params.containsKey(it.name) && !(it.name in config.ignore_filters) }
        entity.createCriteria().list(max: max, offset: positive(params.int('offset')) ?: 0) {
            fields.each { field -> 'in'(field.name, values(field.type, params.list(field.name))) }
            order(params.sort ?: 'id', params.order ?: 'asc')
        }
    }

    private static positive(Integer number) {
        number != null && number > 0 ? number : null
    }

    private static List values(Class type, List texts) {
        texts.collect { text -> type == Boolean ? Boolean.valueOf(text) : text.asType(type) }
    }
}
