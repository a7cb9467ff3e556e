/* Bulks: one row per input, in order, with egito_bulk_next, egito_bulk_step and egito_bulk_run; cancellation loses no row. */

#define _POSIX_C_SOURCE 200809L
#include "silent_server.h"

#include <pthread.h>
#include <sched.h>

static egito_error *error = NULL;

enum { INPUTS = 40, WINDOW = 16 * 4 };

static egito_bulk *bulk_of(const egito_client *client, const char *action, const char *options)
{
    egito_bulk *bulk = NULL;
    WORKS(egito_bulk_new(client, "Account", action, options, &bulk, &error));
    return bulk;
}

static void record_number(char *json, size_t size, int number)
{
    if (number % 10 == 3)
        snprintf(json, size, "{\"city\": \"without a name %d\"}", number);
    else
        snprintf(json, size, "{\"name\": \"Bulk %d\"}", number);
}

/* The server refuses every tenth input, which has no name. */
static void check_row(const egito_row *row, int number)
{
    char json[64];
    record_number(json, sizeof json, number);
    CHECK(egito_row_index(row) == (uint64_t)number);
    CHECK(strcmp(egito_row_input_json(row), json) == 0 && egito_row_input_id(row) == NULL);
    CHECK(egito_row_record_json(row) == NULL);
    if (number % 10 == 3) {
        CHECK(egito_row_id_json(row) == NULL);
        CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_VALIDATION);
    } else {
        CHECK(egito_row_id_json(row) != NULL && egito_row_error(row) == NULL);
    }
}

static void rows_are_in_order_with_their_inputs(const egito_client *client)
{
    egito_bulk *bulk = bulk_of(client, "create", "{\"concurrency\": 4}");
    egito_row *row = NULL;
    char json[64];
    int pushed = 0, taken = 0;
    for (;;) {
        for (; pushed < INPUTS && egito_bulk_has_room(bulk); pushed++) {
            record_number(json, sizeof json, pushed);
            WORKS(egito_bulk_push(bulk, NULL, json, &error));
        }
        CHECK(pushed >= (taken + 4 < INPUTS ? taken + 4 : INPUTS) && pushed <= taken + WINDOW);
        WORKS(egito_bulk_next(bulk, &row, &error));
        if (row == NULL)
            break;
        check_row(row, taken++);
        egito_row_free(row);
        CHECK(egito_bulk_done(bulk) >= (uint64_t)taken && egito_bulk_done(bulk) <= (uint64_t)pushed); /* calls that have finished */
    }
    CHECK(taken == INPUTS && egito_bulk_done(bulk) == INPUTS && egito_bulk_failed(bulk) == INPUTS / 10);
    egito_bulk_free(bulk);
}

/* Passes an input when there is room, and reads every row as soon as it is ready. */
static void steps_request_inputs_and_return_rows(const egito_client *client)
{
    egito_bulk *bulk = bulk_of(client, "create", "{\"concurrency\": 4}");
    egito_row *row = NULL;
    bool more = true, room = false;
    char json[64];
    int pushed = 0, taken = 0;
    for (;;) {
        WORKS(egito_bulk_step(bulk, more, &row, &room, &error));
        if (row == NULL && !room)
            break;
        CHECK((row == NULL) == room);
        if (row != NULL) {
            check_row(row, taken++);
            egito_row_free(row);
        } else if (pushed < INPUTS) {
            record_number(json, sizeof json, pushed++);
            CHECK(egito_bulk_has_room(bulk));
            WORKS(egito_bulk_push(bulk, NULL, json, &error));
        } else {
            more = false;
        }
    }
    CHECK(pushed == INPUTS && taken == INPUTS && !more);
    egito_bulk_free(bulk);
}

/* The first input is slow: the server never responds. The others are invalid and finish at once. */
static void a_slow_row_blocks_only_beyond_the_window(bool keep_all)
{
    egito_client *client = silent_client();
    egito_bulk *bulk = bulk_of(client, "create", "{\"concurrency\": 4}");
    egito_row *row = NULL;
    bool room = false;
    int pushed = 1, rows = 0;
    WORKS(egito_bulk_push(bulk, NULL, "{\"name\": \"never\"}", &error));
    await_silent_request();
    if (keep_all)
        egito_bulk_keep_all_rows(bulk);
    for (; egito_bulk_has_room(bulk) && pushed < 3 * WINDOW; pushed++) {
        WORKS(egito_bulk_step(bulk, true, &row, &room, &error));
        CHECK(room && row == NULL);
        WORKS(egito_bulk_push(bulk, NULL, "no record", &error));
    }
    CHECK(pushed == (keep_all ? 3 * WINDOW : WINDOW));
    egito_bulk_cancel(bulk);
    for (; rows < pushed; rows++) {
        WORKS(egito_bulk_step(bulk, true, &row, &room, &error));
        CHECK(!room && row != NULL);
        CHECK(egito_error_code(egito_row_error(row)) == (rows == 0 ? EGITO_ERROR_CANCELLED : EGITO_ERROR_CONFIG));
        egito_row_free(row);
    }
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_bulk_step(bulk, true, &row, &room, &error)); /* there may be more inputs */
    WORKS(egito_bulk_step(bulk, false, &row, &room, &error));                            /* there are none */
    CHECK(!room && row == NULL);
    egito_bulk_free(bulk);
    egito_client_free(client);
}

/* Shared by the callbacks of a run. */
struct run {
    egito_bulk *bulk;
    int given, taken, stop_after;
    char json[64];
};

static int next_input(const char **id, const char **record_json, void *user)
{
    struct run *run = user;
    CHECK(*id == NULL && *record_json == NULL);
    if (run->given == INPUTS)
        return 0;
    record_number(run->json, sizeof run->json, run->given++);
    *record_json = run->json;
    return 1;
}

static void on_row(const egito_row *row, void *user)
{
    struct run *run = user;
    CHECK(egito_row_index(row) == (uint64_t)run->taken++);
    CHECK(egito_bulk_done(run->bulk) >= (uint64_t)run->taken && egito_bulk_done(run->bulk) <= (uint64_t)run->given);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push(run->bulk, NULL, "{}", &error)); /* in use: no deadlock */
    CHECK(!egito_bulk_has_room(run->bulk));
    if (run->taken == run->stop_after)
        egito_bulk_cancel(run->bulk);
    if (run->stop_after == 0 || run->taken <= run->stop_after)
        check_row(row, run->taken - 1);
    else
        CHECK(egito_row_error(row) == NULL || egito_error_code(egito_row_error(row)) == EGITO_ERROR_CANCELLED ||
              egito_error_code(egito_row_error(row)) == EGITO_ERROR_OUTCOME_UNKNOWN); /* it was sent */
}

static void a_run_passes_all_inputs_and_rows(const egito_client *client)
{
    struct run run = {bulk_of(client, "create", NULL), 0, 0, 0, ""};
    WORKS(egito_bulk_run(run.bulk, next_input, on_row, &run, &error));
    CHECK(run.given == INPUTS && run.taken == INPUTS && egito_bulk_failed(run.bulk) == INPUTS / 10);
    egito_bulk_free(run.bulk);
}

static void a_cancelled_run_has_a_row_for_each_input(const egito_client *client)
{
    struct run run = {bulk_of(client, "create", "{\"concurrency\": 4}"), 0, 0, 4, ""};
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_bulk_run(run.bulk, next_input, on_row, &run, &error));
    CHECK(run.taken == run.given && run.given < INPUTS);
    egito_bulk_free(run.bulk);
}

/* A program must learn that inputs were left, also if all of them were. */
static void a_bulk_of_a_cancelled_client_fails(const egito_client *client)
{
    egito_cancellation_token *token = NULL;
    egito_client *cancelled = NULL;
    egito_row *row = NULL;
    bool room = false;
    WORKS(egito_cancellation_token_new(&token, &error));
    WORKS(egito_client_with_cancellation(client, token, &cancelled, &error));
    egito_cancellation_token_cancel(token);
    struct run run = {bulk_of(cancelled, "create", NULL), 0, 0, 0, ""};
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_bulk_run(run.bulk, next_input, on_row, &run, &error));
    FAILS_WITH(EGITO_ERROR_CANCELLED, egito_bulk_step(run.bulk, true, &row, &room, &error));
    CHECK(run.given == 0 && run.taken == 0);
    egito_bulk_free(run.bulk);
    egito_client_free(cancelled);
    egito_cancellation_token_free(token);
}

/* No inputs were left. */
static void a_bulk_cancelled_after_its_last_input_succeeds(const egito_client *client)
{
    egito_bulk *bulk = bulk_of(client, "create", NULL);
    egito_row *row = NULL;
    bool room = true;
    WORKS(egito_bulk_push(bulk, NULL, "{\"name\": \"last\"}", &error));
    WORKS(egito_bulk_step(bulk, false, &row, &room, &error));
    CHECK(row != NULL && egito_row_error(row) == NULL);
    egito_row_free(row);
    egito_bulk_cancel(bulk);
    WORKS(egito_bulk_step(bulk, false, &row, &room, &error));
    CHECK(row == NULL && !room);
    egito_bulk_free(bulk);
}

static void a_run_without_on_row(const egito_client *client)
{
    struct run run = {bulk_of(client, "create", NULL), INPUTS - 2, 0, 0, ""};
    WORKS(egito_bulk_run(run.bulk, next_input, NULL, &run, &error));
    CHECK(egito_bulk_done(run.bulk) == 2);
    egito_bulk_free(run.bulk);
}

static egito_row *row_of(egito_bulk *bulk, const char *id, const char *json)
{
    egito_row *row = NULL;
    WORKS(egito_bulk_push(bulk, id, json, &error));
    WORKS(egito_bulk_next(bulk, &row, &error));
    CHECK(row != NULL);
    return row;
}

static void is_refused(egito_bulk *bulk, const char *id, const char *json, const char *setting)
{
    egito_row *row = row_of(bulk, id, json);
    const egito_error *why = egito_row_error(row);
    CHECK(egito_error_code(why) == EGITO_ERROR_CONFIG && egito_error_outcome(why) == EGITO_OUTCOME_NOT_SENT);
    check_value(egito_error_json(why), "setting", setting);
    egito_row_free(row);
}

static void an_invalid_input_is_a_row(const egito_client *client)
{
    egito_bulk *bulk = bulk_of(client, "create", NULL);
    egito_row *row;
    is_refused(bulk, NULL, NULL, "\"record\"");
    is_refused(bulk, NULL, "[]", "\"record\"");
    is_refused(bulk, NULL, "{\"name\": \"\xff\"}", "\"record_json\"");
    is_refused(bulk, "17", "{}", "\"id\"");
    row = row_of(bulk, NULL, "{\"name\": \"After all of that\"}");
    CHECK(egito_row_index(row) == 4 && egito_row_error(row) == NULL && egito_bulk_failed(bulk) == 4);
    egito_row_free(row);
    egito_bulk_free(bulk);
    bulk = bulk_of(client, "update", NULL);
    is_refused(bulk, NULL, "{}", "\"id\"");
    is_refused(bulk, "1", NULL, "\"record\"");
    egito_bulk_free(bulk);
    bulk = bulk_of(client, "delete", NULL);
    is_refused(bulk, "1", "{}", "\"record_json\"");
    is_refused(bulk, "\xc3", NULL, "\"id\"");
    egito_bulk_free(bulk);
}

static void every_action_works(const egito_client *client)
{
    egito_bulk *bulk;
    egito_row *row;
    char *id = NULL;
    WORKS(egito_create(client, "Account", "{\"name\": \"Every action\"}", &id, &error));
    bulk = bulk_of(client, "update", NULL);
    row = row_of(bulk, id, "{\"city\": \"Krakow\"}");
    CHECK(strcmp(egito_row_id_json(row), id) == 0 && strcmp(egito_row_input_id(row), id) == 0);
    egito_row_free(row);
    egito_bulk_free(bulk);
    bulk = bulk_of(client, "get", NULL);
    row = row_of(bulk, id, NULL);
    check_value(egito_row_record_json(row), "city", "\"Krakow\"");
    CHECK(egito_record_has(egito_row_record(row), "city") && egito_row_record(NULL) == NULL);
    CHECK(strcmp(egito_row_id_json(row), id) == 0 && egito_row_input_json(row) == NULL);
    egito_row_free(row);
    egito_bulk_free(bulk);
    bulk = bulk_of(client, "delete", NULL);
    row = row_of(bulk, id, NULL);
    CHECK(strcmp(egito_row_id_json(row), id) == 0 && egito_row_error(row) == NULL);
    egito_row_free(row);
    egito_bulk_free(bulk);
    egito_string_free(id);
}

static void inputs_beyond_the_room_are_refused(void)
{
    egito_client *client = silent_client(); /* no call finishes by itself */
    egito_bulk *bulk = bulk_of(client, "get", "{\"concurrency\": 2}");
    egito_row *row = NULL;
    WORKS(egito_bulk_next(bulk, &row, &error));
    CHECK(row == NULL && egito_bulk_has_room(bulk));
    WORKS(egito_bulk_push(bulk, "1", NULL, &error));
    WORKS(egito_bulk_push(bulk, "2", NULL, &error));
    CHECK(!egito_bulk_has_room(bulk));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push(bulk, "3", NULL, &error));
    egito_bulk_cancel(bulk);
    egito_bulk_cancel(bulk);
    WORKS(egito_bulk_push(bulk, "3", NULL, &error)); /* another thread may cancel between has_room and push */
    for (int index = 0; index < 3; index++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_CANCELLED);
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
    egito_client_free(client);
    close(silent_listener);
}

/* Waits for a row that cannot arrive: the server never responds. The main thread uses the bulk briefly to see whether the wait has
   begun, so this thread tries until the bulk is free. */
static void *wait_for_a_row(void *bulk)
{
    egito_error *in_use = NULL;
    egito_row *row = NULL;
    while (egito_bulk_next(bulk, &row, &in_use) != EGITO_OK) {
        CHECK(egito_error_code(in_use) == EGITO_ERROR_CONFIG);
        egito_error_free(in_use);
        in_use = NULL;
    }
    return row;
}

static void another_thread_can_cancel(void)
{
    egito_client *client = silent_client();
    egito_bulk *bulk = bulk_of(client, "create", NULL);
    pthread_t thread;
    void *row;
    WORKS(egito_bulk_push(bulk, NULL, "{\"name\": \"never\"}", &error));
    CHECK(pthread_create(&thread, NULL, wait_for_a_row, bulk) == 0);
    await_silent_request();
    while (egito_bulk_has_room(bulk)) /* until the other thread uses the bulk */
        sched_yield();
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push(bulk, NULL, "{}", &error));
    egito_bulk_cancel(bulk);
    CHECK(pthread_join(thread, &row) == 0);
    CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_CANCELLED);
    egito_row_free(row);
    egito_bulk_free(bulk);
    egito_client_free(client);
}

static void invalid_arguments_are_refused(const egito_client *client)
{
    static const char *const OPTIONS[] = {"{\"concurrency\": 0}", "{\"concurrency\": 1.5}", "[4]", "4", "{\"speed\": 8}"};
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    bool room = false;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(NULL, "Account", "get", NULL, &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, NULL, "get", NULL, &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", NULL, NULL, &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "print", NULL, &bulk, &error));
    for (size_t each = 0; each < sizeof OPTIONS / sizeof OPTIONS[0]; each++)
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "get", OPTIONS[each], &bulk, &error));
    CHECK(egito_bulk_new(client, "Account", "get", "{\"concurrency\": -1}", &bulk, &error) == EGITO_ERROR_CONFIG);
    check_value(egito_error_json(error), "setting", "\"concurrency\"");
    CHECK(strstr(egito_error_message(error), "expected an integer, 0 or more, got -1") != NULL);
    egito_error_free(error);
    error = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "get", "{\"threads\": 1}", &bulk, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_new(client, "Account", "get", NULL, NULL, &error));
    CHECK(bulk == NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_push(NULL, "1", NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_next(NULL, &row, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_step(NULL, true, &row, &room, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_run(NULL, next_input, on_row, NULL, &error));
    bulk = bulk_of(client, "get", NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_next(bulk, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_step(bulk, true, NULL, &room, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_step(bulk, true, &row, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_bulk_run(bulk, NULL, on_row, NULL, &error));
    egito_bulk_free(bulk);
    egito_bulk_cancel(NULL);
    egito_bulk_keep_all_rows(NULL);
    egito_bulk_free(NULL);
    egito_row_free(NULL);
    CHECK(!egito_bulk_has_room(NULL) && egito_bulk_done(NULL) == 0 && egito_bulk_failed(NULL) == 0);
    CHECK(egito_row_index(NULL) == 0 && egito_row_error(NULL) == NULL && egito_row_id_json(NULL) == NULL);
    CHECK(egito_row_record_json(NULL) == NULL && egito_row_input_id(NULL) == NULL && egito_row_input_json(NULL) == NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    rows_are_in_order_with_their_inputs(client);
    steps_request_inputs_and_return_rows(client);
    a_slow_row_blocks_only_beyond_the_window(false);
    a_slow_row_blocks_only_beyond_the_window(true);
    a_run_passes_all_inputs_and_rows(client);
    a_cancelled_run_has_a_row_for_each_input(client);
    a_bulk_of_a_cancelled_client_fails(client);
    a_bulk_cancelled_after_its_last_input_succeeds(client);
    a_run_without_on_row(client);
    an_invalid_input_is_a_row(client);
    every_action_works(client);
    inputs_beyond_the_room_are_refused();
    another_thread_can_cancel();
    invalid_arguments_are_refused(client);
    egito_client_free(client);
    return 0;
}
