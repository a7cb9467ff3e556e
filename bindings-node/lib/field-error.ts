/** Field errors: what the server reports about a record. */

/** An error of the server about a record, usually about one of its fields. */
export interface FieldError {
  /** The invalid field, if the server names it. */
  readonly field?: string;
  /** The server's message, in its language. */
  readonly message: string;
  /** The value that was refused. */
  readonly rejectedValue?: unknown;
  /** The server's name of the object's type. */
  readonly object?: string;
  /** The error as the server sent it. */
  readonly raw: unknown;
}
