"""Creates, reads, changes, lists and deletes records, and shows an error. Reads `EGITO_*` from the environment."""

import egito

with egito.Client.from_env() as client:
    account = client.accounts.create({"name": "Żółta Łódź sp. z o.o.", "city": "Gdańsk"})
    contact = client.contacts.create({"firstName": "Zażółć", "lastName": "Gęślą-Jaźń", "account": {"id": account}})
    opportunity = client.opportunities.create(
        {"name": "Wdrożenie CRM 🚀", "value": 12_500.5, "account": {"id": account}}
    )
    print(f"created   account {account}, contact {contact}, opportunity {opportunity}")

    print("read back", client.accounts.get(account)["name"])
    print("         ", client.contacts.get(contact)["lastName"])
    print("         ", client.opportunities.get(opportunity)["name"])

    client.accounts.update(account, {"phone": "+48 12 446 66 66"})
    print("changed  ", client.accounts.get(account)["phone"])

    pages = [len(page) for page in client.accounts.list(page_size=500).pages()]
    print("listed   ", sum(pages), "accounts on", len(pages), "pages")
    print("industry ", len(client.dictionary("industry").to_list()), "entries")

    client.opportunities.delete(opportunity)
    print("deleted   opportunity", opportunity)

    try:
        client.accounts.create({"city": "Łomża"})
    except egito.ValidationError as error:
        print(f"refused   {error.code}: {error}")
