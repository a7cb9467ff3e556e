package egito.grails

import grails.gorm.dirty.checking.DirtyCheck

/** The fields of Contact and Lead; it has no table of its own. Without the annotation, GORM does not write changes of these fields. */
@DirtyCheck
abstract class Person {
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
}
