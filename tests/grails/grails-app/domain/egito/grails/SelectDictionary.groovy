package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

/** One choice of a drop-down field. */
@Entity
@Artefact('Domain')
class SelectDictionary {
    String type
    String name
    static mapping = {
        id generator: 'identity'
    }
}
