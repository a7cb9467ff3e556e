/** The packed tarballs, installed into an empty folder, as npm users get them. */

import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { program } from './sandbox.mjs';

const here = fileURLToPath(new URL('..', import.meta.url));
const pack = [join(here, 'scripts/pack.mjs'), '--sandbox', program];
const tarballs = execFileSync(process.execPath, pack, { encoding: 'utf8' }).trim().split('\n');
const folder = mkdtempSync(join(tmpdir(), 'egito-package-'));
after(() => rmSync(folder, { recursive: true }));
writeFileSync(join(folder, 'package.json'), '{}');
execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', ...tarballs], { cwd: folder, stdio: 'pipe' });

/** Runs a script in that folder. @param {string} script @param {string} [type] */
const run = (script, type = 'commonjs') =>
  spawnSync(process.execPath, [`--input-type=${type}`, '-e', script], { cwd: folder, encoding: 'utf8' });

test('only what is needed is installed', () => {
  const installed = readdirSync(join(folder, 'node_modules')).filter((name) => !name.startsWith('.'));
  const platform = installed.find((name) => /^egito-(?!sandbox)/.test(name))?.replace('egito-', '');
  assert.deepEqual(installed, ['egito', `egito-${platform}`, 'egito-sandbox', `egito-sandbox-${platform}`]);
});

test('the packed texts lead nowhere outside of the package', () => {
  for (const name of ['egito', 'egito-sandbox']) {
    assert.doesNotMatch(readFileSync(join(folder, 'node_modules', name, 'README.md'), 'utf8'), /\]\(\.\.\//);
  }
});

test('import and require work, with a sandbox from egito/testing, and the program ends by itself', () => {
  const work = `const sandbox = await startSandbox();
    const { accounts } = new Client(sandbox.settings);
    await accounts.get(await accounts.create({ name: 'Żubr' })).then(({ name }) => console.log(name));`;
  const imports = `import { Client } from 'egito'; import { startSandbox } from 'egito/testing'; ${work}`;
  const requires = `const { Client } = require('egito'); const { startSandbox } = require('egito/testing');
    (async () => { ${work} })();`;
  for (const { status, stdout, stderr } of [run(imports, 'module'), run(requires)]) {
    assert.deepEqual([status, stdout, stderr], [0, 'Żubr\n', '']);
  }
});

test('npx egito-sandbox runs the program', () => {
  const bin = join(folder, 'node_modules/.bin/egito-sandbox');
  const { status, stdout } = spawnSync(bin, ['--help'], { encoding: 'utf8' });
  assert.equal(status, 0);
  assert.match(stdout, /--records/);
});

test('a package without its binary says what to do', () => {
  const modules = join(folder, 'node_modules');
  const platform = readdirSync(modules).find((name) => /^egito-(?!sandbox)/.test(name)) ?? '';
  renameSync(join(modules, platform), join(modules, 'away'));
  const { stderr } = run(`require('egito')`);
  renameSync(join(modules, 'away'), join(modules, platform));
  assert.match(stderr, new RegExp(`Error: egito: the native module cannot be loaded .*${platform}.*--omit=optional`));
  assert.match(stderr, /cause.*AggregateError/s);

  renameSync(join(modules, 'egito-sandbox'), join(modules, 'away'));
  const testing = run(`require('egito/testing').startSandbox().catch(({ message }) => console.log(message))`);
  renameSync(join(modules, 'away'), join(modules, 'egito-sandbox'));
  assert.match(testing.stdout, /npm install --save-dev egito-sandbox/);

  const elsewhere = `Object.defineProperty(process, 'arch', { value: 'arm' });`;
  const unknown = run(`${elsewhere} require('egito')`);
  assert.match(unknown.stderr, /cannot be loaded on \w+-arm by .*; there is none for this system/);
  const sandbox = run(
    `${elsewhere} require('egito-sandbox').startSandbox().catch((error) => console.log(error.message))`,
  );
  assert.match(sandbox.stdout, /there is no package for this system/);
});
