package egito.grails

import org.springframework.context.ApplicationContext
import org.springframework.security.authentication.UsernamePasswordAuthenticationToken
import org.springframework.security.core.authority.AuthorityUtils
import org.springframework.security.core.userdetails.User
import org.springframework.security.oauth2.common.DefaultOAuth2RefreshToken
import org.springframework.security.oauth2.common.OAuth2AccessToken
import org.springframework.security.oauth2.provider.OAuth2Authentication
import org.springframework.security.oauth2.provider.OAuth2Request
import org.springframework.security.oauth2.provider.token.TokenEnhancer
import org.springframework.security.oauth2.provider.token.TokenStore

import java.util.concurrent.CopyOnWriteArrayList

/** Remembers every token that was issued: the journal numbers them, and the judge looks for them in errors. */
class IssuedTokens implements TokenEnhancer {
    private static final List<String> ACCESS = new CopyOnWriteArrayList()
    private static final Set<String> REFRESH = Collections.synchronizedSet(new LinkedHashSet())

    @Override
    OAuth2AccessToken enhance(OAuth2AccessToken token, OAuth2Authentication authentication) {
        ACCESS << token.value
        REFRESH << token.refreshToken?.value
        token
    }

    /** Stores a refresh token that a user has from an earlier login. */
    static void storeRefreshToken(ApplicationContext context, String user, String token) {
        def rights = AuthorityUtils.createAuthorityList(Users.ALL)
        def request = new OAuth2Request([:], Seed.CLIENT_ID, rights, true, ['read', 'write'] as Set, null, null, null, null)
        def person = new UsernamePasswordAuthenticationToken(new User(user, '', rights), null, rights)
        context.getBean(TokenStore).storeRefreshToken(new DefaultOAuth2RefreshToken(token), new OAuth2Authentication(request, person))
        REFRESH << token
    }

    /** Returns the token's number, counted as they were issued, or null for one that was not. */
    static Integer number(String token) {
        int index = ACCESS.indexOf(token)
        index < 0 ? null : index + 1
    }

    /** Returns the access tokens, oldest first. */
    static List<String> accessTokens() {
        ACCESS.unique(false)
    }

    /** Returns the secrets of this server and every token that it issued. */
    static List<String> secrets() {
        [Seed.CLIENT_SECRET, Seed.PASSWORD, *(ACCESS + REFRESH).findAll()]
    }

    static void clear() {
        ACCESS.clear()
        REFRESH.clear()
    }
}
