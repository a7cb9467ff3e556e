/*
 * egito.h: the Egito CRM from C. This file is generated; its source is bindings-c/src.
 *
 * The rules, which hold for every function below.
 *
 * Names     A type is egito_<noun>; its functions are egito_<noun>_<verb>, made by _new, freed by _free. What is done to
 *           records is called as in the API: egito_create, egito_get, egito_update, egito_delete, egito_list, egito_call.
 *           Arguments come first, results after them, the error last.
 * Text      Every text is UTF-8 and ends with a NUL. A name that ends in _json says that the text is JSON. Texts that you
 *           pass are copied where they are needed longer than the call. Without a JSON library: egito_object writes, egito_record
 *           reads.
 * Freeing   What comes out through a `char **` is yours: free it with egito_string_free (you may change it before). What
 *           comes out through a pointer to a handle is yours: free it with the _free of its type. What is returned as
 *           `const char *` is not yours: it lives as long as the handle it was asked from. Every _free takes NULL.
 * NULL      A NULL or a text that is not UTF-8 where a value is needed is EGITO_ERROR_CONFIG, never a crash. Where NULL
 *           means something, the function says so.
 * Results   Results are written only where the status is EGITO_OK; else they are left as they were.
 * Errors    A function that can fail returns an egito_status: EGITO_OK (0), or the code of its error. It then also hands
 *           out an egito_error through its last argument, unless that is NULL; free it with egito_error_free. Where
 *           nothing failed the error is left as it was: begin with `egito_error *error = NULL`. A failed write tells by
 *           egito_error_outcome whether it may have been done. "Fails as every call" means: CONFIG, AUTH, PERMISSION,
 *           RATE_LIMITED, SERVER, UNEXPECTED_RESPONSE, CONNECTION, TLS, TIMEOUT, INTERNAL.
 * Ids       An id that comes out is JSON: 17 or "A-17" with its quotes, and is passed on as it is. Where an id goes in,
 *           text that is no JSON is taken for an id of text: A-17 is "A-17".
 * Threads   Calls are blocking and run on the caller's thread. The library starts no others but these: one that reads ahead, from
 *           a cursor's second page on and only as long as that cursor lives (setting `prefetch`; 0: none), and one that drives
 *           the calls of a bulk, from its first input on and only as long as that bulk lives. Any number of
 *           threads may use one client or cancel handle at a time. A cursor, a bulk or an object belongs to one thread at a
 *           time; a cursor or bulk that another thread uses is EGITO_ERROR_CONFIG. Records, rows and errors never change:
 *           read them anywhere. A call under way is ended from another thread by egito_cancel_now.
 * Handles   A handle is good until its _free, which must be the last that any thread does with it. A handle that was freed,
 *           or is one of another type, is EGITO_ERROR_CONFIG where that can be seen, and nothing is freed twice; it cannot
 *           be seen once something else has taken its memory. Handles may be freed in any order.
 * Callbacks A function that you pass must return: no longjmp and no C++ exception may leave it. It may call this library, but
 *           for what is in use by its caller. Its `user` pointer is yours, and is freed by what you give as free_user.
 * Processes Nothing happens when the library is loaded (also by dlopen). After a fork the child may go on with its parent's
 *           clients; they log in again. Cursors and bulks that were begun before are the parent's. A program that closes the
 *           library's descriptors (closefrom) while no thread is inside a call may go on with its clients as well, but not with
 *           cursors and bulks. The library stays loaded after dlclose.
 * Signals   No signal handler is changed, and no SIGPIPE reaches the program: a thread blocks it while it waits for the server,
 *           also while a listener is called there. Afterwards its mask is as it was.
 * Stack     A thread that makes calls needs a stack of 128 KiB, and what your listeners need.
 * Time      Durations are seconds, or milliseconds where the name ends in _ms.
 * Versions  Numbers, names and layouts of this header stay what they are within one SONAME. Later versions may add
 *           functions, codes and members of JSON objects: treat a code that you do not know as a failure.
 */

#ifndef EGITO_H
#define EGITO_H

#include <stdbool.h>
#include <stdint.h>

/* The version of this header. egito_version() and egito_version_number() tell the library's. */
#define EGITO_VERSION_MAJOR 0
#define EGITO_VERSION_MINOR 1
#define EGITO_VERSION_PATCH 0
#define EGITO_VERSION "0.1.0"
#define EGITO_VERSION_NUMBER (10000 * EGITO_VERSION_MAJOR + 100 * EGITO_VERSION_MINOR + EGITO_VERSION_PATCH)

/**
 * The status of a function: EGITO_OK, or the code of its error. The numbers never change; later versions may have more of them.
 */
typedef enum {
  /**
   * It is done, and the results are written.
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
   * A create or other action that may have been done: response lost, 5xx, unreadable 2xx, redirect, or cancelled.
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
 * What is known about the server's state after a failed write.
 */
typedef enum {
  /**
   * It was no write.
   */
  EGITO_OUTCOME_NONE = 0,
  /**
   * The request never reached the server, or its token was refused before anything ran.
   */
  EGITO_OUTCOME_NOT_SENT = 1,
  /**
   * The server answered and did not do it.
   */
  EGITO_OUTCOME_REJECTED = 2,
  /**
   * It may have been done.
   */
  EGITO_OUTCOME_UNKNOWN = 3,
} egito_outcome;

/**
 * How much is told: everything up to the given level.
 */
typedef enum {
  /**
   * Nothing.
   */
  EGITO_LOG_OFF = 0,
  /**
   * What went wrong where no call could say it, such as a token that could not be stored.
   */
  EGITO_LOG_WARNING = 1,
  /**
   * Every attempt and every pause before a repeat as well.
   */
  EGITO_LOG_DEBUG = 2,
} egito_log_level;

/**
 * A bulk: the calls in flight, and the rows that were not taken yet. One thread at a time; egito_bulk_cancel is for any.
 */
typedef struct egito_bulk egito_bulk;

/**
 * Ends calls from another thread, see egito_client_cancelled_by. Any number of threads may use it.
 */
typedef struct egito_cancel egito_cancel;

/**
 * The connection to one customer's Egito. Any number of threads may use one client at a time.
 */
typedef struct egito_client egito_client;

/**
 * A place in a list that moves on. One thread at a time.
 */
typedef struct egito_cursor egito_cursor;

/**
 * A failure with everything that is known about it. It never changes, so any number of threads may read it.
 */
typedef struct egito_error egito_error;

/**
 * A JSON object that is put together value by value: settings, a record, filters. One thread at a time.
 */
typedef struct egito_object egito_object;

/**
 * One JSON object to read values from. It never changes, so any number of threads may read it.
 */
typedef struct egito_record egito_record;

/**
 * The HTTP response of a call: its status and headers. It never changes, so any number of threads may read it.
 */
typedef struct egito_response egito_response;

/**
 * One input's line in the report of a bulk. It never changes, so any number of threads may read it.
 */
typedef struct egito_row egito_row;

/**
 * Receives the end of every attempt, logins included, and with the setting start_events also its start.
 *
 * event_json: {"kind": "end", "call": 1, "action": "get", "entity": "Account", "method": "GET", "host": "firma.egito.pl",
 *   "attempt": 1, "status": 200, "code": null, "elapsed": 0.012, "bytes": 1187}. kind is "start" or "end"; call is the number of
 *   the call, which all its attempts and the login that it needed have. The action of a login is "login", its entity null. elapsed
 *   is in seconds, bytes are those of the answer's body, 0 for a login and at a start. The text is good until the function returns. No secret stands in it.
 * user: as it was given to egito_client_on_event.
 * It is called on the thread that makes the call; for a bulk on the bulk's own, and for what is read ahead on the one that reads
 * ahead: on several at a time where there are several. The call waits for it, and so do all calls of its bulk. From inside, calls
 * that need the server are EGITO_ERROR_CONFIG.
 */
typedef void (*egito_event_callback)(const char *event_json, void *user);

/**
 * What is done with `user` once nobody will use it any more.
 */
typedef void (*egito_free_callback)(void *user);

/**
 * Is told one line.
 *
 * level: an egito_log_level.
 * line: a sentence and its data, such as "attempt action=get entity=Account attempt=1 status=200"; without a line end, good
 *   until the function returns. No secret, record or filter stands in it.
 * user: as it was given to egito_log_to.
 * It is called on the thread that does the work, on several at a time where several work, and should return quickly.
 */
typedef void (*egito_log_callback)(int level, const char *line, void *user);

/**
 * Gives the next input of a bulk to egito_bulk_run.
 *
 * id, record_json: set what egito_bulk_push would be given; both are NULL before. The texts must be good until the next call
 *   of this function, or the end of egito_bulk_run.
 * user: as it was given to egito_bulk_run.
 * Returns 0 where there are no more inputs, else anything else.
 */
typedef int (*egito_input_callback)(const char **id, const char **record_json, void *user);

/**
 * Receives a row of a bulk from egito_bulk_run.
 *
 * row: good until the function returns; do not free it. egito_bulk_done and egito_bulk_failed count it already.
 * user: as it was given to egito_bulk_run.
 */
typedef void (*egito_row_callback)(const egito_row *row, void *user);

#ifdef __cplusplus
extern "C" {
#endif // __cplusplus

/**
 * The version of the library that the program runs with, such as "0.1.0". EGITO_VERSION is that of the header.
 *
 * The text is the library's: do not free it. Never fails. Any thread.
 */
const char *egito_version(void);

/**
 * The same as a number that grows: 10000 * major + 100 * minor + patch. EGITO_VERSION_NUMBER is that of the header.
 *
 * Never fails. Any thread.
 */
int egito_version_number(void);

/**
 * The status that the failed function returned. EGITO_OK where error is NULL. Any thread.
 */
egito_status egito_error_code(const egito_error *error);

/**
 * The name of its code, such as "not_found"; "ok" where error is NULL.
 *
 * The text is the library's: do not free it. Any thread.
 */
const char *egito_error_name(const egito_error *error);

/**
 * One sentence for people: what happened, and what to do. Empty where error is NULL.
 *
 * The text is the error's: do not free it. Any thread.
 */
const char *egito_error_message(const egito_error *error);

/**
 * What is known about the server's state. EGITO_OUTCOME_NONE for reads, and where error is NULL. Any thread.
 */
egito_outcome egito_error_outcome(const egito_error *error);

/**
 * Returns whether the same call may be made again: that does no harm, and may succeed.
 *
 * It is true for a server that is down or busy, also where an egito_update or egito_delete may have been done. It is false where
 * the same call would fail again, and for EGITO_ERROR_OUTCOME_UNKNOWN: a second egito_create could make a second record. The detail
 * `retry_after` of egito_error_json says how many seconds the server asks to wait. False if error is NULL. Any thread.
 */
bool egito_error_is_retryable(const egito_error *error);

/**
 * The HTTP status of the server's last answer, such as 503; 0 where there was none, and where error is NULL. Any thread.
 */
int32_t egito_error_http_status(const egito_error *error);

/**
 * How many requests were made for the failed call; 0 where none was, and where error is NULL. Any thread.
 */
uint32_t egito_error_attempts(const egito_error *error);

/**
 * All details as one JSON object: code, message, outcome, status, entity, action, id, attempts, elapsed (seconds),
 * category, setting, errors (a list of {field, message, rejected_value, object, raw}), retry_after (seconds), oauth_error,
 * oauth_description, content_type, body_start, record, limit, reason and cause; null where one does not apply.
 *
 * egito_record_new and paths such as "errors.0.field" read it. "{}" where error is NULL.
 * The text is the error's: do not free it. Any thread.
 */
const char *egito_error_json(const egito_error *error);

/**
 * Frees an error. NULL is fine. Any thread, once no other one reads it.
 */
void egito_error_free(egito_error *error);

/**
 * The name of an error code, such as "not_found" for 4; NULL where there is no such code. Codes count from 1 without a gap.
 *
 * The text is the library's: do not free it. Any thread.
 */
const char *egito_code_name(int code);

/**
 * The name of a code's constant, such as "EGITO_ERROR_NOT_FOUND" for 4; NULL where there is no such code.
 *
 * The text is the library's: do not free it. Any thread.
 */
const char *egito_code_constant(int code);

/**
 * The name of a code's class in languages that have classes, such as "NotFoundError" for 4; NULL where there is no such
 * code.
 *
 * The text is the library's: do not free it. Any thread.
 */
const char *egito_code_class(int code);

/**
 * When a code occurs, in a few English words; NULL where there is no such code.
 *
 * The text is the library's: do not free it. Any thread.
 */
const char *egito_code_meaning(int code);

/**
 * Makes a client from settings. Nothing is sent yet: the first call logs in.
 *
 * settings_json: one JSON object, such as
 *   {"name": "firma", "client_id": "...", "client_secret": "...", "username": "jan@firma", "password": "..."}
 *   Durations are seconds (`timeout`), or milliseconds (`timeout_ms`). Unknown settings are refused.
 * client: receives the client; free it with egito_client_free.
 * Fails with EGITO_ERROR_CONFIG where a setting is missing, unknown or wrong; the error names it. Any thread.
 */
egito_status egito_client_new(const char *settings_json,
                              egito_client **client,
                              egito_error **error);

/**
 * Makes a client from the environment: EGITO_NAME (or EGITO_BASE_URL), EGITO_API_ID, EGITO_API_SECRET, EGITO_USERNAME
 * and EGITO_PASSWORD.
 *
 * settings_json: NULL, or further settings as in egito_client_new, which go before those of the environment.
 * client: receives the client; free it with egito_client_free.
 * Fails with EGITO_ERROR_CONFIG as egito_client_new does. Any thread, while no other one changes the environment.
 */
egito_status egito_client_from_env(const char *settings_json,
                                   egito_client **client,
                                   egito_error **error);

/**
 * Closes a client: calls that begin later fail with EGITO_ERROR_CONFIG, cursors give no more records, and idle connections are closed.
 *
 * Waits for the calls in flight of other threads, at most for the setting close_timeout (5 seconds); what is still in flight then
 * fails with EGITO_ERROR_CANCELLED, or EGITO_ERROR_OUTCOME_UNKNOWN where a create was sent. Inside a listener it does not wait.
 * The client must still be freed. NULL and a second close are fine. Any thread, also while others use the client.
 */
void egito_client_close(const egito_client *client);

/**
 * Makes a second handle for a client, whose calls a cancel handle ends. Both share the login, the settings and the counters.
 *
 * cancel: from egito_cancel_new. It ends calls, cursors and bulks that are begun with the second handle, and no others.
 * cancellable: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
 * Fails with EGITO_ERROR_CONFIG for a NULL. Any thread.
 */
egito_status egito_client_cancelled_by(const egito_client *client,
                                       const egito_cancel *cancel,
                                       egito_client **cancellable,
                                       egito_error **error);

/**
 * Makes a second handle for a client, whose calls go by other settings. Both share the login, the connections and the counters.
 *
 * options_json: one JSON object with settings that belong to single calls, such as {"timeout_ms": 500, "max_retries": 0}.
 * other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
 * Fails with EGITO_ERROR_CONFIG for a wrong value, and for a setting that belongs to the whole client. Any thread.
 */
egito_status egito_client_with_options(const egito_client *client,
                                       const char *options_json,
                                       egito_client **other,
                                       egito_error **error);

/**
 * Frees a client. NULL is fine. No other thread may use the handle any more; its cursors and bulks go on by themselves.
 */
void egito_client_free(egito_client *client);

/**
 * Makes a cancel handle.
 *
 * cancel: receives the handle; free it with egito_cancel_free.
 * Fails with EGITO_ERROR_CONFIG where cancel is NULL. Any thread.
 */
egito_status egito_cancel_new(egito_cancel **cancel, egito_error **error);

/**
 * Ends what is under way with it, by the error EGITO_ERROR_CANCELLED, and closes its requests; what begins later ends at once.
 *
 * A write that was under way may have been done: its error says so by egito_error_outcome. NULL and a second time are fine.
 * Returns at once. Any thread; not from a signal handler.
 */
void egito_cancel_now(const egito_cancel *cancel);

/**
 * Frees a cancel handle. NULL is fine. Clients that were made with it go on, and can no longer be ended by it. Any thread, once
 * no other one uses the handle.
 */
void egito_cancel_free(egito_cancel *cancel);

/**
 * Has a function called at the end of every attempt of a client. A client has one; a later one takes its place.
 *
 * callback: see egito_event_callback; NULL for none.
 * user: handed to the callback as it is; may be NULL.
 * free_user: called with user once it is needed no more: after another callback took its place, or after the client and all
 *   its cursors and bulks were freed, on whichever thread that happens; at once where this function fails. May be NULL.
 * Fails with EGITO_ERROR_CONFIG where client is NULL. Any thread.
 */
egito_status egito_client_on_event(const egito_client *client,
                                   egito_event_callback callback,
                                   void *user,
                                   egito_free_callback free_user,
                                   egito_error **error);

/**
 * Counts what a client has done since it was made.
 *
 * stats_json: receives {"calls": 3, "attempts": 4, "retries": 1, "logins": 1, "bytes_sent": 120, "bytes_received": 3400};
 *   free it with egito_string_free. Later versions may count more.
 * Fails with EGITO_ERROR_CONFIG for a NULL. Any thread.
 */
egito_status egito_client_stats(const egito_client *client,
                                char **stats_json,
                                egito_error **error);

/**
 * Has a function told what all clients of this process do. There is one such function; a later one takes its place.
 *
 * level: an egito_log_level; EGITO_LOG_OFF ends it.
 * callback: see egito_log_callback; NULL ends it.
 * user: handed to the callback as it is; may be NULL.
 * free_user: called with user once it is needed no more, on whichever thread that happens; at once where this function fails.
 *   May be NULL.
 * Fails with EGITO_ERROR_CONFIG where there is no such level. Any thread.
 */
egito_status egito_log_to(int level,
                          egito_log_callback callback,
                          void *user,
                          egito_free_callback free_user,
                          egito_error **error);

/**
 * Checks an entity's name, as every call does. Nothing is sent.
 *
 * For wrappers whose entity objects shall fail when they are made and not at their first call.
 *
 * entity: the entity's name, such as "Account".
 * Fails with EGITO_ERROR_CONFIG if no entity can have this name. Any number of threads at a time.
 */
egito_status egito_check_entity(const egito_client *client,
                                const char *entity,
                                egito_error **error);

/**
 * Saves a new record and gives its id. Sent again only where it surely was not done.
 *
 * entity: the entity's name, such as "Account".
 * record_json: one JSON object with the record's fields.
 * id_json: receives the new id; free it with egito_string_free. NULL where you do not want it.
 * Fails with EGITO_ERROR_VALIDATION where the server refuses the record, EGITO_ERROR_OUTCOME_UNKNOWN where its answer was
 * lost, EGITO_ERROR_CONFIG for a wrong argument, and as every call. Any number of threads at a time.
 */
egito_status egito_create(const egito_client *client,
                          const char *entity,
                          const char *record_json,
                          char **id_json,
                          egito_error **error);

/**
 * Reads one record.
 *
 * entity: the entity's name, such as "Account".
 * id: the record's id, see "Ids" above.
 * record_json: receives the record as the server wrote it; free it with egito_string_free.
 * Fails with EGITO_ERROR_NOT_FOUND where there is no such record, and as every call. Any number of threads at a time.
 */
egito_status egito_get(const egito_client *client,
                       const char *entity,
                       const char *id,
                       char **record_json,
                       egito_error **error);

/**
 * Reads one record, to read values from it.
 *
 * entity: the entity's name, such as "Account".
 * id: the record's id, see "Ids" above.
 * record: receives the record; free it with egito_record_free.
 * Fails as egito_get does. Any number of threads at a time.
 */
egito_status egito_get_record(const egito_client *client,
                              const char *entity,
                              const char *id,
                              egito_record **record,
                              egito_error **error);

/**
 * Changes the given fields of a record.
 *
 * entity: the entity's name, such as "Account".
 * id: the record's id, see "Ids" above.
 * fields_json: one JSON object with the fields that change.
 * id_json: receives the record's id; free it with egito_string_free. NULL where you do not want it.
 * Fails with EGITO_ERROR_VALIDATION where the server refuses the fields, EGITO_ERROR_NOT_FOUND where there is no such
 * record, and as every call. Any number of threads at a time.
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
 * entity: the entity's name, such as "Account".
 * id: the record's id, see "Ids" above.
 * id_json: receives the record's id; free it with egito_string_free. NULL where you do not want it.
 * Fails with EGITO_ERROR_NOT_FOUND where there is no such record, and as every call. Any number of threads at a time.
 */
egito_status egito_delete(const egito_client *client,
                          const char *entity,
                          const char *id,
                          char **id_json,
                          egito_error **error);

/**
 * Calls any other action of the API. It is sent once, since nobody knows whether it may be repeated.
 *
 * entity, action: their names, such as "Offer" and "print".
 * params_json: NULL, or one JSON object with the action's parameters.
 * method: NULL for POST, or "GET", "POST" or "DELETE"; all but POST send the parameters in the query.
 * answer_json: receives the answer, whatever JSON it is; free it with egito_string_free. NULL where you do not want it.
 * Fails with EGITO_ERROR_OUTCOME_UNKNOWN where the answer was lost, and as every call. Any number of threads at a time.
 */
egito_status egito_call(const egito_client *client,
                        const char *entity,
                        const char *action,
                        const char *params_json,
                        const char *method,
                        char **answer_json,
                        egito_error **error);

/**
 * Begins to list an entity's records. Nothing is sent before the first egito_cursor_next or egito_cursor_next_page.
 *
 * entity: the entity's name, such as "Account".
 * options_json: NULL, or one JSON object with any of
 *   {"filters": {"city": "Krakow"}, "sort": "name", "order": "desc", "limit": 100, "start": 200, "page_size": 500}
 *   The list ends after `limit` records and begins behind the first `start` rows of the server's list.
 * cursor: receives the cursor; free it with egito_cursor_free.
 * Fails with EGITO_ERROR_CONFIG for a wrong argument or option. Any number of threads at a time.
 */
egito_status egito_list(const egito_client *client,
                        const char *entity,
                        const char *options_json,
                        egito_cursor **cursor,
                        egito_error **error);

/**
 * Begins to list the entries of a dictionary, as records.
 *
 * type: the dictionary's name, such as "industry".
 * options_json: NULL, or options as in egito_list.
 * cursor: receives the cursor; free it with egito_cursor_free.
 * Fails with EGITO_ERROR_CONFIG for a wrong argument or option. Any number of threads at a time.
 */
egito_status egito_dictionary(const egito_client *client,
                              const char *type,
                              const char *options_json,
                              egito_cursor **cursor,
                              egito_error **error);

/**
 * Makes a second handle for a client, whose calls keep their HTTP response for egito_client_response. Both share the login, the
 * connections and the counters.
 *
 * other: receives the second handle; free it with egito_client_free, before or after the first. Closing one closes both.
 * Fails with EGITO_ERROR_CONFIG for a NULL. Any thread. Give each thread that asks for responses a handle of its own.
 */
egito_status egito_client_with_response(const egito_client *client,
                                        egito_client **other,
                                        egito_error **error);

/**
 * Gives the HTTP response of the last call that was made with a handle from egito_client_with_response, also of one that failed.
 *
 * For a cursor that was begun with the handle it is the response of the page that was fetched last. Bulks keep no order: events
 * tell the status of each of their attempts.
 * response: receives the response; free it with egito_response_free. Receives NULL where the last call got no response, and before
 *   the first call.
 * Fails with EGITO_ERROR_CONFIG where the handle keeps no responses. One thread at a time.
 */
egito_status egito_client_response(const egito_client *client,
                                   egito_response **response,
                                   egito_error **error);

/**
 * The HTTP status, such as 200; 0 where response is NULL. Any thread.
 */
int egito_response_status(const egito_response *response);

/**
 * The value of a header; NULL where there is none, and where response is NULL.
 *
 * name: its name, in letters of any case.
 * index: 0 for the first value, 1 for the second of a header that was sent several times, and so on.
 * Secrets are replaced by [removed], and so is the whole value of set-cookie, www-authenticate and the like. A byte of the value
 * beyond ASCII is the character of its number, in UTF-8.
 * The text is the response's: do not free it. Any thread.
 */
const char *egito_response_header(const egito_response *response,
                                  const char *name,
                                  uintptr_t index);

/**
 * How many header lines there are, for egito_response_header_name and egito_response_header_value. 0 where response is NULL. Any
 * thread.
 */
uintptr_t egito_response_header_count(const egito_response *response);

/**
 * The name of a header line by its index from 0, in small letters; NULL behind the last one, and where response is NULL.
 *
 * The text is the response's: do not free it. Any thread.
 */
const char *egito_response_header_name(const egito_response *response,
                                       uintptr_t index);

/**
 * The value of a header line by its index from 0; NULL behind the last one, and where response is NULL. See egito_response_header.
 *
 * The text is the response's: do not free it. Any thread.
 */
const char *egito_response_header_value(const egito_response *response,
                                        uintptr_t index);

/**
 * How many requests were made for the call; 0 where response is NULL. Any thread.
 */
uint32_t egito_response_attempts(const egito_response *response);

/**
 * The number of the call: the `call` of its events. 0 where response is NULL. Any thread.
 */
uint64_t egito_response_call_id(const egito_response *response);

/**
 * Seconds from the start of the call to the response, with earlier attempts and the pauses between them; 0 where response is NULL.
 * Any thread.
 */
double egito_response_elapsed(const egito_response *response);

/**
 * The whole response as one JSON object, with the members `status`, `headers` (a list of names with values), `attempts`, `call_id` and
 * `elapsed`; NULL where response is NULL.
 *
 * The text is the response's: do not free it. Any thread.
 */
const char *egito_response_json(const egito_response *response);

/**
 * Frees a response. NULL is fine. Any thread, once no other one reads it.
 */
void egito_response_free(egito_response *response);

/**
 * Gives the next record of a list, and NULL after the last one.
 *
 * record_json: receives the record as the server wrote it; free it with egito_string_free. Receives NULL at the end:
 *   then the status is EGITO_OK as well, and the list is complete.
 * Fails as every call, and with EGITO_ERROR_PAGINATION where the rest cannot be reached. After a failure the list is
 * incomplete, and the same error comes again. One thread at a time.
 */
egito_status egito_cursor_next(egito_cursor *cursor,
                               char **record_json,
                               egito_error **error);

/**
 * Gives the next record of a list to read values from, and NULL after the last one. Nothing is copied.
 *
 * record: receives the record; free it with egito_record_free. It keeps the memory of its page while it lives. Receives NULL
 *   at the end: then the status is EGITO_OK as well, and the list is complete.
 * Fails as egito_cursor_next does. One thread at a time.
 */
egito_status egito_cursor_next_record(egito_cursor *cursor,
                                      egito_record **record,
                                      egito_error **error);

/**
 * Gives the next page of a list as one JSON array of its records, and NULL after the last page.
 *
 * After some egito_cursor_next it gives the records of the current page that were not given yet.
 * page_json: receives the array, never an empty one; free it with egito_string_free. Receives NULL at the end: then the
 *   status is EGITO_OK as well, and the list is complete.
 * Fails as egito_cursor_next does. One thread at a time.
 */
egito_status egito_cursor_next_page(egito_cursor *cursor,
                                    char **page_json,
                                    egito_error **error);

/**
 * Frees a cursor, also before its end. NULL is fine. Any thread, once no other one uses the cursor.
 */
void egito_cursor_free(egito_cursor *cursor);

/**
 * Gives the first record of the cursor's list, or NULL where it has none. Asks for one record (with `start`, for three),
 * and does not move the cursor.
 *
 * record_json: receives the record as the server wrote it, or NULL; free it with egito_string_free.
 * Fails as every call, and with EGITO_ERROR_PAGINATION where the list's `start` cannot be reached. Any number of threads at a
 * time.
 */
egito_status egito_cursor_first(const egito_cursor *cursor,
                                char **record_json,
                                egito_error **error);

/**
 * Gives the first record of the cursor's list to read values from, or NULL where it has none. See egito_cursor_first.
 *
 * record: receives the record, or NULL; free it with egito_record_free.
 * Fails as egito_cursor_first does. Any number of threads at a time.
 */
egito_status egito_cursor_first_record(const egito_cursor *cursor,
                                       egito_record **record,
                                       egito_error **error);

/**
 * Gives whether the cursor's list has any record. Asks for one record (with `start`, for three), and does not move the cursor.
 *
 * exists: receives true or false.
 * Fails as egito_cursor_first does. Any number of threads at a time.
 */
egito_status egito_cursor_exists(const egito_cursor *cursor,
                                 bool *exists,
                                 egito_error **error);

/**
 * Gives the number of records that the server says match the filters of the cursor's list. Sends one small request, and does
 * not move the cursor.
 *
 * total: receives the server's own number, or -1 where it does not say. The options `start` and `limit` do not change it.
 * Fails as every call. Any number of threads at a time.
 */
egito_status egito_cursor_total(const egito_cursor *cursor,
                                int64_t *total,
                                egito_error **error);

/**
 * Gives the number of records in the cursor's list, with its filters, `start` and `limit`. Does not move the cursor.
 *
 * count: receives the number. It costs one small request where the server tells a total; otherwise the whole list is read, in
 *   constant memory.
 * Fails as egito_cursor_next does. Any number of threads at a time.
 */
egito_status egito_cursor_count(const egito_cursor *cursor,
                                uint64_t *count,
                                egito_error **error);

/**
 * Begins a bulk: the same action for many inputs, which are handed over by egito_bulk_push, or by egito_bulk_run.
 *
 *   bool more = true, room = false;
 *   while ((status = egito_bulk_step(bulk, more, &row, &room, &error)) == EGITO_OK && (room || row != NULL)) {
 *     if (row != NULL) { ... egito_row_free(row); }
 *     else if (there is another input) egito_bulk_push(bulk, ..., &error);
 *     else more = false;
 *   }
 *
 * Calls run on their own: a thread of the library drives them, from the first input on and until the bulk is freed.
 * entity: the entity's name, such as "Account".
 * action: "create", "get", "update" or "delete".
 * options_json: NULL, or one JSON object, such as {"concurrency": 4, "max_failures": 100}:
 *   concurrency: the maximum number of calls in flight. Default 8.
 *   outage_timeout: seconds. While the server gives no response, the bulk pauses and probes it; after this time it gives up, and
 *     every further input has a row with EGITO_ERROR_CONNECTION and the outcome not_sent. Default 300; 0: it never pauses.
 *   max_failures: once so many rows have failed, nothing more is sent; the other inputs have rows with EGITO_ERROR_CANCELLED and
 *     the outcome not_sent. No default.
 *   cancel_grace: seconds that calls in flight may go on after egito_bulk_cancel. Default 5.
 * bulk: receives the bulk; free it with egito_bulk_free.
 * Fails with EGITO_ERROR_CONFIG for a wrong argument or option, and from inside a listener. Any number of threads at a time.
 */
egito_status egito_bulk_new(const egito_client *client,
                            const char *entity,
                            const char *action,
                            const char *options_json,
                            egito_bulk **bulk,
                            egito_error **error);

/**
 * Lifts the limit on rows that were not taken yet, for programs that keep all rows in memory anyway.
 *
 * Without this, egito_bulk_has_room is false once 16 inputs for each of the `concurrency` calls have no row that was taken.
 * Does nothing if bulk is NULL or in use by another thread. One thread at a time.
 */
void egito_bulk_keep_all_rows(egito_bulk *bulk);

/**
 * Returns whether another input may be handed over: fewer than `concurrency` calls are in flight, and the rows that were not
 * taken yet are not too many, see egito_bulk_keep_all_rows. Once true, it stays so until egito_bulk_push or a cancel.
 *
 * False once the bulk is cancelled, and if bulk is NULL or in use by another thread. egito_bulk_step asks for fewer inputs:
 * while rows are ready, it has them taken first. One thread at a time.
 */
bool egito_bulk_has_room(const egito_bulk *bulk);

/**
 * Hands over the next input. Its call is sent at once.
 *
 * An input that is wrong (no JSON, bad UTF-8, no id) becomes a row with its error, and the others go on.
 * id: the record's id, see "Ids" above; NULL for a create.
 * record_json: one JSON object, the record for a create and the changed fields for an update; NULL for a get or a delete.
 * Fails with EGITO_ERROR_CONFIG where there is no room, where bulk is NULL or in use by another thread, and from inside a
 * listener: then the input was not taken. After egito_bulk_cancel every input is taken and becomes a row with the error
 * EGITO_ERROR_CANCELLED. One thread at a time.
 */
egito_status egito_bulk_push(egito_bulk *bulk,
                             const char *id,
                             const char *record_json,
                             egito_error **error);

/**
 * Waits until the program can do something: hand over the next input, if there are more, or take the next row.
 *
 * Keeps `concurrency` calls in flight, also while a slow one holds back the rows behind it. No input is asked for while rows are
 * ready and `concurrency` of them were not taken yet.
 * more: whether there may be another input.
 * row: receives the next row, in the order of the inputs, or NULL; free it with egito_row_free. A failed call is a row with an
 *   error, and the status EGITO_OK.
 * room: receives whether the next input is to be handed over by egito_bulk_push. If it is false and row is NULL, the bulk is
 *   done: there are no more inputs, and every input has its row.
 * Fails with EGITO_ERROR_CANCELLED after the last row if the bulk was cancelled while there may have been more inputs: by
 * egito_bulk_cancel, or by the cancel handle of its client, also before it began. Fails with EGITO_ERROR_CONFIG where bulk, row or
 * room is NULL or the bulk in use by another thread, and from inside a listener. One thread at a time.
 */
egito_status egito_bulk_step(egito_bulk *bulk,
                             bool more,
                             egito_row **row,
                             bool *room,
                             egito_error **error);

/**
 * As egito_bulk_step, but also returns after each call that finishes, so that a program can show the progress while it waits.
 *
 * progressed: receives whether a call has finished, see egito_bulk_done and egito_bulk_failed; then there is neither a row nor
 *   room, and the bulk is not done yet.
 * Fails as egito_bulk_step does, and where progressed is NULL. One thread at a time.
 */
egito_status egito_bulk_step_or_progress(egito_bulk *bulk,
                                         bool more,
                                         egito_row **row,
                                         bool *room,
                                         bool *progressed,
                                         egito_error **error);

/**
 * Waits for the next row, in the order of the inputs; gives NULL if no input is left without one.
 *
 * row: receives the row; free it with egito_row_free. A failed call is a row with an error, and the status EGITO_OK.
 * Fails with EGITO_ERROR_CONFIG where bulk is NULL or in use by another thread, and from inside a listener. One thread at a time.
 */
egito_status egito_bulk_next(egito_bulk *bulk,
                             egito_row **row,
                             egito_error **error);

/**
 * Takes inputs from one function and gives rows to another, until there are no more. Both are called on this thread alone.
 *
 * next_input: gives the next input, see egito_input_callback.
 * on_row: receives each row in the order of the inputs, see egito_row_callback; NULL where you do not want them.
 * user: handed to both as it is; may be NULL.
 * Fails with EGITO_ERROR_CANCELLED as egito_bulk_step does, after the last row (both functions may call egito_bulk_cancel), and with
 * EGITO_ERROR_CONFIG where next_input or bulk is NULL or the bulk in use. One thread at a time.
 */
egito_status egito_bulk_run(egito_bulk *bulk,
                            egito_input_callback next_input,
                            egito_row_callback on_row,
                            void *user,
                            egito_error **error);

/**
 * Ends a bulk: no further input is taken, and calls in flight have a moment to finish, see `cancel_grace` of egito_bulk_new.
 *
 * What is still in flight then ends with EGITO_ERROR_CANCELLED, or EGITO_ERROR_OUTCOME_UNKNOWN where a create was sent, as it
 * does at once after a second call of this function. Every input that was taken has its row, so that it is known what was done: egito_bulk_next gives those that are
 * left. Freeing the bulk ends the calls without rows. NULL is fine. Any thread, also while another waits for a row, as long as
 * the bulk is not freed.
 */
void egito_bulk_cancel(const egito_bulk *bulk);

/**
 * How many calls have finished, in whatever order; 0 where bulk is NULL. Counted while a thread waits for a row. Any thread.
 */
uint64_t egito_bulk_done(const egito_bulk *bulk);

/**
 * How many of the calls that have finished failed; 0 where bulk is NULL. Any thread.
 */
uint64_t egito_bulk_failed(const egito_bulk *bulk);

/**
 * Frees a bulk, also before its end: calls under way end at once, without rows. NULL is fine. Any thread, once no other one
 * uses the bulk.
 */
void egito_bulk_free(egito_bulk *bulk);

/**
 * Which input it is, from 0. 0 where row is NULL. Any thread.
 */
uint64_t egito_row_index(const egito_row *row);

/**
 * The id of the record that was created, read, changed or deleted, as JSON; NULL where it failed, and where row is NULL.
 *
 * The text is the row's: do not free it. Any thread.
 */
const char *egito_row_id_json(const egito_row *row);

/**
 * The record that was read, as the server wrote it; NULL for other actions, where it failed, and where row is NULL.
 *
 * The text is the row's: do not free it. Any thread.
 */
const char *egito_row_record_json(const egito_row *row);

/**
 * The record that was read, to read values from it; NULL for other actions, where it failed, and where row is NULL.
 *
 * The record is the row's: do not free it. Any thread.
 */
const egito_record *egito_row_record(const egito_row *row);

/**
 * Why this input failed; NULL where it did not, and where row is NULL.
 *
 * The error is the row's: do not free it. Any thread.
 */
const egito_error *egito_row_error(const egito_row *row);

/**
 * The id that was handed over, byte for byte; NULL where none was, and where row is NULL.
 *
 * The text is the row's: do not free it. Any thread.
 */
const char *egito_row_input_id(const egito_row *row);

/**
 * The record or the fields that were handed over, byte for byte; NULL where none were, and where row is NULL.
 *
 * The text is the row's: do not free it. Any thread.
 */
const char *egito_row_input_json(const egito_row *row);

/**
 * Frees a row. NULL is fine. Any thread, once no other one reads it.
 */
void egito_row_free(egito_row *row);

/**
 * Makes a record from JSON text, to read its values.
 *
 * json: one JSON object: a record, an error's details, or any other. It is copied.
 * record: receives the record; free it with egito_record_free.
 * Fails with EGITO_ERROR_CONFIG where the text is no JSON object. Any thread.
 */
egito_status egito_record_new(const char *json, egito_record **record, egito_error **error);

/**
 * The record's JSON text, as the server wrote it. NULL where record is NULL.
 *
 * The text is the record's: do not free it. Any thread.
 */
const char *egito_record_json(const egito_record *record);

/**
 * Whether there is a value at a path, and it is not null. False where record is NULL or path is no text. Any thread.
 */
bool egito_record_has(const egito_record *record,
                      const char *path);

/**
 * Reads a text.
 *
 * path: field names and places in lists, separated by dots: "name", "address.city", "phones.0.number". A dot or a
 *   backslash that belongs to a name has a backslash before it, which C writes as two: "v1\\.2".
 * value: receives the text; free it with egito_string_free. Receives NULL where there is nothing, or null.
 * Fails with EGITO_ERROR_CONFIG where the value is no text, or has a NUL inside. Any thread.
 */
egito_status egito_record_get_string(const egito_record *record,
                                     const char *path,
                                     char **value,
                                     egito_error **error);

/**
 * Reads an integer.
 *
 * path: as in egito_record_get_string.
 * value: receives the integer.
 * Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no integer of 64
 * bits (egito_record_get_decimal reads any number). Any thread.
 */
egito_status egito_record_get_int64(const egito_record *record,
                                    const char *path,
                                    int64_t *value,
                                    egito_error **error);

/**
 * Reads a number as a double, which may round it.
 *
 * path: as in egito_record_get_string.
 * value: receives the number.
 * Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no number. Any
 * thread.
 */
egito_status egito_record_get_double(const egito_record *record,
                                     const char *path,
                                     double *value,
                                     egito_error **error);

/**
 * Reads a number digit by digit, as a text: decimals that a double would round, integers that 64 bits do not hold.
 *
 * path: as in egito_record_get_string.
 * digits: receives the number as it stands in the record, such as 12.50, also where it stands there as a text (setting
 *   `decimals`); free it with egito_string_free. Receives NULL where there is nothing, or null.
 * Fails with EGITO_ERROR_CONFIG where the value is no number. Any thread.
 */
egito_status egito_record_get_decimal(const egito_record *record,
                                      const char *path,
                                      char **digits,
                                      egito_error **error);

/**
 * Reads a boolean.
 *
 * path: as in egito_record_get_string.
 * value: receives true or false.
 * Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no boolean. Any
 * thread.
 */
egito_status egito_record_get_bool(const egito_record *record,
                                   const char *path,
                                   bool *value,
                                   egito_error **error);

/**
 * Reads any value as the JSON text that stands in the record, not one byte of it changed.
 *
 * path: as in egito_record_get_string.
 * json: receives the JSON text; free it with egito_string_free. Receives NULL where there is nothing (null is "null").
 * Fails with EGITO_ERROR_CONFIG for a wrong argument. Any thread.
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
 * path: as in egito_record_get_string, or NULL for the record itself.
 * length: receives the number.
 * Fails with EGITO_ERROR_NOT_FOUND where there is nothing, or null, and with EGITO_ERROR_CONFIG where the value is no list and no
 * object. Any thread.
 */
egito_status egito_record_length(const egito_record *record,
                                 const char *path,
                                 uint64_t *length,
                                 egito_error **error);

/**
 * Reads one part of a list or an object, by its place from 0.
 *
 *   for (uint64_t i = 0; egito_record_get_part(record, NULL, i, &name, &json, NULL) == EGITO_OK && json != NULL; i++) { ... }
 *
 * path: as in egito_record_get_string, or NULL for the record itself.
 * name: receives the member's name, or NULL for an item of a list; free it with egito_string_free. NULL where you do not want it.
 * json: receives the value as the JSON text that stands in the record; free it with egito_string_free. Receives NULL behind the
 *   last part.
 * Fails as egito_record_length does. Each call walks the list from its beginning. Any thread.
 */
egito_status egito_record_get_part(const egito_record *record,
                                   const char *path,
                                   uint64_t place,
                                   char **name,
                                   char **json,
                                   egito_error **error);

/**
 * Reads an object inside a record as a record of its own, also an item of a list: "address", "phones.0".
 *
 * path: as in egito_record_get_string.
 * value: receives the record; free it with egito_record_free. Receives NULL where there is nothing, or null.
 * Fails with EGITO_ERROR_CONFIG where the value is no object. Any thread.
 */
egito_status egito_record_get_record(const egito_record *record,
                                     const char *path,
                                     egito_record **value,
                                     egito_error **error);

/**
 * Frees a record. NULL is fine. Any thread, once no other one reads it.
 */
void egito_record_free(egito_record *record);

/**
 * Makes an object without members.
 *
 *   egito_object *settings = NULL;
 *   egito_object_new(&settings, NULL);
 *   egito_object_set_string(settings, "name", "firma", NULL);
 *   egito_object_set_int64(settings, "timeout", 30, NULL);
 *   status = egito_client_new(egito_object_json(settings), &client, &error);
 *
 * Errors need not be looked at one by one: after a failed egito_object_set_... egito_object_json gives NULL, which every
 * function refuses.
 * object: receives the object; free it with egito_object_free.
 * Fails with EGITO_ERROR_CONFIG where object is NULL. Any thread.
 */
egito_status egito_object_new(egito_object **object,
                              egito_error **error);

/**
 * Makes an object with the same members, which goes its own way from then on. A copy of a refused object is refused as well.
 *
 * copy: receives the new object; free it with egito_object_free.
 * Fails with EGITO_ERROR_CONFIG for a NULL. One thread at a time.
 */
egito_status egito_object_copy(egito_object *object,
                               egito_object **copy,
                               egito_error **error);

/**
 * Sets a member to a text, which is quoted as JSON wants it. A member that is there already gets the new value.
 *
 * name: the member's name, as it is: a dot in it is a dot.
 * Fails with EGITO_ERROR_CONFIG for a NULL and for text that is not UTF-8. One thread at a time.
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
 * Sets a member to a number. See egito_object_set_string. Fails besides where the value is infinite or no number.
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
 * Sets a member to any JSON text: another object, a list, a decimal digit by digit. See egito_object_set_string.
 *
 * Fails besides where the text is no JSON.
 */
egito_status egito_object_set_json(egito_object *object,
                                   const char *name,
                                   const char *json,
                                   egito_error **error);

/**
 * Sets a member to a number that is given digit by digit, such as 12.50: no double rounds it. See egito_object_set_string.
 *
 * Fails besides where the text is no number as JSON writes it.
 */
egito_status egito_object_set_decimal(egito_object *object,
                                      const char *name,
                                      const char *digits,
                                      egito_error **error);

/**
 * Sets a member to a point in time, such as "2024-02-29T10:11:12.000Z". See egito_object_set_string.
 *
 * The server reads this spelling as UTC: with exactly three digits of a fraction and Z. It takes others for its own time zone.
 * milliseconds: since 1 January 1970 in UTC, `1000 * (int64_t)time(NULL)`.
 * Fails besides where the year is not from 0 to 9999.
 */
egito_status egito_object_set_time(egito_object *object,
                                   const char *name,
                                   int64_t milliseconds,
                                   egito_error **error);

/**
 * Adds a text to the end of a list.
 *
 * name: the member that is the list. It is made by the first append; egito_object_set_json with "[]" makes an empty one.
 * Fails with EGITO_ERROR_CONFIG as egito_object_set_string does, and where the member is there and is no list. One thread at a
 * time.
 */
egito_status egito_object_append_string(egito_object *object,
                                        const char *name,
                                        const char *value,
                                        egito_error **error);

/**
 * Adds an integer to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_int64(egito_object *object,
                                       const char *name,
                                       int64_t value,
                                       egito_error **error);

/**
 * Adds a number to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_double(egito_object *object,
                                        const char *name,
                                        double value,
                                        egito_error **error);

/**
 * Adds true or false to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_bool(egito_object *object,
                                      const char *name,
                                      bool value,
                                      egito_error **error);

/**
 * Adds null to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_null(egito_object *object, const char *name, egito_error **error);

/**
 * Adds any JSON text to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_json(egito_object *object,
                                      const char *name,
                                      const char *json,
                                      egito_error **error);

/**
 * Adds a number that is given digit by digit to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_decimal(egito_object *object,
                                         const char *name,
                                         const char *digits,
                                         egito_error **error);

/**
 * Adds a point in time, see egito_object_set_time to the end of a list. See egito_object_append_string.
 */
egito_status egito_object_append_time(egito_object *object,
                                      const char *name,
                                      int64_t milliseconds,
                                      egito_error **error);

/**
 * The object as JSON text. NULL where object is NULL, and where a value was refused.
 *
 * The text is the object's: do not free it. It is good until the object is changed, asked again or freed. One thread at a time.
 */
const char *egito_object_json(egito_object *object);

/**
 * Frees an object. NULL is fine. Any thread, once no other one uses the object or its text.
 */
void egito_object_free(egito_object *object);

/**
 * Writes a text as JSON: with its quotes, and a backslash where one is needed. For records that are put together by hand.
 *
 * json: receives the JSON text; free it with egito_string_free.
 * Fails with EGITO_ERROR_CONFIG where the text is NULL or not UTF-8. Any thread.
 */
egito_status egito_json_string(const char *text,
                               char **json,
                               egito_error **error);

/**
 * Frees a text that a function handed out through a `char **`. NULL is fine. Any thread.
 */
void egito_string_free(char *text);

#ifdef __cplusplus
}  // extern "C"
#endif  // __cplusplus

#endif  /* EGITO_H */
