/*
 * Registers the lead of a web form exactly once: `java -cp target/examples.jar Lead < form.json`.
 *
 * The form is JSON, such as {"formKey": "2026-11-27-0017", "lastName": "Nowak", "phone": "+48 12 446 66 66"}.
 * Its key is created together with the form, so the same form can be sent again after any failure, or twice by mistake.
 */

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.Record;
import pl.egito.ValidationException;

class Lead {
    public static void main(String[] arguments) throws IOException {
        var lead = new HashMap<>(Record.parse(new String(System.in.readAllBytes(), StandardCharsets.UTF_8)));
        lead.keySet().retainAll(List.of("formKey", "lastName", "phone")); // a visitor must not set `owner` or `status`
        try (Egito egito = Egito.fromEnv()) {
            var registered = egito.leads().createOnce(lead, "formKey");
            System.out.println((registered.isCreated() ? "created" : "found") + " lead " + registered.getId());
        } catch (ValidationException error) {
            error.getErrors().forEach(refused -> System.err.println(refused.getField() + ": " + refused.getMessage()));
            System.exit(1);
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            System.exit(error.isRetryable() || "unknown".equals(error.getOutcome()) ? 75 : 1); // 75: send the same form again
        }
    }
}
