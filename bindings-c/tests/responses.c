/* Responses: of the last call, also if it failed, and never of another call. */

#include "support.h"

static egito_error *error = NULL;

static egito_response *response_of(const egito_client *client)
{
    egito_response *response = NULL;
    WORKS(egito_client_response(client, &response, &error));
    return response;
}

static void a_call_keeps_its_response(const egito_client *client)
{
    char *record = NULL;
    const char *type;
    CHECK(response_of(client) == NULL); /* before the first call */
    WORKS(egito_get(client, "Account", "1", &record, &error));
    egito_response *response = response_of(client);
    CHECK(egito_response_status(response) == 200 && egito_response_attempts(response) == 1);
    CHECK(egito_response_call_id(response) > 0 && egito_response_elapsed(response) > 0);
    type = egito_response_header(response, "CONTENT-type", 0);
    CHECK(type != NULL && strncmp(type, "application/json", 16) == 0);
    CHECK(egito_response_header(response, "content-type", 1) == NULL);
    CHECK(egito_response_header(response, "nothing", 0) == NULL && egito_response_header(response, NULL, 0) == NULL);
    const size_t lines = egito_response_header_count(response);
    CHECK(lines > 0);
    for (size_t line = 0; line < lines; line++)
        CHECK(egito_response_header(response, egito_response_header_name(response, line), 0) != NULL);
    CHECK(egito_response_header_name(response, lines) == NULL && egito_response_header_value(response, lines) == NULL);
    check_value(egito_response_json(response), "status", "200");

    /* A response does not change with later calls. */
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get(client, "Account", "7000000", &record, &error));
    egito_response *second = response_of(client);
    CHECK(egito_response_status(response) == 200 && egito_response_status(second) == 404);
    CHECK(egito_response_call_id(second) == egito_response_call_id(response) + 1);
    egito_response_free(response);
    egito_response_free(second);
    egito_string_free(record);

    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get(client, "Account", "", &record, &error));
}

static void a_cursor_keeps_the_response_of_its_page(const egito_client *client)
{
    egito_cursor *cursor = NULL;
    char *page = NULL;
    uint64_t last = 0;
    int pages = 0;
    WORKS(egito_list(client, "Account", "{\"page_size\": 100}", &cursor, &error));
    while (egito_cursor_next_page(cursor, &page, &error) == EGITO_OK && page != NULL) {
        egito_response *response = response_of(client);
        CHECK(egito_response_status(response) == 200 && egito_response_call_id(response) > last);
        last = egito_response_call_id(response);
        egito_response_free(response);
        egito_string_free(page);
        pages++;
    }
    CHECK(error == NULL && pages >= 3);
    egito_cursor_free(cursor);
}

static void handles_with_options_keep_responses(const egito_client *client)
{
    egito_client *quick = NULL;
    char *record = NULL;
    WORKS(egito_client_with_options(client, "{\"max_retries\": 0}", &quick, &error));
    WORKS(egito_get(quick, "Account", "1", &record, &error));
    egito_response *response = response_of(quick);
    CHECK(egito_response_status(response) == 200);
    egito_response_free(response);
    egito_string_free(record);
    egito_client_free(quick);
}

static void null_and_handles_without_responses_are_refused(const egito_client *plain)
{
    egito_response *response = NULL;
    egito_client *other = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_response(plain, &response, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_response(NULL, &response, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_with_response(NULL, &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_with_response(plain, NULL, &error));
    CHECK(response == NULL && other == NULL);
    CHECK(egito_response_status(NULL) == 0 && egito_response_attempts(NULL) == 0 && egito_response_call_id(NULL) == 0);
    CHECK(egito_response_header(NULL, "x", 0) == NULL && egito_response_header_count(NULL) == 0);
    CHECK(egito_response_header_name(NULL, 0) == NULL && egito_response_header_value(NULL, 0) == NULL);
    CHECK(egito_response_json(NULL) == NULL && !(egito_response_elapsed(NULL) > 0));
    egito_response_free(NULL);
}

int main(void)
{
    egito_client *plain = sandbox_client(), *client = NULL;
    WORKS(egito_client_with_response(plain, &client, &error));
    a_call_keeps_its_response(client);
    a_cursor_keeps_the_response_of_its_page(client);
    handles_with_options_keep_responses(client);
    null_and_handles_without_responses_are_refused(plain);
    egito_client_free(client);
    egito_client_free(plain);
    return 0;
}
