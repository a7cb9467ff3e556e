/** The exports of the package, and texts that must agree with each other. */

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import * as imported from 'egito';
import { Client } from 'egito';

const require = createRequire(import.meta.url);
/** @param {string} path */
const read = (path) => readFileSync(new URL(path, import.meta.url), 'utf8');

test('import and require export the same objects', () => {
  /** @type {Record<string, unknown>} */
  const required = require('egito');
  // Node.js adds these names to a CommonJS module.
  const { __esModule, 'module.exports': module, ...named } = /** @type {any} */ (imported);
  assert.deepEqual(Object.keys(named).sort(), Object.keys(required).sort());
  for (const [name, value] of Object.entries(named)) {
    assert.equal(value, required[name]);
  }
});

test('the version is that of the package', () => {
  assert.equal(imported.version, require('egito/package.json').version);
});

test('the lock file has no host names', () => {
  assert.doesNotMatch(read('../package-lock.json').replaceAll(/"url": "[^"]*"/g, ''), /https?:/);
});

test('the types have every documented setting, and no others', () => {
  const documented = [...read('../../docs/reference/settings.md').matchAll(/^\| `([a-z_]+)` \| ([^|]*) \|/gm)].map(
    ([, name = '', value = '']) => {
      const camel = name.replace(/_(.)/g, (_, letter) => letter.toUpperCase());
      return /^[\d.]+ s$/.test(value) ? `${camel}Ms` : camel;
    },
  );
  const typed = [...read('../lib/generated/settings.ts').matchAll(/readonly (\w+)\??:/g)].map(([, name]) => name);
  assert.deepEqual(typed.sort(), documented.sort());
});

test('fromEnv of a subclass creates an instance of it', () => {
  class Mine extends Client {
    /** @param {import('egito').ClientOptions} settings */
    constructor(settings) {
      super({ ...settings, maxRetries: 0 });
    }
  }
  const variables = { NAME: 'firma', API_ID: 'a', API_SECRET: 'b', USERNAME: 'c', PASSWORD: 'd' };
  const names = Object.entries(variables).map(([name, value]) => [`EGITO_${name}`, value]);
  Object.assign(process.env, Object.fromEntries(names));
  assert.ok(Mine.fromEnv() instanceof Mine);
  assert.ok(Client.fromEnv({ timeoutMs: 5 }) instanceof Client);
  assert.throws(() => Client.fromEnv(/** @type {any} */ (null)), { name: 'ConfigError', setting: 'settings' });
  for (const [name = ''] of names) {
    delete process.env[name];
  }
  assert.throws(() => Mine.fromEnv(), { name: 'ConfigError', setting: 'name' });
});
