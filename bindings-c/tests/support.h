/* What the test programs share: checks that end the program, and a client for the sandbox in EGITO_SANDBOX. */

#ifndef EGITO_TEST_SUPPORT_H
#define EGITO_TEST_SUPPORT_H

#include "egito.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define CHECK(condition) ((condition) ? (void)0 : fail(__FILE__, __LINE__, #condition))

/* The call fails with this code; its error is checked to agree, and freed. `error` is the call's last argument. */
#define FAILS_WITH(code, call) failed(__FILE__, __LINE__, #call, code, call, &error)

/* The call succeeds and hands no error out. */
#define WORKS(call) worked(__FILE__, __LINE__, #call, call, &error)

static inline void fail(const char *file, int line, const char *what)
{
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
    exit(1);
}

static inline void failed(const char *file, int line, const char *what, egito_status code, egito_status status,
                          egito_error **error)
{
    if (status != code || *error == NULL || egito_error_code(*error) != code || egito_error_message(*error)[0] == '\0') {
        fprintf(stderr, "status %d instead of %d: %s\n", (int)status, (int)code, egito_error_message(*error));
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

/* A value of a JSON text, as JSON. The caller frees it. */
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

static inline void check_value(const char *json, const char *path, const char *wanted)
{
    char *value = value_of(json, path);
    if (value == NULL || strcmp(value, wanted) != 0) {
        fprintf(stderr, "%s is %s instead of %s in %s\n", path, value == NULL ? "nothing" : value, wanted, json);
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
