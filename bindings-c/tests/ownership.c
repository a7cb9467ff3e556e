/* Ownership: results only on success, errors only on failure, and everything that is returned can be freed independently. */

#include "support.h"

static egito_error *error = NULL;

static void results_are_written_only_on_success(const egito_client *client)
{
    char kept[] = "mine";
    char *text = kept;
    egito_cursor *cursor = NULL;
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get(client, "Account", "999999999", &text, &error));
    FAILS_WITH(EGITO_ERROR_VALIDATION, egito_create(client, "Account", "{}", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "no name", NULL, &cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Account", "{\"sorted\": 1}", &cursor, &error));
    CHECK(text == kept && cursor == NULL);
}

static void the_error_is_written_only_on_failure(const egito_client *client)
{
    egito_error *before;
    char *id = NULL;
    CHECK(egito_get(client, "Account", "999999999", &id, &error) == EGITO_ERROR_NOT_FOUND);
    before = error;
    CHECK(egito_create(client, "Account", "{\"name\": \"Ownership\"}", &id, &error) == EGITO_OK);
    CHECK(error == before);
    egito_string_free(id);
    egito_error_free(error);
    error = NULL;
}

static void the_error_and_the_id_may_be_null(const egito_client *client)
{
    CHECK(egito_create(client, "Account", "{}", NULL, NULL) == EGITO_ERROR_VALIDATION);
    WORKS(egito_create(client, "Account", "{\"name\": \"No id\"}", NULL, &error));
}

static void returned_strings_may_be_changed(const egito_client *client)
{
    char *id = NULL;
    WORKS(egito_create(client, "Account", "{\"name\": \"Change me\"}", &id, &error));
    memset(id, 0, strlen(id));
    egito_string_free(id);
}

static void arguments_may_be_freed_after_the_call(void)
{
    egito_record *record = NULL;
    char *name = NULL, *json = malloc(32);
    CHECK(json != NULL);
    strcpy(json, "{\"name\": \"Copied\"}");
    WORKS(egito_record_new(json, &record, &error));
    memset(json, 'x', 17);
    free(json);
    WORKS(egito_record_get_string(record, "name", &name, &error));
    egito_record_free(record);
    CHECK(strcmp(name, "Copied") == 0);
    egito_string_free(name);
}

static void an_error_and_a_cursor_outlive_their_client(void)
{
    egito_client *client = sandbox_client();
    egito_cursor *cursor = NULL;
    char *record = NULL;
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    CHECK(egito_get(client, "Account", "999999999", &record, &error) == EGITO_ERROR_NOT_FOUND);
    egito_client_free(client);
    CHECK(strstr(egito_error_json(error), "\"not_found\"") != NULL);
    egito_error_free(error);
    error = NULL;
    WORKS(egito_cursor_next(cursor, &record, &error));
    CHECK(record != NULL);
    egito_string_free(record);
    egito_cursor_free(cursor);
}

/* The sanitizer reports leaks. */
static void failures_leak_nothing(const egito_client *client)
{
    int round;
    for (round = 0; round < 2000; round++) {
        char *text = NULL;
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_create(client, "Account", "[]", &text, &error));
    }
    for (round = 0; round < 50; round++) {
        char *text = NULL;
        FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get(client, "Account", "999999999", &text, &error));
    }
}

int main(void)
{
    egito_client *client = sandbox_client();
    results_are_written_only_on_success(client);
    the_error_is_written_only_on_failure(client);
    the_error_and_the_id_may_be_null(client);
    returned_strings_may_be_changed(client);
    arguments_may_be_freed_after_the_call();
    an_error_and_a_cursor_outlive_their_client();
    failures_leak_nothing(client);
    egito_client_free(client);
    return 0;
}
