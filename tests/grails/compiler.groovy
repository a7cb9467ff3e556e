// Lets Grails' own helper write into each domain class which fields a request can set, as the compiler of the framework does.
import org.grails.web.databinding.DefaultASTDatabindingHelper

withConfig(configuration) {
    inline(phase: 'CANONICALIZATION') { source, context, type ->
        if (source.name.contains('grails-app/domain')) {
            new DefaultASTDatabindingHelper().injectDatabindingCode(source, context, type)
        }
    }
}
