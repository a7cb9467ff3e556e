/** A server that hangs up while a large body is sent: the process lives, also if it was started with SIGPIPE at its default. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAuthority, startRawServer } from './raw-server.mjs';
import { run } from './run.mjs';

const PROGRAM = `
  import { Client } from 'egito';
  const client = new Client(JSON.parse(process.argv[1]));
  const record = { text: 'x'.repeat(5_000_000) };
  const outcome = (error) => error.outcome;
  const [{ error }] = await client.leads.createMany([record]);
  console.log(await client.leads.create(record).catch(outcome), outcome(error));
`;

const authority = makeAuthority();
for (const [how, given] of Object.entries({ plain: {}, TLS: { authority } })) {
  for (const hangUp of /** @type {const} */ (['fin', 'rst'])) {
    test(`a server that hangs up (${hangUp}, ${how}) ends the call and not the process`, async () => {
      const settings = await startRawServer({ ...given, hangUp });
      const trust = 'authority' in given ? { caFile: authority.file } : {};
      const ended = await run(PROGRAM, { ...settings, ...trust });
      assert.deepEqual(ended, { out: 'unknown unknown\n', err: '', code: 0 });
    });
  }
}
