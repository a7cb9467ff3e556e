/** The workloads. Each checks the records that it reads, and returns the number of units to divide its figures by. */

import assert from 'node:assert/strict';

export const RECORDS = 100_000;
export const PAGE = 1_000;

export const workloads = {
  get: {
    unit: 'one `get`, one after the other',
    warmUp: (client) => gets(client, 500),
    run: (client) => gets(client, 2_000),
  },
  create: {
    unit: 'one `create`, one after the other',
    warmUp: (client) => creates(client, 300),
    run: (client) => creates(client, 1_500),
  },
  'get-64': {
    unit: 'one `get`, 64 at once',
    warmUp: (client) => atOnce(client, 1_000),
    run: (client) => atOnce(client, 6_400),
  },
  list: {
    unit: '100,000 records as one array',
    warmUp: (client) => client.get(1),
    async run(client) {
      const records = await client.toArray();
      assert.equal(records.length, RECORDS);
      assert.ok(records.at(-1).name);
      return 1;
    },
  },
  stream: {
    unit: '100,000 records, one after the other',
    warmUp: (client) => client.get(1),
    async run(client) {
      let count = 0;
      for await (const record of client.stream()) {
        count += record.name ? 1 : 0;
      }
      assert.equal(count, RECORDS);
      return 1;
    },
  },
};

async function gets(client, count) {
  for (let n = 0; n < count; n++) {
    const id = (n % 1_000) + 1;
    assert.equal((await client.get(id)).id, id);
  }
  return count;
}

async function creates(client, count) {
  for (let n = 0; n < count; n++) {
    assert.ok(await client.create({ lastName: `Żubr ${n}`, city: 'Kraków', phone: '+48 12 446 66 66', employees: n }));
  }
  return count;
}

async function atOnce(client, count) {
  let next = 0;
  await Promise.all(
    Array.from({ length: 64 }, async () => {
      while (next < count) {
        const id = (next++ % 1_000) + 1;
        assert.equal((await client.get(id)).id, id);
      }
    }),
  );
  return count;
}
