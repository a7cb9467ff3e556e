//! The async example of the crate's README. Reads `EGITO_*` from the environment.

use serde_json::json;

#[tokio::main]
async fn main() -> Result<(), egito::Error> {
    let client = egito::Client::from_env()?;
    let id = client.accounts().create(&json!({"name": "Żubr sp. z o.o.", "city": "Kraków"})).await?;
    client.accounts().update(&id, &json!({"phone": "+48 12 446 66 66"})).await?;

    let mut accounts = client.accounts().list().filter("city", "Kraków").records()?;
    while let Some(account) = accounts.next().await {
        println!("{}", account?.json());
    }
    Ok(())
}
