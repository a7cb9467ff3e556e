package egito.grails

import groovy.sql.Sql
import org.springframework.beans.factory.annotation.Autowired
import org.springframework.beans.factory.annotation.Qualifier
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Configuration
import org.springframework.context.annotation.Primary
import org.springframework.security.authentication.AuthenticationManager
import org.springframework.security.config.annotation.authentication.builders.AuthenticationManagerBuilder
import org.springframework.security.config.annotation.web.builders.HttpSecurity
import org.springframework.security.config.annotation.web.builders.WebSecurity
import org.springframework.security.config.annotation.web.configuration.EnableWebSecurity
import org.springframework.security.config.annotation.web.configuration.WebSecurityConfigurerAdapter
import org.springframework.security.crypto.password.NoOpPasswordEncoder
import org.springframework.security.oauth2.config.annotation.configurers.ClientDetailsServiceConfigurer
import org.springframework.security.oauth2.config.annotation.web.configuration.AuthorizationServerConfigurerAdapter
import org.springframework.security.oauth2.config.annotation.web.configuration.EnableAuthorizationServer
import org.springframework.security.oauth2.config.annotation.web.configuration.EnableResourceServer
import org.springframework.security.oauth2.config.annotation.web.configuration.ResourceServerConfigurerAdapter
import org.springframework.security.oauth2.config.annotation.web.configurers.AuthorizationServerEndpointsConfigurer
import org.springframework.security.oauth2.config.annotation.web.configurers.AuthorizationServerSecurityConfigurer
import org.springframework.security.oauth2.provider.token.DefaultTokenServices
import org.springframework.security.oauth2.provider.token.TokenStore
import org.springframework.security.oauth2.provider.token.store.InMemoryTokenStore
import org.springframework.security.oauth2.provider.token.store.JdbcTokenStore

import javax.sql.DataSource

/** The users, with their passwords and rights. */
@Configuration
@EnableWebSecurity
class Users extends WebSecurityConfigurerAdapter {
    static final String[] ALL = ['CREATE', 'READ', 'UPDATE', 'DELETE']

    @Override
    protected void configure(AuthenticationManagerBuilder people) {
        people.inMemoryAuthentication().passwordEncoder(NoOpPasswordEncoder.instance)
            .withUser('jan@firma').password(Seed.PASSWORD).authorities(ALL)
            .and().withUser('czytelnik@firma').password('tylko-do-odczytu').authorities('READ')
            .and().withUser('zablokowany@firma').password('nie-wchodzi').authorities(ALL).accountLocked(true)
    }

    @Override
    void configure(WebSecurity web) {
        web.ignoring().antMatchers('/_control/**')
    }

    @Bean
    @Override
    AuthenticationManager authenticationManagerBean() {
        super.authenticationManagerBean()
    }
}

/** `/oauth/token`. */
@Configuration
@EnableAuthorizationServer
class TokenServer extends AuthorizationServerConfigurerAdapter {
    @Autowired AuthenticationManager authenticationManager
    @Autowired DefaultTokenServices tokens

    @Override
    void configure(ClientDetailsServiceConfigurer clients) {
        clients.inMemory()
            .withClient(Seed.CLIENT_ID).secret(Seed.CLIENT_SECRET)
            .authorizedGrantTypes('password', 'refresh_token', 'client_credentials').scopes('read', 'write')
            .authorities(Users.ALL)
    }

    @Override
    void configure(AuthorizationServerSecurityConfigurer security) {
        security.allowFormAuthenticationForClients().passwordEncoder(NoOpPasswordEncoder.instance)
    }

    @Override
    void configure(AuthorizationServerEndpointsConfigurer endpoints) {
        endpoints.authenticationManager(authenticationManager).tokenServices(tokens)
    }
}

/** Stores tokens in memory, or with `-Degito.tokens=database` in the database. */
@Configuration
class Tokens {
    @Bean
    ResettableTokenStore tokenStore(@Qualifier('dataSource') DataSource source) {
        boolean database = System.getProperty('egito.tokens') == 'database'
        new ResettableTokenStore(database ? { Tokens.tables(source) } : { new InMemoryTokenStore() })
    }

    @Bean
    @Primary
    DefaultTokenServices tokens(ResettableTokenStore store) {
        new DefaultTokenServices(tokenStore: store, supportRefreshToken: true, tokenEnhancer: new IssuedTokens())
    }

    /** Returns a JdbcTokenStore whose tables are new and empty. */
    static JdbcTokenStore tables(DataSource source) {
        def sql = new Sql(source)
        ['oauth_access_token', 'oauth_refresh_token'].each { sql.execute("drop table if exists $it".toString()) }
        sql.execute('create table oauth_access_token (token_id varchar(255), token blob, authentication_id varchar(255) primary key, ' +
            'user_name varchar(255), client_id varchar(255), authentication blob, refresh_token varchar(255))')
        sql.execute('create table oauth_refresh_token (token_id varchar(255), token blob, authentication blob)')
        sql.close()
        new JdbcTokenStore(source)
    }
}

/** A token store that can be emptied. */
class ResettableTokenStore implements TokenStore {
    private final Closure<TokenStore> empty
    @Delegate private TokenStore store

    ResettableTokenStore(Closure<TokenStore> empty) {
        this.empty = empty
        reset()
    }

    void reset() {
        store = empty()
    }
}

/** Requires the right of the action's category, as Egito does. */
@Configuration
@EnableResourceServer
class Rights extends ResourceServerConfigurerAdapter {
    @Override
    void configure(HttpSecurity http) {
        def call = '/services/restapi/json/*/'
        http.authorizeRequests()
            .antMatchers(call + 'create').hasAuthority('CREATE')
            .antMatchers(call + 'update').hasAuthority('UPDATE')
            .antMatchers(call + 'delete').hasAuthority('DELETE')
            .antMatchers(call + 'get', call + 'list').hasAuthority('READ')
            .anyRequest().authenticated()
    }
}
