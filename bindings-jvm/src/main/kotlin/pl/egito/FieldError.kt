package pl.egito

/** An error of the server about a record, usually about one of its fields. */
public class FieldError internal constructor(members: Map<*, *>) {
    /** The invalid field, if the server names it. */
    public val field: String? = members["field"] as String?

    /** The server's message, in its language. */
    public val message: String = members["message"] as String

    /** The value that was refused. */
    public val rejectedValue: Any? = members["rejected_value"]

    /** The server's name of the object's type. */
    public val objectName: String? = members["object"] as String?

    /** The error as the server sent it. */
    public val raw: Any? = members["raw"]

    override fun toString(): String = if (field == null) message else "$field: $message"
}
