package egito.grails

/** What differs between servers of this kind; `POST /_control/config` changes it. */
class ServerConfig {
    /** Maximum number of rows on a page. */
    int page_cap = 100
    /** `array`, or the key of the object that holds the rows. */
    String list_form = 'array'
    /** Key of the count next to the rows. */
    String total_key
    /** Status of a response with `errors`. */
    int validation_status = 200
    /** Lifetime of new access tokens, in seconds. */
    int token_seconds = 3600
    /** Number of calls after which all access tokens are revoked, again and again; 0: never. */
    int revoke_after = 0
    /** Whether a refresh grant returns a new refresh token. */
    boolean rotate_refresh = false
    /** Time zone of dates and times without one. */
    String time_zone = 'Europe/Warsaw'

    /** Fields whose filters are ignored. */
    List<String> ignore_filters = []
    /** Time from the response to a create until its commit, in milliseconds; 0: it responds after the commit. */
    int commit_delay_ms = 0

    static volatile ServerConfig current = new ServerConfig()
}
