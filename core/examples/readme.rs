//! The Rust example of the README. Reads `EGITO_*` from the environment.

fn main() -> Result<(), egito::Error> {
    let client = egito::blocking::Client::from_env()?; // egito::Client is the async one
    let id = client.accounts().create(&serde_json::json!({"name": "Żubr sp. z o.o.", "city": "Kraków"}))?;
    client.accounts().update(&id, &serde_json::json!({"phone": "+48 12 446 66 66"}))?;
    for account in client.accounts().list().filter("city", "Kraków").records()? {
        println!("{}", account?.json());
    }
    Ok(())
}
