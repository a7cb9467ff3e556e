package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

/** An entity of a customer's own. */
@Entity
@Artefact('Domain')
class My_Own2 {
    String name

    static mapping = {
        id generator: 'identity'
        table 'my_own2'
    }
}
