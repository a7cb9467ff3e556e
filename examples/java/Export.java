/*
 * Writes all accounts to a CSV file, in constant memory: `java -cp target/examples.jar Export accounts.csv`.
 *
 * The file is complete, or it is not there: it gets its name only after the last account.
 */

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.stream.Collectors;
import pl.egito.Egito;
import pl.egito.EgitoException;

class Export {
    private static final List<String> FIELDS = List.of("id", "nip", "name", "city");

    /** Writes the file, and returns the number of accounts. */
    static int export(Egito egito, Path target) throws IOException {
        Path part = Path.of(target + ".part");
        int count = 0;
        try (var file = Files.newBufferedWriter(part)) {
            file.write("\uFEFF" + String.join(",", FIELDS) + "\n"); // Excel needs a byte order mark for Polish letters
            for (var account : egito.accounts().list()) { // reads page after page
                file.write(FIELDS.stream().map(field -> quoted(account.get(field))).collect(Collectors.joining(",", "", "\n")));
                count++;
            }
        }
        Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
        return count;
    }

    private static String quoted(Object value) {
        return "\"" + (value == null ? "" : value.toString().replace("\"", "\"\"")) + "\"";
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: Export FILE");
            System.exit(2);
        }
        try (Egito egito = Egito.fromEnv()) {
            System.out.println(export(egito, Path.of(arguments[0])) + " accounts written to " + arguments[0]);
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            System.exit(error.isRetryable() ? 75 : 1); // 75: try again later
        }
    }
}
