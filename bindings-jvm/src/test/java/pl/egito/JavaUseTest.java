package pl.egito;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.google.gson.Gson;
import jakarta.json.bind.Jsonb;
import jakarta.json.bind.JsonbBuilder;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The methods of the package as Java calls them. The tests in Kotlin show what they do. */
class JavaUseTest extends SandboxTest {
    /** A class of a program, for Jackson, Gson and JSON-B. */
    public static class Account {
        public String name = "";
        public BigDecimal turnover = BigDecimal.ZERO;
    }

    @Test
    void recordsAreConvertedByOtherLibraries() throws Exception {
        Record record = Record.parse("{\"name\":\"Żubr\",\"turnover\":12345678901234567890.10}");
        ObjectReader reader = new ObjectMapper().readerFor(Account.class);
        Account byJackson = record.decode(reader::readValue);
        Account byGson = new Gson().fromJson(record.getJson(), Account.class);
        Jsonb jsonb = JsonbBuilder.create();
        Account byJsonb = jsonb.fromJson(record.getJson(), Account.class);
        for (Account account : List.of(byJackson, byGson, byJsonb)) {
            assertEquals("Żubr", account.name);
            assertEquals(new BigDecimal("12345678901234567890.10"), account.turnover);
        }
        byJackson.turnover = new BigDecimal("12.50");
        RecordId id = getEgito().accounts().create(Record.parse(jsonb.toJson(byJackson)));
        assertEquals(new BigDecimal("12.50"), getEgito().accounts().get(id).decimal("turnover"));
        jsonb.close();
    }

    @Test
    void valuesAreReadByPath() {
        Record record = Record.parse("{\"owner\":{\"id\":7,\"active\":true},\"tags\":[\"a\"]}");
        assertEquals(7L, record.longValue("owner.id"));
        assertEquals(true, record.booleanValue("owner.active"));
        assertEquals("a", record.string("tags.0"));
        assertNull(record.longValue("owner.name"));
        assertEquals("owner.id", assertThrows(ConfigException.class, () -> record.string("owner.id")).getSetting());
    }

    @Test
    void anIdIsANumberOfAnyType() {
        Entity accounts = getEgito().accounts();
        Integer boxed = 1;
        for (Record account : List.of(accounts.get(1), accounts.get(1L), accounts.get((short) 1), accounts.get(boxed))) {
            assertEquals(1L, account.longValue("id"));
        }
        assertEquals(2, Stream.of(1, 2).map(accounts::get).map(Record::getId).distinct().count());
        assertEquals(2, Stream.of(1L, 2L).map(accounts::get).map(Record::getId).distinct().count());
    }

    @Test
    void aNullInABulkIsAnErrorOfItsRow() {
        List<Map<String, Object>> leads = new ArrayList<>();
        leads.add(null);
        leads.add(Map.of("lastName", "Ryś"));
        var rows = getEgito().leads().createMany(leads).toList();
        assertEquals("invalid `record`: expected a record, got null", rows.get(0).getError().getMessage());
        assertTrue(rows.get(1).isOk());
        List<Change> changes = new ArrayList<>();
        changes.add(null);
        assertEquals("change", getEgito().accounts().updateMany(changes).toList().get(0).getError().getSetting());
    }

    @Test
    void aBulkIsAStream() {
        BulkOptions options = new BulkOptions().concurrency(4).cancelGrace(Duration.ofSeconds(1)).maxFailures(10);
        List<Map<String, Object>> leads = List.of(Map.of("lastName", "Ryś"), Map.of("city", "Łódź"));
        List<String> results = new ArrayList<>();
        try (Stream<BulkRow<Map<String, Object>>> rows = getEgito().leads().createMany(leads, options).stream()) {
            rows.forEach(row -> results.add(row.isOk() ? "created" : row.getError().getCode()));
        }
        assertEquals(List.of("created", "validation"), results);
        List<Change> changes = List.of(new Change(1, Map.of("city", "Gdynia")), new Change("2", Map.of("city", "Gdynia")));
        for (BulkRow<Change> row : getEgito().accounts().updateMany(changes)) {
            assertTrue(row.isOk());
            assertNull(row.getError());
        }
        assertEquals(2, getEgito().accounts().deleteMany(List.of(1, 2L)).toList().size());
        BulkRow<?> row = getEgito().accounts().upsertMany(List.of(Map.of("nip", "1", "name", "Żubr")), "nip").toList().get(0);
        assertEquals(UpsertChange.CREATED, row.getChange());
    }

    @Test
    void futuresHaveTheRows() throws Exception {
        List<Integer> ids = List.of(1, 404_404);
        List<BulkRow<Integer>> rows = getEgito().async().accounts().getMany(ids).toList().get(10, TimeUnit.SECONDS);
        assertEquals(1L, rows.get(0).getRecord().get("id"));
        assertTrue(rows.get(1).getError() instanceof NotFoundException);
    }

    @Test
    void anOutboxIsClosedByTry(@TempDir Path folder) {
        try (Outbox outbox = getEgito().outbox(folder.resolve("outbox.db").toString())) {
            outbox.start(Duration.ofSeconds(60));
            outbox.put("Lead", Map.of("formKey", "f-1", "lastName", "Ryś"), RecordKey.of("formKey"));
            getSandbox().await(1, "create");
        }
        assertEquals(1, getSandbox().records("Lead").stream().filter(lead -> "f-1".equals(lead.get("formKey"))).count());
    }

    @Test
    void aProbeWritesAFileForLaterPrograms(@TempDir Path folder) throws Exception {
        ProbeReport report = getEgito().probe(new ProbeOptions().entities("Account").timeout(Duration.ofSeconds(60)));
        assertTrue(report.isOk(), report.toText());
        assertTrue(getEgito().async().probe(new ProbeOptions().entities("Account").write("Lead")).get(60, TimeUnit.SECONDS).isOk());
        Path file = Files.writeString(folder.resolve("egito.toml"), report.toToml());
        Map<?, ?> settings = (Map<?, ?>) EgitoJson.parse(getSandbox().getSettings());
        EgitoBuilder others = Egito.builder()
                .baseUrl((String) settings.get("base_url"))
                .clientId((String) settings.get("client_id"))
                .clientSecret((String) settings.get("client_secret"))
                .username((String) settings.get("username"))
                .password((String) settings.get("password"));
        try (Egito egito = Egito.fromFile(file.toString(), others); Egito fromEnv = Egito.fromEnv(others)) {
            assertTrue(egito.accounts().list().exists() && fromEnv.accounts().list().exists());
        }
        assertThrows(ConfigException.class, () -> Egito.fromFile(file.toString()));
    }

    @Test
    void aStoredPlanIsApplied() {
        List<Map<String, Object>> accounts = List.of(Map.of("nip", "1010000009", "name", "Smok S.A."));
        List<String> stored = getEgito().accounts().planUpsert(accounts, "nip").toList().stream().map(BulkRow::toJson).toList();
        var plan = stored.stream().map(BulkRow::parse).toList();
        assertEquals(UpsertChange.CREATED, getEgito().accounts().applyUpsert(plan, "nip").toList().get(0).getChange());
    }

    @Test
    void changesAndEventsHaveJavaTypes() {
        List<EgitoEvent> events = new ArrayList<>();
        getEgito().onEvent(events::add);
        ChangeList changes = getEgito().accounts().changes(new ChangesOptions().lag(Duration.ofMinutes(1)).pageSize(50));
        assertThrows(ConfigException.class, changes::getMark);
        try (Stream<Record> records = changes.stream()) {
            assertTrue(records.count() > 0);
        }
        assertEquals(getEgito().accounts().list().count(), getEgito().accounts().changes().toList().size());
        assertEquals(0, getEgito().accounts().changes(new ChangesOptions().since(changes.getMark())).toList().size());
        assertEquals(EventKind.END, events.get(0).getKind());
        assertEquals(events.stream().filter(event -> !event.getAction().equals("login")).count(), getEgito().stats().getAttempts());
    }
}
