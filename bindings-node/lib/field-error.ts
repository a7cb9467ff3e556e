/** One complaint of the server about a record. */

/** One complaint of the server about a record. */
export interface FieldError {
  /** The field that is wrong, where the server names it. */
  readonly field?: string;
  /** What is wrong, in the server's words and language. */
  readonly message: string;
  /** The value that was refused. */
  readonly rejectedValue?: unknown;
  /** The server's name of the kind of object. */
  readonly object?: string;
  /** The complaint as the server sent it. */
  readonly raw: unknown;
}
