//! Required fields that are missing, in every form of `errors`.

use crate::crm::Crm;

#[test]
fn a_missing_field_is_reported_in_the_frameworks_form_with_status_200() {
    let response = Crm::new().post("Account/create", r#"{"name":"  "}"#);
    let message = "Pole [name] encji [Account] nie może być puste";
    let error =
        format!(r#"{{"object":"pl.egito.Account","field":"name","rejected-value":null,"message":"{message}"}}"#);
    assert_eq!((response.status, response.text), (200, format!(r#"{{"errors":[{error}]}}"#)));
}

#[test]
fn nothing_is_stored_when_validation_fails() {
    let crm = Crm::new();
    crm.post("Account/create", "{}");
    crm.post("Account/update", r#"{"id":1,"name":""}"#);
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    assert_eq!(crm.get("Account/get?id=1").json()["name"], "Żubr Próbny sp. z o.o.");
}

#[test]
fn the_status_and_the_form_of_errors_follow_the_config() {
    let crm = Crm::new();
    let create = |form: &str| {
        crm.control("config", &format!(r#"{{"validation_status":422,"locale":"en","errors_form":"{form}"}}"#));
        let response = crm.post("Lead/create", "{}");
        assert_eq!(response.status, 422);
        response.json()
    };
    let message = "Property [lastName] of class [Lead] cannot be null";
    assert_eq!(create("objects")["errors"][0]["message"], message);
    assert_eq!(create("strings")["errors"][0], message);
    assert_eq!(create("one_object")["errors"]["field"], "lastName");
    assert_eq!(create("one_string")["errors"], message);
    assert_eq!(create("single_error")["error"], message);
    assert_eq!(create("success_false")["success"], false);
}
