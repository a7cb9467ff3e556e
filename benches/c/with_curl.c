/* The client that people write by hand: libcurl with reused handles, and cJSON. One login; errors end the program. */

#include "bench.h"

#include <curl/curl.h>
#include <string.h>

struct body {
    char *text;
    size_t size, room;
};

static char address[256];
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

static int64_t number_of(const cJSON *object, const char *name)
{
    const cJSON *number = cJSON_GetObjectItemCaseSensitive(object, name);
    if (!cJSON_IsNumber(number)) bench_fail("no number", name);
    return (int64_t)cJSON_GetNumberValue(number);
}

static CURL *new_handle(struct body *body)
{
    CURL *curl = curl_easy_init();
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, append_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, body);
    curl_easy_setopt(curl, CURLOPT_BUFFERSIZE, 262144L); /* large pages in fewer pieces */
    if (headers != NULL) curl_easy_setopt(curl, CURLOPT_HTTPHEADER, headers);
    return curl;
}

static void check_status(CURL *curl, CURLcode code)
{
    long status = 0;
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    if (code != CURLE_OK) bench_fail("curl", curl_easy_strerror(code));
    if (status != 200) bench_fail("curl", "the server refuses a request");
}

static cJSON *perform(CURL *curl, const char *url, struct body *body)
{
    cJSON *json;
    body->size = 0;
    curl_easy_setopt(curl, CURLOPT_URL, url);
    check_status(curl, curl_easy_perform(curl));
    json = cJSON_ParseWithLength(body->text, body->size);
    if (json == NULL) bench_fail("no JSON", url);
    return json;
}

static void set_up(const char *settings_json)
{
    static const char *const NAMES[] = {"client_id", "client_secret", "username", "password"};
    struct body body = {0};
    char form[1024] = "grant_type=password", url[300], header[256];
    cJSON *settings = cJSON_Parse(settings_json), *token;
    CURL *curl = new_handle(&body);
    for (int name = 0; name < 4; name++) {
        char *escaped = curl_easy_escape(curl, text_of(settings, NAMES[name]), 0);
        size_t used = strlen(form);
        snprintf(form + used, sizeof form - used, "&%s=%s", NAMES[name], escaped);
        curl_free(escaped);
    }
    curl_easy_setopt(curl, CURLOPT_POSTFIELDS, form);
    snprintf(url, sizeof url, "%s/oauth/token", text_of(settings, "base_url"));
    token = perform(curl, url, &body);
    snprintf(header, sizeof header, "Authorization: Bearer %s", text_of(token, "access_token"));
    headers = curl_slist_append(NULL, header);
    headers = curl_slist_append(headers, "Accept: application/json");
    headers = curl_slist_append(headers, "Content-Type: application/json");
    snprintf(address, sizeof address, "%s/services/restapi/json/Account", text_of(settings, "base_url"));
    cJSON_Delete(token);
    cJSON_Delete(settings);
    curl_easy_cleanup(curl);
    free(body.text);
}

static void add(const cJSON *record, struct total *total)
{
    if (text_of(record, "name")[0] == '\0') bench_fail("record", "no name");
    total->sum += number_of(record, "id") + number_of(record, "employees");
    total->count++;
}

static void get(int count, struct total *total)
{
    struct body body = {0};
    CURL *curl = new_handle(&body);
    for (int number = 0; number < count; number++) {
        cJSON *record;
        char url[400];
        snprintf(url, sizeof url, "%s/get?id=%d", address, bench_id(number));
        record = perform(curl, url, &body);
        add(record, total);
        cJSON_Delete(record);
    }
    curl_easy_cleanup(curl);
    free(body.text);
}

static void create(int count, struct total *total)
{
    struct body body = {0};
    CURL *curl = new_handle(&body);
    char url[400];
    snprintf(url, sizeof url, "%s/create", address);
    for (int number = 0; number < count; number++) {
        char *record = bench_new_record(number);
        cJSON *created;
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, record);
        created = perform(curl, url, &body);
        total->sum += number_of(created, "id");
        total->count++;
        cJSON_Delete(created);
        cJSON_free(record);
    }
    curl_easy_cleanup(curl);
    free(body.text);
}

static void begin(CURLM *multi, CURL *curl, int number)
{
    char url[400];
    snprintf(url, sizeof url, "%s/get?id=%d", address, bench_id(number));
    curl_easy_setopt(curl, CURLOPT_URL, url);
    curl_multi_add_handle(multi, curl);
}

/* Reads the record of a finished request. Returns its handle, which is free again. */
static CURL *finish(CURLM *multi, CURLMsg *message, struct total *total)
{
    CURL *curl = message->easy_handle;
    struct body *body = NULL;
    cJSON *record;
    check_status(curl, message->data.result);
    curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&body);
    record = cJSON_ParseWithLength(body->text, body->size);
    if (record == NULL) bench_fail("no JSON", "");
    add(record, total);
    cJSON_Delete(record);
    body->size = 0;
    curl_multi_remove_handle(multi, curl);
    return curl;
}

static void at_once(int count, struct total *total)
{
    static struct body bodies[AT_ONCE];
    CURLM *multi = curl_multi_init();
    CURLMsg *message;
    int next = 0, running = 0, left = 0;
    for (; next < AT_ONCE && next < count; next++) {
        CURL *curl = new_handle(&bodies[next]);
        curl_easy_setopt(curl, CURLOPT_PRIVATE, &bodies[next]);
        begin(multi, curl, next);
    }
    while (total->count < count) {
        int begun = 0;
        curl_multi_perform(multi, &running);
        while ((message = curl_multi_info_read(multi, &left)) != NULL) {
            CURL *curl = finish(multi, message, total);
            if (next < count) {
                begin(multi, curl, next++);
                begun++;
            }
        }
        if (begun == 0 && total->count < count) curl_multi_poll(multi, NULL, 0, 1000, NULL);
    }
    curl_multi_cleanup(multi);
}

/* Keeps all pages, as the contestants in other languages do. */
static void list(int count, struct total *total)
{
    struct body body = {0};
    CURL *curl = new_handle(&body);
    cJSON **kept = calloc((size_t)count / PAGE + 2, sizeof *kept);
    if (kept == NULL) bench_fail("memory", "");
    if (count == 0) return;
    for (int page = 0;; page++) {
        char url[400];
        int before = total->count;
        const cJSON *records, *record;
        snprintf(url, sizeof url, "%s/list?sort=id&order=asc&max=%d&offset=%d", address, PAGE, page * PAGE);
        kept[page] = perform(curl, url, &body);
        records = cJSON_IsArray(kept[page]) ? kept[page] : cJSON_GetObjectItemCaseSensitive(kept[page], "list");
        cJSON_ArrayForEach(record, records) add(record, total);
        if (total->count == before) break;
    }
    curl_easy_cleanup(curl);
    free(body.text);
}

const struct contestant with_curl = {"libcurl + cJSON", set_up, get, create, at_once, list};
