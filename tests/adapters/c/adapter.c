/* The adapter through which the suite plays C: reads commands as JSON lines, writes replies. See tests/README.md. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"
#include <pthread.h>

/* For tests only, and therefore not in the header. */
egito_status egito_panic_for_tests(const egito_client *client, egito_error **error);

/* Events of a client since it was opened, as JSON separated by commas. */
struct events {
    FILE *out;
    char *json;
    size_t size;
    pthread_mutex_t lock;
};

/* Clients by name; the first one without a name is free. */
static struct client {
    char name[32];
    egito_client *handle;
    struct events *events;
} clients[256];

/* One call, and the stream for its member of the reply. */
struct call {
    egito_record *command;
    FILE *out;
    char *reply;
    size_t size;
    pthread_t thread;
};

static struct client *find_client(const char *name)
{
    struct client *client = clients;
    while (client->name[0] != '\0' && strcmp(client->name, name) != 0) client++;
    return client;
}

typedef egito_status stepper(egito_cursor *, char **, egito_error **);

/* Deletes a record of a list. */
static bool delete_record(const egito_client *client, const egito_record *command, const char *record_json, egito_error **error)
{
    egito_record *record = NULL;
    char *entity = NULL, *id = NULL;
    egito_record_new(record_json, &record, NULL);
    egito_record_get_string(command, "args.entity", &entity, NULL);
    egito_record_get_json(record, "id", &id, NULL);
    const bool done = egito_delete(client, entity, id, NULL, error) == EGITO_OK;
    egito_string_free(id);
    egito_string_free(entity);
    egito_record_free(record);
    return done;
}

/* Returns whether this header line is the first one with its name. */
static bool is_first_of_name(const egito_response *response, size_t line)
{
    for (size_t before = 0; before < line; before++)
        if (strcmp(egito_response_header_name(response, before), egito_response_header_name(response, line)) == 0) return false;
    return true;
}

/* Writes the headers by name, each with the list of its values. */
static void write_headers(FILE *out, const egito_response *response)
{
    size_t names = 0;
    fputs("{", out);
    for (size_t line = 0; line < egito_response_header_count(response); line++) {
        const char *name = egito_response_header_name(response, line), *value;
        if (!is_first_of_name(response, line)) continue;
        fprintf(out, "%s\"%s\":[", names++ == 0 ? "" : ",", name);
        for (size_t index = 0; (value = egito_response_header(response, name, index)) != NULL; index++)
            write_string(out, index, value);
        fputs("]", out);
    }
    fputs("}", out);
}

/* Writes the response of the client's last call with its result, or only the result if the client keeps no responses. */
static void write_result(FILE *out, const egito_client *client, const char *value)
{
    egito_response *response = NULL;
    if (egito_client_response(client, &response, NULL) != EGITO_OK) {
        fputs(value, out);
        return;
    }
    fprintf(out, "{\"value\":%s,\"status\":%d,\"headers\":", value, egito_response_status(response));
    write_headers(out, response);
    fprintf(out, ",\"attempts\":%u,\"call_id\":%llu,\"elapsed\":%f}", egito_response_attempts(response),
            (unsigned long long)egito_response_call_id(response), egito_response_elapsed(response));
    egito_response_free(response);
}

/* Reads the items of a cursor as a JSON array, at most `args.take`. */
static char *read_list(const egito_client *client, const egito_record *command, egito_cursor *cursor, bool by_page, egito_error **error)
{
    stepper *next = by_page ? egito_cursor_next_page : egito_cursor_next;
    char *item = NULL, *items = NULL;
    size_t size = 0, count = 0;
    int64_t take = INT64_MAX;
    bool deletes = false;
    FILE *out = open_memstream(&items, &size);
    egito_record_get_int64(command, "args.take", &take, NULL);
    egito_record_get_bool(command, "args.delete", &deletes, NULL);
    while (take-- > 0 && next(cursor, &item, error) == EGITO_OK && item != NULL) {
        fputs(count++ == 0 ? "" : ",", out);
        write_result(out, client, item);
        if (deletes && !delete_record(client, command, item, error)) take = 0;
        egito_string_free(item);
    }
    fclose(out);
    egito_cursor_free(cursor);
    return items;
}

/* Finds or creates a record, and returns the result as JSON. */
static char *create_once(const egito_client *client, const char *entity, const char *record, const char *options, egito_error **error)
{
    egito_found_or_created *found = NULL;
    char *json = NULL;
    size_t size = 0;
    if (egito_create_once(client, entity, record, options, &found, error) != EGITO_OK) return NULL;
    FILE *out = open_memstream(&json, &size);
    fprintf(out, "{\"id\":%s,\"created\":%s,\"duplicates\":[", egito_found_or_created_id_json(found),
            egito_found_or_created_is_created(found) ? "true" : "false");
    for (size_t index = 0; index < egito_found_or_created_duplicate_count(found); index++)
        fprintf(out, "%s%s", index == 0 ? "" : ",", egito_found_or_created_duplicate_id_json(found, index));
    fputs("]}", out);
    fclose(out);
    egito_found_or_created_free(found);
    return json;
}

/* Creates or updates a record, and returns the result as JSON. */
static char *upsert(const egito_client *client, const char *entity, const char *record, const char *options, egito_error **error)
{
    egito_upserted *upserted = NULL;
    char *json = NULL;
    size_t size = 0;
    if (egito_upsert(client, entity, record, options, &upserted, error) != EGITO_OK) return NULL;
    FILE *out = open_memstream(&json, &size);
    fprintf(out, "{\"id\":%s,\"change\":\"%s\",\"fields\":[", egito_upserted_id_json(upserted),
            egito_change_name(egito_upserted_change(upserted)));
    for (size_t index = 0; index < egito_upserted_field_count(upserted); index++)
        write_string(out, index, egito_upserted_field(upserted, index));
    fputs("],\"duplicates\":[", out);
    for (size_t index = 0; index < egito_upserted_duplicate_count(upserted); index++)
        fprintf(out, "%s%s", index == 0 ? "" : ",", egito_upserted_duplicate_id_json(upserted, index));
    fputs("]}", out);
    fclose(out);
    egito_upserted_free(upserted);
    return json;
}

static bool is_query(const char *method)
{
    return strcmp(method, "first") == 0 || strcmp(method, "exists") == 0 || strcmp(method, "total") == 0 ||
           strcmp(method, "count") == 0;
}

/* Runs a query about a list and returns its result as JSON. */
static char *run_query(egito_cursor *cursor, const char *method, egito_error **error)
{
    size_t size = 0;
    bool exists = false;
    int64_t total = 0;
    uint64_t count = 0;
    char *record = NULL, *json = NULL;
    FILE *out = open_memstream(&json, &size);
    if (strcmp(method, "first") == 0) {
        egito_cursor_first(cursor, &record, error);
        fputs(record == NULL ? "null" : record, out);
        egito_string_free(record);
    } else if (strcmp(method, "exists") == 0) {
        egito_cursor_exists(cursor, &exists, error);
        fputs(exists ? "true" : "false", out);
    } else if (strcmp(method, "total") == 0) {
        egito_cursor_total(cursor, &total, error);
        if (total < 0) fputs("null", out);
        else fprintf(out, "%lld", (long long)total);
    } else {
        egito_cursor_count(cursor, &count, error);
        fprintf(out, "%llu", (unsigned long long)count);
    }
    fclose(out);
    egito_cursor_free(cursor);
    return json;
}

static void on_event(const char *event_json, void *user)
{
    struct events *events = user;
    pthread_mutex_lock(&events->lock);
    fprintf(events->out, "%s%s", ftell(events->out) == 0 ? "" : ",", event_json);
    fflush(events->out);
    pthread_mutex_unlock(&events->lock);
}

static void free_events(void *user)
{
    struct events *events = user;
    fclose(events->out);
    free(events->json);
    free(events);
}

static void write_events(FILE *out, struct events *events)
{
    if (events == NULL) {
        fputs("\"result\":[]", out);
        return;
    }
    pthread_mutex_lock(&events->lock);
    fprintf(out, "\"result\":[%s]", events->json);
    pthread_mutex_unlock(&events->lock);
}

static void *play(void *argument)
{
    struct call *call = argument;
    const egito_record *command = call->command;
    enum { CLIENT, METHOD, ENTITY, TYPE, ACTION, HOW, ID, RECORD, PARAMS, RESULT, TEXTS };
    char *text[TEXTS] = {STRING("client"), STRING("method"), STRING("args.entity"), STRING("args.type"),
                         STRING("args.action"), STRING("args.method"), JSON("args.id"), JSON("args.record"),
                         JSON("args.params"), NULL};
    static const char *const OPTIONS[] = {"filters", "sort", "order", "page_size", "limit", "start", "key", "lookup", "settle_ms", NULL};
    char *options = present_arguments(command, OPTIONS), *items = NULL, *result = NULL;
    struct client *opened = find_client(text[CLIENT]);
    char *with_response = JSON("args.with_response");
    egito_client *other = NULL;
    if (with_response != NULL) egito_client_with_response(opened->handle, &other, NULL);
    egito_string_free(with_response);
    const egito_client *client = other != NULL ? other : opened->handle;
    egito_cursor *cursor = NULL;
    egito_error *error = NULL;
#define IS(name) (strcmp(text[METHOD], name) == 0)
    if (IS("create")) egito_create(client, text[ENTITY], text[RECORD], &text[RESULT], &error);
    else if (IS("create_once")) result = create_once(client, text[ENTITY], text[RECORD], options, &error);
    else if (IS("upsert")) result = upsert(client, text[ENTITY], text[RECORD], options, &error);
    else if (IS("get")) egito_get(client, text[ENTITY], text[ID], &text[RESULT], &error);
    else if (IS("update")) egito_update(client, text[ENTITY], text[ID], text[RECORD], &text[RESULT], &error);
    else if (IS("delete")) egito_delete(client, text[ENTITY], text[ID], &text[RESULT], &error);
    else if (IS("list") || IS("pages") || is_query(text[METHOD])) egito_list(client, text[ENTITY], options, &cursor, &error);
    else if (IS("dictionary")) egito_dictionary(client, text[TYPE], NULL, &cursor, &error);
    else if (IS("call")) egito_call(client, text[ENTITY], text[ACTION], text[PARAMS], text[HOW], &text[RESULT], &error);
    else if (strstr(text[METHOD], "_many") != NULL || IS("plan_upsert")) result = play_bulk(client, command, text[ENTITY], text[METHOD], &error);
    else if (IS("changes")) result = play_changes(client, command, text[ENTITY], &error);
    else if (IS("ids")) result = play_ids(client, text[ENTITY], &error);
    else if (IS("deleted")) result = play_deleted(client, command, text[ENTITY], &error);
    else if (IS("outbox")) result = play_outbox(client, command, &error);
    else if (IS("stats")) egito_client_stats(client, &text[RESULT], &error);
    else if (IS("events")) write_events(call->out, opened->events);
    else if (IS("panic")) egito_panic_for_tests(client, &error);
    else fprintf(call->out, "\"unknown\":\"method\"");

    if (cursor != NULL && is_query(text[METHOD])) result = run_query(cursor, text[METHOD], &error);
    else if (cursor != NULL) items = read_list(client, command, cursor, IS("pages"), &error);
    if (error != NULL) write_error(call->out, error);
    else if (result != NULL) fprintf(call->out, "\"result\":%s", result);
    else if (items != NULL) fprintf(call->out, "\"result\":[%s]", items);
    else if (text[RESULT] != NULL) {
        fputs("\"result\":", call->out);
        write_result(call->out, client, text[RESULT]);
    }
    egito_error_free(error);
    egito_client_free(other);
    free(result);
    free(items);
    free(options);
    for (int each = 0; each < TEXTS; each++) egito_string_free(text[each]);
    return NULL;
}

/* Begins all calls before it waits for the first one. */
static void play_parallel(const egito_record *command)
{
    struct call *calls = NULL;
    size_t count = 0;
    char path[32], *json;
    while (snprintf(path, sizeof path, "calls.%zu", count), (json = JSON(path)) != NULL) {
        calls = realloc(calls, (count + 1) * sizeof *calls);
        egito_record_new(json, &calls[count++].command, NULL);
        egito_string_free(json);
    }
    for (size_t each = 0; each < count; each++) {
        calls[each].out = open_memstream(&calls[each].reply, &calls[each].size);
        pthread_create(&calls[each].thread, NULL, play, &calls[each]);
    }
    printf("\"results\":[");
    for (size_t each = 0; each < count; each++) {
        pthread_join(calls[each].thread, NULL);
        fclose(calls[each].out);
        printf("%s{%s}", each == 0 ? "" : ",", calls[each].reply);
        egito_record_free(calls[each].command);
        free(calls[each].reply);
    }
    printf("]");
    free(calls);
}

static void open_client(const egito_record *command, const char *name)
{
    struct client *client = find_client(name);
    egito_error *error = NULL;
    char *settings = JSON("settings"), *events = JSON("events");
    egito_client_free(client->handle);
    *client = (struct client){"", NULL, NULL};
    snprintf(client->name, sizeof client->name, "%s", name);
    egito_client_new(settings, &client->handle, &error);
    if (events != NULL && error == NULL) {
        client->events = calloc(1, sizeof *client->events);
        client->events->out = open_memstream(&client->events->json, &client->events->size);
        fflush(client->events->out); /* so that json is an empty string */
        pthread_mutex_init(&client->events->lock, NULL);
        egito_client_on_event(client->handle, on_event, client->events, free_events, &error);
    }
    if (error != NULL) write_error(stdout, error);
    else printf("\"result\":null");
    egito_error_free(error);
    egito_string_free(settings);
    egito_string_free(events);
}

static void reply(egito_record *command)
{
    char *seq = JSON("seq"), *what = STRING("do"), *name = STRING("client");
    printf("{\"seq\":%s,", seq);
    if (strcmp(what, "open") == 0) open_client(command, name);
    else if (strcmp(what, "call") == 0) play(&(struct call){.command = command, .out = stdout});
    else if (strcmp(what, "parallel") == 0) play_parallel(command);
    else if (strcmp(what, "close") == 0) {
        egito_client_close(find_client(name)->handle);
        printf("\"result\":null");
    } else printf("\"unknown\":\"do\"");
    printf("}\n");
    egito_string_free(seq);
    egito_string_free(what);
    egito_string_free(name);
}

int main(void)
{
    egito_record *command = NULL;
    char *line = NULL;
    size_t size = 0;
    printf("{\"hello\":{\"adapter\":\"c\",\"language\":\"C99, GCC %s\",\"version\":\"%s\",\"protocol\":1,\"codes\":{",
           __VERSION__, egito_version());
    for (int code = 1; egito_code_name(code) != NULL; code++)
        printf("%s\"%s\":\"%s\"", code == 1 ? "" : ",", egito_code_name(code), egito_code_constant(code));
    printf("}}}\n");
    fflush(stdout);
    while (getline(&line, &size, stdin) > 0 && egito_record_new(line, &command, NULL) == EGITO_OK) {
        reply(command);
        fflush(stdout);
        egito_record_free(command);
        command = NULL;
    }
    for (struct client *client = clients; client->name[0] != '\0'; client++) egito_client_free(client->handle);
    egito_record_free(command);
    free(line);
    return 0;
}
