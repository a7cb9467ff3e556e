/** `probe` and `fromFile`: their options and results. The core tests what a probe finds. */

import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, beforeEach, test } from 'node:test';
import { Client, ConfigError, ProbeReport } from 'egito';
import { startSandbox } from './sandbox.mjs';

const sandbox = await startSandbox();
const folder = await mkdtemp(join(tmpdir(), 'egito-'));
after(() => rm(folder, { recursive: true }));
const records = { Account: 5 };
beforeEach(() => sandbox.reset({ seed: 'empty', records }));

test('a probe finds the settings of the server', async () => {
  await sandbox.reset({ seed: 'empty', records, config: { limitParam: 'limit', pageCap: 2 } });
  const client = new Client(sandbox.settings);
  const report = await client.probe({
    entities: ['Account'],
    write: 'Account',
    record: { name: 'Test' },
    timeoutMs: 60_000,
  });
  assert.ok(report instanceof ProbeReport && report.isOk, report.toText());
  assert.deepEqual(report.settings, { limitParam: 'limit', pageSize: 2 });
  assert.equal(report.facts.page_cap, 2);
  assert.match(report.snippets.node ?? '', /^const client = Client\.fromEnv\(\{\n {2}limitParam: "limit",$/m);
  assert.equal(report.check('list_offset')?.status, 'ok');
  assert.equal(
    (await new Client({ ...sandbox.settings, ...report.settings }).accounts.list().toArray({ limit: 9 })).length,
    5,
  );

  const path = join(folder, 'egito.toml');
  await writeFile(path, report.toToml());
  assert.equal((await Client.fromFile(path, sandbox.settings).accounts.list().toArray({ limit: 9 })).length, 5);
});

test('a failed check is part of the report', async () => {
  const client = new Client({ ...sandbox.settings, password: 'wrong' });
  const report = await client.probe();
  assert.equal(report.isOk, false);
  assert.equal(report.check('login')?.status, 'problem');
});

test('invalid options, files and an aborted probe are errors', async () => {
  const client = new Client(sandbox.settings);
  await assert.rejects(client.probe({ entities: [] }), { name: 'ConfigError', setting: 'entities' });
  // @ts-expect-error - the option is misspelled
  await assert.rejects(client.probe({ writes: 'Lead' }), { name: 'ConfigError', setting: 'writes' });
  await assert.rejects(client.probe({ signal: AbortSignal.abort() }), { name: 'CancelledError' });
  const path = join(folder, 'wrong.toml');
  await writeFile(path, "# ours\nlimt_param = 'x'\n");
  assert.throws(
    () => Client.fromFile(path),
    (error) => error instanceof ConfigError && /wrong\.toml, line 2: unknown/.test(error.message),
  );
});
