/* Declarations for both contestants: the workloads, and what they have read. */

#ifndef EGITO_BENCH_H
#define EGITO_BENCH_H

#include <cjson/cJSON.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { IDS = 1000, PAGE = 1000, AT_ONCE = 64 };

/* The number of records that were read or created, and the sum of their fields, which the runner checks. */
struct total {
    int count;
    int64_t sum;
};

/* A workload. With a count of 0 it sends nothing, so that the runner can subtract the start of the program. */
typedef void workload(int count, struct total *total);

/* The workloads of a contestant: `set_up` reads the settings, a JSON object, before one of the others runs. */
struct contestant {
    const char *name;
    void (*set_up)(const char *settings);
    workload *get, *create, *at_once, *list;
};

extern const struct contestant with_egito, with_curl;

_Noreturn void bench_fail(const char *what, const char *why);

/* Returns the id of the record that is read as the given one. */
int bench_id(int number);

/* Returns the JSON of the record that is created as the given one. Free it with cJSON_free. */
char *bench_new_record(int number);

#endif
