package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

/** A person who may become a customer. */
@Entity
@Artefact('Domain')
class Lead extends Person {
    static mapping = {
        id generator: 'identity'
    }
}
