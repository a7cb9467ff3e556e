/* Signals and descriptors of the process: no SIGPIPE from a connection that the server closes, signal masks are restored, and
 * descriptors that the program closes cause an error at most. */

#define _GNU_SOURCE
#include "support.h"

#include <fcntl.h>
#include <netinet/in.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

/* docs/c.md requires 128 KiB. This server uses plain HTTP; a TLS handshake needs 40 KiB of them. */
#define STACK (88 * 1024)

static const char TOKEN[] = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n"
                            "{\"access_token\":\"t\",\"token_type\":\"bearer\",\"expires_in\":3000}";

/* Reads up to the empty line after the head, and the part of the body that came with it. */
static size_t read_head(int connection, char *head, size_t size)
{
    size_t length = 0;
    ssize_t count;
    head[0] = '\0';
    while (strstr(head, "\r\n\r\n") == NULL) {
        CHECK(length + 1 < size);
        count = read(connection, head + length, size - length - 1);
        if (count <= 0) return 0;
        length += (size_t)count;
        head[length] = '\0';
    }
    return length;
}

/* Responds to logins, and hangs up after the head of any other request. */
static void *hang_up(void *user)
{
    int listener = *(int *)user;
    for (;;) {
        static char head[100000];
        int connection = accept(listener, NULL, NULL);
        while (connection >= 0 && read_head(connection, head, sizeof head) > 0) {
            if (strstr(head, "/oauth/token") == NULL) break;
            CHECK(write(connection, TOKEN, sizeof TOKEN - 1) == sizeof TOKEN - 1);
        }
        shutdown(connection, SHUT_RDWR);
        close(connection);
    }
    return NULL;
}

static egito_client *client_of_server_that_hangs_up(void)
{
    static int listener;
    struct sockaddr_in address;
    socklen_t length = sizeof address;
    pthread_t thread;
    egito_client *client = NULL;
    egito_error *error = NULL;
    char settings[300];
    memset(&address, 0, sizeof address);
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(listener >= 0 && bind(listener, (struct sockaddr *)&address, length) == 0 && listen(listener, 10) == 0);
    CHECK(getsockname(listener, (struct sockaddr *)&address, &length) == 0);
    CHECK(pthread_create(&thread, NULL, hang_up, &listener) == 0);
    snprintf(settings, sizeof settings,
             "{\"base_url\": \"http://127.0.0.1:%d\", \"client_id\": \"a\", \"client_secret\": \"b\", \"username\": \"c\", "
             "\"password\": \"d\", \"max_retries\": 0}",
             ntohs(address.sin_port));
    WORKS(egito_client_new(settings, &client, &error));
    return client;
}

static char *large_record(void)
{
    const size_t size = 5000000;
    char *record = malloc(size + 14);
    CHECK(record != NULL);
    memcpy(record, "{\"notes\": \"", 11);
    memset(record + 11, 'a', size);
    memcpy(record + 11 + size, "\"}", 3);
    return record;
}

/* Returns the signals that this thread blocks, one bit each. */
static unsigned long long blocked(void)
{
    unsigned long long bits = 0;
    sigset_t now;
    CHECK(pthread_sigmask(SIG_SETMASK, NULL, &now) == 0);
    for (int number = 1; number < 64; number++)
        if (sigismember(&now, number) == 1) bits |= 1ULL << number;
    return bits;
}

static bool is_pending(void)
{
    sigset_t pending;
    CHECK(sigpending(&pending) == 0);
    return sigismember(&pending, SIGPIPE) == 1;
}

/* SIGPIPE has its default action, which ends the process. */
static void a_server_that_hangs_up_raises_no_signal(egito_client *client, const char *record)
{
    struct sigaction action;
    unsigned long long before = blocked();
    egito_error *error = NULL;
    for (int i = 0; i < 10; i++) FAILS_WITH(EGITO_ERROR_OUTCOME_UNKNOWN, egito_create(client, "Account", record, NULL, &error));
    CHECK(sigaction(SIGPIPE, NULL, &action) == 0 && action.sa_handler == SIG_DFL);
    CHECK(blocked() == before && !is_pending());
}

/* It may wait for the signal itself, or unblock it later. */
static void a_thread_that_blocks_sigpipe_sees_only_its_own(egito_client *client, const char *record)
{
    sigset_t sigpipe, before;
    egito_error *error = NULL;
    sigemptyset(&sigpipe);
    sigaddset(&sigpipe, SIGPIPE);
    CHECK(pthread_sigmask(SIG_BLOCK, &sigpipe, &before) == 0);
    FAILS_WITH(EGITO_ERROR_OUTCOME_UNKNOWN, egito_create(client, "Account", record, NULL, &error));
    CHECK(!is_pending());
    raise(SIGPIPE);
    FAILS_WITH(EGITO_ERROR_OUTCOME_UNKNOWN, egito_create(client, "Account", record, NULL, &error));
    CHECK(is_pending()); /* raised by the program */
    CHECK(sigwaitinfo(&sigpipe, NULL) == SIGPIPE);
    CHECK(pthread_sigmask(SIG_SETMASK, &before, NULL) == 0);
}

static void the_thread_of_a_bulk_raises_no_signal(egito_client *client, const char *record)
{
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    egito_error *error = NULL;
    WORKS(egito_bulk_new(client, "Account", "create", "{\"outage_timeout\": 0}", &bulk, &error));
    for (int i = 0; i < 4; i++) WORKS(egito_bulk_push(bulk, NULL, record, &error));
    for (int i = 0; i < 4; i++) {
        WORKS(egito_bulk_next(bulk, &row, &error));
        CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_OUTCOME_UNKNOWN);
        egito_row_free(row);
    }
    egito_bulk_free(bulk);
}

/* Waits until the client has sent this number of requests. Its threads then wait for the program. */
static void wait_for_attempts(const egito_client *client, const char *attempts)
{
    egito_error *error = NULL;
    bool is_done = false;
    while (!is_done) {
        char *stats = NULL;
        WORKS(egito_client_stats(client, &stats, &error));
        is_done = strstr(stats, attempts) != NULL;
        egito_string_free(stats);
        sched_yield();
    }
}

/* Like a daemon. The next files of the program get the descriptors that the library had. */
static void closed_descriptors_are_no_longer_used(void)
{
    egito_client *client = sandbox_client();
    egito_cursor *cursor = NULL;
    egito_bulk *bulk = NULL;
    egito_row *row = NULL;
    egito_error *error = NULL;
    char *page = NULL;
    int files[20];
    WORKS(egito_list(client, "Account", "{\"page_size\": 5}", &cursor, &error));
    for (int i = 0; i < 4; i++) {
        WORKS(egito_cursor_next_page(cursor, &page, &error));
        egito_string_free(page);
    }
    WORKS(egito_bulk_new(client, "Account", "get", NULL, &bulk, &error));
    WORKS(egito_bulk_push(bulk, "1", NULL, &error));
    WORKS(egito_bulk_next(bulk, &row, &error));
    egito_row_free(row);
    wait_for_attempts(client, "\"attempts\":7"); /* four pages, two pages of read-ahead, one row */
    closefrom(3);
    for (int i = 0; i < 20; i++) files[i] = open("/dev/null", O_RDONLY);

    WORKS(egito_create(client, "Account", "{\"name\": \"x\"}", NULL, &error));
    FAILS_WITH(EGITO_ERROR_CONFIG, egito_cursor_next_page(cursor, &page, &error));
    WORKS(egito_bulk_push(bulk, "1", NULL, &error));
    WORKS(egito_bulk_next(bulk, &row, &error));
    CHECK(egito_error_code(egito_row_error(row)) == EGITO_ERROR_CONFIG);
    egito_row_free(row);
    egito_bulk_free(bulk);
    egito_cursor_free(cursor);
    egito_client_free(client);
    for (int i = 0; i < 20; i++) CHECK(fcntl(files[i], F_GETFD) != -1);
}

static void *makes_calls(void *user)
{
    egito_client *client = sandbox_client();
    egito_error *error = NULL;
    egito_cursor *cursor = NULL;
    char *id = NULL, *record = NULL, *page = NULL;
    (void)user;
    WORKS(egito_create(client, "Account", "{\"name\": \"x\"}", &id, &error));
    WORKS(egito_get(client, "Account", id, &record, &error));
    FAILS_WITH(EGITO_ERROR_VALIDATION, egito_create(client, "Account", "{}", NULL, &error));
    WORKS(egito_list(client, "Account", "{\"page_size\": 20}", &cursor, &error));
    for (int i = 0; i < 4; i++) {
        WORKS(egito_cursor_next_page(cursor, &page, &error));
        egito_string_free(page);
    }
    egito_cursor_free(cursor);
    egito_string_free(id);
    egito_string_free(record);
    egito_client_free(client);
    return NULL;
}

static void a_thread_with_a_small_stack_makes_calls(void)
{
    pthread_attr_t attributes;
    pthread_t thread;
    CHECK(pthread_attr_init(&attributes) == 0 && pthread_attr_setstacksize(&attributes, STACK) == 0);
    CHECK(pthread_create(&thread, &attributes, makes_calls, NULL) == 0 && pthread_join(thread, NULL) == 0);
}

int main(void)
{
    egito_client *client = client_of_server_that_hangs_up();
    char *record = large_record();
    a_server_that_hangs_up_raises_no_signal(client, record);
    a_thread_that_blocks_sigpipe_sees_only_its_own(client, record);
    the_thread_of_a_bulk_raises_no_signal(client, record);
    egito_client_free(client);
    free(record);
    a_thread_with_a_small_stack_makes_calls();
    closed_descriptors_are_no_longer_used();
    _exit(0); /* owners of the closed descriptors are kept on purpose: not a leak */
}
