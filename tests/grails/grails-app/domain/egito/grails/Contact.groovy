package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

/** A person of a customer. */
@Entity
@Artefact('Domain')
class Contact extends Person {
    static mapping = {
        id generator: 'identity'
    }
}
