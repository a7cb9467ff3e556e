/* Arguments of a command of the suite. */

#define _POSIX_C_SOURCE 200809L
#include "adapter.h"

char *present_arguments(const egito_record *command, const char *const *names)
{
    size_t size = 0, count = 0;
    char path[64], *options = NULL, *value;
    FILE *out = open_memstream(&options, &size);
    for (; *names != NULL; names++) {
        snprintf(path, sizeof path, "args.%s", *names);
        if ((value = JSON(path)) != NULL) fprintf(out, "%s\"%s\":%s", count++ == 0 ? "{" : ",", *names, value);
        egito_string_free(value);
    }
    fputs(count == 0 ? "{}" : "}", out);
    fclose(out);
    return options;
}
