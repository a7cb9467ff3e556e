/* egito_probe and egito_client_from_file: their arguments and results. The core tests what a probe finds. */

#define _POSIX_C_SOURCE 200809L

#include "support.h"

#include <unistd.h>

static egito_error *error = NULL;

static void write_file(const char *path, const char *text)
{
    FILE *file = fopen(path, "w");
    CHECK(file != NULL && fputs(text, file) >= 0 && fclose(file) == 0);
}

static void a_probe_returns_a_report(const egito_client *client)
{
    char *report = NULL;
    WORKS(egito_probe(client, "{\"entities\": [\"Account\"], \"write\": \"Lead\", \"timeout\": 60}", &report, &error));
    check_value(report, "is_ok", "true");
    check_value(report, "settings", "{}");
    check_value(report, "facts.list_form", "\"array\"");
    CHECK(strstr(report, "egito_client_from_env(NULL, &client, &error)") != NULL);
    egito_string_free(report);

    report = NULL;
    WORKS(egito_probe(client, NULL, &report, &error));
    egito_string_free(report);
    report = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_probe(client, "{\"entities\": []}", &report, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_probe(client, "{\"writes\": \"Lead\"}", &report, &error));
    CHECK(report == NULL);
}

static void a_file_has_settings(const char *path)
{
    egito_client *client = NULL;
    write_file(path, "page_size = 100\nlimit_param = 'limit'\n");
    const char *credentials =
        "{\"name\": \"firma\", \"client_id\": \"a\", \"client_secret\": \"b\", \"username\": \"c\", \"password\": \"d\"}";
    WORKS(egito_client_from_file(path, credentials, &client, &error));
    egito_client_free(client);

    client = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_client_from_file(path, NULL, &client, &error)); /* no address */
    write_file(path, "limt_param = 'limit'\n");
    CHECK(egito_client_from_file(path, NULL, &client, &error) == EGITO_ERROR_CONFIG);
    CHECK(strstr(egito_error_message(error), "line 1: unknown setting `limt_param`") != NULL);
    egito_error_free(error);
    error = NULL;
    CHECK(client == NULL);
}

int main(void)
{
    char path[] = "/tmp/egito-test-XXXXXX";
    int file = mkstemp(path);
    CHECK(file >= 0 && close(file) == 0);
    egito_client *client = sandbox_client();
    a_probe_returns_a_report(client);
    a_file_has_settings(path);
    egito_client_free(client);
    CHECK(remove(path) == 0);
    return 0;
}
