/** Writes dates in JavaScript's own type, reads them back and prints them. Arguments: see `test_grails_dates.py`. */

import { Client } from '../../bindings-node/dist/index.mjs';

const [timeZone, ...wanted] = process.argv.slice(2);
const client = Client.fromEnv();
const offers = client.entity('Offer');

for (const one of wanted) {
  const [kind, text] = one.split(/:(.*)/);
  // JavaScript has no type for a day without a time.
  const value = kind === 'day' ? text : new Date(Number(text) * 1000);
  const id = await offers.create({ point: value });
  const read = new Date((await offers.get(id)).point);
  console.log(kind === 'day' ? read.toLocaleDateString('sv-SE', { timeZone }) : read.getTime() / 1000);
}
await client.close();
