/* Creates, reads, updates, lists and deletes records, and shows an error. It reads `EGITO_*` from the environment. */

import java.util.Map;
import pl.egito.Egito;
import pl.egito.ListOptions;
import pl.egito.ValidationException;

class Demo {
    public static void main(String[] arguments) {
        try (Egito egito = Egito.fromEnv()) {
            var account = egito.accounts().create(Map.of("name", "Żółta Łódź sp. z o.o.", "city", "Gdańsk"));
            var contact = egito.contacts().create(
                Map.of("firstName", "Zażółć", "lastName", "Gęślą-Jaźń", "account", Map.of("id", account)));
            var opportunity = egito.opportunities().create(
                Map.of("name", "Wdrożenie CRM 🚀", "value", 12_500.5, "account", Map.of("id", account)));
            System.out.printf("created   account %s, contact %s, opportunity %s%n", account, contact, opportunity);

            System.out.println("read back " + egito.accounts().get(account).string("name"));
            System.out.println("          " + egito.contacts().get(contact).string("lastName"));
            System.out.println("          " + egito.opportunities().get(opportunity).string("name"));

            egito.accounts().update(account, Map.of("phone", "+48 12 446 66 66"));
            System.out.println("changed   " + egito.accounts().get(account).string("phone"));

            int pages = 0, records = 0;
            for (var page : egito.accounts().list(new ListOptions().pageSize(500)).pages()) {
                pages++;
                records += page.size();
            }
            System.out.printf("listed    %d accounts on %d pages%n", records, pages);
            System.out.printf("industry  %d entries%n", egito.dictionary("industry").toList().size());

            egito.opportunities().delete(opportunity);
            System.out.println("deleted   opportunity " + opportunity);

            try {
                egito.accounts().create(Map.of("city", "Łomża"));
            } catch (ValidationException error) {
                System.out.printf("refused   %s: %s%n", error.getCode(), error.getMessage());
            }
        }
    }
}
