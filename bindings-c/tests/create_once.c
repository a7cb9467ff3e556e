/* egito_create_once: its options and its result. The suite tests the rules. */

#include "support.h"

static egito_error *error = NULL;

static const char *const LEAD = "{\"formKey\": \"c-1\", \"lastName\": \"Ryś\"}";
static const char *const KEY = "{\"key\": \"formKey\"}";

static void the_second_call_finds_the_record(const egito_client *client)
{
    egito_found_or_created *first = NULL, *again = NULL;
    WORKS(egito_create_once(client, "Lead", LEAD, KEY, &first, &error));
    WORKS(egito_create_once(client, "Lead", LEAD, "{\"key\": [\"formKey\"], \"lookup\": \"scan\", \"settle\": 1}", &again, &error));
    CHECK(egito_found_or_created_is_created(first) && !egito_found_or_created_is_created(again));
    CHECK(strcmp(egito_found_or_created_id_json(first), egito_found_or_created_id_json(again)) == 0);
    CHECK(egito_found_or_created_duplicate_count(again) == 0);
    CHECK(egito_found_or_created_duplicate_id_json(again, 0) == NULL);
    egito_found_or_created_free(first);
    egito_found_or_created_free(again);
    WORKS(egito_create_once(client, "Lead", LEAD, KEY, NULL, &error));
}

static void duplicates_are_reported(const egito_client *client)
{
    egito_found_or_created *found = NULL;
    char *ids[2] = {NULL, NULL};
    for (int each = 0; each < 2; each++)
        WORKS(egito_create(client, "Lead", "{\"formKey\": \"c-2\", \"lastName\": \"Ryś\"}", &ids[each], &error));
    WORKS(egito_create_once(client, "Lead", "{\"formKey\": \"c-2\"}", KEY, &found, &error));
    CHECK(!egito_found_or_created_is_created(found) && egito_found_or_created_duplicate_count(found) == 2);
    CHECK(strcmp(egito_found_or_created_id_json(found), ids[0]) == 0);
    for (size_t each = 0; each < 2; each++)
        CHECK(strcmp(egito_found_or_created_duplicate_id_json(found, each), ids[each]) == 0);
    CHECK(egito_found_or_created_duplicate_id_json(found, 2) == NULL);
    egito_found_or_created_free(found);
    egito_string_free(ids[0]);
    egito_string_free(ids[1]);
}

static void invalid_arguments_are_refused(const egito_client *client)
{
    egito_found_or_created *found = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(client, "Lead", LEAD, NULL, &found, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(client, "Lead", NULL, KEY, &found, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(NULL, "Lead", LEAD, KEY, &found, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(client, "Lead", LEAD, "{}", &found, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(client, "Lead", LEAD, "{\"key\": \"nip\"}", &found, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create_once(client, "Lead", LEAD, "{\"key\": \"formKey\", \"wait\": 1}", &found, &error));
    CHECK(found == NULL);
    CHECK(egito_found_or_created_id_json(NULL) == NULL && !egito_found_or_created_is_created(NULL));
    CHECK(egito_found_or_created_duplicate_count(NULL) == 0 && egito_found_or_created_duplicate_id_json(NULL, 0) == NULL);
    egito_found_or_created_free(NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    the_second_call_finds_the_record(client);
    duplicates_are_reported(client);
    invalid_arguments_are_refused(client);
    egito_client_free(client);
    return 0;
}
