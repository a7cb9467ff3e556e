package crm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.Entity;

@RestController
class LeadController {
    private static final Logger LOG = LoggerFactory.getLogger(LeadController.class);

    private final Entity leads;

    LeadController(Egito egito) {
        leads = egito.leads();
    }

    /** A lead form. The form has a key, so that it can be sent any number of times. */
    record Form(String formKey, String lastName, String phone) {}

    @PostMapping("/leads")
    Map<String, Object> register(@RequestBody Form form) {
        var lead = new HashMap<String, Object>();
        lead.put("formKey", form.formKey());
        lead.put("lastName", form.lastName());
        lead.put("phone", form.phone());
        return Map.of("id", leads.createOnce(lead, "formKey").getId().toString());
    }

    /** The status of an error is Egito's response to this application, not one for the visitor. */
    @ExceptionHandler
    ResponseEntity<List<String>> failed(EgitoException error) {
        if (!error.isInvalidRecord()) {
            LOG.error("the lead was not registered", error);
            return ResponseEntity.status(502).body(List.of("This did not work. Please try again later."));
        }
        var messages = error.getErrors().stream().map(each -> each.getMessage()).toList();
        return ResponseEntity.badRequest().body(messages.isEmpty() ? List.of("Please load the page again.") : messages);
    }
}
