/* Outboxes of the C adapter: opens one, does the steps of a command, and frees it. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

/* Returns the query of the step as JSON. */
static char *query_of(const egito_record *command)
{
    static const char *const NAMES[] = {"state", "limit", NULL};
    char *query = NULL, *value;
    size_t size = 0, count = 0;
    FILE *out = open_memstream(&query, &size);
    for (const char *const *name = NAMES; *name != NULL; name++) {
        if ((value = JSON(*name)) != NULL) fprintf(out, "%s\"%s\":%s", count++ == 0 ? "{" : ",", *name, value);
        egito_string_free(value);
    }
    fputs(count == 0 ? "{}" : "}", out);
    fclose(out);
    return query;
}

/* Stores the write of a step. */
static egito_status put(const egito_outbox *outbox, const egito_record *command, const char *what, int64_t *entry, egito_error **error)
{
    char *entity = STRING("entity"), *record = JSON("record"), *id = JSON("id"), *key = JSON("key"), *options = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&options, &size);
    fprintf(out, "{\"key\":%s}", key == NULL ? "null" : key);
    fclose(out);
    egito_status status;
    if (strcmp(what, "put") == 0) status = egito_outbox_put(outbox, entity, record, options, entry, error);
    else if (strcmp(what, "put_upsert") == 0) status = egito_outbox_put_upsert(outbox, entity, record, options, entry, error);
    else if (strcmp(what, "put_update") == 0) status = egito_outbox_put_update(outbox, entity, id, record, entry, error);
    else status = egito_outbox_put_delete(outbox, entity, id, entry, error);
    egito_string_free(entity);
    egito_string_free(record);
    egito_string_free(id);
    egito_string_free(key);
    free(options);
    return status;
}

/* Does a step, and writes its result. */
static void do_step(FILE *out, const egito_outbox *outbox, const egito_record *command)
{
    char *what = STRING("do"), *record = JSON("record"), *query = query_of(command), *json = NULL;
    int64_t entry = 0, limit = 0;
    egito_error *error = NULL;
    egito_record_get_int64(command, "id", &entry, NULL);
    egito_record_get_int64(command, "limit", &limit, NULL);
    const bool puts = strncmp(what, "put", 3) == 0;
    if (puts) put(outbox, command, what, &entry, &error);
    else if (strcmp(what, "deliver") == 0) egito_outbox_deliver(outbox, (uint64_t)limit, &json, &error);
    else if (strcmp(what, "entries") == 0) egito_outbox_entries(outbox, query, &json, &error);
    else if (strcmp(what, "get") == 0) egito_outbox_get(outbox, entry, &json, &error);
    else if (strcmp(what, "counts") == 0) egito_outbox_counts(outbox, &json, &error);
    else if (strcmp(what, "retry") == 0) egito_outbox_retry(outbox, entry, &error);
    else if (strcmp(what, "edit") == 0) egito_outbox_edit(outbox, entry, record, &error);
    else egito_outbox_discard(outbox, entry, &error);
    if (error != NULL) {
        fputs("{", out);
        write_error(out, error);
        fputs("}", out);
    } else if (puts) fprintf(out, "%lld", (long long)entry);
    else fputs(json == NULL ? "null" : json, out);
    egito_error_free(error);
    egito_string_free(json);
    egito_string_free(what);
    egito_string_free(record);
    free(query);
}

char *play_outbox(const egito_client *client, const egito_record *command, egito_error **error)
{
    char *file = STRING("args.path"), *results = NULL, path[32];
    egito_outbox *outbox = NULL;
    size_t size = 0;
    egito_outbox_new(client, file, NULL, &outbox, error);
    egito_string_free(file);
    FILE *out = open_memstream(&results, &size);
    fputs("[", out);
    for (int each = 0; outbox != NULL; each++) {
        egito_record *step = NULL;
        snprintf(path, sizeof path, "args.steps.%d", each);
        egito_record_get_record(command, path, &step, NULL);
        if (step == NULL) break;
        fputs(each == 0 ? "" : ",", out);
        do_step(out, outbox, step);
        egito_record_free(step);
    }
    fputs("]", out);
    fclose(out);
    egito_outbox_free(outbox);
    return results;
}
