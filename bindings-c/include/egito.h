/*
 * egito.h: C API of the Egito CRM client. Generated from bindings-c/src; do not edit.
 *
 * Rules for all functions:
 *
 * Names     A type is egito_<noun>. Its functions are egito_<noun>_<verb>: _new creates it, _free frees it. Actions on records
 *           have the names of the API: egito_create, egito_create_once, egito_upsert, egito_get, egito_update, egito_delete,
 *           egito_list, egito_call. Parameters come first, then results, then the error.
 * Strings   Strings are UTF-8 and end with a NUL. A name that ends in _json means that the string is JSON. The library copies
 *           the strings that it needs after the call. Without a JSON library, egito_object writes JSON and egito_record reads it.
 * Ownership A result through a `char **` belongs to the caller: free it with egito_string_free (it may be changed before). A
 *           result through a pointer to a handle belongs to the caller: free it with the _free of its type. A returned
 *           `const char *` belongs to its handle and is valid as long as the handle. Every _free accepts NULL.
 * NULL      If a required value is NULL, or a string is not UTF-8, the function fails with EGITO_ERROR_CONFIG and never
 *           crashes. If NULL has a meaning, the function says so.
 * Results   Results are written only if the status is EGITO_OK. Otherwise they are unchanged.
 * Errors    A function that can fail returns an egito_status: EGITO_OK (0), or the code of its error. On failure it also
 *           returns an egito_error through its last parameter, unless that is NULL; free it with egito_error_free. On success
 *           the error is unchanged: initialize it with `egito_error *error = NULL`. After a failed write, egito_error_outcome
 *           says whether it may have been done. "Fails like every call" means: CONFIG, AUTH, PERMISSION, RATE_LIMITED,
 *           SERVER, UNEXPECTED_RESPONSE, CONNECTION, TLS, TIMEOUT, CANCELLED, INTERNAL.
 * Ids       Ids are returned as JSON, 17 or "A-17" with its quotes, and can be passed on unchanged. An id argument that is not
 *           JSON is a string: A-17 means "A-17".
 * Threads   "Thread-safe" means that any number of threads may call the function at once, also with the same handle. A cursor,
 *           a bulk or an object is used by one thread at a time; a cursor or bulk in use by another thread fails with
 *           EGITO_ERROR_CONFIG. Records, rows, responses and errors are immutable.
 *           Calls block and run on the thread of the caller. The library starts three kinds of threads: one that reads ahead,
 *           from the second page of a cursor until the cursor is freed (setting `prefetch`; 0: none), one that drives the calls
 *           of a bulk, from its first input until the bulk is freed, and one that delivers an outbox, from egito_outbox_start
 *           until egito_outbox_stop. To abort a call from another thread, use
 *           egito_cancellation_token.
 * Handles   A handle is valid until its _free, which must be its last use by any thread. A freed handle, or one of another
 *           type, fails with EGITO_ERROR_CONFIG and is not freed again, as long as its memory was not reused. Handles may be
 *           freed in any order.
 * Callbacks A callback must return normally: no longjmp and no C++ exception may leave it. It may call this library, except
 *           with handles that its caller uses. `user` belongs to the program; the library calls free_user after its last use.
 *           The callbacks for events and log lines are called listeners. Inside a listener, every function that waits for the
 *           server fails with EGITO_ERROR_CONFIG.
 * Processes Loading the library has no effect (also with dlopen). After a fork, the child can keep using the clients of its
 *           parent, which log in again. Cursors and bulks that were begun before the fork belong to the parent. A program that
 *           closes the library's descriptors (closefrom) while no thread is in a call can keep using its clients, but not its
 *           cursors and bulks. The library stays loaded after dlclose.
 * Signals   The library changes no signal handler and raises no SIGPIPE: a thread blocks SIGPIPE while it waits for the server,
 *           also during a callback. Afterwards its mask is restored.
 * Stack     A thread that makes calls needs a stack of 128 KiB, plus what its callbacks need.
 * Time      Durations are in seconds, or in milliseconds if the name ends in _ms.
 * Versions  Numbers, names and layouts of this header do not change within one SONAME. Later versions may add functions, codes
 *           and members of JSON objects: treat an unknown code as a failure.
 */

#ifndef EGITO_H
#define EGITO_H

#include <stdbool.h>
#include <stdint.h>

/* Version of this header. egito_version() and egito_version_number() return the version of the library. */
#define EGITO_VERSION_MAJOR 0
#define EGITO_VERSION_MINOR 1
#define EGITO_VERSION_PATCH 0
#define EGITO_VERSION "0.1.0"
#define EGITO_VERSION_NUMBER (10000 * EGITO_VERSION_MAJOR + 100 * EGITO_VERSION_MINOR + EGITO_VERSION_PATCH)

/**
 * Status of a function: EGITO_OK, or the code of its error. The numbers never change. Later versions may add more.
 */
typedef enum {
  /**
   * Success: the results are written.
   */
  EGITO_OK = 0,
  /**
   * A setting or argument is missing, unknown or invalid; nothing was sent. Correct the setting or argument that
   * `setting` names.
   */
  EGITO_ERROR_CONFIG = 1,
  /**
   * The login was refused, or a call was refused even with a new token. Check the credentials. Do not retry in a
   * loop: that can lock the user's account.
   */
  EGITO_ERROR_AUTH = 2,
  /**
   * The user or the integration lacks a right (HTTP 403). Ask your Egito administrator for the right that `category`
   * names.
   */
  EGITO_ERROR_PERMISSION = 3,
  /**
   * No record has this id (HTTP 404, or an empty response to `get`). Check the id and the entity name.
   */
  EGITO_ERROR_NOT_FOUND = 4,
  /**
   * The server refused the record. Correct the fields in `errors` and send the record again.
   */
  EGITO_ERROR_VALIDATION = 5,
  /**
   * Too many requests (HTTP 429), even after retries. Wait `retry_after` seconds, or lower `requests_per_second`.
   */
  EGITO_ERROR_RATE_LIMITED = 6,
  /**
   * The server failed (HTTP 5xx), even after retries; never for a create that may have been done. Try again later.
   */
  EGITO_ERROR_SERVER = 7,
  /**
   * A redirect, HTML, broken JSON, or a response that is too large; never for a create that may have been done.
   * Check `name` or `base_url`.
   */
  EGITO_ERROR_UNEXPECTED_RESPONSE = 8,
  /**
   * No connection to the server, or it was lost; never for a create that may have been done. Check the network. It
   * is safe to retry reads, updates and deletes.
   */
  EGITO_ERROR_CONNECTION = 9,
  /**
   * The server's certificate is invalid or not trusted. See the message: check the clock, the host name or the
   * certificate authority.
   */
  EGITO_ERROR_TLS = 10,
  /**
   * A time limit was reached; never for a create that may have been done. Retry later, or raise the setting that
   * `limit` names.
   */
  EGITO_ERROR_TIMEOUT = 11,
  /**
   * A create or custom action that may have been done: response lost, 5xx, unreadable 2xx, redirect, or cancelled.
   * Look in Egito whether it was done before you send `record` again.
   */
  EGITO_ERROR_OUTCOME_UNKNOWN = 12,
  /**
   * The list cannot be read completely. See `reason`, and the guide to paging.
   */
  EGITO_ERROR_PAGINATION = 13,
  /**
   * The caller cancelled the call. Make the call again if you need its result.
   */
  EGITO_ERROR_CANCELLED = 14,
  /**
   * A bug in this library. Report it with its `cause`.
   */
  EGITO_ERROR_INTERNAL = 15,
} egito_status;

/**
 * The outcome of a failed write: whether the server has done it, as far as that is known.
 */
typedef enum {
  /**
   * Not a write.
   */
  EGITO_OUTCOME_NONE = 0,
  /**
   * The request never reached the server, or its token was refused before anything ran.
   */
  EGITO_OUTCOME_NOT_SENT = 1,
  /**
   * The server responded and did not do it.
   */
  EGITO_OUTCOME_REJECTED = 2,
  /**
   * It may have been done.
   */
  EGITO_OUTCOME_UNKNOWN = 3,
} egito_outcome;

/**
 * How an upsert changed the stored record.
 */
typedef enum {
  /**
   * Not an upsert, or it failed.
   */
  EGITO_CHANGE_NONE = 0,
  /**
   * No record had the key, so it was created.
   */
  EGITO_CHANGE_CREATED = 1,
  /**
   * One record has the key, and some of its fields were updated.
   */
  EGITO_CHANGE_UPDATED = 2,
  /**
   * One record has the key, and all given fields have these values. Nothing was written.
   */
  EGITO_CHANGE_UNCHANGED = 3,
  /**
   * Several records have the key. Nothing was written.
   */
  EGITO_CHANGE_AMBIGUOUS = 4,
} egito_change;

/**
 * Log levels: each includes the ones before it.
 */
typedef enum {
  /**
   * Logs nothing.
   */
  EGITO_LOG_OFF = 0,
  /**
   * Logs failures that no call reports, such as a token that could not be stored.
   */
  EGITO_LOG_WARNING = 1,
  /**
   * Also logs every attempt, and every pause before a retry.
   */
  EGITO_LOG_DEBUG = 2,
} egito_log_level;

/**
 * A bulk: its calls in flight, and its rows that were not returned yet. Not thread-safe: one thread at a time, except
 * for egito_bulk_cancel.
 */
typedef struct egito_bulk egito_bulk;

/**
 * Aborts calls from another thread, see egito_client_with_cancellation. Thread-safe.
 */
typedef struct egito_cancellation_token egito_cancellation_token;

/**
 * A client for one customer's Egito. Thread-safe.
 */
typedef struct egito_client egito_client;

/**
 * A cursor over a list. Not thread-safe: one thread at a time.
 */
typedef struct egito_cursor egito_cursor;

/**
 * An error with all its details. Immutable and thread-safe.
 */
typedef struct egito_error egito_error;

/**
 * A record that egito_create_once found or created. Immutable and thread-safe.
 */
typedef struct egito_found_or_created egito_found_or_created;

/**
 * A list of ids. Immutable and thread-safe.
 */
typedef struct egito_id_list egito_id_list;

/**
 * A JSON object that is built value by value: settings, a record, filters. Not thread-safe: one thread at a time.
 */
typedef struct egito_object egito_object;

/**
 * An outbox. Thread-safe.
 */
typedef struct egito_outbox egito_outbox;

/**
 * One JSON object, to read values from. Immutable and thread-safe.
 */
typedef struct egito_record egito_record;

/**
 * The HTTP response of a call: its status and headers. Immutable and thread-safe.
 */
typedef struct egito_response egito_response;

/**
 * The result of one input of a bulk. Immutable and thread-safe.
 */
typedef struct egito_row egito_row;

/**
 * A record that egito_upsert created, updated or left unchanged. Immutable and thread-safe.
 */
typedef struct egito_upserted egito_upserted;

/**
 * Receives an event at the end of every attempt, including logins; with the setting start_events also at its start.
 *
 * event_json: {"kind": "end", "call": 1, "action": "get", "entity": "Account", "entry": null, "method": "GET", "host":
 *   "firma.egito.pl", "attempt": 1, "status": 200, "code": null, "elapsed": 0.012, "bytes": 1187}. kind is "start" or
 *   "end". call is the number of the call: all its attempts have it, and so does its login. A login has the action
 *   "login" and the entity null. entry is the id of the outbox entry that the call belongs to, or null. elapsed is in
 *   seconds. bytes is the size of the response body, 0 for a login and at a start. The string is valid until the
 *   function returns, and contains no secrets.
 * user: the pointer that was passed to egito_client_on_event.
 * Called on the thread that makes the call, on the thread of a bulk, or on the thread that reads ahead; on several
 * threads at once if there are several. The call waits for the function, and so do all calls of a bulk. Inside of it,
 * calls to the server fail with EGITO_ERROR_CONFIG.
 */
typedef void (*egito_event_callback)(const char *event_json, void *user);

/**
 * Frees `user` after its last use.
 */
typedef void (*egito_free_callback)(void *user);

/**
 * Receives one log line.
 *
 * level: an egito_log_level.
 * line: a message and its data, such as "attempt action=get entity=Account attempt=1 status=200", without a line end.
 *   Valid until the function returns. Contains no secrets, records or filters.
 * user: the pointer that was passed to egito_log_to.
 * Called on the thread that does the work, on several threads at once if there are several. It should return quickly.
 */
typedef void (*egito_log_callback)(int level, const char *line, void *user);

/**
 * Provides the next input of a bulk for egito_bulk_run.
 *
 * id, record_json: set them to the arguments of egito_bulk_push; both are NULL before. The strings must stay valid
 *   until the next call of this function, or until egito_bulk_run returns.
 * user: the pointer that was passed to egito_bulk_run.
 * Returns 0 if there are no more inputs, otherwise any other value.
 */
typedef int (*egito_input_callback)(const char **id, const char **record_json, void *user);

/**
 * Receives a row of a bulk from egito_bulk_run.
 *
 * row: valid until the function returns; do not free it. egito_bulk_done and egito_bulk_failed already count it.
 * user: the pointer that was passed to egito_bulk_run.
 */
typedef void (*egito_row_callback)(const egito_row *row, void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * Returns the version of the library at run time, such as "0.1.0". EGITO_VERSION is the version of the header.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_version(void);

/**
 * Returns the version of the library as a number: 10000 * major + 100 * minor + patch. EGITO_VERSION_NUMBER is the
 * version of the header. Thread-safe.
 */
int egito_version_number(void);

/**
 * Returns the status of the failed function; EGITO_OK if error is NULL. Thread-safe.
 */
egito_status egito_error_code(const egito_error *error);

/**
 * Returns the name of the error code, such as "not_found"; "ok" if error is NULL.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_error_name(const egito_error *error);

/**
 * Returns the human-readable message: what happened, and what to do. Empty if error is NULL.
 *
 * Do not free the string: it belongs to the error. Thread-safe.
 */
const char *egito_error_message(const egito_error *error);

/**
 * Returns the outcome of a failed write; EGITO_OUTCOME_NONE for a read, and if error is NULL. Thread-safe.
 */
egito_outcome egito_error_outcome(const egito_error *error);

/**
 * Returns whether a retry of the same call is safe and may succeed.
 *
 * True if the server is down or busy, also if an egito_update or egito_delete may have been done. False if the same
 * call would fail again, and for EGITO_ERROR_OUTCOME_UNKNOWN: a second egito_create could create a second record. The
 * detail `retry_after` of egito_error_json is the number of seconds to wait, if the server has sent it. False if error
 * is NULL. Thread-safe.
 */
bool egito_error_is_retryable(const egito_error *error);

/**
 * Returns whether the record or its key is invalid: the server refused it, or it was refused before it was sent.
 *
 * The same record would be refused again. A web form responds with HTTP 400 then, and with 502 or 503 to other errors.
 * False if error is NULL. Thread-safe.
 */
bool egito_error_is_invalid_record(const egito_error *error);

/**
 * Returns the HTTP status of the last response, such as 503; 0 if there was no response, and if error is NULL.
 * Thread-safe.
 */
int32_t egito_error_http_status(const egito_error *error);

/**
 * Returns the number of requests of the failed call; 0 if error is NULL. Thread-safe.
 */
uint32_t egito_error_attempts(const egito_error *error);

/**
 * Returns all details as one JSON object: code, message, retryable, invalid_record, outcome, status, entity, action,
 * id, attempts, elapsed (seconds), category, setting, errors (a list of {field, message, rejected_value, object,
 * raw}), retry_after (seconds), oauth_error, oauth_description, content_type, body_start, record, limit, reason and
 * cause; null for a detail that does not apply.
 *
 * Read it with egito_record_new and paths such as "errors.0.field". "{}" if error is NULL.
 * Do not free the string: it belongs to the error. Thread-safe.
 */
const char *egito_error_json(const egito_error *error);

/**
 * Frees an error. NULL is allowed. Any thread, after all other uses of the error.
 */
void egito_error_free(egito_error *error);

/**
 * Returns the name of an error code, such as "not_found" for 4; NULL for an unknown code. Codes count from 1 without
 * gaps.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_code_name(int code);

/**
 * Returns the name of the constant of a code, such as "EGITO_ERROR_NOT_FOUND" for 4; NULL for an unknown code.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_code_constant(int code);

/**
 * Returns the name of the class of a code in languages with classes, such as "NotFoundError" for 4; NULL for an
 * unknown code.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_code_class(int code);

/**
 * Returns when a code occurs, in a few English words; NULL for an unknown code.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_code_meaning(int code);

/**
 * Creates a client from settings. Sends nothing: the first call logs in.
 *
 * settings_json: one JSON object, such as
 *   {"name": "firma", "client_id": "...", "client_secret": "...", "username": "jan@firma", "password": "..."}
 *   Durations are in seconds (`timeout`) or milliseconds (`timeout_ms`). Unknown settings are refused.
 * client: receives the client; free it with egito_client_free.
 * Fails with EGITO_ERROR_CONFIG if a setting is missing, unknown or invalid; the error names it. Thread-safe.
 */
egito_status egito_client_new(const char *settings_json,
                              egito_client **client,
                              egito_error **error);

/**
 * Creates a client from the environment: EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET,
 * EGITO_USERNAME and EGITO_PASSWORD, variables of other settings such as EGITO_PAGE_SIZE, and the file that
 * EGITO_CONFIG names.
 *
 * settings_json: NULL, or further settings as in egito_client_new, which override those of the environment.
 * client: receives the client; free it with egito_client_free.
 * Fails like egito_client_new. Thread-safe, as long as no thread changes the environment.
 */
egito_status egito_client_from_env(const char *settings_json,
                                   egito_client **client,
                                   egito_error **error);

/**
 * Creates a client from a TOML file with settings. The environment is not read.
 *
 * path: the file. Its names are those of egito_client_new in snake_case.
 * settings_json: NULL, or further settings as in egito_client_new, which override those of the file.
 * client: receives the client; free it with egito_client_free.
 * Fails like egito_client_new; the error has the path and the line. Thread-safe.
 */
egito_status egito_client_from_file(const char *path,
                                    const char *settings_json,
                                    egito_client **client,
                                    egito_error **error);

/**
 * Checks the settings on the server, and finds those that it needs. Writes nothing unless the options ask for it.
 *
 * options_json: NULL, or a JSON object with `entities` (names whose lists are read), `write` (the entity of a test
 *   record that is created, changed and deleted), `record` (its fields) and `timeout` (120 seconds).
 * report_json: receives {"checks": [...], "settings": {...}, "facts": {...}, "is_ok": true, "text": "...", "toml":
 *   "...", "snippets": {...}, ...}; free it with egito_string_free. `toml` is a file for egito_client_from_file, and
 *   `snippets` has the settings as environment variables (`env`) and as code (`c`, `cpp`, `python`, ...). Later
 *   versions may add members. The report contains no secrets and no data of the customer.
 * Fails with EGITO_ERROR_CONFIG for an invalid option or a closed client, and with EGITO_ERROR_CANCELLED. Failed
 * checks are part of the report. Thread-safe.
 */
egito_status egito_probe(const egito_client *client,
                         const char *options_json,
                         char **report_json,
                         egito_error **error);

/**
 * Closes a client: later calls fail with EGITO_ERROR_CONFIG, cursors return no more records, and idle connections are
 * closed.
 *
 * Waits for calls in flight of other threads, at most for the setting close_timeout (5 seconds). Calls that are still
 * in flight then fail with EGITO_ERROR_CANCELLED, or with EGITO_ERROR_OUTCOME_UNKNOWN if a create was sent. Does not
 * wait inside a listener. The client must still be freed. Does nothing if client is NULL, or the second time.
 * Thread-safe.
 */
void egito_client_close(const egito_client *client);

/**
 * Creates a second handle for a client. Calls through it can be cancelled. Both handles share the login, the settings
 * and the counters.
 *
 * token: aborts the calls, cursors and bulks of the second handle, and no others.
 * other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
 *   both.
 * Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
 */
egito_status egito_client_with_cancellation(const egito_client *client,
                                            const egito_cancellation_token *token,
                                            egito_client **other,
                                            egito_error **error);

/**
 * Creates a second handle for a client. Calls through it use other settings. Both handles share the login, the
 * connections and the counters.
 *
 * options_json: one JSON object with settings of single calls, such as {"timeout_ms": 500, "max_retries": 0}.
 * other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
 *   both.
 * Fails with EGITO_ERROR_CONFIG for an invalid value, and for a setting that single calls cannot have. Thread-safe.
 */
egito_status egito_client_with_options(const egito_client *client,
                                       const char *options_json,
                                       egito_client **other,
                                       egito_error **error);

/**
 * Frees a client. NULL is allowed. Its cursors and bulks keep working. Any thread, after all other uses of the handle.
 */
void egito_client_free(egito_client *client);

/**
 * Creates a cancellation token.
 *
 * token: receives the token; free it with egito_cancellation_token_free.
 * Fails with EGITO_ERROR_CONFIG if token is NULL. Thread-safe.
 */
egito_status egito_cancellation_token_new(egito_cancellation_token **token, egito_error **error);

/**
 * Aborts the calls in flight with EGITO_ERROR_CANCELLED and closes their requests. Later calls fail at once.
 *
 * A write in flight may have been done: egito_error_outcome of its error says so. Does nothing if token is NULL, or
 * the second time. Returns at once. Thread-safe, but not from a signal handler.
 */
void egito_cancellation_token_cancel(const egito_cancellation_token *token);

/**
 * Frees a cancellation token. NULL is allowed. Clients that use it keep working, but can no longer be cancelled. Any
 * thread, after all other uses of the token.
 */
void egito_cancellation_token_free(egito_cancellation_token *token);

/**
 * Sets the function that receives the events of a client. A client has one: a new one replaces the old one.
 *
 * callback: see egito_event_callback; NULL removes it.
 * user: passed to the callback; may be NULL.
 * free_user: called with user after its last use: after the callback was replaced, or after the client and all its
 *   cursors and bulks were freed, on any thread; at once if this function fails. May be NULL.
 * Fails with EGITO_ERROR_CONFIG if client is NULL. Thread-safe.
 */
egito_status egito_client_on_event(const egito_client *client,
                                   egito_event_callback callback,
                                   void *user,
                                   egito_free_callback free_user,
                                   egito_error **error);

/**
 * Returns the statistics of a client.
 *
 * stats_json: receives {"calls": 3, "attempts": 4, "retries": 1, "logins": 1, "bytes_sent": 120, "bytes_received":
 *   3400}; free it with egito_string_free. Later versions may add members.
 * Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
 */
egito_status egito_client_stats(const egito_client *client,
                                char **stats_json,
                                egito_error **error);

/**
 * Sets the function that receives the log lines of all clients of this process. There is one: a new one replaces the
 * old one.
 *
 * level: an egito_log_level; EGITO_LOG_OFF stops logging.
 * callback: see egito_log_callback; NULL stops logging.
 * user: passed to the callback; may be NULL.
 * free_user: called with user after its last use, on any thread; at once if this function fails. May be NULL.
 * Fails with EGITO_ERROR_CONFIG for an unknown level. Thread-safe.
 */
egito_status egito_log_to(int level,
                          egito_log_callback callback,
                          void *user,
                          egito_free_callback free_user,
                          egito_error **error);

/**
 * Checks the name of an entity, like every call. Sends nothing.
 *
 * For wrappers whose entity objects should fail on creation instead of at their first call.
 *
 * entity: name of the entity, such as "Account".
 * Fails with EGITO_ERROR_CONFIG if the name is invalid. Thread-safe.
 */
egito_status egito_check_entity(const egito_client *client,
                                const char *entity,
                                egito_error **error);

/**
 * Creates a record and returns its id. Retries only if the record was certainly not created.
 *
 * entity: name of the entity, such as "Account".
 * record_json: one JSON object with the fields of the record.
 * id_json: receives the new id; free it with egito_string_free. May be NULL.
 * Fails with EGITO_ERROR_VALIDATION if the server refuses the record, EGITO_ERROR_OUTCOME_UNKNOWN if its response was
 * lost, EGITO_ERROR_CONFIG for an invalid argument, and like every call. Thread-safe.
 */
egito_status egito_create(const egito_client *client,
                          const char *entity,
                          const char *record_json,
                          char **id_json,
                          egito_error **error);

/**
 * Finds the record with the key of a record, or creates it. Call it again after any error: it creates no second record
 * with this key.
 *
 * Calls with the same key wait for each other: those of one client, and with a token_store those of all processes that
 * share it. The whole call takes at most the setting timeout.
 * entity: name of the entity, such as "Lead".
 * record_json: one JSON object with the fields of the record.
 * options_json: one JSON object such as {"key": "formKey"}, with these members.
 *   key: name of the field that identifies the record, or a list of names, which are one key together. Required. It can
 *     be a path, such as "account.id".
 *   settle: seconds to look for the record after a create of unknown outcome, since a slow server may store it late.
 *     Default: 10.
 *   lookup: "filter" requests a list that is filtered by the key, "scan" reads the whole list, for a server that ignores
 *     the filter. Default: "filter".
 * found: receives the result; free it with egito_found_or_created_free. May be NULL.
 * Fails with EGITO_ERROR_CONFIG if a field of the key is missing or empty (setting `key`), or the server ignores the
 * filter (setting `lookup`), with EGITO_ERROR_OUTCOME_UNKNOWN if the record may have been created but was not found in
 * time, and like egito_create. Thread-safe.
 */
egito_status egito_create_once(const egito_client *client,
                               const char *entity,
                               const char *record_json,
                               const char *options_json,
                               egito_found_or_created **found,
                               egito_error **error);

/**
 * Finds the record with the key of a record. Creates it if there is none, or updates only the fields that differ.
 *
 * Values are compared as servers store them: " Żubr " is "Żubr", "" is null, 7 is "7", and a time in another offset is
 * the same time. A date without a time always counts as different, since servers return it as a time in their zone.
 * Nothing is written if several records have the key. Calls with the same key wait for each other, as in
 * egito_create_once. Call it again after any error.
 * entity: name of the entity, such as "Account".
 * record_json: one JSON object with the fields of the record.
 * options_json: one JSON object such as {"key": "nip"}, with the members of egito_create_once.
 * upserted: receives the result; free it with egito_upserted_free. May be NULL.
 * Fails like egito_create_once and egito_update. Thread-safe.
 */
egito_status egito_upsert(const egito_client *client,
                          const char *entity,
                          const char *record_json,
                          const char *options_json,
                          egito_upserted **upserted,
                          egito_error **error);

/**
 * Reads one record.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * record_json: receives the record as the server sent it; free it with egito_string_free.
 * Fails with EGITO_ERROR_NOT_FOUND if the record does not exist, and like every call. Thread-safe.
 */
egito_status egito_get(const egito_client *client,
                       const char *entity,
                       const char *id,
                       char **record_json,
                       egito_error **error);

/**
 * Reads one record as a handle, to read its values.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * record: receives the record; free it with egito_record_free.
 * Fails like egito_get. Thread-safe.
 */
egito_status egito_get_record(const egito_client *client,
                              const char *entity,
                              const char *id,
                              egito_record **record,
                              egito_error **error);

/**
 * Changes the given fields of a record.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * fields_json: one JSON object with the fields to change.
 * id_json: receives the id of the record; free it with egito_string_free. May be NULL.
 * Fails with EGITO_ERROR_VALIDATION if the server refuses the fields, EGITO_ERROR_NOT_FOUND if the record does not
 * exist, and like every call. Thread-safe.
 */
egito_status egito_update(const egito_client *client,
                          const char *entity,
                          const char *id,
                          const char *fields_json,
                          char **id_json,
                          egito_error **error);

/**
 * Deletes a record.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * id_json: receives the id of the record; free it with egito_string_free. May be NULL.
 * Fails with EGITO_ERROR_NOT_FOUND if the record does not exist, and like every call. Thread-safe.
 */
egito_status egito_delete(const egito_client *client,
                          const char *entity,
                          const char *id,
                          char **id_json,
                          egito_error **error);

/**
 * Calls a custom action of the API. Like a create, it is retried only if it is certain that it was not done.
 *
 * entity, action: their names, such as "Offer" and "print".
 * params_json: NULL, or one JSON object with the parameters of the action.
 * method: NULL for POST, or "GET", "POST" or "DELETE"; "GET" and "DELETE" send the parameters in the query.
 * response_json: receives the response, which may be any JSON value; free it with egito_string_free. May be NULL.
 * Fails with EGITO_ERROR_OUTCOME_UNKNOWN if the response was lost, and like every call. Thread-safe.
 */
egito_status egito_call(const egito_client *client,
                        const char *entity,
                        const char *action,
                        const char *params_json,
                        const char *method,
                        char **response_json,
                        egito_error **error);

/**
 * Begins to list the records of an entity. Sends nothing before the first egito_cursor_next or egito_cursor_next_page.
 *
 * entity: name of the entity, such as "Account".
 * options_json: NULL, or one JSON object with any of
 *   {"filters": {"city": "Krakow"}, "sort": "name", "order": "desc", "limit": 100, "start": 200, "page_size": 500}
 *   `limit` is the maximum number of records. `start` is the number of records of the server's list to skip.
 *   With {"changes": {"since": mark}} the list has only records that were created or changed since an earlier list of
 *   changes, whose egito_cursor_mark is `since`; null and {} mean all records. `by` is the field by which changes are
 *   recognized (default: "lastUpdated"), `lag` for how long the server may commit a change after its time (seconds,
 *   default: 300). Such a list has no `sort`, `order`, `start` and `limit`.
 * cursor: receives the cursor; free it with egito_cursor_free.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
 */
egito_status egito_list(const egito_client *client,
                        const char *entity,
                        const char *options_json,
                        egito_cursor **cursor,
                        egito_error **error);

/**
 * Begins to list the entries of a dictionary, as records.
 *
 * type: name of the dictionary, such as "industry".
 * options_json: NULL, or options as in egito_list.
 * cursor: receives the cursor; free it with egito_cursor_free.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
 */
egito_status egito_dictionary(const egito_client *client,
                              const char *type,
                              const char *options_json,
                              egito_cursor **cursor,
                              egito_error **error);

/**
 * Returns the id of the record as JSON: the oldest one if several records have the key; NULL if found is NULL.
 *
 * Do not free the string: it belongs to the result. Thread-safe.
 */
const char *egito_found_or_created_id_json(const egito_found_or_created *found);

/**
 * Returns whether the call created the record; false if it found the record, and if found is NULL. Thread-safe.
 */
bool egito_found_or_created_is_created(const egito_found_or_created *found);

/**
 * Returns the number of all records with the key if there are several; otherwise 0, and if found is NULL. Thread-safe.
 */
uintptr_t egito_found_or_created_duplicate_count(const egito_found_or_created *found);

/**
 * Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
 * egito_found_or_created_duplicate_count, and if found is NULL.
 *
 * Do not free the string: it belongs to the result. Thread-safe.
 */
const char *egito_found_or_created_duplicate_id_json(const egito_found_or_created *found,
                                                     uintptr_t index);

/**
 * Frees a result of egito_create_once. NULL is allowed. Any thread, after all other uses of the result.
 */
void egito_found_or_created_free(egito_found_or_created *found);

/**
 * Returns the name of a change, such as "created" for EGITO_CHANGE_CREATED; NULL for EGITO_CHANGE_NONE and an unknown
 * change.
 *
 * Do not free the string: it is static. Thread-safe.
 */
const char *egito_change_name(int change);

/**
 * Returns the id of the record as JSON: the oldest one if several records have the key; NULL if upserted is NULL.
 *
 * Do not free the string: it belongs to the result. Thread-safe.
 */
const char *egito_upserted_id_json(const egito_upserted *upserted);

/**
 * Returns how the stored record changed; EGITO_CHANGE_NONE if upserted is NULL. Thread-safe.
 */
egito_change egito_upserted_change(const egito_upserted *upserted);

/**
 * Returns the number of updated fields; 0 if upserted is NULL. Thread-safe.
 */
uintptr_t egito_upserted_field_count(const egito_upserted *upserted);

/**
 * Returns the name of an updated field; NULL if index is not smaller than egito_upserted_field_count, and if upserted
 * is NULL.
 *
 * Do not free the string: it belongs to the result. Thread-safe.
 */
const char *egito_upserted_field(const egito_upserted *upserted,
                                 uintptr_t index);

/**
 * Returns the number of all records with the key if there are several; otherwise 0, and if upserted is NULL.
 * Thread-safe.
 */
uintptr_t egito_upserted_duplicate_count(const egito_upserted *upserted);

/**
 * Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
 * egito_upserted_duplicate_count, and if upserted is NULL.
 *
 * Do not free the string: it belongs to the result. Thread-safe.
 */
const char *egito_upserted_duplicate_id_json(const egito_upserted *upserted,
                                             uintptr_t index);

/**
 * Frees a result of egito_upsert. NULL is allowed. Any thread, after all other uses of the result.
 */
void egito_upserted_free(egito_upserted *upserted);

/**
 * Creates a second handle for a client. It keeps the HTTP response of its last call for egito_client_response, so
 * create one handle per thread that reads responses. Both handles share the login, the connections and the counters.
 *
 * other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes
 *   both.
 * Fails with EGITO_ERROR_CONFIG if an argument is NULL. Thread-safe.
 */
egito_status egito_client_with_response(const egito_client *client,
                                        egito_client **other,
                                        egito_error **error);

/**
 * Returns the HTTP response of the last call of a handle from egito_client_with_response, also if the call failed.
 *
 * For a cursor of the handle it is the response of the last page that was fetched. Calls of a bulk keep no responses;
 * their events have the status.
 * response: receives the response; free it with egito_response_free. Receives NULL if the last call got no response,
 *   and before the first call.
 * Fails with EGITO_ERROR_CONFIG if the handle keeps no responses. Not thread-safe: one thread at a time.
 */
egito_status egito_client_response(const egito_client *client,
                                   egito_response **response,
                                   egito_error **error);

/**
 * Returns the HTTP status, such as 200; 0 if response is NULL. Thread-safe.
 */
int egito_response_status(const egito_response *response);

/**
 * Returns the value of a header; NULL if it is missing, and if response is NULL.
 *
 * name: name of the header, in any case.
 * index: 0 for the first value, 1 for the second one of a header that was sent several times, and so on.
 * Secrets are replaced by [removed], and so is the whole value of set-cookie, www-authenticate and similar headers.
 * Bytes beyond ASCII are read as Latin-1 and returned as UTF-8.
 * Do not free the string: it belongs to the response. Thread-safe.
 */
const char *egito_response_header(const egito_response *response,
                                  const char *name,
                                  uintptr_t index);

/**
 * Returns the number of header lines, for egito_response_header_name and egito_response_header_value; 0 if response is
 * NULL. Thread-safe.
 */
uintptr_t egito_response_header_count(const egito_response *response);

/**
 * Returns the name of a header line by its index from 0, in lowercase; NULL after the last one, and if response is
 * NULL.
 *
 * Do not free the string: it belongs to the response. Thread-safe.
 */
const char *egito_response_header_name(const egito_response *response,
                                       uintptr_t index);

/**
 * Returns the value of a header line by its index from 0; NULL after the last one, and if response is NULL. See
 * egito_response_header.
 *
 * Do not free the string: it belongs to the response. Thread-safe.
 */
const char *egito_response_header_value(const egito_response *response,
                                        uintptr_t index);

/**
 * Returns the number of requests of the call; 0 if response is NULL. Thread-safe.
 */
uint32_t egito_response_attempts(const egito_response *response);

/**
 * Returns the number of the call, which its events have as `call`; 0 if response is NULL. Thread-safe.
 */
uint64_t egito_response_call_id(const egito_response *response);

/**
 * Returns the seconds from the start of the call to the response, including retries and backoff; 0 if response is
 * NULL. Thread-safe.
 */
double egito_response_elapsed(const egito_response *response);

/**
 * Returns the whole response as one JSON object with the members `status`, `headers` (a list of names with values),
 * `attempts`, `call_id` and `elapsed`; NULL if response is NULL.
 *
 * Do not free the string: it belongs to the response. Thread-safe.
 */
const char *egito_response_json(const egito_response *response);

/**
 * Frees a response. NULL is allowed. Any thread, after all other uses of the response.
 */
void egito_response_free(egito_response *response);

/**
 * Returns the next record of a list, and NULL after the last one.
 *
 * record_json: receives the record as the server sent it; free it with egito_string_free. Receives NULL at the end of
 *   a complete list, with the status EGITO_OK.
 * Fails like every call, and with EGITO_ERROR_PAGINATION if the rest of the list cannot be read. After a failure the
 * list is incomplete, and each further call returns the same error. Not thread-safe: one thread at a time.
 */
egito_status egito_cursor_next(egito_cursor *cursor,
                               char **record_json,
                               egito_error **error);

/**
 * Returns the next record of a list as a handle, and NULL after the last one. Copies nothing.
 *
 * record: receives the record; free it with egito_record_free. It keeps the memory of its page until then. Receives
 *   NULL at the end of a complete list, with the status EGITO_OK.
 * Fails like egito_cursor_next. Not thread-safe: one thread at a time.
 */
egito_status egito_cursor_next_record(egito_cursor *cursor,
                                      egito_record **record,
                                      egito_error **error);

/**
 * Returns the next page of a list as one JSON array of records, and NULL after the last page.
 *
 * After egito_cursor_next it returns the rest of the current page.
 * page_json: receives the array, which is never empty; free it with egito_string_free. Receives NULL at the end of a
 *   complete list, with the status EGITO_OK.
 * Fails like egito_cursor_next. Not thread-safe: one thread at a time.
 */
egito_status egito_cursor_next_page(egito_cursor *cursor,
                                    char **page_json,
                                    egito_error **error);

/**
 * Returns the mark of a list of changes, which the next such list continues as `since`, see egito_list.
 *
 * mark: receives the mark; free it with egito_string_free. Store it only after all records were processed.
 * Fails with EGITO_ERROR_CONFIG before egito_cursor_next, or a similar function, has returned NULL at the end of the
 * list, and for a list of another kind. Not thread-safe: one thread at a time.
 */
egito_status egito_cursor_mark(egito_cursor *cursor,
                               char **mark,
                               egito_error **error);

/**
 * Frees a cursor, also before the end of the list. NULL is allowed. Any thread, after all other uses of the cursor.
 */
void egito_cursor_free(egito_cursor *cursor);

/**
 * Reads the ids of all records. The server sends whole records, of which nothing is kept.
 *
 * entity: name of the entity, such as "Account".
 * ids: receives the ids; free them with egito_id_list_free.
 * Fails like egito_cursor_next. Thread-safe.
 */
egito_status egito_ids(const egito_client *client,
                       const char *entity,
                       egito_id_list **ids,
                       egito_error **error);

/**
 * Finds those of the given ids whose records do not exist any more, each once, in the given order.
 *
 * Reads the ids of the list, and then requests each record that the list lacks: one that still exists is never
 * returned, even if the list changes meanwhile. A few ids are requested without reading the list. A server may need a
 * moment until it finds a record that was just created, so do not pass ids of the last seconds.
 * entity: name of the entity, such as "Account".
 * known_ids: array of ids, see "Ids" above. NULL if there are none.
 * count: number of these ids.
 * deleted: receives the ids; free them with egito_id_list_free.
 * Fails like egito_cursor_next and egito_get. Thread-safe.
 */
egito_status egito_deleted(const egito_client *client,
                           const char *entity,
                           const char *const *known_ids,
                           uintptr_t count,
                           egito_id_list **deleted,
                           egito_error **error);

/**
 * Returns the number of ids; 0 if ids is NULL. Thread-safe.
 */
uintptr_t egito_id_list_count(const egito_id_list *ids);

/**
 * Returns an id as JSON; NULL if index is not smaller than egito_id_list_count, and if ids is NULL.
 *
 * Do not free the string: it belongs to the list. Thread-safe.
 */
const char *egito_id_list_id_json(const egito_id_list *ids, uintptr_t index);

/**
 * Frees a list of ids. NULL is allowed. Any thread, after all other uses of the list.
 */
void egito_id_list_free(egito_id_list *ids);

/**
 * Returns the first record of the cursor's list, or NULL if it is empty. Requests one record, or three with `start`,
 * and does not move the cursor.
 *
 * record_json: receives the record as the server sent it, or NULL; free it with egito_string_free.
 * Fails like every call, and with EGITO_ERROR_PAGINATION if the list's `start` cannot be reached. Thread-safe.
 */
egito_status egito_cursor_first(const egito_cursor *cursor,
                                char **record_json,
                                egito_error **error);

/**
 * Returns the first record of the cursor's list as a handle, or NULL if it is empty. See egito_cursor_first.
 *
 * record: receives the record, or NULL; free it with egito_record_free.
 * Fails like egito_cursor_first. Thread-safe.
 */
egito_status egito_cursor_first_record(const egito_cursor *cursor,
                                       egito_record **record,
                                       egito_error **error);

/**
 * Returns whether the cursor's list has any record. Requests one record, or three with `start`, and does not move the
 * cursor.
 *
 * exists: receives true or false.
 * Fails like egito_cursor_first. Thread-safe.
 */
egito_status egito_cursor_exists(const egito_cursor *cursor,
                                 bool *exists,
                                 egito_error **error);

/**
 * Returns the server's own number of records that match the filters of the cursor's list. Sends one small request, and
 * does not move the cursor.
 *
 * total: receives the number, or -1 if the server reports none. The options `start` and `limit` do not change it.
 * Fails like every call. Thread-safe.
 */
egito_status egito_cursor_total(const egito_cursor *cursor,
                                int64_t *total,
                                egito_error **error);

/**
 * Counts the records of the cursor's list, with its filters, `start` and `limit`. Does not move the cursor.
 *
 * Sends one small request if the server reports a total. Otherwise reads the whole list, in constant memory.
 * count: receives the number.
 * Fails like egito_cursor_next. Thread-safe.
 */
egito_status egito_cursor_count(const egito_cursor *cursor,
                                uint64_t *count,
                                egito_error **error);

/**
 * Opens an outbox: writes are stored in its file first, and sent to the server later, once and in order.
 *
 * Any number of processes and threads of one machine can use the same file at the same time.
 * path: path of the file, such as "egito-outbox.db", in an existing folder. The file is created by the first write.
 * options_json: NULL, or one JSON object with any of these members.
 *   concurrency: maximum number of calls in flight of egito_outbox_deliver. Default: 8.
 *   keep_days: for how many days delivered entries are kept. During this time, putting a record with the same key does
 *     nothing. Default: 30.
 *   lookup: how a delivery looks for records, instead of the lookup of each entry: "filter", "scan" or "auto".
 * outbox: receives the outbox; free it with egito_outbox_free.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument or option. Thread-safe.
 */
egito_status egito_outbox_new(const egito_client *client,
                              const char *path,
                              const char *options_json,
                              egito_outbox **outbox,
                              egito_error **error);

/**
 * Stores a record to be created. When this returns, its entry is on the disk: it is delivered even if the program or the
 * machine fails now.
 *
 * Putting the same key again returns the id of the entry that is there, whatever its state. Entries with the same key
 * are sent one after the other, in the order in which they were put.
 * entity: name of the entity, such as "Lead".
 * record_json: one JSON object with the fields of the record.
 * options_json: one JSON object such as {"key": "formKey"}, with the members of egito_create_once.
 * entry_id: receives the id of the entry. May be NULL.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument, and (setting `outbox`) if the file cannot be written: it is
 * read-only, damaged, locked for long, or the disk is full. Thread-safe.
 */
egito_status egito_outbox_put(const egito_outbox *outbox,
                              const char *entity,
                              const char *record_json,
                              const char *options_json,
                              int64_t *entry_id,
                              egito_error **error);

/**
 * Stores a record to be created or, if one with its key exists by then, to be updated, see egito_upsert. Every call
 * stores an entry of its own.
 *
 * entity, record_json, options_json, entry_id: as in egito_outbox_put.
 * Fails like egito_outbox_put. Thread-safe.
 */
egito_status egito_outbox_put_upsert(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *record_json,
                                     const char *options_json,
                                     int64_t *entry_id,
                                     egito_error **error);

/**
 * Stores fields of a record to be updated.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * fields_json: one JSON object with the fields to change.
 * entry_id: receives the id of the entry. May be NULL.
 * Fails like egito_outbox_put. Thread-safe.
 */
egito_status egito_outbox_put_update(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *id,
                                     const char *fields_json,
                                     int64_t *entry_id,
                                     egito_error **error);

/**
 * Stores the id of a record to be deleted.
 *
 * entity: name of the entity, such as "Account".
 * id: id of the record, see "Ids" above.
 * entry_id: receives the id of the entry. May be NULL.
 * Fails like egito_outbox_put. Thread-safe.
 */
egito_status egito_outbox_put_delete(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *id,
                                     int64_t *entry_id,
                                     egito_error **error);

/**
 * Sends the entries that are due, and returns when none is due any more.
 *
 * An entry that may have been sent before is looked for by its key before it is sent again. While the server is down or
 * refuses the login, the outbox is paused: this returns at once, and the entries keep waiting. Several deliveries can
 * run at the same time, also in several processes.
 * limit: maximum number of entries to send; 0: no limit.
 * delivery_json: receives one JSON object; free it with egito_string_free. May be NULL. Its members are the numbers of
 *   entries that were `delivered` and `refused`, that are `unclear` after this call and that are still `waiting`, and
 *   `next_attempt_at` and `paused_by` (the details of an error) or null.
 * Fails with EGITO_ERROR_CONFIG (setting `outbox`) if the file cannot be read or written, and with
 * EGITO_ERROR_CANCELLED. Errors of entries are in the entries. Thread-safe.
 */
egito_status egito_outbox_deliver(const egito_outbox *outbox,
                                  uint64_t limit,
                                  char **delivery_json,
                                  egito_error **error);

/**
 * Returns entries as one JSON array, in the order of their ids.
 *
 * query_json: NULL, or one JSON object with any of {"state": "refused", "limit": 100, "after": 117}. `state` is
 *   waiting, sending, refused, unclear or delivered (default: all), `limit` the maximum number of entries (default:
 *   100), and `after` the id of an entry: only later ones are returned.
 * entries_json: receives the array; free it with egito_string_free. Each entry has the members id, entity, action
 *   (create, upsert, update or delete), state, key, record_id, record, attempts, error (its details), created_at,
 *   next_attempt_at and delivered_at. Those that do not apply are null.
 * Fails with EGITO_ERROR_CONFIG for an invalid query, and (setting `outbox`) if the file cannot be read. Thread-safe.
 */
egito_status egito_outbox_entries(const egito_outbox *outbox,
                                  const char *query_json,
                                  char **entries_json,
                                  egito_error **error);

/**
 * Returns one entry as JSON, see egito_outbox_entries.
 *
 * entry_id: id of the entry.
 * entry_json: receives the entry; free it with egito_string_free.
 * Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, and with EGITO_ERROR_CONFIG (setting `outbox`) if the file
 * cannot be read. Thread-safe.
 */
egito_status egito_outbox_get(const egito_outbox *outbox,
                              int64_t entry_id,
                              char **entry_json,
                              egito_error **error);

/**
 * Returns the number of entries in each state: one JSON object with waiting, sending, refused, unclear and delivered.
 *
 * counts_json: receives the object; free it with egito_string_free.
 * Fails with EGITO_ERROR_CONFIG (setting `outbox`) if the file cannot be read. Thread-safe.
 */
egito_status egito_outbox_counts(const egito_outbox *outbox,
                                 char **counts_json,
                                 egito_error **error);

/**
 * Makes an entry due now, also one that the server refused. Also ends a pause of the outbox.
 *
 * entry_id: id of the entry.
 * Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, and with EGITO_ERROR_CONFIG (setting `id`) if it is
 * delivered or is sent just now. Thread-safe.
 */
egito_status egito_outbox_retry(const egito_outbox *outbox,
                                int64_t entry_id,
                                egito_error **error);

/**
 * Replaces the record of an entry that is waiting or refused, and makes it due now. Its key must stay the same.
 *
 * entry_id: id of the entry.
 * record_json: one JSON object with the fields of the record.
 * Fails with EGITO_ERROR_NOT_FOUND if there is no such entry, with EGITO_ERROR_CONFIG (setting `id`) if it may be done or
 * is a delete, and (setting `record`) if the key differs. Thread-safe.
 */
egito_status egito_outbox_edit(const egito_outbox *outbox,
                               int64_t entry_id,
                               const char *record_json,
                               egito_error **error);

/**
 * Removes an entry that is not delivered. Nothing is sent; an entry that is unclear may have been done.
 *
 * entry_id: id of the entry.
 * Fails like egito_outbox_retry. Thread-safe.
 */
egito_status egito_outbox_discard(const egito_outbox *outbox,
                                  int64_t entry_id,
                                  egito_error **error);

/**
 * Starts a thread of the library that delivers whenever this process puts an entry, and otherwise after each interval,
 * for entries of other processes. Does nothing if it runs already.
 *
 * It ends with egito_outbox_stop, and when the outbox is freed or its client is closed. A forked child does not have it.
 * interval: seconds, from 0 to 86400 (a day).
 * Fails with EGITO_ERROR_CONFIG for an invalid interval, and with EGITO_ERROR_CONNECTION if the system has no free thread
 * or descriptor. Thread-safe.
 */
egito_status egito_outbox_start(const egito_outbox *outbox,
                                double interval,
                                egito_error **error);

/**
 * Stops the thread of egito_outbox_start, and waits for its calls in flight, some seconds at most. Does nothing if it does
 * not run.
 *
 * Fails with EGITO_ERROR_CONFIG inside a listener. Thread-safe.
 */
egito_status egito_outbox_stop(const egito_outbox *outbox,
                               egito_error **error);

/**
 * Returns the result of the last delivery of the thread of egito_outbox_start.
 *
 * delivery_json: receives one JSON object as in egito_outbox_deliver, or NULL if no delivery has ended; free it with
 *   egito_string_free.
 * Fails with the error of that delivery. Thread-safe.
 */
egito_status egito_outbox_last_delivery(const egito_outbox *outbox,
                                        char **delivery_json,
                                        egito_error **error);

/**
 * Frees an outbox. Its entries stay in the file. NULL is allowed. Any thread, after all other uses of the outbox.
 */
void egito_outbox_free(egito_outbox *outbox);

/**
 * Begins a bulk: the same action for many inputs, which are passed with egito_bulk_push or egito_bulk_run.
 *
 *   bool more = true, room = false;
 *   while ((status = egito_bulk_step(bulk, more, &row, &room, &error)) == EGITO_OK && (room || row != NULL)) {
 *     if (row != NULL) { ... egito_row_free(row); }
 *     else if (has_input) egito_bulk_push(bulk, ..., &error);
 *     else more = false;
 *   }
 *
 * A thread of the library drives the calls, from the first input until the bulk is freed.
 * entity: name of the entity, such as "Account".
 * action: "create", "get", "update" or "delete"; "upsert" creates a record, updates the fields that differ or leaves it
 *   unchanged, see egito_upsert; "plan_upsert" finds out what an upsert would do; "apply_upsert" does what the rows of
 *   such a plan say, which are passed with egito_bulk_push_planned.
 * options_json: NULL, or one JSON object with any of these members, such as {"concurrency": 4, "max_failures": 100}.
 *   concurrency: maximum number of calls in flight. Default: 8.
 *   outage_timeout: maximum duration of an outage, in seconds. While the server does not respond, the bulk pauses and
 *     probes it. After this time it gives up: every further input gets a row with EGITO_ERROR_CONNECTION and the
 *     outcome not_sent. Default: 300. 0: it never pauses.
 *   max_failures: stops the bulk after this number of failed rows. The remaining inputs get rows with
 *     EGITO_ERROR_CANCELLED and the outcome not_sent. Default: no limit.
 *   cancel_grace: seconds that calls in flight get to finish after egito_bulk_cancel. Default: 5.
 *   key: name of the field that identifies a record, or a list of names, as in egito_create_once. Required for the
 *     three upserts. With a key, a create of unknown outcome is looked for before its row is returned. Two inputs with
 *     one key: the second one gets a row with EGITO_ERROR_CONFIG.
 *   settle: seconds to look for a record after a create of unknown outcome. Default: 10.
 *   lookup: how the three upserts find records: "filter" and "scan" as in egito_create_once, where a scan reads the
 *     list once for all inputs; "auto" begins with filters, and scans the list if that is cheaper or the server ignores
 *     the filter. Default: "auto".
 *   journal: path of a file that keeps what was done, for all actions that write. The same inputs with the same journal,
 *     also after a crash, continue where the bulk stopped: rows that were done are returned from the journal, see
 *     egito_row_is_resumed. With a key, a create that may have been done is looked for.
 * bulk: receives the bulk; free it with egito_bulk_free.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument or option, if the journal is in use, damaged or belongs to another
 * bulk, and inside a listener. Thread-safe.
 */
egito_status egito_bulk_new(const egito_client *client,
                            const char *entity,
                            const char *action,
                            const char *options_json,
                            egito_bulk **bulk,
                            egito_error **error);

/**
 * Removes the limit on rows that were not returned yet, for programs that keep all rows in memory anyway.
 *
 * By default egito_bulk_has_room is false as soon as 16 * `concurrency` inputs wait for their row to be returned.
 * Does nothing if bulk is NULL or in use by another thread. Not thread-safe: one thread at a time.
 */
void egito_bulk_keep_all_rows(egito_bulk *bulk);

/**
 * Returns whether there is room for another input: fewer than `concurrency` calls are in flight, and not too many rows
 * wait to be returned, see egito_bulk_keep_all_rows. Once true, it stays true until egito_bulk_push or a cancel.
 *
 * False after a cancel, and if bulk is NULL or in use by another thread. egito_bulk_step requests fewer inputs: it
 * returns rows that are ready first. Not thread-safe: one thread at a time.
 */
bool egito_bulk_has_room(const egito_bulk *bulk);

/**
 * Passes the next input and sends its call at once.
 *
 * An invalid input (not JSON, not UTF-8, no id) becomes a row with its error, and the others continue.
 * id: id of the record, see "Ids" above; NULL for a create, an upsert and a plan.
 * record_json: one JSON object, the changed fields for an update and the whole record for a create, an upsert and a
 *   plan; NULL for a get or a delete.
 * Fails with EGITO_ERROR_CONFIG if there is no room, if bulk is NULL or in use by another thread, and inside a
 * listener: then the input was not accepted. After egito_bulk_cancel every input is accepted and becomes a row with
 * EGITO_ERROR_CANCELLED. Not thread-safe: one thread at a time.
 */
egito_status egito_bulk_push(egito_bulk *bulk,
                             const char *id,
                             const char *record_json,
                             egito_error **error);

/**
 * Passes a row of a plan to a bulk with the action "apply_upsert". The row may have been stored in the meantime.
 *
 *   egito_bulk_push_planned(bulk, egito_row_id_json(row), egito_change_name(egito_row_change(row)),
 *                           egito_row_record_json(row), egito_row_planned_for(row), &error);
 *
 * The row is done as planned: nothing is sent for "unchanged" and "ambiguous", and a record that should be created is
 * not created if there is one with its key by now.
 * id: id of the row; NULL if it has none.
 * change: name of the change of the row, such as "updated"; with NULL, the row of a failed plan, it becomes a row with
 *   EGITO_ERROR_CONFIG.
 * record_json: record of the row; NULL if it has none.
 * planned_for: egito_row_planned_for of the row. A row that was planned for another entity or key becomes a row with
 *   EGITO_ERROR_CONFIG, and nothing is sent for it.
 * Fails like egito_bulk_push. Not thread-safe: one thread at a time.
 */
egito_status egito_bulk_push_planned(egito_bulk *bulk,
                                     const char *id,
                                     const char *change,
                                     const char *record_json,
                                     const char *planned_for,
                                     egito_error **error);

/**
 * Waits for the next row, or for room for another input.
 *
 * Keeps `concurrency` calls in flight, also while a slow call holds back the rows after it. Requests no input while
 * rows are ready and `concurrency` of them were not returned yet.
 * more: whether there may be another input.
 * row: receives the next row, in the order of the inputs, or NULL; free it with egito_row_free. A failed call is a row
 *   with an error, and the status is EGITO_OK.
 * room: receives whether to pass the next input with egito_bulk_push. If it is false and row is NULL, the bulk is
 *   done: there are no more inputs, and every input has its row.
 * Fails with EGITO_ERROR_CANCELLED after the last row if the bulk was cancelled while there may have been more inputs:
 * by egito_bulk_cancel, or by the cancellation token of its client, also before it began. Fails with
 * EGITO_ERROR_CONFIG if bulk, row or room is NULL, if the bulk is in use by another thread, and inside a listener. Not
 * thread-safe: one thread at a time.
 */
egito_status egito_bulk_step(egito_bulk *bulk,
                             bool more,
                             egito_row **row,
                             bool *room,
                             egito_error **error);

/**
 * Like egito_bulk_step, but also returns after each call that finishes, so that a program can show the progress.
 *
 * progressed: receives whether a call has finished, see egito_bulk_done and egito_bulk_failed. Then there is neither a
 *   row nor room, and the bulk is not done yet.
 * Fails like egito_bulk_step, and if progressed is NULL. Not thread-safe: one thread at a time.
 */
egito_status egito_bulk_step_or_progress(egito_bulk *bulk,
                                         bool more,
                                         egito_row **row,
                                         bool *room,
                                         bool *progressed,
                                         egito_error **error);

/**
 * Waits for the next row, in the order of the inputs.
 *
 * row: receives the row, or NULL if every input has its row; free it with egito_row_free. A failed call is a row with
 *   an error, and the status is EGITO_OK.
 * Fails with EGITO_ERROR_CONFIG if bulk is NULL or in use by another thread, and inside a listener. Not thread-safe:
 * one thread at a time.
 */
egito_status egito_bulk_next(egito_bulk *bulk,
                             egito_row **row,
                             egito_error **error);

/**
 * Reads all inputs from one function and passes all rows to another one. Calls both on this thread only.
 *
 * next_input: provides the next input, see egito_input_callback.
 * on_row: receives each row in the order of the inputs, see egito_row_callback. May be NULL.
 * user: passed to both functions; may be NULL.
 * Both functions may call egito_bulk_cancel. Fails with EGITO_ERROR_CANCELLED after the last row like egito_bulk_step,
 * and with EGITO_ERROR_CONFIG if next_input or bulk is NULL or the bulk is in use. Not thread-safe: one thread at a
 * time.
 */
egito_status egito_bulk_run(egito_bulk *bulk,
                            egito_input_callback next_input,
                            egito_row_callback on_row,
                            void *user,
                            egito_error **error);

/**
 * Cancels a bulk: no further input is sent, and calls in flight get `cancel_grace` seconds to finish, see
 * egito_bulk_new.
 *
 * Calls that are still in flight then fail with EGITO_ERROR_CANCELLED, or with EGITO_ERROR_OUTCOME_UNKNOWN if a create
 * was sent. A second cancel ends them at once. Every accepted input has its row: read the rest with egito_bulk_next.
 * Does nothing if bulk is NULL. Thread-safe, also while another thread waits for a row.
 */
void egito_bulk_cancel(const egito_bulk *bulk);

/**
 * Returns the number of finished calls, in any order; 0 if bulk is NULL. Updated while a thread waits for a row.
 * Thread-safe.
 */
uint64_t egito_bulk_done(const egito_bulk *bulk);

/**
 * Returns the number of finished calls that failed; 0 if bulk is NULL. Thread-safe.
 */
uint64_t egito_bulk_failed(const egito_bulk *bulk);

/**
 * Frees a bulk, also before its end: calls in flight are aborted, and their rows are lost. NULL is allowed. Any
 * thread, after all other uses of the bulk.
 */
void egito_bulk_free(egito_bulk *bulk);

/**
 * Returns the position of the input, from 0; 0 if row is NULL. Thread-safe.
 */
uint64_t egito_row_index(const egito_row *row);

/**
 * Returns the id of the record that was created, read, changed, deleted or found, as JSON: the oldest one if several
 * records have the key; NULL if the call failed, for a record that a plan would create, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_id_json(const egito_row *row);

/**
 * Returns the record that was read, as the server sent it. For a plan, returns what would be written: the whole record,
 * or the fields that differ. NULL for other actions, if there is nothing to write, if the call failed, and if row is
 * NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_record_json(const egito_row *row);

/**
 * Returns the record of egito_row_record_json as a handle, or NULL.
 *
 * Do not free the record: it belongs to the row. Thread-safe.
 */
const egito_record *egito_row_record(const egito_row *row);

/**
 * Returns what an upsert did, or would do according to a plan; EGITO_CHANGE_NONE for other actions, if the call failed,
 * and if row is NULL. Thread-safe.
 */
egito_change egito_row_change(const egito_row *row);

/**
 * For a plan, returns its entity and key, such as "Account(nip)": it is only applied to these. NULL for other actions, if
 * the call failed, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_planned_for(const egito_row *row);

/**
 * Returns the number of fields that an upsert updated, or would update; 0 if row is NULL. Thread-safe.
 */
uintptr_t egito_row_field_count(const egito_row *row);

/**
 * Returns the name of a field that an upsert updated, or would update; NULL if index is not smaller than
 * egito_row_field_count, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_field(const egito_row *row,
                            uintptr_t index);

/**
 * Returns the number of all records with the key if there are several; otherwise 0, and if row is NULL. Thread-safe.
 */
uintptr_t egito_row_duplicate_count(const egito_row *row);

/**
 * Returns the id of one of several records with the key as JSON, the oldest first; NULL if index is not smaller than
 * egito_row_duplicate_count, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_duplicate_id_json(const egito_row *row,
                                        uintptr_t index);

/**
 * Returns whether the call was made by an earlier run, whose journal has this result; false if row is NULL. Thread-safe.
 */
bool egito_row_is_resumed(const egito_row *row);

/**
 * Returns why the call failed; NULL if it succeeded, and if row is NULL.
 *
 * Do not free the error: it belongs to the row. Thread-safe.
 */
const egito_error *egito_row_error(const egito_row *row);

/**
 * Returns the id of the input, byte for byte; NULL if it has none, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_input_id(const egito_row *row);

/**
 * Returns the record or the fields of the input, byte for byte; NULL if it has none, and if row is NULL.
 *
 * Do not free the string: it belongs to the row. Thread-safe.
 */
const char *egito_row_input_json(const egito_row *row);

/**
 * Frees a row. NULL is allowed. Any thread, after all other uses of the row.
 */
void egito_row_free(egito_row *row);

/**
 * Creates a record from JSON text, to read its values.
 *
 * json: any JSON object, such as a record or the details of an error. It is copied.
 * record: receives the record; free it with egito_record_free.
 * Fails with EGITO_ERROR_CONFIG if json is not a JSON object. Thread-safe.
 */
egito_status egito_record_new(const char *json, egito_record **record, egito_error **error);

/**
 * Returns the JSON text of the record, as the server sent it; NULL if record is NULL.
 *
 * Do not free the string: it belongs to the record. Thread-safe.
 */
const char *egito_record_json(const egito_record *record);

/**
 * Returns whether there is a value at a path, other than null. False if record or path is NULL, and if path is not
 * UTF-8. Thread-safe.
 */
bool egito_record_has(const egito_record *record,
                      const char *path);

/**
 * Reads a string.
 *
 * path: field names and list indexes, separated by dots: "name", "address.city", "phones.0.number". Escape a dot or a
 *   backslash in a name with a backslash, which is written twice in C: "v1\\.2".
 * value: receives the string; free it with egito_string_free. Receives NULL if the value is missing or null.
 * Fails with EGITO_ERROR_CONFIG if the value is not a string, or contains a NUL. Thread-safe.
 */
egito_status egito_record_get_string(const egito_record *record,
                                     const char *path,
                                     char **value,
                                     egito_error **error);

/**
 * Reads an integer.
 *
 * path: see egito_record_get_string.
 * value: receives the integer.
 * Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a 64-bit
 * integer (egito_record_get_decimal reads any number). Thread-safe.
 */
egito_status egito_record_get_int64(const egito_record *record,
                                    const char *path,
                                    int64_t *value,
                                    egito_error **error);

/**
 * Reads a number as a double, which may round it.
 *
 * path: see egito_record_get_string.
 * value: receives the number.
 * Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a
 * number. Thread-safe.
 */
egito_status egito_record_get_double(const egito_record *record,
                                     const char *path,
                                     double *value,
                                     egito_error **error);

/**
 * Reads a number as a string of its digits: decimals that a double would round, integers beyond 64 bits.
 *
 * path: see egito_record_get_string.
 * digits: receives the number as it is written in the record, such as 12.50; free it with egito_string_free. Also
 *   accepts a string that is a number (setting `decimals`). Receives NULL if the value is missing or null.
 * Fails with EGITO_ERROR_CONFIG if the value is not a number. Thread-safe.
 */
egito_status egito_record_get_decimal(const egito_record *record,
                                      const char *path,
                                      char **digits,
                                      egito_error **error);

/**
 * Reads a boolean.
 *
 * path: see egito_record_get_string.
 * value: receives true or false.
 * Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is not a
 * boolean. Thread-safe.
 */
egito_status egito_record_get_bool(const egito_record *record,
                                   const char *path,
                                   bool *value,
                                   egito_error **error);

/**
 * Reads any value as JSON text, unchanged.
 *
 * path: see egito_record_get_string.
 * json: receives the JSON text; free it with egito_string_free. Receives NULL if the value is missing, and "null" if
 *   it is null.
 * Fails with EGITO_ERROR_CONFIG for an invalid argument. Thread-safe.
 */
egito_status egito_record_get_json(const egito_record *record,
                                   const char *path,
                                   char **json,
                                   egito_error **error);

/**
 * Counts the items of a list, or the members of an object.
 *
 *   uint64_t length = 0;
 *   if (egito_record_length(record, "phones", &length, NULL) == EGITO_OK)
 *     for (uint64_t i = 0; i < length; i++) {
 *       snprintf(path, sizeof path, "phones.%" PRIu64 ".number", i);
 *       egito_record_get_string(record, path, &number, NULL);
 *       ...
 *     }
 *
 * path: see egito_record_get_string; NULL for the record itself.
 * length: receives the number.
 * Fails with EGITO_ERROR_NOT_FOUND if the value is missing or null, and with EGITO_ERROR_CONFIG if it is neither a
 * list nor an object. Thread-safe.
 */
egito_status egito_record_length(const egito_record *record,
                                 const char *path,
                                 uint64_t *length,
                                 egito_error **error);

/**
 * Reads one item of a list, or one member of an object, by its index from 0.
 *
 *   for (uint64_t i = 0; egito_record_get_item(record, NULL, i, &name, &json, NULL) == EGITO_OK && json != NULL; i++)
 *   { ... }
 *
 * path: see egito_record_get_string; NULL for the record itself.
 * name: receives the name of the member, or NULL for an item of a list; free it with egito_string_free. May be NULL.
 * json: receives the value as JSON text; free it with egito_string_free. Receives NULL after the last item.
 * Fails like egito_record_length. Each call scans the list from its beginning. Thread-safe.
 */
egito_status egito_record_get_item(const egito_record *record,
                                   const char *path,
                                   uint64_t index,
                                   char **name,
                                   char **json,
                                   egito_error **error);

/**
 * Reads an object inside of a record as a record: "address", "phones.0".
 *
 * path: see egito_record_get_string.
 * value: receives the record; free it with egito_record_free. Receives NULL if the value is missing or null.
 * Fails with EGITO_ERROR_CONFIG if the value is not an object. Thread-safe.
 */
egito_status egito_record_get_record(const egito_record *record,
                                     const char *path,
                                     egito_record **value,
                                     egito_error **error);

/**
 * Frees a record. NULL is allowed. Any thread, after all other uses of the record.
 */
void egito_record_free(egito_record *record);

/**
 * Creates an empty object.
 *
 *   egito_object *settings = NULL;
 *   egito_object_new(&settings, NULL);
 *   egito_object_set_string(settings, "name", "firma", NULL);
 *   egito_object_set_int64(settings, "timeout", 30, NULL);
 *   status = egito_client_new(egito_object_json(settings), &client, &error);
 *
 * There is no need to check each error: after a failed egito_object_set_..., egito_object_json returns NULL, which
 * every function refuses.
 * object: receives the object; free it with egito_object_free.
 * Fails with EGITO_ERROR_CONFIG if object is NULL. Thread-safe.
 */
egito_status egito_object_new(egito_object **object,
                              egito_error **error);

/**
 * Creates an independent object with the same members. The copy of an object with a refused value is invalid, too.
 *
 * copy: receives the new object; free it with egito_object_free.
 * Fails with EGITO_ERROR_CONFIG if an argument is NULL. Not thread-safe: one thread at a time.
 */
egito_status egito_object_copy(egito_object *object,
                               egito_object **copy,
                               egito_error **error);

/**
 * Sets a member to a string, which is quoted as JSON. Replaces an existing value.
 *
 * name: name of the member; a dot in it has no special meaning.
 * Fails with EGITO_ERROR_CONFIG if an argument is NULL or not UTF-8. Not thread-safe: one thread at a time.
 */
egito_status egito_object_set_string(egito_object *object,
                                     const char *name,
                                     const char *value,
                                     egito_error **error);

/**
 * Sets a member to an integer. See egito_object_set_string.
 */
egito_status egito_object_set_int64(egito_object *object,
                                    const char *name,
                                    int64_t value,
                                    egito_error **error);

/**
 * Sets a member to a number. See egito_object_set_string. Also fails if the value is infinite or NaN.
 */
egito_status egito_object_set_double(egito_object *object,
                                     const char *name,
                                     double value,
                                     egito_error **error);

/**
 * Sets a member to true or false. See egito_object_set_string.
 */
egito_status egito_object_set_bool(egito_object *object,
                                   const char *name,
                                   bool value,
                                   egito_error **error);

/**
 * Sets a member to null. See egito_object_set_string.
 */
egito_status egito_object_set_null(egito_object *object, const char *name, egito_error **error);

/**
 * Sets a member to any JSON value, such as an object or a list. See egito_object_set_string. Also fails if json is not
 * JSON.
 */
egito_status egito_object_set_json(egito_object *object,
                                   const char *name,
                                   const char *json,
                                   egito_error **error);

/**
 * Sets a member to a number with exactly these digits, such as 12.50, which a double might round. See
 * egito_object_set_string. Also fails if digits is not a JSON number.
 */
egito_status egito_object_set_decimal(egito_object *object,
                                      const char *name,
                                      const char *digits,
                                      egito_error **error);

/**
 * Sets a member to a date and time, such as "2024-02-29T10:11:12.000Z". See egito_object_set_string.
 *
 * The server reads this format as UTC: with exactly three fractional digits and Z. It reads others in its own time
 * zone.
 * milliseconds: milliseconds since 1 January 1970 in UTC, such as `1000 * (int64_t)time(NULL)`.
 * Also fails if the year is not from 0 to 9999.
 */
egito_status egito_object_set_time(egito_object *object,
                                   const char *name,
                                   int64_t milliseconds,
                                   egito_error **error);

/**
 * Appends a string to a list.
 *
 * name: name of the member with the list. The first append creates it; egito_object_set_json with "[]" creates an
 *   empty list.
 * Fails like egito_object_set_string, and if the member exists and is not a list. Not thread-safe: one thread at a
 * time.
 */
egito_status egito_object_append_string(egito_object *object,
                                        const char *name,
                                        const char *value,
                                        egito_error **error);

/**
 * Appends an integer to a list. See egito_object_append_string.
 */
egito_status egito_object_append_int64(egito_object *object,
                                       const char *name,
                                       int64_t value,
                                       egito_error **error);

/**
 * Appends a number to a list. See egito_object_append_string.
 */
egito_status egito_object_append_double(egito_object *object,
                                        const char *name,
                                        double value,
                                        egito_error **error);

/**
 * Appends true or false to a list. See egito_object_append_string.
 */
egito_status egito_object_append_bool(egito_object *object,
                                      const char *name,
                                      bool value,
                                      egito_error **error);

/**
 * Appends null to a list. See egito_object_append_string.
 */
egito_status egito_object_append_null(egito_object *object, const char *name, egito_error **error);

/**
 * Appends any JSON value to a list. See egito_object_append_string.
 */
egito_status egito_object_append_json(egito_object *object,
                                      const char *name,
                                      const char *json,
                                      egito_error **error);

/**
 * Appends a number with exactly these digits to a list. See egito_object_append_string.
 */
egito_status egito_object_append_decimal(egito_object *object,
                                         const char *name,
                                         const char *digits,
                                         egito_error **error);

/**
 * Appends a date and time to a list. See egito_object_set_time and egito_object_append_string.
 */
egito_status egito_object_append_time(egito_object *object,
                                      const char *name,
                                      int64_t milliseconds,
                                      egito_error **error);

/**
 * Returns the object as JSON text; NULL if object is NULL, and if a value was refused.
 *
 * Do not free the string: it belongs to the object. It is valid until the object is changed or freed, or until the
 * next call of this function. Not thread-safe: one thread at a time.
 */
const char *egito_object_json(egito_object *object);

/**
 * Frees an object. NULL is allowed. Any thread, after all other uses of the object and its text.
 */
void egito_object_free(egito_object *object);

/**
 * Encodes a string as JSON, with quotes and escapes: for records that a program writes itself.
 *
 * json: receives the JSON text; free it with egito_string_free.
 * Fails with EGITO_ERROR_CONFIG if text is NULL or not UTF-8. Thread-safe.
 */
egito_status egito_json_string(const char *text, char **json, egito_error **error);

/**
 * Frees a string that a function has returned through a `char **`. NULL is allowed. Thread-safe.
 */
void egito_string_free(char *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* EGITO_H */
