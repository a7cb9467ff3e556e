/* Calls of a program that is ending, or becomes a daemon. */

#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <sys/wait.h>
#include <unistd.h>

/* More than the library opens. */
#define DESCRIPTORS 64

static egito_client *client;
static egito_error *error;

static void get_works(void)
{
    char *record = NULL;
    WORKS(egito_get(client, "Account", "1", &record, &error));
    egito_string_free(record);
}

/* Like a daemon: also closes the connections of the parent. */
static void a_child_that_closes_all_descriptors_keeps_working(void)
{
    for (int descriptor = STDERR_FILENO + 1; descriptor < DESCRIPTORS; descriptor++) close(descriptor);
    get_works();
    egito_client_free(client);
    client = sandbox_client();
    get_works();
    egito_client_free(client);
    _exit(0); /* objects of the parent are not freed, which a leak check would report */
}

static void call_at_exit(void)
{
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    CHECK(egito_create(client, "Account", "{\"name\": \"late\"}", NULL, &error) == EGITO_ERROR_CONFIG);
    CHECK(egito_error_outcome(error) == EGITO_OUTCOME_NOT_SENT);
    egito_error_free(error);
    error = NULL;
    if (egito_bulk_new(client, "Account", "get", NULL, &bulk, &error) == EGITO_OK) {
        WORKS(egito_bulk_push(bulk, "1", NULL, &error));
        WORKS(egito_bulk_next(bulk, &row, &error));
        CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_CONFIG);
    }
    egito_row_free(row);
    egito_bulk_free(bulk);
    egito_error_free(error);
    egito_client_free(client);
    _exit(7);
}

static void calls_at_exit_are_refused(void)
{
    CHECK(atexit(call_at_exit) == 0);
    get_works();
}

static int status_of(void (*test)(void))
{
    int status;
    pid_t child = fork();
    CHECK(child >= 0);
    if (child == 0) {
        test();
        exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child);
    return status;
}

int main(void)
{
    int status;
    client = sandbox_client();
    get_works();
    status = status_of(a_child_that_closes_all_descriptors_keeps_working);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 0);
    status = status_of(calls_at_exit_are_refused);
    CHECK(WIFEXITED(status) && WEXITSTATUS(status) == 7);
    egito_client_free(client);
    return 0;
}
