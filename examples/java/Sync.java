/*
 * Keeps a copy of all accounts in a folder, one JSON file for each: `java -cp target/examples.jar Sync copy`.
 *
 * Run it every night. The first run copies everything, later ones what was changed or deleted. The file `mark` in the
 * folder says where the next run continues. It is written last, so after a failure the next run returns the same changes.
 */

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import pl.egito.ChangesOptions;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.RecordId;

class Sync {
    static void run(Egito egito, Path folder) throws IOException {
        Files.createDirectories(folder);
        Path mark = folder.resolve("mark"), part = folder.resolve("mark.part");
        var options = new ChangesOptions().since(Files.exists(mark) ? Files.readString(mark) : null);
        var changes = egito.accounts().changes(options);
        int changed = 0;
        for (var account : changes) {
            Files.writeString(folder.resolve(account.getId() + ".json"), account.getJson());
            changed++;
        }
        var known = new ArrayList<RecordId>();
        try (var files = Files.newDirectoryStream(folder, "*.json")) {
            files.forEach(file -> known.add(RecordId.of(file.getFileName().toString().replaceFirst("\\.json$", ""))));
        }
        var deleted = egito.accounts().deleted(known);
        for (var id : deleted) Files.delete(folder.resolve(id + ".json"));

        Files.writeString(part, changes.getMark());
        Files.move(part, mark, StandardCopyOption.REPLACE_EXISTING);
        System.out.println(changed + " changed, " + deleted.size() + " deleted");
    }

    public static void main(String[] arguments) throws IOException {
        if (arguments.length != 1) {
            System.err.println("usage: Sync FOLDER");
            System.exit(2);
        }
        try (Egito egito = Egito.fromEnv()) {
            run(egito, Path.of(arguments[0]));
        } catch (EgitoException error) {
            System.err.println(error.getCode() + ": " + error.getMessage());
            System.exit(error.isRetryable() ? 75 : 1); // 75: try again later
        }
    }
}
