/* Objects, numbers with their exact digits, and the log. */

#include "support.h"

#include <math.h>

static egito_error *error = NULL;

static void values_are_written_as_json(void)
{
    egito_object *object = NULL, *address = NULL;
    WORKS(egito_object_new(&object, &error));
    CHECK(strcmp(egito_object_json(object), "{}") == 0);
    WORKS(egito_object_new(&address, &error));
    WORKS(egito_object_set_string(address, "city.of \"x\"", "Krak\xc3\xb3w\n", &error));
    WORKS(egito_object_set_int64(object, "n", 1, &error));
    WORKS(egito_object_set_string(object, "name", "a \"b\" \\", &error));
    WORKS(egito_object_set_int64(object, "n", INT64_MIN, &error));
    WORKS(egito_object_set_double(object, "d", 0.5, &error));
    WORKS(egito_object_set_bool(object, "yes", true, &error));
    WORKS(egito_object_set_null(object, "none", &error));
    WORKS(egito_object_set_json(object, "address", egito_object_json(address), &error));
    CHECK(strcmp(egito_object_json(object),
                 "{\"n\":-9223372036854775808,\"name\":\"a \\\"b\\\" \\\\\",\"d\":0.5,\"yes\":true,\"none\":null,"
                 "\"address\":{\"city.of \\\"x\\\"\":\"Krak\xc3\xb3w\\n\"}}") == 0);
    egito_object_free(address);
    egito_object_free(object);
}

static void a_copy_is_independent(void)
{
    egito_object *object = NULL, *copy = NULL, *refused = NULL;
    WORKS(egito_object_new(&object, &error));
    WORKS(egito_object_set_int64(object, "n", 1, &error));
    WORKS(egito_object_copy(object, &copy, &error));
    WORKS(egito_object_set_int64(copy, "n", 2, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_json(object, "m", "{", &error));
    CHECK(strcmp(egito_object_json(copy), "{\"n\":2}") == 0);
    WORKS(egito_object_copy(object, &refused, &error));
    CHECK(egito_object_json(refused) == NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_copy(NULL, &refused, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_copy(copy, NULL, &error));
    egito_object_free(refused);
    egito_object_free(copy);
    egito_object_free(object);
}

static void lists_decimals_and_dates(void)
{
    egito_object *object = NULL;
    WORKS(egito_object_new(&object, &error));
    WORKS(egito_object_set_decimal(object, "price", "12345678901234567.50", &error));
    WORKS(egito_object_set_time(object, "at", INT64_C(1709201472000), &error));
    WORKS(egito_object_append_string(object, "list", "a", &error));
    WORKS(egito_object_append_int64(object, "list", -1, &error));
    WORKS(egito_object_append_double(object, "list", 0.5, &error));
    WORKS(egito_object_append_bool(object, "list", true, &error));
    WORKS(egito_object_append_null(object, "list", &error));
    WORKS(egito_object_append_json(object, "list", "[1]", &error));
    WORKS(egito_object_append_decimal(object, "list", "0.10", &error));
    WORKS(egito_object_append_time(object, "list", 0, &error));
    WORKS(egito_object_set_json(object, "empty", " [ ] ", &error));
    WORKS(egito_object_append_int64(object, "empty", 1, &error));
    check_value(egito_object_json(object), "list",
                "[\"a\",-1,0.5,true,null,[1],0.10,\"1970-01-01T00:00:00.000Z\"]");
    check_value(egito_object_json(object), "at", "\"2024-02-29T10:11:12.000Z\"");
    check_value(egito_object_json(object), "price", "12345678901234567.50");
    check_value(egito_object_json(object), "empty.0", "1");
    CHECK(egito_object_append_int64(object, "price", 1, &error) == EGITO_ERROR_CONFIG);
    CHECK(strstr(egito_error_message(error), "invalid `price`: expected a list, got 12345678901234567.50") != NULL);
    egito_error_free(error);
    error = NULL;
    CHECK(egito_object_json(object) == NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_decimal(object, "price", "12,50", &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_time(object, "at", INT64_MAX, &error));
    egito_object_free(object);
}

static void a_refused_value_makes_the_object_invalid(void)
{
    static const char *const INVALID[] = {"\xff", NULL};
    egito_object *object = NULL;
    egito_client *client = NULL;
    for (int i = 0; i < 2; i++) {
        WORKS(egito_object_new(&object, &error));
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_string(object, "name", INVALID[i], &error));
        CHECK(egito_object_json(object) == NULL);
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_new(egito_object_json(object), &client, &error));
        egito_object_free(object);
    }
    WORKS(egito_object_new(&object, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_double(object, "d", (double)INFINITY, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_json(object, "j", "{", &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_null(object, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_set_bool(NULL, "b", true, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_object_new(NULL, &error));
    CHECK(egito_object_json(NULL) == NULL && client == NULL);
    egito_object_free(object);
    egito_object_free(NULL);
}

static void an_object_can_be_settings(void)
{
    const char *sandbox = getenv("EGITO_SANDBOX");
    static const char *const NAMES[] = {"base_url", "client_id", "client_secret", "username", "password"};
    egito_object *settings = NULL, *account = NULL;
    egito_record *given = NULL, *read = NULL;
    egito_client *client = NULL;
    char *value = NULL, *id = NULL;
    WORKS(egito_object_new(&settings, &error));
    WORKS(egito_record_new(sandbox, &given, &error));
    for (int name = 0; name < 5; name++) {
        char path[64];
        snprintf(path, sizeof path, "settings.%s", NAMES[name]);
        WORKS(egito_record_get_string(given, path, &value, &error));
        WORKS(egito_object_set_string(settings, NAMES[name], value, &error));
        egito_string_free(value);
    }
    WORKS(egito_object_set_int64(settings, "timeout_ms", 30000, &error));
    WORKS(egito_client_new(egito_object_json(settings), &client, &error));
    WORKS(egito_object_new(&account, &error));
    WORKS(egito_object_set_string(account, "name", "Object", &error));
    WORKS(egito_object_set_json(account, "price", "12345678901234567.50", &error));
    WORKS(egito_create(client, "Account", egito_object_json(account), &id, &error));
    WORKS(egito_get_record(client, "Account", id, &read, &error));
    WORKS(egito_record_get_decimal(read, "price", &value, &error));
    CHECK(strcmp(value, "12345678901234567.50") == 0);
    CHECK(strstr(egito_record_json(read), "12345678901234567.50") != NULL && egito_record_json(NULL) == NULL);
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_get_record(client, "Account", "999999", &read, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_get_record(client, "Account", id, NULL, &error));
    egito_string_free(value);
    egito_string_free(id);
    egito_record_free(read);
    egito_record_free(given);
    egito_object_free(account);
    egito_object_free(settings);
    egito_client_free(client);
}

static void decimals_keep_their_digits(void)
{
    static const struct { const char *path, *digits; } ALL[] = {
        {"int", "-12"}, {"big", "1e400"}, {"text", "0.10"}, {"none", NULL}, {"nothing", NULL}};
    egito_record *record = NULL;
    char *digits = NULL;
    WORKS(egito_record_new("{\"int\": -12, \"big\": 1e400, \"text\": \"0.10\", \"none\": null, \"no\": \"1x\", \"t\": true,"
                           " \"l\": [1], \"s\": \" 1\"}", &record, &error));
    for (size_t each = 0; each < sizeof ALL / sizeof ALL[0]; each++) {
        WORKS(egito_record_get_decimal(record, ALL[each].path, &digits, &error));
        CHECK(ALL[each].digits == NULL ? digits == NULL : strcmp(digits, ALL[each].digits) == 0);
        egito_string_free(digits);
    }
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_decimal(record, "no", &digits, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_decimal(record, "t", &digits, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_decimal(record, "l", &digits, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_decimal(record, "s", &digits, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_decimal(record, "int", NULL, &error));
    egito_record_free(record);
}

struct received {
    int lines, attempts, freed;
};

static void on_line(int level, const char *line, void *user)
{
    struct received *received = user;
    received->lines++;
    received->attempts += level == EGITO_LOG_DEBUG && strstr(line, "attempt action=") == line;
    CHECK(strstr(line, "sandbox-secret") == NULL && strchr(line, '\n') == NULL);
    WORKS(egito_log_to(EGITO_LOG_DEBUG, NULL, NULL, NULL, &error)); /* one line is enough; and no lock is held */
}

static void count_free(void *user) { ((struct received *)user)->freed++; }

static void the_log_callback_receives_lines(void)
{
    egito_client *client = sandbox_client();
    struct received received = {0, 0, 0}, refused = {0, 0, 0};
    WORKS(egito_log_to(EGITO_LOG_WARNING, on_line, &received, count_free, &error));
    WORKS(egito_create(client, "Account", "{\"name\": \"No warning\"}", NULL, &error));
    CHECK(received.lines == 0 && received.freed == 0);
    WORKS(egito_log_to(EGITO_LOG_DEBUG, on_line, &received, count_free, &error));
    CHECK(received.freed == 1);
    WORKS(egito_create(client, "Account", "{\"name\": \"Log\"}", NULL, &error));
    CHECK(received.lines == 1 && received.attempts == 1 && received.freed == 2);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_log_to(7, on_line, &refused, count_free, &error));
    CHECK(refused.freed == 1);
    WORKS(egito_log_to(EGITO_LOG_OFF, on_line, &refused, count_free, &error));
    CHECK(refused.freed == 2);
    WORKS(egito_create(client, "Account", "{\"name\": \"Off\"}", NULL, &error));
    CHECK(received.lines == 1 && refused.lines == 0);
    egito_client_free(client);
}

int main(void)
{
    CHECK(egito_version_number() == EGITO_VERSION_NUMBER && strcmp(egito_version(), EGITO_VERSION) == 0);
    values_are_written_as_json();
    a_copy_is_independent();
    lists_decimals_and_dates();
    a_refused_value_makes_the_object_invalid();
    an_object_can_be_settings();
    decimals_keep_their_digits();
    the_log_callback_receives_lines();
    return 0;
}
