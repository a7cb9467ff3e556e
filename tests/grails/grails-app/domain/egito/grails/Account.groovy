package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

@Entity
@Artefact('Domain')
class Account {
    String name
    String city
    String phone
    String nip
    String note
    Integer employees
    Boolean active
    BigDecimal revenue
    Account account
    Date dateCreated
    Date lastUpdated

    static constraints = {
        name maxSize: 255
        city nullable: true
        phone nullable: true
        nip nullable: true
        note nullable: true, maxSize: 100000
        employees nullable: true
        active nullable: true
        revenue nullable: true, scale: 2
        account nullable: true
    }
    static mapping = {
        id generator: 'identity'
    }
}
