package egito.grails

import grails.artefact.Artefact
import grails.gorm.annotation.Entity

@Entity
@Artefact('Domain')
class Opportunity {
    String name
    BigDecimal amount
    Date closes
    Account account
    Date dateCreated
    Date lastUpdated

    static constraints = {
        amount nullable: true, scale: 2
        closes nullable: true
        account nullable: true
    }
    static mapping = {
        id generator: 'identity'
    }
}
