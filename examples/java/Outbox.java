/*
 * Keeps leads in a file while the CRM is down: `java -cp target/examples.jar Outbox put < lead.json` stores one,
 * and `Outbox deliver` sends what is due, each lead once; run it from cron. `put` needs no connection.
 */

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.EntryState;
import pl.egito.Record;

class Outbox {
    /** Stores the lead of standard input. The same form again is the same entry. */
    static int put(pl.egito.Outbox outbox) throws IOException {
        var lead = Record.parse(new String(System.in.readAllBytes(), StandardCharsets.UTF_8));
        System.out.println("stored as entry " + outbox.put("Lead", lead, "formKey"));
        return 0;
    }

    /** Sends what is due. Returns the exit code. */
    static int deliver(pl.egito.Outbox outbox) {
        var delivery = outbox.deliver();
        long waiting = delivery.getWaiting() + delivery.getUnclear();
        var refused = outbox.entries(EntryState.REFUSED);
        System.out.println(delivery.getDelivered() + " delivered, " + refused.size() + " refused, " + waiting + " waiting");
        for (var entry : refused) { // a person corrects them with `edit`, or removes them with `discard`
            System.err.println("entry " + entry.getId() + " was refused: " + entry.getError().getMessage());
        }
        if (delivery.getPausedBy() != null) {
            System.err.println("paused until " + delivery.getNextAttemptAt() + ": " + delivery.getPausedBy().getMessage());
        }
        if (!refused.isEmpty()) return 1;
        return waiting > 0 ? 75 : 0; // 75: try again later
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1 || !List.of("put", "deliver").contains(arguments[0])) {
            System.err.println("usage: Outbox put|deliver");
            System.exit(2);
        }
        int code;
        try (Egito egito = Egito.fromEnv(); var outbox = egito.outbox("egito-outbox.db")) {
            code = arguments[0].equals("put") ? put(outbox) : deliver(outbox);
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            code = 1;
        }
        System.exit(code);
    }
}
