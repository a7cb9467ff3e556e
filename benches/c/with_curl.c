/* The client that people write by hand: libcurl with reused handles, and cJSON. One login; errors end the program. */

#include "bench.h"

#include <cjson/cJSON.h>
#include <curl/curl.h>
#include <string.h>

struct body {
    char *text;
    size_t size, room;
};

static char base[256];
static struct curl_slist *headers;

static size_t append_body(char *data, size_t one, size_t size, void *user)
{
    struct body *body = user;
    (void)one;
    if (body->size + size + 1 > body->room) {
        body->room = 2 * (body->size + size) + 1;
        body->text = realloc(body->text, body->room);
        if (body->text == NULL) bench_fail("memory", "");
    }
    memcpy(body->text + body->size, data, size);
    body->size += size;
    body->text[body->size] = '\0';
    return size;
}

static const char *text_of(const cJSON *object, const char *name)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, name));
    if (text == NULL) bench_fail("no text", name);
    return text;
}

static CURL *new_handle(struct body *body)
{
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    if (headers != NULL) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return curl;
}

static void perform(CURL *curl, const char *url, struct body *body)
{
    long status = 0;
    CURLcode code;
    body->size = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    code = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK || status != 200) bench_fail(url, curl_easy_strerror(code));
}

static void log_in(void)
{
    static const char *const NAMES[] = {"client_id", "client_secret", "username", "password"};
    struct body body = {0};
    char form[1024] = "grant_type=password", url[300], header[256];
    cJSON *settings = cJSON_Parse(bench_settings), *token;
    CURL *curl = new_handle(&body);
    snprintf(base, sizeof base, "%s", text_of(settings, "base_url"));
    for (int name = 0; name < 4; name++) {
        char *escaped = curl_easy_escape(curl, text_of(settings, NAMES[name]), 0);
        size_t used = strlen(form);
        snprintf(form + used, sizeof form - used, "&%s=%s", NAMES[name], escaped);
        curl_free(escaped);
    }
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    snprintf(url, sizeof url, "%s/oauth/token", base);
    perform(curl, url, &body);
    token = cJSON_Parse(body.text);
    snprintf(header, sizeof header, "Authorization: Bearer %s", text_of(token, "access_token"));
    headers = curl_slist_append(NULL, header);
    cJSON_Delete(token);
    cJSON_Delete(settings);
    curl_easy_cleanup(curl);
    free(body.text);
}

static void read_three(const cJSON *record, struct sum *sum)
{
    const cJSON *id = cJSON_GetObjectItemCaseSensitive(record, "id");
    if (!cJSON_IsNumber(id)) bench_fail("no id", "");
    sum->ids += (int64_t)cJSON_GetNumberValue(id);
    sum->bytes += strlen(text_of(record, "name")) + strlen(text_of(record, "city"));
    sum->records++;
}

static void read_body(const struct body *body, struct sum *sum)
{
    cJSON *record = cJSON_ParseWithLength(body->text, body->size);
    if (record == NULL) bench_fail("no JSON", "");
    read_three(record, sum);
    cJSON_Delete(record);
}

void curl_get_each(struct sum *sum)
{
    struct body body = {0};
    CURL *curl;
    log_in();
    curl = new_handle(&body);
    for (int call = 0; call < GETS; call++) {
        char url[400];
        snprintf(url, sizeof url, "%s/services/restapi/json/Account/get?id=%d", base, call % RECORDS + 1);
        perform(curl, url, &body);
        read_body(&body, sum);
    }
    curl_easy_cleanup(curl);
    free(body.text);
}

static void begin(CURLM *multi, CURL *curl, int id)
{
    char url[400];
    snprintf(url, sizeof url, "%s/services/restapi/json/Account/get?id=%d", base, id);
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_multi_add_handle(multi, curl);
}

void curl_get_at_once(struct sum *sum)
{
    struct body bodies[AT_ONCE] = {0};
    CURL *handles[AT_ONCE];
    CURLM *multi = curl_multi_init();
    CURLMsg *message;
    int next = 0, running = 0, left = 0;
    log_in();
    for (; next < AT_ONCE; next++) {
        handles[next] = new_handle(&bodies[next]);
        curl_easy_setopt(handles[next], CURLOPT_PRIVATE, &bodies[next]);
        begin(multi, handles[next], next + 1);
    }
    do {
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            CURL *curl = message->easy_handle;
            struct body *body = NULL;
            if (message->data.result != CURLE_OK) bench_fail("multi", curl_easy_strerror(message->data.result));
            curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&body);
            read_body(body, sum);
            body->size = 0;
            curl_multi_remove_handle(multi, curl);
            if (next < GETS) {
                begin(multi, curl, ++next);
                running++;
            }
        }
        if (running > 0) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    } while (running > 0);
    for (int handle = 0; handle < AT_ONCE; handle++) {
        curl_easy_cleanup(handles[handle]);
        free(bodies[handle].text);
    }
    curl_multi_cleanup(multi);
}

static void pages(struct sum *sum, int parse)
{
    struct body body = {0};
    CURL *curl;
    log_in();
    curl = new_handle(&body);
    for (int offset = 0; offset < RECORDS; offset += PAGE) {
        char url[400];
        snprintf(url, sizeof url, "%s/services/restapi/json/Account/list?max=%d&offset=%d&sort=id&order=asc", base, PAGE, offset);
        perform(curl, url, &body);
        if (parse) {
            cJSON *page = cJSON_ParseWithLength(body.text, body.size), *record;
            if (!cJSON_IsArray(page)) bench_fail("no page", "");
            cJSON_ArrayForEach(record, page) read_three(record, sum);
            cJSON_Delete(page);
        }
    }
    curl_easy_cleanup(curl);
    free(body.text);
}

void curl_list_all(struct sum *sum) { pages(sum, 1); }
void curl_list_bytes(struct sum *sum) { pages(sum, 0); }
