/* Accounts, contacts and opportunities from C. Reads EGITO_NAME (or EGITO_BASE_URL) and its like from the environment. */

#include "egito.h"
#include <stdio.h>
#include <stdlib.h>

static egito_error *error = NULL;

static void check(egito_status status)
{
    if (status != EGITO_OK) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        exit(1);
    }
}

int main(void)
{
    egito_client *client = NULL;
    egito_cursor *cursor = NULL;
    char *account = NULL, *contact = NULL, *opportunity = NULL, *json = NULL;
    int count = 0;

    check(egito_client_from_env(NULL, &client, &error));

    check(egito_create(client, "Account", "{\"name\": \"Żubr sp. z o.o.\", \"city\": \"Kraków\"}", &account, &error));
    check(egito_create(client, "Contact", "{\"firstName\": \"Łucja\", \"lastName\": \"Wąs\"}", &contact, &error));
    check(egito_create(client, "Opportunity", "{\"name\": \"Wdrożenie\", \"amount\": 125.50}", &opportunity, &error));
    check(egito_update(client, "Account", account, "{\"phone\": \"+48 12 446 66 66\"}", NULL, &error));
    check(egito_get(client, "Account", account, &json, &error));
    printf("created, updated and read: %s\n", json);
    egito_string_free(json);

    check(egito_list(client, "Account", "{\"page_size\": 500}", &cursor, &error));
    for (;; count++) {
        check(egito_cursor_next(cursor, &json, &error));
        if (json == NULL)
            break; /* the end of a complete list */
        egito_string_free(json);
    }
    egito_cursor_free(cursor);
    printf("%d accounts\n", count);

    check(egito_dictionary(client, "industry", NULL, &cursor, &error));
    check(egito_cursor_next_page(cursor, &json, &error));
    printf("industries: %s\n", json);
    egito_string_free(json);
    egito_cursor_free(cursor);

    check(egito_delete(client, "Opportunity", opportunity, NULL, &error));
    if (egito_create(client, "Account", "{\"city\": \"Kraków\"}", NULL, &error) == EGITO_ERROR_VALIDATION)
        printf("refused: %s\n", egito_error_message(error));

    egito_error_free(error);
    egito_string_free(opportunity);
    egito_string_free(contact);
    egito_string_free(account);
    egito_client_free(client);
    return 0;
}
