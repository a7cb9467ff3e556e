/* egito_upsert: its options and its result. The suite tests the rules. */

#include "support.h"

static egito_error *error = NULL;

static const char *const ACCOUNT = "{\"nip\": \"c-7\", \"name\": \"Żubr\", \"city\": \"Kraków\"}";
static const char *const MOVED = "{\"nip\": \"c-7\", \"name\": \"Żubr\", \"city\": \"Łódź\", \"phone\": \"12\"}";
static const char *const KEY = "{\"key\": \"nip\"}";

static egito_upserted *upsert(const egito_client *client, const char *record, const char *options)
{
    egito_upserted *upserted = NULL;
    WORKS(egito_upsert(client, "Account", record, options, &upserted, &error));
    return upserted;
}

static void only_fields_that_differ_are_updated(const egito_client *client)
{
    egito_upserted *first = upsert(client, ACCOUNT, KEY);
    egito_upserted *again = upsert(client, ACCOUNT, "{\"key\": [\"nip\"], \"lookup\": \"scan\", \"settle\": 1}");
    egito_upserted *moved = upsert(client, MOVED, KEY);
    CHECK(egito_upserted_change(first) == EGITO_CHANGE_CREATED && egito_upserted_field_count(first) == 0);
    CHECK(egito_upserted_change(again) == EGITO_CHANGE_UNCHANGED && egito_upserted_field(again, 0) == NULL);
    CHECK(egito_upserted_change(moved) == EGITO_CHANGE_UPDATED && egito_upserted_field_count(moved) == 2);
    CHECK(strcmp(egito_upserted_field(moved, 0), "city") == 0 && strcmp(egito_upserted_field(moved, 1), "phone") == 0);
    CHECK(egito_upserted_field(moved, 2) == NULL && egito_upserted_duplicate_count(moved) == 0);
    CHECK(strcmp(egito_upserted_id_json(first), egito_upserted_id_json(moved)) == 0);
    egito_upserted_free(first);
    egito_upserted_free(again);
    egito_upserted_free(moved);
    WORKS(egito_upsert(client, "Account", ACCOUNT, KEY, NULL, &error));
}

static void nothing_is_written_if_several_records_have_the_key(const egito_client *client)
{
    char *ids[2] = {NULL, NULL};
    for (int each = 0; each < 2; each++)
        WORKS(egito_create(client, "Account", "{\"nip\": \"c-8\", \"name\": \"Ryś\"}", &ids[each], &error));
    egito_upserted *upserted = upsert(client, "{\"nip\": \"c-8\", \"name\": \"Żbik\"}", KEY);
    CHECK(egito_upserted_change(upserted) == EGITO_CHANGE_AMBIGUOUS && egito_upserted_field_count(upserted) == 0);
    CHECK(strcmp(egito_upserted_id_json(upserted), ids[0]) == 0 && egito_upserted_duplicate_count(upserted) == 2);
    for (size_t each = 0; each < 2; each++)
        CHECK(strcmp(egito_upserted_duplicate_id_json(upserted, each), ids[each]) == 0);
    CHECK(egito_upserted_duplicate_id_json(upserted, 2) == NULL);
    egito_upserted_free(upserted);
    egito_string_free(ids[0]);
    egito_string_free(ids[1]);
}

static void invalid_arguments_are_refused(const egito_client *client)
{
    egito_upserted *upserted = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_upsert(client, "Account", ACCOUNT, NULL, &upserted, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_upsert(client, "Account", NULL, KEY, &upserted, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_upsert(NULL, "Account", ACCOUNT, KEY, &upserted, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_upsert(client, "Account", ACCOUNT, "{\"key\": \"formKey\"}", &upserted, &error));
    CHECK(upserted == NULL);
    CHECK(egito_upserted_id_json(NULL) == NULL && egito_upserted_change(NULL) == EGITO_CHANGE_NONE);
    CHECK(egito_upserted_field_count(NULL) == 0 && egito_upserted_field(NULL, 0) == NULL);
    CHECK(egito_upserted_duplicate_count(NULL) == 0 && egito_upserted_duplicate_id_json(NULL, 0) == NULL);
    egito_upserted_free(NULL);
}

static void every_change_has_a_name(void)
{
    CHECK(strcmp(egito_change_name(EGITO_CHANGE_CREATED), "created") == 0);
    CHECK(strcmp(egito_change_name(EGITO_CHANGE_AMBIGUOUS), "ambiguous") == 0);
    CHECK(egito_change_name(EGITO_CHANGE_NONE) == NULL && egito_change_name(5) == NULL && egito_change_name(-1) == NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    only_fields_that_differ_are_updated(client);
    nothing_is_written_if_several_records_have_the_key(client);
    invalid_arguments_are_refused(client);
    every_change_has_a_name();
    egito_client_free(client);
    return 0;
}
