/* Handles that were freed, are freed twice, have another type, or are in use: errors, never a crash. */

#define _POSIX_C_SOURCE 200809L
#include "silent_server.h"

#include <pthread.h>

static egito_error *error = NULL;

static egito_client *freed_client(void)
{
    egito_client *client = sandbox_client();
    egito_client_free(client);
    egito_client_free(client);
    return client;
}

static void a_freed_client_is_refused(void)
{
    egito_client *client = freed_client();
    egito_cursor *cursor = NULL;
    char *text = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get(client, "Account", "1", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Account", NULL, &cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_stats(client, &text, &error));
    egito_client_close(client);
    CHECK(text == NULL && cursor == NULL);
}

static void other_freed_handles_are_refused(egito_client *client)
{
    egito_cursor *cursor = NULL;
    egito_record *record = NULL;
    egito_bulk *bulk = NULL;
    egito_object *object = NULL;
    egito_cancellation_token *token = NULL;
    egito_error *freed = NULL;
    egito_client *other = NULL;
    char *text = NULL;
    WORKS(egito_list(client, "Account", NULL, &cursor, &error));
    WORKS(egito_record_new("{\"id\": 1}", &record, &error));
    WORKS(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    WORKS(egito_object_new(&object, &error));
    WORKS(egito_cancellation_token_new(&token, &error));
    CHECK(egito_create(client, "no name", "{}", NULL, &freed) == EGITO_ERROR_CONFIG);
    egito_cursor_free(cursor), egito_cursor_free(cursor);
    egito_record_free(record), egito_record_free(record);
    egito_bulk_free(bulk), egito_bulk_free(bulk);
    egito_object_free(object), egito_object_free(object);
    egito_cancellation_token_free(token), egito_cancellation_token_free(token);
    egito_error_free(freed), egito_error_free(freed);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next(cursor, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_json(record, "id", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push(bulk, "1", NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_null(object, "a", &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_with_cancellation(client, token, &other, &error));
    egito_cancellation_token_cancel(token);
    egito_bulk_cancel(bulk);
    CHECK(!egito_bulk_has_room(bulk) && egito_object_json(object) == NULL && egito_record_json(record) == NULL);
    CHECK(egito_error_code(freed) == EGITO_OK && text == NULL && other == NULL);
}

/* Compilers warn about this, except through a `void *`. */
static void a_handle_of_another_type_is_refused(egito_client *client)
{
    void *cursor = NULL;
    char *text = NULL;
    WORKS(egito_list(client, "Account", NULL, (egito_cursor **)&cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get(cursor, "Account", "1", &text, &error));
    egito_client_free(cursor);
    WORKS(egito_cursor_next(cursor, &text, &error));
    egito_string_free(text);
    egito_cursor_free(cursor);
}

static void *wait_for_a_record(void *cursor)
{
    char *record = NULL;
    CHECK(egito_cursor_next(cursor, &record, NULL) == EGITO_ERROR_CANCELLED);
    return NULL;
}

static void a_cursor_in_use_is_refused_and_a_call_is_cancelled(void)
{
    egito_client *client = silent_client(), *cancellable = NULL;
    egito_cancellation_token *token = NULL;
    egito_cursor *cursor = NULL;
    pthread_t thread;
    char *record = NULL;
    WORKS(egito_cancellation_token_new(&token, &error));
    WORKS(egito_client_with_cancellation(client, token, &cancellable, &error));
    WORKS(egito_list(cancellable, "Account", NULL, &cursor, &error));
    CHECK(pthread_create(&thread, NULL, wait_for_a_record, cursor) == 0);
    await_silent_request();
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next(cursor, &record, &error));
    egito_cancellation_token_cancel(token);
    CHECK(pthread_join(thread, NULL) == 0);
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_cursor_next(cursor, &record, &error));
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_create(cancellable, "Account", "{}", NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_with_cancellation(client, NULL, &cancellable, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cancellation_token_new(NULL, &error));
    egito_cancellation_token_free(token);
    egito_client_free(client);
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_get(cancellable, "Account", "1", &record, &error));
    egito_client_free(cancellable);
    egito_cursor_free(cursor);
}

int main(void)
{
    egito_client *client = sandbox_client();
    a_freed_client_is_refused();
    other_freed_handles_are_refused(client);
    a_handle_of_another_type_is_refused(client);
    a_cursor_in_use_is_refused_and_a_call_is_cancelled();
    egito_client_free(client);
    return 0;
}
