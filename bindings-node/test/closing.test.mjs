/** Closing a client: calls in flight have a grace period, and idle connections are closed at once. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { beforeEach, test } from 'node:test';
import { Client } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

test('close waits for the calls in flight, and new calls fail', async () => {
  const client = new Client(sandbox.settings);
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const call = client.leads.create({ lastName: 'Ryś' });
  await sandbox.journal('create', 1);
  const closed = client.close();
  await assert.rejects(client.leads.get(1), { name: 'ConfigError' });
  await sandbox.release('gate');
  await closed;
  assert.equal(typeof (await call), 'number');
});

test('calls that exceed closeTimeoutMs are cancelled', async () => {
  const client = new Client({ ...sandbox.settings, closeTimeoutMs: 50 });
  await sandbox.fault({ on: { action: 'create' }, hold: 'gate' });
  const call = client.leads.create({ lastName: 'Ryś' });
  await sandbox.journal('create', 1);
  await Promise.all([client.close(), assert.rejects(call, { outcome: 'unknown' })]);
});

test('an idle connection is closed at once', async () => {
  const token = { access_token: 't', token_type: 'bearer', expires_in: 3600 };
  const server = createServer((request, response) => {
    response.end(JSON.stringify(request.url?.startsWith('/oauth') ? token : { id: 1 }));
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  server.keepAliveTimeout = 60_000;
  const disconnected = new Promise((resolve) => {
    server.on('connection', (socket) => socket.on('close', resolve));
  });
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const client = new Client({ ...sandbox.settings, baseUrl: `http://127.0.0.1:${port}` });
  await client.accounts.get(1);
  const start = performance.now();
  await client.close();
  await disconnected;
  assert.ok(performance.now() - start < 3500);
  server.close();
});
