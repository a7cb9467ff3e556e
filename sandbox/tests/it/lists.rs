//! Pages, filters, order, dictionaries.

use crate::crm::Crm;

#[test]
fn max_and_offset_select_a_page() {
    let crm = Crm::new();
    assert_eq!(crm.get("Account/list?sort=id&order=asc&max=3&offset=4").ids(), [5, 6, 7]);
    assert_eq!(crm.get("Account/list?sort=id&order=desc&max=2").ids(), [20, 19]);
    assert_eq!(crm.get("Account/list").ids().len(), 20);
    assert_eq!(crm.get("Account/list?max=5&offset=20").text, "[]");
}

#[test]
fn records_can_be_sorted_by_any_field() {
    let crm = Crm::new();
    let by_employees = crm.get("Account/list?sort=employees&order=desc&max=2").ids();
    assert_eq!(by_employees, [3, 7]);
}

#[test]
fn filters_compare_nested_fields_as_strings() {
    let crm = Crm::new();
    assert_eq!(crm.get("Account/list?city=Krak%C3%B3w").ids(), [1, 3]);
    assert_eq!(crm.get("Account/list?industry.id=8").ids(), [6, 16]);
    assert_eq!(crm.get("Account/list?revenue=98765432.10").ids(), [3]);
    assert_eq!(crm.get("Account/list?isActive=false").ids(), [9, 18]);
    assert_eq!(crm.get("Account/list?city=Krak%C3%B3w&employees=120").ids(), [1]);
    assert_eq!(crm.get("Account/list?id=4&id=2").ids(), [2, 4]);
    assert_eq!(crm.get("Account/list?noSuchField=1").text, "[]");
    assert_eq!(crm.get("Account/list?noSuchField=&max=1").ids(), [1]);
}

#[test]
fn a_cap_silently_shortens_every_page() {
    let crm = Crm::new();
    crm.control("config", r#"{"page_cap":5}"#);
    assert_eq!(crm.get("Account/list?max=100").ids().len(), 5);
    assert_eq!(crm.get("Account/list").ids().len(), 5);
    crm.control("config", r#"{"page_default":3,"page_cap":null}"#);
    assert_eq!(crm.get("Account/list").ids().len(), 3);
    assert_eq!(crm.get("Account/list?max=100").ids().len(), 20);
}

#[test]
fn a_server_may_ignore_offset_and_max() {
    let crm = Crm::new();
    crm.control("config", r#"{"ignore_offset":true}"#);
    assert_eq!(crm.get("Account/list?max=2&offset=4").ids(), [1, 2]);
    crm.control("config", r#"{"ignore_offset":false,"ignore_max":true}"#);
    assert_eq!(crm.get("Account/list?max=2&offset=4").ids().len(), 16);
}

#[test]
fn a_server_may_ignore_some_filters() {
    let crm = Crm::new();
    crm.control("config", r#"{"ignore_filters":["nip"]}"#);
    assert_eq!(crm.get("Account/list?nip=1&city=Krak%C3%B3w").ids(), [1, 3]);
    assert_eq!(crm.get("Account/list?nip=1").ids().len(), 20);
    crm.control("config", r#"{"ignore_filters":[],"list_form":"rows","total_key":"total"}"#);
    assert_eq!(crm.get("Account/list?nip=1").json()["total"], 0);
    crm.control("config", r#"{"ignore_filters":["nip"]}"#);
    assert_eq!(crm.get("Account/list?nip=1").json()["total"], 20);
}

#[test]
fn the_array_may_be_in_an_object_with_a_right_or_wrong_count() {
    let crm = Crm::new();
    crm.control("config", r#"{"list_form":"rows","total_key":"totalCount"}"#);
    let page = crm.get("Account/list?max=2&city=Krak%C3%B3w").json();
    assert_eq!((page["rows"].as_array().unwrap().len(), &page["totalCount"]), (2, &2.into()));
    crm.control("config", r#"{"total_delta":-3,"hide_total_on_page":true}"#);
    assert_eq!(crm.get("Account/list?max=2").json()["totalCount"], 17);
    assert!(crm.get("Account/list?max=2&offset=2").json().get("totalCount").is_none());
}

#[test]
fn without_a_sort_the_order_may_differ_each_time() {
    let crm = Crm::new();
    crm.control("config", r#"{"unsorted":"random"}"#);
    let orders: Vec<_> = (0..5).map(|_| crm.get("Account/list").ids()).collect();
    assert!(orders.iter().any(|order| *order != orders[0]));
    assert_eq!(crm.get("Account/list?sort=id&max=3").ids(), [1, 2, 3]);
}

#[test]
fn the_parameters_may_have_other_names() {
    let crm = Crm::new();
    crm.control("config", r#"{"limit_param":"limit","offset_param":"start","sort_param":"by","order_param":"dir"}"#);
    assert_eq!(crm.get("Account/list?limit=2&start=1&by=id&dir=desc").ids(), [19, 18]);
}

#[test]
fn a_dictionary_is_a_list_of_its_own_type() {
    let crm = Crm::new();
    let entries = crm.get("SelectDictionary/list?type=relationshipType").json();
    assert_eq!(entries[3]["name"], "Były klient");
    assert_eq!(crm.get("SelectDictionary/list?type=industry&max=2&offset=6").ids(), [7, 8]);
    assert_eq!(crm.get("SelectDictionary/list?type=nothing").text, "[]");
    assert_eq!(crm.get("SelectDictionary/list").status, 400);
}

#[test]
fn pages_stay_correct_while_records_change() {
    let crm = Crm::new();
    let page = |offset: u32| crm.get(&format!("Account/list?sort=id&max=4&offset={offset}")).ids();
    assert_eq!((page(0), page(4)), (vec![1, 2, 3, 4], vec![5, 6, 7, 8]));
    assert_eq!(page(6), [7, 8, 9, 10]);
    crm.post("Account/delete", r#"{"id":2}"#);
    assert_eq!((page(4), page(0)), (vec![6, 7, 8, 9], vec![1, 3, 4, 5]));
    crm.control("seed", r#"{"entities":{"Account":[{"id":0},{"id":"x"}]}}"#);
    assert_eq!((page(0), page(4)), (vec![0, 1, 3, 4], vec![5, 6, 7, 8]));
    crm.control("config", r#"{"list_form":"rows","total_key":"total"}"#);
    let total = || crm.get("Account/list?max=1").json()["total"].clone();
    assert_eq!(total(), 21);
    crm.post("Account/create", r#"{"name":"x"}"#);
    assert_eq!(total(), 22);
}
