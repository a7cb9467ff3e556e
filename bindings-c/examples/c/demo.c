/* Creates, reads, changes, lists and deletes records in C, and shows an error. Reads EGITO_* from the environment. */

#include "egito.h"
#include <stdio.h>
#include <stdlib.h>

static egito_client *client = NULL;
static egito_error *error = NULL;

static void check(egito_status status)
{
    if (status != EGITO_OK) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        exit(1);
    }
}

static void show(const char *what, const char *entity, const char *id, const char *field)
{
    char *json = NULL, *text = NULL;
    egito_record *record = NULL;
    check(egito_get(client, entity, id, &json, &error));
    check(egito_record_new(json, &record, &error));
    check(egito_record_get_string(record, field, &text, &error));
    printf("%-9s %s\n", what, text);
    egito_string_free(text);
    egito_record_free(record);
    egito_string_free(json);
}

static int count(egito_cursor *cursor)
{
    char *record = NULL;
    for (int records = 0;; records++) {
        check(egito_cursor_next(cursor, &record, &error));
        if (record == NULL) { /* the end of a complete list */
            egito_cursor_free(cursor);
            return records;
        }
        egito_string_free(record);
    }
}

int main(void)
{
    egito_cursor *cursor = NULL;
    char *account = NULL, *contact = NULL, *opportunity = NULL;

    check(egito_client_from_env(NULL, &client, &error));
    check(egito_create(client, "Account", "{\"name\": \"Żółta Łódź sp. z o.o.\", \"city\": \"Gdańsk\"}", &account, &error));
    check(egito_create(client, "Contact", "{\"firstName\": \"Zażółć\", \"lastName\": \"Gęślą-Jaźń\"}", &contact, &error));
    check(egito_create(client, "Opportunity", "{\"name\": \"Wdrożenie CRM 🚀\", \"value\": 12500.5}", &opportunity, &error));
    printf("created   account %s, contact %s, opportunity %s\n", account, contact, opportunity);

    show("read back", "Account", account, "name");
    show("", "Contact", contact, "lastName");
    show("", "Opportunity", opportunity, "name");
    check(egito_update(client, "Account", account, "{\"phone\": \"+48 12 446 66 66\"}", NULL, &error));
    show("changed", "Account", account, "phone");

    check(egito_list(client, "Account", "{\"page_size\": 500}", &cursor, &error));
    printf("listed    %d accounts, 500 to a page\n", count(cursor));
    check(egito_dictionary(client, "industry", NULL, &cursor, &error));
    printf("industry  %d entries\n", count(cursor));

    check(egito_delete(client, "Opportunity", opportunity, NULL, &error));
    printf("deleted   opportunity %s\n", opportunity);
    if (egito_create(client, "Account", "{\"city\": \"Łomża\"}", NULL, &error) == EGITO_ERROR_VALIDATION)
        printf("refused   %s: %s\n", egito_error_name(error), egito_error_message(error));

    egito_error_free(error);
    egito_string_free(opportunity);
    egito_string_free(contact);
    egito_string_free(account);
    egito_client_free(client);
    return 0;
}
