/* Bulks with a journal: the same inputs continue where the bulk stopped. The suite tests the rules. */

#define _POSIX_C_SOURCE 200809L
#include "support.h"

static egito_error *error = NULL;

static const char *const LEADS[] = {"{\"lastName\": \"Ryś\"}", "{\"lastName\": \"Żbik\"}", "{\"lastName\": \"Żubr\"}"};

/* Creates the first leads with the journal, and checks how many were done by an earlier run. */
static void create(const egito_client *client, const char *options, int count, int resumed)
{
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    WORKS(egito_bulk_new(client, "Lead", "create", options, &bulk, &error));
    for (int each = 0; each < count; each++)
        WORKS(egito_bulk_push(bulk, NULL, LEADS[each], &error));
    for (int each = 0; each < count; each++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        CHECK(egito_row_error(row) == NULL && egito_row_id_json(row) != NULL && egito_row_is_resumed(row) == (each < resumed));
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
}

int main(void)
{
    egito_client *client = sandbox_client();
    egito_bulk *bulk = NULL;
    char folder[] = "/tmp/egito-journal-XXXXXX", options[96], command[64];
    CHECK(mkdtemp(folder) != NULL);
    snprintf(options, sizeof options, "{\"journal\": \"%s/import.journal\"}", folder);
    create(client, options, 2, 0);
    create(client, options, 3, 2);
    create(client, options, 3, 3);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Contact", "create", options, &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Lead", "get", options, &bulk, &error));
    CHECK(bulk == NULL && !egito_row_is_resumed(NULL));
    egito_client_free(client);
    snprintf(command, sizeof command, "rm -r %s", folder);
    return system(command);
}
