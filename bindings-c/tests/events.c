/* Events and statistics. A listener is called on the thread that makes the call, and cannot call the server. */

#include "support.h"

#include <pthread.h>

static egito_error *error = NULL;

struct received {
    int events, logins, creates, freed;
    pthread_t thread;
    const egito_client *client;
    egito_bulk *bulk;
    egito_cursor *cursor;
};

/* The call fails with an error that says that it was made inside a listener. */
#define REFUSED_IN_LISTENER(call) refused_in_listener(__LINE__, #call, call)

static void refused_in_listener(int line, const char *what, egito_status status)
{
    if (status != EGITO_ERROR_CONFIG || strstr(egito_error_message(error), "inside a listener") == NULL)
        fail(__FILE__, line, what);
    egito_error_free(error);
    error = NULL;
}

static void calls_to_the_server_are_refused(struct received *received);

static int64_t number_of(const char *json, const char *path)
{
    egito_record *record = NULL;
    int64_t number = -1;
    WORKS(egito_record_new(json, &record, &error));
    WORKS(egito_record_get_int64(record, path, &number, &error));
    egito_record_free(record);
    return number;
}

static void on_event(const char *event_json, void *user)
{
    struct received *received = user;
    received->events++;
    received->logins += strstr(event_json, "\"action\":\"login\"") != NULL;
    received->creates += strstr(event_json, "\"action\":\"create\",\"entity\":\"Account\"") != NULL;
    CHECK(number_of(event_json, "attempt") == 1 && number_of(event_json, "status") >= 200);
    CHECK(pthread_equal(received->thread, pthread_self()));
    calls_to_the_server_are_refused(received);
}

/* A call from a listener returns an error, without a deadlock or a crash. */
static void calls_to_the_server_are_refused(struct received *received)
{
    const egito_client *client = received->client;
    egito_cursor *cursor = NULL;
    egito_bulk *bulk = NULL;
    char *text = NULL;
    egito_row *row = NULL;
    bool room = false;
    REFUSED_IN_LISTENER(egito_create(client, "Account", "{\"name\": \"inside\"}", NULL, &error));
    REFUSED_IN_LISTENER(egito_get(client, "Account", "1", &text, &error));
    REFUSED_IN_LISTENER(egito_delete(client, "Account", "1", NULL, &error));
    REFUSED_IN_LISTENER(egito_call(client, "Account", "print", NULL, NULL, NULL, &error));
    REFUSED_IN_LISTENER(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    REFUSED_IN_LISTENER(egito_cursor_next(cursor, &text, &error));
    egito_cursor_free(cursor);
    if (received->cursor != NULL)
        REFUSED_IN_LISTENER(egito_cursor_next(received->cursor, &text, &error));
    if (received->bulk != NULL) {
        REFUSED_IN_LISTENER(egito_bulk_push(received->bulk, "1", NULL, &error));
        REFUSED_IN_LISTENER(egito_bulk_next(received->bulk, &row, &error));
        REFUSED_IN_LISTENER(egito_bulk_step(received->bulk, true, &row, &room, &error));
    }
    CHECK(text == NULL && row == NULL && bulk == NULL);
}

static void count_free(void *user) { ((struct received *)user)->freed++; }

static void every_attempt_is_reported(egito_client *client)
{
    struct received received = {0, 0, 0, 0, pthread_self(), client, NULL, NULL};
    char *first = NULL;
    /* They belong to another client, whose events are sent on other threads. */
    egito_client *other = sandbox_client();
    WORKS(egito_bulk_new(other, "Account", "get", NULL, &received.bulk, &error));
    WORKS(egito_bulk_push(received.bulk, "1", NULL, &error));
    WORKS(egito_list(other, "Account", NULL, &received.cursor, &error));
    WORKS(egito_client_on_event(client, on_event, &received, count_free, &error));
    WORKS(egito_create(client, "Account", "{\"name\": \"Heard\"}", NULL, &error));
    CHECK(egito_create(client, "Account", "{}", NULL, NULL) == EGITO_ERROR_VALIDATION);
    CHECK(received.logins == 1 && received.creates == 2 && received.events == 3 && received.freed == 0);
    WORKS(egito_client_on_event(client, NULL, NULL, NULL, &error));
    CHECK(received.freed == 1);
    WORKS(egito_create(client, "Account", "{\"name\": \"Not heard\"}", NULL, &error));
    CHECK(received.events == 3);
    /* A cursor that was refused inside a listener works later. */
    WORKS(egito_cursor_next(received.cursor, &first, &error));
    CHECK(first != NULL);
    egito_string_free(first);
    egito_cursor_free(received.cursor);
    egito_bulk_free(received.bulk);
    egito_client_free(other);
}

/* Events of a bulk, and their threads. */
struct bulk_events {
    int count, on_bulk_thread;
    pthread_t main_thread, bulk_thread;
};

static void on_bulk_event(const char *event_json, void *user)
{
    struct bulk_events *events = user;
    if (strstr(event_json, "\"action\":\"get\"") == NULL)
        return;
    if (events->count++ == 0)
        events->bulk_thread = pthread_self();
    events->on_bulk_thread +=
        !pthread_equal(events->main_thread, pthread_self()) && pthread_equal(events->bulk_thread, pthread_self());
}

static void events_of_a_bulk_are_sent_on_its_thread(void)
{
    struct bulk_events events = {0, 0, pthread_self(), pthread_self()};
    egito_client *client = sandbox_client();
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    WORKS(egito_client_on_event(client, on_bulk_event, &events, NULL, &error));
    WORKS(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    for (int pushed = 0; pushed < 3; pushed++)
        WORKS(egito_bulk_push(bulk, "1", NULL, &error));
    for (int taken = 0; taken < 3; taken++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        egito_row_free(row);
    }
    /* A row is returned after its event was sent. */
    CHECK(events.count == 3 && events.on_bulk_thread == 3);
    egito_bulk_free(bulk);
    egito_client_free(client);
}

static void user_is_freed_after_its_last_use(void)
{
    struct received first = {0}, second = {0}, third = {0};
    egito_client *client = sandbox_client();
    egito_cursor *cursor = NULL;
    WORKS(egito_client_on_event(client, on_event, &first, count_free, &error));
    WORKS(egito_client_on_event(client, on_event, &second, count_free, &error));
    CHECK(first.freed == 1 && second.freed == 0);
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    egito_client_free(client);
    CHECK(second.freed == 0);
    egito_cursor_free(cursor);
    CHECK(second.freed == 1);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_on_event(NULL, on_event, &third, count_free, &error));
    CHECK(third.freed == 1);
}

static void stats_count_calls(const egito_client *client)
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
    every_attempt_is_reported(client);
    stats_count_calls(client);
    user_is_freed_after_its_last_use();
    events_of_a_bulk_are_sent_on_its_thread();
    egito_client_free(client);
    return 0;
}
