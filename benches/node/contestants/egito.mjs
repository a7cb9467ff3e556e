/** The SDK, as a program uses it. */

import { Client } from '../../../target/bench/egito/dist/index.mjs';

export async function open(settings, pageSize) {
  const { accounts, leads } = new Client(settings);
  return {
    get: (id) => accounts.get(id),
    create: (record) => leads.create(record),
    toArray: () => accounts.list({ pageSize }).toArray(),
    stream: () => accounts.list({ pageSize }),
  };
}
