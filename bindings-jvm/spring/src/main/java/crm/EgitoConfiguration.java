package crm;

import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import pl.egito.Egito;

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
}
