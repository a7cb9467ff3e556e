/* Lists of changes and of ids for the C adapter. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

/* Returns the options of egito_list for a list of changes. */
static char *list_options(const egito_record *command)
{
    static const char *const CHANGES[] = {"since", "by", "lag_ms", NULL}, *const LIST[] = {"filters", "page_size", NULL};
    char *changes = present_arguments(command, CHANGES), *list = present_arguments(command, LIST), *options = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&options, &size);
    fprintf(out, "{\"changes\":%s%s%s", changes, strcmp(list, "{}") == 0 ? "" : ",", list + 1);
    fclose(out);
    free(changes);
    free(list);
    return options;
}

char *play_changes(const egito_client *client, const egito_record *command, const char *entity, egito_error **error)
{
    char *options = list_options(command), *record = NULL, *mark = NULL, *json = NULL;
    egito_cursor *cursor = NULL;
    size_t size = 0, count = 0;
    FILE *out = open_memstream(&json, &size);
    fputs("{\"records\":[", out);
    if (egito_list(client, entity, options, &cursor, error) == EGITO_OK)
        for (; egito_cursor_next(cursor, &record, error) == EGITO_OK && record != NULL; egito_string_free(record))
            fprintf(out, "%s%s", count++ == 0 ? "" : ",", record);
    if (*error == NULL) egito_cursor_mark(cursor, &mark, error);
    fprintf(out, "],\"mark\":\"%s\"}", mark == NULL ? "" : mark);
    fclose(out);
    egito_string_free(mark);
    egito_cursor_free(cursor);
    free(options);
    return json;
}

/* Returns the ids of a list, which it frees, as JSON. */
static char *array_of(egito_id_list *ids)
{
    char *json = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&json, &size);
    fputs("[", out);
    for (size_t index = 0; index < egito_id_list_count(ids); index++)
        fprintf(out, "%s%s", index == 0 ? "" : ",", egito_id_list_id_json(ids, index));
    fputs("]", out);
    fclose(out);
    egito_id_list_free(ids);
    return json;
}

char *play_ids(const egito_client *client, const char *entity, egito_error **error)
{
    egito_id_list *ids = NULL;
    egito_ids(client, entity, &ids, error);
    return array_of(ids);
}

char *play_deleted(const egito_client *client, const egito_record *command, const char *entity, egito_error **error)
{
    char path[32], **known = NULL, *id;
    egito_id_list *deleted = NULL;
    size_t count = 0;
    while (snprintf(path, sizeof path, "args.ids.%zu", count), (id = JSON(path)) != NULL) {
        known = realloc(known, (count + 1) * sizeof *known);
        known[count++] = id;
    }
    egito_deleted(client, entity, (const char *const *)known, count, &deleted, error);
    for (size_t each = 0; each < count; each++) egito_string_free(known[each]);
    free(known);
    return array_of(deleted);
}
