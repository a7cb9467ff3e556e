/* Compares the C library with libcurl + cJSON, against one sandbox in another process. See benches/README.md.
 *
 * The contestants run alternately, each in its own process; a row is the median over the rounds.
 * Usage: bench SETTINGS-JSON [ROUNDS] */

#define _GNU_SOURCE
#include "bench.h"

#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { MAX_ROUNDS = 31 };

/* One row of a table. The others are compared with the first one. */
struct row {
    const char *table, *name;
    contestant *run;
    int units; /* number of calls or records that the figures are divided by */
    int reads; /* number of records that it must read */
    double cpu[MAX_ROUNDS], wall[MAX_ROUNDS], memory[MAX_ROUNDS];
};

static struct row rows[] = {
    {"one get after the other, three fields of each; µs a call", "libcurl (handle used again) + cJSON", curl_get_each, GETS, GETS, {0}, {0}, {0}},
    {NULL, "egito_get_record", egito_get_each, GETS, GETS, {0}, {0}, {0}},
    {"64 gets at once on one thread; µs a call", "curl multi + cJSON", curl_get_at_once, GETS, GETS, {0}, {0}, {0}},
    {NULL, "egito_bulk, concurrency 64", egito_get_at_once, GETS, GETS, {0}, {0}, {0}},
    {"100,000 records in pages of 1,000, three fields of each; µs a record", "libcurl + cJSON", curl_list_all, RECORDS, RECORDS, {0}, {0}, {0}},
    {NULL, "egito_cursor_next_record", egito_list_all, RECORDS, RECORDS, {0}, {0}, {0}},
    {NULL, "libcurl, the pages' bytes only", curl_list_bytes, RECORDS, 0, {0}, {0}, {0}},
};
enum { ROWS = sizeof rows / sizeof rows[0] };

const char *bench_settings;

void bench_fail(const char *what, const char *why)
{
    fprintf(stderr, "bench: %s: %s\n", what, why);
    exit(1);
}

static double seconds(struct timeval time) { return (double)time.tv_sec + (double)time.tv_usec / 1e6; }

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Runs in a child process, to measure its own CPU time and memory. */
static void measure(struct row *row, int round)
{
    double begun = now();
    struct rusage usage;
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        struct sum sum = {0, 0, 0};
        row->run(&sum);
        if (sum.records != row->reads || (row->reads > 0 && sum.ids != (int64_t)row->reads * (row->reads + 1) / 2))
            bench_fail(row->name, "has not read every record");
        exit(0);
    }
    if (wait4(child, &status, 0, &usage) != child || status != 0) bench_fail(row->name, "ended badly");
    row->wall[round] = now() - begun;
    row->cpu[round] = seconds(usage.ru_utime) + seconds(usage.ru_stime);
    row->memory[round] = (double)usage.ru_maxrss / 1024;
}

static int ascending(const void *one, const void *other)
{
    double a = *(const double *)one, b = *(const double *)other;
    return (a > b) - (a < b);
}

static double median(double *values, int rounds)
{
    qsort(values, (size_t)rounds, sizeof *values, ascending);
    return values[rounds / 2];
}

int main(int count, char **arguments)
{
    int rounds = count > 2 ? atoi(arguments[2]) : 7;
    double cpu = 0, wall = 0, memory = 0;
    if (count < 2 || rounds < 1 || rounds > MAX_ROUNDS) bench_fail("usage", "bench SETTINGS-JSON [ROUNDS]");
    bench_settings = arguments[1];
    for (int round = 0; round < rounds; round++)
        for (int row = 0; row < ROWS; row++) measure(&rows[row], round);
    for (int row = 0; row < ROWS; row++) {
        struct row *current = &rows[row];
        double c = median(current->cpu, rounds) / current->units * 1e6, w = median(current->wall, rounds) / current->units * 1e6;
        double m = median(current->memory, rounds);
        if (current->table != NULL) {
            printf("\n%-72s %8s %7s %8s %7s %7s %7s\n", current->table, "CPU", "", "wall", "", "MiB", "");
            cpu = c, wall = w, memory = m;
        }
        printf("  %-70s %8.2f %6.2f× %8.2f %6.2f× %7.1f %6.2f×\n", current->name, c, c / cpu, w, w / wall, m, m / memory);
    }
    return 0;
}
