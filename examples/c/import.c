/*
 * Imports accounts from a CSV file with the columns nip;name;city: `target/import accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

#include <egito.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct job {
    const char *path;
    FILE *file, *rejected;
    char *line;
    size_t capacity;
    int line_number, malformed, run_again;
    egito_object *account;
    unsigned counts[EGITO_CHANGE_UNCHANGED + 1]; /* the first one counts the rejected lines */
};

/* Splits a line at its semicolons, and returns the number of cells. The cells of this file have no quotes. */
static int split(char *line, char *cells[3])
{
    int count = 0;
    line[strcspn(line, "\r\n")] = '\0';
    if (strncmp(line, "\xEF\xBB\xBF", 3) == 0) /* the byte order mark that Excel writes */
        line += 3;
    for (char *cell = line; cell != NULL; count++) {
        char *end = strchr(cell, ';');
        if (count < 3)
            cells[count] = cell;
        if (end != NULL)
            *end++ = '\0';
        cell = end;
    }
    return count;
}

/* Provides the next account. */
static int next_account(const char **id, const char **record_json, void *user)
{
    struct job *job = user;
    char *cells[3];
    (void)id;
    do { /* skips the first line, which has the names of the columns */
        if (getline(&job->line, &job->capacity, job->file) < 0)
            return 0;
        int count = split(job->line, cells);
        if (++job->line_number && count != 3) {
            fprintf(stderr, "%s, line %d: expected 3 cells, got %d\n", job->path, job->line_number, count);
            job->malformed = 1;
            return 0;
        }
    } while (job->line_number == 1);
    egito_object_free(job->account);
    egito_object_new(&job->account, NULL);
    egito_object_set_string(job->account, "nip", cells[0], NULL);
    egito_object_set_string(job->account, "name", cells[1], NULL);
    egito_object_set_string(job->account, "city", cells[2], NULL);
    *record_json = egito_object_json(job->account);
    return 1;
}

static void on_row(const egito_row *row, void *user)
{
    struct job *job = user;
    const egito_error *error = egito_row_error(row);
    egito_change change = egito_row_change(row);
    int done = error == NULL && change != EGITO_CHANGE_AMBIGUOUS;
    job->counts[done ? change : 0]++;
    if (!done)
        fprintf(job->rejected, "line %llu: %s\n", (unsigned long long)egito_row_index(row) + 2,
                error != NULL ? egito_error_message(error) : "several accounts have this number");
    if (error != NULL && (egito_error_is_retryable(error) || egito_error_outcome(error) == EGITO_OUTCOME_UNKNOWN))
        job->run_again = 1;
}

/* Imports the file, and returns the exit code. */
static int import(struct job *job, const char *journal, egito_error **error)
{
    egito_client *client = NULL;
    egito_object *options = NULL;
    egito_bulk *bulk = NULL;
    egito_object_new(&options, NULL);
    egito_object_set_string(options, "key", "nip", NULL);
    egito_object_set_string(options, "journal", journal, NULL);
    if (egito_client_from_env(NULL, &client, error) == EGITO_OK &&
        egito_bulk_new(client, "Account", "upsert", egito_object_json(options), &bulk, error) == EGITO_OK)
        egito_bulk_run(bulk, next_account, on_row, job, error);
    egito_bulk_free(bulk); /* also closes the journal */
    egito_object_free(options);
    egito_client_free(client);
    if (*error != NULL) {
        fprintf(stderr, "%s\n", egito_error_message(*error));
        return egito_error_is_retryable(*error) ? 75 : 1; /* 75: try again later */
    }
    if (job->malformed)
        return 1;
    printf("%u created, %u updated, %u unchanged, %u rejected\n", job->counts[EGITO_CHANGE_CREATED],
           job->counts[EGITO_CHANGE_UPDATED], job->counts[EGITO_CHANGE_UNCHANGED], job->counts[0]);
    if (job->counts[0] > 0)
        return job->run_again ? 75 : 1;
    return 0;
}

int main(int argc, char **argv)
{
    char journal[4096], rejected[4096];
    if (argc != 2 || strlen(argv[1]) > sizeof journal - 32) {
        fputs("usage: import FILE\n", stderr);
        return 2;
    }
    snprintf(journal, sizeof journal, "%s.journal", argv[1]);
    snprintf(rejected, sizeof rejected, "%s.rejected.txt", argv[1]);
    struct job job = {.path = argv[1], .file = fopen(argv[1], "r"), .rejected = fopen(rejected, "w")};
    if (job.file == NULL || job.rejected == NULL) {
        perror(argv[1]);
        return 1;
    }
    egito_error *error = NULL;
    int code = import(&job, journal, &error);
    fclose(job.file);
    if (fclose(job.rejected) == 0 && code == 0) { /* the import is done: the next one begins from the start */
        remove(rejected);
        remove(journal);
    }
    egito_error_free(error);
    egito_object_free(job.account);
    free(job.line);
    return code;
}
