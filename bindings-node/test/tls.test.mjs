/** Certificate authorities in the environment variables of Node.js and OpenSSL. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { test } from 'node:test';
import { makeAuthority, startRawServer } from './raw-server.mjs';
import { runProgram } from './run-program.mjs';

const PROGRAM = `
  import { Client } from 'egito';
  try {
    const client = new Client(JSON.parse(process.argv[1]));
    console.log((await client.accounts.get(1)).id);
  } catch (error) {
    console.log(error.code, error.message);
  }
`;

const authority = makeAuthority();
const server = await startRawServer({ authority });
const missing = join(authority.folder, 'nothing.pem');

/** @param {NodeJS.ProcessEnv} variables */
async function read(variables, settings = {}) {
  return (await runProgram(PROGRAM, { ...server, ...settings }, variables)).out.trim();
}

for (const variable of ['NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE']) {
  test(`${variable} is used`, async () => {
    assert.equal(await read({ [variable]: authority.file }), '1');
  });

  test(`a wrong path in ${variable} is an error that names it`, async () => {
    const output = await read({ [variable]: missing });
    assert.match(output, new RegExp(`^config .*${variable}.*nothing.pem`));
  });
}

test('without a variable, or with one of another language, the authority is unknown', async () => {
  assert.match(await read({}), /^tls /);
  assert.match(await read({ REQUESTS_CA_BUNDLE: authority.file }), /^tls /);
});

test('a setting takes precedence over the variable', async () => {
  assert.equal(await read({ NODE_EXTRA_CA_CERTS: missing }, { caFile: authority.file }), '1');
});
