/* A client tells of every attempt, on the thread that makes it, and counts what it does. */

#include "support.h"

#include <pthread.h>

static egito_error *error = NULL;

struct heard {
    int events, logins, creates, freed;
    pthread_t thread;
    const egito_client *client;
    egito_bulk *bulk;
};

static int64_t number_of(const char *json, const char *path)
{
    egito_record *record = NULL;
    int64_t number = -1;
    WORKS(egito_record_new(json, &record, &error));
    WORKS(egito_record_get_int64(record, path, &number, &error));
    egito_record_free(record);
    return number;
}

static void hear(const char *event_json, void *user)
{
    struct heard *heard = user;
    heard->events++;
    heard->logins += strstr(event_json, "\"action\":\"login\"") != NULL;
    heard->creates += strstr(event_json, "\"action\":\"create\",\"entity\":\"Account\"") != NULL;
    CHECK(number_of(event_json, "attempt") == 1 && number_of(event_json, "status") >= 200);
    CHECK(pthread_equal(heard->thread, pthread_self()));
    /* Calling back ends in an error, not in a deadlock or a crash. */
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create(heard->client, "Account", "{\"name\": \"inside\"}", NULL, &error));
    if (heard->bulk != NULL) {
        egito_row *row = NULL;
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_next(heard->bulk, &row, &error));
        CHECK(row == NULL);
    }
}

static void forget(void *user) { ((struct heard *)user)->freed++; }

static void every_attempt_is_told(egito_client *client)
{
    struct heard heard = {0, 0, 0, 0, pthread_self(), client, NULL};
    /* Of another client: its calls are made by a thread of its own, and told there. */
    egito_client *other = sandbox_client();
    WORKS(egito_bulk_new(other, "Account", "get", NULL, &heard.bulk, &error));
    WORKS(egito_bulk_push(heard.bulk, "1", NULL, &error));
    WORKS(egito_client_on_event(client, hear, &heard, forget, &error));
    WORKS(egito_create(client, "Account", "{\"name\": \"Heard\"}", NULL, &error));
    CHECK(egito_create(client, "Account", "{}", NULL, NULL) == EGITO_ERROR_VALIDATION);
    CHECK(heard.logins == 1 && heard.creates == 2 && heard.events == 3 && heard.freed == 0);
    WORKS(egito_client_on_event(client, NULL, NULL, NULL, &error));
    CHECK(heard.freed == 1);
    WORKS(egito_create(client, "Account", "{\"name\": \"Not heard\"}", NULL, &error));
    CHECK(heard.events == 3);
    egito_bulk_free(heard.bulk);
    egito_client_free(other);
}

static void the_pointer_is_freed_with_the_last_that_uses_it(void)
{
    struct heard first = {0}, second = {0}, third = {0};
    egito_client *client = sandbox_client();
    egito_cursor *cursor = NULL;
    WORKS(egito_client_on_event(client, hear, &first, forget, &error));
    WORKS(egito_client_on_event(client, hear, &second, forget, &error));
    CHECK(first.freed == 1 && second.freed == 0);
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    egito_client_free(client);
    CHECK(second.freed == 0);
    egito_cursor_free(cursor);
    CHECK(second.freed == 1);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_on_event(NULL, hear, &third, forget, &error));
    CHECK(third.freed == 1);
}

static void what_was_done_is_counted(const egito_client *client)
{
    char *before = NULL, *after = NULL;
    WORKS(egito_client_stats(client, &before, &error));
    CHECK(number_of(before, "calls") == 3 && number_of(before, "attempts") == 3 && number_of(before, "logins") == 1);
    CHECK(number_of(before, "retries") == 0 && number_of(before, "bytes_sent") > 0);
    CHECK(egito_create(client, "Account", "{}", NULL, NULL) == EGITO_ERROR_VALIDATION);
    WORKS(egito_client_stats(client, &after, &error));
    CHECK(number_of(after, "calls") == 4 && number_of(after, "bytes_received") > number_of(before, "bytes_received"));
    egito_string_free(before);
    egito_string_free(after);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_stats(client, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_stats(NULL, &after, &error));
}

int main(void)
{
    egito_client *client = sandbox_client();
    every_attempt_is_told(client);
    what_was_done_is_counted(client);
    the_pointer_is_freed_with_the_last_that_uses_it();
    egito_client_free(client);
    return 0;
}
