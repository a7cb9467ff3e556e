/* Thousands of failing calls leave no memory, files or threads behind. Built without sanitizers, which keep memory. */

#define _DEFAULT_SOURCE
#include "support.h"

#include <dirent.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <time.h>

/* CALLS is such that the last call is not a bulk, whose thread may still be ending. */
enum { WARM_UP = 1000, CALLS = 6004, TIMES = 4, MAX_GROWTH = 16384 };

static int open_files(void)
{
    DIR *folder = opendir("/proc/self/fd");
    int count = 0;
    while (readdir(folder) != NULL) count++;
    closedir(folder);
    return count;
}

/* Each call fails in a different way: in the library, at the server, in a list, in a bulk, in a record. */
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

/* Returns the smallest growth of several rounds, in bytes: a leak grows in each round, memory that the allocator keeps does not. */
static long smallest_growth(const egito_client *client)
{
    long smallest = LONG_MAX;
    for (int time = 0; time < TIMES; time++) {
        const long before = (long)mallinfo2().uordblks;
        long growth;
        for (int round = 0; round < CALLS; round++) fail_once(client, round);
        growth = (long)mallinfo2().uordblks - before;
        if (growth < smallest) smallest = growth;
    }
    return smallest;
}

/* Waits until no more than these files are open: the thread of a bulk may still close some on a busy machine. */
static int are_closed_down_to(int files)
{
    const time_t end = time(NULL) + 10;
    while (open_files() > files) {
        if (time(NULL) > end) return 0;
        sched_yield();
    }
    return 1;
}

int main(void)
{
    egito_client *client = sandbox_client();
    long growth;
    int files;
    for (int round = 0; round < WARM_UP; round++) fail_once(client, round);
    files = open_files();
    growth = smallest_growth(client);
    if (growth > MAX_GROWTH) {
        fprintf(stderr, "memory grows by %ld bytes or more with every %d failing calls\n", growth, CALLS);
        return 1;
    }
    CHECK(are_closed_down_to(files));
    egito_client_free(client);
    return 0;
}
