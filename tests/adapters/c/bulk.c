/* Bulks of the C adapter: reads all rows with their progress, or stops early. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

/* A bulk that is played, and its last input. */
struct bulk_state {
    const egito_record *command;
    egito_bulk *bulk;
    const char *action;
    int given;
    bool ended;
    char *id, *record;
    FILE *rows, *progress;
};

/* Reads the next input: a record, an id, or a list of both. */
static bool next_input(const char **id, const char **record, struct bulk_state *state)
{
    const egito_record *command = state->command;
    char path[64], *input;
    int each = state->given++;
    egito_string_free(state->id);
    egito_string_free(state->record);
    state->id = state->record = NULL;
    snprintf(path, sizeof path, "args.inputs.%d", each);
    input = JSON(path);
    if (input == NULL) {
        state->ended = true;
        return false;
    }
    if (strcmp(state->action, "create") == 0) state->record = input;
    else if (strcmp(state->action, "update") != 0) state->id = input;
    else {
        egito_string_free(input);
        snprintf(path, sizeof path, "args.inputs.%d.0", each);
        state->id = JSON(path);
        snprintf(path, sizeof path, "args.inputs.%d.1", each);
        state->record = JSON(path);
    }
    *id = state->id;
    *record = state->record;
    return true;
}

static void on_row(const egito_row *row, struct bulk_state *state)
{
    const char *id = egito_row_input_id(row), *record = egito_row_input_json(row), *begin = "", *end = "";
    const egito_error *error = egito_row_error(row);
    if (id != NULL && record != NULL) begin = "[", end = "]";
    fprintf(state->rows, "%s{\"index\":%llu,", ftell(state->rows) == 0 ? "" : ",", (unsigned long long)egito_row_index(row));
    fprintf(state->rows, "\"input\":%s%s%s%s%s", begin, id == NULL ? "" : id, *begin ? "," : "", record == NULL ? "" : record, end);
    if (egito_row_id_json(row) != NULL) fprintf(state->rows, ",\"id\":%s", egito_row_id_json(row));
    if (egito_row_record_json(row) != NULL) fprintf(state->rows, ",\"record\":%s", egito_row_record_json(row));
    if (error != NULL) fputc(',', state->rows), write_error(state->rows, error);
    fputc('}', state->rows);
}

static void on_progress(struct bulk_state *state)
{
    fprintf(state->progress, "%s[%llu,%llu]", ftell(state->progress) == 0 ? "" : ",",
            (unsigned long long)egito_bulk_done(state->bulk), (unsigned long long)egito_bulk_failed(state->bulk));
}

/* Reads the given number of rows, one by one. */
static void pull_rows(struct bulk_state *state, int64_t rows, egito_error **error)
{
    const char *id = NULL, *record = NULL;
    egito_row *row = NULL;
    bool more = !state->ended, room = false, progressed = false;
    while (rows > 0 && egito_bulk_step_or_progress(state->bulk, more, &row, &room, &progressed, error) == EGITO_OK &&
           (room || progressed || row != NULL))
        if (progressed) on_progress(state);
        else if (row != NULL) {
            on_row(row, state);
            egito_row_free(row);
            rows--;
        } else if ((more = next_input(&id, &record, state)))
            egito_bulk_push(state->bulk, id, record, error);
}

/* Cancels the bulk or closes the client after a number of rows, reads the others, and returns whether inputs were left. */
static bool pull_ended_rows(struct bulk_state *state, const egito_client *client, egito_error **error)
{
    int64_t cancel_after = -1, close_after = -1;
    egito_record_get_int64(state->command, "args.cancel_after", &cancel_after, NULL);
    egito_record_get_int64(state->command, "args.close_after", &close_after, NULL);
    pull_rows(state, cancel_after > close_after ? cancel_after : close_after, error);
    if (cancel_after >= 0) egito_bulk_cancel(state->bulk);
    else egito_client_close(client);
    pull_rows(state, INT64_MAX, error);
    bool cancelled = *error != NULL && egito_error_code(*error) == EGITO_ERROR_CANCELLED;
    if (!cancelled) return false;
    egito_error_free(*error);
    *error = NULL;
    return true;
}

/* Cancels the bulk and reads the rows of the calls in flight. */
static void read_rest(struct bulk_state *state, egito_error **error)
{
    egito_row *row = NULL;
    egito_bulk_cancel(state->bulk);
    while (egito_bulk_next(state->bulk, &row, error) == EGITO_OK && row != NULL) {
        on_row(row, state);
        egito_row_free(row);
    }
}

/* Writes the options of the bulk as one JSON object. */
static void write_options(const egito_record *command, char *options, size_t size)
{
    char *concurrency = JSON("args.concurrency"), *failures = JSON("args.max_failures");
    char *outage = JSON("args.outage_timeout"), *grace = JSON("args.cancel_grace");
    snprintf(options, size, "{\"concurrency\":%s,\"max_failures\":%s,\"outage_timeout\":%s,\"cancel_grace\":%s}",
             concurrency == NULL ? "null" : concurrency, failures == NULL ? "null" : failures,
             outage == NULL ? "null" : outage, grace == NULL ? "null" : grace);
    egito_string_free(concurrency);
    egito_string_free(failures);
    egito_string_free(outage);
    egito_string_free(grace);
}

char *play_bulk(const egito_client *client, const egito_record *command, const char *entity, const char *method,
                egito_error **error)
{
    char action[16], options[160], *rows = NULL, *progress = NULL, *result = NULL;
    size_t rows_size = 0, progress_size = 0, size = 0;
    int64_t number = 0;
    struct bulk_state state = {.command = command, .action = action};
    snprintf(action, sizeof action, "%.*s", (int)strcspn(method, "_"), method);
    write_options(command, options, sizeof options);
    if (egito_bulk_new(client, entity, action, options, &state.bulk, error) != EGITO_OK) return NULL;
    state.rows = open_memstream(&rows, &rows_size);
    state.progress = open_memstream(&progress, &progress_size);
    bool stream = egito_record_get_int64(command, "args.stop_after", &number, NULL) == EGITO_OK;
    bool ended = egito_record_has(command, "args.cancel_after") || egito_record_has(command, "args.close_after");
    bool cancelled = ended && pull_ended_rows(&state, client, error);
    if (!ended) pull_rows(&state, stream ? number : INT64_MAX, error);
    if (egito_record_has(command, "args.rest")) read_rest(&state, error);
    egito_bulk_free(state.bulk);
    fclose(state.rows);
    fclose(state.progress);
    FILE *out = open_memstream(&result, &size);
    fprintf(out, "{\"rows\":[%s]", rows);
    if (ended) fprintf(out, ",\"ended\":%s", cancelled ? "\"cancelled\"" : "null");
    else if (!stream) fprintf(out, ",\"progress\":[%s]", progress);
    fputs("}", out);
    fclose(out);
    egito_string_free(state.id);
    egito_string_free(state.record);
    free(rows);
    free(progress);
    return result;
}
