/** The SDK, as a program uses it. */

import { pathToFileURL } from 'node:url';
import { PAGE } from '../workloads.mjs';

export async function open(settings) {
  const { Client } = await import(pathToFileURL(`${process.env.BENCH_TARGET}/bench/egito/dist/index.mjs`));
  const { accounts } = new Client(settings);
  return {
    get: (id) => accounts.get(id),
    create: (record) => accounts.create(record),
    toArray: () => accounts.list({ pageSize: PAGE }).toArray(),
  };
}
