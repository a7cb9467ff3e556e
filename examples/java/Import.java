/*
 * Imports accounts from a CSV file with the columns nip;name;city: `java -cp target/examples.jar Import accounts.csv`.
 *
 * Accounts are found by their tax number, and created or updated. After a crash, run the same command again: the file
 * `accounts.csv.journal` knows what is done. Lines that were refused are in `accounts.csv.rejected.txt`: correct them,
 * and run it again.
 */

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import pl.egito.BulkOptions;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.UpsertChange;

class Import {
    /** Returns the record of each line. The cells of this file have no quotes. */
    static List<Map<String, String>> read(Path file) throws IOException {
        var accounts = new ArrayList<Map<String, String>>();
        var lines = Files.readAllLines(file);
        for (int index = 1; index < lines.size(); index++) { // the first line has the names of the columns
            String[] cells = lines.get(index).split(";", -1);
            if (cells.length != 3) {
                throw new IOException(file + ", line " + (index + 1) + ": expected 3 cells, got " + cells.length);
            }
            accounts.add(Map.of("nip", cells[0], "name", cells[1], "city", cells[2]));
        }
        return accounts;
    }

    /** Returns the exit code. */
    static int run(Egito egito, Path file) throws IOException {
        Path journal = Path.of(file + ".journal"), report = Path.of(file + ".rejected.txt");
        var counts = new EnumMap<UpsertChange, Integer>(UpsertChange.class);
        var rejected = new ArrayList<String>();
        boolean runAgain = false;
        var options = new BulkOptions().journal(journal.toString());
        for (var row : egito.accounts().upsertMany(read(file), "nip", options)) {
            EgitoException error = row.getError();
            if (error == null && row.getChange() != UpsertChange.AMBIGUOUS) {
                counts.merge(row.getChange(), 1, Integer::sum);
                continue;
            }
            String reason = error == null ? "several accounts have this number: " + row.getDuplicates() : error.getMessage();
            rejected.add("line " + (row.getIndex() + 2) + ": " + reason);
            runAgain |= error != null && (error.isRetryable() || "unknown".equals(error.getOutcome()));
        }
        for (var change : List.of(UpsertChange.CREATED, UpsertChange.UPDATED, UpsertChange.UNCHANGED)) {
            System.out.print(counts.getOrDefault(change, 0) + " " + change.name().toLowerCase() + ", ");
        }
        System.out.println(rejected.size() + " rejected");
        Files.write(report, rejected);
        if (!rejected.isEmpty()) return runAgain ? 75 : 1; // 75: try again later
        Files.delete(report);
        Files.delete(journal); // the import is done: the next one begins from the start
        return 0;
    }

    public static void main(String[] arguments) {
        if (arguments.length != 1) {
            System.err.println("usage: Import FILE");
            System.exit(2);
        }
        int code = 1;
        try (Egito egito = Egito.fromEnv()) {
            code = run(egito, Path.of(arguments[0]));
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            code = error.isRetryable() ? 75 : 1;
        } catch (IOException error) {
            System.err.println(error.getMessage());
        }
        System.exit(code);
    }
}
