package pl.egito.dates;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import pl.egito.Egito;

/** Writes dates in Java's own types, reads them back and prints them. Arguments: see `test_grails_dates.py`. */
final class Dates {
    private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");

    private Dates() {}

    public static void main(String[] arguments) {
        var zone = ZoneId.of(arguments[0]);
        try (Egito egito = Egito.fromEnv()) {
            var offers = egito.entity("Offer");
            for (String wanted : List.of(arguments).subList(1, arguments.length)) {
                String text = wanted.substring(wanted.indexOf(':') + 1);
                boolean isDay = wanted.startsWith("day:");
                var value = isDay ? LocalDate.parse(text) : Instant.ofEpochSecond(Long.parseLong(text)).atZone(NEW_YORK);
                var read = offers.get(offers.create(Map.of("point", value))).instant("point");
                System.out.println(isDay ? read.atZone(zone).toLocalDate() : read.getEpochSecond());
            }
        }
    }
}
