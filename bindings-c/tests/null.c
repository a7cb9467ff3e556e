/* NULL for a required argument is EGITO_ERROR_CONFIG, and every _free accepts it. Nothing is sent. */

#include "support.h"

static egito_error *error = NULL;

/* The call fails with an error that names the argument. */
#define REFUSES(name, call)                                                                                            \
    do {                                                                                                               \
        CHECK((call) == EGITO_ERROR_CONFIG);                                                                           \
        check_value(egito_error_json(error), "setting", "\"" name "\"");                                               \
        check_value(egito_error_json(error), "outcome", "\"not_sent\"");                                               \
        CHECK(egito_error_attempts(error) == 0);                                                                       \
        egito_error_free(error);                                                                                       \
        error = NULL;                                                                                                  \
    } while (0)

static void free_accepts_null(void)
{
    egito_client_close(NULL);
    egito_client_free(NULL);
    egito_cursor_free(NULL);
    egito_record_free(NULL);
    egito_error_free(NULL);
    egito_string_free(NULL);
}

static void constructors_refuse_null(void)
{
    egito_client *client = NULL;
    egito_record *record = NULL;
    char *text = NULL;
    REFUSES("settings_json", egito_client_new(NULL, &client, &error));
    REFUSES("client", egito_client_new("{}", NULL, &error));
    REFUSES("client", egito_client_from_env(NULL, NULL, &error));
    REFUSES("path", egito_client_from_file(NULL, NULL, &client, &error));
    REFUSES("client", egito_client_from_file("egito.toml", NULL, NULL, &error));
    REFUSES("json", egito_record_new(NULL, &record, &error));
    REFUSES("record", egito_record_new("{}", NULL, &error));
    REFUSES("text", egito_json_string(NULL, &text, &error));
    REFUSES("json", egito_json_string("", NULL, &error));
    CHECK(client == NULL && record == NULL && text == NULL);
    CHECK(egito_client_new(NULL, NULL, NULL) == EGITO_ERROR_CONFIG);
}

static void calls_refuse_null(const egito_client *client)
{
    char *text = NULL;
    egito_cursor *cursor = NULL;
    REFUSES("client", egito_probe(NULL, NULL, &text, &error));
    REFUSES("report_json", egito_probe(client, NULL, NULL, &error));
    REFUSES("client", egito_create(NULL, "Account", "{}", &text, &error));
    REFUSES("entity", egito_create(client, NULL, "{}", &text, &error));
    REFUSES("record_json", egito_create(client, "Account", NULL, &text, &error));
    REFUSES("client", egito_get(NULL, "Account", "1", &text, &error));
    REFUSES("entity", egito_get(client, NULL, "1", &text, &error));
    REFUSES("id", egito_get(client, "Account", NULL, &text, &error));
    REFUSES("record_json", egito_get(client, "Account", "1", NULL, &error));
    REFUSES("client", egito_update(NULL, "Account", "1", "{}", &text, &error));
    REFUSES("id", egito_update(client, "Account", NULL, "{}", &text, &error));
    REFUSES("fields_json", egito_update(client, "Account", "1", NULL, &text, &error));
    REFUSES("client", egito_delete(NULL, "Account", "1", &text, &error));
    REFUSES("entity", egito_delete(client, NULL, "1", &text, &error));
    REFUSES("id", egito_delete(client, "Account", NULL, &text, &error));
    REFUSES("client", egito_call(NULL, "Offer", "print", NULL, NULL, &text, &error));
    REFUSES("entity", egito_call(client, NULL, "print", NULL, NULL, &text, &error));
    REFUSES("action", egito_call(client, "Offer", NULL, NULL, NULL, &text, &error));
    REFUSES("client", egito_list(NULL, "Account", NULL, &cursor, &error));
    REFUSES("entity", egito_list(client, NULL, NULL, &cursor, &error));
    REFUSES("cursor", egito_list(client, "Account", NULL, NULL, &error));
    REFUSES("client", egito_dictionary(NULL, "industry", NULL, &cursor, &error));
    REFUSES("type", egito_dictionary(client, NULL, NULL, &cursor, &error));
    REFUSES("cursor", egito_dictionary(client, "industry", NULL, NULL, &error));
    CHECK(text == NULL && cursor == NULL);
}

static void reads_refuse_null(const egito_client *client)
{
    egito_cursor *cursor = NULL;
    egito_record *record = NULL;
    char *text = NULL;
    int64_t integer = 7;
    uint64_t count = 7;
    bool exists = false;
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    REFUSES("cursor", egito_cursor_next(NULL, &text, &error));
    REFUSES("record_json", egito_cursor_next(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_next_page(NULL, &text, &error));
    REFUSES("page_json", egito_cursor_next_page(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_first(NULL, &text, &error));
    REFUSES("record_json", egito_cursor_first(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_first_record(NULL, &record, &error));
    REFUSES("record", egito_cursor_first_record(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_exists(NULL, &exists, &error));
    REFUSES("exists", egito_cursor_exists(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_total(NULL, &integer, &error));
    REFUSES("total", egito_cursor_total(cursor, NULL, &error));
    REFUSES("cursor", egito_cursor_count(NULL, &count, &error));
    REFUSES("count", egito_cursor_count(cursor, NULL, &error));
    CHECK(record == NULL && !exists && count == 7);
    egito_cursor_free(cursor);
    WORKS(egito_record_new("{\"id\": 1}", &record, &error));
    REFUSES("record", egito_record_get_string(NULL, "id", &text, &error));
    REFUSES("path", egito_record_get_json(record, NULL, &text, &error));
    REFUSES("value", egito_record_get_int64(record, "id", NULL, &error));
    REFUSES("value", egito_record_get_double(record, "id", NULL, &error));
    REFUSES("value", egito_record_get_bool(record, "id", NULL, &error));
    REFUSES("record", egito_record_get_int64(NULL, "id", &integer, &error));
    CHECK(!egito_record_has(NULL, "id") && !egito_record_has(record, NULL) && integer == 7 && text == NULL);
    egito_record_free(record);
}

static void error_functions_accept_null(void)
{
    CHECK(egito_error_code(NULL) == EGITO_OK);
    CHECK(strcmp(egito_error_name(NULL), "ok") == 0);
    CHECK(strcmp(egito_error_message(NULL), "") == 0);
    CHECK(egito_error_outcome(NULL) == EGITO_OUTCOME_NONE);
    CHECK(egito_error_http_status(NULL) == 0);
    CHECK(egito_error_attempts(NULL) == 0);
    CHECK(strcmp(egito_error_json(NULL), "{}") == 0);
}

int main(void)
{
    egito_client *client = sandbox_client();
    free_accepts_null();
    constructors_refuse_null();
    calls_refuse_null(client);
    reads_refuse_null(client);
    error_functions_accept_null();
    egito_client_free(client);
    return 0;
}
