/* A client tells of every attempt, on the thread that makes it, and counts what it does. Nothing waits inside a listener. */

#include "support.h"

#include <pthread.h>

static egito_error *error = NULL;

struct heard {
    int events, logins, creates, freed;
    pthread_t thread;
    const egito_client *client;
    egito_bulk *bulk;
    egito_cursor *cursor;
};

/* The call fails since it was made inside a listener, and says so. */
#define REFUSES_INSIDE(call) refused_inside(__LINE__, #call, call)

static void refused_inside(int line, const char *what, egito_status status)
{
    if (status != EGITO_ERROR_CONFIG || strstr(egito_error_message(error), "inside a listener") == NULL)
        fail(__FILE__, line, what);
    egito_error_free(error);
    error = NULL;
}

static void refuses_to_wait(struct heard *heard);

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
    refuses_to_wait(heard);
}

/* Calling back ends in an error that says why, not in a deadlock or a crash. */
static void refuses_to_wait(struct heard *heard)
{
    const egito_client *client = heard->client;
    egito_cursor *cursor = NULL;
    egito_bulk *bulk = NULL;
    char *text = NULL;
    egito_row *row = NULL;
    bool room = false;
    REFUSES_INSIDE(egito_create(client, "Account", "{\"name\": \"inside\"}", NULL, &error));
    REFUSES_INSIDE(egito_get(client, "Account", "1", &text, &error));
    REFUSES_INSIDE(egito_delete(client, "Account", "1", NULL, &error));
    REFUSES_INSIDE(egito_call(client, "Account", "print", NULL, NULL, NULL, &error));
    REFUSES_INSIDE(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    REFUSES_INSIDE(egito_cursor_next(cursor, &text, &error));
    egito_cursor_free(cursor);
    if (heard->cursor != NULL)
        REFUSES_INSIDE(egito_cursor_next(heard->cursor, &text, &error));
    if (heard->bulk != NULL) {
        REFUSES_INSIDE(egito_bulk_push(heard->bulk, "1", NULL, &error));
        REFUSES_INSIDE(egito_bulk_next(heard->bulk, &row, &error));
        REFUSES_INSIDE(egito_bulk_step(heard->bulk, true, &row, &room, &error));
    }
    CHECK(text == NULL && row == NULL && bulk == NULL);
}

static void forget(void *user) { ((struct heard *)user)->freed++; }

static void every_attempt_is_told(egito_client *client)
{
    struct heard heard = {0, 0, 0, 0, pthread_self(), client, NULL, NULL};
    char *first = NULL;
    /* Of another client: its calls are made by a thread of its own, and told there. */
    egito_client *other = sandbox_client();
    WORKS(egito_bulk_new(other, "Account", "get", NULL, &heard.bulk, &error));
    WORKS(egito_bulk_push(heard.bulk, "1", NULL, &error));
    WORKS(egito_list(other, "Account", NULL, &heard.cursor, &error));
    WORKS(egito_client_on_event(client, hear, &heard, forget, &error));
    WORKS(egito_create(client, "Account", "{\"name\": \"Heard\"}", NULL, &error));
    CHECK(egito_create(client, "Account", "{}", NULL, NULL) == EGITO_ERROR_VALIDATION);
    CHECK(heard.logins == 1 && heard.creates == 2 && heard.events == 3 && heard.freed == 0);
    WORKS(egito_client_on_event(client, NULL, NULL, NULL, &error));
    CHECK(heard.freed == 1);
    WORKS(egito_create(client, "Account", "{\"name\": \"Not heard\"}", NULL, &error));
    CHECK(heard.events == 3);
    /* A cursor that was refused inside is good for later. */
    WORKS(egito_cursor_next(heard.cursor, &first, &error));
    CHECK(first != NULL);
    egito_string_free(first);
    egito_cursor_free(heard.cursor);
    egito_bulk_free(heard.bulk);
    egito_client_free(other);
}

/* What is heard of a bulk, and on which thread. */
struct told {
    int events, elsewhere;
    pthread_t here, there;
};

static void hear_of_a_bulk(const char *event_json, void *user)
{
    struct told *told = user;
    if (strstr(event_json, "\"action\":\"get\"") == NULL)
        return;
    if (told->events++ == 0)
        told->there = pthread_self();
    told->elsewhere += !pthread_equal(told->here, pthread_self()) && pthread_equal(told->there, pthread_self());
}

static void the_events_of_a_bulk_are_told_on_its_own_thread(void)
{
    struct told told = {0, 0, pthread_self(), pthread_self()};
    egito_client *client = sandbox_client();
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    WORKS(egito_client_on_event(client, hear_of_a_bulk, &told, NULL, &error));
    WORKS(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    for (int pushed = 0; pushed < 3; pushed++)
        WORKS(egito_bulk_push(bulk, "1", NULL, &error));
    for (int taken = 0; taken < 3; taken++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        egito_row_free(row);
    }
    /* A row is given after its event was told. */
    CHECK(told.events == 3 && told.elsewhere == 3);
    egito_bulk_free(bulk);
    egito_client_free(client);
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
    the_events_of_a_bulk_are_told_on_its_own_thread();
    egito_client_free(client);
    return 0;
}
