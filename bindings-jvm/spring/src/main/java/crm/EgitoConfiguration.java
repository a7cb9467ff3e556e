package crm;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.health.contributor.Health;
import org.springframework.boot.health.contributor.HealthIndicator;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import pl.egito.Egito;
import pl.egito.EgitoException;

@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(EgitoProperties.class)
class EgitoConfiguration {
    /** One client for the whole application. Spring closes it last, after the requests in flight. */
    @Bean
    Egito egito(EgitoProperties properties) {
        return Egito.builder()
                .baseUrl(properties.baseUrl())
                .clientId(properties.clientId())
                .clientSecret(properties.clientSecret())
                .username(properties.username())
                .password(properties.password())
                .timeout(properties.timeout())
                .build();
    }

    /** Reads one account, at most. Errors contain no secrets, so their messages can be shown. */
    @Bean
    HealthIndicator egitoHealthIndicator(Egito egito) {
        return () -> {
            try {
                egito.accounts().list().exists();
                return Health.up().build();
            } catch (EgitoException error) {
                return Health.down().withDetail("code", error.getCode()).withDetail("message", error.getMessage()).build();
            }
        };
    }
}
