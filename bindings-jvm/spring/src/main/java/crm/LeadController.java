package crm;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import pl.egito.Egito;
import pl.egito.EgitoException;
import pl.egito.Entity;
import pl.egito.ValidationException;

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
        if (form.formKey() == null || form.formKey().isBlank()) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, "formKey is missing");
        }
        var lead = new HashMap<String, Object>();
        lead.put("formKey", form.formKey());
        lead.put("lastName", form.lastName());
        lead.put("phone", form.phone());
        return Map.of("id", leads.createOnce(lead, "formKey").getId().toString());
    }

    @ExceptionHandler
    ResponseEntity<List<String>> invalid(ValidationException error) {
        return ResponseEntity.badRequest().body(error.getErrors().stream().map(each -> each.getMessage()).toList());
    }

    /** The status of an error is Egito's response to this application, not one for the visitor. */
    @ExceptionHandler
    ResponseEntity<String> failed(EgitoException error) {
        LOG.error("the lead was not registered", error);
        return ResponseEntity.status(502).body("This did not work. Please try again later.");
    }
}
