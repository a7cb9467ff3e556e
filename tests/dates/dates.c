/* Writes dates in C's own type, reads them back and prints them. Arguments: see `test_grails_dates.py`. */

#define _GNU_SOURCE /* timegm, strptime */

#include "egito.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static egito_client *client = NULL;
static egito_error *error = NULL;

static void check(egito_status status)
{
    if (status != EGITO_OK) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        exit(1);
    }
}

/* Returns `point` of the offer that has been created. */
static time_t read_back(const char *id)
{
    char *json = NULL, *text = NULL;
    egito_record *record = NULL;
    struct tm fields = {0};
    check(egito_get(client, "Offer", id, &json, &error));
    check(egito_record_new(json, &record, &error));
    check(egito_record_get_string(record, "point", &text, &error));
    if (strptime(text, "%Y-%m-%dT%H:%M:%SZ", &fields) == NULL) {
        fprintf(stderr, "not a date: %s\n", text);
        exit(1);
    }
    egito_string_free(text);
    egito_record_free(record);
    egito_string_free(json);
    return timegm(&fields);
}

int main(int count, char **arguments)
{
    setenv("TZ", arguments[1], 1);
    check(egito_client_from_env(NULL, &client, &error));
    for (int number = 2; number < count; number++) {
        const char *text = strchr(arguments[number], ':') + 1;
        int is_day = strncmp(arguments[number], "day:", 4) == 0;
        char *id = NULL, day[sizeof "2024-02-29"] = "";
        egito_object *offer = NULL;
        time_t read;
        check(egito_object_new(&offer, &error));
        /* C has no type for a day without a time. */
        if (is_day)
            check(egito_object_set_string(offer, "point", text, &error));
        else
            check(egito_object_set_time(offer, "point", 1000 * (int64_t)atoll(text), &error));
        check(egito_create(client, "Offer", egito_object_json(offer), &id, &error));
        read = read_back(id);
        strftime(day, sizeof day, "%Y-%m-%d", localtime(&read));
        if (is_day)
            puts(day);
        else
            printf("%lld\n", (long long)read);
        egito_object_free(offer);
        egito_string_free(id);
    }
    egito_client_free(client);
    return 0;
}
