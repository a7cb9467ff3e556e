/* Cursors: every record once, by record or by page; a failure never looks like the end. */

#include "support.h"

static egito_error *error = NULL;

static int records_of(egito_cursor *cursor)
{
    int count = 0;
    char *record = NULL;
    for (;;) {
        WORKS(egito_cursor_next(cursor, &record, &error));
        if (record == NULL)
            return count;
        CHECK(record[0] == '{');
        egito_string_free(record);
        count++;
    }
}

/* Number of records in a JSON array. */
static int length_of(const char *array)
{
    egito_error *none = NULL;
    egito_record *record = NULL;
    char *json = malloc(strlen(array) + 16), *item = NULL, path[32];
    int length = -1;
    CHECK(json != NULL);
    sprintf(json, "{\"page\": %s}", array);
    CHECK(egito_record_new(json, &record, &none) == EGITO_OK);
    do {
        egito_string_free(item);
        snprintf(path, sizeof path, "page.%d", ++length);
        CHECK(egito_record_get_json(record, path, &item, &none) == EGITO_OK);
    } while (item != NULL);
    egito_record_free(record);
    free(json);
    return length;
}

static egito_cursor *cursor_of(const egito_client *client, const char *options)
{
    egito_cursor *cursor = NULL;
    WORKS(egito_list(client, "Account", options, &cursor, &error));
    return cursor;
}

static int by_record(const egito_client *client, const char *options)
{
    egito_cursor *cursor = cursor_of(client, options);
    char *again = NULL;
    int count = records_of(cursor);
    WORKS(egito_cursor_next(cursor, &again, &error));
    CHECK(again == NULL);
    egito_cursor_free(cursor);
    return count;
}

static void query(const egito_client *client, int all)
{
    egito_cursor *cursor = cursor_of(client, "{\"start\": 20, \"limit\": 7}");
    egito_cursor *none = cursor_of(client, "{\"limit\": 0}");
    egito_record *record = NULL;
    char *json = NULL;
    bool exists = false;
    int64_t id = 0, total = 0;
    uint64_t count = 0;

    WORKS(egito_cursor_first_record(cursor, &record, &error));
    CHECK(egito_record_get_int64(record, "id", &id, NULL) == EGITO_OK && id == 21);
    egito_record_free(record);
    WORKS(egito_cursor_first(cursor, &json, &error));
    CHECK(json != NULL && json[0] == '{');
    egito_string_free(json);
    WORKS(egito_cursor_exists(cursor, &exists, &error));
    CHECK(exists);
    WORKS(egito_cursor_total(cursor, &total, &error));
    CHECK(total == -1); /* this server reports no total */
    WORKS(egito_cursor_count(cursor, &count, &error));
    CHECK(count == 7);
    CHECK(records_of(cursor) == 7); /* the queries did not move the cursor */

    WORKS(egito_cursor_first(none, &json, &error));
    WORKS(egito_cursor_first_record(none, &record, &error));
    CHECK(json == NULL && record == NULL);
    WORKS(egito_cursor_exists(none, &exists, &error));
    WORKS(egito_cursor_count(none, &count, &error));
    CHECK(!exists && count == 0);
    egito_cursor_free(none);
    egito_cursor_free(cursor);

    cursor = cursor_of(client, NULL);
    WORKS(egito_cursor_count(cursor, &count, &error));
    CHECK(count == (uint64_t)all);
    egito_cursor_free(cursor);
}

static void by_page(const egito_client *client, int all)
{
    egito_cursor *cursor = cursor_of(client, "{\"page_size\": 100}");
    char *page = NULL;
    int count = 0;
    for (;;) {
        WORKS(egito_cursor_next_page(cursor, &page, &error));
        if (page == NULL)
            break;
        CHECK(page[0] == '[' && length_of(page) > 0 && length_of(page) <= 100);
        count += length_of(page);
        egito_string_free(page);
    }
    CHECK(count == all);
    egito_cursor_free(cursor);
}

static void by_handle(const egito_client *client, int all)
{
    egito_cursor *cursor = cursor_of(client, "{\"page_size\": 100}");
    egito_record *record = NULL, *kept = NULL;
    int64_t id = 0;
    int count = 0;
    for (;; count++) {
        WORKS(egito_cursor_next_record(cursor, &record, &error));
        if (record == NULL)
            break;
        WORKS(egito_record_get_int64(record, "id", &id, &error));
        CHECK(egito_record_json(record)[0] == '{' && id > 0);
        if (count == 0) kept = record;
        else egito_record_free(record);
    }
    CHECK(count == all);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next_record(cursor, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next_record(NULL, &record, &error));
    egito_cursor_free(cursor);
    CHECK(egito_record_has(kept, "id")); /* it outlives its list */
    egito_record_free(kept);
}

static void a_page_after_records_is_the_rest_of_the_page(const egito_client *client, int all)
{
    egito_cursor *cursor = cursor_of(client, "{\"page_size\": 100}");
    char *record = NULL, *page = NULL;
    int before;
    for (before = 0; before < 3; before++) {
        WORKS(egito_cursor_next(cursor, &record, &error));
        egito_string_free(record);
    }
    WORKS(egito_cursor_next_page(cursor, &page, &error));
    CHECK(length_of(page) == 97);
    egito_string_free(page);
    CHECK(records_of(cursor) == all - 100);
    egito_cursor_free(cursor);
}

static void a_failure_does_not_end_the_list(egito_client *client)
{
    egito_cursor *cursor = cursor_of(client, "{\"page_size\": 100}");
    char *record = NULL, *page = NULL;
    WORKS(egito_cursor_next_page(cursor, &page, &error));
    egito_string_free(page);
    page = NULL;
    egito_client_close(client);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next(cursor, &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next(cursor, &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next_page(cursor, &page, &error));
    CHECK(record == NULL && page == NULL);
    egito_cursor_free(cursor);
}

static void a_cancelled_list_returns_no_more_records(const egito_client *client)
{
    egito_cancellation_token *token = NULL;
    egito_client *other = NULL;
    char *record = NULL;
    WORKS(egito_cancellation_token_new(&token, &error));
    WORKS(egito_client_with_cancellation(client, token, &other, &error));
    egito_cursor *cursor = cursor_of(other, NULL);
    WORKS(egito_cursor_next(cursor, &record, &error));
    egito_string_free(record);
    record = NULL;
    egito_cancellation_token_cancel(token);
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_cursor_next(cursor, &record, &error));
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_cursor_next(cursor, &record, &error));
    CHECK(record == NULL);
    egito_cursor_free(cursor);
    egito_client_free(other);
    egito_cancellation_token_free(token);
}

static void a_dictionary_is_a_list(const egito_client *client)
{
    egito_cursor *cursor = NULL;
    WORKS(egito_dictionary(client, "industry", NULL, &cursor, &error));
    CHECK(records_of(cursor) > 0);
    egito_cursor_free(cursor);
}

int main(void)
{
    egito_client *client = sandbox_client();
    int all = by_record(client, "{\"page_size\": 100}");
    CHECK(all > 300 && by_record(client, NULL) == all);
    CHECK(by_record(client, "{\"filters\": {\"name\": \"no such name\"}}") == 0);
    query(client, all);
    by_page(client, all);
    by_handle(client, all);
    a_page_after_records_is_the_rest_of_the_page(client, all);
    a_dictionary_is_a_list(client);
    a_cancelled_list_returns_no_more_records(client);
    a_failure_does_not_end_the_list(client);
    egito_client_free(client);
    return 0;
}
