/* Declarations for all contestants: the server, the workloads and their checks. */

#ifndef EGITO_BENCH_H
#define EGITO_BENCH_H

#include "egito.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

enum { GETS = 3000, AT_ONCE = 64, RECORDS = 100000, PAGE = 1000 };

/* Three fields of each record are read. Their sums are checked. */
struct sum {
    int64_t ids;
    size_t bytes;
    int records;
};

/* The settings that the sandbox prints, as JSON. */
extern const char *bench_settings;

/* A contestant fills the sum, and calls bench_fail on an error. */
typedef void contestant(struct sum *sum);

contestant egito_get_each, egito_get_at_once, egito_list_all;
contestant curl_get_each, curl_get_at_once, curl_list_all, curl_list_bytes;

_Noreturn void bench_fail(const char *what, const char *why);

#endif
