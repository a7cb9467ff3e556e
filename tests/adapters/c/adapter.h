/* Shared by the files of the C adapter. */

#ifndef EGITO_ADAPTER_H
#define EGITO_ADAPTER_H

#include "egito.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef egito_status getter(const egito_record *, const char *, char **, egito_error **);

/* Returns the value at a path, as JSON or as a string; NULL if it is missing. */
static inline char *at(getter *get, const egito_record *record, const char *path)
{
    char *value = NULL;
    get(record, path, &value, NULL);
    return value;
}

#define JSON(path) at(egito_record_get_json, command, path)
#define STRING(path) at(egito_record_get_string, command, path)

static inline void write_error(FILE *out, const egito_error *error)
{
    const char *name = egito_code_constant((int)egito_error_code(error));
    fprintf(out, "\"error\":{\"class\":\"%s\",%s", name, egito_error_json(error) + 1);
}

/* Writes a text as a JSON string, after a comma if it is not the first one. */
static inline void write_string(FILE *out, size_t index, const char *name)
{
    char *json = NULL;
    egito_json_string(name, &json, NULL);
    fprintf(out, "%s%s", index == 0 ? "" : ",", json);
    egito_string_free(json);
}

/* Returns the arguments with these names that are present, as one JSON object. `names` ends with NULL. */
char *present_arguments(const egito_record *command, const char *const *names);

/* Plays create_many and similar methods. Returns the result, which the caller frees; NULL on failure. */
char *play_bulk(const egito_client *client, const egito_record *command, const char *entity, const char *method,
                egito_error **error);

/* Play the calls with these names. Each returns its result, which the caller frees. */
char *play_changes(const egito_client *client, const egito_record *command, const char *entity, egito_error **error);
char *play_ids(const egito_client *client, const char *entity, egito_error **error);
char *play_deleted(const egito_client *client, const egito_record *command, const char *entity, egito_error **error);
char *play_outbox(const egito_client *client, const egito_record *command, egito_error **error);

#endif
