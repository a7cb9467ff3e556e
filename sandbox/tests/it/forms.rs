//! Records sent as forms.

use crate::crm::Crm;

#[test]
fn a_form_makes_the_same_record_as_json() {
    let crm = Crm::new();
    let form = "lastName=+%C5%81%C4%85cki+&account.id=5&items%5B0%5D.name=a&items%5B1%5D.name=b&email=";
    let id = crm.post_form("Contact/create", form).json()["id"].clone();
    let text = crm.get(&format!("Contact/get?id={id}")).text;
    let fields = r#""lastName":"Łącki","account":{"id":5},"items":[{"name":"a"},{"name":"b"}],"email":null"#;
    assert!(text.contains(fields), "{text}");
}

#[test]
fn a_form_updates_and_deletes_by_its_id() {
    let crm = Crm::new();
    assert_eq!(crm.post_form("Contact/update", "id=1&lastName=Nowa").json()["id"], 1);
    assert_eq!(crm.get("Contact/get?id=1").json()["lastName"], "Nowa");
    assert_eq!(crm.post_form("Contact/delete", "id=1").status, 200);
}

#[test]
fn reads_take_their_parameters_from_a_form_too() {
    let crm = Crm::new();
    assert_eq!(crm.post_form("Account/list", "max=2&offset=1&sort=id").ids(), [2, 3]);
    assert_eq!(crm.post_form("SelectDictionary/list", "type=source").ids().len(), 5);
}

#[test]
fn the_token_in_a_form_is_not_a_field_of_the_record() {
    let crm = Crm::new();
    let body = format!("lastName=x&access_token={}", crm.token());
    let path = "/services/restapi/json/Lead/create";
    assert_eq!(crm.send("POST", path, &[("content-type", crate::crm::FORM)], &body).json()["id"], 9);
    assert!(crm.get("Lead/get?id=9").json().get("access_token").is_none());
}
