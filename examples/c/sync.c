/*
 * Keeps a copy of all accounts in a folder, one JSON file for each: `target/sync copy`, for instance every night.
 *
 * The first run copies everything, later ones what was changed or deleted. The file `mark` in the folder says where the
 * next run continues. It is written last, so after a failure the next run returns the same changes.
 */

#include <egito.h>
#include <glob.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Writes a file, or ends the program. */
static void write_file(const char *name, const char *text)
{
    FILE *file = fopen(name, "w");
    if (file == NULL || fputs(text, file) < 0 || fclose(file) != 0) {
        perror(name);
        exit(1);
    }
}

/* Returns the mark of the last run, or NULL the first time. */
static char *read_mark(void)
{
    char *mark = NULL;
    size_t capacity = 0;
    FILE *file = fopen("mark", "r");
    if (file != NULL && getline(&mark, &capacity, file) < 0) {
        perror("mark");
        exit(1);
    }
    if (file != NULL)
        fclose(file);
    return mark;
}

/* Writes the accounts that were created or changed, and returns their number. */
static unsigned copy_changes(egito_cursor *changes, egito_error **error)
{
    egito_record *account = NULL;
    unsigned count = 0;
    for (; egito_cursor_next_record(changes, &account, error) == EGITO_OK && account != NULL; egito_record_free(account)) {
        char name[256], *id = NULL;
        egito_record_get_json(account, "id", &id, NULL);
        snprintf(name, sizeof name, "%s.json", id);
        write_file(name, egito_record_json(account));
        egito_string_free(id);
        count++;
    }
    return count;
}

/* Removes the files of accounts that were deleted, and returns their number. */
static size_t remove_deleted(const egito_client *client, egito_error **error)
{
    glob_t files = {0};
    egito_id_list *deleted = NULL;
    glob("*.json", 0, NULL, &files);
    for (size_t index = 0; index < files.gl_pathc; index++)
        *strrchr(files.gl_pathv[index], '.') = '\0';
    egito_deleted(client, "Account", (const char *const *)files.gl_pathv, files.gl_pathc, &deleted, error);
    size_t count = deleted != NULL ? egito_id_list_count(deleted) : 0;
    for (size_t index = 0; index < count; index++) {
        char name[256];
        snprintf(name, sizeof name, "%s.json", egito_id_list_id_json(deleted, index));
        remove(name);
    }
    egito_id_list_free(deleted);
    globfree(&files);
    return count;
}

int main(int argc, char **argv)
{
    if (argc != 2) {
        fputs("usage: sync FOLDER\n", stderr);
        return 2;
    }
    mkdir(argv[1], 0777);
    if (chdir(argv[1]) != 0) {
        perror(argv[1]);
        return 1;
    }
    egito_client *client = NULL;
    egito_cursor *changes = NULL;
    egito_error *error = NULL;
    egito_object *since = NULL, *options = NULL;
    char *mark = NULL, *last_mark = read_mark();
    unsigned changed = 0;
    size_t deleted = 0;
    int code = 0;
    egito_object_new(&since, NULL);
    if (last_mark != NULL)
        egito_object_set_string(since, "since", last_mark, NULL);
    egito_object_new(&options, NULL);
    egito_object_set_json(options, "changes", egito_object_json(since), NULL);
    if (egito_client_from_env(NULL, &client, &error) == EGITO_OK &&
        egito_list(client, "Account", egito_object_json(options), &changes, &error) == EGITO_OK)
        changed = copy_changes(changes, &error);
    if (error == NULL && egito_cursor_mark(changes, &mark, &error) == EGITO_OK)
        deleted = remove_deleted(client, &error);
    if (error == NULL) {
        write_file("mark.part", mark);
        rename("mark.part", "mark");
        printf("%u changed, %zu deleted\n", changed, deleted);
    } else {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        code = egito_error_is_retryable(error) ? 75 : 1; /* 75: try again later */
    }
    egito_object_free(options);
    egito_object_free(since);
    free(last_mark);
    egito_string_free(mark);
    egito_error_free(error);
    egito_cursor_free(changes);
    egito_client_free(client);
    return code;
}
