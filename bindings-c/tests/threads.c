/* Several threads use one client at once, and one closes it meanwhile. */

#define _POSIX_C_SOURCE 200809L
#include "support.h"

#include <pthread.h>

enum { THREADS = 8, CALLS = 25 };

static void *writes_and_reads(void *shared)
{
    const egito_client *client = shared;
    int call;
    for (call = 0; call < CALLS; call++) {
        egito_error *error = NULL;
        char *id = NULL, *record = NULL, name[32];
        snprintf(name, sizeof name, "{\"name\": \"Call %d\"}", call);
        WORKS(egito_create(client, "Account", name, &id, &error));
        WORKS(egito_get(client, "Account", id, &record, &error));
        check_value(record, "id", id);
        egito_string_free(record);
        egito_string_free(id);
        FAILS_WITH(EGITO_ERROR_VALIDATION, egito_create(client, "Account", "{}", &id, &error));
    }
    return NULL;
}

/* Reads until another thread closes the client; no other error may occur. */
static void *reads_until_closed(void *shared)
{
    const egito_client *client = shared;
    for (;;) {
        egito_error *error = NULL;
        egito_cursor *cursor = NULL;
        char *record = NULL;
        egito_status status;
        WORKS(egito_list(client, "Account", "{\"page_size\": 5}", &cursor, &error));
        status = egito_cursor_next(cursor, &record, &error);
        egito_cursor_free(cursor);
        egito_string_free(record);
        if (status != EGITO_OK) {
            FAILS_WITH(EGITO_ERROR_CONFIG, status);
            return NULL;
        }
    }
}

static void run(void *(*body)(void *), egito_client *client, void (*meanwhile)(egito_client *))
{
    pthread_t threads[THREADS];
    int thread;
    for (thread = 0; thread < THREADS; thread++)
        CHECK(pthread_create(&threads[thread], NULL, body, client) == 0);
    if (meanwhile != NULL)
        meanwhile(client);
    for (thread = 0; thread < THREADS; thread++)
        CHECK(pthread_join(threads[thread], NULL) == 0);
}

static void close_it(egito_client *client)
{
    egito_error *error = NULL;
    WORKS(egito_create(client, "Account", "{\"name\": \"Before the end\"}", NULL, &error));
    egito_client_close(client);
    egito_client_close(client);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create(client, "Account", "{\"name\": \"Late\"}", NULL, &error));
}

int main(void)
{
    egito_client *client = sandbox_client();
    run(writes_and_reads, client, NULL);
    run(reads_until_closed, client, close_it);
    egito_client_free(client);
    return 0;
}
