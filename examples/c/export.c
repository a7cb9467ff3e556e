/*
 * Writes all accounts to a CSV file, in constant memory: `target/export accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

#include <egito.h>
#include <stdio.h>

/* Writes a cell in quotes, and doubles those inside. */
static void write_cell(FILE *file, const char *text)
{
    putc('"', file);
    for (; text != NULL && *text != '\0'; text++) {
        if (*text == '"')
            putc('"', file);
        putc(*text, file);
    }
    putc('"', file);
}

static egito_status write_account(FILE *file, const egito_record *account, egito_error **error)
{
    static const char *const fields[] = {"nip", "name", "city"};
    char *id = NULL;
    egito_status status = egito_record_get_json(account, "id", &id, error);
    if (status == EGITO_OK)
        fputs(id, file);
    egito_string_free(id);
    for (size_t field = 0; status == EGITO_OK && field < sizeof fields / sizeof *fields; field++) {
        char *text = NULL;
        status = egito_record_get_string(account, fields[field], &text, error);
        putc(',', file);
        write_cell(file, text);
        egito_string_free(text);
    }
    putc('\n', file);
    return status;
}

/* Writes all accounts, and returns their number. */
static int write_accounts(FILE *file, egito_error **error)
{
    egito_client *client = NULL;
    egito_cursor *cursor = NULL;
    egito_record *account = NULL;
    int count = 0;
    fputs("\xEF\xBB\xBFid,nip,name,city\n", file); /* Excel needs a byte order mark for Polish letters */
    if (egito_client_from_env(NULL, &client, error) == EGITO_OK && egito_list(client, "Account", NULL, &cursor, error) == EGITO_OK)
        while (*error == NULL && egito_cursor_next_record(cursor, &account, error) == EGITO_OK && account != NULL) {
            count += write_account(file, account, error) == EGITO_OK; /* the cursor reads page after page */
            egito_record_free(account);
        }
    egito_cursor_free(cursor);
    egito_client_free(client);
    return count;
}

int main(int argc, char **argv)
{
    egito_error *error = NULL;
    char part[4096];
    if (argc != 2 || snprintf(part, sizeof part, "%s.part", argv[1]) >= (int)sizeof part) {
        fputs("usage: export FILE\n", stderr);
        return 2;
    }
    FILE *file = fopen(part, "w");
    if (file == NULL) {
        perror(part);
        return 1;
    }
    int count = write_accounts(file, &error), failed = ferror(file);
    failed |= fclose(file);
    if (error != NULL) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        int code = egito_error_is_retryable(error) ? 75 : 1; /* 75: try again later */
        egito_error_free(error);
        return code;
    }
    if (failed || rename(part, argv[1]) != 0) {
        perror(argv[1]);
        return 1;
    }
    printf("%d accounts written to %s\n", count, argv[1]);
    return 0;
}
