package crm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.event.ContextClosedEvent;
import pl.egito.ConfigException;
import pl.egito.Egito;
import pl.egito.EgitoJson;
import pl.egito.testing.Sandbox;

/** Runs the application of docs/java-spring.md. */
class ApplicationTest {
    private static final Path FOLDER = Path.of("").toAbsolutePath();
    private static final HttpClient HTTP = HttpClient.newHttpClient();
    private static Sandbox sandbox;
    private ConfigurableApplicationContext application;

    @BeforeAll
    static void startSandbox() {
        sandbox = Sandbox.start();
    }

    @AfterAll
    static void stopSandbox() {
        sandbox.close();
    }

    @BeforeEach
    void start() {
        sandbox.reset();
        start((String) settings().get("password"));
    }

    private void start(String password) {
        var settings = settings();
        var arguments = List.of("base-url=" + settings.get("base_url"), "client-id=" + settings.get("client_id"),
                "client-secret=" + settings.get("client_secret"), "username=" + settings.get("username"),
                "password=" + password).stream().map(each -> "--egito." + each);
        var all = Stream.concat(arguments, Stream.of("--server.port=0", "--management.endpoint.health.show-details=always"));
        application = SpringApplication.run(Application.class, all.toArray(String[]::new));
    }

    private static Map<?, ?> settings() {
        return (Map<?, ?>) EgitoJson.parse(sandbox.getSettings());
    }

    @AfterEach
    void stop() {
        application.close();
    }

    @Test
    void aFormThatIsSentTwiceIsOneLead() throws Exception {
        var form = "{\"formKey\": \"f-1\", \"lastName\": \"Nowak\", \"phone\": \"+48 12 446 66 66\"}";
        var first = post(form);
        assertEquals(200, first.statusCode());
        assertEquals(first.body(), post(form).body());
        assertEquals(1, sandbox.journal("create").size());
    }

    @Test
    void theVisitorSeesFieldErrorsButNoOtherError() throws Exception {
        var invalid = post("{\"formKey\": \"f-1\", \"lastName\": \"\", \"phone\": \"\"}");
        assertEquals(400, invalid.statusCode());
        assertTrue(invalid.body().contains("lastName"), invalid.body());
        for (var changed : List.of("{\"lastName\": \"Nowak\"}", "{\"formKey\": \" \"}", "{\"formKey\": \"f-1\", \"lastName\": \"\\ud800\"}")) {
            assertEquals("[\"Please load the page again.\"]", post(changed).body());
            assertEquals(400, post(changed).statusCode());
        }
        sandbox.fault(Map.of("on", Map.of("action", "create"), "response", Map.of("status", 403)));
        var refused = post("{\"formKey\": \"f-2\", \"lastName\": \"Nowak\", \"phone\": \"\"}");
        assertEquals(502, refused.statusCode());
    }

    @Test
    void theHealthIsThatOfEgito() throws Exception {
        for (int request = 0; request < 2; request++) {
            assertTrue(get("/actuator/health").body().contains("\"egito\":{\"status\":\"UP\"}"));
        }
        assertEquals(1, sandbox.journal("list").size());
    }

    @Test
    void theHealthHasTheErrorWithoutRetries() throws Exception {
        sandbox.fault(Map.of("on", Map.of("action", "list"), "times", 0, "response", Map.of("status", 503)));
        for (int request = 0; request < 2; request++) {
            var down = get("/actuator/health");
            assertEquals(503, down.statusCode());
            assertTrue(down.body().contains("\"code\":\"server\""), down.body());
            assertEquals(200, get("/actuator/health/liveness").statusCode());
            assertEquals(200, get("/actuator/health/readiness").statusCode());
        }
        assertEquals(1, sandbox.journal("list").size());
    }

    @Test
    void aWrongPasswordIsNotTriedAgainAndAgain() throws Exception {
        stop();
        start("wrong");
        for (int request = 0; request < 2; request++) {
            var down = get("/actuator/health").body();
            assertTrue(down.contains("\"code\":\"auth\""), down);
        }
        assertEquals(1, sandbox.journal("login").size());
    }

    @Test
    void aMissingSettingIsNamed() {
        var properties = new EgitoProperties("https://firma.egito.pl", "c", "s", null, "p", Duration.ofSeconds(15));
        var error = assertThrows(ConfigException.class, () -> new EgitoConfiguration().egito(properties));
        assertEquals("username", error.getSetting());
    }

    @Test
    void aRequestInFlightFinishesBeforeTheClientIsClosed() throws Exception {
        var egito = application.getBean(Egito.class);
        // The first request of an application takes long, longer on a busy machine than the sandbox waits for the one to be held.
        assertEquals(200, post("{\"formKey\": \"f-0\", \"lastName\": \"Wilk\", \"phone\": \"\"}").statusCode());
        sandbox.fault(Map.of("on", Map.of("action", "create"), "hold", "gate"));
        var response = HTTP.sendAsync(form("{\"formKey\": \"f-1\", \"lastName\": \"Ryś\", \"phone\": \"\"}"), BodyHandlers.ofString());
        sandbox.await(2, "create");
        var isClosing = new CompletableFuture<Void>();
        application.addApplicationListener((ContextClosedEvent event) -> isClosing.complete(null));
        var closing = CompletableFuture.runAsync(application::close);
        isClosing.get();
        sandbox.release("gate");
        assertEquals(200, response.get().statusCode());
        closing.get();
        assertThrows(ConfigException.class, () -> egito.accounts().get(1));
    }

    @Test
    void thePageHasTheseFiles() throws Exception {
        var page = Files.readString(FOLDER.resolve("../../docs/java-spring.md"));
        for (var name : List.of("EgitoProperties", "EgitoConfiguration", "EgitoHealthIndicator", "LeadController")) {
            var source = Files.readString(FOLDER.resolve("src/main/java/crm/" + name + ".java"));
            assertTrue(page.contains("```java\n// " + name + ".java\n" + source.split("\n\n", 2)[1] + "```"), name);
        }
        assertTrue(page.contains(Files.readString(FOLDER.resolve("src/main/resources/application.properties"))));
    }

    private HttpRequest form(String json) {
        return HttpRequest.newBuilder(uri("/leads")).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build();
    }

    private HttpResponse<String> post(String json) throws Exception {
        return HTTP.send(form(json), BodyHandlers.ofString());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HTTP.send(HttpRequest.newBuilder(uri(path)).build(), BodyHandlers.ofString());
    }

    private URI uri(String path) {
        return URI.create("http://127.0.0.1:" + application.getEnvironment().getProperty("local.server.port") + path);
    }
}
