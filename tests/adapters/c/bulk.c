/* Bulks of the C adapter: reads all rows with their progress, or stops early. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

/* The rows of a plan. */
struct plan {
    egito_row **rows;
    int count;
    char *json;
};

/* A bulk that is played, and its last input. */
struct bulk_state {
    const egito_record *command;
    egito_bulk *bulk;
    const char *action;
    int given;
    bool ended;
    char *id, *record;
    FILE *rows, *progress;
    struct plan *keep;        /* receives the rows, if they are applied later */
    const struct plan *apply; /* the inputs, if a plan is applied */
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
    if (strcmp(state->action, "create") == 0 || strstr(state->action, "upsert") != NULL) state->record = input;
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

/* Passes the next input, and returns whether there is one. */
static bool push_next(struct bulk_state *state, egito_error **error)
{
    const char *id = NULL, *input = NULL;
    if (state->apply == NULL) return next_input(&id, &input, state) && (egito_bulk_push(state->bulk, id, input, error), true);
    if (state->given == state->apply->count) return false;
    const egito_row *row = state->apply->rows[state->given++];
    const char *change = egito_change_name(egito_row_change(row));
    const char *record = egito_row_record_json(row);
    egito_bulk_push_planned(state->bulk, egito_row_id_json(row), change, record, egito_row_planned_for(row), error);
    return true;
}

static const char *or_null(const char *json)
{
    return json == NULL ? "null" : json;
}

/* Writes what an upsert did. */
static void write_change(const egito_row *row, FILE *out)
{
    const char *change = egito_change_name(egito_row_change(row)), *quote = change == NULL ? "" : "\"";
    fprintf(out, ",\"change\":%s%s%s,\"fields\":[", quote, change == NULL ? "null" : change, quote);
    for (size_t index = 0; index < egito_row_field_count(row); index++)
        write_string(out, index, egito_row_field(row, index));
    fputs("],\"duplicates\":[", out);
    for (size_t index = 0; index < egito_row_duplicate_count(row); index++)
        fprintf(out, "%s%s", index == 0 ? "" : ",", egito_row_duplicate_id_json(row, index));
    fputs("]", out);
}

static void on_row(const egito_row *row, struct bulk_state *state)
{
    const char *id = egito_row_input_id(row), *record = egito_row_input_json(row), *begin = "", *end = "";
    const egito_error *error = egito_row_error(row);
    if (id != NULL && record != NULL) begin = "[", end = "]";
    fprintf(state->rows, "%s{\"index\":%llu,", ftell(state->rows) == 0 ? "" : ",", (unsigned long long)egito_row_index(row));
    if (id == NULL && record == NULL) id = "null";
    fprintf(state->rows, "\"input\":%s%s%s%s%s", begin, id == NULL ? "" : id, *begin ? "," : "", record == NULL ? "" : record, end);
    fprintf(state->rows, ",\"id\":%s", or_null(egito_row_id_json(row)));
    fprintf(state->rows, ",\"record\":%s,", or_null(egito_row_record_json(row)));
    if (error != NULL) write_error(state->rows, error);
    else fputs("\"error\":null", state->rows);
    if (egito_record_has(state->command, "args.key")) write_change(row, state->rows);
    if (egito_record_has(state->command, "args.journal"))
        fprintf(state->rows, ",\"resumed\":%s", egito_row_is_resumed(row) ? "true" : "false");
    fputc('}', state->rows);
}

/* Writes a row, and keeps or frees it. */
static void take_row(egito_row *row, struct bulk_state *state)
{
    on_row(row, state);
    if (state->keep == NULL) egito_row_free(row);
    else {
        state->keep->rows = realloc(state->keep->rows, (size_t)(state->keep->count + 1) * sizeof row);
        state->keep->rows[state->keep->count++] = row;
    }
}

static void on_progress(struct bulk_state *state)
{
    fprintf(state->progress, "%s[%llu,%llu]", ftell(state->progress) == 0 ? "" : ",",
            (unsigned long long)egito_bulk_done(state->bulk), (unsigned long long)egito_bulk_failed(state->bulk));
}

/* Reads the given number of rows, one by one. */
static void pull_rows(struct bulk_state *state, int64_t rows, egito_error **error)
{
    egito_row *row = NULL;
    bool more = !state->ended, room = false, progressed = false;
    while (rows > 0 && egito_bulk_step_or_progress(state->bulk, more, &row, &room, &progressed, error) == EGITO_OK &&
           (room || progressed || row != NULL))
        if (progressed) on_progress(state);
        else if (row != NULL) {
            take_row(row, state);
            rows--;
        } else more = push_next(state, error);
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
    while (egito_bulk_next(state->bulk, &row, error) == EGITO_OK && row != NULL) take_row(row, state);
}

/* Reads the rows of a bulk as the command says, and returns its report; NULL if it cannot begin. */
static char *report_of(const egito_client *client, const char *entity, struct bulk_state *state, egito_error **error)
{
    static const char *const OPTIONS[] = {"concurrency", "max_failures", "outage_timeout", "cancel_grace",
                                          "key",         "lookup",       "settle_ms",      "journal",      NULL};
    char *options = present_arguments(state->command, OPTIONS), *rows = NULL, *progress = NULL, *report = NULL;
    size_t rows_size = 0, progress_size = 0, size = 0;
    int64_t number = INT64_MAX;
    const bool begun = egito_bulk_new(client, entity, state->action, options, &state->bulk, error) == EGITO_OK;
    free(options);
    if (!begun) return NULL;
    state->rows = open_memstream(&rows, &rows_size);
    state->progress = open_memstream(&progress, &progress_size);
    bool stream = egito_record_get_int64(state->command, "args.stop_after", &number, NULL) == EGITO_OK;
    bool ended = egito_record_has(state->command, "args.cancel_after") || egito_record_has(state->command, "args.close_after");
    bool cancelled = ended && pull_ended_rows(state, client, error);
    if (!ended) pull_rows(state, number, error);
    if (egito_record_has(state->command, "args.rest")) read_rest(state, error);
    egito_bulk_free(state->bulk);
    fclose(state->rows);
    fclose(state->progress);
    FILE *out = open_memstream(&report, &size);
    fprintf(out, "\"rows\":[%s]", rows);
    if (state->apply != NULL) fprintf(out, ",\"plan\":[%s]", state->apply->json);
    if (ended) fprintf(out, ",\"ended\":%s", cancelled ? "\"cancelled\"" : "null");
    else if (!stream) fprintf(out, ",\"progress\":[%s]", progress);
    fclose(out);
    egito_string_free(state->id);
    egito_string_free(state->record);
    free(progress);
    if (state->keep == NULL) free(rows);
    else state->keep->json = rows;
    return report;
}

/* Plans, and applies the rows of the plan. Returns the report, which has the plan's rows, too. */
static char *plan_and_apply(const egito_client *client, const egito_record *command, const char *entity, egito_error **error)
{
    struct plan plan = {NULL, 0, NULL};
    struct bulk_state planned = {.command = command, .action = "plan_upsert", .keep = &plan};
    struct bulk_state applied = {.command = command, .action = "apply_upsert", .apply = &plan};
    char *target = NULL, *report = report_of(client, entity, &planned, error);
    free(report);
    if (*error == NULL && egito_record_has(command, "args.apply_to")) egito_record_get_string(command, "args.apply_to", &target, error);
    report = *error == NULL ? report_of(client, target == NULL ? entity : target, &applied, error) : NULL;
    egito_string_free(target);
    for (int each = 0; each < plan.count; each++) egito_row_free(plan.rows[each]);
    free(plan.rows);
    free(plan.json);
    return report;
}

char *play_bulk(const egito_client *client, const egito_record *command, const char *entity, const char *method,
                egito_error **error)
{
    char action[16], *report, *result = NULL;
    size_t size = 0;
    const bool plans = strcmp(method, "plan_upsert") == 0;
    snprintf(action, sizeof action, "%.*s", plans ? (int)strlen(method) : (int)strcspn(method, "_"), method);
    struct bulk_state state = {.command = command, .action = action};
    if (egito_record_has(command, "args.apply")) report = plan_and_apply(client, command, entity, error);
    else report = report_of(client, entity, &state, error);
    FILE *out = open_memstream(&result, &size);
    fprintf(out, "{%s}", report == NULL ? "" : report);
    fclose(out);
    free(report);
    return result;
}
