package egito.grails

import grails.artefact.Artefact

@Artefact('UrlMappings')
class UrlMappings {
    static mappings = {
        "/services/restapi/json/$entity/$verb"(controller: 'restApi', action: 'call')
    }
}
