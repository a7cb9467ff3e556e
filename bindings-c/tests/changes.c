/* Lists of changes with their mark, ids, and what was deleted. The suite tests the rules. */

#include "support.h"

static egito_error *error = NULL;

static egito_cursor *changes(const egito_client *client, const char *since)
{
    egito_object *options = NULL, *list = NULL;
    egito_cursor *cursor = NULL;
    WORKS(egito_object_new(&options, &error));
    WORKS(egito_object_new(&list, &error));
    if (since != NULL)
        WORKS(egito_object_set_string(options, "since", since, &error));
    WORKS(egito_object_set_json(list, "changes", egito_object_json(options), &error));
    WORKS(egito_object_set_int64(list, "page_size", 10, &error));
    WORKS(egito_list(client, "Offer", egito_object_json(list), &cursor, &error));
    egito_object_free(options);
    egito_object_free(list);
    return cursor;
}

/* Reads a list of changes to its end, and returns its mark. */
static char *read_changes(const egito_client *client, const char *since, int expected, bool by_page)
{
    egito_cursor *cursor = changes(client, since);
    char *text = NULL, *mark = NULL;
    int count = 0;
    do {
        FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_mark(cursor, &mark, &error));
        WORKS(by_page ? egito_cursor_next_page(cursor, &text, &error) : egito_cursor_next(cursor, &text, &error));
        count += text != NULL;
        if (text == NULL)
            break;
        egito_string_free(text);
    } while (mark == NULL);
    CHECK(count == expected);
    WORKS(egito_cursor_mark(cursor, &mark, &error));
    egito_cursor_free(cursor);
    return mark;
}

static void a_mark_continues_the_list(const egito_client *client, char **ids)
{
    char *first = read_changes(client, NULL, 3, false), *next;
    egito_string_free(read_changes(client, first, 0, true));
    WORKS(egito_update(client, "Offer", ids[1], "{\"name\": \"Nowa\"}", NULL, &error));
    next = read_changes(client, first, 1, true);
    egito_string_free(read_changes(client, next, 0, false));
    egito_string_free(first);
    egito_string_free(next);
}

static void other_lists_have_no_mark(const egito_client *client)
{
    egito_cursor *cursor = NULL;
    char *text = NULL;
    WORKS(egito_list(client, "Offer", "{\"limit\": 0}", &cursor, &error));
    WORKS(egito_cursor_next(cursor, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_mark(cursor, &text, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_mark(cursor, NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_mark(NULL, &text, &error));
    egito_cursor_free(cursor);
    cursor = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Offer", "{\"changes\": {\"since\": \"x\"}}", &cursor, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_list(client, "Offer", "{\"changes\": {}, \"sort\": \"id\"}", &cursor, &error));
    CHECK(cursor == NULL && text == NULL);
}

static void deleted_records_are_found(const egito_client *client, char **ids)
{
    const char *known[] = {ids[0], ids[1], ids[2], "\"A-17\""};
    egito_id_list *list = NULL, *deleted = NULL;
    WORKS(egito_ids(client, "Offer", &list, &error));
    CHECK(egito_id_list_count(list) == 3 && strcmp(egito_id_list_id_json(list, 2), ids[2]) == 0);
    CHECK(egito_id_list_id_json(list, 3) == NULL);
    WORKS(egito_delete(client, "Offer", ids[1], NULL, &error));
    WORKS(egito_deleted(client, "Offer", known, 4, &deleted, &error));
    CHECK(egito_id_list_count(deleted) == 2 && strcmp(egito_id_list_id_json(deleted, 0), ids[1]) == 0);
    CHECK(strcmp(egito_id_list_id_json(deleted, 1), "\"A-17\"") == 0);
    egito_id_list_free(list);
    egito_id_list_free(deleted);
    WORKS(egito_deleted(client, "Offer", NULL, 0, &deleted, &error));
    CHECK(egito_id_list_count(deleted) == 0);
    egito_id_list_free(deleted);
}

static void null_is_refused(const egito_client *client)
{
    const char *known[] = {"1", NULL};
    egito_id_list *list = NULL;
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_ids(client, NULL, &list, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_ids(client, "Offer", NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_deleted(client, "Offer", NULL, 1, &list, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_deleted(client, "Offer", known, 2, &list, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_deleted(client, "Offer", known, 1, NULL, &error));
    CHECK(list == NULL && egito_id_list_count(NULL) == 0 && egito_id_list_id_json(NULL, 0) == NULL);
    egito_id_list_free(NULL);
}

int main(void)
{
    egito_client *client = sandbox_client();
    char *ids[3] = {NULL, NULL, NULL};
    for (int each = 0; each < 3; each++)
        WORKS(egito_create(client, "Offer", "{\"name\": \"Ryś\"}", &ids[each], &error));
    a_mark_continues_the_list(client, ids);
    other_lists_have_no_mark(client);
    deleted_records_are_found(client, ids);
    null_is_refused(client);
    for (int each = 0; each < 3; each++)
        egito_string_free(ids[each]);
    egito_client_free(client);
    return 0;
}
