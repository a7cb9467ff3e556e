//! The main job in Rust: create, read, change, list, delete, and a clear error. Reads `EGITO_*` from the environment.

use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), egito::Error> {
    let client = egito::Client::from_env()?;

    let account = client.accounts().create(&json!({"name": "Żółta Łódź sp. z o.o.", "city": "Gdańsk"})).await?;
    let contact = json!({"firstName": "Zażółć", "lastName": "Gęślą-Jaźń", "account": {"id": account}});
    let contact = client.contacts().create(&contact).await?;
    let opportunity = json!({"name": "Wdrożenie CRM 🚀", "value": 12_500.5, "account": {"id": account}});
    let opportunity = client.opportunities().create(&opportunity).await?;
    println!("created account {account}, contact {contact}, opportunity {opportunity}");

    println!("read back {}", client.accounts().get(&account).await?.raw("name").unwrap_or_default());
    println!("          {}", client.contacts().get(&contact).await?.raw("lastName").unwrap_or_default());
    println!("          {}", client.opportunities().get(&opportunity).await?.raw("name").unwrap_or_default());

    client.accounts().update(&account, &json!({"phone": "+48 12 446 66 66"})).await?;
    println!("changed   {}", client.accounts().get(&account).await?.raw("phone").unwrap_or_default());

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
