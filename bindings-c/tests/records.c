/* Values of a record by path: by type, or as JSON. */

#include "support.h"

static egito_error *error = NULL;

static const char *const JSON = "{\"id\": 17, \"name\": \"Acme\", \"address\": {\"city\": \"Krak\\u00f3w\", \"zip\": null},"
                                " \"phones\": [{\"n\": \"1\"}, {\"n\": \"2\"}], \"vip\": true, \"worth\": 1.50,"
                                " \"big\": 12345678901234567890, \"min\": -9223372036854775808}";

static void texts(const egito_record *record)
{
    char kept[] = "mine", *text = NULL;
    WORKS(egito_record_get_string(record, "address.city", &text, &error));
    CHECK(strcmp(text, "Kraków") == 0);
    egito_string_free(text);
    WORKS(egito_record_get_string(record, "phones.1.n", &text, &error));
    CHECK(strcmp(text, "2") == 0);
    egito_string_free(text);
    text = kept;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_string(record, "id", &text, &error));
    CHECK(text == kept);
    WORKS(egito_record_get_string(record, "address.zip", &text, &error));
    CHECK(text == NULL);
    text = kept;
    WORKS(egito_record_get_string(record, "phones.2.n", &text, &error));
    CHECK(text == NULL);
}

static void numbers(const egito_record *record)
{
    int64_t integer = 0;
    double number = 0;
    WORKS(egito_record_get_int64(record, "id", &integer, &error));
    CHECK(integer == 17);
    WORKS(egito_record_get_int64(record, "min", &integer, &error));
    CHECK(integer == INT64_MIN);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_int64(record, "big", &integer, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_int64(record, "worth", &integer, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_get_int64(record, "nothing", &integer, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_get_int64(record, "address.zip", &integer, &error)); /* null */
    CHECK(integer == INT64_MIN);
    WORKS(egito_record_get_double(record, "worth", &number, &error));
    CHECK(number == 1.5);
    WORKS(egito_record_get_double(record, "id", &number, &error));
    CHECK(number == 17);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_double(record, "name", &number, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_get_double(record, "address.zip", &number, &error));
}

static void booleans(const egito_record *record)
{
    bool vip = false;
    WORKS(egito_record_get_bool(record, "vip", &vip, &error));
    CHECK(vip);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_bool(record, "id", &vip, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_get_bool(record, "nothing", &vip, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_get_bool(record, "address.zip", &vip, &error));
}

static void presence(const egito_record *record)
{
    CHECK(egito_record_has(record, "name") && egito_record_has(record, "phones.0"));
    CHECK(!egito_record_has(record, "address.zip") && !egito_record_has(record, "nothing.at.all"));
}

static void item(const egito_record *record, const char *path, uint64_t index, const char *name, const char *json)
{
    char *found_name = NULL, *found = NULL;
    WORKS(egito_record_get_item(record, path, index, &found_name, &found, &error));
    CHECK(name == NULL ? found_name == NULL : strcmp(found_name, name) == 0);
    CHECK(json == NULL ? found == NULL : strcmp(found, json) == 0);
    egito_string_free(found_name);
    egito_string_free(found);
}

static void lists_and_objects_can_be_iterated(const egito_record *record)
{
    uint64_t length = 0;
    egito_record *phone = NULL;
    WORKS(egito_record_length(record, "phones", &length, &error));
    CHECK(length == 2);
    WORKS(egito_record_length(record, NULL, &length, &error));
    CHECK(length == 8);
    item(record, "phones", 1, NULL, "{\"n\": \"2\"}");
    item(record, "phones", 2, NULL, NULL);
    item(record, "address", 0, "city", "\"Krak\\u00f3w\"");
    item(record, NULL, 7, "min", "-9223372036854775808");
    item(record, NULL, 8, NULL, NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_length(record, "name", &length, &error));
    FAILS_WITH(EGITO_ERROR_NOT_FOUND, egito_record_length(record, "address.zip", &length, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_length(NULL, NULL, &length, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_length(record, NULL, NULL, &error));
    WORKS(egito_record_get_record(record, "phones.1", &phone, &error));
    CHECK(strcmp(egito_record_json(phone), "{\"n\": \"2\"}") == 0);
    egito_record_free(phone);
    WORKS(egito_record_get_record(record, "address.zip", &phone, &error));
    CHECK(phone == NULL);
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_get_record(record, "phones", &phone, &error));
}

static void bytes(void)
{
    char *nothing = value_of(JSON, "address.street");
    CHECK(nothing == NULL);
    check_value(JSON, "worth", "1.50");
    check_value(JSON, "big", "12345678901234567890");
    check_value(JSON, "address", "{\"city\": \"Krak\\u00f3w\", \"zip\": null}");
    check_value(JSON, "address.zip", "null");
}

static void only_objects_can_be_records(void)
{
    egito_record *record = NULL;
    check_value("{\"v1.2\": {\"a\\\\b\": 1}, \"v1\": {\"2\": 0}}", "v1\\.2.a\\\\b", "1");
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_new("[1]", &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_new("{\"a\": }", &record, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_record_new("", &record, &error));
}

int main(void)
{
    egito_record *record = NULL;
    WORKS(egito_record_new(JSON, &record, &error));
    texts(record);
    numbers(record);
    booleans(record);
    presence(record);
    lists_and_objects_can_be_iterated(record);
    bytes();
    only_objects_can_be_records();
    egito_record_free(record);
    return 0;
}
