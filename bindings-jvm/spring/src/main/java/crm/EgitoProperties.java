package crm;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/** The properties `egito.*`. */
@ConfigurationProperties("egito")
record EgitoProperties(
        String baseUrl,
        String clientId,
        String clientSecret,
        String username,
        String password,
        @DefaultValue("15s") Duration timeout) {
    /** Contains no secret, since properties are logged easily. */
    @Override
    public String toString() {
        return "EgitoProperties[baseUrl=" + baseUrl + ", username=" + username + ", timeout=" + timeout + "]";
    }
}
