/* The SDK as a C program uses it. */

#include "bench.h"

#include "egito.h"

static egito_client *client;

static void check(egito_status status, const egito_error *error)
{
    if (status != EGITO_OK) bench_fail("egito", egito_error_message(error));
}

static void set_up(const char *settings)
{
    egito_error *error = NULL;
    check(egito_client_new(settings, &client, &error), error);
}

static void add(const egito_record *record, struct total *total)
{
    egito_error *error = NULL;
    char *name = NULL;
    int64_t id = 0, employees = 0;
    check(egito_record_get_int64(record, "id", &id, &error), error);
    check(egito_record_get_int64(record, "employees", &employees, &error), error);
    check(egito_record_get_string(record, "name", &name, &error), error);
    if (name == NULL || name[0] == '\0') bench_fail("record", "no name");
    egito_string_free(name);
    total->sum += id + employees;
    total->count++;
}

static void get(int count, struct total *total)
{
    egito_error *error = NULL;
    for (int number = 0; number < count; number++) {
        egito_record *record = NULL;
        char id[16];
        snprintf(id, sizeof id, "%d", bench_id(number));
        check(egito_get_record(client, "Account", id, &record, &error), error);
        add(record, total);
        egito_record_free(record);
    }
}

static void create(int count, struct total *total)
{
    egito_error *error = NULL;
    for (int number = 0; number < count; number++) {
        char *record = bench_new_record(number), *id = NULL;
        check(egito_create(client, "Account", record, &id, &error), error);
        total->sum += atoll(id);
        total->count++;
        egito_string_free(id);
        cJSON_free(record);
    }
}

static void at_once(int count, struct total *total)
{
    egito_bulk *bulk = NULL;
    egito_error *error = NULL;
    egito_row *row = NULL;
    int next = 0;
    check(egito_bulk_new(client, "Account", "get", "{\"concurrency\": 64}", &bulk, &error), error);
    for (;;) {
        while (next < count && egito_bulk_has_room(bulk)) {
            char id[16];
            snprintf(id, sizeof id, "%d", bench_id(next++));
            egito_bulk_push(bulk, id, NULL, NULL);
        }
        check(egito_bulk_next(bulk, &row, &error), error);
        if (row == NULL) break;
        if (egito_row_error(row) != NULL) bench_fail("row", egito_error_message(egito_row_error(row)));
        add(egito_row_record(row), total);
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
}

static void list(int count, struct total *total)
{
    egito_cursor *cursor = NULL;
    egito_error *error = NULL;
    egito_record **kept = calloc((size_t)count + 1, sizeof *kept);
    if (kept == NULL) bench_fail("memory", "");
    if (count == 0) return;
    check(egito_list(client, "Account", "{\"page_size\": 1000}", &cursor, &error), error);
    for (int number = 0; number < count; number++) {
        check(egito_cursor_next_record(cursor, &kept[number], &error), error);
        if (kept[number] == NULL) bench_fail("list", "it ends early");
        add(kept[number], total);
    }
    check(egito_cursor_next_record(cursor, &kept[count], &error), error);
    if (kept[count] != NULL) bench_fail("list", "it has too many records");
    egito_cursor_free(cursor);
}

const struct contestant with_egito = {"egito", set_up, get, create, at_once, list};
