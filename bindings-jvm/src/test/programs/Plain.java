import java.util.Map;
import pl.egito.Egito;
import pl.egito.NotFoundException;
import pl.egito.RecordId;

/** A program that has only the jar and its dependencies on its class path. It is run by check-jar.sh. */
public class Plain {
    public static void main(String[] arguments) throws Exception {
        Process sandbox = new ProcessBuilder(System.getenv("EGITO_SANDBOX"), "--port", "0").start();
        try (var output = sandbox.inputReader()) {
            String line = output.readLine();
            String settings = line.substring(line.indexOf("\"settings\":") + "\"settings\":".length(), line.length() - 1);
            try (Egito egito = Egito.fromJson(settings)) {
                RecordId id = egito.accounts().create(Map.of("name", "Żubr"));
                System.out.println(egito.accounts().get(id).get("name"));
                try {
                    egito.accounts().get(987_654_321);
                    throw new AssertionError("expected an error");
                } catch (NotFoundException expected) {
                    System.out.println(expected.getMessage());
                }
            }
        } finally {
            sandbox.destroy();
        }
    }
}
