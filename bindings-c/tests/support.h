/* Shared by the test programs: checks that end the program, and a client for the sandbox in EGITO_SANDBOX. */

#ifndef EGITO_TEST_SUPPORT_H
#define EGITO_TEST_SUPPORT_H

#include "egito.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) ((condition) ? (void)0 : fail(__FILE__, __LINE__, #condition))

/* Checks that the call fails with this code and a matching error, which is freed. `error` is the last argument of the call. */
#define FAILS_WITH(code, call) failed(__FILE__, __LINE__, #call, code, call, &error)

/* Checks that the call succeeds and returns no error. */
#define WORKS(call) worked(__FILE__, __LINE__, #call, call, &error)

static inline void fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: failed: %s\n", file, line, what);
    exit(1);
}

static inline void failed(const char *file, int line, const char *what, egito_status code, egito_status status,
                          egito_error **error)
{
    if (status != code || *error == NULL || egito_error_code(*error) != code || egito_error_message(*error)[0] == '\0') {
        fprintf(stderr, "expected status %d, got %d: %s\n", (int)code, (int)status, egito_error_message(*error));
        fail(file, line, what);
    }
    egito_error_free(*error);
    *error = NULL;
}

static inline void worked(const char *file, int line, const char *what, egito_status status, egito_error **error)
{
    if (status != EGITO_OK || *error != NULL) {
        fprintf(stderr, "%s: %s\n", egito_error_name(*error), egito_error_message(*error));
        fail(file, line, what);
    }
}

/* Returns a value of a JSON text, as JSON. The caller frees it. */
static inline char *value_of(const char *json, const char *path)
{
    egito_error *error = NULL;
    egito_record *record = NULL;
    char *value = NULL;
    WORKS(egito_record_new(json, &record, &error));
    WORKS(egito_record_get_json(record, path, &value, &error));
    egito_record_free(record);
    return value;
}

static inline void check_value(const char *json, const char *path, const char *expected)
{
    char *value = value_of(json, path);
    if (value == NULL || strcmp(value, expected) != 0) {
        fprintf(stderr, "%s in %s: expected %s, got %s\n", path, json, expected, value == NULL ? "nothing" : value);
        exit(1);
    }
    egito_string_free(value);
}

static inline egito_client *sandbox_client(void)
{
    const char *sandbox = getenv("EGITO_SANDBOX");
    egito_error *error = NULL;
    egito_client *client = NULL;
    char *settings;
    CHECK(sandbox != NULL);
    settings = value_of(sandbox, "settings");
    WORKS(egito_client_new(settings, &client, &error));
    egito_string_free(settings);
    return client;
}

#endif
