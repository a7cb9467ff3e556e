/* Bulks of upserts: what their rows have, and plans. The suite tests the rules. */

#include "support.h"

static egito_error *error = NULL;

enum { INPUTS = 3 };

static const char *const RECORDS[INPUTS] = {"{\"nip\": \"c-20\", \"name\": \"Żubr\", \"city\": \"Łódź\"}",
                                            "{\"nip\": \"c-21\", \"name\": \"Ryś\"}", "{\"nip\": \"c-21\", \"name\": \"Żbik\"}"};

/* Runs a bulk over the records, or over the rows of a plan, which it replaces. */
static void run(const egito_client *client, const char *action, const char *options, egito_row **rows)
{
    egito_bulk *bulk = NULL;
    WORKS(egito_bulk_new(client, "Account", action, options, &bulk, &error));
    for (int each = 0; each < INPUTS; each++)
        if (strcmp(action, "apply_upsert") != 0)
            WORKS(egito_bulk_push(bulk, NULL, RECORDS[each], &error));
        else
            WORKS(egito_bulk_push_planned(bulk, egito_row_id_json(rows[each]), egito_change_name(egito_row_change(rows[each])),
                                          egito_row_record_json(rows[each]), egito_row_planned_for(rows[each]), &error));
    for (int each = 0; each < INPUTS; each++) {
        egito_row_free(rows[each]);
        WORKS(egito_bulk_next(bulk, &rows[each], &error));
        CHECK(rows[each] != NULL);
    }
    egito_bulk_free(bulk);
}

static void check_error(const egito_row *row, const char *setting)
{
    CHECK(egito_row_change(row) == EGITO_CHANGE_NONE && egito_error_code(egito_row_error(row)) == EGITO_ERROR_CONFIG);
    check_value(egito_error_json(egito_row_error(row)), "setting", setting);
}

static void a_plan_writes_nothing_and_can_be_applied(const egito_client *client, const char *id, egito_row **rows)
{
    char *record = NULL;
    run(client, "plan_upsert", "{\"key\": \"nip\"}", rows);
    CHECK(egito_row_change(rows[0]) == EGITO_CHANGE_UPDATED && strcmp(egito_row_id_json(rows[0]), id) == 0);
    CHECK(egito_row_field_count(rows[0]) == 1 && strcmp(egito_row_field(rows[0], 0), "city") == 0);
    CHECK(egito_row_field(rows[0], 1) == NULL && egito_row_duplicate_count(rows[0]) == 0);
    CHECK(egito_row_change(rows[1]) == EGITO_CHANGE_CREATED && egito_row_id_json(rows[1]) == NULL);
    CHECK(strcmp(egito_row_record_json(rows[1]), RECORDS[1]) == 0);
    check_error(rows[2], "\"key\"");
    WORKS(egito_get(client, "Account", id, &record, &error));
    check_value(record, "city", "\"Kraków\"");
    egito_string_free(record);

    run(client, "apply_upsert", "{\"key\": \"nip\"}", rows);
    CHECK(egito_row_change(rows[0]) == EGITO_CHANGE_UPDATED && strcmp(egito_row_input_id(rows[0]), id) == 0);
    CHECK(egito_row_change(rows[1]) == EGITO_CHANGE_CREATED && egito_row_id_json(rows[1]) != NULL);
    check_error(rows[2], "\"change\"");
}

static void rows_say_what_an_upsert_did(const egito_client *client, const char *id, egito_row **rows)
{
    char *second = NULL;
    run(client, "upsert", "{\"key\": [\"nip\"], \"lookup\": \"scan\", \"settle\": 1}", rows);
    CHECK(egito_row_change(rows[0]) == EGITO_CHANGE_UNCHANGED && egito_row_change(rows[1]) == EGITO_CHANGE_UNCHANGED);
    WORKS(egito_create(client, "Account", RECORDS[0], &second, &error));
    run(client, "upsert", "{\"key\": \"nip\", \"lookup\": \"auto\"}", rows);
    CHECK(egito_row_change(rows[0]) == EGITO_CHANGE_AMBIGUOUS && egito_row_duplicate_count(rows[0]) == 2);
    CHECK(strcmp(egito_row_duplicate_id_json(rows[0], 0), id) == 0 && strcmp(egito_row_duplicate_id_json(rows[0], 1), second) == 0);
    CHECK(egito_row_duplicate_id_json(rows[0], 2) == NULL);
    egito_string_free(second);
}

static void invalid_inputs_become_rows(const egito_client *client)
{
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    WORKS(egito_bulk_new(client, "Account", "apply_upsert", "{\"key\": \"nip\"}", &bulk, &error));
    WORKS(egito_bulk_push_planned(bulk, "17", "deleted", "{}", "Account(nip)", &error));
    WORKS(egito_bulk_push(bulk, "17", "{}", &error));
    WORKS(egito_bulk_push_planned(bulk, "17", "updated", "{}", "Contact(email)", &error));
    WORKS(egito_bulk_push_planned(bulk, "17", "updated", "{}", NULL, &error));
    for (int each = 0; each < 4; each++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        check_error(row, "\"change\"");
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
    WORKS(egito_bulk_new(client, "Account", "upsert", "{\"key\": \"nip\"}", &bulk, &error));
    WORKS(egito_bulk_push(bulk, "17", RECORDS[0], &error));
    WORKS(egito_bulk_push_planned(bulk, NULL, "created", RECORDS[0], "Account(nip)", &error));
    for (int each = 0; each < 2; each++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        check_error(row, each == 0 ? "\"id\"" : "\"change\"");
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
    bulk = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "upsert", "{}", &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "delete", "{\"key\": \"nip\"}", &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push_planned(NULL, NULL, "created", RECORDS[0], "Account(nip)", &error));
    CHECK(bulk == NULL && egito_row_change(NULL) == EGITO_CHANGE_NONE && egito_row_field_count(NULL) == 0);
    CHECK(egito_row_planned_for(NULL) == NULL && egito_row_field(NULL, 0) == NULL && egito_row_duplicate_count(NULL) == 0 && egito_row_duplicate_id_json(NULL, 0) == NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    egito_row *rows[INPUTS] = {NULL, NULL, NULL};
    char *id = NULL;
    WORKS(egito_create(client, "Account", "{\"nip\": \"c-20\", \"name\": \"Żubr\", \"city\": \"Kraków\"}", &id, &error));
    a_plan_writes_nothing_and_can_be_applied(client, id, rows);
    rows_say_what_an_upsert_did(client, id, rows);
    invalid_inputs_become_rows(client);
    for (int each = 0; each < INPUTS; each++)
        egito_row_free(rows[each]);
    egito_string_free(id);
    egito_client_free(client);
    return 0;
}
