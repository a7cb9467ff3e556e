/** Creates, reads, updates, lists and deletes records, and shows an error. It reads `EGITO_*` from the environment. */

import { Client, ValidationError } from 'egito';

const client = Client.fromEnv();
const { accounts, contacts, opportunities } = client;

const account = await accounts.create({ name: 'Żółta Łódź sp. z o.o.', city: 'Gdańsk' });
const contact = await contacts.create({ firstName: 'Zażółć', lastName: 'Gęślą-Jaźń', account: { id: account } });
const opportunity = await opportunities.create({
  name: 'Wdrożenie CRM 🚀',
  value: 12_500.5,
  account: { id: account },
});
console.log(`created   account ${account}, contact ${contact}, opportunity ${opportunity}`);

console.log('read back', (await accounts.get(account)).name);
console.log('         ', (await contacts.get(contact)).lastName);
console.log('         ', (await opportunities.get(opportunity)).name);

await accounts.update(account, { phone: '+48 12 446 66 66' });
console.log('changed  ', (await accounts.get(account)).phone);

let [pages, count] = [0, 0];
for await (const page of accounts.list({ pageSize: 500 }).pages()) {
  pages += 1;
  count += page.length;
}
console.log(`listed    ${count} accounts on ${pages} pages`);
console.log(`industry  ${(await client.dictionary('industry').toArray()).length} entries`);

await opportunities.delete(opportunity);
console.log(`deleted   opportunity ${opportunity}`);

try {
  await accounts.create({ city: 'Łomża' });
} catch (error) {
  if (!(error instanceof ValidationError)) throw error;
  console.log(`refused   ${error.code}: ${error.message}`);
}
