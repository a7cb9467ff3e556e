/* A server that accepts connections and never responds: calls wait until they are cancelled. */

#ifndef EGITO_TEST_SILENT_SERVER_H
#define EGITO_TEST_SILENT_SERVER_H

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

static int silent_listener = -1;

/* Returns a client of this server. There is one at a time. */
static inline egito_client *silent_client(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    egito_client *client = NULL;
    egito_error *error = NULL;
    char settings[256];
    silent_listener = socket(AF_INET, SOCK_STREAM, 0);
    CHECK(bind(silent_listener, (struct sockaddr *)&address, size) == 0 && listen(silent_listener, 8) == 0);
    CHECK(getsockname(silent_listener, (struct sockaddr *)&address, &size) == 0);
    snprintf(settings, sizeof settings,
             "{\"base_url\": \"http://127.0.0.1:%d\", \"client_id\": \"i\", \"client_secret\": \"s\", \"username\": \"u\","
             " \"password\": \"p\", \"timeout\": 60}",
             ntohs(address.sin_port));
    WORKS(egito_client_new(settings, &client, &error));
    return client;
}

/* Waits for a request. Its connection stays open until the client closes it. */
static inline void await_silent_request(void)
{
    char byte;
    int connection = accept(silent_listener, NULL, NULL);
    CHECK(connection >= 0 && read(connection, &byte, 1) == 1);
    close(silent_listener);
}

#endif
