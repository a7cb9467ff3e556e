package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

@Entity
@Artefact('Domain')
class Offer {
    String name
    String phone
    String city
    String note
    String text
    Long n
    Integer size
    Boolean keep
    BigDecimal price
    Date point
    Date noFraction
    Date sixDigits
    Date day
    Account account
    String ąęłżźć

    static constraints = {
        name nullable: true
        phone nullable: true
        city nullable: true
        note nullable: true, maxSize: 100000
        text nullable: true
        n nullable: true
        size nullable: true
        keep nullable: true
        price nullable: true, scale: 2
        point nullable: true
        noFraction nullable: true
        sixDigits nullable: true
        day nullable: true
        account nullable: true
        ąęłżźć nullable: true
    }
    static mapping = {
        id generator: 'identity'
        text column: 'text_'
        size column: 'size_'
        day column: 'day_'
        ąęłżźć column: 'aelzzc'
    }

    /** Returns the fields with a value: an entity whose JSON leaves out the others. */
    static Map filledFields(Offer offer) {
        def names = ['id', *Offer.getGormPersistentEntity().persistentProperties*.name] - 'version'
        names.collectEntries { name -> [name, offer[name]] }.findAll { name, value -> value != null }
    }
}
