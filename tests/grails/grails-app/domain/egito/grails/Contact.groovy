package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

@Entity
@Artefact('Domain')
class Contact {
    String firstName
    String lastName
    String email
    Account account
    Date dateCreated
    Date lastUpdated

    static constraints = {
        firstName nullable: true
        email nullable: true, email: true
        account nullable: true
    }
    static mapping = {
        id generator: 'identity'
    }
}
