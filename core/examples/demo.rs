//! Creates, reads, updates, lists and deletes records, and shows an error. Reads `EGITO_*` from the environment.

use egito::{Entity, RecordId};
use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), egito::Error> {
    let client = egito::Client::from_env()?;

    let account = client.accounts().create(&json!({"name": "Żółta Łódź sp. z o.o.", "city": "Gdańsk"})).await?;
    let contact = json!({"firstName": "Zażółć", "lastName": "Gęślą-Jaźń", "account": {"id": account}});
    let contact = client.contacts().create(&contact).await?;
    let opportunity = json!({"name": "Wdrożenie CRM 🚀", "value": 12_500.5, "account": {"id": account}});
    let opportunity = client.opportunities().create(&opportunity).await?;
    println!("created   account {account}, contact {contact}, opportunity {opportunity}");

    show("read back", &client.accounts(), &account, "name").await?;
    show("", &client.contacts(), &contact, "lastName").await?;
    show("", &client.opportunities(), &opportunity, "name").await?;
    client.accounts().update(&account, &json!({"phone": "+48 12 446 66 66"})).await?;
    show("changed", &client.accounts(), &account, "phone").await?;

    let (mut pages, mut accounts) = (0, 0);
    let mut list = client.accounts().list().page_size(500).pages()?;
    while let Some(page) = list.next().await {
        pages += 1;
        accounts += page?.len();
    }
    println!("listed    {accounts} accounts on {pages} pages");
    println!("industry  {} entries", client.dictionary("industry").to_vec().await?.len());

    client.opportunities().delete(&opportunity).await?;
    println!("deleted   opportunity {opportunity}");

    let error = client.accounts().create(&json!({"city": "Łomża"})).await.expect_err("an account needs a name");
    println!("refused   {}: {error}", error.code());
    Ok(())
}

async fn show(what: &str, entity: &Entity, id: &RecordId, field: &str) -> Result<(), egito::Error> {
    let record: serde_json::Value = entity.get(id).await?.deserialize()?;
    println!("{what:9} {}", record[field].as_str().unwrap_or_default());
    Ok(())
}
