package egito.grails

import grails.boot.GrailsApp
import grails.boot.config.GrailsAutoConfiguration
import groovy.json.JsonOutput
import org.grails.datastore.gorm.events.ConfigurableApplicationContextEventPublisher
import org.grails.orm.hibernate.HibernateDatastore
import org.springframework.boot.autoconfigure.EnableAutoConfiguration
import org.springframework.boot.autoconfigure.orm.jpa.HibernateJpaAutoConfiguration
import org.springframework.boot.web.embedded.tomcat.TomcatServletWebServerFactory
import org.springframework.boot.web.server.WebServerFactoryCustomizer
import org.springframework.boot.web.servlet.FilterRegistrationBean
import org.springframework.boot.web.servlet.ServletRegistrationBean
import org.springframework.context.ApplicationContext
import org.springframework.context.ConfigurableApplicationContext
import org.springframework.context.annotation.Bean
import org.springframework.context.annotation.Import
import org.springframework.core.Ordered
import org.springframework.web.servlet.config.annotation.EnableWebMvc

/** A Grails application of the usual kind: domain classes, one controller, Spring Security OAuth for the login. */
@EnableWebMvc
@Import([Users, TokenServer, Tokens, Rights])
@EnableAutoConfiguration(exclude = HibernateJpaAutoConfiguration)
class Application extends GrailsAutoConfiguration {
    static final List<Class> DOMAIN = [Account, Contact, Opportunity, Lead, Offer, My_Own2, SelectDictionary]

    static void main(String[] args) {
        Parent.watch()
        System.setProperty('grails.env', 'production')
        new AddressPrintingApp(Application).run(args)
    }

    @Bean
    FilterRegistrationBean journalFilter() {
        new FilterRegistrationBean(filter: Journal.instance, order: Ordered.HIGHEST_PRECEDENCE)
    }

    @Bean
    ServletRegistrationBean controlServlet(ApplicationContext context) {
        new ServletRegistrationBean(new Control(context), '/_control/*').tap { loadOnStartup = 1 }
    }

    @Override
    Collection<Class> classes() {
        [RestApiController, UrlMappings, *DOMAIN]
    }

    /** Uses one folder for every run. Tomcat makes a temporary one otherwise, and leaves it behind when it is killed. */
    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> documentRoot() {
        { factory -> factory.documentRoot = new File(System.getProperty('server.tomcat.basedir'), 'webapp').tap { mkdirs() } }
    }

    @Bean
    WebServerFactoryCustomizer<TomcatServletWebServerFactory> bodyCopy() {
        { factory -> factory.addEngineValves(new BodyCopy()) }
    }

    /** Sets up GORM, as Grails' own plugin `hibernate5` does (which is not in Maven Central). */
    @Override
    Closure doWithSpring() {
        ConfigurableApplicationContext context = (ConfigurableApplicationContext) applicationContext
        return {
            hibernateDatastore(
                HibernateDatastore,
                context.environment,
                new ConfigurableApplicationContextEventPublisher(context),
                DOMAIN as Class[]
            )
            grailsDomainClassMappingContext(hibernateDatastore: 'getMappingContext')
            sessionFactory(hibernateDatastore: 'getSessionFactory')
            transactionManager(hibernateDatastore: 'getTransactionManager')
        }
    }
}

/** Prints one line of JSON as soon as the server listens, as the sandbox does. */
class AddressPrintingApp extends GrailsApp {
    AddressPrintingApp(Class application) {
        super(application)
    }

    @Override
    protected Object printRunStatus(ConfigurableApplicationContext context) {
        def address = "http://127.0.0.1:${context.webServer.port}".toString()
        def settings = [base_url: address, client_id: Seed.CLIENT_ID, client_secret: Seed.CLIENT_SECRET,
                        username: Seed.USER, password: Seed.PASSWORD]
        Rows.seed()
        if (Integer.getInteger('egito.records')) {
            Rows.generate('Account', Integer.getInteger('egito.records'))
        }
        def out = new PrintStream(new FileOutputStream(FileDescriptor.out), true, 'UTF-8')
        out.println(Boolean.getBoolean('egito.print-env') ? variables(settings) : JsonOutput.toJson(address: address, settings: settings))
    }

    /** Returns `export` lines for a shell's `eval`: the variables from which every language reads its settings. */
    private static String variables(Map settings) {
        def names = [base_url: 'EGITO_BASE_URL', client_id: 'EGITO_API_ID', client_secret: 'EGITO_API_SECRET',
                     username: 'EGITO_USERNAME', password: 'EGITO_PASSWORD']
        names.collect { setting, name -> "export $name='${settings[setting].replace("'", "'\\''")}'" }.join('\n')
    }
}
