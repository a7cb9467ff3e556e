package crm;

import java.time.Duration;
import java.time.Instant;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.stereotype.Component;
import pl.egito.AuthException;
import pl.egito.CallSettings;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.Entity;

/** Whether Egito responds. Reads one account, at most, and keeps the result, since load balancers ask every few seconds. */
@Component
class EgitoHealthIndicator implements HealthIndicator {
    private record Check(Health health, Instant validUntil) {}

    private final Entity accounts;
    private volatile Check last = new Check(Health.unknown().build(), Instant.MIN);

    EgitoHealthIndicator(Egito egito) {
        accounts = egito.accounts().withOptions(new CallSettings().timeout(Duration.ofSeconds(5)).maxRetries(0));
    }

    @Override
    public Health health() {
        if (Instant.now().isAfter(last.validUntil())) last = check();
        return last.health();
    }

    private Check check() {
        try {
            accounts.list().exists();
            return validFor(Duration.ofSeconds(30), Health.up().build());
        } catch (AuthException error) {
            // Many logins with a wrong password can lock the account.
            return validFor(Duration.ofMinutes(10), down(error));
        } catch (EgitoException error) {
            return validFor(Duration.ofSeconds(30), down(error));
        }
    }

    private static Check validFor(Duration duration, Health health) {
        return new Check(health, Instant.now().plus(duration));
    }

    /** The message contains no secrets. */
    private static Health down(EgitoException error) {
        return Health.down().withDetail("code", error.getCode()).withDetail("message", error.getMessage()).build();
    }
}
