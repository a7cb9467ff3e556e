/* The contestants in C: `bench CONTESTANT WORKLOAD COUNT`. See ../README.md.
 *
 * The environment has the settings in BENCH_SETTINGS and the record to create in BENCH_RECORD, both as JSON. */

#include "bench.h"

#include <string.h>

_Noreturn void bench_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

int bench_id(int number) { return number % IDS + 1; }

static const char *variable(const char *name)
{
    const char *value = getenv(name);
    if (value == NULL) bench_fail("missing variable", name);
    return value;
}

char *bench_new_record(int number)
{
    static cJSON *record = NULL;
    char *json;
    if (record == NULL) record = cJSON_Parse(variable("BENCH_RECORD"));
    cJSON_SetNumberValue(cJSON_GetObjectItemCaseSensitive(record, "employees"), number);
    json = cJSON_PrintUnformatted(record);
    if (json == NULL) bench_fail("no record", "");
    return json;
}

static const struct contestant *contestant_named(const char *name)
{
    static const struct contestant *const ALL[] = {&with_egito, &with_curl};
    for (size_t each = 0; each < sizeof ALL / sizeof ALL[0]; each++)
        if (strcmp(ALL[each]->name, name) == 0) return ALL[each];
    bench_fail("unknown contestant", name);
}

static workload *workload_named(const struct contestant *contestant, const char *name)
{
    if (strcmp(name, "get") == 0) return contestant->get;
    if (strcmp(name, "create") == 0) return contestant->create;
    if (strcmp(name, "at once") == 0) return contestant->at_once;
    if (strcmp(name, "list") == 0) return contestant->list;
    bench_fail("unknown workload", name);
}

int main(int count, char **arguments)
{
    struct total total = {0, 0};
    const struct contestant *contestant;
    workload *run;
    if (count != 4) bench_fail("usage", "bench CONTESTANT WORKLOAD COUNT");
    contestant = contestant_named(arguments[1]);
    run = workload_named(contestant, arguments[2]);
    contestant->set_up(variable("BENCH_SETTINGS"));
    run(atoi(arguments[3]), &total);
    printf("{\"count\": %d, \"sum\": %lld}\n", total.count, (long long)total.sum);
    return 0;
}
