/* Errors: the table of codes, details, panics, and the version. */

#include "support.h"

egito_status egito_panic_for_tests(const egito_client *client, egito_error **error);

static egito_error *error = NULL;

static void the_table_has_every_code(void)
{
    int code;
    for (code = 1; egito_code_name(code) != NULL; code++)
        CHECK(egito_code_constant(code) != NULL && egito_code_class(code) != NULL && egito_code_meaning(code) != NULL);
    CHECK(code - 1 == EGITO_ERROR_INTERNAL);
    CHECK(strcmp(egito_code_name(EGITO_ERROR_NOT_FOUND), "not_found") == 0);
    CHECK(strcmp(egito_code_constant(EGITO_ERROR_NOT_FOUND), "EGITO_ERROR_NOT_FOUND") == 0);
    CHECK(strcmp(egito_code_class(EGITO_ERROR_NOT_FOUND), "NotFoundError") == 0);
    CHECK(egito_code_name(0) == NULL && egito_code_class(-1) == NULL && egito_code_meaning(1000000) == NULL);
}

static void a_refused_record_has_field_errors(const egito_client *client)
{
    const char *json;
    char *id = NULL;
    CHECK(egito_create(client, "Account", "{\"city\": \"Krakow\"}", &id, &error) == EGITO_ERROR_VALIDATION);
    json = egito_error_json(error);
    CHECK(strcmp(egito_error_name(error), "validation") == 0);
    CHECK(egito_error_outcome(error) == EGITO_OUTCOME_REJECTED);
    CHECK(egito_error_http_status(error) >= 200 && egito_error_attempts(error) == 1);
    check_value(json, "code", "\"validation\"");
    check_value(json, "entity", "\"Account\"");
    check_value(json, "errors.0.field", "\"name\"");
    egito_error_free(error);
    error = NULL;
}

static void a_read_has_no_outcome(const egito_client *client)
{
    char *record = NULL;
    CHECK(egito_get(client, "Account", "999999999", &record, &error) == EGITO_ERROR_NOT_FOUND);
    CHECK(egito_error_outcome(error) == EGITO_OUTCOME_NONE);
    egito_error_free(error);
    error = NULL;
}

/* No server listens on port 1. */
static void an_error_says_whether_a_retry_is_safe(const egito_client *client)
{
    egito_client *nowhere = NULL;
    WORKS(egito_client_new("{\"base_url\": \"http://127.0.0.1:1\", \"client_id\": \"a\", \"client_secret\": \"b\", "
                           "\"username\": \"c\", \"password\": \"d\", \"max_retries\": 0}", &nowhere, &error));
    CHECK(egito_create(nowhere, "Account", "{\"name\": \"x\"}", NULL, &error) == EGITO_ERROR_CONNECTION);
    CHECK(egito_error_is_retryable(error));
    egito_error_free(error);
    CHECK(egito_create(client, "Account", "{}", NULL, &error) == EGITO_ERROR_VALIDATION && !egito_error_is_retryable(error));
    egito_error_free(error);
    error = NULL;
    CHECK(!egito_error_is_retryable(NULL));
    egito_client_free(nowhere);
}

static void a_panic_is_an_error_and_the_client_keeps_working(const egito_client *client)
{
    FAILS_WITH(EGITO_ERROR_INTERNAL, egito_panic_for_tests(client, &error));
    WORKS(egito_create(client, "Account", "{\"name\": \"After\"}", NULL, &error));
}

static void the_version_matches_the_header(void)
{
    char version[32];
    snprintf(version, sizeof version, "%d.%d.%d", EGITO_VERSION_MAJOR, EGITO_VERSION_MINOR, EGITO_VERSION_PATCH);
    CHECK(strcmp(version, egito_version()) == 0);
}

int main(void)
{
    egito_client *client = sandbox_client();
    the_table_has_every_code();
    a_refused_record_has_field_errors(client);
    a_read_has_no_outcome(client);
    an_error_says_whether_a_retry_is_safe(client);
    a_panic_is_an_error_and_the_client_keeps_working(client);
    the_version_matches_the_header();
    egito_client_free(client);
    return 0;
}
