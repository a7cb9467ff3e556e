/*
 * Keeps leads in a file while the CRM is down: `target/outbox put < lead.json`, and `target/outbox deliver`.
 *
 * `put` stores a lead, and needs no connection. `deliver` sends what is due, each lead once; run it from cron.
 */

#include <egito.h>
#include <stdio.h>
#include <string.h>

/* Stores the lead of standard input. The same form again is the same entry. */
static egito_status put(const egito_outbox *outbox, egito_error **error)
{
    char lead[65536];
    int64_t entry = 0;
    lead[fread(lead, 1, sizeof lead - 1, stdin)] = '\0';
    egito_status status = egito_outbox_put(outbox, "Lead", lead, "{\"key\": \"formKey\"}", &entry, error);
    if (status == EGITO_OK)
        printf("stored as entry %lld\n", (long long)entry);
    return status;
}

/* Prints the refused entries. A person corrects them with egito_outbox_edit, or removes them with egito_outbox_discard. */
static egito_status print_refused(const egito_outbox *outbox, egito_error **error)
{
    char *entries = NULL;
    egito_object *object = NULL;
    egito_record *refused = NULL;
    size_t count = 0;
    egito_status status = egito_outbox_entries(outbox, "{\"state\": \"refused\"}", &entries, error);
    egito_object_new(&object, NULL);
    egito_object_set_json(object, "entries", entries, NULL); /* a record is an object */
    if (status == EGITO_OK && (status = egito_record_new(egito_object_json(object), &refused, error)) == EGITO_OK)
        egito_record_length(refused, "entries", &count, NULL);
    for (size_t index = 0; index < count; index++) {
        char path[64], *message = NULL;
        int64_t id = 0;
        snprintf(path, sizeof path, "entries.%zu.id", index);
        egito_record_get_int64(refused, path, &id, NULL);
        snprintf(path, sizeof path, "entries.%zu.error.message", index);
        egito_record_get_string(refused, path, &message, NULL);
        fprintf(stderr, "entry %lld was refused: %s\n", (long long)id, message);
        egito_string_free(message);
    }
    egito_record_free(refused);
    egito_object_free(object);
    egito_string_free(entries);
    return status;
}

/* Sends what is due. Sets the exit code. */
static egito_status deliver(const egito_outbox *outbox, int *code, egito_error **error)
{
    char *delivery_json = NULL, *counts_json = NULL, *reason = NULL;
    egito_record *delivery = NULL, *counts = NULL;
    int64_t delivered = 0, refused = 0, waiting = 0, unclear = 0;
    egito_status status = egito_outbox_deliver(outbox, 0, &delivery_json, error);
    if (status == EGITO_OK && (status = egito_outbox_counts(outbox, &counts_json, error)) == EGITO_OK) {
        egito_record_new(delivery_json, &delivery, NULL);
        egito_record_new(counts_json, &counts, NULL);
        egito_record_get_int64(delivery, "delivered", &delivered, NULL);
        egito_record_get_int64(counts, "refused", &refused, NULL);
        egito_record_get_int64(counts, "waiting", &waiting, NULL);
        egito_record_get_int64(counts, "unclear", &unclear, NULL);
        printf("%lld delivered, %lld refused, %lld waiting\n", (long long)delivered, (long long)refused, (long long)(waiting + unclear));
        if (egito_record_get_string(delivery, "paused_by.message", &reason, NULL) == EGITO_OK && reason != NULL)
            fprintf(stderr, "paused: %s\n", reason);
        *code = refused > 0 ? 1 : waiting + unclear > 0 ? 75 : 0; /* 75: try again later */
        status = print_refused(outbox, error);
    }
    egito_string_free(reason);
    egito_record_free(counts);
    egito_record_free(delivery);
    egito_string_free(counts_json);
    egito_string_free(delivery_json);
    return status;
}

int main(int argc, char **argv)
{
    egito_client *client = NULL;
    egito_outbox *outbox = NULL;
    egito_error *error = NULL;
    int code = 0;
    if (argc != 2 || (strcmp(argv[1], "put") != 0 && strcmp(argv[1], "deliver") != 0)) {
        fputs("usage: outbox put|deliver\n", stderr);
        return 2;
    }
    egito_status status = egito_client_from_env(NULL, &client, &error);
    if (status == EGITO_OK && (status = egito_outbox_new(client, "egito-outbox.db", NULL, &outbox, &error)) == EGITO_OK)
        status = strcmp(argv[1], "put") == 0 ? put(outbox, &error) : deliver(outbox, &code, &error);
    if (status != EGITO_OK) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        code = 1;
    }
    egito_error_free(error);
    egito_outbox_free(outbox);
    egito_client_free(client);
    return code;
}
