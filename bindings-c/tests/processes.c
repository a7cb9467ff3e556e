/* The library in a process, opened by dlopen: loading it has no effect, no signal handler is changed, a forked child can use the
 * client, and the library stays loaded. */

#define _GNU_SOURCE
#include "egito.h"

#include <dirent.h>
#include <dlfcn.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#define CHECK(condition) ((condition) ? (void)0 : fail(__LINE__, #condition))

/* Returns a function of the library by its name. */
#define F(name) (*(__typeof__(&name))(size_t)symbol(#name))

static void *library;

static void fail(int line, const char *what)
{
    fprintf(stderr, "processes.c:%d: failed: %s\n", line, what);
    _exit(1);
}

static void *symbol(const char *name)
{
    void *found = dlsym(library, name);
    CHECK(found != NULL);
    return found;
}

static int entries(const char *folder)
{
    DIR *open = opendir(folder);
    int count = 0;
    CHECK(open != NULL);
    while (readdir(open) != NULL) count++;
    closedir(open);
    return count;
}

/* Reads the handlers of all signals. */
static void read_handlers(struct sigaction *all)
{
    for (int number = 1; number < NSIG; number++) {
        memset(&all[number], 0, sizeof all[number]);
        sigaction(number, NULL, &all[number]);
    }
}

static bool same(const struct sigaction *one, const struct sigaction *other)
{
    for (int number = 1; number < NSIG; number++)
        if (one[number].sa_handler != other[number].sa_handler || one[number].sa_flags != other[number].sa_flags)
            return false;
    return true;
}

static egito_client *sandbox_client(void)
{
    egito_record *sandbox = NULL;
    egito_client *client = NULL;
    char *settings = NULL;
    CHECK(F(egito_record_new)(getenv("EGITO_SANDBOX"), &sandbox, NULL) == EGITO_OK);
    CHECK(F(egito_record_get_json)(sandbox, "settings", &settings, NULL) == EGITO_OK);
    CHECK(F(egito_client_new)(settings, &client, NULL) == EGITO_OK);
    F(egito_string_free)(settings);
    F(egito_record_free)(sandbox);
    return client;
}

static void create(egito_client *client, const char *record)
{
    egito_error *error = NULL;
    if (F(egito_create)(client, "Account", record, NULL, &error) != EGITO_OK)
        fail(__LINE__, F(egito_error_message)(error));
}

/* Returns a cursor whose next page is being read ahead by a thread. */
static egito_cursor *partly_read_list(egito_client *client)
{
    egito_cursor *cursor = NULL;
    char *page = NULL;
    CHECK(F(egito_list)(client, "Account", "{\"page_size\": 20}", &cursor, NULL) == EGITO_OK);
    for (int pages = 0; pages < 2; pages++) {
        CHECK(F(egito_cursor_next_page)(cursor, &page, NULL) == EGITO_OK);
        F(egito_string_free)(page);
    }
    return cursor;
}

static void a_child_keeps_using_the_client(egito_client *client)
{
    egito_cursor *cursor = partly_read_list(client);
    pid_t child = fork();
    int status = -1;
    if (child == 0) {
        char *page = NULL;
        egito_status read = F(egito_cursor_next_page)(cursor, &page, NULL);
        create(client, "{\"name\": \"Child\"}");
        CHECK(read == EGITO_OK || read == EGITO_ERROR_CONFIG); /* the list of the parent: refused, or complete */
        F(egito_cursor_free)(cursor);
        F(egito_client_free)(client);
        _exit(0);
    }
    CHECK(waitpid(child, &status, 0) == child && WIFEXITED(status) && WEXITSTATUS(status) == 0);
    create(client, "{\"name\": \"Parent\"}");
    F(egito_cursor_free)(cursor);
}

int main(void)
{
    struct sigaction before[NSIG], after[NSIG];
    int threads = entries("/proc/self/task"), files = entries("/proc/self/fd");
    egito_client *client;
    egito_cursor *cursor;
    read_handlers(before);
    library = dlopen(getenv("EGITO_LIBRARY"), RTLD_NOW | RTLD_LOCAL);
    if (library == NULL) fail(__LINE__, dlerror());
    CHECK(entries("/proc/self/task") == threads && entries("/proc/self/fd") == files);
    client = sandbox_client();
    CHECK(entries("/proc/self/task") == threads && entries("/proc/self/fd") == files); /* no effect before the first call */
    create(client, "{\"name\": \"Loaded\"}");
    CHECK(entries("/proc/self/task") == threads);
    a_child_keeps_using_the_client(client);
    read_handlers(after);
    CHECK(same(before, after));
    cursor = partly_read_list(client);
    CHECK(dlclose(library) == 0); /* the library stays loaded, since its threads keep running */
    F(egito_cursor_free)(cursor);
    F(egito_client_free)(client);
    return 0;
}
