/* Outboxes: what their functions take and return. The core tests the rules. */

#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <unistd.h>

static egito_error *error = NULL;

static const char *const LEAD = "{\"formKey\": \"c-30\", \"lastName\": \"Ryś\"}";
static const char *const KEY = "{\"key\": \"formKey\"}";

static void check_state(const egito_outbox *outbox, int64_t entry, const char *state)
{
    char *json = NULL;
    WORKS(egito_outbox_get(outbox, entry, &json, &error));
    check_value(json, "state", state);
    egito_string_free(json);
}

/* Delivers, and checks how many entries were delivered and refused. */
static void deliver(const egito_outbox *outbox, uint64_t limit, const char *delivered, const char *refused)
{
    char *json = NULL;
    WORKS(egito_outbox_deliver(outbox, limit, &json, &error));
    check_value(json, "delivered", delivered);
    check_value(json, "refused", refused);
    egito_string_free(json);
}

static void writes_are_stored_and_delivered_once(const egito_client *client, const egito_outbox *outbox)
{
    int64_t first = 0, again = 0, upsert = 0, update = 0, deletion = 0;
    char *id = NULL, *json = NULL;
    WORKS(egito_create(client, "Lead", "{\"lastName\": \"Żbik\"}", &id, &error));
    WORKS(egito_outbox_put(outbox, "Lead", LEAD, KEY, &first, &error));
    WORKS(egito_outbox_put(outbox, "Lead", LEAD, KEY, &again, &error));
    WORKS(egito_outbox_put_upsert(outbox, "Account", "{\"nip\": \"c-31\", \"name\": \"Żubr\"}", "{\"key\": [\"nip\"]}", &upsert, &error));
    WORKS(egito_outbox_put_update(outbox, "Lead", id, "{\"lastName\": \"Żbik 2\"}", &update, &error));
    WORKS(egito_outbox_put_delete(outbox, "Lead", id, &deletion, &error));
    CHECK(first == again && first != upsert && upsert != update && update != deletion);
    WORKS(egito_outbox_counts(outbox, &json, &error));
    check_value(json, "waiting", "4");
    egito_string_free(json);
    deliver(outbox, 1, "1", "0");
    deliver(outbox, 0, "3", "0");
    WORKS(egito_outbox_entries(outbox, "{\"state\": \"delivered\", \"limit\": 1}", &json, &error));
    CHECK(strstr(json, "\"entity\":\"Lead\"") != NULL && strstr(json, "\"action\":\"create\"") != NULL);
    CHECK(strstr(json, "\"entity\":\"Account\"") == NULL);
    egito_string_free(json);
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get(client, "Lead", id, &json, &error));
    egito_string_free(id);
}

static void a_refused_entry_can_be_edited_retried_and_discarded(const egito_outbox *outbox)
{
    int64_t entry = 0, other = 0;
    char *json = NULL;
    WORKS(egito_outbox_put(outbox, "Account", "{\"nip\": \"c-32\"}", "{\"key\": \"nip\"}", &entry, &error));
    deliver(outbox, 0, "0", "1");
    check_state(outbox, entry, "\"refused\"");
    WORKS(egito_outbox_retry(outbox, entry, &error));
    deliver(outbox, 0, "0", "1");
    WORKS(egito_outbox_edit(outbox, entry, "{\"nip\": \"c-32\", \"name\": \"Żubr\"}", &error));
    deliver(outbox, 0, "1", "0");
    check_state(outbox, entry, "\"delivered\"");
    WORKS(egito_outbox_put_delete(outbox, "Account", "7000000", &other, &error));
    WORKS(egito_outbox_discard(outbox, other, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_outbox_get(outbox, other, &json, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_discard(outbox, entry, &error));
}

static void a_thread_delivers(const egito_outbox *outbox)
{
    int64_t entry = 0;
    char *json = NULL;
    WORKS(egito_outbox_start(outbox, 60, &error));
    WORKS(egito_outbox_put(outbox, "Lead", "{\"formKey\": \"c-33\", \"lastName\": \"Ryś\"}", KEY, &entry, &error));
    while (json == NULL || strstr(json, "\"delivered\":1,") == NULL) {
        egito_string_free(json);
        WORKS(egito_outbox_last_delivery(outbox, &json, &error));
    }
    egito_string_free(json);
    WORKS(egito_outbox_stop(outbox, &error));
    check_state(outbox, entry, "\"delivered\"");
}

static void invalid_arguments_are_refused(const egito_client *client, const egito_outbox *outbox)
{
    egito_outbox *other = NULL;
    char *json = NULL;
    int64_t entry = 0;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_new(NULL, "x.db", NULL, &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_new(client, NULL, NULL, &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_new(client, "x.db", "{\"keep\": 1}", &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_new(client, "x.db", NULL, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put(NULL, "Lead", LEAD, KEY, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put(outbox, NULL, LEAD, KEY, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put(outbox, "Lead", NULL, KEY, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put(outbox, "Lead", LEAD, NULL, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put(outbox, "Lead", LEAD, "{\"key\": \"nip\"}", &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put_update(outbox, "Lead", NULL, LEAD, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_put_delete(outbox, "Lead", NULL, &entry, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_entries(outbox, "{\"state\": \"lost\"}", &json, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_get(outbox, 1, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_edit(outbox, 1, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_start(outbox, 100000, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_outbox_start(outbox, -1, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_outbox_retry(outbox, 999, &error));
    CHECK(other == NULL && json == NULL && entry == 0);
    egito_outbox_free(NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    egito_outbox *outbox = NULL;
    char folder[] = "/tmp/egito-outbox-XXXXXX", path[64], command[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(path, sizeof path, "%s/outbox.db", folder);
    WORKS(egito_outbox_new(client, path, "{\"concurrency\": 2, \"keep_days\": 7, \"lookup\": \"auto\"}", &outbox, &error));
    writes_are_stored_and_delivered_once(client, outbox);
    a_refused_entry_can_be_edited_retried_and_discarded(outbox);
    a_thread_delivers(outbox);
    invalid_arguments_are_refused(client, outbox);
    egito_outbox_free(outbox);
    egito_client_free(client);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}
