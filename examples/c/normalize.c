/*
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009: `target/normalize --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

#include <egito.h>
#include <stdio.h>
#include <string.h>

/* Copies the digits of a text, and returns their number. `digits` has room for 11 characters. */
static size_t copy_digits(const char *text, char *digits)
{
    size_t count = 0;
    for (; *text != '\0'; text++)
        if (*text >= '0' && *text <= '9' && count++ < 10)
            digits[count - 1] = *text;
    digits[count < 10 ? count : 10] = '\0';
    return count;
}

/* Pushes an update for each number in another form. Returns how many there are, and counts the invalid ones. */
static unsigned push_updates(egito_cursor *cursor, egito_bulk *bulk, unsigned *invalid, egito_error **error)
{
    egito_record *account = NULL;
    unsigned updates = 0;
    for (; egito_cursor_next_record(cursor, &account, error) == EGITO_OK && account != NULL; egito_record_free(account)) {
        char *id = NULL, *nip = NULL, digits[11], fields[32];
        egito_record_get_json(account, "id", &id, NULL);
        egito_record_get_string(account, "nip", &nip, NULL);
        size_t count = nip != NULL ? copy_digits(nip, digits) : 0;
        if (nip != NULL && *nip != '\0' && count != 10) {
            fprintf(stderr, "account %s: %s is not a tax number\n", id, nip);
            ++*invalid;
        } else if (count == 10 && strcmp(nip, digits) != 0) {
            printf("account %s: %s becomes %s\n", id, nip, digits);
            snprintf(fields, sizeof fields, "{\"nip\": \"%s\"}", digits);
            if (bulk != NULL)
                egito_bulk_push(bulk, id, fields, error);
            updates++;
        }
        egito_string_free(nip);
        egito_string_free(id);
    }
    return updates;
}

int main(int argc, char **argv)
{
    egito_client *client = NULL;
    egito_cursor *cursor = NULL;
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    egito_error *error = NULL;
    unsigned updates = 0, invalid = 0;
    int retryable = 0, write = argc == 2 && strcmp(argv[1], "--write") == 0;
    if (argc > 1 && !write) {
        fputs("usage: normalize [--write]\n", stderr);
        return 2;
    }
    if (egito_client_from_env(NULL, &client, &error) == EGITO_OK &&
        egito_list(client, "Account", "{\"sort\": \"id\"}", &cursor, &error) == EGITO_OK &&
        (!write || egito_bulk_new(client, "Account", "update", "{\"concurrency\": 4}", &bulk, &error) == EGITO_OK)) {
        if (write)
            egito_bulk_keep_all_rows(bulk); /* they are read after the list */
        updates = push_updates(cursor, bulk, &invalid, &error);
    }
    while (error == NULL && write && egito_bulk_next(bulk, &row, &error) == EGITO_OK && row != NULL) {
        const egito_error *failure = egito_row_error(row); /* one failed update does not stop the others */
        if (failure != NULL)
            fprintf(stderr, "%s: %s\n", egito_error_name(failure), egito_error_message(failure));
        retryable |= failure != NULL && egito_error_is_retryable(failure);
        egito_row_free(row);
    }
    unsigned done = write ? (unsigned)egito_bulk_done(bulk) : 0, failed = write ? (unsigned)egito_bulk_failed(bulk) : 0;
    int code = retryable ? 75 : failed > 0 || invalid > 0; /* 75: try again later */
    if (error == NULL) {
        printf("%u of %u changed, %u invalid\n", done - failed, updates, invalid);
    } else {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        code = egito_error_is_retryable(error) ? 75 : 1;
    }
    egito_error_free(error);
    egito_bulk_free(bulk);
    egito_cursor_free(cursor);
    egito_client_free(client);
    return code;
}
