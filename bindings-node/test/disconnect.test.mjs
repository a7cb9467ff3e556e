/** A server that disconnects while a large body is sent does not end the process, even if SIGPIPE has its default action. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { makeAuthority, startRawServer } from './raw-server.mjs';
import { runProgram } from './run-program.mjs';

const PROGRAM = `
  import { Client } from 'egito';
  const client = new Client(JSON.parse(process.argv[1]));
  const record = { text: 'x'.repeat(5_000_000) };
  const outcome = (error) => error.outcome;
  const [{ error }] = await client.leads.createMany([record]);
  console.log(await client.leads.create(record).catch(outcome), outcome(error));
`;

const authority = makeAuthority();
for (const [protocol, options] of Object.entries({ plain: {}, TLS: { authority } })) {
  for (const disconnect of /** @type {const} */ (['fin', 'rst'])) {
    test(`a server that disconnects (${disconnect}, ${protocol}) ends the call, but not the process`, async () => {
      const settings = await startRawServer({ ...options, disconnect });
      const trust = 'authority' in options ? { caFile: authority.file } : {};
      const ended = await runProgram(PROGRAM, { ...settings, ...trust });
      assert.deepEqual(ended, { out: 'unknown unknown\n', err: '', code: 0 });
    });
  }
}
