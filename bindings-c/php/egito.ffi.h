/* For PHP's FFI, which has no preprocessor. Generated from bindings-c/src, like egito.h; do not edit. */

typedef enum {
  EGITO_OK = 0,
  EGITO_ERROR_CONFIG = 1,
  EGITO_ERROR_AUTH = 2,
  EGITO_ERROR_PERMISSION = 3,
  EGITO_ERROR_NOT_FOUND = 4,
  EGITO_ERROR_VALIDATION = 5,
  EGITO_ERROR_RATE_LIMITED = 6,
  EGITO_ERROR_SERVER = 7,
  EGITO_ERROR_UNEXPECTED_RESPONSE = 8,
  EGITO_ERROR_CONNECTION = 9,
  EGITO_ERROR_TLS = 10,
  EGITO_ERROR_TIMEOUT = 11,
  EGITO_ERROR_OUTCOME_UNKNOWN = 12,
  EGITO_ERROR_PAGINATION = 13,
  EGITO_ERROR_CANCELLED = 14,
  EGITO_ERROR_INTERNAL = 15,
} egito_status;

typedef enum {
  EGITO_OUTCOME_NONE = 0,
  EGITO_OUTCOME_NOT_SENT = 1,
  EGITO_OUTCOME_REJECTED = 2,
  EGITO_OUTCOME_UNKNOWN = 3,
} egito_outcome;

typedef enum {
  EGITO_CHANGE_NONE = 0,
  EGITO_CHANGE_CREATED = 1,
  EGITO_CHANGE_UPDATED = 2,
  EGITO_CHANGE_UNCHANGED = 3,
  EGITO_CHANGE_AMBIGUOUS = 4,
} egito_change;

typedef enum {
  EGITO_PHP_NONE = 0,
  EGITO_PHP_TEXT = 1,
  EGITO_PHP_FAILED = 2,
  EGITO_PHP_PENDING = 3,
  EGITO_PHP_ROW = 4,
  EGITO_PHP_PROGRESS = 5,
} egito_php_state;

typedef enum {
  EGITO_LOG_OFF = 0,
  EGITO_LOG_WARNING = 1,
  EGITO_LOG_DEBUG = 2,
} egito_log_level;

typedef struct egito_bulk egito_bulk;

typedef struct egito_cancellation_token egito_cancellation_token;

typedef struct egito_client egito_client;

typedef struct egito_cursor egito_cursor;

typedef struct egito_error egito_error;

typedef struct egito_found_or_created egito_found_or_created;

typedef struct egito_id_list egito_id_list;

typedef struct egito_object egito_object;

typedef struct egito_outbox egito_outbox;

typedef struct egito_php_call egito_php_call;

typedef struct egito_php_events egito_php_events;

typedef struct egito_record egito_record;

typedef struct egito_response egito_response;

typedef struct egito_row egito_row;

typedef struct egito_upserted egito_upserted;

typedef void (*egito_event_callback)(const char *event_json, void *user);

typedef void (*egito_free_callback)(void *user);

typedef void (*egito_log_callback)(int level, const char *line, void *user);

typedef int (*egito_input_callback)(const char **id, const char **record_json, void *user);

typedef void (*egito_row_callback)(const egito_row *row, void *user);

typedef struct {
  egito_php_state state;
  egito_php_call *call;
  const uint8_t *text;
  uintptr_t length;
  egito_error *error;
  egito_row *row;
} egito_php_result;

const char *egito_version(void);

int egito_version_number(void);

egito_status egito_error_code(const egito_error *error);

const char *egito_error_name(const egito_error *error);

const char *egito_error_message(const egito_error *error);

egito_outcome egito_error_outcome(const egito_error *error);

bool egito_error_is_retryable(const egito_error *error);

bool egito_error_is_invalid_record(const egito_error *error);

int32_t egito_error_http_status(const egito_error *error);

uint32_t egito_error_attempts(const egito_error *error);

const char *egito_error_json(const egito_error *error);

void egito_error_free(egito_error *error);

const char *egito_code_name(int code);

const char *egito_code_constant(int code);

const char *egito_code_class(int code);

const char *egito_code_meaning(int code);

egito_status egito_client_new(const char *settings_json,
                              egito_client **client,
                              egito_error **error);

egito_status egito_client_from_env(const char *settings_json,
                                   egito_client **client,
                                   egito_error **error);

egito_status egito_client_from_file(const char *path,
                                    const char *settings_json,
                                    egito_client **client,
                                    egito_error **error);

egito_status egito_probe(const egito_client *client,
                         const char *options_json,
                         char **report_json,
                         egito_error **error);

void egito_client_close(const egito_client *client);

egito_status egito_client_with_cancellation(const egito_client *client,
                                            const egito_cancellation_token *token,
                                            egito_client **other,
                                            egito_error **error);

egito_status egito_client_with_options(const egito_client *client,
                                       const char *options_json,
                                       egito_client **other,
                                       egito_error **error);

void egito_client_free(egito_client *client);

egito_status egito_cancellation_token_new(egito_cancellation_token **token, egito_error **error);

void egito_cancellation_token_cancel(const egito_cancellation_token *token);

void egito_cancellation_token_free(egito_cancellation_token *token);

egito_status egito_client_on_event(const egito_client *client,
                                   egito_event_callback callback,
                                   void *user,
                                   egito_free_callback free_user,
                                   egito_error **error);

egito_status egito_client_stats(const egito_client *client, char **stats_json, egito_error **error);

egito_status egito_log_to(int level,
                          egito_log_callback callback,
                          void *user,
                          egito_free_callback free_user,
                          egito_error **error);

egito_status egito_check_entity(const egito_client *client,
                                const char *entity,
                                egito_error **error);

egito_status egito_create(const egito_client *client,
                          const char *entity,
                          const char *record_json,
                          char **id_json,
                          egito_error **error);

egito_status egito_create_once(const egito_client *client,
                               const char *entity,
                               const char *record_json,
                               const char *options_json,
                               egito_found_or_created **found,
                               egito_error **error);

egito_status egito_upsert(const egito_client *client,
                          const char *entity,
                          const char *record_json,
                          const char *options_json,
                          egito_upserted **upserted,
                          egito_error **error);

egito_status egito_get(const egito_client *client,
                       const char *entity,
                       const char *id,
                       char **record_json,
                       egito_error **error);

egito_status egito_get_record(const egito_client *client,
                              const char *entity,
                              const char *id,
                              egito_record **record,
                              egito_error **error);

egito_status egito_update(const egito_client *client,
                          const char *entity,
                          const char *id,
                          const char *fields_json,
                          char **id_json,
                          egito_error **error);

egito_status egito_delete(const egito_client *client,
                          const char *entity,
                          const char *id,
                          char **id_json,
                          egito_error **error);

egito_status egito_call(const egito_client *client,
                        const char *entity,
                        const char *action,
                        const char *params_json,
                        const char *method,
                        char **response_json,
                        egito_error **error);

egito_status egito_list(const egito_client *client,
                        const char *entity,
                        const char *options_json,
                        egito_cursor **cursor,
                        egito_error **error);

egito_status egito_dictionary(const egito_client *client,
                              const char *type,
                              const char *options_json,
                              egito_cursor **cursor,
                              egito_error **error);

const char *egito_found_or_created_id_json(const egito_found_or_created *found);

bool egito_found_or_created_is_created(const egito_found_or_created *found);

uintptr_t egito_found_or_created_duplicate_count(const egito_found_or_created *found);

const char *egito_found_or_created_duplicate_id_json(const egito_found_or_created *found,
                                                     uintptr_t index);

void egito_found_or_created_free(egito_found_or_created *found);

const char *egito_change_name(int change);

const char *egito_upserted_id_json(const egito_upserted *upserted);

egito_change egito_upserted_change(const egito_upserted *upserted);

uintptr_t egito_upserted_field_count(const egito_upserted *upserted);

const char *egito_upserted_field(const egito_upserted *upserted, uintptr_t index);

uintptr_t egito_upserted_duplicate_count(const egito_upserted *upserted);

const char *egito_upserted_duplicate_id_json(const egito_upserted *upserted, uintptr_t index);

void egito_upserted_free(egito_upserted *upserted);

egito_status egito_client_with_response(const egito_client *client,
                                        egito_client **other,
                                        egito_error **error);

egito_status egito_client_response(const egito_client *client,
                                   egito_response **response,
                                   egito_error **error);

int egito_response_status(const egito_response *response);

const char *egito_response_header(const egito_response *response,
                                  const char *name,
                                  uintptr_t index);

uintptr_t egito_response_header_count(const egito_response *response);

const char *egito_response_header_name(const egito_response *response, uintptr_t index);

const char *egito_response_header_value(const egito_response *response, uintptr_t index);

uint32_t egito_response_attempts(const egito_response *response);

uint64_t egito_response_call_id(const egito_response *response);

double egito_response_elapsed(const egito_response *response);

const char *egito_response_json(const egito_response *response);

void egito_response_free(egito_response *response);

egito_status egito_cursor_next(egito_cursor *cursor, char **record_json, egito_error **error);

egito_status egito_cursor_next_record(egito_cursor *cursor,
                                      egito_record **record,
                                      egito_error **error);

egito_status egito_cursor_next_page(egito_cursor *cursor, char **page_json, egito_error **error);

egito_status egito_cursor_mark(egito_cursor *cursor, char **mark, egito_error **error);

void egito_cursor_free(egito_cursor *cursor);

egito_status egito_ids(const egito_client *client,
                       const char *entity,
                       egito_id_list **ids,
                       egito_error **error);

egito_status egito_deleted(const egito_client *client,
                           const char *entity,
                           const char *const *known_ids,
                           uintptr_t count,
                           egito_id_list **deleted,
                           egito_error **error);

uintptr_t egito_id_list_count(const egito_id_list *ids);

const char *egito_id_list_id_json(const egito_id_list *ids, uintptr_t index);

void egito_id_list_free(egito_id_list *ids);

egito_status egito_cursor_first(const egito_cursor *cursor,
                                char **record_json,
                                egito_error **error);

egito_status egito_cursor_first_record(const egito_cursor *cursor,
                                       egito_record **record,
                                       egito_error **error);

egito_status egito_cursor_exists(const egito_cursor *cursor, bool *exists, egito_error **error);

egito_status egito_cursor_total(const egito_cursor *cursor, int64_t *total, egito_error **error);

egito_status egito_cursor_count(const egito_cursor *cursor, uint64_t *count, egito_error **error);

egito_status egito_outbox_new(const egito_client *client,
                              const char *path,
                              const char *options_json,
                              egito_outbox **outbox,
                              egito_error **error);

egito_status egito_outbox_put(const egito_outbox *outbox,
                              const char *entity,
                              const char *record_json,
                              const char *options_json,
                              int64_t *entry_id,
                              egito_error **error);

egito_status egito_outbox_put_upsert(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *record_json,
                                     const char *options_json,
                                     int64_t *entry_id,
                                     egito_error **error);

egito_status egito_outbox_put_update(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *id,
                                     const char *fields_json,
                                     int64_t *entry_id,
                                     egito_error **error);

egito_status egito_outbox_put_delete(const egito_outbox *outbox,
                                     const char *entity,
                                     const char *id,
                                     int64_t *entry_id,
                                     egito_error **error);

egito_status egito_outbox_deliver(const egito_outbox *outbox,
                                  uint64_t limit,
                                  char **delivery_json,
                                  egito_error **error);

egito_status egito_outbox_entries(const egito_outbox *outbox,
                                  const char *query_json,
                                  char **entries_json,
                                  egito_error **error);

egito_status egito_outbox_get(const egito_outbox *outbox,
                              int64_t entry_id,
                              char **entry_json,
                              egito_error **error);

egito_status egito_outbox_counts(const egito_outbox *outbox,
                                 char **counts_json,
                                 egito_error **error);

egito_status egito_outbox_retry(const egito_outbox *outbox, int64_t entry_id, egito_error **error);

egito_status egito_outbox_edit(const egito_outbox *outbox,
                               int64_t entry_id,
                               const char *record_json,
                               egito_error **error);

egito_status egito_outbox_discard(const egito_outbox *outbox,
                                  int64_t entry_id,
                                  egito_error **error);

egito_status egito_outbox_start(const egito_outbox *outbox, double interval, egito_error **error);

egito_status egito_outbox_stop(const egito_outbox *outbox, egito_error **error);

egito_status egito_outbox_last_delivery(const egito_outbox *outbox,
                                        char **delivery_json,
                                        egito_error **error);

void egito_outbox_free(egito_outbox *outbox);

egito_status egito_bulk_new(const egito_client *client,
                            const char *entity,
                            const char *action,
                            const char *options_json,
                            egito_bulk **bulk,
                            egito_error **error);

void egito_bulk_keep_all_rows(egito_bulk *bulk);

bool egito_bulk_has_room(const egito_bulk *bulk);

egito_status egito_bulk_push(egito_bulk *bulk,
                             const char *id,
                             const char *record_json,
                             egito_error **error);

egito_status egito_bulk_push_planned(egito_bulk *bulk,
                                     const char *id,
                                     const char *change,
                                     const char *record_json,
                                     const char *planned_for,
                                     egito_error **error);

egito_status egito_bulk_step(egito_bulk *bulk,
                             bool more,
                             egito_row **row,
                             bool *room,
                             egito_error **error);

egito_status egito_bulk_step_or_progress(egito_bulk *bulk,
                                         bool more,
                                         egito_row **row,
                                         bool *room,
                                         bool *progressed,
                                         egito_error **error);

egito_status egito_bulk_next(egito_bulk *bulk, egito_row **row, egito_error **error);

egito_status egito_bulk_run(egito_bulk *bulk,
                            egito_input_callback next_input,
                            egito_row_callback on_row,
                            void *user,
                            egito_error **error);

void egito_bulk_cancel(const egito_bulk *bulk);

uint64_t egito_bulk_done(const egito_bulk *bulk);

uint64_t egito_bulk_failed(const egito_bulk *bulk);

void egito_bulk_free(egito_bulk *bulk);

uint64_t egito_row_index(const egito_row *row);

const char *egito_row_id_json(const egito_row *row);

const char *egito_row_record_json(const egito_row *row);

const egito_record *egito_row_record(const egito_row *row);

egito_change egito_row_change(const egito_row *row);

const char *egito_row_planned_for(const egito_row *row);

uintptr_t egito_row_field_count(const egito_row *row);

const char *egito_row_field(const egito_row *row, uintptr_t index);

uintptr_t egito_row_duplicate_count(const egito_row *row);

const char *egito_row_duplicate_id_json(const egito_row *row, uintptr_t index);

bool egito_row_is_resumed(const egito_row *row);

const egito_error *egito_row_error(const egito_row *row);

const char *egito_row_input_id(const egito_row *row);

const char *egito_row_input_json(const egito_row *row);

void egito_row_free(egito_row *row);

egito_status egito_record_new(const char *json, egito_record **record, egito_error **error);

const char *egito_record_json(const egito_record *record);

bool egito_record_has(const egito_record *record, const char *path);

egito_status egito_record_get_string(const egito_record *record,
                                     const char *path,
                                     char **value,
                                     egito_error **error);

egito_status egito_record_get_int64(const egito_record *record,
                                    const char *path,
                                    int64_t *value,
                                    egito_error **error);

egito_status egito_record_get_double(const egito_record *record,
                                     const char *path,
                                     double *value,
                                     egito_error **error);

egito_status egito_record_get_decimal(const egito_record *record,
                                      const char *path,
                                      char **digits,
                                      egito_error **error);

egito_status egito_record_get_bool(const egito_record *record,
                                   const char *path,
                                   bool *value,
                                   egito_error **error);

egito_status egito_record_get_json(const egito_record *record,
                                   const char *path,
                                   char **json,
                                   egito_error **error);

egito_status egito_record_length(const egito_record *record,
                                 const char *path,
                                 uint64_t *length,
                                 egito_error **error);

egito_status egito_record_get_item(const egito_record *record,
                                   const char *path,
                                   uint64_t index,
                                   char **name,
                                   char **json,
                                   egito_error **error);

egito_status egito_record_get_record(const egito_record *record,
                                     const char *path,
                                     egito_record **value,
                                     egito_error **error);

void egito_record_free(egito_record *record);

egito_status egito_object_new(egito_object **object, egito_error **error);

egito_status egito_object_copy(egito_object *object, egito_object **copy, egito_error **error);

egito_status egito_object_set_string(egito_object *object,
                                     const char *name,
                                     const char *value,
                                     egito_error **error);

egito_status egito_object_set_int64(egito_object *object,
                                    const char *name,
                                    int64_t value,
                                    egito_error **error);

egito_status egito_object_set_double(egito_object *object,
                                     const char *name,
                                     double value,
                                     egito_error **error);

egito_status egito_object_set_bool(egito_object *object,
                                   const char *name,
                                   bool value,
                                   egito_error **error);

egito_status egito_object_set_null(egito_object *object, const char *name, egito_error **error);

egito_status egito_object_set_json(egito_object *object,
                                   const char *name,
                                   const char *json,
                                   egito_error **error);

egito_status egito_object_set_decimal(egito_object *object,
                                      const char *name,
                                      const char *digits,
                                      egito_error **error);

egito_status egito_object_set_time(egito_object *object,
                                   const char *name,
                                   int64_t milliseconds,
                                   egito_error **error);

egito_status egito_object_append_string(egito_object *object,
                                        const char *name,
                                        const char *value,
                                        egito_error **error);

egito_status egito_object_append_int64(egito_object *object,
                                       const char *name,
                                       int64_t value,
                                       egito_error **error);

egito_status egito_object_append_double(egito_object *object,
                                        const char *name,
                                        double value,
                                        egito_error **error);

egito_status egito_object_append_bool(egito_object *object,
                                      const char *name,
                                      bool value,
                                      egito_error **error);

egito_status egito_object_append_null(egito_object *object, const char *name, egito_error **error);

egito_status egito_object_append_json(egito_object *object,
                                      const char *name,
                                      const char *json,
                                      egito_error **error);

egito_status egito_object_append_decimal(egito_object *object,
                                         const char *name,
                                         const char *digits,
                                         egito_error **error);

egito_status egito_object_append_time(egito_object *object,
                                      const char *name,
                                      int64_t milliseconds,
                                      egito_error **error);

const char *egito_object_json(egito_object *object);

void egito_object_free(egito_object *object);

egito_status egito_json_string(const char *text, char **json, egito_error **error);

void egito_string_free(char *text);

void egito_php_text_free(const uint8_t *text);

void egito_php_begin_request(uint64_t request);

void egito_php_create(const egito_client *client,
                      const char *entity,
                      const char *record_json,
                      uint32_t wait_ms,
                      egito_php_result *result);

void egito_php_probe(const egito_client *client,
                     const char *options_json,
                     uint32_t wait_ms,
                     egito_php_result *result);

void egito_php_create_once(const egito_client *client,
                           const char *entity,
                           const char *record_json,
                           const char *options_json,
                           uint32_t wait_ms,
                           egito_php_result *result);

void egito_php_upsert(const egito_client *client,
                      const char *entity,
                      const char *record_json,
                      const char *options_json,
                      uint32_t wait_ms,
                      egito_php_result *result);

void egito_php_get(const egito_client *client,
                   const char *entity,
                   const char *id,
                   uint32_t wait_ms,
                   egito_php_result *result);

void egito_php_get_json(const egito_client *client,
                        const char *entity,
                        const char *id,
                        uint32_t wait_ms,
                        egito_php_result *result);

void egito_php_update(const egito_client *client,
                      const char *entity,
                      const char *id,
                      const char *fields_json,
                      uint32_t wait_ms,
                      egito_php_result *result);

void egito_php_delete(const egito_client *client,
                      const char *entity,
                      const char *id,
                      uint32_t wait_ms,
                      egito_php_result *result);

void egito_php_call_action(const egito_client *client,
                           const char *entity,
                           const char *action,
                           const char *params_json,
                           const char *method,
                           uint32_t wait_ms,
                           egito_php_result *result);

void egito_php_ids(const egito_client *client,
                   const char *entity,
                   uint32_t wait_ms,
                   egito_php_result *result);

void egito_php_deleted(const egito_client *client,
                       const char *entity,
                       const char *known_ids_json,
                       uint32_t wait_ms,
                       egito_php_result *result);

void egito_php_cursor_next(egito_cursor *cursor,
                           uintptr_t maximum,
                           uint32_t wait_ms,
                           egito_php_result *result);

void egito_php_cursor_next_page(egito_cursor *cursor, uint32_t wait_ms, egito_php_result *result);

void egito_php_cursor_first(const egito_cursor *cursor, uint32_t wait_ms, egito_php_result *result);

void egito_php_cursor_first_json(const egito_cursor *cursor,
                                 uint32_t wait_ms,
                                 egito_php_result *result);

void egito_php_cursor_exists(const egito_cursor *cursor,
                             uint32_t wait_ms,
                             egito_php_result *result);

void egito_php_cursor_total(const egito_cursor *cursor, uint32_t wait_ms, egito_php_result *result);

void egito_php_cursor_count(const egito_cursor *cursor, uint32_t wait_ms, egito_php_result *result);

void egito_php_bulk_step(egito_bulk *bulk, bool more, uint32_t wait_ms, egito_php_result *result);

void egito_php_outbox_deliver(const egito_outbox *outbox,
                              uint64_t limit,
                              uint32_t wait_ms,
                              egito_php_result *result);

void egito_php_cancel(egito_php_result *result);

void egito_php_call_free(egito_php_call *call);

egito_status egito_php_events_new(const egito_client *client,
                                  egito_php_events **events,
                                  egito_error **error);

egito_status egito_php_events_take(const egito_php_events *events,
                                   char **json,
                                   egito_error **error);

void egito_php_events_free(egito_php_events *events);
