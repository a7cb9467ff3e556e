/** Runs the examples of docs/node.md and of the README unchanged. */

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { after, beforeEach, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program, startSandbox } from './sandbox.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const sandbox = await startSandbox();
beforeEach(() => sandbox.reset());

/** A folder with the packages installed. */
const folder = mkdtempSync(join(tmpdir(), 'egito-docs-'));
after(() => rmSync(folder, { recursive: true }));
const modules = join(folder, 'node_modules');
const binary = join(
  modules,
  `egito-sandbox-${process.platform}-${process.arch}${process.platform === 'linux' ? '-gnu' : ''}`,
);
mkdirSync(binary, { recursive: true });
symlinkSync(program, join(binary, 'egito-sandbox'));
symlinkSync(here, join(modules, 'egito'));
for (const name of ['express', 'fastify', '@opentelemetry']) {
  symlinkSync(join(here, 'node_modules', name), join(modules, name));
}

/** @param {string} path */
function examples(path) {
  const text = readFileSync(join(here, path), 'utf8');
  return [...text.matchAll(/^```js\n(.*?)^```$/gms)].map(([, code = '']) => code);
}

const guide = examples('../docs/node.md');
const named = guide.filter((code) => /^\/\/ \w+\.mjs\n/.test(code));
for (const code of named) {
  writeFileSync(join(folder, /** @type {string} */ (code.match(/\w+\.mjs/)?.[0])), code);
}

/** @param {string[]} args */
function start(...args) {
  const { baseUrl, clientId, clientSecret, username, password } = sandbox.settings;
  const settings = {
    BASE_URL: baseUrl,
    API_ID: clientId,
    API_SECRET: clientSecret,
    USERNAME: username,
    PASSWORD: password,
  };
  const variables = Object.fromEntries(Object.entries(settings).map(([name, value]) => [`EGITO_${name}`, value]));
  const { NODE_TEST_CONTEXT: _, ...mine } = process.env;
  const env = { ...mine, ...variables, NODE_PATH: modules, PORT: '0' };
  return spawn(process.execPath, args, { cwd: folder, env, stdio: ['ignore', 'pipe', 'inherit'] });
}

/** @param {string} code */
async function run(code) {
  const child = start('--input-type=module', '-e', code);
  const [output, [status]] = await Promise.all([child.stdout.setEncoding('utf8').toArray(), once(child, 'exit')]);
  return { status, output: output.join('') };
}

/** The output of each example, in the order of the guide. */
const expected = [
  /Żubr sp\. z o\.o\. 20.*Z\n\d+ accounts in Kraków/,
  /^1 delivered, 1 refused, 0 waiting\nentry 2: .*name.*\n1 delivered\n$/s,
  /^account (\d+): created \naccount \1: unchanged \naccount \1: updated city\n$/,
  /^line 1: created \nline 2: created \nline 3: .*key.*\n$/,
  /^created undefined { nip: '7010001453', name: 'Bóbr' }\ncreated undefined {.*}\n2 of 2\n$/,
  /^$/,
  /line 1: lead \d+\nline 2: .*lastName/s,
  /^0 saved\n1 saved\n$/,
  /^line 1: lead \d+ true\nline 2: lead \d+ \n$/,
  /0 is lead \d+\nline 2 is invalid JSON/,
  /Żubr.* \d+\n20 0\n/s,
  /^0 more\n$/,
  /name: .*\nundefined/,
  /12345678901234567890\.10 true/,
  /^$/,
  /name: 'egito login'.*name: 'egito get'.*'http.response.status_code': 200/s,
  /^call 1 created \d+: status 200, 1 attempts null\n\d+ 200 application\/json;charset=UTF-8\n$/,
  /pass 1|ok 1/,
];

test('every example of the guide runs', async () => {
  const alone = guide.filter((code) => !named.includes(code));
  assert.equal(alone.length, expected.length);
  for (const [index, code] of alone.entries()) {
    const { status, output } = await run(code);
    assert.equal(status, 0, `${code}\n${output}`);
    assert.match(output, /** @type {RegExp} */ (expected[index]));
  }
  const [head, first] = readFileSync(join(folder, 'accounts.csv'), 'utf8').split('\n');
  assert.deepEqual([head, first], ['\ufeffid,name,city', '"1","Żubr Próbny sp. z o.o.","Kraków"']);
});

test('every example of the README runs', async () => {
  for (const code of examples('README.md')) {
    assert.equal((await run(code)).status, 0, code);
  }
});

for (const server of ['express.mjs', 'fastify.mjs']) {
  /** Starts the server. Returns a function that posts a form to it. @param {import('node:test').TestContext} t */
  async function contact(t) {
    const child = start(server);
    t.after(() => child.kill());
    const [port] = await once(createInterface({ input: child.stdout }), 'line');
    return (/** @type {Record<string, string>} */ form) =>
      fetch(`http://127.0.0.1:${port}/contact`, { method: 'POST', body: new URLSearchParams(form) });
  }

  test(`the form of ${server} is saved once despite duplicates and lost responses`, async (t) => {
    const post = await contact(t);
    await sandbox.fault({ on: { action: 'create' }, cut: 'after' }); // saved, but the response is lost
    const form = { formKey: 'a-key', lastName: 'Nowak', phone: '+48 12 446 66 66' };
    const twice = await Promise.all([post(form), post(form)]);
    const reloaded = await post(form);
    assert.deepEqual(
      [...twice, reloaded].map(({ status }) => status),
      [200, 200, 200],
    );
    assert.equal((await sandbox.journal('create')).length, 1);
    await post({ formKey: 'another-key', lastName: 'Nowak', phone: '' });
    assert.equal((await sandbox.journal('create')).length, 2);
  });

  test(`the form of ${server} requires its key, and ignores other fields`, async (t) => {
    const post = await contact(t);
    for (const keyless of [
      { lastName: 'Nowak' },
      { formKey: '', lastName: 'Nowak' },
      { formKey: '\u200b', lastName: 'Nowak' },
    ]) {
      assert.equal((await post(keyless)).status, 400);
    }
    assert.deepEqual(await sandbox.journal('create'), []);
    await post({ formKey: 'a-key', lastName: 'Nowak', owner: 'jan@firma', status: 'won' });
    const [{ json }] = /** @type {[any]} */ (await sandbox.journal('create'));
    assert.deepEqual(json, { lastName: 'Nowak', phone: '', formKey: 'a-key' });
  });

  test(`the form of ${server} shows validation errors to the visitor, but no other error of the CRM`, async (t) => {
    const post = await contact(t);
    const empty = await post({ formKey: 'a-key', lastName: '' });
    assert.equal(empty.status, 400);
    assert.match(await empty.text(), /lastName/);
    await sandbox.fault({
      on: { action: 'create' },
      response: { status: 403, json: { message: 'Brak prawa CREATE' } },
    });
    const refused = await post({ formKey: 'another-key', lastName: 'Nowak' });
    assert.equal(refused.status, 502);
    assert.doesNotMatch(await refused.text(), /CREATE/);
    await sandbox.fault({ on: { action: 'list' }, response: { status: 200, json: { records: [{ id: 1 }] } } });
    assert.equal((await post({ formKey: 'a-third', lastName: 'Nowak' })).status, 502, 'a server that ignores filters');
  });
}
