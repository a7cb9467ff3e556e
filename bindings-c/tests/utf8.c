/* Strings that are not UTF-8 are EGITO_ERROR_CONFIG, and all others arrive unchanged. */

#include "support.h"

#define BAD "Krak\xf3w" /* Latin-2 */

static egito_error *error = NULL;

static void invalid_utf8_is_refused(const egito_client *client)
{
    egito_client *other = NULL;
    egito_cursor *cursor = NULL;
    egito_record *record = NULL;
    char *text = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_new("{\"name\": \"" BAD "\"}", &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_from_env("{\"name\": \"" BAD "\"}", &other, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_create(client, "Account", "{\"name\": \"" BAD "\"}", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get(client, BAD, "1", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get(client, "Account", BAD, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_update(client, "Account", "1", "{\"name\": \"" BAD "\"}", &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_call(client, "Offer", BAD, NULL, NULL, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_call(client, "Offer", "print", BAD, NULL, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_call(client, "Offer", "print", NULL, BAD, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Account", BAD, &cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_dictionary(client, BAD, NULL, &cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_new(BAD, &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_json_string(BAD, &text, &error));
    CHECK(other == NULL && cursor == NULL && record == NULL && text == NULL);
}

static void the_error_has_the_position(void)
{
    egito_record *record = NULL;
    CHECK(egito_record_new(BAD, &record, &error) == EGITO_ERROR_CONFIG);
    CHECK(strstr(egito_error_message(error), "`json`") != NULL && strstr(egito_error_message(error), "byte 4") != NULL);
    egito_error_free(error);
    error = NULL;
}

/* The error names the invalid field of a record. */
static void the_error_names_the_field(const egito_client *client)
{
    egito_object *object = NULL;
    CHECK(egito_create(client, "Account", "{\"name\": \"x\", \"address\": {\"city\": \"" BAD "\"}}", NULL, &error) == EGITO_ERROR_CONFIG);
    CHECK(strstr(egito_error_message(error), "`record_json`") != NULL && strstr(egito_error_message(error), "`city`") != NULL);
    egito_error_free(error);
    error = NULL;
    WORKS(egito_object_new(&object, &error));
    CHECK(egito_object_set_string(object, "city", BAD, &error) == EGITO_ERROR_CONFIG);
    CHECK(strstr(egito_error_message(error), "`city`") != NULL);
    egito_error_free(error);
    error = NULL;
    egito_object_free(object);
}

static void polish_text_is_unchanged(const egito_client *client)
{
    const char *json = "{\"name\": \"Zażółć gęślą jaźń \\\"€\\\" 🦬\", \"n\": 12345678901234567890}";
    egito_record *record = NULL;
    char *id = NULL, *read = NULL, *name = NULL;
    WORKS(egito_create(client, "Account", json, &id, &error));
    WORKS(egito_get(client, "Account", id, &read, &error));
    check_value(read, "n", "12345678901234567890");
    WORKS(egito_record_new(read, &record, &error));
    WORKS(egito_record_get_string(record, "name", &name, &error));
    CHECK(strcmp(name, "Zażółć gęślą jaźń \"€\" 🦬") == 0);
    egito_string_free(name);
    egito_record_free(record);
    egito_string_free(read);
    egito_string_free(id);
}

static void strings_are_encoded_as_json(void)
{
    char *json = NULL;
    WORKS(egito_json_string("Żubr \"XL\"\n\\", &json, &error));
    CHECK(strcmp(json, "\"Żubr \\\"XL\\\"\\n\\\\\"") == 0);
    egito_string_free(json);
}

static void a_nul_does_not_end_a_string(void)
{
    egito_record *record = NULL;
    char *text = NULL;
    WORKS(egito_record_new("{\"name\": \"a\\u0000b\"}", &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_string(record, "name", &text, &error));
    WORKS(egito_record_get_json(record, "name", &text, &error));
    CHECK(strcmp(text, "\"a\\u0000b\"") == 0);
    egito_string_free(text);
    egito_record_free(record);
}

int main(void)
{
    egito_client *client = sandbox_client();
    invalid_utf8_is_refused(client);
    the_error_names_the_field(client);
    the_error_has_the_position();
    polish_text_is_unchanged(client);
    strings_are_encoded_as_json();
    a_nul_does_not_end_a_string();
    egito_client_free(client);
    return 0;
}
