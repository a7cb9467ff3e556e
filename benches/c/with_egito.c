/* The SDK as a C program uses it. */

#include "bench.h"

#include <string.h>

static egito_client *new_client(const char *more)
{
    egito_client *client = NULL;
    egito_error *error = NULL;
    char settings[2048];
    snprintf(settings, sizeof settings, "%.*s%s}", (int)(strlen(bench_settings) - 1), bench_settings, more);
    if (egito_client_new(settings, &client, &error) != EGITO_OK) bench_fail("client", egito_error_message(error));
    return client;
}

static void read_three(const egito_record *record, struct sum *sum)
{
    egito_error *error = NULL;
    char *name = NULL, *city = NULL;
    int64_t id = 0;
    if (egito_record_get_int64(record, "id", &id, &error) != EGITO_OK ||
        egito_record_get_string(record, "name", &name, &error) != EGITO_OK ||
        egito_record_get_string(record, "city", &city, &error) != EGITO_OK)
        bench_fail("record", egito_error_message(error));
    sum->ids += id;
    sum->bytes += strlen(name) + strlen(city);
    sum->records++;
    egito_string_free(name);
    egito_string_free(city);
}

void egito_get_each(struct sum *sum)
{
    egito_client *client = new_client("");
    egito_error *error = NULL;
    for (int call = 0; call < GETS; call++) {
        egito_record *record = NULL;
        char id[16];
        snprintf(id, sizeof id, "%d", call % RECORDS + 1);
        if (egito_get_record(client, "Account", id, &record, &error) != EGITO_OK)
            bench_fail("get", egito_error_message(error));
        read_three(record, sum);
        egito_record_free(record);
    }
    egito_client_free(client);
}

void egito_get_at_once(struct sum *sum)
{
    egito_client *client = new_client("");
    egito_bulk *bulk = NULL;
    egito_error *error = NULL;
    egito_row *row = NULL;
    int next = 0;
    if (egito_bulk_new(client, "Account", "get", "{\"concurrency\": 64}", &bulk, &error) != EGITO_OK)
        bench_fail("bulk", egito_error_message(error));
    for (;;) {
        while (next < GETS && egito_bulk_has_room(bulk)) {
            char id[16];
            snprintf(id, sizeof id, "%d", next++ + 1);
            egito_bulk_push(bulk, id, NULL, NULL);
        }
        if (egito_bulk_next(bulk, &row, &error) != EGITO_OK) bench_fail("next", egito_error_message(error));
        if (row == NULL) break;
        if (egito_row_error(row) != NULL) bench_fail("row", egito_error_message(egito_row_error(row)));
        read_three(egito_row_record(row), sum);
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
    egito_client_free(client);
}

void egito_list_all(struct sum *sum)
{
    egito_client *client = new_client(", \"prefetch\": 0");
    egito_cursor *cursor = NULL;
    egito_error *error = NULL;
    egito_record *record = NULL;
    if (egito_list(client, "Account", "{\"page_size\": 1000}", &cursor, &error) != EGITO_OK)
        bench_fail("list", egito_error_message(error));
    while (egito_cursor_next_record(cursor, &record, &error) == EGITO_OK && record != NULL) {
        read_three(record, sum);
        egito_record_free(record);
    }
    if (error != NULL) bench_fail("list", egito_error_message(error));
    egito_cursor_free(cursor);
    egito_client_free(client);
}
