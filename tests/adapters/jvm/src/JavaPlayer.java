package pl.egito.adapter;

import static pl.egito.adapter.AdapterKt.failureOf;
import static pl.egito.adapter.ArgumentsKt.listOfObjects;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import pl.egito.AsyncEntity;
import pl.egito.AsyncEntityWithResponse;
import pl.egito.BulkOptions;
import pl.egito.BulkRows;
import pl.egito.CancelledException;
import pl.egito.Egito;
import pl.egito.Entity;
import pl.egito.ListOptions;
import pl.egito.Outbox;
import pl.egito.Record;
import pl.egito.RecordList;

/** Calls the library as Java programs do: single calls return futures, lists are streams, bulks are loops. */
public final class JavaPlayer implements Player {
    @Override
    public String getName() {
        return "java";
    }

    @Override
    public Object play(Call call) {
        return resultOf(start(call));
    }

    /** Starts all calls before it waits for the first one. */
    @Override
    public List<Map<String, Object>> playTogether(List<Call> calls) {
        var started = calls.stream().map(call -> CompletableFuture.supplyAsync(() -> start(call)).thenCompose(future -> future)).toList();
        return started.stream().map(JavaPlayer::replyOf).toList();
    }

    private static Map<String, Object> replyOf(CompletableFuture<?> call) {
        try {
            var reply = new HashMap<String, Object>();
            reply.put("result", resultOf(call));
            return reply;
        } catch (Throwable error) {
            return failureOf(error);
        }
    }

    private static Object resultOf(CompletableFuture<?> call) {
        try {
            return call.join();
        } catch (CompletionException failed) {
            throw failed.getCause() instanceof RuntimeException error ? error : failed;
        }
    }

    private static CompletableFuture<?> start(Call call) {
        Arguments args = call.getArgs();
        var started = switch (call.getMethod()) {
            case "dictionary" -> call.getEgito().async().dictionary(args.text("type")).toList();
            case "stats" -> done(call.getEgito().stats());
            case "panic" -> done(KotlinPlayerKt.panicForTests(call.getEgito()));
            case "outbox" -> done(playOutbox(call));
            case "create", "create_once", "upsert", "get", "update", "delete", "call", "first", "exists", "total", "count", "ids", "deleted" ->
                args.isTrue("with_response") ? startWithResponse(asyncEntity(call).withResponse(), call) : startSingle(asyncEntity(call), call);
            default -> done(playMany(entity(call), call));
        };
        args.requireAllUsed();
        return started;
    }

    private static CompletableFuture<?> done(Object result) {
        return CompletableFuture.completedFuture(result);
    }

    private static AsyncEntity asyncEntity(Call call) {
        var egito = call.getEgito().async();
        String name = call.getArgs().text("entity");
        if (!call.getArgs().isTrue("shortcut")) return egito.entity(name);
        return switch (name) {
            case "Account" -> egito.accounts();
            case "Contact" -> egito.contacts();
            case "Opportunity" -> egito.opportunities();
            case "Lead" -> egito.leads();
            default -> throw new Unknown("shortcut of " + name);
        };
    }

    private static Entity entity(Call call) {
        var egito = call.getEgito();
        String name = call.getArgs().text("entity");
        if (!call.getArgs().isTrue("shortcut")) return egito.entity(name);
        return switch (name) {
            case "Account" -> egito.accounts();
            case "Contact" -> egito.contacts();
            case "Opportunity" -> egito.opportunities();
            case "Lead" -> egito.leads();
            default -> throw new Unknown("shortcut of " + name);
        };
    }

    private static CompletableFuture<?> startSingle(AsyncEntity entity, Call call) {
        Arguments args = call.getArgs();
        return switch (call.getMethod()) {
            case "create" -> entity.create(args.record());
            case "create_once" -> entity.createOnce(args.record(), args.key());
            case "upsert" -> entity.upsert(args.record(), args.key());
            case "get" -> entity.get(args.id());
            case "update" -> entity.update(args.id(), args.record());
            case "delete" -> entity.delete(args.id());
            case "call" -> entity.call(args.text("action"), args.params(), args.httpMethod());
            case "first" -> entity.list(listOptions(args)).first().thenApply(first -> first.orElse(null));
            case "exists" -> entity.list(listOptions(args)).exists();
            case "total" -> entity.list(listOptions(args)).total().thenApply(total -> total.isPresent() ? total.getAsLong() : null);
            case "count" -> entity.list(listOptions(args)).count();
            case "ids" -> entity.ids();
            default -> entity.deleted(args.ids("ids"));
        };
    }

    private static CompletableFuture<?> startWithResponse(AsyncEntityWithResponse entity, Call call) {
        Arguments args = call.getArgs();
        return switch (call.getMethod()) {
            case "create" -> entity.create(args.record());
            case "get" -> entity.get(args.id());
            case "update" -> entity.update(args.id(), args.record());
            case "delete" -> entity.delete(args.id());
            case "call" -> entity.call(args.text("action"), args.params(), args.httpMethod());
            default -> throw new Unknown("with_response of " + call.getMethod());
        };
    }

    private static ListOptions listOptions(Arguments args) {
        var options = new ListOptions();
        args.filters().forEach(options::filter);
        if (args.sort() != null) options.sort(args.sort());
        if (args.order() != null) options.order(args.order());
        if (args.pageSize() != null) options.pageSize(args.pageSize());
        if (args.limit() != null) options.limit(args.limit());
        if (args.start() != null) options.start(args.start());
        return options;
    }

    private static Object playMany(Entity entity, Call call) {
        Arguments args = call.getArgs();
        return switch (call.getMethod()) {
            case "list" -> args.isTrue("delete") ? deleteAll(entity, args) : firstOf(entity.list(listOptions(args)).stream(), args);
            case "pages" -> pages(entity.list(listOptions(args)), args);
            case "changes" -> changes(entity, args);
            case "plan_upsert" -> args.isTrue("apply") ? planAndApply(call.getEgito(), entity, args) : bulk(entity, call);
            default -> bulk(entity, call);
        };
    }

    private static Object pages(RecordList list, Arguments args) {
        if (args.isTrue("with_response")) return firstOf(list.withResponse().stream(), args);
        return firstOf(list.pages().stream(), args);
    }

    /** Returns the first elements of a stream, or all of them, and closes it. */
    private static <T> List<T> firstOf(Stream<T> elements, Arguments args) {
        Integer take = args.number("take");
        try (elements) {
            return (take == null ? elements : elements.limit(take)).toList();
        }
    }

    /** Reads a list, and deletes each record before it reads the next one. */
    private static List<Record> deleteAll(Entity entity, Arguments args) {
        var deleted = new ArrayList<Record>();
        for (Record record : entity.list(listOptions(args))) {
            entity.delete(record.getId());
            deleted.add(record);
        }
        return deleted;
    }

    private static Object changes(Entity entity, Arguments args) {
        var changes = entity.changes(args.changesOptions());
        return Map.of("records", changes.toList(), "mark", changes.getMark());
    }

    private static Object bulk(Entity entity, Call call) {
        var report = new BulkReport(call.getArgs());
        BulkRows<?> rows = startBulk(entity, call, report);
        if (report.isInterrupted()) return interrupt(rows, call, report);
        Integer stopAfter = report.getStopAfter();
        if (stopAfter == null) {
            rows.toList().forEach(report::plusAssign);
            return report.complete();
        }
        try (rows) {
            var iterator = rows.iterator();
            for (int count = 0; count < stopAfter && iterator.hasNext(); count++) report.plusAssign(iterator.next());
            if (report.getWantsRest()) rows.rest().forEach(report::plusAssign);
        }
        return report.stopped();
    }

    private static BulkRows<?> startBulk(Entity entity, Call call, BulkReport report) {
        Arguments args = call.getArgs();
        BulkOptions options = args.bulkOptions(report.getProgress());
        return switch (call.getMethod()) {
            case "create_many" -> entity.createMany(args.records(), args.keyOrNull() == null ? options : options.key(args.keyOrNull()));
            case "get_many" -> entity.getMany(args.ids("inputs"), options);
            case "update_many" -> entity.updateMany(args.changes(), options);
            case "delete_many" -> entity.deleteMany(args.ids("inputs"), options);
            case "upsert_many" -> entity.upsertMany(args.records(), args.key(), options);
            case "plan_upsert" -> entity.planUpsert(args.records(), args.key(), options);
            default -> throw new Unknown("method " + call.getMethod());
        };
    }

    /** Cancels the bulk or closes the client after a number of rows, and reads the others. */
    private static Object interrupt(BulkRows<?> rows, Call call, BulkReport report) {
        var iterator = rows.iterator();
        try {
            while (true) {
                if (report.getMustCancel()) rows.cancel();
                if (report.getMustClose()) call.getEgito().close();
                if (!iterator.hasNext()) return report.ended(null);
                report.plusAssign(iterator.next());
            }
        } catch (CancelledException end) {
            return report.ended(end.getCode());
        }
    }

    private static Object planAndApply(Egito egito, Entity entity, Arguments args) {
        var report = new BulkReport(args);
        var plan = entity.planUpsert(args.records(), args.key(), args.bulkOptions(new ArrayList<>())).toList();
        String applyTo = args.textOrNull("apply_to");
        var target = applyTo == null ? entity : egito.entity(applyTo);
        target.applyUpsert(plan, args.key(), args.bulkOptions(report.getProgress())).toList().forEach(report::plusAssign);
        return report.applied(plan);
    }

    /** Opens an outbox, and does the steps of a call. The error of a step takes the place of its result. */
    private static List<Object> playOutbox(Call call) {
        var results = new ArrayList<Object>();
        try (Outbox outbox = call.getEgito().outbox(call.getArgs().text("path"))) {
            for (var step : listOfObjects(call.getArgs().value("steps"))) {
                var others = new LinkedHashMap<>(step);
                String verb = (String) others.remove("do");
                try {
                    var args = new Arguments(others);
                    results.add(playStep(outbox, verb, args));
                    args.requireAllUsed();
                } catch (Throwable error) {
                    results.add(failureOf(error));
                }
            }
        }
        return results;
    }

    private static Object playStep(Outbox outbox, String verb, Arguments args) {
        switch (verb) {
            case "put": return outbox.put(args.text("entity"), args.record(), args.key());
            case "put_upsert": return outbox.putUpsert(args.text("entity"), args.record(), args.key());
            case "put_update": return outbox.putUpdate(args.text("entity"), args.id(), args.record());
            case "put_delete": return outbox.putDelete(args.text("entity"), args.id());
            case "deliver": return outbox.deliver(args.limit());
            case "entries": return outbox.entries(args.entryState(), args.number("limit"));
            case "get": return outbox.get(args.entryId());
            case "counts": return outbox.counts();
            case "retry": outbox.retry(args.entryId()); return null;
            case "edit": outbox.edit(args.entryId(), args.record()); return null;
            case "discard": outbox.discard(args.entryId()); return null;
            default: throw new Unknown("step " + verb);
        }
    }
}
