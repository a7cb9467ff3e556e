/* Ten thousand failing calls leave nothing behind: no memory, no file, no thread. Run without sanitizers, which keep memory. */

#define _DEFAULT_SOURCE
#include "support.h"

#include <dirent.h>
#include <malloc.h>

enum { CALLS = 10000, WARM = 1000 };

static int open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(folder) != NULL) count++;
    closedir(folder);
    return count;
}

/* Each call fails in another way: here, at the server, in a list, in a bulk, in a record. */
static void fail_once(const egito_client *client, int round)
{
    egito_error *error = NULL;
    egito_cursor *cursor = NULL;
    egito_record *record = NULL;
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    char *text = NULL;
    switch (round % 6) {
    case 0: FAILS_WITH(EGITO_ERROR_VALIDATION, egito_create(client, "Account", "{\"city\": \"x\"}", &text, &error)); break;
    case 1: FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get(client, "Account", "999999999", &text, &error)); break;
    case 2: FAILS_WITH(EGITO_ERROR_CONFIG, egito_create(client, "Account", "[]", &text, &error)); break;
    case 3: FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Account", "{\"x\": 1}", &cursor, &error)); break;
    case 4: FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_new("{\"a\": ", &record, &error)); break;
    default:
        WORKS(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
        WORKS(egito_bulk_push(bulk, "999999999", NULL, &error));
        WORKS(egito_bulk_next(bulk, &row, &error));
        CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_NOT_FOUND);
        egito_row_free(row);
        egito_bulk_free(bulk);
    }
    CHECK(text == NULL && cursor == NULL && record == NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    size_t before = 0, after;
    int files = 0;
    for (int round = 0; round < CALLS; round++) {
        if (round == WARM) {
            before = mallinfo2().uordblks;
            files = open_files();
        }
        fail_once(client, round);
    }
    after = mallinfo2().uordblks;
    if (after > before + 65536) {
        fprintf(stderr, "%zu bytes more after %d failing calls\n", after - before, CALLS - WARM);
        return 1;
    }
    CHECK(open_files() <= files);
    egito_client_free(client);
    return 0;
}
