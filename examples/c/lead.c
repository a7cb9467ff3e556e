/*
 * Registers the lead of a web form exactly once: `target/lead < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

#include <egito.h>
#include <stdio.h>

/* Copies the fields of a form: a visitor must not set `owner` or `status`. */
static egito_status copy_fields(const char *form_json, egito_object *lead, egito_error **error)
{
    static const char *const fields[] = {"formKey", "lastName", "phone"};
    egito_record *form = NULL;
    egito_status status = egito_record_new(form_json, &form, error);
    for (size_t field = 0; status == EGITO_OK && field < sizeof fields / sizeof *fields; field++) {
        char *text = NULL;
        status = egito_record_get_string(form, fields[field], &text, error);
        if (text != NULL)
            egito_object_set_string(lead, fields[field], text, NULL);
        egito_string_free(text);
    }
    egito_record_free(form);
    return status;
}

/* Prints the error, with each field that the server refused. Returns the exit code. */
static int report(const egito_error *error)
{
    egito_record *details = NULL;
    size_t count = 0;
    if (egito_error_code(error) != EGITO_ERROR_VALIDATION) {
        fprintf(stderr, "%s: %s\n", egito_error_name(error), egito_error_message(error));
        bool again = egito_error_is_retryable(error) || egito_error_outcome(error) == EGITO_OUTCOME_UNKNOWN;
        return again ? 75 : 1; /* 75: send the same form again */
    }
    egito_record_new(egito_error_json(error), &details, NULL);
    egito_record_length(details, "errors", &count, NULL);
    for (size_t index = 0; index < count; index++) {
        char path[64], *field = NULL, *message = NULL;
        snprintf(path, sizeof path, "errors.%zu.field", index);
        egito_record_get_string(details, path, &field, NULL);
        snprintf(path, sizeof path, "errors.%zu.message", index);
        egito_record_get_string(details, path, &message, NULL);
        fprintf(stderr, "%s: %s\n", field != NULL ? field : "record", message != NULL ? message : "refused");
        egito_string_free(message);
        egito_string_free(field);
    }
    egito_record_free(details);
    return 1;
}

int main(void)
{
    char form[65536];
    size_t size = fread(form, 1, sizeof form - 1, stdin);
    form[size] = '\0';
    egito_client *client = NULL;
    egito_object *lead = NULL;
    egito_found_or_created *found = NULL;
    egito_error *error = NULL;
    int code = 0;
    egito_object_new(&lead, NULL);
    if (copy_fields(form, lead, &error) == EGITO_OK && egito_client_from_env(NULL, &client, &error) == EGITO_OK &&
        egito_create_once(client, "Lead", egito_object_json(lead), "{\"key\": \"formKey\"}", &found, &error) == EGITO_OK)
        printf("%s lead %s\n", egito_found_or_created_is_created(found) ? "created" : "found",
               egito_found_or_created_id_json(found));
    else
        code = report(error);
    egito_error_free(error);
    egito_found_or_created_free(found);
    egito_object_free(lead);
    egito_client_free(client);
    return code;
}
