/*
 * Writes the tax numbers of all accounts in one form, 525-000-10-09 as 5250001009:
 * `java -cp target/examples.jar Normalize --write`.
 *
 * Without `--write` it shows what would be changed. Numbers in one form can be the key of an import.
 */

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import pl.egito.BulkOptions;
import pl.egito.Change;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.Entity;

class Normalize {
    /** Returns the exit code. */
    static int normalize(Entity accounts, boolean write) {
        var updates = new ArrayList<Change>();
        int invalid = 0;
        for (var account : accounts.list()) {
            String nip = Objects.requireNonNullElse(account.string("nip"), "");
            String digits = nip.replaceAll("[^0-9]", "");
            if (!nip.isEmpty() && digits.length() != 10) {
                System.err.println("account " + account.getId() + ": " + nip + " is not a tax number");
                invalid++;
            } else if (!digits.equals(nip)) {
                System.out.println("account " + account.getId() + ": " + nip + " becomes " + digits);
                updates.add(new Change(account.getId(), Map.of("nip", digits)));
            }
        }

        var rows = accounts.updateMany(write ? updates : List.of(), new BulkOptions().concurrency(4)).toList();
        // One failed update does not stop the others.
        List<EgitoException> failures = rows.stream().map(row -> row.getError()).filter(Objects::nonNull).toList();
        failures.forEach(error -> System.err.println(error.getCode() + ": " + error.getMessage()));
        System.out.println(rows.size() - failures.size() + " of " + updates.size() + " changed, " + invalid + " invalid");
        if (failures.stream().anyMatch(EgitoException::isRetryable)) return 75; // try again later
        return failures.isEmpty() && invalid == 0 ? 0 : 1;
    }

    public static void main(String[] arguments) {
        boolean write = List.of(arguments).equals(List.of("--write"));
        if (arguments.length > 0 && !write) {
            System.err.println("usage: Normalize [--write]");
            System.exit(2);
        }
        int code;
        try (Egito egito = Egito.fromEnv()) {
            code = normalize(egito.accounts(), write);
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            code = error.isRetryable() ? 75 : 1;
        }
        System.exit(code);
    }
}
