package egito.grails

/** The fields of Contact and Lead; it has no table of its own. */
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
